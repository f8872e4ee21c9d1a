//! Names of communes in running text, each with the word that announces it.

use guetteur_model::Commune;

use super::super::Reading;
use super::super::tokens::{Kind, Token};
use super::cities::{arrondissements, bare_arrondissement};
use super::passing::{after_person, after_union, glued_to_a_day, glued_to_a_kind, names_airfield};
use super::words::{LINKS, NAMES, is_common};
use super::{Mention, events};
use guetteur_communes::{communes, departement_of, key_word};

const PARIS: &str = "75056";
/// « 84200 CARPENTRAS »: a post code of the act's département announces a commune. Corsica's
/// begin with 20.
fn is_post_code(reading: &Reading<'_>, word: &Token<'_>) -> bool {
    let code = (word.kind == Kind::Number && word.text.len() == 5).then_some(word.text);
    let own = reading.departement.as_deref();
    let own = own.map(|d| if matches!(d, "2A" | "2B") { "20" } else { d });
    code.is_some_and(|code| own.is_none_or(|own| code.starts_with(own)))
}

/// Adds the communes that `words` name; `opaque` is a title that says nothing, where any name of
/// the département counts.
pub(super) fn scan(
    reading: &Reading<'_>,
    words: &[Token<'_>],
    opaque: bool,
    found: &mut Vec<Mention>,
) {
    let mut i = 0;
    while i < words.len() {
        let word = words[i].text;
        if let Some(next) = after_person(words, i).or_else(|| after_union(words, i)) {
            i = next;
            continue;
        }
        let named = announces(word) || is_post_code(reading, &words[i]);
        let place = places(reading, &words[i]);
        if !named && !place {
            let loose = loose_name(reading, words, i);
            i = match loose {
                Some((communes, start, next)) => {
                    found.extend(
                        communes.into_iter().map(|c| (c, words[start].start..words[next - 1].end)),
                    );
                    next.max(i + 1)
                }
                None if opaque => opaque_name(reading, words, i, found),
                None => i + 1,
            };
            continue;
        }
        let announced = is_commune(word);
        let mut at = beyond_unknown(reading, words, i + 1).unwrap_or(i + 1);
        let mut read_any = false;
        // A list: « communes de A, B et C ».
        while let Some((commune, start, next)) = after_links(reading, words, at, announced) {
            // « foire de Mars »
            let far = named || start > i + 1;
            if far && !announced && next == start + 1 && is_common(words[start].text) {
                break;
            }
            if names_airfield(&words[i..], start - i, next - i) {
                (at, read_any) = (next + 2, true);
                break;
            }
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
            if !matches!(link, "," | "et" | "/" | "&" | "ou" | ";" | "-" | "a" | "ainsi") {
                at = next;
                break;
            }
            at = next + if link == "ainsi" { 2 } else { 1 };
        }
        if !read_any && let Some((communes, start, next)) = events::after(reading, words, i) {
            found
                .extend(communes.into_iter().map(|c| (c, words[start].start..words[next - 1].end)));
            (at, read_any) = (next, true);
        }
        i = if read_any { at.max(i + 1) } else { i + 1 };
    }
}

/// Communes, the token at which their name begins, and the one after it.
pub(super) type NameAt = (Vec<Commune>, usize, usize);

/// A name that no word announces: « 13e arrondissement », « Cabestany (66330) », after the word for
/// an event.
fn loose_name(reading: &Reading<'_>, words: &[Token<'_>], i: usize) -> Option<NameAt> {
    match words[i].kind {
        Kind::Number => {
            let (commune, next) = bare_arrondissement(reading, words, i)?;
            Some((vec![commune], i, next))
        }
        Kind::Mark if words[i].text == "(" => before_post_code(reading, words, i),
        Kind::Mark => None,
        Kind::Word => events::after(reading, words, i),
    }
}

/// « à Ambarès et Ambès », the first by a name that nothing official has: where the second begins.
fn beyond_unknown(reading: &Reading<'_>, words: &[Token<'_>], from: usize) -> Option<usize> {
    const LONGEST: usize = 7;
    let part = |i: &usize| match words[*i].kind {
        Kind::Word => reading.text.is_upper(words[*i].start),
        Kind::Mark => matches!(words[*i].text, "-" | "'"),
        Kind::Number => false,
    };
    let joined = |i: &usize| *i == from || words[*i].start == words[*i - 1].end;
    let end =
        (from..words.len().min(from + LONGEST)).take_while(|i| part(i) && joined(i)).last()?;
    let next = end + 2;
    let known = |at| name_at(reading, words, at, None, false).is_some();
    let both = words.get(end + 1)?.text == "et" && !known(from) && known(next);
    (both && !is_common(words[next].text)).then_some(next)
}

/// Whether a word announces the name of a commune: « mairie », « descommunes », « communede ».
fn announces(word: &str) -> bool {
    NAMES.has(word) || word.len() > 7 && is_commune(word)
}

/// Whether it is a word for communes, glued to its neighbours or not.
fn is_commune(word: &str) -> bool {
    match word.as_bytes() {
        [.., b'u', b'n', b'e'] => word.ends_with("commune") && word.len() <= 11,
        [.., b'n', b'e', b's'] => word.ends_with("communes") && word.len() <= 12,
        _ => matches!(
            word,
            "ville" | "villes" | "communede" | "communesde" | "communedu" | "villede"
        ),
    }
}

/// Whether a commune may stand behind a word anywhere: « à », « aéronefsà ».
fn places(reading: &Reading<'_>, word: &Token<'_>) -> bool {
    match word.text.len() {
        0..6 => matches!(word.text, "a" | "au" | "aux" | "sur" | "vers" | "entre"),
        // No word of this length ends in « à » of its own.
        _ => {
            word.text.ends_with('a')
                && (word.text.ends_with("aeronefsa")
                    || reading.text.quote(word.start..word.end).ends_with('à'))
        }
    }
}

/// « Palau del Vidre (66690) »: the longest name before a post code of the département.
fn before_post_code(reading: &Reading<'_>, words: &[Token<'_>], open: usize) -> Option<NameAt> {
    let code = words.get(open + 1).filter(|t| is_post_code(reading, t))?;
    words.get(open + 2).filter(|t| t.text == ")" && t.start == code.end)?;
    (open.saturating_sub(LONGEST)..open).find_map(|at| {
        let (communes, next) = name_at(reading, words, at, None, false)?;
        (next == open && words[at].kind == Kind::Word).then_some((communes, at, next))
    })
}

/// Tokens of a long name: « L'Isle-sur-la-Sorgue » has nine.
const LONGEST: usize = 11;

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
        if at >= from + 5 || !(LINKS.contains(&link) || (NAMES.has(link) && at > from)) {
            return None;
        }
        at += 1;
    }
}

/// The longest name of a commune at token `at`, written with a capital.
pub(super) fn name_at(
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
            if i == at || !matches!(token.text, "-" | "'" | "." | "_") {
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
            && words.get(i + 1).is_some_and(|t| t.kind == Kind::Word && words[i].end == t.start)
            && !ends_file_name(reading, &words[i + 1..]);
        let mut codes: Vec<&'static str> = communes().codes(&key, None).collect();
        if codes.is_empty()
            && let Some(len) = glued_to_a_day(words, i - 1).or_else(|| glued_to_a_kind(token.text))
        {
            codes = communes().codes(&key[..key.len() - len], None).collect();
        }
        if !codes.is_empty() && !goes_on && (key.len() >= 4 || announced) {
            best = Some((codes, i));
        }
    }
    let (codes, next) = best?;
    // « Dinan Agglomération » is a union.
    if words.get(next).is_some_and(|t| t.text == "agglomeration") {
        return None;
    }
    let codes = of_departement(reading, words, next, &codes, announced)?;
    let whole = || (communes().by_insee(codes).into_iter().collect(), next);
    Some(arrondissements(words, next, codes).unwrap_or_else(whole))
}

/// « -arrêté », « -raa »: a file's name goes on after the commune's. A name goes on with a capital or
/// a particle.
fn ends_file_name(reading: &Reading<'_>, rest: &[Token<'_>]) -> bool {
    let word = &rest[0];
    const PARTICLES: [&str; 19] = [
        "sur", "sous", "de", "du", "des", "d", "la", "le", "les", "l", "lez", "en", "et", "a",
        "aux", "au", "pres", "devant", "es",
    ];
    let small = !reading.text.is_upper(word.start) && !PARTICLES.contains(&word.text);
    // « match Saint-Malo-Bordeaux »: another name.
    let team = || word.text.len() > 5 && communes().codes(word.text, None).next().is_some();
    small
        || team()
        || begins_another(reading, rest)
        || matches!(word.text, "raa" | "ap" | "arrete" | "avis" | "drone" | "drones")
}

/// « Colmar-Horbourg-Wihr »: whether what is joined by hyphens is a whole name of the département.
fn begins_another(reading: &Reading<'_>, rest: &[Token<'_>]) -> bool {
    let Some(own) = reading.departement.as_deref() else { return false };
    let joined = |i: usize| i == 0 || rest[i].start == rest[i - 1].end;
    let run = (0..rest.len().min(LONGEST)).take_while(|&i| joined(i)).map(|i| &rest[i]);
    let words: Vec<&str> = run.filter(|t| t.kind == Kind::Word).map(|t| key_word(t.text)).collect();
    words.len() > 1 && communes().codes(&words.join(" "), Some(own)).next().is_some()
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
    // The police prefecture's acts are published by the départements around Paris too.
    let around = own.is_some_and(|d| matches!(d, "77" | "78" | "91" | "92" | "93" | "94" | "95"));
    if around && codes.contains(&PARIS) {
        return Some(PARIS);
    }
    (announced && codes.len() == 1).then(|| codes[0])
}

/// Tokens of a person's name, with what a company adds to it: « M. OUDIN Louis-VISION VERT ».
const FULL_NAME: usize = 8;

/// In a title that says nothing (« DEVRED LILLE autorisation »), any name of the département.
fn opaque_name(
    reading: &Reading<'_>,
    words: &[Token<'_>],
    i: usize,
    found: &mut Vec<Mention>,
) -> usize {
    // « M. Jean Valence »: civility, then first names.
    let civil = |t: &Token<'_>| matches!(t.text, "m" | "mme" | "mlle" | "monsieur" | "madame");
    let names = |t: &&Token<'_>| {
        t.text == "." || t.text == "-" || reading.text.is_upper(t.start) && !civil(t)
    };
    let person = words[..i].iter().rev().take(FULL_NAME).find(|t| !names(t)).is_some_and(civil);
    let common = is_common(words[i].text) || words[i].text.len() < 2;
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
