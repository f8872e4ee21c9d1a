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
        let mut chars = original.chars().peekable();
        let mut at = 0u32;
        while let Some(c) = chars.next() {
            let here = at;
            at += 1;
            match c {
                'a'..='z' => folded.push(c, here),
                // A hyphen that ends a line joins what it split: `trans-⏎mettre`.
                '-' | '\u{2010}' | '\u{2011}'
                    if chars.peek() == Some(&'\n')
                        && folded.text.ends_with(|c: char| c.is_ascii_lowercase()) =>
                {
                    let mut ahead = chars.clone();
                    let mut skipped = 0;
                    while ahead.next_if(|c| c.is_whitespace()).is_some() {
                        skipped += 1;
                    }
                    if ahead.peek().is_some_and(|c| c.is_lowercase()) {
                        chars = ahead;
                        at += skipped;
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
                '–' | '—' | '‐' | '‑' | '−' | '―' => folded.push('-', here),
                '«' | '»' | '“' | '”' | '„' => folded.push('"', here),
                'œ' | 'Œ' => folded.push_str("oe", here),
                'æ' | 'Æ' => folded.push_str("ae", here),
                'ß' => folded.push_str("ss", here),
                c => {
                    if let Some(base) = base_letter(c) {
                        folded.push(base, here);
                    } else {
                        folded.push_decomposed(c, here);
                    }
                }
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

struct Builder<const ORIGIN: bool> {
    text: String,
    origin: Vec<u32>,
}

impl<const ORIGIN: bool> Builder<ORIGIN> {
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

/// Precomposed Latin letters of French and its neighbours: a table beats decomposition in speed.
fn base_letter(c: char) -> Option<char> {
    Some(match c {
        'à' | 'â' | 'ä' | 'á' | 'ã' | 'å' | 'À' | 'Â' | 'Ä' | 'Á' | 'Ã' | 'Å' => 'a',
        'é' | 'è' | 'ê' | 'ë' | 'É' | 'È' | 'Ê' | 'Ë' => 'e',
        'î' | 'ï' | 'í' | 'ì' | 'Î' | 'Ï' | 'Í' | 'Ì' => 'i',
        'ô' | 'ö' | 'ó' | 'ò' | 'õ' | 'Ô' | 'Ö' | 'Ó' | 'Ò' | 'Õ' => 'o',
        'û' | 'ü' | 'ù' | 'ú' | 'Û' | 'Ü' | 'Ù' | 'Ú' => 'u',
        'ç' | 'Ç' => 'c',
        'ñ' | 'Ñ' => 'n',
        'ÿ' | 'Ÿ' => 'y',
        _ => return None,
    })
}

/// The folded text alone.
#[must_use]
pub fn fold(original: &str) -> String {
    Folded::build::<false>(original).text
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
