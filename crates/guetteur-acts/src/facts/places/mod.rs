//! Communes and places.

mod cities;
mod names;
mod table;

use std::ops::Range;

use guetteur_model::fold::fold;
use guetteur_model::{Commune, Facts};

use super::tokens::tokens;
use super::{Reading, note};
use crate::parts::pattern;

pattern!(
    PLACE,
    r"(?:(?:sur|dans|pour|au sein de|a l'interieur de?) (?:tout(?:e)? )?(?:le territoire|la commune|les communes|le perimetre|la zone|les zones|le secteur|les secteurs|la partie|l'ensemble|la ville)|perimetre (?:geographique )?(?:suivant|delimite|defini|comprenant)|au[- ]dessus d|strictement limitee? (?:a|au|aux))[^;]{3,320}"
);
pattern!(
    PLACE_END,
    r"[.;](?: |$)|,? (?:du (?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|\d)|les? (?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|\d)|de \d+ ?h|a l'occasion|pour la periode|a compter|pour une duree|aux fins|afin d|au moyen|est autorise|sont autorise|pendant|entre le)"
);
pattern!(
    ELSEWHERE,
    r"(?:delais? de|voies de|d'un) recours|recours (?:gracieux|contentieux|devant)|charges?,? (?:chacun )?(?:en ce qui le concerne,? )?de l'execution|tribunal administratif"
);
pattern!(
    SAYS,
    r"\b(?:portant|autorisant|modifiant|abrogeant|relatif|relative|instituant|interdisant|reglementant)\b"
);

pattern!(
    LEAD,
    r"^(?:sur|dans|pour|au sein de?|a l'interieur de?|strictement limitee? (?:a|au|aux)) "
);

pattern!(REFERS_BACK, r"\bsus-? ?(?:indique|vise|mentionne|nomme|designe)|\bprecite|\bci-dessus");
pattern!(DEMAND, r"^[^a-z0-9]{0,3}v ?u (?:la|les) (?:demande|requete|declaration)s?\b");

/// A commune and the words that name it.
type Found = (Commune, Range<usize>);

/// Communes of the title and the articles, each once, in order; place in the act's own words.
///
/// A name needs a word that announces it (« commune de », « à ») and a capital. It is looked up in
/// the act's département, or in the one that follows in brackets (« Montaigu (85) »); elsewhere
/// only after « commune de » and when France has one of that name.
pub(crate) fn read(reading: &Reading<'_>, facts: &mut Facts) {
    let mut found: Vec<Found> = Vec::new();
    for (i, range) in reading.saying().into_iter().enumerate() {
        let text = reading.slice(&range);
        if i > 0 && ELSEWHERE.is_match(text) {
            continue;
        }
        let words = reading.words(&range);
        if i > 0 {
            table::read(reading, &words, &mut found);
        }
        let opaque = i == 0 && !SAYS.is_match(text);
        names::scan(reading, &words, opaque, &mut found);
    }
    if found.is_empty() {
        referred_to(reading, facts, &mut found);
    }
    for (commune, range) in found {
        if facts.communes.contains(&commune) {
            continue;
        }
        note(facts, "communes", reading.text.span(range));
        facts.communes.push(commune);
    }
    cities::keep_arrondissements(facts);
    if let Some(range) = place(reading) {
        facts.place = Some(reading.text.quote(range.clone()));
        note(facts, "place", reading.text.span(range));
    }
}

/// « L'arrêté n° 12 susvisé est abrogé », « à l'adresse sus-indiquée »: an article that refers back
/// names its place in the *Vu* of that act, or of the demand.
fn referred_to(reading: &Reading<'_>, facts: &Facts, found: &mut Vec<Found>) {
    let operative = reading.parts.operative();
    if !REFERS_BACK.is_match(reading.slice(&operative)) {
        return;
    }
    let visas = reading.parts.visas.clone();
    let mut start = visas.start;
    for clause in reading.slice(&visas).split_inclusive(';') {
        let amended = facts.amends.iter().any(|number| clause.contains(&fold(number)));
        if amended || DEMAND.is_match(clause) {
            names::scan(reading, &tokens(clause, start), false, found);
        }
        start += clause.len();
    }
}

fn place(reading: &Reading<'_>) -> Option<Range<usize>> {
    let mut ranges: Vec<Range<usize>> = reading.saying();
    ranges.rotate_left(1);
    ranges.iter().find_map(|range| {
        let text = reading.slice(range);
        let found = PLACE.find_iter(text).find(|_| !ELSEWHERE.is_match(text))?;
        let lead = LEAD.find(found.as_str()).map_or(0, |m| m.end());
        let start = found.start() + lead;
        let words = &text[start..found.end()];
        let end = PLACE_END.find(words).map_or(words.len(), |m| m.start());
        let kept = words[..end].trim_end().len();
        (kept > 8).then(|| range.start + start..range.start + start + kept)
    })
}
