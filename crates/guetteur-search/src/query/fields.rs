//! The fields of the query language: names, and how their values are read.

use chrono::NaiveDate;
use guetteur_model::dates::parse_french_date;
use guetteur_model::fold::fold;
use guetteur_model::{Category, LegalDoubtKind, Level, Purpose};

use super::notes::Notes;
use super::wider;
use super::{FieldTerm, Node, WordField};

/// What a field's value is.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Prefecture,
    Region,
    Category,
    Level,
    Commune,
    Epci,
    Around,
    Purpose,
    Doubt,
    Year,
    From,
    To,
    InForce,
    Words(WordField),
}

/// Folded names.
const FIELDS: [(&[&str], Kind); 18] = [
    (&["prefecture", "pref", "departement", "dep"], Kind::Prefecture),
    (&["region"], Kind::Region),
    (&["categorie", "category", "cat"], Kind::Category),
    (&["niveau", "level"], Kind::Level),
    (&["commune", "ville"], Kind::Commune),
    (&["epci", "intercommunalite", "interco"], Kind::Epci),
    (&["autour", "around"], Kind::Around),
    (&["finalite", "purpose"], Kind::Purpose),
    (&["doute", "doubt"], Kind::Doubt),
    (&["annee", "year"], Kind::Year),
    (&["apres", "depuis", "du", "from", "after"], Kind::From),
    (&["avant", "jusqu", "au", "to", "before"], Kind::To),
    (&["en-vigueur", "envigueur", "vigueur", "en_vigueur"], Kind::InForce),
    (&["titre", "title"], Kind::Words(WordField::Title)),
    (&["numero", "number", "num"], Kind::Words(WordField::Number)),
    (&["service"], Kind::Words(WordField::Service)),
    (&["signataire", "signe-par"], Kind::Words(WordField::Signatory)),
    (&["beneficiaire"], Kind::Words(WordField::Beneficiary)),
];

/// Other words for levels; ids and French labels are known anyway.
const LEVEL_WORDS: [(&str, Level); 6] = [
    ("autorisation", Level::Authorises),
    ("autorises", Level::Authorises),
    ("abroge", Level::Restricts),
    ("interdit", Level::Restricts),
    ("refuse", Level::Restricts),
    ("cite", Level::Mentions),
];

/// Other words for categories; ids and French labels are known anyway.
const CATEGORY_WORDS: [(&str, &str); 14] = [
    ("drones", "drone"),
    ("helicoptere", "drone"),
    ("algorithmique", "vsa"),
    ("vsa", "vsa"),
    ("biometrique", "biometrie"),
    ("videosurveillance", "videoprotection"),
    ("plaques", "lapi"),
    ("camera", "camera-mobile"),
    ("camera-pieton", "camera-mobile"),
    ("cameras-pietons", "camera-mobile"),
    ("brouillage", "anti-drone"),
    ("antidrone", "anti-drone"),
    ("perimetres", "perimetre"),
    ("capteur", "autre-capteur"),
];

const PURPOSES: [(Purpose, &str); 6] = [
    (Purpose::PersonsAndProperty, "persons-and-property"),
    (Purpose::Gatherings, "gatherings"),
    (Purpose::Terrorism, "terrorism"),
    (Purpose::Traffic, "traffic"),
    (Purpose::Borders, "borders"),
    (Purpose::Rescue, "rescue"),
];

/// Whether a folded word names a field.
pub(crate) fn is_field(folded: &str) -> bool {
    kind(folded).is_some()
}

fn kind(folded: &str) -> Option<Kind> {
    FIELDS.iter().find(|(names, _)| names.contains(&folded)).map(|(_, kind)| *kind)
}

/// The field as a node; `None` with a note when its value says nothing.
pub(crate) fn read(name: &str, value: &str, notes: &mut Notes) -> Option<Node> {
    let values: Vec<String> = value
        .split(',')
        .map(str::trim)
        .filter(|part| part.chars().any(char::is_alphanumeric))
        .map(str::to_owned)
        .collect();
    let mut ignored = |what: &str| {
        notes.leave_out(format!("« {name}:{value} » : {what}, ignoré."));
        None
    };
    let term = match kind(name)? {
        _ if values.is_empty() => return ignored("valeur vide"),
        Kind::Prefecture => FieldTerm::Prefecture(values),
        Kind::Commune => FieldTerm::Commune(values),
        Kind::Words(field) => FieldTerm::Words(field, values),
        Kind::Category => return category(&values, notes),
        Kind::Region => return wider::regions(name, &values, notes),
        Kind::Epci => return wider::epcis(name, &values, notes),
        Kind::Around => return wider::around(name, &values, notes),
        Kind::Level => match known(&values, level) {
            levels if levels.is_empty() => {
                return ignored("niveau inconnu (autorise, restreint, concerne, mentionne)");
            }
            levels => FieldTerm::Level(levels),
        },
        Kind::Purpose => match known(&values, purpose) {
            purposes if purposes.is_empty() => return ignored("finalité inconnue (1 à 6)"),
            purposes => FieldTerm::Purpose(purposes),
        },
        Kind::Doubt if values.iter().any(|value| fold(value) == ANY_DOUBT) => {
            FieldTerm::Doubt(LegalDoubtKind::ALL.to_vec())
        }
        Kind::Doubt => match known(&values, doubt) {
            doubts if doubts.is_empty() => {
                return ignored("doute inconnu (ceux de la page /methode, ou « tous »)");
            }
            doubts => FieldTerm::Doubt(doubts),
        },
        Kind::Year => match known(&values, |year| year.parse().ok()) {
            years if years.is_empty() => return ignored("année non comprise"),
            years => FieldTerm::Year(years),
        },
        dated => match (date(value), dated) {
            (None, _) => return ignored("date non comprise (2026-08-14 ou 14/08/2026)"),
            (Some(day), Kind::From) => FieldTerm::From(day),
            (Some(day), Kind::To) => FieldTerm::To(day),
            (Some(day), _) => FieldTerm::InForce(day),
        },
    };
    Some(Node::Field(term))
}

fn known<T>(values: &[String], read: impl Fn(&str) -> Option<T>) -> Vec<T> {
    values.iter().filter_map(|value| read(&fold(value))).collect()
}

/// Known categories, and ids of watch lists: a category of the user's own cannot be told from a
/// mistake here, so it is searched as it is, with a note.
fn category(values: &[String], notes: &mut Notes) -> Option<Node> {
    let mut ids = Vec::new();
    for value in values {
        let folded = fold(value);
        let id = built_in(&folded);
        let Ok(category) = Category::new(id.unwrap_or(&folded)) else { continue };
        if id.is_none() {
            notes.say(format!(
                "Catégorie « {value} » : inconnue de Guetteur, cherchée telle quelle."
            ));
        }
        ids.push(category);
    }
    if ids.is_empty() {
        notes.leave_out(format!("Catégorie non comprise « {} » : ignorée.", values.join(",")));
        return None;
    }
    Some(Node::Field(FieldTerm::Category(ids)))
}

fn built_in(folded: &str) -> Option<&'static str> {
    let by_name =
        Category::BUILT_IN.iter().find(|(id, label)| *id == folded || fold(label) == folded);
    let by_word = || CATEGORY_WORDS.iter().find(|(word, _)| *word == folded).map(|(_, id)| *id);
    by_name.map(|(id, _)| *id).or_else(by_word)
}

/// The built-in category that a word means in the query language, in whatever letters: an id, a
/// name, or another word for it (`drones`).
#[must_use]
pub fn category_of(word: &str) -> Option<Category> {
    built_in(&fold(word)).and_then(|id| Category::new(id).ok())
}

/// The level that a word means in the query language, in whatever letters: an id, a name, or
/// another word for it (`autorise`).
#[must_use]
pub fn level_of(word: &str) -> Option<Level> {
    level(&fold(word))
}

fn level(folded: &str) -> Option<Level> {
    let by_word = LEVEL_WORDS.iter().find(|(word, _)| *word == folded).map(|(_, level)| *level);
    by_word.or_else(|| {
        Level::ALL.into_iter().find(|l| l.as_str() == folded || fold(l.label()) == folded)
    })
}

fn purpose(folded: &str) -> Option<Purpose> {
    let number = folded.trim_end_matches('°').parse::<usize>().ok();
    let by_number = number.and_then(|n| PURPOSES.get(n.checked_sub(1)?));
    by_number.or_else(|| PURPOSES.iter().find(|(_, id)| *id == folded)).map(|(purpose, _)| *purpose)
}

/// Stands for every kind of doubt.
const ANY_DOUBT: &str = "tous";

/// The kind of doubt that a word means, in whatever letters: its id, or its words for readers
/// joined by hyphens or not.
#[must_use]
pub fn doubt_of(word: &str) -> Option<LegalDoubtKind> {
    doubt(&fold(word))
}

fn doubt(folded: &str) -> Option<LegalDoubtKind> {
    let spaced = folded.replace('-', " ");
    let means = |kind: &LegalDoubtKind| {
        kind.as_str() == folded || fold(kind.label()).replace('-', " ") == spaced
    };
    LegalDoubtKind::ALL.into_iter().find(means)
}

fn date(value: &str) -> Option<NaiveDate> {
    parse_french_date(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::purpose_code;

    #[test]
    fn purposes_have_the_ids_of_the_model() {
        for (purpose, id) in PURPOSES {
            assert_eq!(purpose_code(purpose), id);
        }
    }

    #[test]
    fn names_are_unique_and_folded() {
        let mut names: Vec<_> = FIELDS.iter().flat_map(|(names, _)| names.iter()).collect();
        assert!(names.iter().all(|name| fold(name) == **name));
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all);
    }

    #[test]
    fn every_other_word_means_something() {
        for (word, id) in CATEGORY_WORDS {
            assert_eq!(fold(word), word);
            assert!(Category::BUILT_IN.iter().any(|(known, _)| *known == id), "{id}");
        }
    }
}
