//! Lookup by code, name and postcode.

use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

use guetteur_model::Commune;
use guetteur_model::fold::fold;

use crate::CommuneRecord;
use crate::epci::with_parts;

static COMMUNES: &str = include_str!("../data/communes.csv");
static DEPARTEMENTS: &str = include_str!("../data/departements.csv");

static INDEX: LazyLock<CommuneIndex> = LazyLock::new(|| CommuneIndex::read(COMMUNES));

/// All communes, municipal arrondissements and names of former communes.
#[must_use]
pub fn communes() -> &'static CommuneIndex {
    &INDEX
}

/// Lookup of communes.
#[derive(Debug)]
pub struct CommuneIndex {
    pub(crate) records: HashMap<&'static str, CommuneRecord>,
    /// Every name, former ones too, as [`name_key`] with the INSEE codes of today.
    pub(crate) by_key: HashMap<String, Vec<&'static str>>,
    pub(crate) by_postcode: HashMap<&'static str, Vec<&'static str>>,
    /// From the code of a former commune to that of today.
    former: HashMap<&'static str, &'static str>,
    longest_name: usize,
}

/// Département of an INSEE code: `26`, `2A`, `974`.
#[must_use]
pub fn departement_of(insee: &str) -> &str {
    let len = if insee.starts_with("97") || insee.starts_with("98") { 3 } else { 2 };
    insee.get(..len).unwrap_or(insee)
}

/// Name of a département or overseas collectivity: `Drôme` for `26`.
#[must_use]
pub fn departement_name(code: &str) -> Option<&'static str> {
    departements().find(|(known, _)| *known == code).map(|(_, name)| name)
}

static DEPARTEMENT_CODES: LazyLock<HashMap<String, &'static str>> =
    LazyLock::new(|| departements().map(|(code, name)| (name_key(name), code)).collect());

/// Code of the département of this name, however written, without an article: `26` for `DRÔME`,
/// `974` for `Réunion`.
#[must_use]
pub fn departement_code(name: &str) -> Option<&'static str> {
    let key = name_key(name);
    let found = DEPARTEMENT_CODES.get(&key).or_else(|| DEPARTEMENT_CODES.get(&format!("la {key}")));
    found.copied()
}

/// Code and name of every département.
pub(crate) fn departements() -> impl Iterator<Item = (&'static str, &'static str)> {
    DEPARTEMENTS.lines().filter_map(|line| line.split_once(','))
}

impl CommuneIndex {
    fn read(data: &'static str) -> Self {
        let mut index = Self {
            records: HashMap::new(),
            by_key: HashMap::new(),
            by_postcode: HashMap::new(),
            former: HashMap::new(),
            longest_name: 0,
        };
        data.lines().for_each(|line| index.add(line));
        index
    }

    fn add(&mut self, line: &'static str) {
        let mut cells = line.split(',');
        let (Some(insee), Some(name)) = (cells.next(), cells.next()) else { return };
        if cells.next() == Some("former") {
            self.former.extend(cells.next().map(|old| (old, insee)));
        } else if let Some(record) = CommuneRecord::read(line) {
            self.records.insert(insee, record);
            for postcode in record.postcodes() {
                self.by_postcode.entry(postcode).or_default().push(insee);
            }
        }
        let key = name_key(name);
        self.longest_name = self.longest_name.max(key.split(' ').count());
        self.bear(without_articles(&key), insee);
        self.bear(Some(key), insee);
    }

    fn bear(&mut self, key: Option<String>, insee: &'static str) {
        let Some(key) = key else { return };
        let codes = self.by_key.entry(key).or_default();
        if !codes.contains(&insee) {
            codes.push(insee);
        }
    }

    /// The commune of this INSEE code, with its official name.
    #[must_use]
    pub fn by_insee(&self, insee: &str) -> Option<Commune> {
        let record = self.records.get(insee)?;
        Some(Commune { insee: record.insee.to_owned(), name: record.name.to_owned() })
    }

    /// All that is known of the commune of this INSEE code.
    #[must_use]
    pub fn record(&self, insee: &str) -> Option<CommuneRecord> {
        self.records.get(insee).copied()
    }

    /// The commune of today that a former commune belongs to, by the code it had.
    #[must_use]
    pub fn today(&self, former: &str) -> Option<CommuneRecord> {
        self.record(self.former.get(former)?)
    }

    /// The arrondissements of a city, in their order; of other communes none.
    #[must_use]
    pub fn parts(&self, insee: &str) -> Vec<CommuneRecord> {
        let all = self.records.values();
        let mut parts: Vec<_> = all.filter(|c| c.part_of == Some(insee)).copied().collect();
        parts.sort_unstable_by_key(|part| part.insee);
        parts
    }

    /// The codes that acts may bear for what has this code, in small letters or capitals: of a former commune
    /// that of today, of Paris, Lyon and Marseille those of the arrondissements too. Of no commune, none.
    #[must_use]
    pub fn meant_by(&self, code: &str) -> Vec<&'static str> {
        let code = code.to_ascii_uppercase();
        let commune = self.record(&code).or_else(|| self.today(&code));
        commune.map_or_else(Vec::new, |commune| with_parts(commune.insee).collect())
    }

    /// Communes that bear this name, whatever its accents, hyphens and « St » for « Saint ».
    /// With a département (`26`, `2A`, `974`), only those that lie in it. Former names give the
    /// commune of today.
    #[must_use]
    pub fn named(&self, name: &str, departement: Option<&str>) -> Vec<Commune> {
        self.codes(&name_key(name), departement).filter_map(|code| self.by_insee(code)).collect()
    }

    /// Départements of the communes whose name, today's or a former one, holds these words in a row.
    #[must_use]
    pub fn departements_named(&self, words: &str) -> BTreeSet<&'static str> {
        let wanted = format!(" {} ", name_key(words));
        let holds = |key: &str| wanted.len() > 2 && format!(" {key} ").contains(&wanted);
        let named = self.by_key.iter().filter(|(key, _)| holds(key));
        named.flat_map(|(_, codes)| codes).map(|insee| departement_of(insee)).collect()
    }

    /// Every commune, in no special order.
    pub fn iter(&self) -> impl Iterator<Item = CommuneRecord> {
        self.records.values().copied()
    }

    /// INSEE codes behind a key of [`name_key`].
    pub fn codes<'a>(
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
    #[must_use]
    pub fn longest_name(&self) -> usize {
        self.longest_name
    }
}

/// « borderes sur echez » for `borderes sur l echez`: the articles within a name, that many leave out.
fn without_articles(key: &str) -> Option<String> {
    let mut words = key.split(' ');
    let first = words.next()?;
    let kept = words.filter(|word| !matches!(*word, "l" | "la" | "le" | "les"));
    let short = std::iter::once(first).chain(kept).collect::<Vec<_>>().join(" ");
    (short.len() < key.len() && short.contains(' ')).then_some(short)
}

/// The form in which names are compared: folded words, `st`/`ste` for saint and sainte.
#[must_use]
pub fn name_key(name: &str) -> String {
    let folded = fold(name);
    let words = folded.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty());
    words.map(key_word).collect::<Vec<_>>().join(" ")
}

/// One word of a key, from a folded word.
#[must_use]
pub fn key_word(word: &str) -> &str {
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
        let cases: [(&str, Option<&str>, &[&str]); 9] = [
            ("Valence", Some("26"), &["26362"]),
            ("VALENCE", Some("82"), &["82186"]),
            ("St Etienne", Some("42"), &["42218"]),
            ("Saint-Étienne", Some("26"), &[]),
            ("L□Haÿ-les-Roses", None, &["94038"]),
            ("Marseille 1er Arrondissement", None, &["13201"]),
            ("Bellegarde-sur-Valserine", Some("01"), &["01033"]),
            ("Saint-Martin", Some("978"), &["97801"]),
            ("Bordères-sur-Echez", Some("65"), &["65100"]),
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
        assert_eq!(departement_name("2A"), Some("Corse-du-Sud"));
    }

    #[test]
    fn a_former_code_gives_the_commune_of_today() {
        let today = |code| communes().today(code).map(|commune| commune.name);
        assert_eq!(today("01340"), Some("Arboys en Bugey"), "Saint-Bois");
        assert_eq!(today("01033"), None, "a code of today");
        assert_eq!(today("99999"), None);
    }

    #[test]
    fn a_city_knows_its_arrondissements() {
        let names: Vec<_> = communes().parts("69123").iter().map(|part| part.insee).collect();
        assert_eq!(names.first(), Some(&"69381"));
        assert_eq!(names.len(), 9);
        assert_eq!(communes().parts("34172"), []);
    }
}
