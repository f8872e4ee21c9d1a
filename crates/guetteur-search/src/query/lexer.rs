//! From characters to the tokens of the query language.

use guetteur_model::fold::fold;

use super::fields::is_field;
use super::notes::Notes;

/// A token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Token {
    Open,
    Close,
    And,
    Or,
    Not,
    Word(String),
    Prefix(String),
    Phrase(String),
    Near(String, u32),
    /// Folded name of a known field, value.
    Field(String, String),
}

/// Words between those of a `"…"~` without a number.
const DEFAULT_DISTANCE: u32 = 5;
/// Larger distances would match anything.
const MAX_DISTANCE: u32 = 20;

/// Tokens of `text`, and notes for the reader on what was not as it should be.
pub(crate) fn tokens(text: &str, notes: &mut Notes) -> Vec<Token> {
    let mut lexer = Lexer { rest: text, tokens: Vec::new(), notes };
    while lexer.step() {}
    lexer.tokens
}

struct Lexer<'a, 'n> {
    rest: &'a str,
    tokens: Vec<Token>,
    notes: &'n mut Notes,
}

impl<'a> Lexer<'a, '_> {
    /// Takes one token; false at the end.
    fn step(&mut self) -> bool {
        self.rest = self.rest.trim_start();
        let Some(first) = self.rest.chars().next() else { return false };
        match first {
            '(' => self.take(1, Token::Open),
            ')' => self.take(1, Token::Close),
            c if is_quote(c) => self.quoted(c),
            '-' | '−' | '–' | '!' if self.before_something(first) => {
                self.take(first.len_utf8(), Token::Not);
            }
            _ => self.word(),
        }
        true
    }

    fn take(&mut self, bytes: usize, token: Token) {
        self.rest = &self.rest[bytes..];
        self.tokens.push(token);
    }

    /// Whether a word, phrase or group follows the sign at once.
    fn before_something(&self, sign: char) -> bool {
        let next = self.rest[sign.len_utf8()..].chars().next();
        next.is_some_and(|c| c.is_alphanumeric() || is_quote(c) || c == '(')
    }

    fn quoted(&mut self, open: char) {
        let Some(text) = self.take_quoted(open) else { return };
        let text = text.trim();
        if let Some(distance) = self.take_distance() {
            self.tokens.push(Token::Near(text.to_owned(), distance));
        } else if !text.is_empty() {
            self.tokens.push(Token::Phrase(text.to_owned()));
        }
    }

    /// The text between quotation marks; `None`, with a note and the opening one dropped, when they
    /// are not closed.
    fn take_quoted(&mut self, open: char) -> Option<&'a str> {
        let inside = &self.rest[open.len_utf8()..];
        if let Some(end) = inside.find(is_quote) {
            let close = inside[end..].chars().next().map_or(1, char::len_utf8);
            self.rest = &inside[end + close..];
            Some(&inside[..end])
        } else {
            self.notes.say("Guillemet non fermé : lu comme des mots séparés.");
            self.rest = inside;
            None
        }
    }

    /// `~5` right after a quotation.
    fn take_distance(&mut self) -> Option<u32> {
        let after = self.rest.strip_prefix('~')?;
        let digits = after.len() - after.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        self.rest = &after[digits..];
        Some(after[..digits].parse().unwrap_or(DEFAULT_DISTANCE).min(MAX_DISTANCE))
    }

    fn word(&mut self) {
        let end = self
            .rest
            .find(|c: char| c.is_whitespace() || c == '(' || c == ')' || is_quote(c))
            .unwrap_or(self.rest.len());
        let word = &self.rest[..end];
        self.rest = &self.rest[end..];
        match word {
            "OU" | "OR" | "|" | "||" => self.tokens.push(Token::Or),
            "ET" | "AND" | "&" | "&&" | "+" => self.tokens.push(Token::And),
            "SAUF" | "NOT" | "NON" => self.tokens.push(Token::Not),
            _ => {
                if !self.field(word) {
                    self.plain(word.trim_start_matches('+'));
                }
            }
        }
    }

    /// `name:value`, the value perhaps quoted or after a space.
    fn field(&mut self, word: &str) -> bool {
        let Some((name, value)) = word.split_once(':') else { return false };
        let folded = fold(name);
        if !is_field(&folded) {
            let looks_like_one = name.chars().count() > 2 && name.chars().all(char::is_alphabetic);
            if looks_like_one && !value.is_empty() && !value.starts_with("//") {
                self.notes.say(format!("Champ inconnu « {name} » : lu comme des mots."));
            }
            return false;
        }
        let value = if value.is_empty() { self.field_value() } else { value.to_owned() };
        if value.is_empty() {
            self.notes.leave_out(format!("Champ « {name} » sans valeur : ignoré."));
        } else {
            self.tokens.push(Token::Field(folded, value));
        }
        true
    }

    /// The value that stands apart from `name:`.
    fn field_value(&mut self) -> String {
        let rest = self.rest.trim_start();
        let value = match rest.chars().next() {
            Some(c) if is_quote(c) => {
                self.rest = rest;
                self.take_quoted(c).unwrap_or_default()
            }
            Some(c) if c.is_alphanumeric() => {
                let end = rest.find(|c: char| c.is_whitespace() || "()\"".contains(c));
                let (value, after) = rest.split_at(end.unwrap_or(rest.len()));
                self.rest = after;
                value
            }
            _ => "",
        };
        value.trim().to_owned()
    }

    fn plain(&mut self, word: &str) {
        let stem = word.trim_end_matches('*');
        let letters = stem.chars().filter(|c| c.is_alphanumeric()).count();
        if stem.len() < word.len() && letters >= 2 {
            self.tokens.push(Token::Prefix(stem.to_owned()));
        } else if letters > 0 {
            if stem.len() < word.len() {
                self.notes.say(format!("« {word} » : trop court pour l'astérisque, lu sans lui."));
            }
            self.tokens.push(Token::Word(stem.to_owned()));
        }
    }
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '«' | '»' | '“' | '”' | '„')
}
