//! A pattern, cut into tokens that know where they stand.

use guetteur_model::fold::fold;

use super::error::{Mistake, PatternError};

/// What a pattern is written with; the table at the top of [`super`] says what each means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// A letter, folded.
    Letter(char),
    /// Any other sign that stands for itself.
    Sign(char),
    /// `.`, `\w` and such, `[…]`: as the regular expression writes it.
    OneOf(String),
    /// A space or hyphen, or several.
    Space,
    Apostrophe,
    /// `_` or `\b`.
    Edge,
    Start,
    End,
    Gap,
    Open,
    Bar,
    Close,
    Repeat(Times),
    /// `{name}`.
    List(String),
    /// `§L242-5`: its letter, and its numbers.
    Article(char, Vec<String>),
}

/// How often: at least, at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Times(pub(super) u32, pub(super) Option<u32>);

/// A token and the number of characters before it.
pub(super) type Placed = (usize, Token);

/// Cuts `source` into tokens.
pub(super) fn tokens(source: &str) -> Result<Vec<Placed>, PatternError> {
    let mut lexer = Lexer { chars: source.chars().collect(), at: 0, out: Vec::new() };
    while let Some(&c) = lexer.chars.get(lexer.at) {
        lexer.token(c)?;
    }
    Ok(lexer.out)
}

struct Lexer {
    chars: Vec<char>,
    at: usize,
    out: Vec<Placed>,
}

impl Lexer {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.at + ahead).copied()
    }

    /// Adds a token of `len` characters.
    fn push(&mut self, token: Token, len: usize) {
        self.out.push((self.at, token));
        self.at += len;
    }

    fn token(&mut self, c: char) -> Result<(), PatternError> {
        match c {
            '|' => self.push(Token::Bar, 1),
            ')' => self.push(Token::Close, 1),
            '…' => self.push(Token::Gap, 1),
            '_' => self.push(Token::Edge, 1),
            '^' => self.push(Token::Start, 1),
            '$' => self.push(Token::End, 1),
            '.' => self.push(Token::OneOf(".".to_owned()), 1),
            '?' => self.repeat(Times(0, Some(1)), 1),
            '*' => self.repeat(Times(0, None), 1),
            '+' => self.repeat(Times(1, None), 1),
            '(' => self.open()?,
            '[' => {
                let (class, len) = super::class::class(&self.chars, self.at)?;
                self.push(Token::OneOf(class), len);
            }
            '{' => self.brace()?,
            ']' | '}' => return Err(Mistake::StrayClosing(c).at(self.at)),
            '\\' => self.escape()?,
            '§' => self.article()?,
            c => self.literal(c)?,
        }
        Ok(())
    }

    /// A repetition, with the `?` that would make it lazy: what is found is the same.
    fn repeat(&mut self, times: Times, len: usize) {
        let lazy = usize::from(self.peek(len) == Some('?'));
        self.push(Token::Repeat(times), len + lazy);
    }

    fn open(&mut self) -> Result<(), PatternError> {
        let len = match (self.peek(1), self.peek(2)) {
            (Some('?'), Some(':')) => 3,
            (Some('?'), _) => {
                let written = self.chars[self.at..].iter().take(3).collect();
                return Err(Mistake::LookAround(written).at(self.at));
            }
            _ => 1,
        };
        self.push(Token::Open, len);
        Ok(())
    }

    fn brace(&mut self) -> Result<(), PatternError> {
        let Some(len) = self.chars[self.at..].iter().position(|&c| c == '}') else {
            return Err(Mistake::UnclosedBrace.at(self.at));
        };
        let inside: String = self.chars[self.at + 1..self.at + len].iter().collect();
        if inside.starts_with(|c: char| c.is_ascii_alphabetic()) {
            self.push(Token::List(inside), len + 1);
        } else if let Some(times) = times(&inside) {
            self.repeat(times, len + 1);
        } else {
            return Err(Mistake::BadBrace(inside).at(self.at));
        }
        Ok(())
    }

    fn escape(&mut self) -> Result<(), PatternError> {
        let Some(c) = self.peek(1) else { return Err(Mistake::LoneBackslash.at(self.at)) };
        let token = match c {
            'w' | 'W' | 'd' | 'D' | 's' | 'S' => Token::OneOf(format!(r"\{c}")),
            'b' => Token::Edge,
            c if c.is_ascii_punctuation() || c == ' ' => {
                check_folded(c, self.at + 1)?;
                Token::Sign(c)
            }
            c => return Err(Mistake::UnknownEscape(c).at(self.at)),
        };
        self.push(token, 2);
        Ok(())
    }

    /// `§L242-5`, `§L. 242-5`, `§ R 242`.
    fn article(&mut self) -> Result<(), PatternError> {
        let wrong = || Mistake::BadArticle.at(self.at);
        let rest = &self.chars[self.at..];
        let skip = |from: usize, signs: &[char]| {
            from + rest[from..].iter().take_while(|c| signs.contains(c)).count()
        };
        let mut next = skip(1, &[' ']);
        let letter = *rest.get(next).filter(|c| c.is_ascii_alphabetic()).ok_or_else(wrong)?;
        next = skip(next + 1, &['.', ' ']);
        let mut numbers = Vec::new();
        loop {
            let number: String =
                rest[next..].iter().take_while(|c| c.is_ascii_digit()).copied().collect();
            if number.is_empty() {
                return Err(wrong());
            }
            next += number.len();
            numbers.push(number);
            let more = rest.get(next) == Some(&'-')
                && rest.get(next + 1).is_some_and(char::is_ascii_digit);
            if !more {
                break;
            }
            next += 1;
        }
        self.push(Token::Article(letter.to_ascii_lowercase(), numbers), next);
        Ok(())
    }

    /// What stands for itself once it is folded.
    fn literal(&mut self, c: char) -> Result<(), PatternError> {
        if c.is_whitespace() {
            return self.space();
        }
        let folded = fold(c.encode_utf8(&mut [0; 4]));
        if folded.is_empty() {
            return Err(Mistake::Vanishes(c).at(self.at));
        }
        for c in folded.chars() {
            match c {
                '-' => return self.space(),
                '\'' => self.out.push((self.at, Token::Apostrophe)),
                c if c.is_alphabetic() => self.out.push((self.at, Token::Letter(c))),
                c => self.out.push((self.at, Token::Sign(c))),
            }
        }
        self.at += 1;
        Ok(())
    }

    fn space(&mut self) -> Result<(), PatternError> {
        if !matches!(self.out.last(), Some((_, Token::Space))) {
            self.out.push((self.at, Token::Space));
        }
        self.at += 1;
        Ok(())
    }
}

/// `2`, `1,4` or `3,`.
fn times(inside: &str) -> Option<Times> {
    let (least, most) = match inside.split_once(',') {
        None => (inside, Some(inside)),
        Some((least, "")) => (least, None),
        Some((least, most)) => (least, Some(most)),
    };
    let least = least.parse().ok()?;
    let most = most.map(str::parse).transpose().ok()?;
    most.is_none_or(|most| most >= least).then_some(Times(least, most))
}

/// Fails for a sign that folding replaces: folded text never holds it.
pub(super) fn check_folded(c: char, at: usize) -> Result<(), PatternError> {
    if c == ' ' {
        return Ok(());
    }
    let folded = fold(c.encode_utf8(&mut [0; 4]));
    if folded.chars().eq([c]) {
        Ok(())
    } else if folded.is_empty() {
        Err(Mistake::Vanishes(c).at(at))
    } else {
        Err(Mistake::NeverFolded(c, folded).at(at))
    }
}
