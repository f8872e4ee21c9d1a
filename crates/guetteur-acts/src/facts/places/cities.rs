//! Paris, Lyon and Marseille: cities whose arrondissements have codes of their own.

use guetteur_model::{Commune, Facts};

use super::super::Reading;
use super::super::tokens::{Kind, Token};
use guetteur_communes::{communes, departement_of};

/// Name, code, code before the first arrondissement's, code of the last.
const CITIES: [(&str, &str, u32, u32); 3] = [
    ("paris", "75056", 75_100, 75_120),
    ("lyon", "69123", 69_380, 69_389),
    ("marseille", "13055", 13_200, 13_216),
];

/// « Marseille 1er, 2e et 3e arrondissements », « Paris 13e ».
pub(super) fn arrondissements(
    words: &[Token<'_>],
    next: usize,
    code: &str,
) -> Option<(Vec<Commune>, usize)> {
    let (_, _, base, last) = *CITIES.iter().find(|(_, city, _, _)| *city == code)?;
    let mut found = Vec::new();
    let mut i = next;
    let mut end = next;
    while i < words.len() && i < next + 60 {
        match words[i].text {
            "," | "et" | "(" | "dans" | "le" | "les" | "-" => i += 1,
            _ => {
                let Some((commune, after)) = ordinal(words, i, base, last) else { break };
                found.push(commune);
                i = after;
                end = after;
            }
        }
    }
    let named = words.get(end).is_some_and(|t| t.text.starts_with("arrondissement"));
    (!found.is_empty()).then_some((found, end + usize::from(named)))
}

/// « 13e », « 1er », « 8ème ».
pub(super) fn ordinal(
    words: &[Token<'_>],
    i: usize,
    base: u32,
    last: u32,
) -> Option<(Commune, usize)> {
    let number = words.get(i)?.value()?;
    let suffix = words.get(i + 1)?;
    let ok = matches!(suffix.text, "er" | "e" | "eme" | "ieme" | "nd" | "de" | "arrondissement");
    let code = base + number;
    if !ok
        || number == 0
        || code > last
        || suffix.start != words[i].end && suffix.text != "arrondissement"
    {
        return None;
    }
    Some((communes().by_insee(&code.to_string())?, i + 2))
}

/// « 13e arrondissement » in an act of the city itself.
pub(super) fn bare_arrondissement(
    reading: &Reading<'_>,
    words: &[Token<'_>],
    i: usize,
) -> Option<(Commune, usize)> {
    let own = reading.departement.as_deref()?;
    let (_, _, base, last) = *CITIES.iter().find(|(_, city, _, _)| departement_of(city) == own)?;
    let (commune, next) = ordinal(words, i, base, last)?;
    // « dans les 1er, 2e et 8e arrondissements »
    let named = words[next..].iter().take(24).find(|t| t.text.starts_with("arrondissement"))?;
    let between = words[next..].iter().take_while(|t| t.start < named.start);
    let list = between.clone().all(|t| {
        t.kind == Kind::Number || matches!(t.text, "," | "et" | "e" | "er" | "eme" | "le" | "les")
    });
    list.then_some((commune, next))
}

/// « Marseille 1er » is not also the whole of Marseille.
pub(super) fn keep_arrondissements(facts: &mut Facts) {
    for (city, first, last) in CITIES.map(|(_, city, first, last)| (city, first, last)) {
        let is_part = |c: &Commune| c.insee.parse::<u32>().is_ok_and(|n| n > first && n <= last);
        if facts.communes.iter().any(is_part) {
            facts.communes.retain(|c| c.insee != city);
        }
    }
}
