//! What someone may have meant who typed « st denis 93 », « Paris 18 », « 34000 », « Monpelier ».

use std::cmp::Reverse;

use crate::index::departements;
use crate::{CommuneIndex, CommuneRecord, departement_of, name_key};

/// How what was typed led to a commune, surest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum How {
    /// It is its code, its postcode or its name.
    Exact,
    /// Its name has all the words, or words that begin so.
    Words,
    /// Its name is written nearly so.
    Near,
}

/// Communes found, largest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// In which way.
    pub how: How,
    /// At most [`Found::MOST`].
    pub communes: Vec<CommuneRecord>,
}

impl Found {
    /// Communes given at most: those who see more would rather add a letter.
    pub const MOST: usize = 60;
}

/// How many times as many people a commune has that may be meant in the place of the one typed, and how many
/// at least.
const FAR_LARGER: u32 = 10;
const LARGE: u32 = 10_000;

/// Characters read of what was typed; the longest name has 45.
const LONGEST: usize = 80;

/// What was typed, read.
#[derive(Debug, Default)]
struct Asked {
    /// Folded words of the name.
    words: Vec<String>,
    /// A postcode or an INSEE code.
    code: Option<String>,
    /// A number under a thousand: an arrondissement or a département.
    number: Option<u32>,
    /// A département.
    departement: Option<String>,
}

impl Asked {
    fn read(typed: &str) -> Self {
        let typed: String = typed.chars().take(LONGEST).collect();
        let mut asked = Self::default();
        for word in name_key(&typed).split(' ').filter(|word| !word.is_empty()) {
            asked.read_word(word);
        }
        if asked.departement.is_none() {
            asked.take_departement();
        }
        asked
    }

    fn read_word(&mut self, word: &str) {
        let digits = word.bytes().filter(u8::is_ascii_digit).count();
        let ordinal = ["er", "ere", "e", "eme", "ieme", "nd"];
        let bare = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let suffix = &word[bare.len()..];
        match word {
            "cedex" | "arrondissement" | "arrondissements" | "arr" | "ardt" => {}
            "2a" | "2b" => self.departement = Some(word.to_ascii_uppercase()),
            // « Chalon s/ Saône »
            "s" => self.words.push("sur".to_owned()),
            "ss" => self.words.push("sous".to_owned()),
            _ if word.len() == 5 && digits >= 4 => self.code = Some(word.to_ascii_uppercase()),
            _ if !bare.is_empty()
                && bare.len() == digits
                && digits <= 3
                && (suffix.is_empty() || ordinal.contains(&suffix)) =>
            {
                self.number = bare.parse().ok();
            }
            _ => self.words.push(word.to_owned()),
        }
    }

    /// « Valence Drôme », « Saint-Denis La Réunion »: a name, then a département's.
    fn take_departement(&mut self) {
        for at in 1..self.words.len() {
            let tail = self.words[at..].join(" ");
            let tail = ["la ", "le ", "l ", "les "]
                .iter()
                .find_map(|article| tail.strip_prefix(article))
                .unwrap_or(&tail);
            let named = departements().find(|(_, name)| {
                let key = name_key(name);
                key.strip_prefix("la ").unwrap_or(&key) == tail
            });
            if let Some((code, _)) = named {
                // « Châtillon-sur-Seine » and « Villeneuve-la-Garenne » are names as a whole.
                self.departement = Some(code.to_owned());
                self.words.truncate(at);
                return;
            }
        }
    }

    fn name(&self) -> String {
        self.words.join(" ")
    }
}

impl CommuneIndex {
    /// Communes that `typed` may mean: a name whatever its accents, hyphens, « St », with a typing
    /// mistake or two; a postcode; an INSEE code; with the number of an arrondissement or a
    /// département behind it. Former names and codes give the commune of today. Linear in the
    /// number of communes: some milliseconds.
    #[must_use]
    pub fn find(&self, typed: &str) -> Found {
        let exact = self.all_exact(typed);
        if !exact.is_empty() {
            return sorted(How::Exact, exact);
        }
        let asked = Asked::read(typed);
        let fits = |commune: &CommuneRecord| asked.fits(commune);
        if asked.words.is_empty() {
            return Found { how: How::Exact, communes: Vec::new() };
        }
        let by_words: Vec<_> = self.with_words(&asked.words).into_iter().filter(fits).collect();
        if !by_words.is_empty() {
            return sorted(How::Words, by_words);
        }
        let near = self.nearly(&asked.name(), fits);
        Found { how: How::Near, communes: near }
    }

    /// The largest commune of which `typed` is the name, a former name, the code or the postcode; with the
    /// number of an arrondissement or a département behind it, as [`Self::find`] reads it. Quick: there is
    /// no looking for what was nearly typed.
    #[must_use]
    pub fn exact(&self, typed: &str) -> Option<CommuneRecord> {
        sorted(How::Exact, self.all_exact(typed)).communes.first().copied()
    }

    /// Where `typed` is the bare name of `commune` and nothing else: far larger communes whose name goes on
    /// after it, the largest first. Who typed « Évry » lives in Évry-Courcouronnes rather than in a village of
    /// the Yonne.
    #[must_use]
    pub fn far_larger(&self, typed: &str, commune: &CommuneRecord) -> Vec<CommuneRecord> {
        let key = name_key(typed);
        if key != name_key(commune.name) {
            return Vec::new();
        }
        let begins = |other: &str| {
            name_key(other).strip_prefix(&*key).is_some_and(|rest| rest.starts_with(' '))
        };
        let least = commune.population.saturating_mul(FAR_LARGER).max(LARGE);
        let larger = self.iter().filter(|other| other.population >= least);
        let mut larger: Vec<_> =
            larger.filter(|other| other.part_of.is_none() && begins(other.name)).collect();
        larger.sort_unstable_by_key(|other| Reverse(other.population));
        larger
    }

    fn all_exact(&self, typed: &str) -> Vec<CommuneRecord> {
        let whole: String = typed.chars().take(LONGEST).collect();
        let exact = self.records_of(self.codes(&name_key(&whole), None));
        if !exact.is_empty() {
            return exact;
        }
        let asked = Asked::read(typed);
        self.exactly(&asked).into_iter().filter(|commune| asked.fits(commune)).collect()
    }

    fn records_of(&self, codes: impl Iterator<Item = &'static str>) -> Vec<CommuneRecord> {
        codes.filter_map(|insee| self.record(insee)).collect()
    }

    fn exactly(&self, asked: &Asked) -> Vec<CommuneRecord> {
        let name = asked.name();
        if name.is_empty() {
            return asked.code.as_deref().map_or_else(Vec::new, |code| self.by_code(code));
        }
        if let Some(number) = asked.number {
            let ordinal = if number == 1 { "er" } else { "e" };
            let key = format!("{name} {number}{ordinal} arrondissement");
            let arrondissement = self.records_of(self.codes(&key, None));
            if !arrondissement.is_empty() {
                return arrondissement;
            }
        }
        self.records_of(self.codes(&name, None))
    }

    /// By INSEE code of today or of old, and by postcode: the same five digits may be both.
    fn by_code(&self, code: &str) -> Vec<CommuneRecord> {
        let mut found = Vec::from_iter(self.record(code).or_else(|| self.today(code)));
        let codes = self.by_postcode.get(code).into_iter().flatten().copied();
        for commune in self.records_of(codes) {
            if !found.contains(&commune) {
                found.push(commune);
            }
        }
        // An arrondissement says more than its city.
        let cities: Vec<_> = found.iter().filter_map(|commune| commune.part_of).collect();
        found.retain(|commune| commune.insee == code || !cities.contains(&commune.insee));
        found
    }

    /// Communes with a name in which all words stand in this order, the last perhaps begun only.
    fn with_words(&self, words: &[String]) -> Vec<CommuneRecord> {
        let Some((last, first)) = words.split_last() else { return Vec::new() };
        let has_all = |key: &str| {
            let mut rest = key.split(' ');
            first.iter().all(|word| rest.any(|known| known == word))
                && rest.any(|known| known.starts_with(last.as_str()))
        };
        let mut codes: Vec<&'static str> = self
            .by_key
            .iter()
            .filter(|(key, _)| has_all(key))
            .flat_map(|(_, c)| c)
            .copied()
            .collect();
        codes.sort_unstable();
        codes.dedup();
        self.records_of(codes.into_iter())
    }

    /// Communes whose name differs from `name` by few letters. A name as near as another is
    /// rather that of a large town, and a letter more is made good by a hundred times the people.
    fn nearly(&self, name: &str, fits: impl Fn(&CommuneRecord) -> bool) -> Vec<CommuneRecord> {
        let typed = name.replace(' ', "");
        let most = match typed.len() {
            0..3 => return Vec::new(),
            3..6 => 1,
            6..12 => 2,
            _ => 3,
        };
        let mut near: Vec<(i64, Reverse<u32>, &'static str)> = Vec::new();
        for (key, codes) in &self.by_key {
            if key.len().abs_diff(name.len()) > most + 3 {
                continue;
            }
            let distance = strsim::osa_distance(&key.replace(' ', ""), &typed);
            if distance <= most {
                let found = self.records_of(codes.iter().copied());
                let rank = |c: CommuneRecord| {
                    let size = i64::from(c.population.max(1).ilog10());
                    (distance as i64 * 3 - size * 2, Reverse(c.population), c.insee)
                };
                near.extend(found.into_iter().filter(&fits).map(rank));
            }
        }
        near.sort_unstable();
        let mut found: Vec<CommuneRecord> = Vec::new();
        for (_, _, insee) in near {
            let new = found.iter().all(|commune| commune.insee != insee);
            found.extend(self.record(insee).filter(|_| new));
        }
        found.truncate(20);
        found
    }
}

impl Asked {
    /// Whether the commune lies where it was said to.
    fn fits(&self, commune: &CommuneRecord) -> bool {
        let own = departement_of(commune.insee);
        let code = self.code.as_deref().is_none_or(|code| {
            commune.insee == code
                || self.words.is_empty()
                || commune.postcodes().any(|known| known == code)
                // « Montpellier 34967 cedex 2 »: a company's own postcode.
                || code.starts_with(own)
        });
        let number = self.number.is_none_or(|number| {
            format!("{number:02}") == own || self.words.is_empty() || is_numbered(commune, number)
        });
        code && number && self.departement.as_deref().is_none_or(|departement| departement == own)
    }
}

/// « Paris 18e Arrondissement » for 18.
fn is_numbered(commune: &CommuneRecord, number: u32) -> bool {
    let mut words = commune.name.split(|c: char| !c.is_ascii_digit());
    commune.part_of.is_some() && words.any(|word| word.parse() == Ok(number))
}

fn sorted(how: How, mut communes: Vec<CommuneRecord>) -> Found {
    communes.sort_unstable_by_key(|commune| (Reverse(commune.population), commune.insee));
    communes.dedup();
    communes.truncate(Found::MOST);
    Found { how, communes }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::communes;

    #[test]
    fn one_commune_is_meant() {
        let cases = [
            ("Montpellier", "34172"),
            ("montpellier", "34172"),
            ("  MONTPELLIER  ", "34172"),
            ("34172", "34172"),
            ("34070", "34172"),
            ("Montpellier 34000", "34172"),
            ("34000 Montpellier", "34172"),
            ("Montpellier cedex 34967", "34172"),
            ("Paris 18", "75118"),
            ("paris 18e", "75118"),
            ("Paris 18ème arrondissement", "75118"),
            ("75018", "75118"),
            ("75056", "75056"),
            ("paris 1er", "75101"),
            ("Lyon 3", "69383"),
            ("Saint-Denis 93", "93066"),
            ("st denis (93)", "93066"),
            ("Saint-Denis, Réunion", "97411"),
            ("saint denis la reunion", "97411"),
            ("St-Etienne Loire", "42218"),
            ("valence drome", "26362"),
            ("l'hay les roses", "94038"),
            ("Bellegarde-sur-Valserine", "01033"),
            ("01091", "01033"),
            ("ajaccio 2a", "2A004"),
            ("2A004", "2A004"),
            ("Chalon s/ Saône", "71076"),
            ("Boulogne sur mer", "62160"),
            ("Châtillon-sur-Seine", "21154"),
        ];
        for (typed, expected) in cases {
            let found = communes().find(typed);
            let codes: Vec<_> = found.communes.iter().map(|c| c.insee).collect();
            assert!(
                codes.first() == Some(&expected) && found.how == How::Exact,
                "{typed}: {:?} {codes:?}",
                found.how
            );
        }
    }

    #[test]
    fn words_and_typing_mistakes_lead_there_too() {
        let cases = [
            ("montpel", "34172", How::Words),
            ("hay roses", "94038", How::Words),
            ("chapelle armentieres", "59143", How::Words),
            ("Monpelier", "34172", How::Near),
            ("Marseile", "13055", How::Near),
            ("Toulosue", "31555", How::Near),
            ("Saint Ettiene", "42218", How::Near),
            ("lhay les roses", "94038", How::Near),
            ("monpelier 34", "34172", How::Near),
        ];
        for (typed, expected, how) in cases {
            let found = communes().find(typed);
            let codes: Vec<_> = found.communes.iter().map(|c| c.insee).collect();
            assert_eq!((codes.first(), found.how), (Some(&expected), how), "{typed}: {codes:?}");
        }
    }

    #[test]
    fn homonyms_are_all_given_largest_first() {
        let found = communes().find("saint-denis");
        assert_eq!(found.how, How::Exact);
        assert!(found.communes.len() > 3);
        assert!(found.communes.is_sorted_by(|a, b| a.population >= b.population));
    }

    #[test]
    fn nothing_is_not_something() {
        for typed in ["", " ", "99999", "zzzzzzzzzz", "!?", "7", &"a".repeat(10_000)] {
            assert_eq!(communes().find(typed).communes, [], "{typed:.20}");
        }
    }

    #[test]
    fn a_bare_name_may_mean_a_far_larger_town() {
        for (typed, expected) in [
            ("Évry", &["91228"][..]),
            ("evry", &["91228"]),
            ("Évry 89", &[]),
            ("89162", &[]),
            ("Montpellier", &[]),
            ("Lyon", &[]),
        ] {
            let found = communes().exact(typed).expect(typed);
            let larger = communes().far_larger(typed, &found);
            assert_eq!(larger.iter().map(|c| c.insee).collect::<Vec<_>>(), expected, "{typed}");
        }
    }
}
