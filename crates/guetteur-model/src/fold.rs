//! Folding: the form in which text is matched, with the way back to the text as printed.
//!
//! Accents, case, typographic quotes, lost glyphs (□), hyphens at line ends and runs of spaces say
//! nothing about an act, and damage to them is what extraction and OCR produce most. Matching
//! happens on folded text; evidence is quoted from the original through [`Folded::span`].

use unicode_normalization::UnicodeNormalization;

/// Folded text and, for each of its bytes, the character of the original it came from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Folded {
    text: String,
    /// `origin[i]`: offset in characters, in the original, of the character that gave byte `i`.
    origin: Vec<u32>,
    /// Characters in the original.
    len: u32,
}

impl Folded {
    /// Folds `original`. Linear time.
    #[must_use]
    pub fn new(original: &str) -> Self {
        Self::build::<true>(original)
    }

    /// `ORIGIN`: whether to note where each byte came from.
    fn build<const ORIGIN: bool>(original: &str) -> Self {
        let mut folded = Builder::<ORIGIN> {
            text: String::with_capacity(original.len()),
            origin: Vec::with_capacity(if ORIGIN { original.len() } else { 0 }),
        };
        let mut rest = original;
        let mut at = 0u32;
        while !rest.is_empty() {
            let plain = folded.plain_run(rest.as_bytes());
            if plain > 0 {
                folded.push_plain(&rest[..plain], at);
                at += plain as u32;
                rest = &rest[plain..];
                continue;
            }
            // Most of what is not plain is a letter with an accent.
            if let [0xc3, second, ..] = *rest.as_bytes()
                && let base @ 1.. = LATIN[usize::from(second & 0x3f)]
            {
                folded.push(char::from(base), at);
                at += 1;
                rest = &rest[2..];
                continue;
            }
            let Some(c) = rest.chars().next() else { break };
            rest = &rest[c.len_utf8()..];
            let here = at;
            at += 1;
            match c {
                // A hyphen that ends a line joins what it split: `trans-⏎mettre`.
                '-' | '\u{2010}' | '\u{2011}'
                    if rest.starts_with('\n')
                        && folded.text.ends_with(|c: char| c.is_ascii_lowercase()) =>
                {
                    let ahead = rest.trim_start();
                    if ahead.starts_with(char::is_lowercase) {
                        at += rest[..rest.len() - ahead.len()].chars().count() as u32;
                        rest = ahead;
                    } else {
                        folded.push('-', here);
                    }
                }
                '\u{ad}' | '\u{200b}' | '\u{200c}' | '\u{200d}' | '\u{feff}' => {}
                c if c.is_ascii() => folded.push_ascii(c, here),
                c if c.is_whitespace() => folded.push_space(here),
                '’' | '‘' | '‛' | '´' | '`' | '′' | '□' | '\u{fffd}' => {
                    folded.push('\'', here);
                }
                // The raised o of « nº 3 » and « 1º mai »: no letter, no zero.
                'º' => folded.push('°', here),
                '–' | '—' | '‐' | '‑' | '−' | '―' => folded.push('-', here),
                '«' | '»' | '“' | '”' | '„' => folded.push('"', here),
                'œ' | 'Œ' => folded.push_str("oe", here),
                'æ' | 'Æ' => folded.push_str("ae", here),
                'ß' => folded.push_str("ss", here),
                c => folded.push_decomposed(c, here),
            }
        }
        Self { text: folded.text, origin: folded.origin, len: at }
    }

    /// The folded text: mostly lower-case ASCII, single spaces, no line breaks.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// For each folded byte, the offset in characters of the original that it came from; growing.
    #[must_use]
    pub fn origins(&self) -> &[u32] {
        &self.origin
    }

    /// Offsets, in characters of the original, of the folded bytes `start..end`.
    /// An empty range gives an empty span.
    #[must_use]
    pub fn span(&self, start: usize, end: usize) -> (u32, u32) {
        let first = self.origin.get(start).copied().unwrap_or(self.len);
        if end <= start {
            return (first, first);
        }
        let last = self.origin.get(end - 1).copied().unwrap_or(self.len.saturating_sub(1));
        (first, last + 1)
    }
}

/// Bytes that stand for themselves but for their case; the second half: behind a space, where
/// another one does not.
const PLAIN: [bool; 512] = {
    let mut plain = [false; 512];
    let mut at = 0;
    while at < 512 {
        let byte = (at % 256) as u8;
        plain[at] = byte > b' ' && byte < 0x7f && byte != b'-' && byte != b'`';
        at += 1;
    }
    plain[b' ' as usize] = true;
    plain
};

/// Base letters of U+00C0 to U+00FF by their second byte in UTF-8; 0 for those without.
const LATIN: [u8; 64] =
    *b"aaaaaa\0ceeeeiiii\0nooooo\0\0uuuu\0\0\0aaaaaa\0ceeeeiiii\0nooooo\0\0uuuu\0\0y";

struct Builder<const ORIGIN: bool> {
    text: String,
    origin: Vec<u32>,
}

impl<const ORIGIN: bool> Builder<ORIGIN> {
    /// Bytes at the start of `rest` that stand for themselves but for their case: ASCII, one space
    /// at a time, no hyphen at a line's end. Most of French prose, in runs from accent to accent.
    fn plain_run(&self, rest: &[u8]) -> usize {
        const BEHIND_SPACE: usize = 256;
        let starts = self.text.as_bytes().last().is_none_or(|&last| last == b' ');
        let mut behind = if starts { BEHIND_SPACE } else { 0 };
        let mut len = 0;
        loop {
            let plain = rest[len..].iter().take_while(|&&byte| {
                let stays = PLAIN[behind | usize::from(byte)];
                behind = if byte == b' ' { BEHIND_SPACE } else { 0 };
                stays
            });
            len += plain.count();
            let hyphen = rest.get(len) == Some(&b'-');
            if !hyphen || rest.get(len + 1).is_none_or(|&next| next == b'\n') {
                return len;
            }
            len += 1;
            behind = 0;
        }
    }

    fn push_plain(&mut self, run: &str, from: u32) {
        let start = self.text.len();
        self.text.push_str(run);
        self.text[start..].make_ascii_lowercase();
        if ORIGIN {
            self.origin.extend(from..from + run.len() as u32);
        }
    }

    #[inline]
    fn push(&mut self, c: char, from: u32) {
        self.text.push(c);
        if ORIGIN && c.is_ascii() {
            self.origin.push(from);
        } else if ORIGIN {
            self.origin.extend(std::iter::repeat_n(from, c.len_utf8()));
        }
    }

    fn push_str(&mut self, s: &str, from: u32) {
        s.chars().for_each(|c| self.push(c, from));
    }

    #[inline]
    fn push_space(&mut self, from: u32) {
        if self.text.as_bytes().last().is_some_and(|&last| last != b' ') {
            self.push(' ', from);
        }
    }

    #[inline]
    fn push_ascii(&mut self, c: char, from: u32) {
        if c.is_ascii_whitespace() || c.is_ascii_control() {
            self.push_space(from);
        } else {
            let c = if c == '`' { '\'' } else { c.to_ascii_lowercase() };
            self.push(c, from);
        }
    }

    fn push_decomposed(&mut self, c: char, from: u32) {
        for part in std::iter::once(c).nfkd() {
            if unicode_normalization::char::is_combining_mark(part) {
                continue;
            }
            if part.is_ascii() {
                self.push_ascii(part, from);
            } else {
                for lower in part.to_lowercase() {
                    self.push(lower, from);
                }
            }
        }
    }
}

/// The folded text alone.
#[must_use]
pub fn fold(original: &str) -> String {
    Folded::build::<false>(original).text
}

/// Bytes of a block of [`CharOffsets`].
const BLOCK: usize = 16;

/// Offsets in characters and in bytes of one text, each from the other without a walk from its
/// start.
#[derive(Debug, Clone, Default)]
pub struct CharOffsets {
    /// Characters that begin before each block.
    before: Vec<u32>,
}

impl CharOffsets {
    /// Linear time, once.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let mut count = 0;
        let (blocks, rest) = text.as_bytes().as_chunks::<BLOCK>();
        let mut before = Vec::with_capacity(blocks.len() + 1);
        for block in blocks {
            before.push(count);
            // Added up without a branch, sixteen bytes at once.
            count += block.iter().map(|&b| u32::from(begins_char(b))).sum::<u32>();
        }
        if !rest.is_empty() {
            before.push(count);
        }
        Self { before }
    }

    /// Byte of the character `offset` of `text`, the one that these offsets are of; its length
    /// past the last.
    #[must_use]
    pub fn byte(&self, text: &str, offset: u32) -> usize {
        let Some(block) = self.before.partition_point(|&n| n <= offset).checked_sub(1) else {
            return text.len();
        };
        let from = block * BLOCK;
        // A character a byte, as in most blocks.
        if self.before.get(block + 1).is_some_and(|next| next - self.before[block] == BLOCK as u32)
        {
            return from + (offset - self.before[block]) as usize;
        }
        let mut begun = text.bytes().enumerate().skip(from).filter(|&(_, b)| begins_char(b));
        let found = begun.nth((offset - self.before[block]) as usize);
        found.map_or(text.len(), |(i, _)| i)
    }

    /// The characters `start..end` of `text`, the one that these offsets are of.
    #[must_use]
    pub fn slice<'t>(&self, text: &'t str, start: u32, end: u32) -> &'t str {
        let from = self.byte(text, start);
        let to = if end <= start { from } else { self.byte(text, end) };
        &text[from..to]
    }
}

/// Whether a byte of UTF-8 is the first of a character.
fn begins_char(byte: u8) -> bool {
    byte & 0xc0 != 0x80
}

/// The characters `start..end` of `text`.
#[must_use]
pub fn slice_chars(text: &str, start: u32, end: u32) -> &str {
    let mut indices = text.char_indices().map(|(i, _)| i).chain(std::iter::once(text.len()));
    let from = indices.nth(start as usize).unwrap_or(text.len());
    let to = if end <= start {
        from
    } else {
        indices.nth((end - start - 1) as usize).unwrap_or(text.len())
    };
    &text[from..to]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds() {
        let cases = [
            ("Arrêté N° 12", "arrete n° 12"),
            ("l’enregistrement", "l'enregistrement"),
            ("l□enregistrement", "l'enregistrement"),
            ("trans-\nmettre", "transmettre"),
            ("trans-\n  mettre des", "transmettre des"),
            ("Saint-\nÉtienne", "saint- etienne"),
            ("A-\nB", "a- b"),
            ("  deux\u{a0} mots\n\n", "deux mots "),
            ("mise en œuvre", "mise en oeuvre"),
            ("e\u{301}te\u{301}", "ete"),
            ("ﬁnalité", "finalite"),
            ("Îᴀ", "iᴀ"),
            ("PRÉFET  DE LA\tDRÔME -\n 12", "prefet de la drome - 12"),
            ("a-\u{a0}\nb c- d-", "a- b c- d-"),
            ("l`eau\u{1}x", "l'eau x"),
            ("", ""),
        ];
        for (original, expected) in cases {
            assert_eq!(fold(original), expected, "{original:?}");
        }
    }

    #[test]
    fn span_quotes_the_original() {
        let original = "Vu la capta-\ntion d’images œuvrée";
        let folded = Folded::new(original);
        let at = folded.as_str().find("captation d'images").expect("folded");
        let (start, end) = folded.span(at, at + "captation d'images".len());
        assert_eq!(slice_chars(original, start, end), "capta-\ntion d’images");
    }

    proptest::proptest! {
        #[test]
        fn offsets_slice_as_a_walk_does(text in "[a-é□œ ]{0,400}", a in 0u32..420, b in 0u32..420) {
            let offsets = CharOffsets::new(&text);
            assert_eq!(offsets.slice(&text, a, b), slice_chars(&text, a, b));
        }

        #[test]
        fn every_span_lies_in_the_original(original in "\\PC{0,80}|[a-é\\-\n□œ ]{0,80}") {
            let folded = Folded::new(&original);
            let chars = original.chars().count() as u32;
            let mut last = 0;
            for (i, c) in folded.as_str().char_indices() {
                let (start, end) = folded.span(i, i + c.len_utf8());
                assert!(start < end && end <= chars && start >= last);
                last = start;
            }
        }
    }
}
