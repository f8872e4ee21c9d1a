//! Sentences of folded text, as far as acts and scans let them be told.

use std::ops::Range;

/// Words before a full stop that does not end a sentence.
const ABBREVIATED: [&str; 12] =
    ["art", "l", "r", "d", "n", "al", "m", "mme", "cf", "st", "ste", "no"];

/// The sentences of `text`, as byte ranges of it. A list with its items (« : - a ; - b ») is one
/// sentence: what its head denies, it denies of each.
pub(crate) fn sentences(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut start = 0;
    for (at, byte) in bytes.iter().enumerate() {
        let stops = *byte == b'.' && bytes.get(at + 1).is_none_or(|next| *next == b' ');
        if stops && !abbreviated(&text[start..at]) {
            found.push(start..at + 1);
            start = at + 1;
        }
    }
    if !text[start..].trim().is_empty() {
        found.push(start..text.len());
    }
    found
}

fn abbreviated(before: &str) -> bool {
    let word = before.rsplit(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
    ABBREVIATED.contains(&word)
        || (!word.is_empty() && word.len() <= 2 && word.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stop_after_an_article_number_ends_nothing() {
        let text = "la captation est autorisee. en application de l'art. l. 242-4, le son est \
                    interdit. sont exclus : 1. le son ; 2. les visages. fin";
        let parts: Vec<&str> = sentences(text).into_iter().map(|r| text[r].trim()).collect();
        assert_eq!(
            parts,
            [
                "la captation est autorisee.",
                "en application de l'art. l. 242-4, le son est interdit.",
                "sont exclus : 1. le son ; 2. les visages.",
                "fin"
            ]
        );
    }
}
