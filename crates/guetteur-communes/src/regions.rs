//! The régions, and the overseas collectivities that stand in their place.

use crate::name_key;

static REGIONS: &str = include_str!("../data/regions.csv");

/// A région.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Region {
    /// INSEE code: `53`.
    pub code: &'static str,
    /// Official name: `Bretagne`.
    pub name: &'static str,
}

impl Region {
    /// Its name as addresses write it: `bretagne`, `ile-de-france`.
    #[must_use]
    pub fn slug(&self) -> String {
        region_slug(self.name)
    }
}

/// The name of a région, however written, as addresses write it.
#[must_use]
pub fn region_slug(name: &str) -> String {
    name_key(name).replace(' ', "-")
}

/// All régions.
pub fn regions() -> impl Iterator<Item = Region> {
    let cells = REGIONS.lines().filter_map(|line| line.split_once(','));
    cells.map(|(code, name)| Region { code, name })
}

/// The région that was typed: its INSEE code, or its name, however written.
#[must_use]
pub fn region(typed: &str) -> Option<Region> {
    let typed = typed.trim();
    let key = name_key(typed);
    let bare = |name: &str| {
        let key = name_key(name);
        key.strip_prefix("la ").map_or(key.clone(), str::to_owned)
    };
    regions().find(|region| {
        region.code == typed
            || name_key(region.name) == key
            || (!key.is_empty() && bare(region.name) == key)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_is_known_by_code_and_by_name() {
        let cases = [
            ("53", Some("bretagne")),
            ("bretagne", Some("bretagne")),
            (" BRETAGNE ", Some("bretagne")),
            ("ile-de-france", Some("ile-de-france")),
            ("Île de France", Some("ile-de-france")),
            ("Provence-Alpes-Côte d’Azur", Some("provence-alpes-cote-d-azur")),
            ("Réunion", Some("la-reunion")),
            ("35", None),
            ("Bretagn", None),
            ("", None),
        ];
        for (typed, expected) in cases {
            assert_eq!(region(typed).map(|region| region.slug()).as_deref(), expected, "{typed}");
        }
    }
}
