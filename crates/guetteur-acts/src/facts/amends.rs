//! The acts that this one modifies, extends, renews or repeals.

use std::ops::Range;

use chrono::NaiveDate;
use guetteur_model::dates::find_dates;
use guetteur_model::{ActReference, Change, Facts};

use super::{Reading, note};
use crate::identity::same_number;
use crate::parts::pattern;

// « modifiant l'arrêté préfectoral n° X du … », « portant abrogation de l'arrêté n° X ».
pattern!(
    CHANGES,
    r"(?:modifi(?:ant|catif d|cation d)|abroge(?:ant)?|abrogation d|prolonge(?:ant)?|prolongation d|proroge(?:ant)?|prorogation d|renouvel(?:ant|le|lement d)|complet(?:ant|e)|rapport(?:ant|e)|remplac(?:ant|e)|rectifi(?:ant|e|cation d)|retir(?:ant|e)|retrait d|suspend(?:ant)?)[^.;]{0,60}?(?:l'|les |la |des |d'un |d'une )?(?:arretes?|decisions?)(?: (?:prefector|inter|municip|conjoint|temporaire|modificat)[a-z]*)*"
);
// « L'arrêté n° X du … est abrogé ».
pattern!(
    CHANGED,
    r"(arretes?|decisions?)(?: (?:prefector|inter)[a-z]*)*([^;]{3,200}?)(?:est|sont|demeurent|demeure|restent)(?: ainsi)? (modifie|abroge|prolonge|proroge|renouvele|complete|rapporte|remplace|retire|suspendu|reconduit|inchange|maintenu|prolongee)"
);
pattern!(
    NUMBER,
    r"^ ?(?:susvise )?(?:n ?[°o'*º]s? ?:? ?)?([a-z0-9][a-z0-9_./-]*(?: ?[-/] ?[a-z0-9_./-]*\d[a-z0-9_./-]*)*)"
);
pattern!(
    CHANGE_TITLE,
    r"\b(modifi|renouvel|abrog|prolong|proroge|prorogation|complet|retrait|rectifi)"
);
pattern!(CITED, r"v ?u (?:l'|la )(arrete|decision)(?: prefectorale?)? n ?[°o*]?");
pattern!(DELEGATES, r"delegation|nomination|minist|organisation|commission");
// An article without any of these changes no act: most are passed over at once.
pattern!(
    CHANGE_WORD,
    r"modifi|abrog|prolong|prorog|renouv|complet|rapport|remplac|rectifi|retir|retrait|suspend|reconduit|inchange|maintenu"
);
pattern!(OTHER_AUTHORITY, r"minist|du maire|municipal|de l'ars");

/// A place in the text after which an act is named, and what is done to it.
struct Named {
    change: Change,
    kind: &'static str,
    /// Byte after « l'arrêté ».
    at: usize,
    /// Byte up to which its number and day may stand.
    until: usize,
}

/// Numbers as printed, capitals kept; without a number, « arrêté du 12 mai 2024 ». An act named
/// twice, with and without its number, counts once.
pub(crate) fn read(reading: &Reading<'_>, facts: &mut Facts) {
    let mut ranges = vec![reading.headline()];
    ranges.extend(reading.parts.articles.iter().map(|a| a.range.clone()));
    for range in ranges {
        let text = reading.slice(&range);
        if !CHANGE_WORD.is_match(text) {
            continue;
        }
        for found in CHANGES.find_iter(text) {
            let words = found.as_str();
            if !OTHER_AUTHORITY.is_match(words) {
                let at = range.start + found.end();
                let noun = words.rfind("arrete").map_or("decision", |_| "arrete");
                let (change, kind) = (change(words), kind(noun));
                add(reading, facts, &Named { change, kind, at, until: range.end });
            }
        }
        for found in CHANGED.captures_iter(text) {
            let (Some(kind), Some(middle), Some(verb)) = (found.get(1), found.get(2), found.get(3))
            else {
                continue;
            };
            let at = range.start + middle.start();
            let (change, kind) = (change(verb.as_str()), self::kind(kind.as_str()));
            let until = range.start + middle.end();
            add(reading, facts, &Named { change, kind, at, until });
        }
    }
    if facts.amends.is_empty() {
        from_visas(reading, facts);
    }
}

fn change(verb: &str) -> Change {
    match verb.get(..4).unwrap_or_default() {
        "prol" | "pror" | "reco" => Change::Extends,
        "reno" => Change::Renews,
        "abro" | "rapp" | "reti" | "retr" | "susp" => Change::Repeals,
        _ => Change::Modifies,
    }
}

fn kind(word: &str) -> &'static str {
    if word.starts_with('d') { "décision" } else { "arrêté" }
}

/// « Renouvellement d'un système … » whose *Vu* alone names the act that is renewed: the first
/// prefectoral act cited that is not a delegation.
fn from_visas(reading: &Reading<'_>, facts: &mut Facts) {
    let Some(verb) = CHANGE_TITLE.find(reading.slice(&reading.headline())) else { return };
    let visas = reading.parts.visas.clone();
    let text = reading.slice(&visas);
    for found in CITED.captures_iter(text) {
        let (Some(whole), Some(kind)) = (found.get(0), found.get(1)) else { continue };
        let end = text[whole.end()..].find(';').map_or(text.len(), |i| whole.end() + i);
        if DELEGATES.is_match(&text[whole.start()..end]) {
            continue;
        }
        let (change, kind) = (change(verb.as_str()), self::kind(kind.as_str()));
        let (at, until) = (visas.start + whole.end(), visas.start + end);
        add(reading, facts, &Named { change, kind, at, until });
        if !facts.amends.is_empty() {
            return;
        }
    }
}

fn add(reading: &Reading<'_>, facts: &mut Facts, named: &Named) {
    let rest = reading.slice(&(named.at..named.until));
    let number = NUMBER.captures(rest).and_then(|c| c.get(1)).filter(|m| is_number(m.as_str()));
    let (number, signed_on, range) = match number {
        Some(m) => {
            let len = m.as_str().trim_end_matches(['.', '-', '/', ',']).len();
            let range = named.at + m.start()..named.at + m.start() + len;
            let day = dated_after(&rest[m.start() + len..]).map(|(day, _)| day);
            (Some(reading.text.quote(range.clone())), day, range)
        }
        None => {
            let Some((day, end)) = dated_after(rest) else { return };
            (None, Some(day), named.at..named.at + end)
        }
    };
    let own = [&reading.act.number, &reading.act.own_number];
    let itself = number.as_deref().is_some_and(|number| {
        own.iter().any(|own| own.as_deref().is_some_and(|own| same_number(own, number)))
    });
    let known = facts.amends.iter().position(|other| match (&other.number, &number) {
        (Some(a), Some(b)) => same_number(a, b),
        _ => other.signed_on.is_some() && other.signed_on == signed_on,
    });
    let reference =
        ActReference { change: named.change, kind: named.kind.to_owned(), number, signed_on };
    match known {
        _ if itself => {}
        Some(at) => complete(facts, at, reference),
        None => {
            note(facts, "amends", reading.text.span(range));
            facts.amends.push(reference);
        }
    }
}

/// The number or the day that an earlier mention lacks.
fn complete(facts: &mut Facts, at: usize, again: ActReference) {
    let known: &mut ActReference = &mut facts.amends[at];
    known.number = known.number.take().or(again.number);
    known.signed_on = known.signed_on.or(again.signed_on);
}

/// The day of the act named just before, « du 12 mai 2024 », and where it ends; not one further on.
fn dated_after(rest: &str) -> Option<(NaiveDate, usize)> {
    let near: Range<usize> = 0..rest.char_indices().nth(60).map_or(rest.len(), |(i, _)| i);
    let dates = find_dates(&rest[near]);
    let day = dates.first()?;
    let before = &rest[..day.start];
    let words: Vec<&str> = before.split(' ').filter(|w| !w.is_empty()).collect();
    let dated = words.len() <= 4 && words.iter().any(|w| matches!(*w, "du" | "date"));
    let dated = dated && !before.contains(['.', ';', '"', ':']);
    dated.then_some((day.date, day.end))
}

fn is_number(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let first = text.split([' ', '-', '/']).next().unwrap_or_default();
    digits >= 3 && !matches!(first, "du" | "en" | "portant" | "date" | "de" | "le")
}
