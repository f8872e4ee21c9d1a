//! The administrative courts and the départements of each: code de justice administrative,
//! art. R. 221-3.

use std::sync::LazyLock;

use guetteur_model::Source;
use serde::Deserialize;

/// An administrative court.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Court {
    /// Where it sits: `Cergy-Pontoise`.
    pub seat: String,
    /// How it is named, where not by its seat: `de la Guadeloupe`.
    #[serde(default)]
    named: Option<String>,
    /// Regions whose prefect sits in its reach: `Bretagne`.
    #[serde(default)]
    pub regions: Vec<String>,
    /// Codes of the départements and collectivities in its reach: `2A`, `974`.
    pub departements: Vec<String>,
}

impl Court {
    /// `Tribunal administratif de Nîmes`, `Tribunal administratif d’Amiens`.
    #[must_use]
    pub fn name(&self) -> String {
        let vowel = self.seat.starts_with(['A', 'O']);
        let by_seat =
            || if vowel { format!("d’{}", self.seat) } else { format!("de {}", self.seat) };
        format!("Tribunal administratif {}", self.named.clone().unwrap_or_else(by_seat))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CourtFile {
    court: Vec<Court>,
}

static COURTS: LazyLock<Vec<Court>> = LazyLock::new(|| {
    let file: CourtFile =
        toml::from_str(include_str!("../courts.toml")).expect("the list of courts is tested");
    file.court
});

/// All of them.
#[must_use]
pub fn courts() -> &'static [Court] {
    &COURTS
}

/// The court in whose reach a département lies, by its code (`34`, `2A`, `974`). Competence goes by
/// the seat of the authority that took the act (CJA, art. R. 312-1): give the département in which
/// the prefecture sits.
#[must_use]
pub fn court_of(departement: &str) -> Option<&'static Court> {
    courts().iter().find(|court| court.departements.iter().any(|code| code == departement))
}

/// The court before which the acts of a source are contested: that of the seat of its authority.
#[must_use]
pub fn court_of_source(source: &Source) -> Option<&'static Court> {
    match source.departement() {
        Some(departement) => court_of(departement),
        None => courts().iter().find(|court| court.regions.contains(&source.region)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_departement_has_one_court() {
        let metropole = (1..=95).filter(|n| *n != 20).map(|n| format!("{n:02}"));
        let islands = ["2A", "2B", "971", "972", "973", "974", "975", "976", "977", "978"];
        let far = ["986", "987", "988"];
        for code in metropole.chain(islands.iter().chain(&far).map(|c| (*c).to_owned())) {
            let having = courts().iter().filter(|c| c.departements.contains(&code)).count();
            assert_eq!(having, 1, "{code}");
        }
        assert_eq!(court_of("93").map(|c| c.seat.as_str()), Some("Montreuil"));
        assert_eq!(court_of("84").map(|c| c.seat.as_str()), Some("Nîmes"));
        assert_eq!(court_of("83").map(|c| c.seat.as_str()), Some("Toulon"));
        assert_eq!(court_of("36").map(|c| c.seat.as_str()), Some("Limoges"));
        assert_eq!(court_of("2A").map(|c| c.seat.as_str()), Some("Bastia"));
        assert_eq!(court_of("20"), None);
        let name = |code| court_of(code).map(Court::name).unwrap_or_default();
        assert_eq!(name("80"), "Tribunal administratif d’Amiens");
        assert_eq!(name("63"), "Tribunal administratif de Clermont-Ferrand");
        assert_eq!(name("971"), "Tribunal administratif de la Guadeloupe");
        assert_eq!(name("974"), "Tribunal administratif de La Réunion");
    }

    #[test]
    fn a_prefect_of_region_is_judged_where_he_sits() {
        use guetteur_model::SourceKind;
        let source = |kind, code: &str, region: &str| Source {
            code: code.into(),
            name: String::new(),
            region: region.into(),
            kind,
            timezone: chrono_tz::Europe::Paris,
            roots: Vec::new(),
            hint: None,
        };
        let cases = [
            (SourceKind::Region, "prefidf", "Île-de-France", "Paris"),
            (SourceKind::Region, "prefpaca", "Provence-Alpes-Côte d'Azur", "Marseille"),
            (SourceKind::Region, "prefbretagne", "Bretagne", "Rennes"),
            (SourceKind::Region, "prefcorse", "Corse", "Bastia"),
            (SourceKind::Police, "ppparis", "Île-de-France", "Paris"),
            (SourceKind::Departement, "84", "Provence-Alpes-Côte d'Azur", "Nîmes"),
        ];
        for (kind, code, region, seat) in cases {
            let court = court_of_source(&source(kind, code, region));
            assert_eq!(court.map(|court| &*court.seat), Some(seat), "{code}");
        }
        assert_eq!(court_of_source(&source(SourceKind::Region, "x", "Bohême")), None);
        let all: Vec<&String> = courts().iter().flat_map(|court| &court.regions).collect();
        assert_eq!(all.len(), 18, "thirteen of the mainland, five beyond the sea");
    }
}
