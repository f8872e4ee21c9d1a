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
    // Five letters a word, in French prose, and the marks between.
    let mut found = Vec::with_capacity(text.len() / 4);
    let mut start = 0;
    while let Some(c) = text[start..].chars().next() {
        let kind = kind(c);
        let mut end = start + c.len_utf8();
        if !c.is_whitespace() {
            if kind != Kind::Mark {
                end += text[end..].find(|c| self::kind(c) != kind).unwrap_or(text.len() - end);
            }
            let word = &text[start..end];
            found.push(Token { kind, text: word, start: base + start, end: base + end });
        }
        start = end;
    }
    found
}

fn kind(c: char) -> Kind {
    if c.is_ascii_lowercase() {
        Kind::Word
    } else if c.is_ascii_digit() {
        Kind::Number
    } else if c.is_alphabetic() {
        Kind::Word
    } else {
        Kind::Mark
    }
}
