//! A commune behind the word for an event or a place, with words between: « foire aux vins de
//! Colmar », « palais des congrès de Castelnaudary ».

use super::super::Reading;
use super::super::tokens::{Kind, Token};
use super::heads::lies_elsewhere;
use super::names::NameAt;
use super::spelled::name_at;
use super::words::is_common;
use crate::word_set::WordSet;

static EVENTS: WordSet = WordSet::new(&[
    "abattoir",
    "aerodrome",
    "aeroport",
    "arena",
    "arenes",
    "bal",
    "bals",
    "barrage",
    "base",
    "basilique",
    "braderie",
    "brocante",
    "campus",
    "carnaval",
    "caserne",
    "casino",
    "cavalcade",
    "centre",
    "ceremonie",
    "ceremonies",
    "championnat",
    "chateau",
    "cimetiere",
    "circuit",
    "citadelle",
    "clinique",
    "college",
    "complexe",
    "concert",
    "corrida",
    "cortege",
    "corso",
    "course",
    "criterium",
    "defile",
    "ecole",
    "eglise",
    "feria",
    "ferias",
    "festival",
    "festivals",
    "fete",
    "fetes",
    "feu",
    "feux",
    "foire",
    "foires",
    "fonciere",
    "gare",
    "greniers",
    "gymnase",
    "halle",
    "halles",
    "halte",
    "hippodrome",
    "hopital",
    "hypermarche",
    "kermesse",
    "lycee",
    "maison",
    "marathon",
    "marche",
    "marches",
    "mediatheque",
    "meeting",
    "mosquee",
    "officine",
    "palais",
    "parc",
    "parvis",
    "peage",
    "patinoire",
    "penitentiaire",
    "pharmacie",
    "piscine",
    "plage",
    "port",
    "prison",
    "procession",
    "rallye",
    "rencontres",
    "salle",
    "salon",
    "spectacle",
    "stade",
    "stand",
    "supermarche",
    "synagogue",
    "teknival",
    "theatre",
    "tournoi",
    "trail",
    "universite",
    "usine",
    "viaduc",
    "zenith",
]);

/// Whether `word` is one of them.
pub(super) fn is_event(word: &str) -> bool {
    EVENTS.has(word)
}

/// Words between the event and the commune: « marché de Noël et patinoire de ».
const BETWEEN: usize = 8;

/// The commune of the act's département behind the event at token `i`, in the same phrase.
pub(super) fn after(reading: &Reading<'_>, words: &[Token<'_>], i: usize) -> Option<NameAt> {
    if !is_event(words[i].text) {
        return None;
    }
    for at in i + 1..words.len().min(i + BETWEEN) {
        let link = words[at].text;
        if words[at].kind == Kind::Mark && !matches!(link, "'" | "-" | "\"") {
            return None;
        }
        let hidden = match link {
            "du" | "au" => Some("le"),
            "des" | "aux" => Some("les"),
            "de" | "d" | "a" => None,
            _ => continue,
        };
        let start = at + 1 + usize::from(words.get(at + 1).is_some_and(|t| t.text == "'"));
        let named = hidden.and_then(|article| name_at(reading, words, start, Some(article), false));
        let named = named.or_else(|| {
            // « du Printemps » hides an article: without it there is no such name.
            (hidden.is_none()).then(|| name_at(reading, words, start, None, false))?
        });
        let Some((communes, next)) = named else { continue };
        // « fête de la Saint-Jean », « foire de Mars ».
        let feast = matches!(words[start].text, "saint" | "sainte" | "la")
            && words
                .get(start + usize::from(words[start].text == "la"))
                .is_some_and(|t| matches!(t.text, "saint" | "sainte") && words[start].text == "la");
        let long = words[next - 1].end - words[start].start >= 4;
        let common = next == start + 1 && is_common(words[start].text);
        if feast || !long || common || lies_elsewhere(words, at) {
            return None;
        }
        return Some((communes, start, next));
    }
    None
}
