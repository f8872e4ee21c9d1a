//! How well a source is looked at: « rien trouvé » and « pas regardé » are not the same.

use chrono::{DateTime, Duration, Utc};
use guetteur_store::SourceState;
use serde::Serialize;

use crate::french;

/// State of a source, worst last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Health {
    /// Read lately, with bulletins.
    Fresh,
    /// Read lately, and nothing was there.
    Empty,
    /// Not read for days.
    Stale,
    /// The last pass failed.
    Failing,
    /// Never looked at.
    Never,
}

/// A source not read for so long is no longer up to date.
const STALE_AFTER: Duration = Duration::hours(72);

impl Health {
    /// All, best first.
    pub(crate) const ALL: [Self; 5] =
        [Self::Fresh, Self::Empty, Self::Stale, Self::Failing, Self::Never];

    /// From what the store knows; `None` is a source without a row.
    #[must_use]
    pub(crate) fn of(state: Option<&SourceState>, now: DateTime<Utc>) -> Self {
        let Some(state) = state else { return Self::Never };
        match (state.last_ok_at, state.last_error_at) {
            (None, None) => Self::Never,
            (None, Some(_)) => Self::Failing,
            (Some(ok), Some(error)) if error > ok => Self::Failing,
            (Some(ok), _) if now - ok > STALE_AFTER => Self::Stale,
            _ if state.bulletins == 0 => Self::Empty,
            _ => Self::Fresh,
        }
    }

    /// Id in style sheet and JSON.
    #[must_use]
    pub(crate) fn id(self) -> &'static str {
        match self {
            Self::Fresh => "fresh",
            Self::Empty => "empty",
            Self::Stale => "stale",
            Self::Failing => "failing",
            Self::Never => "never",
        }
    }

    /// The words shown.
    #[must_use]
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Fresh => "à jour",
            Self::Empty => "rien trouvé",
            Self::Stale => "pas relue récemment",
            Self::Failing => "en échec",
            Self::Never => "pas regardée",
        }
    }

    /// What the words mean.
    #[must_use]
    pub(crate) fn about(self) -> &'static str {
        match self {
            Self::Fresh => "site lu depuis moins de trois jours",
            Self::Empty => "site lu, aucun recueil dessus",
            Self::Stale => "dernier passage réussi il y a plus de trois jours",
            Self::Failing => "le dernier passage a échoué",
            Self::Never => "aucun passage réussi : on ne sait rien",
        }
    }
}

/// One sentence on when the source was read.
#[must_use]
pub(crate) fn sentence(state: Option<&SourceState>, now: DateTime<Utc>) -> String {
    let last_ok = state.and_then(|state| state.last_ok_at);
    match (Health::of(state, now), last_ok) {
        (Health::Never, _) => {
            "Cette source n’a pas encore été lue : l’absence d’actes ici ne dit rien.".to_owned()
        }
        (Health::Failing, None) => "Aucun passage n’a encore réussi.".to_owned(),
        (Health::Failing, Some(at)) => {
            format!("Dernier passage réussi {}, échec depuis.", french::ago(now, at))
        }
        (_, Some(at)) => format!("Lue {}.", french::ago(now, at)),
        (_, None) => String::new(),
    }
}

/// The reason of a failed pass in plain French, with the program's own words after it.
#[must_use]
pub(crate) fn plain_reason(error: &str) -> String {
    const SAID: [(&[&str], &str); 9] = [
        (&["timed out", "timeout", "délai"], "le site n’a pas répondu à temps"),
        (&["robots"], "le site interdit la lecture aux robots"),
        (&["404", "410"], "la page des recueils n’est plus à son adresse"),
        (&["403", "401", "challenge", "captcha"], "le site a refusé la lecture"),
        (&["429", "503"], "le site demande d’attendre"),
        (&["500", "502", "504"], "le site est en panne"),
        (&["interrupt"], "le passage a été interrompu"),
        (&["dns", "resolve", "connect", "tls", "certificate"], "le site n’a pas pu être joint"),
        (&["redirect"], "le site renvoie sans fin d’une adresse à l’autre"),
    ];
    let lower = error.to_lowercase();
    let short: String = error.chars().take(200).collect();
    match SAID.iter().find(|(words, _)| words.iter().any(|word| lower.contains(word))) {
        Some((_, french)) => format!("{} ({short})", french::capitalised(french)),
        None => short,
    }
}

/// How many sources are in each state.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Tally {
    id: &'static str,
    label: &'static str,
    about: &'static str,
    count: u64,
}

impl Tally {
    /// Counts, without the states that no source is in.
    #[must_use]
    pub(crate) fn of(all: &[Health]) -> Vec<Self> {
        let tally = |health: Health| Self {
            id: health.id(),
            label: health.label(),
            about: health.about(),
            count: all.iter().filter(|other| **other == health).count() as u64,
        };
        Health::ALL.into_iter().map(tally).filter(|tally| tally.count > 0).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_found_is_not_not_looked() {
        let now: DateTime<Utc> = "2026-08-14T10:00:00Z".parse().expect("instant");
        let at = |hours| Some(now - Duration::hours(hours));
        let state = |ok, error, bulletins| SourceState {
            last_ok_at: ok,
            last_error_at: error,
            bulletins,
            ..SourceState::default()
        };
        let cases = [
            (None, Health::Never),
            (Some(state(None, None, 4)), Health::Never),
            (Some(state(at(1), None, 0)), Health::Empty),
            (Some(state(at(1), at(2), 9)), Health::Fresh),
            (Some(state(at(2), at(1), 9)), Health::Failing),
            (Some(state(None, at(1), 0)), Health::Failing),
            (Some(state(at(100), None, 9)), Health::Stale),
        ];
        for (state, expected) in cases {
            assert_eq!(Health::of(state.as_ref(), now), expected, "{state:?}");
        }
    }

    #[test]
    fn reasons_are_told_in_french() {
        assert!(plain_reason("operation timed out").starts_with("Le site n’a pas répondu à temps"));
        assert_eq!(plain_reason("page sans liens"), "page sans liens");
    }
}
