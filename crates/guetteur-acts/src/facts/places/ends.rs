//! A commune at either end of a title, set apart: « – bureau de tabac, rue du Port – Montargis »,
//! « Colmar – Arrêté autorisant… ».

use super::super::Reading;
use super::super::tokens::{Kind, Token};
use super::Mention;
use super::spelled::name_at;
use super::words::is_common;

/// Words of an address before the comma behind which a commune stands.
const STREETS: [&str; 12] = [
    "rue",
    "avenue",
    "place",
    "boulevard",
    "route",
    "chemin",
    "impasse",
    "quai",
    "cours",
    "allee",
    "zac",
    "za",
];
/// Tokens before the kind of an act at most.
const FIRST: usize = 14;
/// Tokens of an address at most.
const ADDRESS: usize = 16;

/// Adds the communes that end the title behind a dash or a colon, or behind an address and a comma, and
/// the one that it begins with before a dash.
pub(super) fn read(reading: &Reading<'_>, words: &[Token<'_>], found: &mut Vec<Mention>) {
    let end = without_tail(words);
    let apart = |i: usize| {
        let after = words.get(i + 1).is_some_and(|next| next.start > words[i].end);
        match words[i].text {
            // A dash that extraction lost folds to an apostrophe.
            "-" | "'" => after && i > 0 && words[i].start > words[i - 1].end,
            ":" => after,
            "," => words[i.saturating_sub(ADDRESS)..i].iter().any(|t| STREETS.contains(&t.text)),
            _ => false,
        }
    };
    let behind = (0..end).rev().find(|&i| words[i].kind == Kind::Mark && apart(i)).map(|i| i + 1);
    let named = |at: usize| names(reading, words, at, end);
    let last =
        behind.and_then(named).or_else(|| in_capitals(reading, &words[..end]).and_then(named));
    let apart = in_brackets(reading, &words[..end]);
    let whole = [first(reading, words), last, apart, behind_street(reading, &words[..end])];
    for (commune, range) in whole.into_iter().flatten().flatten() {
        // « BOURG_LES_VALENCE » does not end in Valence.
        if !found.iter().any(|(_, name)| name.start <= range.start && range.end <= name.end) {
            found.push((commune, range));
        }
    }
}

/// « 6 rue du Moulin La GREVE sur MIGNON », « 2 rue Hoche VALENCE »: a name of several words, or in
/// capitals, behind the name of a street.
fn behind_street(reading: &Reading<'_>, words: &[Token<'_>]) -> Option<Vec<Mention>> {
    const NAME: usize = 9;
    let from = words.len().saturating_sub(ADDRESS);
    let street = from + words[from..].iter().rposition(|t| STREETS.contains(&t.text))?;
    // The street has a name of its own.
    let capital = |t: &Token<'_>| t.kind == Kind::Word && reading.text.is_upper(t.start);
    let named = street + 1 + words[street + 1..].iter().position(capital)?;
    let capitals = |at: usize| reading.text.is_upper(words[at].end - 1);
    (named + 1..words.len()).filter(|&at| words.len() - at <= NAME).find_map(|at| {
        let single = at + 1 == words.len();
        let linked = matches!(words[at - 1].text, "-" | "'" | "de" | "d" | "du" | "des");
        let sure = !single || capitals(at) && !capitals(named);
        (!linked && sure).then(|| names(reading, words, at, words.len()))?
    })
}

/// « – auto-école du Pont (MONTEBOURG) ».
fn in_brackets(reading: &Reading<'_>, words: &[Token<'_>]) -> Option<Vec<Mention>> {
    let close = words.len().checked_sub(1).filter(|&close| words[close].text == ")")?;
    let open = words.iter().rposition(|t| t.text == "(")?;
    names(reading, words, open + 1, close)
}

/// The names from `at` to `end`, when there is nothing else: « Nantes/Rezé », « Thann & Cernay ».
fn names(
    reading: &Reading<'_>,
    words: &[Token<'_>],
    mut at: usize,
    end: usize,
) -> Option<Vec<Mention>> {
    let mut found = Vec::new();
    loop {
        let (communes, next) = name_at(reading, words, at, None, false)?;
        if next == at + 1 && is_common(words[at].text) {
            return None;
        }
        let range = words[at].start..words[next - 1].end;
        found.extend(communes.into_iter().map(|commune| (commune, range.clone())));
        if next == end {
            return Some(found);
        }
        if next > end || !matches!(words[next].text, "/" | "&" | "et" | ",") {
            return None;
        }
        at = next + 1;
    }
}

/// « COLMAR – Arrêté », « Rezé : autorisation »: what a title begins with before it says what it is.
fn first(reading: &Reading<'_>, words: &[Token<'_>]) -> Option<Vec<Mention>> {
    const KINDS: [&str; 7] =
        ["arrete", "ap", "decision", "avis", "autorisation", "videoprotection", "portant"];
    let kind = words.iter().take(FIRST).position(|t| KINDS.contains(&t.text))?;
    let mark = kind.checked_sub(1).filter(|&mark| matches!(words[mark].text, "-" | ":"))?;
    let apart = words[mark].text == ":" || words[kind].start > words[mark].end;
    apart.then(|| names(reading, words, 0, mark))?
}

/// « système de vidéoprotection Tabac Le Brazza JOIGNY »: where the capitals begin in which such a
/// title ends, when its other words have none.
fn in_capitals(reading: &Reading<'_>, words: &[Token<'_>]) -> Option<usize> {
    if !words.iter().any(|t| matches!(t.text, "videoprotection" | "videosurveillance")) {
        return None;
    }
    let capitals = |t: &Token<'_>| {
        t.kind == Kind::Word && reading.text.is_upper(t.start) && reading.text.is_upper(t.end - 1)
            || t.kind == Kind::Mark && matches!(t.text, "-" | "'")
    };
    let start = words.iter().rposition(|t| !capitals(t))? + 1;
    let person = |t: &Token<'_>| matches!(t.text, "m" | "mme" | "monsieur" | "madame" | "docteur");
    let civil = words[start.saturating_sub(3)..start].iter().any(person);
    (!civil && start < words.len() && words[start].text.len() > 3).then_some(start)
}

/// Tokens without a number in brackets, a stop or « raa » at the end.
fn without_tail(words: &[Token<'_>]) -> usize {
    let mut end = words.len();
    loop {
        end = match &words[..end] {
            [.., open, number, close]
                if open.text == "(" && number.kind == Kind::Number && close.text == ")" =>
            {
                end - 3
            }
            [.., last] if matches!(last.text, "." | "raa" | "\"" | ";") => end - 1,
            _ => return end,
        };
    }
}
