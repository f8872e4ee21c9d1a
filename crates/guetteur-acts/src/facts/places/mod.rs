//! Communes and places.

mod cities;
mod ends;
mod events;
mod heading;
mod heads;
mod institutions;
mod names;
mod passing;
mod spelled;
mod table;
#[cfg(test)]
mod tests;
mod words;

use std::borrow::Cow;
use std::ops::Range;

use guetteur_model::fold::fold;
use guetteur_model::{Commune, Facts};
use regex::Regex;

use super::tokens::{Token, tokens};
use super::{Reading, clause, note};
use crate::parts::pattern;
use names::Scan;

// From the most exact to the least: the limits of a perimeter, a territory, an address.
pattern!(
    LIMITS,
    r"(?:(?:perimetre|zone|secteur)s?(?: (?:geographique|de protection|de survol|concerne|vise)e?s?| suivante?s?| d'[a-z]+| a l'article \d+)*,? (?:(?:est|sont) )?(?:ainsi |strictement )?(?:delimite|defini|compris|constitue|determine|circonscrit|comprenan|suivant)[a-z]*|(?:delimite|compris)e?s? (?:par|entre|comme suit)|strictement limitee? (?:a|au|aux))"
);
pattern!(
    TERRITORY,
    r"(?:(?:sur|dans|pour|au sein d[eu]|a l'interieur d[eu]?) (?:(?:tout(?:e)?|l'ensemble d[eu]) )?(?:le territoire|la commune|les communes|le perimetre|la zone|les zones|le secteur|les secteurs|la partie|l'ensemble|la ville|la circonscription|l'emprise)|au[- ]dessus d)"
);
pattern!(ADDRESS, r"\b(?:situe|sis|implante)(?:ees|ee|es|e|s|\(e\))?\b|a l'adresse suivante\b");
// A text without these has no such place: most are passed over at once.
pattern!(LIMIT_WORDS, "perimetre|zone|secteur|delimite|compris|limitee");
pattern!(
    TERRITORY_WORDS,
    "territoire|commune|perimetre|zone|secteur|partie|ensemble|ville|circonscription|emprise|dessus d"
);
pattern!(ADDRESS_WORDS, "situe|sis|implante|adresse");
pattern!(
    PLACE_END,
    r"[.;](?: |$)|[,:]? (?:du (?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|\d)|les? (?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|\d+(?:er)? ?(?:,|et|janv|fev|mars|avri|mai|juin|juil|aout|sept|octo|nove|dece))|de \d+ ?h|a l'occasion|pour la periode|a compter|pour une duree|pour les (?:besoins|finalites)|aux fins|afin d|au moyen|dans le cadre|(?:poursuit|doit|doivent|devra|dispose|compren|comport|represente|beneficie)|(?:est|sont) (?:compose|constitue|autoris|refus|abrog|rejet|interdit|accord|delivr|institu|instaur|prescrit|reglement|modifi|prolong|prorog|renouvel)|(?:presentee?|deposee?|formulee?|transmise?) (?:par|le)|conformement|un systeme|pendant|entre le|et pour une|dont le plan|selon le plan|joint en annexe)"
);
pattern!(
    ELSEWHERE,
    r"(?:delais? de|voies de|d'un) recours|recours (?:gracieux|contentieux|devant)|charges?,? (?:chacun )?(?:en ce qui le concerne,? )?de l'execution|tribunal administratif"
);
pattern!(
    SAYS,
    r"\b(?:portant|autorisant|modifiant|abrogeant|relatif|relative|instituant|instaurant|interdisant|reglementant|encadrant|fixant|accordant|prolongeant|prorogeant|renouvelant|completant|limitant|prescrivant|approuvant|declarant|donnant|nommant|mettant|suspendant)\b"
);

pattern!(
    LEAD,
    r"^(?:(?:sur|dans|pour|au sein de?|a l'interieur de?|strictement limitee? (?:a|au|aux)) |(?:perimetre|zone|secteur)s?[^:]{0,60}(?:suivant|comme suit)[a-z]* ?: ?|(?:situe|sis|implante)(?:ees|ee|es|e|s|\(e\))?,? ?:? ?(?:a l'adresse suivante ?:? ?)?(?:au? |aux )?|a l'adresse suivante ?:? ?)"
);

// « le périmètre mentionné à l'article 1er », « figurant en annexe »: words that name no place.
pattern!(
    NOWHERE,
    r"^(?:le |la |les |ce |cette |du |au )?(?:perimetre|zone|secteur|partie|ensemble|plan|carte|annexe)s?(?: geographique| de protection)?(?:,? (?:mentionne|vise|figur|precite|susvise|annexe|joint|ci-dessus|indique|du present|et durant|et pendant|ci-joint|concerne|decrit|(?:delimite|reporte)[a-z]* (?:par|sur|en|dans|au|a|ci)\b[^,:]{0,14}(?:plan|carte|annexe|article|dessus))[a-z-]*.*)?$|^(?:par )?(?:le |la )?(?:plan|carte|annexe)\b"
);
pattern!(REFERS_BACK, r"\bsus-? ?(?:indique|vise|mentionne|nomme|designe)|\bprecite|\bci-dessus");
pattern!(DEMAND, r"^[^a-z0-9]{0,3}v ?u (?:la|les) (?:demande|requete|declaration)s?\b");

pattern!(SIGNED, r"fait (?:a|au|aux|en) |pour l[ea] prefete?");

/// A commune and the words that name it.
type Mention = (Commune, Range<usize>);

/// Communes of the title and the articles, each once, in order; place in the act's own words.
///
/// A name needs a word that announces it (« commune de », « à ») and a capital. It is looked up in
/// the act's département, or in the one that follows in brackets (« Montaigu (85) »); elsewhere
/// only after « commune de » and when France has one of that name.
pub(crate) fn read(reading: &Reading<'_>, facts: &mut Facts) {
    let mut found: Vec<Mention> = Vec::new();
    let title = reading.text.title();
    let words = reading.words(&title);
    let words = unglued(reading, &words);
    let says = SAYS.is_match(reading.slice(&title));
    names::scan(reading, &words, if says { Scan::Title } else { Scan::Opaque }, &mut found);
    ends::read(reading, &words, &mut found);
    if let Some(range) = heading::title(reading) {
        let words = reading.words(&range);
        let words = unglued(reading, &words);
        names::scan(reading, &words, Scan::Title, &mut found);
        ends::read(reading, &words, &mut found);
    }
    for range in heading::communes(reading) {
        names::scan(reading, &reading.words(&range), Scan::Text, &mut found);
    }
    let mut operative = operative(reading);
    operative.retain(|range| !ELSEWHERE.is_match(reading.slice(range)));
    for range in &operative {
        let words = reading.words(range);
        let words = unglued(reading, &words);
        table::read(reading, &words, &mut found);
        names::scan(reading, &words, Scan::Text, &mut found);
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
    if let Some(range) = place(reading, operative) {
        facts.place = Some(reading.text.quote(range.clone()));
        note(facts, "place", reading.text.span(range));
    }
}

/// « etVallauris », « à laTrinité »: a small word that extraction glued to a capital stands alone again.
fn unglued<'w, 't>(reading: &Reading<'_>, words: &'w [Token<'t>]) -> Cow<'w, [Token<'t>]> {
    // Bytes of the small word at the head of one.
    let glued = |word: &Token<'_>| {
        let lengths: &[usize] = match word.text.as_bytes() {
            [b'd', b'e', b's', ..] | [b'l', b'e', b's', ..] => &[2, 3],
            [b'd', b'e' | b'u', ..] | [b'l', b'a' | b'e', ..] | [b'e', b't', ..] => &[2],
            [b's', b'u', b'r', ..] => &[3],
            [b'a', ..] => &[1],
            _ => return None,
        };
        lengths.iter().copied().find(|len| {
            word.text.len() >= len + 2
                && reading.text.is_upper(word.start + len)
                && !reading.text.is_upper(word.start)
        })
    };
    let Some(first) = words.iter().position(|word| glued(word).is_some()) else {
        return Cow::Borrowed(words);
    };
    let mut found = Vec::with_capacity(words.len() + 1);
    found.extend_from_slice(&words[..first]);
    for word in &words[first..] {
        let at = glued(word).unwrap_or(0);
        let cut = word.start + at;
        if at > 0 {
            found.push(Token { text: &word.text[..at], end: cut, ..*word });
        }
        found.push(Token { text: &word.text[at..], start: cut, ..*word });
    }
    Cow::Owned(found)
}

/// The articles. An act without any that cites texts says nothing else of places; another says it
/// before its signature.
fn operative(reading: &Reading<'_>) -> Vec<Range<usize>> {
    let parts = &reading.parts;
    if !parts.articles.is_empty() {
        return parts.articles.iter().map(|article| article.range.clone()).collect();
    }
    let from = reading.text.title().end;
    if !parts.visas.is_empty() || !parts.considerants.is_empty() {
        return Vec::new();
    }
    let text = &reading.text.as_str()[from..];
    let signed = SIGNED.find_iter(text).map(|m| from + m.start());
    let end = signed.filter(|&at| reading.text.is_line_start(at)).min();
    std::iter::once(from..end.unwrap_or(from + text.len())).collect()
}

/// « L'arrêté n° 12 susvisé est abrogé », « à l'adresse sus-indiquée »: an article that refers back
/// names its place in the *Vu* of that act, or of the demand.
fn referred_to(reading: &Reading<'_>, facts: &Facts, found: &mut Vec<Mention>) {
    let operative = reading.parts.operative();
    if !REFERS_BACK.is_match(reading.slice(&operative)) {
        return;
    }
    let visas = reading.parts.visas.clone();
    let mut start = visas.start;
    for clause in reading.slice(&visas).split_inclusive(';') {
        let amended = facts.amends.iter().any(|act| clause.contains(&fold(&act.name())));
        if amended || DEMAND.is_match(clause) {
            names::scan(reading, &tokens(clause, start), Scan::Text, found);
        }
        start += clause.len();
    }
}

/// The limits of a perimeter, else a territory, else an address; the articles before the title, and
/// the demand's address when the articles refer back to it.
fn place(reading: &Reading<'_>, articles: Vec<Range<usize>>) -> Option<Range<usize>> {
    let mut ranges = articles;
    let title = reading.text.title();
    if !ELSEWHERE.is_match(reading.slice(&title)) {
        ranges.push(title);
    }
    let kinds: [(&Regex, &Regex); 3] =
        [(&LIMITS, &LIMIT_WORDS), (&TERRITORY, &TERRITORY_WORDS), (&ADDRESS, &ADDRESS_WORDS)];
    let said = kinds.into_iter().find_map(|(pattern, words)| {
        let may = |range: &&Range<usize>| words.is_match(reading.slice(range));
        ranges.iter().filter(may).find_map(|range| place_in(reading, range, pattern))
    });
    let refers = || REFERS_BACK.is_match(reading.slice(&reading.parts.operative()));
    said.or_else(|| refers().then(|| place_in(reading, &reading.parts.visas, &ADDRESS))?)
}

fn place_in(reading: &Reading<'_>, range: &Range<usize>, pattern: &Regex) -> Option<Range<usize>> {
    let text = reading.slice(range);
    pattern.find_iter(text).find_map(|found| {
        let clause = clause(&text[found.start()..], 400);
        let lead = LEAD.find(clause).map_or(0, |m| m.end());
        let start = found.start() + lead;
        let words = &clause[lead..];
        let end = PLACE_END.find(words).map_or(words.len(), |m| m.start());
        let kept = words[..end].trim_end_matches([' ', ',', ':', '-', '"', '(']).len();
        let says = !NOWHERE.is_match(&words[..kept]);
        (kept > 8 && says).then(|| range.start + start..range.start + start + kept)
    })
}
