//! A commune at the end of a title, set apart: « – bureau de tabac, rue du Port – Montargis ».

use super::super::Reading;
use super::super::tokens::{Kind, Token};
use super::Mention;
use super::names::{is_common, name_at};

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
            "-" => after && i > 0 && words[i].start > words[i - 1].end,
            "," => words[i.saturating_sub(ADDRESS)..i].iter().any(|t| STREETS.contains(&t.text)),
            _ => false,
        }
    };
    let Some(at) = (0..end).rev().find(|&i| words[i].kind == Kind::Mark && apart(i)) else {
        return;
    };
    let Some((communes, next)) = name_at(reading, words, at + 1, None, false) else { return };
    if next == end && !(next == at + 2 && is_common(words[at + 1].text)) {
        let range = words[at + 1].start..words[next - 1].end;
        found.extend(communes.into_iter().map(|commune| (commune, range.clone())));
    }
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
