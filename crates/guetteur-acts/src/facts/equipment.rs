//! Cameras and aircraft, in figures or words.

use std::ops::Range;

use guetteur_model::Facts;

use super::number_words::number_at;
use super::tokens::{Kind, Token, tokens};
use super::{Reading, clause, head, note, tail};
use crate::parts::pattern;

pattern!(
    CAP,
    r"nombre (?:maximal|maximum|total)?[^.;]{0,40}?cameras?[^.;]{0,200}?(?:(?:fixe|limite|arrete|porte|ramene)e? a|est de|s'eleve a|s'etablit a|exceder|depasser|superieur a|:) ?"
);
pattern!(
    CAP_AIRCRAFT,
    r"nombre (?:maximal|maximum|total)? ?(?:d'|de |des )(?:aeronefs?|drones?|helicopteres?)[^.;]{0,120}?(?:(?:fixe|limite|arrete|porte|ramene)e? a|est de|s'eleve a|s'etablit a|exceder|depasser|superieur a|:) ?"
);
pattern!(DEMAND, r"v ?u (?:la|les) demandes?");

// What places cameras, then a second site; no total, no « dont », no other sentence.
pattern!(
    AND,
    r"^ (?:installe|situe|implante|place|dispose|reparti)[^.;:]*\b(?:et|ainsi que)(?: l?[ad]?[deu]?s?| d'| les?)? ?$"
);

pattern!(JAMS, r"\bbrouill(?:age|eur)|inoperant");
// « restriction de survol d'un aéronef »: whose flights are restricted.
pattern!(
    RESTRICTS,
    r"\b(?:restriction|interdiction|interdisant|restreignant|limitation)s?\b[^.;]{0,40}\bsurvol"
);

const AIRCRAFT: [&str; 10] = [
    "aeronef",
    "aeronefs",
    "drone",
    "drones",
    "helicoptere",
    "helicopteres",
    "avion",
    "avions",
    "uas",
    "appareils",
];

/// Letters of « aéronefs » with an article behind it, at most.
const GLUED: usize = 11;

// What an act that counts aircraft has somewhere: without it no word is looked at.
pattern!(HAS_AIRCRAFT, "aeronef|drone|helicopt|avion|uas|appareil");

// « trois drones équipés chacun d'une caméra », « deux équipages disposent chacun d'un drone ».
pattern!(EACH_BEFORE, r"\b(?:chacune?|chaque [a-z]{3,12}) (?:[a-z]{2,12} ){0,2}(?:de |d')?$");
pattern!(
    EACH_AFTER,
    r"^ (?:[a-z]{3,14} ){0,2}par (?:aeronef|drone|appareil|helicoptere|equipe|equipage|secteur|site)"
);
pattern!(EACH_OF, r"(?:aeronefs?|drones?|helicopteres?|appareils?),? (?:[a-z]{3,14} ){0,3}$");
// « un drone de secours », « en remplacement »: beside those that are used.
pattern!(SPARE, r"^ (?:[a-z]{3,14} ){0,2}(?:de|en) (?:secours|remplacement|rechange|reserve)\b");
// « deux caméras par aéronef, soit quatre au total ».
pattern!(IN_TOTAL, r"^[^.;]{0,60}\bsoit (?:un total de |au total )?");

/// A count of things and what is said of them.
struct Count {
    value: u32,
    /// Interior, exterior, public road: parts of a whole.
    part: bool,
    range: Range<usize>,
}

/// The articles speak first, then the title, then the demand. A total beats its parts, parts add
/// up, else the largest counts.
pub(crate) fn read(reading: &Reading<'_>, facts: &mut Facts) {
    let text = reading.text.as_str();
    let (has_cameras, has_aircraft) = (text.contains("camera"), HAS_AIRCRAFT.is_match(text));
    if !has_cameras && !has_aircraft {
        return;
    }
    let articles: Vec<_> = reading.parts.articles.iter().map(|a| a.range.clone()).collect();
    let visas = reading.slice(&reading.parts.visas);
    let demand = DEMAND.find_iter(visas).map(|m| {
        let start = reading.parts.visas.start + m.start();
        start..start + clause(&visas[m.start()..], 900).len()
    });
    let sources = [articles, vec![reading.headline()], demand.collect()];
    // « rendre inopérant un aéronef »: what is jammed is not what is used.
    let restricted = || !has_cameras && RESTRICTS.is_match(reading.slice(&reading.headline()));
    let has_aircraft = has_aircraft && !JAMS.is_match(text) && !restricted();
    let camera = |word: &str| word == "camera" || word == "cameras";
    // « un aéronefLE PRÉFET »: a space was lost.
    let glued = |word: &str| word.len() <= GLUED && word.starts_with("aeronef");
    let aircraft = |word: &str| AIRCRAFT.contains(&word) || glued(word);
    let count_cameras = || {
        let named = |text: &str| text.contains("camera");
        capped(reading, &CAP).or_else(|| first(reading, &sources, named, camera))
    };
    if let Some((value, range)) = has_cameras.then(count_cameras).flatten() {
        facts.cameras = Some(value);
        note(facts, "cameras", reading.text.span(range));
    }
    let count_aircraft = || {
        let named = |text: &str| HAS_AIRCRAFT.is_match(text);
        capped(reading, &CAP_AIRCRAFT).or_else(|| first(reading, &sources, named, aircraft))
    };
    if let Some((value, range)) = has_aircraft.then(count_aircraft).flatten() {
        facts.aircraft = Some(value);
        note(facts, "aircraft", reading.text.span(range));
    }
}

/// « Le nombre maximal de caméras … est fixé à deux ».
fn capped(reading: &Reading<'_>, pattern: &regex::Regex) -> Option<(u32, Range<usize>)> {
    reading.saying().into_iter().skip(1).find_map(|range| {
        let text = reading.slice(&range);
        if !text.contains("nombre") {
            return None;
        }
        pattern.find_iter(text).find_map(|m| {
            let reach = text.len().min(m.end() + 40);
            let reach = (reach..=text.len()).find(|&i| text.is_char_boundary(i))?;
            let words = tokens(&text[m.end()..reach], range.start + m.end());
            let (value, next) = number_at(&words, 0)?;
            let capped = range.start + m.start()..words[next - 1].end;
            let after = head(&text[capped.end - range.start..], AROUND);
            if !EACH_AFTER.is_match(after) {
                return Some((value, capped));
            }
            let (value, end) = in_total(after, capped.end)?;
            Some((value, capped.start..end))
        })
    })
}

fn first(
    reading: &Reading<'_>,
    sources: &[Vec<Range<usize>>],
    is_named: impl Fn(&str) -> bool,
    is_thing: impl Fn(&str) -> bool,
) -> Option<(u32, Range<usize>)> {
    let found = sources.iter().find_map(|ranges| {
        let named = ranges.iter().filter(|range| is_named(reading.slice(range)));
        let counts: Vec<Count> =
            named.flat_map(|range| counts(&reading.words(range), &is_thing)).collect();
        if counts.is_empty() {
            return None;
        }
        let counts: Vec<Count> =
            counts.into_iter().filter_map(|count| all_of(reading, ranges, count)).collect();
        // Counts that say nothing of the whole: the title or the demand would say no more.
        if counts.is_empty() {
            return Some(None);
        }
        let counts = joined(reading, counts);
        let whole = counts.iter().filter(|c| !c.part).max_by_key(|c| c.value);
        if let Some(whole) = whole {
            return Some(Some((whole.value, whole.range.clone())));
        }
        let (first, last) = (counts.first()?, counts.last()?);
        let total = counts.iter().map(|c| c.value).sum();
        Some(Some((total, first.range.start..last.range.end)))
    });
    found.flatten()
}

/// The total that the words `after` byte `base` give, and where it ends.
fn in_total(after: &str, base: usize) -> Option<(u32, usize)> {
    let total = IN_TOTAL.find(after)?;
    let words = tokens(&after[total.end()..], base + total.end());
    number_at(&words, 0).map(|(value, next)| (value, words[next - 1].end))
}

/// Bytes before and after a count that say whose it is.
const AROUND: usize = 160;

/// A count of what each has, for all that have it: the total where one is written, else as many
/// times as aircraft are counted just before. `None` where nothing says how many have it, and for
/// what is kept in reserve.
fn all_of(reading: &Reading<'_>, ranges: &[Range<usize>], count: Count) -> Option<Count> {
    let within = ranges.iter().find(|range| range.contains(&count.range.start))?;
    let before = tail(reading.slice(&(within.start..count.range.start)), AROUND);
    let after = head(reading.slice(&(count.range.end..within.end)), AROUND);
    if SPARE.is_match(after) {
        return None;
    }
    let each_before = EACH_BEFORE.find(before);
    if each_before.is_none() && !EACH_AFTER.is_match(after) {
        return Some(count);
    }
    if let Some((value, end)) = in_total(after, count.range.end) {
        return Some(Count { value, part: false, range: count.range.start..end });
    }
    let owners = EACH_OF.find(&before[..each_before?.start()])?;
    let words = tokens(&before[..owners.start()], count.range.start - before.len());
    let (many, at) = (0..words.len().min(4)).rev().find_map(|back| {
        let at = words.len() - 1 - back;
        number_at(&words, at).filter(|(_, next)| *next == words.len()).map(|n| (n.0, at))
    })?;
    let range = words[at].start..count.range.end;
    Some(Count { value: many * count.value, range, ..count })
}

/// « 118 caméras installées en gare de A et 12 caméras installées en gare de B »: the sites of one
/// sentence add up.
fn joined(reading: &Reading<'_>, counts: Vec<Count>) -> Vec<Count> {
    let mut sites: Vec<Count> = Vec::with_capacity(counts.len());
    for count in counts {
        let last = sites.last_mut().filter(|last| !last.part && !count.part);
        let between = last.as_ref().map(|last| reading.slice(&(last.range.end..count.range.start)));
        let adds = between.is_some_and(|words| words.len() < 200 && AND.is_match(words));
        match last.filter(|_| adds) {
            Some(last) => {
                last.value += count.value;
                last.range.end = count.range.end;
            }
            None => sites.push(count),
        }
    }
    sites
}

/// « deux caméras », « 3 caméras intérieures et 2 extérieures ».
fn counts(tokens: &[Token<'_>], is_thing: impl Fn(&str) -> bool) -> Vec<Count> {
    let mut found: Vec<Count> = Vec::new();
    let mut i = 0;
    while i < tokens.len() {
        let Some((value, next)) = number_at(tokens, i) else {
            i += 1;
            continue;
        };
        if refers(tokens, i, next) {
            i = next;
            continue;
        }
        let thing = skip_adjectives(tokens, next);
        let thing = tokens.get(thing).is_some_and(|t| is_thing(t.text)).then_some(thing);
        let part = |at: usize| {
            tokens.iter().skip(at).take(4).any(|t| {
                t.text.starts_with("interieur")
                    || t.text.starts_with("exterieur")
                    || t.text == "voie"
            })
        };
        let goes_on = found.last().is_some_and(|c| c.part && tokens[i].start < c.range.end + 24);
        if let Some(thing) = thing {
            let range = tokens[i].start..tokens[thing].end;
            found.push(Count { value, part: part(thing + 1), range });
        } else if goes_on
            && tokens
                .get(next)
                .is_some_and(|t| t.text.starts_with("interieur") || t.text.starts_with("exterieur"))
        {
            found.push(Count { value, part: true, range: tokens[i].start..tokens[next].end });
        }
        i = next;
    }
    found
}

/// Whether the number at token `i` is part of a reference, a day or a clause: « 26-417 », « n° 12 »,
/// « article 3 », « du 14 ».
fn refers(tokens: &[Token<'_>], i: usize, next: usize) -> bool {
    if tokens[i].kind != Kind::Number {
        return false;
    }
    let joins =
        |t: &Token<'_>| matches!(t.text, "-" | "/" | "_" | "." | ",") || t.kind == Kind::Number;
    let before = i.checked_sub(1).map(|i| &tokens[i]);
    let after = tokens.get(next);
    let glued = before
        .is_some_and(|t| t.end == tokens[i].start && (joins(t) || t.kind == Kind::Word))
        || after.is_some_and(|t| t.start == tokens[next - 1].end && joins(t) && t.text != ",");
    let word = tokens[..i].iter().rev().find(|t| t.kind == Kind::Word || t.kind == Kind::Number);
    let names = word.is_some_and(|t| {
        matches!(
            t.text,
            "n" | "no"
                | "nos"
                | "numero"
                | "arrete"
                | "ap"
                | "article"
                | "art"
                | "l"
                | "r"
                | "dossier"
                | "decision"
                | "page"
                | "p"
                | "du"
                | "au"
                | "le"
                | "alinea"
                | "lot"
                | "annexe"
                | "raa"
        )
    });
    glued || names
}

/// What may stand between a number and what it counts: « 3 nouvelles mini-caméras ».
fn skip_adjectives(tokens: &[Token<'_>], at: usize) -> usize {
    let adjective = |t: &Token<'_>| {
        t.text == "-"
            || matches!(
                t.text,
                "autre"
                    | "autres"
                    | "mini"
                    | "micro"
                    | "petit"
                    | "petits"
                    | "petite"
                    | "petites"
                    | "nouveau"
                    | "nouveaux"
                    | "nouvelle"
                    | "nouvelles"
                    | "seul"
                    | "seuls"
                    | "seule"
                    | "seules"
                    | "systemes"
                    | "systeme"
                    | "dites"
                    | "telles"
            )
    };
    (at..at + 3).find(|&i| !tokens.get(i).is_some_and(adjective)).unwrap_or(at + 3)
}
