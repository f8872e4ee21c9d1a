//! A commune at the end of a title, set apart: « – bureau de tabac, rue du Port – Montargis ».

use super::super::Reading;
use super::super::tokens::{Kind, Token};
use super::Mention;
use super::names::name_at;
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
/// Tokens of an address at most.
const ADDRESS: usize = 16;

/// Adds the commune that ends the title behind a dash, or behind an address and a comma.
pub(super) fn read(reading: &Reading<'_>, words: &[Token<'_>], found: &mut Vec<Mention>) {
    let end = without_tail(words);
    let apart = |i: usize| {
        let after = words.get(i + 1).is_some_and(|next| next.start > words[i].end);
        match words[i].text {
            // A dash that extraction lost folds to an apostrophe.
            "-" | "'" => after && i > 0 && words[i].start > words[i - 1].end,
            "," => words[i.saturating_sub(ADDRESS)..i].iter().any(|t| STREETS.contains(&t.text)),
            _ => false,
        }
    };
    let behind = (0..end).rev().find(|&i| words[i].kind == Kind::Mark && apart(i)).map(|i| i + 1);
    let named = |at: usize| {
        let (communes, next) = name_at(reading, words, at, None, false)?;
        let whole = next == end && !(next == at + 1 && is_common(words[at].text));
        whole.then(|| (communes, words[at].start..words[next - 1].end))
    };
    let last =
        behind.and_then(named).or_else(|| in_capitals(reading, &words[..end]).and_then(named));
    if let Some((communes, range)) = last {
        found.extend(communes.into_iter().map(|commune| (commune, range.clone())));
    }
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
