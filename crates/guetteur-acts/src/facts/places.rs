//! Communes and places.

use std::ops::Range;

use guetteur_model::{Commune, Facts};

use super::tokens::{Kind, Token, tokens};
use super::{Reading, note};
use crate::communes::{communes, departement_of, key_word};
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

/// Words after which a commune is named.
const NAMES: [&str; 41] = [
    "commune",
    "communes",
    "ville",
    "villes",
    "mairie",
    "maire",
    "municipalite",
    "agglomeration",
    "gare",
    "gares",
    "quartier",
    "centre",
    "arrondissement",
    "municipale",
    "territoire",
    "aeroport",
    "stade",
    "plage",
    "plages",
    "port",
    "foire",
    "festival",
    "carnaval",
    "marche",
    "hippodrome",
    "circuit",
    "hospitalier",
    "hopital",
    "lycee",
    "aerodrome",
    "parc",
    "massif",
    "massifs",
    "foret",
    "cathedrale",
    "chateau",
    "arenes",
    "citadelle",
    "metropole",
    "bourg",
    "brigade",
];
/// After these a commune of another département may be named.
const COMMUNE_OF: [&str; 4] = ["commune", "communes", "ville", "villes"];
/// Words before which a commune may stand anywhere.
const PLACES: [&str; 6] = ["a", "au", "aux", "sur", "vers", "entre"];
const LINKS: [&str; 22] = [
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
    "et",
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
const COMMON: [&str; 34] = [
    "arrete", "police", "cabinet", "drone", "prefet", "avis", "port", "fete", "marche", "course",
    "mars", "mai", "nature", "pont", "eaux", "bois", "commune", "centre", "gare", "tour", "france",
    "rue", "place", "cote", "lac", "rond", "vol", "salle", "camp", "chasse", "peche", "route",
    "parc", "y",
];

/// Communes of the title and the articles, each once, in order; place in the act's own words.
///
/// A name needs a word that announces it (« commune de », « à ») and a capital. It is looked up in
/// the act's département, or in the one that follows in brackets (« Montaigu (85) »); elsewhere
/// only after « commune de » and when France has one of that name.
pub(crate) fn read(reading: &Reading<'_>, facts: &mut Facts) {
    let mut found: Vec<(Commune, Range<usize>)> = Vec::new();
    for (i, range) in reading.saying().into_iter().enumerate() {
        let text = reading.slice(&range);
        if i > 0 && ELSEWHERE.is_match(text) {
            continue;
        }
        let words = tokens(text, range.start);
        let opaque = i == 0 && !SAYS.is_match(text);
        scan(reading, &words, opaque, &mut found);
    }
    for (commune, range) in found {
        if facts.communes.contains(&commune) {
            continue;
        }
        note(facts, "communes", reading.text.span(range));
        facts.communes.push(commune);
    }
    keep_arrondissements(facts);
    if let Some(range) = place(reading) {
        facts.place = Some(reading.text.quote(range.clone()));
        note(facts, "place", reading.text.span(range));
    }
}

/// « Marseille 1er » is not also the whole of Marseille.
fn keep_arrondissements(facts: &mut Facts) {
    for (city, first, last) in CITIES.map(|(_, city, first, last)| (city, first, last)) {
        let is_part = |c: &Commune| c.insee.parse::<u32>().is_ok_and(|n| n > first && n <= last);
        if facts.communes.iter().any(is_part) {
            facts.communes.retain(|c| c.insee != city);
        }
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

fn scan(
    reading: &Reading<'_>,
    words: &[Token<'_>],
    opaque: bool,
    found: &mut Vec<(Commune, Range<usize>)>,
) {
    let mut i = 0;
    while i < words.len() {
        let named = NAMES.contains(&words[i].text);
        if !named && !PLACES.contains(&words[i].text) && !opaque {
            if let Some((commune, next)) = bare_arrondissement(reading, words, i) {
                found.push((commune, words[i].start..words[next - 1].end));
            }
            i += 1;
            continue;
        }
        if !named && opaque && !PLACES.contains(&words[i].text) {
            i = opaque_name(reading, words, i, found);
            continue;
        }
        let announced = COMMUNE_OF.contains(&words[i].text);
        let mut at = i + 1;
        let mut read_any = false;
        // A list: « communes de A, B et C ».
        while let Some((commune, start, next)) = after_links(reading, words, at, announced) {
            let mut next = next;
            for commune in commune {
                found.push((commune, words[start].start..words[next - 1].end));
            }
            read_any = true;
            let link = words.get(next).map_or("", |t| t.text);
            if link == "(" {
                next += 3;
            }
            let link = words.get(next).map_or("", |t| t.text);
            if !matches!(link, "," | "et" | "/" | "ou" | ";" | "-" | "a" | "ainsi") {
                at = next;
                break;
            }
            at = next + if link == "ainsi" { 2 } else { 1 };
        }
        i = if read_any { at.max(i + 1) } else { i + 1 };
    }
}

/// A name, after « de la », « d' », « : » or nothing. « du » and « au » hide « le ».
fn after_links(
    reading: &Reading<'_>,
    words: &[Token<'_>],
    from: usize,
    announced: bool,
) -> Option<(Vec<Commune>, usize, usize)> {
    let mut at = from;
    loop {
        let before = at.checked_sub(1).and_then(|b| words.get(b)).map_or("", |t| t.text);
        let hidden = match before {
            "du" | "au" => Some("le"),
            "des" | "aux" => Some("les"),
            _ => None,
        };
        let with_article =
            hidden.and_then(|article| name_at(reading, words, at, Some(article), announced));
        if let Some((communes, next)) =
            with_article.or_else(|| name_at(reading, words, at, None, announced))
        {
            return Some((communes, at, next));
        }
        let link = words.get(at)?.text;
        if at >= from + 5 || !(LINKS.contains(&link) || (NAMES.contains(&link) && at > from)) {
            return None;
        }
        at += 1;
    }
}

/// The longest name of a commune at token `at`, written with a capital.
fn name_at(
    reading: &Reading<'_>,
    words: &[Token<'_>],
    at: usize,
    article: Option<&str>,
    announced: bool,
) -> Option<(Vec<Commune>, usize)> {
    let first = words.get(at).filter(|t| t.kind == Kind::Word)?;
    let lower_article = matches!(first.text, "la" | "le" | "les" | "l");
    let capital = |i: usize| words.get(i).is_some_and(|t| reading.text.is_upper(t.start));
    if !capital(at) && !(lower_article && (capital(at + 1) || capital(at + 2))) {
        return None;
    }
    let mut key = article.unwrap_or_default().to_owned();
    let mut best = None;
    let mut i = at;
    let mut count = 0;
    while count < communes().longest_name() {
        let Some(token) = words.get(i) else { break };
        if token.kind == Kind::Mark {
            if i == at || !matches!(token.text, "-" | "'" | ".") {
                break;
            }
            i += 1;
            continue;
        }
        if token.kind != Kind::Word {
            break;
        }
        if !key.is_empty() {
            key.push(' ');
        }
        key.push_str(key_word(token.text));
        i += 1;
        count += 1;
        let goes_on = words.get(i).is_some_and(|t| t.text == "-" && t.start == words[i - 1].end)
            && words.get(i + 1).is_some_and(|t| t.kind == Kind::Word && words[i].end == t.start);
        let codes: Vec<&'static str> = communes().codes(&key, None).collect();
        if !codes.is_empty() && !goes_on && (key.len() >= 4 || announced) {
            best = Some((codes, i));
        }
    }
    let (codes, next) = best?;
    let codes = of_departement(reading, words, next, &codes, announced)?;
    let whole = || (communes().by_insee(codes).into_iter().collect(), next);
    Some(arrondissements(words, next, codes).unwrap_or_else(whole))
}

/// The one of several communes of a name that is meant.
fn of_departement(
    reading: &Reading<'_>,
    words: &[Token<'_>],
    next: usize,
    codes: &[&'static str],
    announced: bool,
) -> Option<&'static str> {
    let open = words.get(next).filter(|t| t.text == "(").and_then(|_| words.get(next + 1));
    let close = words.get(next + 2).is_some_and(|t| t.text == ")");
    if let Some(given) = open.filter(|t| close && t.kind == Kind::Number && t.text.len() <= 3) {
        return codes.iter().copied().find(|c| departement_of(c) == given.text);
    }
    let own = reading.departement.as_deref();
    let here = codes.iter().copied().find(|c| Some(departement_of(c)) == own);
    if here.is_some() {
        return here;
    }
    (announced && codes.len() == 1).then(|| codes[0])
}

/// Name, code, code before the first arrondissement's, code of the last.
const CITIES: [(&str, &str, u32, u32); 3] = [
    ("paris", "75056", 75_100, 75_120),
    ("lyon", "69123", 69_380, 69_389),
    ("marseille", "13055", 13_200, 13_216),
];

/// « Marseille 1er, 2e et 3e arrondissements », « Paris 13e ».
fn arrondissements(words: &[Token<'_>], next: usize, code: &str) -> Option<(Vec<Commune>, usize)> {
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
fn ordinal(words: &[Token<'_>], i: usize, base: u32, last: u32) -> Option<(Commune, usize)> {
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
fn bare_arrondissement(
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

/// In a title that says nothing (« DEVRED LILLE autorisation »), any name of the département.
fn opaque_name(
    reading: &Reading<'_>,
    words: &[Token<'_>],
    i: usize,
    found: &mut Vec<(Commune, Range<usize>)>,
) -> usize {
    let person = i > 0 && matches!(words[i - 1].text, "m" | "mme" | "monsieur" | "madame");
    let common = COMMON.contains(&words[i].text) || words[i].text.len() < 2;
    let article = matches!(words[i].text, "la" | "le" | "les" | "l");
    if person || (common && !article) || words[i].kind != Kind::Word {
        return i + 1;
    }
    let Some((communes, next)) = name_at(reading, words, i, None, false) else { return i + 1 };
    let long = words[next - 1].end - words[i].start >= 4;
    if long {
        found.extend(communes.into_iter().map(|c| (c, words[i].start..words[next - 1].end)));
    }
    next
}
