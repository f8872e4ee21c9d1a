//! Letters that a producer wrote down wrongly, where what they were is certain.
//!
//! Ghostscript 10.00 (Debian 12) writes the letters of a ligature as code units with the letter in
//! the high byte: « autorisa琀椀on ». Of three letters it adds the codes of the last two (« ffi » is
//! 6600 CF00, and 66 + 69 = CF). In fonts of another kind it adds the two bytes of one unit: « œ »
//! (0153) becomes « T », an apostrophe (2019) « 9 », a dash « 3 » or « 4 ». pdfTeX without tables
//! gives the place of « œ » in its own encoding, which others call « ÷ ».

use unicode_normalization::char::{canonical_combining_class, compose};

use super::layout::Fragment;

/// The letters of a ligature whose code units were shifted; `None` if they are others.
pub(super) fn ligature(read: &str) -> Option<String> {
    let mut letters = String::new();
    for (i, c) in read.chars().enumerate() {
        let code = u32::from(c);
        let high = char::from_u32(code >> 8).filter(|_| code & 0xFF == 0);
        match high {
            Some(letter) if letter.is_ascii_alphabetic() => letters.push(letter),
            Some(sum) if i > 0 => letters.push_str(pair(u32::from(sum))?),
            // DD00 is no character: t and i.
            _ if i > 0 && c == char::REPLACEMENT_CHARACTER => letters.push_str("ti"),
            _ => return None,
        }
    }
    (letters.len() > 1).then_some(letters)
}

/// The end of a ligature of three letters by the sum of its codes.
fn pair(sum: u32) -> Option<&'static str> {
    match sum {
        0xCC => Some("ff"),
        0xCF => Some("fi"),
        0xD2 => Some("fl"),
        0xDA => Some("ft"),
        0xDD => Some("ti"),
        0xE0 => Some("tl"),
        0xE8 => Some("tt"),
        _ => None,
    }
}

/// Mends the words of a page. `summed` says that bytes of code units may have been added: its
/// producer is known for it, or a ligature on the page shows it.
pub(super) fn mend(fragments: &mut [Fragment], summed: bool) {
    for fragment in fragments.iter_mut().filter(|fragment| !fragment.text.is_ascii() || summed) {
        let text = &fragment.text;
        let is_marked = |c: char| canonical_combining_class(c) != 0;
        if text.contains(['÷', '×']) {
            fragment.text = pdftex(text);
        }
        if fragment.text.chars().any(is_marked) {
            fragment.text = composed(&fragment.text);
        }
        if summed {
            fragment.text = unsummed(&fragment.text);
        }
    }
}

/// « m÷urs », « ×uvre ».
fn pdftex(text: &str) -> String {
    with_neighbours(text, |before, c, after| match c {
        '÷' if is_letter(before) || is_letter(after) => 'œ',
        '×' if is_letter(after) && before.is_none_or(|c| !c.is_alphanumeric()) => 'Œ',
        c => c,
    })
}

/// « cTur », « l9arrêté »: capitals and digits do not stand inside words.
fn unsummed(text: &str) -> String {
    let is_small = |c: Option<char>| c.is_some_and(char::is_lowercase);
    with_neighbours(text, |before, c, after| match c {
        'T' if is_small(before) && is_small(after) => 'œ',
        '9' if is_letter(before) && is_letter(after) => '’',
        c => c,
    })
    .replace("Tuvre", "œuvre")
}

fn is_letter(c: Option<char>) -> bool {
    c.is_some_and(char::is_alphabetic)
}

fn with_neighbours(text: &str, mend: impl Fn(Option<char>, char, Option<char>) -> char) -> String {
    let chars: Vec<char> = text.chars().collect();
    let at = |i: Option<usize>| i.and_then(|i| chars.get(i).copied());
    (0..chars.len()).map(|i| mend(at(i.checked_sub(1)), chars[i], at(Some(i + 1)))).collect()
}

/// Letters and the accents that combine with them, made one.
fn composed(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        let last = out.chars().next_back();
        match last.and_then(|last| compose(last, c)) {
            Some(letter) => {
                out.pop();
                out.push(letter);
            }
            None => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shifted_ligatures_are_undone() {
        let cases = [
            ("\u{7400}\u{6900}", "ti"),
            ("\u{6600}\u{6600}", "ff"),
            ("\u{6600}\u{CF00}", "ffi"),
            ("\u{6600}\u{D200}", "ffl"),
            ("\u{7400}\u{FFFD}", "tti"),
        ];
        for (read, letters) in cases {
            assert_eq!(ligature(read).as_deref(), Some(letters));
        }
        for other in ["ti", "ﬁ", "\u{7400}", "中文", "\u{4E00}\u{6587}", "\u{FFFD}\u{FFFD}"] {
            assert_eq!(ligature(other), None, "{other}");
        }
    }

    #[test]
    fn the_place_of_oe_is_a_letter_beside_letters() {
        assert_eq!(pdftex("m÷urs"), "mœurs");
        assert_eq!(pdftex("÷uvre"), "œuvre");
        assert_eq!(pdftex("×uvres"), "Œuvres");
        for kept in ["12÷4", "÷", "2×3", "4×a"] {
            assert_eq!(pdftex(kept), kept);
        }
    }

    #[test]
    fn summed_bytes_are_undone_inside_words() {
        assert_eq!(unsummed("cTur"), "cœur");
        assert_eq!(unsummed("main-d9Tuvre"), "main-d’œuvre");
        for kept in ["TVA", "2019", "A9", "L3", "Tous"] {
            assert_eq!(unsummed(kept), kept);
        }
    }

    #[test]
    fn accents_apart_are_joined_to_their_letters() {
        assert_eq!(composed("arre\u{302}te\u{301}"), "arrêté");
        assert_eq!(composed("´5"), "´5");
    }
}
