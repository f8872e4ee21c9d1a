//! Names of communes in running text, each with the word that announces it.

use guetteur_communes::departement_of;
use guetteur_model::Commune;

use super::super::Reading;
use super::super::tokens::{Kind, Token};
use super::cities::bare_arrondissement;
use super::heads::{
    behind_link, ends_a_line, is_large, is_of_company, is_part_of_another, raced_between,
};
use super::passing::{after_person, after_union, names_airfield};
use super::spelled::{LONGEST, PARIS, name_at};
use super::words::{LINKS, NAMES, is_common};
use super::{Mention, events, institutions};

/// « 84200 CARPENTRAS »: a post code of the act's département announces a commune. Corsica's
/// begin with 20.
fn is_post_code(reading: &Reading<'_>, word: &Token<'_>) -> bool {
    let code = (word.kind == Kind::Number && word.text.len() == 5).then_some(word.text);
    let own = reading.departement.as_deref();
    let own = own.map(|d| if matches!(d, "2A" | "2B") { "20" } else { d });
    code.is_some_and(|code| own.is_none_or(|own| code.starts_with(own)))
}

/// How much a name needs before it to be that of a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scan {
    /// A sentence: a word that announces it.
    Text,
    /// A title, which says in few words what the act is about: a « de » behind anything that lies there.
    Title,
    /// A title that says nothing (« DEVRED LILLE »): any name of the département counts.
    Opaque,
}

/// Adds the communes that `words` name.
pub(super) fn scan(
    reading: &Reading<'_>,
    words: &[Token<'_>],
    scan: Scan,
    found: &mut Vec<Mention>,
) {
    let mut i = 0;
    while i < words.len() {
        let word = words[i].text;
        if words[i].kind == Kind::Mark && word != "(" {
            i += 1;
            continue;
        }
        if let Some(next) = after_person(words, i).or_else(|| after_union(words, i)) {
            i = next;
            continue;
        }
        let named = announces(word) && !is_of_another(reading, words, i)
            || is_post_code(reading, &words[i]);
        let place = places(reading, &words[i]) && !ends_a_line(reading, words, i);
        // « circulation BOURG DE PÉAGE »: the word that would announce a name begins one.
        let begins = scan == Scan::Opaque && named && opens_name(reading, words, i);
        if begins || !named && !place {
            i = match loose_name(reading, words, i, scan) {
                Some(first) => {
                    let mut next = i + 1;
                    for (communes, start, end) in with_second(reading, words, first) {
                        let name = words[start].start..words[end - 1].end;
                        found.extend(communes.into_iter().map(|c| (c, name.clone())));
                        next = next.max(end);
                    }
                    next
                }
                None if scan == Scan::Opaque => opaque_name(reading, words, i, found),
                None => i + 1,
            };
            continue;
        }
        let mut announced = is_commune(word);
        let mut at = beyond_unknown(reading, words, i + 1).unwrap_or(i + 1);
        let mut read_any = false;
        // A list: « communes de A, B et C ».
        while let Some(list) = after_links(reading, words, at, announced).or_else(|| {
            let links = words[at..].iter().take_while(|t| LINKS.contains(&t.text)).count();
            let next = announced.then(|| beyond_unknown(reading, words, at + links))??;
            after_links(reading, words, next, announced)
        }) {
            let (commune, start, next) = list.name;
            announced = list.announced;
            // « foire de Mars »
            let far = named || start > i + 1;
            if far && !announced && next == start + 1 && is_common(words[start].text) {
                break;
            }
            if names_airfield(&words[i..], start - i, next - i) {
                read_any = true;
                // « Paris-Le Bourget » lies in the second.
                let far = commune.iter().all(|c| c.insee != PARIS);
                at = next + if far { 2 } else { 1 };
                if far {
                    break;
                }
                continue;
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
        let event = || events::after(reading, words, i).filter(|_| scan == Scan::Text);
        if !read_any && let Some((communes, start, next)) = event() {
            found
                .extend(communes.into_iter().map(|c| (c, words[start].start..words[next - 1].end)));
            (at, read_any) = (next, true);
        }
        i = if read_any { at.max(i + 1) } else { i + 1 };
    }
}

/// Communes, the token at which their name begins, and the one after it.
pub(super) type NameAt = (Vec<Commune>, usize, usize);

/// « traversée de Livron et Loriol »: the name, and the one that « et » joins to it.
fn with_second(
    reading: &Reading<'_>,
    words: &[Token<'_>],
    first: NameAt,
) -> impl Iterator<Item = NameAt> {
    let at = first.2 + 1;
    let joined = words.get(first.2).is_some_and(|t| t.text == "et");
    let named = joined.then(|| name_at(reading, words, at, None, false)).flatten();
    let own = |communes: &[Commune]| {
        let own = reading.departement.as_deref();
        communes.iter().all(|c| own.is_some_and(|own| departement_of(&c.insee) == own))
    };
    let second = named.filter(|(communes, next)| {
        own(communes) && !(*next == at + 1 && is_common(words[at].text))
    });
    std::iter::once(first).chain(second.map(|(communes, next)| (communes, at, next)))
}

/// A name that no word announces: « 13e arrondissement », « Cabestany (66330) », after the word for
/// an event.
fn loose_name(reading: &Reading<'_>, words: &[Token<'_>], i: usize, scan: Scan) -> Option<NameAt> {
    match words[i].kind {
        Kind::Number => {
            let (commune, next) = bare_arrondissement(reading, words, i)?;
            Some((vec![commune], i, next))
        }
        Kind::Mark if words[i].text == "(" => before_post_code(reading, words, i),
        Kind::Mark => None,
        Kind::Word if scan == Scan::Text => events::after(reading, words, i),
        Kind::Word => behind_link(reading, words, i).or_else(|| raced_between(reading, words, i)),
    }
}

/// « à Ambarès et Ambès », « Luchon, Oô », the first by a name that nothing official has: where the
/// second begins.
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
    let both = matches!(words.get(end + 1)?.text, "et" | ",") && !known(from) && known(next);
    (both && !is_common(words[next].text)).then_some(next)
}

/// Whether a name of several words begins at the word at token `i`.
fn opens_name(reading: &Reading<'_>, words: &[Token<'_>], i: usize) -> bool {
    name_at(reading, words, i, None, false).is_some_and(|(_, next)| next > i + 2)
}

/// Whether a word announces the name of a commune: « mairie », « descommunes », « communede ».
fn announces(word: &str) -> bool {
    NAMES.has(word) || word.len() > 7 && is_commune(word)
}

/// Whether the word at token `i`, which would announce a town, is of something else that bears its name.
fn is_of_another(reading: &Reading<'_>, words: &[Token<'_>], i: usize) -> bool {
    is_policy(words, i) || is_of_company(words, i) || institutions::is_inner(reading, words, i)
}

/// « politique de la ville » is no town.
fn is_policy(words: &[Token<'_>], i: usize) -> bool {
    words[i].text == "ville" && words[..i].iter().rev().take(3).any(|t| t.text == "politique")
}

/// Whether it is a word for communes, glued to its neighbours or not.
fn is_commune(word: &str) -> bool {
    match word.as_bytes() {
        [.., b'u', b'n', b'e'] => word.ends_with("commune") && word.len() <= 11,
        [.., b'n', b'e', b's'] => word == "cnes" || word.ends_with("communes") && word.len() <= 12,
        _ => matches!(
            word,
            "cne"
                | "cnes"
                | "ville"
                | "villes"
                | "communede"
                | "communesde"
                | "communedu"
                | "villede"
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

/// A name behind links, and whether « commune de » stood among them.
struct Linked {
    name: NameAt,
    announced: bool,
}

/// A name, after « de la », « d' », « : » or nothing. « du » and « au » hide « le ».
fn after_links(
    reading: &Reading<'_>,
    words: &[Token<'_>],
    from: usize,
    mut announced: bool,
) -> Option<Linked> {
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
            return Some(Linked { name: (communes, at, next), announced });
        }
        let link = words.get(at)?.text;
        if at >= from + 5 || !(LINKS.contains(&link) || (NAMES.has(link) && at > from)) {
            return None;
        }
        announced |= is_commune(link);
        at += 1;
    }
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
    let letter = words[i].text.len() < 2 && words[i].text != "l";
    if person || letter || words[i].kind != Kind::Word {
        return i + 1;
    }
    let Some((communes, next)) = name_at(reading, words, i, None, false) else { return i + 1 };
    if next == i + 1 && is_common(words[i].text) {
        return next;
    }
    const LARGE: u32 = 2_000;
    let long = words[next - 1].end - words[i].start >= 4;
    let sure = long || communes.iter().any(|commune| is_large(&commune.insee, LARGE));
    if sure && !is_part_of_another(words, i) {
        found.extend(communes.into_iter().map(|c| (c, words[i].start..words[next - 1].end)));
    }
    next
}
