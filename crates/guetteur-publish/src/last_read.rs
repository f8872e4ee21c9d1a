//! When the sources of a list were last read: that it tells nothing means something only then.

use chrono::{DateTime, Utc};
use guetteur_model::Source;
use guetteur_store::SourceState;

use crate::address::Filters;
use crate::catalogue::Catalogue;
use crate::cover::Cover;
use crate::french;
use crate::health::Health;

/// Sources that are told one by one; of more it is told how many were read.
const NAMED: usize = 3;

/// How exactly the time is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exactness {
    /// The day alone: for what is written once and read for hours.
    Day,
    /// The minute.
    Minute,
}

impl Catalogue {
    /// Whether acts of any source may belong to a list, as far as its places decide.
    #[must_use]
    pub fn is_covered(&self, filters: &Filters) -> bool {
        let cover = Cover::of(filters, &self.registry);
        self.registry.iter().any(|source| cover.holds(source))
    }

    /// When the sources to which the acts of a list belong were last read, in a sentence or two;
    /// `states` is what is known of all sources. Hours are those of each source.
    #[must_use]
    pub fn last_read(
        &self,
        filters: &Filters,
        states: &[SourceState],
        exactness: Exactness,
    ) -> String {
        let cover = Cover::of(filters, &self.registry);
        let sources = self.registry.iter().filter(|source| cover.holds(source));
        let read: Vec<(&Source, Option<&SourceState>)> = sources
            .map(|source| (source, states.iter().find(|state| state.code == source.code)))
            .collect();
        match read.len() {
            0 => "Aucune source suivie ne publie de tels actes.".to_owned(),
            1..=NAMED => {
                let told = read.iter().map(|(source, state)| one(source, *state, exactness));
                told.collect::<Vec<_>>().join(" ")
            }
            _ => many(&read, self.now()),
        }
    }
}

fn one(source: &Source, state: Option<&SourceState>, exactness: Exactness) -> String {
    let name = &source.name;
    let Some(at) = state.and_then(|state| state.last_ok_at) else {
        return format!("{name} : pas encore lue.");
    };
    let at = match exactness {
        Exactness::Day => french::day(at.with_timezone(&source.timezone).date_naive()),
        Exactness::Minute => french::instant_in(at, source.timezone),
    };
    format!("{name} : lue pour la dernière fois le {at}.")
}

fn many(read: &[(&Source, Option<&SourceState>)], now: DateTime<Utc>) -> String {
    let fresh = read.iter().filter(|(_, state)| Health::of(*state, now).is_fresh()).count();
    let all = french::count(read.len() as u64, "source suivie", "sources suivies");
    if fresh == read.len() {
        return format!("{all}, toutes lues depuis moins de trois jours.");
    }
    let fresh = french::count(fresh as u64, "lue", "lues");
    format!(
        "{all}, dont {fresh} depuis moins de trois jours : l’absence d’acte des autres ne prouve rien."
    )
}

#[cfg(test)]
mod tests {
    use guetteur_model::{Failure, SourceKind};
    use guetteur_store::SourceFailure;

    use super::*;

    fn reunion() -> Source {
        Source {
            code: "974".to_owned(),
            name: "Préfecture de La Réunion".to_owned(),
            region: "La Réunion".to_owned(),
            kind: SourceKind::Departement,
            timezone: chrono_tz::Indian::Reunion,
            roots: Vec::new(),
            hint: None,
        }
    }

    fn at(time: &str) -> DateTime<Utc> {
        time.parse().expect("time")
    }

    fn state(code: &str, read: Option<&str>) -> SourceState {
        SourceState {
            code: code.to_owned(),
            last_ok_at: read.map(at),
            bulletins: 1,
            ..SourceState::default()
        }
    }

    #[test]
    fn of_one_source_the_time_is_told_on_its_own_clocks() {
        let source = reunion();
        let read = state("974", Some("2026-08-14T21:30:00Z"));
        let told = |state, exactness| one(&source, state, exactness).replace('\u{202f}', " ");
        assert_eq!(
            told(Some(&read), Exactness::Day),
            "Préfecture de La Réunion : lue pour la dernière fois le 15 août 2026."
        );
        assert!(told(Some(&read), Exactness::Minute).ends_with("15 août 2026 à 1 h 30."));
        let never = "Préfecture de La Réunion : pas encore lue.";
        assert_eq!(told(None, Exactness::Day), never);
        assert_eq!(told(Some(&state("974", None)), Exactness::Day), never);
    }

    #[test]
    fn of_many_how_many_is_told() {
        let source = reunion();
        let now = at("2026-08-14T10:00:00Z");
        let fresh = state("x", Some("2026-08-14T03:00:00Z"));
        let failure = SourceFailure::from(Failure::of_status(500));
        let failed = SourceState {
            last_error_at: Some(now),
            failed_since: Some(now),
            last_failure: Some(failure),
            ..fresh.clone()
        };
        let all = |states: [Option<&SourceState>; 5]| {
            let sources = states.map(|state| (&source, state));
            many(&sources, now).replace('\u{a0}', " ")
        };
        let read = Some(&fresh);
        assert_eq!(all([read; 5]), "5 sources suivies, toutes lues depuis moins de trois jours.");
        assert_eq!(
            all([read, read, read, Some(&failed), None]),
            "5 sources suivies, dont 3 lues depuis moins de trois jours : l’absence d’acte des \
             autres ne prouve rien."
        );
    }
}
