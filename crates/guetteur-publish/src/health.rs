//! How well a source is looked at: « rien trouvé » and « pas regardé » are not the same.

use chrono::{DateTime, Utc};
use guetteur_store::{SourceState, SourceStatus};
use serde::Serialize;

use crate::french;

/// State of a source as shown, best first: the store's, and « rien trouvé » told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Health {
    /// As the store judges it.
    Is(SourceStatus),
    /// Read lately, and no bulletin was ever there.
    Empty,
}

impl Health {
    /// From what the store knows; `None` is a source without a row.
    #[must_use]
    pub fn of(state: Option<&SourceState>, now: DateTime<Utc>) -> Self {
        match SourceStatus::of(state, now) {
            SourceStatus::Ok if state.is_some_and(|state| state.bulletins == 0) => Self::Empty,
            status => Self::Is(status),
        }
    }

    /// All, best first.
    fn all() -> impl Iterator<Item = Self> {
        let (best, rest) = SourceStatus::ALL.split_at(1);
        let is = |status: &SourceStatus| Self::Is(*status);
        best.iter().map(is).chain([Self::Empty]).chain(rest.iter().map(is))
    }

    /// Whether what it published lately has been read.
    #[must_use]
    pub fn is_fresh(self) -> bool {
        use SourceStatus as S;
        matches!(self, Self::Is(S::Ok | S::Silent) | Self::Empty)
    }

    /// Whether its last pass failed.
    #[must_use]
    pub fn is_failing(self) -> bool {
        matches!(self, Self::Is(SourceStatus::Blocked | SourceStatus::Broken))
    }

    /// Id in style sheet and JSON.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Is(status) => status.as_str(),
            Self::Empty => "empty",
        }
    }

    /// The words shown.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Is(SourceStatus::Ok) => "à jour",
            Self::Empty => "rien trouvé",
            Self::Is(SourceStatus::Late) => "pas relue récemment",
            Self::Is(SourceStatus::Silent) => "silencieuse",
            Self::Is(SourceStatus::Blocked) => "lecture refusée",
            Self::Is(SourceStatus::Broken) => "en échec",
            Self::Is(SourceStatus::Never) => "pas regardée",
        }
    }

    /// What the words mean.
    #[must_use]
    pub fn about(self) -> &'static str {
        match self {
            Self::Is(SourceStatus::Ok) => "lue depuis moins de trois jours",
            Self::Empty => "lue, aucun recueil dessus",
            Self::Is(SourceStatus::Late) => "dernière lecture réussie il y a plus de trois jours",
            Self::Is(SourceStatus::Silent) => {
                "lue, mais rien de publié depuis bien plus longtemps que d’ordinaire"
            }
            Self::Is(SourceStatus::Blocked) => "le site nous refuse",
            Self::Is(SourceStatus::Broken) => "le dernier passage a échoué",
            Self::Is(SourceStatus::Never) => "jamais lue : on ne sait rien",
        }
    }
}

/// The state of a source as pages show it.
#[derive(Debug, Serialize)]
pub struct HealthView {
    id: &'static str,
    label: &'static str,
    sentence: String,
}

impl HealthView {
    /// From what the store knows.
    pub fn of(row: Option<&SourceState>, now: DateTime<Utc>) -> Self {
        let health = Health::of(row, now);
        Self { id: health.id(), label: health.label(), sentence: sentence(row, now) }
    }
}

/// One sentence on when the source was read.
#[must_use]
pub fn sentence(state: Option<&SourceState>, now: DateTime<Utc>) -> String {
    let last_ok = state.and_then(|state| state.last_ok_at);
    let failing = Health::of(state, now).is_failing();
    match (failing, last_ok) {
        (true, None) => "Aucun passage n’a encore réussi.".to_owned(),
        (true, Some(at)) => {
            format!("Dernier passage réussi {}, échec depuis.", french::ago(now, at))
        }
        (false, Some(at)) => format!("Lue {}.", french::ago(now, at)),
        (false, None) => {
            "Cette source n’a pas encore été lue : l’absence d’actes ici ne dit rien.".to_owned()
        }
    }
}

/// How many sources are in each state.
#[derive(Debug, Clone, Serialize)]
pub struct Tally {
    id: &'static str,
    label: &'static str,
    about: &'static str,
    count: u64,
}

impl Tally {
    /// Counts, without the states that no source is in.
    #[must_use]
    pub fn of(all: &[Health]) -> Vec<Self> {
        let tally = |health: Health| Self {
            id: health.id(),
            label: health.label(),
            about: health.about(),
            count: all.iter().filter(|other| **other == health).count() as u64,
        };
        Health::all().map(tally).filter(|tally| tally.count > 0).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_read_without_bulletins_is_told_apart() {
        let now: DateTime<Utc> = "2026-08-14T10:00:00Z".parse().expect("instant");
        let read =
            |bulletins| SourceState { last_ok_at: Some(now), bulletins, ..SourceState::default() };
        assert_eq!(Health::of(Some(&read(0)), now), Health::Empty);
        assert_eq!(Health::of(Some(&read(1)), now), Health::Is(SourceStatus::Ok));
        assert_eq!(Health::of(None, now), Health::Is(SourceStatus::Never));
        let ids: std::collections::HashSet<&str> = Health::all().map(Health::id).collect();
        assert_eq!(ids.len(), SourceStatus::ALL.len() + 1, "one colour each");
    }
}
