//! From the patterns of rule files to regular expressions that forgive damaged text.
//!
//! A pattern is a regular expression over folded text (lower case, no accents) with these readings:
//!
//! | written | means |
//! |---|---|
//! | a space or `-` | up to three spaces or hyphens, or none: `video protection` is also `vidéo-protection` and `vidéoprotection` |
//! | `'` | an apostrophe, lost or doubled |
//! | `…` | up to `gap` characters of anything |
//! | `_` | edge of a word: `_lapi_` |
//! | `{name}` | the list of that name in `[words]` |
//! | `§L242-5` | that article of a code, however spaced; `§L242` is any article L. 242-… |
//! | a word of seven letters or more | also when a space or hyphen splits it, or `l`, `i`, `1` are confused |
//!
//! Matching is linear: a pattern is cut at `…` into pieces, each piece is searched on its own, and
//! the gaps are checked on the positions found.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use guetteur_model::fold::fold;
use regex::bytes::{Regex, RegexBuilder, RegexSet, RegexSetBuilder};

/// Words of this many letters or more are matched across stray spaces and `l`/`i` confusions.
const LONG_WORD: usize = 7;
/// No real act says the same thing more often; more is a hostile or broken page.
const MAX_HITS: usize = 4096;
/// Depth of `{name}` inside `{name}`.
const MAX_NESTING: usize = 8;

/// Bytes `start..end` of a folded text.
pub(crate) type Range = std::ops::Range<usize>;

/// Why a pattern cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PatternError {
    #[error("{0}")]
    Regex(String),
    #[error("no list named « {0} » under [words]: add it, or correct the name between braces")]
    UnknownWord(String),
    #[error("« … » stands inside parentheses: put it outside, or write two patterns")]
    NestedGap,
    #[error("the part « {0} » matches the empty text: make at least one word obligatory")]
    Empty(String),
}

/// One pattern: pieces that follow each other within `gap` characters.
#[derive(Debug, Clone)]
pub(crate) struct Pattern {
    pieces: Vec<usize>,
    gap: usize,
}

/// All pieces of all patterns, each once.
#[derive(Debug, Default)]
pub(crate) struct Pieces {
    index: HashMap<String, usize>,
    sources: Vec<String>,
    regexes: Vec<Regex>,
}

impl Pieces {
    /// Compiles `source`; `words` are the lists that `{name}` stands for.
    pub(crate) fn pattern(
        &mut self,
        source: &str,
        words: &BTreeMap<String, String>,
        gap: usize,
    ) -> Result<Pattern, PatternError> {
        let expanded = expand_words(source, words, 0)?;
        let mut pieces = Vec::new();
        for part in expanded.split('…') {
            let part = part.trim();
            if part.matches('(').count() != part.matches(')').count() && expanded.contains('…') {
                return Err(PatternError::NestedGap);
            }
            pieces.push(self.intern(&tolerant(part), part)?);
        }
        Ok(Pattern { pieces, gap })
    }

    fn intern(&mut self, regex: &str, written: &str) -> Result<usize, PatternError> {
        if let Some(&at) = self.index.get(regex) {
            return Ok(at);
        }
        let compiled = RegexBuilder::new(regex)
            .unicode(false)
            .build()
            .map_err(|error| PatternError::Regex(plain_regex_error(&error)))?;
        if compiled.is_match(b"") {
            return Err(PatternError::Empty(written.to_owned()));
        }
        self.regexes.push(compiled);
        self.sources.push(regex.to_owned());
        self.index.insert(regex.to_owned(), self.regexes.len() - 1);
        Ok(self.regexes.len() - 1)
    }

    /// The set that tells, in one pass over a text, which pieces occur.
    pub(crate) fn set(&self) -> Result<RegexSet, PatternError> {
        RegexSetBuilder::new(&self.sources)
            .unicode(false)
            .size_limit(256 << 20)
            .dfa_size_limit(32 << 20)
            .build()
            .map_err(|error| PatternError::Regex(error.to_string()))
    }

    /// One expression for "any of these patterns may occur": of each its longest piece, which is
    /// mostly the rarest.
    pub(crate) fn any_of(&self, patterns: &[Pattern]) -> Result<Option<Regex>, PatternError> {
        let mut firsts: Vec<&str> =
            patterns.iter().filter_map(|pattern| self.longest_piece(pattern)).collect();
        firsts.sort_unstable();
        firsts.dedup();
        if firsts.is_empty() {
            return Ok(None);
        }
        RegexBuilder::new(&firsts.join("|"))
            .unicode(false)
            .size_limit(64 << 20)
            .dfa_size_limit(32 << 20)
            .build()
            .map(Some)
            .map_err(|error| PatternError::Regex(error.to_string()))
    }
}

impl Pieces {
    fn longest_piece(&self, pattern: &Pattern) -> Option<&str> {
        let sources = pattern.pieces.iter().map(|&piece| self.sources[piece].as_str());
        sources.max_by_key(|source| source.len())
    }
}

/// A text and the pieces known to occur in it.
pub(crate) struct Haystack<'a> {
    pub(crate) text: Cow<'a, [u8]>,
    present: regex::bytes::SetMatches,
    pieces: &'a Pieces,
    /// Where pieces were found: categories share many of them.
    found: RefCell<HashMap<usize, Rc<[Range]>>>,
}

impl<'a> Haystack<'a> {
    pub(crate) fn new(text: impl Into<Cow<'a, [u8]>>, pieces: &'a Pieces, set: &RegexSet) -> Self {
        let text = text.into();
        Self { present: set.matches(&text), text, pieces, found: RefCell::default() }
    }

    /// Where `pattern` occurs, in order of its end.
    pub(crate) fn find(&self, pattern: &Pattern) -> Vec<Range> {
        if !pattern.pieces.iter().all(|&piece| self.present.matched(piece)) {
            return Vec::new();
        }
        let mut chains: Vec<Range> = self.piece(pattern.pieces[0]).to_vec();
        for &piece in &pattern.pieces[1..] {
            chains = join(&chains, &self.piece(piece), pattern.gap);
        }
        chains
    }

    /// Whether `pattern` occurs.
    pub(crate) fn has(&self, pattern: &Pattern) -> bool {
        match pattern.pieces.as_slice() {
            // The set has said so.
            [piece] => self.present.matched(*piece),
            _ => !self.find(pattern).is_empty(),
        }
    }

    fn piece(&self, piece: usize) -> Rc<[Range]> {
        let search = || {
            let regex = &self.pieces.regexes[piece];
            regex.find_iter(&self.text).take(MAX_HITS).map(|m| m.range()).collect()
        };
        Rc::clone(self.found.borrow_mut().entry(piece).or_insert_with(search))
    }
}

/// Chains extended by the matches that begin at most `gap` bytes after a chain's end. For each
/// match the nearest chain is taken, with the enumeration it ends (« captation, l'enregistrement et
/// la transmission »), so that the passage quotes the whole formula and no more.
fn join(chains: &[Range], matches: &[Range], gap: usize) -> Vec<Range> {
    let mut joined = Vec::new();
    let mut next = 0;
    let mut nearest: Option<Range> = None;
    for found in matches {
        while next < chains.len() && chains[next].end <= found.start {
            nearest = Some(enumerated(nearest.as_ref(), &chains[next]));
            next += 1;
        }
        if let Some(chain) = nearest.as_ref().filter(|chain| found.start - chain.end <= gap) {
            joined.push(chain.start..found.end);
        }
    }
    joined
}

/// `chain`, begun where the enumeration that it continues began.
fn enumerated(before: Option<&Range>, chain: &Range) -> Range {
    const COMMA_AND_ARTICLE: usize = 14;
    const LONGEST: usize = 160;
    let start = before
        .filter(|before| chain.start.saturating_sub(before.end) <= COMMA_AND_ARTICLE)
        .filter(|before| chain.end - before.start <= LONGEST)
        .map_or(chain.start, |before| before.start.min(chain.start));
    start..chain.end
}

fn expand_words(
    source: &str,
    words: &BTreeMap<String, String>,
    depth: usize,
) -> Result<String, PatternError> {
    let mut out = String::with_capacity(source.len());
    let mut rest = source;
    while let Some(open) = rest.find('{') {
        let after = &rest[open + 1..];
        let named = after.starts_with(|c: char| c.is_ascii_alphabetic());
        let Some(close) = after.find('}').filter(|_| named) else {
            out.push_str(&rest[..=open]);
            rest = after;
            continue;
        };
        let name = &after[..close];
        let list = words
            .get(name)
            .filter(|_| depth < MAX_NESTING)
            .ok_or_else(|| PatternError::UnknownWord(name.to_owned()))?;
        out.push_str(&rest[..open]);
        out.push_str("(?:");
        out.push_str(&expand_words(list, words, depth + 1)?);
        out.push(')');
        rest = &after[close + 1..];
    }
    out.push_str(rest);
    Ok(out)
}

/// The regular expression for one piece; see the table at the top of this file.
fn tolerant(piece: &str) -> String {
    let chars: Vec<char> = piece.chars().collect();
    let mut out = String::from("(?:");
    let mut at = 0;
    while at < chars.len() {
        match chars[at] {
            '\\' => {
                out.push('\\');
                at += 1;
                out.extend(chars.get(at));
            }
            '[' | '{' => {
                let close = if chars[at] == '[' { ']' } else { '}' };
                while at < chars.len() && chars[at] != close {
                    out.push(chars[at]);
                    at += 1;
                }
                out.extend(chars.get(at));
            }
            '(' if chars.get(at + 1) == Some(&'?') => {
                out.push_str("(?:");
                at += 2;
            }
            ' ' | '-' => {
                while matches!(chars.get(at + 1), Some(' ' | '-')) {
                    at += 1;
                }
                out.push_str("[ -]{0,3}");
            }
            '\'' | '’' => out.push_str("[ '?]{0,3}"),
            '_' => out.push_str(r"\b"),
            '§' => at = push_article(&chars, at + 1, &mut out) - 1,
            c if c.is_alphabetic() => {
                let run: Vec<char> =
                    chars[at..].iter().copied().take_while(|c| c.is_alphabetic()).collect();
                push_word(&run, &mut out);
                at += run.len() - 1;
            }
            c => out.push(c),
        }
        at += 1;
    }
    out.push(')');
    out
}

fn push_word(run: &[char], out: &mut String) {
    let word = fold(&run.iter().collect::<String>());
    let long = word.chars().count() >= LONG_WORD;
    for (i, c) in word.chars().enumerate() {
        if long && i > 0 {
            out.push_str("[ -]{0,2}");
        }
        match c {
            'l' | 'i' if long => out.push_str("[li1|]"),
            'o' if long => out.push_str("[o0]"),
            c => out.push(c),
        }
    }
}

/// `L242-5` after `§`: letter, group, optional number. Returns the index after it.
fn push_article(chars: &[char], mut at: usize, out: &mut String) -> usize {
    const LOOSE: &str = "[ .:-]{0,4}";
    match chars.get(at).map(char::to_ascii_lowercase) {
        Some('l') => out.push_str("[li1|]"),
        Some(c) => out.push(c),
        None => return at,
    }
    at += 1;
    let mut parts = 0;
    loop {
        out.push_str(LOOSE);
        let digits = chars[at..].iter().take_while(|c| c.is_ascii_digit()).count();
        out.extend(&chars[at..at + digits]);
        at += digits;
        parts += 1;
        let more =
            chars.get(at) == Some(&'-') && chars.get(at + 1).is_some_and(char::is_ascii_digit);
        if !more {
            break;
        }
        at += 1;
    }
    out.push_str(if parts == 1 { "[ .-]{1,4}[0-9]" } else { "(?:[^0-9]|$)" });
    at
}

fn plain_regex_error(error: &regex::Error) -> String {
    // The last line of the crate's message says what is wrong; the drawing above it shows our
    // expanded expression, which the author never wrote.
    let message = error.to_string();
    message.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, text: &str) -> bool {
        let words = BTreeMap::from([("engin".to_owned(), "aeronef|drone".to_owned())]);
        let mut pieces = Pieces::default();
        let pattern = pieces.pattern(pattern, &words, 40).expect(pattern);
        let set = pieces.set().expect("set");
        let folded = fold(text);
        Haystack::new(folded.as_bytes(), &pieces, &set).has(&pattern)
    }

    #[test]
    fn forgives_damage_and_no_more() {
        let cases = [
            ("vidéo protection", "système de vidéo-protection", true),
            ("video protection", "VIDEOPROTECTION", true),
            ("video protection", "vidéo surveillance", false),
            ("captation … {engin}", "la captation d'images par drone", true),
            ("captation … {engin}", "le drone de la captation", false),
            ("captation|transmission … images", "tra nsmissiond□images", true),
            ("d'images", "d 'images", true),
            ("d'images", "d un images", false),
            ("aeronef", "aér onefs", true),
            ("aeronef", "AÉRO-\nNEFS", true),
            ("enregistrement", "I'enreg1strement", true),
            ("_lapi_", "un dispositif LAPI fixe", true),
            ("_lapi_", "un clapier", false),
            ("§L242-5", "article L. 242-5 du code", true),
            ("§L242-5", "article I. 242 -5, 1°", true),
            ("§L242-5", "article L.2425", true),
            ("§L242-5", "article L. 242-51", false),
            ("§L242", "articles L. 242-1 à L. 242-8", true),
            ("§L242", "L. 2425", false),
            ("aeronef", "a e r o", false),
        ];
        for (pattern, text, expected) in cases {
            assert_eq!(matches(pattern, text), expected, "{pattern:?} on {text:?}");
        }
    }

    #[test]
    fn the_gap_is_bounded() {
        assert!(matches("captation … drone", &format!("captation{}drone", " ".repeat(30))));
        assert!(!matches("captation … drone", &format!("captation {} drone", "x ".repeat(30))));
    }

    #[test]
    fn says_what_is_wrong() {
        let mut pieces = Pieces::default();
        let words = BTreeMap::new();
        for (pattern, says) in [
            ("(captation", "unclosed group"),
            ("{engin}", "« engin »"),
            ("(a … b)", "parentheses"),
            ("(?:drone)?", "empty"),
        ] {
            let error = pieces.pattern(pattern, &words, 40).expect_err(pattern).to_string();
            assert!(error.contains(says), "{pattern}: {error}");
        }
    }
}
