//! The words around names of communes, folded.

use crate::word_set::WordSet;

/// Words after which a commune is named.
pub(super) static NAMES: WordSet = WordSet::new(&[
    "aerodrome",
    "aeroport",
    "agglomeration",
    "arenes",
    "arrondissement",
    "bourg",
    "brigade",
    "carnaval",
    "cathedrale",
    "centre",
    "ceremonie",
    "chateau",
    "circuit",
    "citadelle",
    "commune",
    "communes",
    "equipements",
    "festival",
    "foire",
    "foret",
    "gare",
    "gares",
    "hippodrome",
    "hopital",
    "hospitalier",
    "lycee",
    "maire",
    "mairie",
    "marche",
    "massif",
    "massifs",
    "metropole",
    "municipale",
    "municipalite",
    "parc",
    "plage",
    "plages",
    "port",
    "quartier",
    "stade",
    "territoire",
    "videoprotection",
    "ville",
    "villes",
]);
/// Words between such a word and the name.
pub(super) const LINKS: [&str; 29] = [
    "de",
    "du",
    "des",
    "d",
    "'",
    "la",
    "le",
    "les",
    "l",
    "suivantes",
    "suivante",
    ":",
    "-",
    "_",
    "et",
    "ainsi",
    "que",
    "nouvelle",
    "nouvelles",
    "deleguee",
    "deleguees",
    "routiere",
    "routieres",
    "sncf",
    "tgv",
    "hospitalier",
    "commercial",
    "municipal",
    "universitaire",
];

/// Words of titles that are also names of communes.
const COMMON: [&str; 35] = [
    "grand", "arrete", "police", "cabinet", "drone", "prefet", "avis", "port", "fete", "marche",
    "course", "mars", "mai", "nature", "pont", "eaux", "bois", "commune", "centre", "gare", "tour",
    "france", "rue", "place", "cote", "lac", "rond", "vol", "salle", "camp", "chasse", "peche",
    "route", "parc", "y",
];

/// Whether a word is one of titles, though communes bear it.
pub(super) fn is_common(word: &str) -> bool {
    COMMON.contains(&word)
}
