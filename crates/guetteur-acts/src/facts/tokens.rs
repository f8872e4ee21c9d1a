//! Words, numbers and marks of folded text.

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Digits.
    Number,
    /// Letters.
    Word,
    /// Any other character.
    Mark,
}

/// A run of letters or of digits, or one mark. Spaces are between tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Token<'t> {
    pub kind: Kind,
    pub text: &'t str,
    /// First byte, in the whole folded text.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Token<'_> {
    /// Value of a number of at most nine digits.
    pub(crate) fn value(&self) -> Option<u32> {
        (self.kind == Kind::Number && self.text.len() <= 9).then(|| self.text.parse().ok())?
    }
}

/// The tokens of `text`, whose first byte is byte `base` of the whole.
pub(crate) fn tokens(text: &str, base: usize) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    let mut chars = text.char_indices().peekable();
    while let Some((start, c)) = chars.next() {
        if c.is_whitespace() {
            continue;
        }
        let kind = kind(c);
        let mut end = start + c.len_utf8();
        if kind != Kind::Mark {
            while let Some((i, next)) = chars.next_if(|(_, next)| self::kind(*next) == kind) {
                end = i + next.len_utf8();
            }
        }
        found.push(Token { kind, text: &text[start..end], start: base + start, end: base + end });
    }
    found
}

fn kind(c: char) -> Kind {
    if c.is_ascii_digit() {
        Kind::Number
    } else if c.is_alphabetic() {
        Kind::Word
    } else {
        Kind::Mark
    }
}
