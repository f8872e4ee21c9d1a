//! The administrative courts and the départements of each: code de justice administrative,
//! art. R. 221-3.

use std::sync::LazyLock;

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
}
