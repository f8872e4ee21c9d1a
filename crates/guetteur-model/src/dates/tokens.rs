//! Words, numbers and marks of folded text.

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Digits.
    Number,
    /// Letters.
    Word,
    /// Any other character.
    Mark,
}

/// A run of letters or of digits, or one mark. Spaces are between tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token<'t> {
    /// What it is.
    pub kind: Kind,
    /// As it stands in the text.
    pub text: &'t str,
    /// First byte, in the whole folded text.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Token<'_> {
    /// Value of a number of at most nine digits.
    #[must_use]
    pub fn value(&self) -> Option<u32> {
        (self.kind == Kind::Number && self.text.len() <= 9).then(|| self.text.parse().ok())?
    }
}

/// The tokens of `text`, whose first byte is byte `base` of the whole.
#[must_use]
pub fn tokens(text: &str, base: usize) -> Vec<Token<'_>> {
    let bytes = text.as_bytes();
    // Five letters a word, in French prose, and the marks between.
    let mut found = Vec::with_capacity(text.len() / 4);
    let mut start = 0;
    while let Some(&byte) = bytes.get(start) {
        let (kind, mut end) = match CLASSES[usize::from(byte)] {
            Class::Space => {
                start += 1;
                continue;
            }
            Class::Is(kind) => (kind, start + 1),
            Class::BeyondAscii => match beyond_ascii(text, start) {
                (Some(kind), end) => (kind, end),
                (None, end) => {
                    start = end;
                    continue;
                }
            },
        };
        if kind != Kind::Mark {
            end = run(text, end, kind);
        }
        found.push(Token { kind, text: &text[start..end], start: base + start, end: base + end });
        start = end;
    }
    found
}

/// Where the run of `kind` ends that goes on at `end`.
fn run(text: &str, mut end: usize, kind: Kind) -> usize {
    while let Some(&byte) = text.as_bytes().get(end) {
        end = match CLASSES[usize::from(byte)] {
            Class::Is(same) if same == kind => end + 1,
            // Folded text has few letters beyond ASCII.
            Class::BeyondAscii => match beyond_ascii(text, end) {
                (Some(same), after) if same == kind => after,
                _ => return end,
            },
            _ => return end,
        };
    }
    end
}

/// What the character at byte `at` is, `None` for a space, and where it ends.
fn beyond_ascii(text: &str, at: usize) -> (Option<Kind>, usize) {
    let Some(c) = text[at..].chars().next() else { return (None, text.len()) };
    let kind = if c.is_alphabetic() { Kind::Word } else { Kind::Mark };
    ((!c.is_whitespace()).then_some(kind), at + c.len_utf8())
}

#[derive(Clone, Copy)]
enum Class {
    Is(Kind),
    Space,
    BeyondAscii,
}

const CLASSES: [Class; 256] = {
    let mut classes = [Class::BeyondAscii; 256];
    let mut byte = 0;
    while byte < 128 {
        classes[byte as usize] = match byte {
            b'a'..=b'z' | b'A'..=b'Z' => Class::Is(Kind::Word),
            b'0'..=b'9' => Class::Is(Kind::Number),
            b' ' | b'\t'..=b'\r' => Class::Space,
            _ => Class::Is(Kind::Mark),
        };
        byte += 1;
    }
    classes
};
