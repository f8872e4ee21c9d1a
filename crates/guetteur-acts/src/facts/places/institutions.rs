//! Hospitals, prisons, schools, ports: they lie in the town whose name they bear. A drone may fly over
//! them; what is decided of their people and their money does not happen there.

use super::super::Reading;
use super::super::tokens::Token;
use crate::word_set::WordSet;

static INSTITUTIONS: WordSet = WordSet::new(&[
    "arret",
    "cd",
    "ch",
    "chr",
    "chru",
    "chu",
    "detention",
    "ecole",
    "ehpad",
    "ght",
    "ghu",
    "hopital",
    "hopitaux",
    "hospitalier",
    "hospitaliere",
    "hospitaliers",
    "penitentiaire",
    "port",
    "prison",
    "universitaire",
    "universite",
]);

/// Words of acts about people and money.
static INNER: WordSet = WordSet::new(&[
    "budget",
    "coefficient",
    "coefficients",
    "comite",
    "composition",
    "concours",
    "conseil",
    "delegation",
    "delegations",
    "designation",
    "dotation",
    "dotations",
    "election",
    "elections",
    "forfait",
    "forfaits",
    "interim",
    "nomination",
    "recettes",
    "recrutement",
    "signature",
    "subdelegation",
    "tarif",
    "tarifaire",
    "tarifaires",
    "tarifee",
    "tarification",
    "tarifs",
]);

/// Tokens around a name that may say so.
const BEFORE: usize = 40;
const AFTER: usize = 16;

pub(super) fn is_one(word: &str) -> bool {
    INSTITUTIONS.has(word)
}

/// Whether the words around the name at token `at` are about the people or the money of an institution.
pub(super) fn decides_of_itself(words: &[Token<'_>], at: usize) -> bool {
    let around = at.saturating_sub(BEFORE)..words.len().min(at + AFTER);
    words[around].iter().any(|t| INNER.has(t.text))
}

/// Whether the word at token `i`, which announces a commune, is of an institution of which the title or
/// the words around it decide: « conseil de surveillance du centre hospitalier de Dieppe ».
pub(super) fn is_inner(reading: &Reading<'_>, words: &[Token<'_>], i: usize) -> bool {
    const NAME: usize = 3;
    let name = &words[i..words.len().min(i + NAME)];
    let titled = || reading.words(&reading.text.title()).iter().any(|t| INNER.has(t.text));
    name.iter().any(|t| is_one(t.text)) && (decides_of_itself(words, i) || titled())
}
