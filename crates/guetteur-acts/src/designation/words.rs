//! The words of which names of acts are made, folded.

use crate::word_set::WordSet;

static IS_OWN_KIND: WordSet = WordSet::new(&[
    "aarrete",
    "agrement",
    "aip",
    "ap",
    "apc",
    "apm",
    "arret",
    "arrete",
    "arreten",
    "arretes",
    "attestation",
    "autorisation",
    "avenant",
    "avis",
    "circulaire",
    "convention",
    "decision",
    "decisions",
    "declaration",
    "delegation",
    "deliberation",
    "habilitation",
    "instruction",
    "ordonnance",
    "proces",
    "protocole",
    "recepisse",
    "subdelegation",
]);

/// What acts are called by themselves.
pub(super) fn is_own_kind(word: &str) -> bool {
    IS_OWN_KIND.has(word)
}

static IS_CITED_KIND: WordSet = WordSet::new(&[
    "autorisations",
    "avenants",
    "circulaires",
    "conventions",
    "courrier",
    "decret",
    "decrets",
    "deliberations",
    "demande",
    "jugement",
    "licence",
    "loi",
    "lois",
    "note",
    "ordonnances",
    "permis",
    "raa",
    "rapport",
    "recueil",
    "verbal",
]);

/// What acts call others, and the papers that they cite.
pub(super) fn is_cited_kind(word: &str) -> bool {
    is_own_kind(word) || IS_CITED_KIND.has(word)
}

const QUALIFIES: [&str; 53] = [
    "prefectoral",
    "prefectorale",
    "prefectoraux",
    "interprefectoral",
    "interprefectoraux",
    "inter",
    "departemental",
    "interdepartemental",
    "regional",
    "zonal",
    "municipal",
    "ministeriel",
    "ministerielle",
    "interministeriel",
    "interministerielle",
    "conjoint",
    "conjointe",
    "modificatif",
    "modificative",
    "temporaire",
    "permanent",
    "provisoire",
    "complementaire",
    "rectificatif",
    "cadre",
    "individuel",
    "collectif",
    "tarifaire",
    "initial",
    "initiale",
    "special",
    "speciale",
    "administratif",
    "administrative",
    "administratifs",
    "actes",
    "unique",
    "annuel",
    "police",
    "spp",
    "susvise",
    "susvisee",
    "precite",
    "precitee",
    "modifie",
    "modifiee",
    "interne",
    "prefectures",
    "nominatif",
    "normal",
    "reglementaire",
    "particulier",
    "general",
];

/// Words between an act's kind and its day that say which kind it is, or who took it.
pub(super) fn qualifies(word: &str) -> bool {
    QUALIFIES.contains(&word)
}

const IS_AUTHORITY: [&str; 28] = [
    "prefet",
    "prefete",
    "prefets",
    "prefetes",
    "prefecture",
    "ministre",
    "ministere",
    "maire",
    "president",
    "presidente",
    "directeur",
    "directrice",
    "sous",
    "conseil",
    "police",
    "zone",
    "region",
    "recteur",
    "rectrice",
    "commandant",
    "general",
    "haut",
    "gouvernement",
    "secretaire",
    "gouverneur",
    "administrateur",
    "departement",
    "metropole",
];

/// Who takes acts.
pub(super) fn is_authority(word: &str) -> bool {
    IS_AUTHORITY.contains(&word)
}

const JOINS_AUTHORITY: [&str; 27] = [
    "de",
    "du",
    "des",
    "la",
    "le",
    "l",
    "les",
    "d",
    "et",
    "a",
    "commissaire",
    "defense",
    "securite",
    "departemental",
    "departementale",
    "interieur",
    "maritime",
    "regional",
    "adjoint",
    "delegue",
    "generale",
    "territoires",
    "sur",
    "en",
    "ile",
    "outre",
    "mer",
];

/// Words inside the name of an authority that need no capital.
pub(super) fn joins_authority(word: &str) -> bool {
    is_authority(word) || JOINS_AUTHORITY.contains(&word)
}

const IS_OFFICE: [&str; 9] = [
    "cabinet",
    "cab",
    "prefecture",
    "pref",
    "sidpc",
    "siracedpc",
    "secretariat",
    "dcppat",
    "direction",
];

/// Offices whose names stand in capitals between kind and day.
pub(super) fn is_office(word: &str) -> bool {
    IS_OFFICE.contains(&word)
}

const IS_PLAIN: [&str; 63] = [
    "le", "la", "les", "un", "une", "l", "d", "s", "au", "aux", "sur", "pour", "par", "et", "en",
    "a", "sous", "sans", "avec", "dans", "ou", "que", "qui", "se", "lors", "drone", "drones",
    "survol", "vol", "vols", "match", "fete", "fetes", "rave", "port", "zone", "zones", "video",
    "images", "image", "camera", "foire", "marche", "course", "trail", "rallye", "chasse", "peche",
    "eau", "feu", "feux", "alcool", "armes", "gens", "modif", "renouv", "tour", "stade", "ville",
    "plage", "refus", "interd", "autor",
];

/// Short words in capitals that are no codes: a title may be in capitals as a whole.
pub(super) fn is_plain(word: &str) -> bool {
    word.ends_with("ant") || IS_PLAIN.contains(&word)
}
