//! The purposes of art. L. 242-5 I of the code de la sécurité intérieure.

use guetteur_model::{Facts, Purpose};
use regex::Regex;

use super::{Reading, note};
use crate::parts::pattern;

pattern!(
    PERSONS,
    r"(?:preven\w*|prevention) (?:d'|des |les |de toutes? )?atteintes? (?:a |aux )?(?:l'ordre public et )?(?:la )?(?:securite des )?(?:personnes|biens)|securite des personnes et des biens|protection des batiments et installations publi"
);
pattern!(
    GATHERINGS,
    r"(?:securite|securisation) (?:des |de |du |d'un )?(?:grands? )?rassemblements?|rassemblements? de personnes sur la voie publique"
);
pattern!(
    TERRORISM,
    r"(?:preven\w*|prevention|lutte contre) (?:d'|des |les |de |le )?(?:actes? de )?terroris"
);
pattern!(
    TRAFFIC,
    r"regulation des flux de transport|regulation du trafic|regulation de la circulation routiere"
);
pattern!(BORDERS, r"surveillance (?:des|de la) frontieres?|franchissements? irreguliers?");
pattern!(
    RESCUE,
    r"secours aux personnes|secourir (?:les|des) personnes|recherche de personnes (?:disparues|en detresse)|secours a personnes?|secours des personnes"
);
pattern!(
    BY_NUMBER,
    r"\b((?:[1-6] ?°,? ?(?:et |a |ou )?){1,6})(?:du |de l')(?:i (?:du |de l')|l'|article|meme|present|i de)[^;]{0,40}242|finalites? ?(?:n ?° ?)?([1-6])\b"
);

// What an act that films from the air has somewhere: without it no purpose is looked for.
pattern!(FLIES, "aeronef|drone|242-5|helicoptere|aeroporte");

const PURPOSES: [Purpose; 6] = [
    Purpose::PersonsAndProperty,
    Purpose::Gatherings,
    Purpose::Terrorism,
    Purpose::Traffic,
    Purpose::Borders,
    Purpose::Rescue,
];

/// Read in the title and the articles; when these are silent, in the reasons, sentence by sentence,
/// leaving aside the sentence that copies the six purposes of the law.
pub(crate) fn read(reading: &Reading<'_>, facts: &mut Facts) {
    if !FLIES.is_match(reading.text.as_str()) {
        return;
    }
    let mut found: Vec<Purpose> = Vec::new();
    for range in reading.saying() {
        found.extend(search(reading, facts, range.start, range.end));
    }
    if found.is_empty() {
        let reasons = reading.parts.considerants.clone();
        let mut start = reasons.start;
        for sentence in reading.slice(&reasons).split_inclusive("considerant") {
            let end = start + sentence.len();
            let mut tried = Facts::default();
            let here = search(reading, &mut tried, start, end);
            if here.len() < 5 {
                found.extend(here);
                for span in tried.evidence.remove("purposes").into_iter().flatten() {
                    note(facts, "purposes", Some(span));
                }
            }
            start = end;
        }
    }
    found.sort_unstable();
    found.dedup();
    facts.purposes = found;
}

fn search(reading: &Reading<'_>, facts: &mut Facts, from: usize, to: usize) -> Vec<Purpose> {
    let text = reading.slice(&(from..to));
    let patterns: [&Regex; 6] = [&PERSONS, &GATHERINGS, &TERRORISM, &TRAFFIC, &BORDERS, &RESCUE];
    let mut found = Vec::new();
    for (purpose, pattern) in PURPOSES.iter().zip(patterns) {
        if let Some(m) = pattern.find(text) {
            found.push(*purpose);
            note(facts, "purposes", reading.text.span(from + m.start()..from + m.end()));
        }
    }
    for captures in BY_NUMBER.captures_iter(text) {
        let Some(m) = captures.get(1).or_else(|| captures.get(2)) else { continue };
        let numbers = m.as_str().bytes().filter(u8::is_ascii_digit).map(|b| usize::from(b - b'1'));
        found.extend(numbers.filter_map(|i| PURPOSES.get(i)));
        note(facts, "purposes", reading.text.span(from + m.start()..from + m.end()));
    }
    found.sort_unstable();
    found.dedup();
    found
}
