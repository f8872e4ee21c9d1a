//! Where an act counts on a map of départements.

use std::collections::{BTreeSet, HashMap};

use guetteur_model::{Source, SourceKind};

use super::CountedAct;

/// Who publishes for which département.
#[derive(Debug, Clone, Default)]
pub struct Territories {
    by_source: HashMap<String, Territory>,
}

#[derive(Debug, Clone)]
struct Territory {
    departement: Option<String>,
    /// Whether its acts reach beyond: the Paris police prefecture has its powers over the three
    /// départements around, a prefecture of region or zone over several.
    reaches_beyond: bool,
}

impl Territories {
    /// Of the sources of the registry.
    #[must_use]
    pub fn of(registry: &[Source]) -> Self {
        let territory = |source: &Source| {
            let territory = Territory {
                departement: source.departement().map(str::to_owned),
                reaches_beyond: source.kind != SourceKind::Departement,
            };
            (source.code.clone(), territory)
        };
        Self { by_source: registry.iter().map(territory).collect() }
    }

    /// The départements where an act counts. A prefecture of département: its own, whatever communes
    /// the act names. The police prefecture and those of regions: those of the communes it names; if
    /// it names none, Paris for the police prefecture, and no département for a region.
    #[must_use]
    pub fn of_act<'a>(&'a self, act: &'a CountedAct) -> BTreeSet<&'a str> {
        let Some(territory) = self.by_source.get(&*act.source) else { return BTreeSet::new() };
        if territory.reaches_beyond && !act.departements.is_empty() {
            return act.departements.iter().map(|code| &**code).collect();
        }
        territory.departement.as_deref().into_iter().collect()
    }

    /// The département that a source publishes for.
    #[must_use]
    pub fn of_source(&self, code: &str) -> Option<&str> {
        self.by_source.get(code)?.departement.as_deref()
    }
}

#[cfg(test)]
mod tests {
    use chrono_tz::Europe::Paris;
    use guetteur_model::{ActId, Commune, Facts};

    use super::super::Footing;
    use super::*;

    #[test]
    fn who_reaches_beyond_its_departement_counts_where_its_communes_are() {
        let source = |code: &str, kind| Source {
            code: code.into(),
            name: String::new(),
            region: String::new(),
            kind,
            timezone: Paris,
            roots: Vec::new(),
            hint: None,
        };
        let territories = Territories::of(&[
            source("34", SourceKind::Departement),
            source("ppparis", SourceKind::Police),
            source("prefpaca", SourceKind::Region),
        ]);
        let cases: [(&str, &[&str], &[&str]); 8] = [
            ("34", &[], &["34"]),
            ("34", &["30189"], &["34"]),
            ("ppparis", &[], &["75"]),
            ("ppparis", &["93066", "93001", "75110"], &["75", "93"]),
            ("ppparis", &["93066"], &["93"]),
            ("prefpaca", &[], &[]),
            ("prefpaca", &["13055", "06088"], &["06", "13"]),
            ("unknown", &["13055"], &[]),
        ];
        for (code, communes, expected) in cases {
            let commune = |insee: &&str| Commune { insee: (*insee).into(), name: String::new() };
            let communes = communes.iter().map(commune).collect();
            let facts = Facts { communes, ..Facts::default() };
            let act =
                CountedAct::new(ActId(1), code.into(), None, &facts, Vec::new(), Footing::Read);
            let got: Vec<&str> = territories.of_act(&act).into_iter().collect();
            assert_eq!(got, expected, "{code}");
        }
        assert_eq!(territories.of_source("ppparis"), Some("75"));
    }
}
