//! The communes of France by INSEE code and by name.
//!
//! The data file and its licence are described in `data/README.md`.

use std::collections::HashMap;
use std::sync::LazyLock;

use guetteur_model::Commune;
use guetteur_model::fold::fold;

static DATA: &str = include_str!("../data/communes.csv");

static INDEX: LazyLock<CommuneIndex> = LazyLock::new(|| CommuneIndex::read(DATA));

/// All communes, municipal arrondissements and names of former communes.
#[must_use]
pub fn communes() -> &'static CommuneIndex {
    &INDEX
}

/// Lookup of communes.
#[derive(Debug)]
pub struct CommuneIndex {
    by_insee: HashMap<&'static str, &'static str>,
    by_key: HashMap<String, Vec<&'static str>>,
    longest_name: usize,
}

/// Département of an INSEE code: `26`, `2A`, `974`.
#[must_use]
pub fn departement_of(insee: &str) -> &str {
    let len = if insee.starts_with("97") || insee.starts_with("98") { 3 } else { 2 };
    insee.get(..len).unwrap_or(insee)
}

impl CommuneIndex {
    fn read(data: &'static str) -> Self {
        let mut index = Self { by_insee: HashMap::new(), by_key: HashMap::new(), longest_name: 0 };
        for line in data.lines() {
            let mut cells = line.split(',');
            let (Some(insee), Some(name)) = (cells.next(), cells.next()) else { continue };
            if cells.next().is_none() {
                index.by_insee.insert(insee, name);
            }
            let key = name_key(name);
            index.longest_name = index.longest_name.max(key.split(' ').count());
            let codes = index.by_key.entry(key).or_default();
            if !codes.contains(&insee) {
                codes.push(insee);
            }
        }
        index
    }

    /// The commune of this INSEE code, with its official name.
    #[must_use]
    pub fn by_insee(&self, insee: &str) -> Option<Commune> {
        let (insee, name) = self.by_insee.get_key_value(insee)?;
        Some(Commune { insee: (*insee).to_owned(), name: (*name).to_owned() })
    }

    /// Communes that bear this name, whatever its accents, hyphens and « St » for « Saint ».
    /// With a département (`26`, `2A`, `974`), only those that lie in it. Former names give the
    /// commune of today.
    #[must_use]
    pub fn named(&self, name: &str, departement: Option<&str>) -> Vec<Commune> {
        self.codes(&name_key(name), departement).filter_map(|code| self.by_insee(code)).collect()
    }

    /// Every commune, in no special order.
    pub fn iter(&self) -> impl Iterator<Item = Commune> {
        self.by_insee
            .iter()
            .map(|(insee, name)| Commune { insee: (*insee).to_owned(), name: (*name).to_owned() })
    }

    /// INSEE codes behind a key of [`name_key`].
    pub(crate) fn codes<'a>(
        &'a self,
        key: &str,
        departement: Option<&'a str>,
    ) -> impl Iterator<Item = &'static str> + 'a {
        self.by_key
            .get(key)
            .into_iter()
            .flatten()
            .copied()
            .filter(move |insee| departement.is_none_or(|d| departement_of(insee) == d))
    }

    /// Words of the longest name.
    pub(crate) fn longest_name(&self) -> usize {
        self.longest_name
    }
}

/// The form in which names are compared: folded words, `st`/`ste` for saint and sainte.
pub(crate) fn name_key(name: &str) -> String {
    let folded = fold(name);
    let words = folded.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty());
    words.map(key_word).collect::<Vec<_>>().join(" ")
}

/// One word of a key, from a folded word.
pub(crate) fn key_word(word: &str) -> &str {
    match word {
        "saint" => "st",
        "sainte" => "ste",
        "saints" => "sts",
        "saintes" => "stes",
        _ => word,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_by_name_and_departement() {
        let cases: [(&str, Option<&str>, &[&str]); 8] = [
            ("Valence", Some("26"), &["26362"]),
            ("VALENCE", Some("82"), &["82186"]),
            ("St Etienne", Some("42"), &["42218"]),
            ("Saint-Étienne", Some("26"), &[]),
            ("L□Haÿ-les-Roses", None, &["94038"]),
            ("Marseille 1er Arrondissement", None, &["13201"]),
            ("Bellegarde-sur-Valserine", Some("01"), &["01033"]),
            ("Saint-Martin", Some("978"), &["97801"]),
        ];
        for (name, departement, expected) in cases {
            let found = communes().named(name, departement);
            let codes: Vec<_> = found.iter().map(|c| c.insee.as_str()).collect();
            assert_eq!(codes, expected, "{name}");
        }
        assert!(communes().named("Saint-Denis", None).len() > 3);
    }

    #[test]
    fn finds_by_code() {
        let name = |code| communes().by_insee(code).map(|c| c.name);
        assert_eq!(name("75056").as_deref(), Some("Paris"));
        assert_eq!(name("01033").as_deref(), Some("Valserhône"));
        assert_eq!(name("99999"), None);
        assert!(communes().iter().count() > 34_000);
        assert_eq!(departement_of("97411"), "974");
        assert_eq!(departement_of("2A004"), "2A");
    }
}
