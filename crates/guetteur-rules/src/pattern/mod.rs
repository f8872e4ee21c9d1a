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
//! A pattern is cut into tokens ([`token`]), read as a tree ([`parse`], [`tree`]) and written as
//! regular expressions ([`emit`]); whatever is wrong with it is found on the way, with its place
//! ([`error`]).
//!
//! Matching is linear: a pattern is cut at `…` into pieces, each piece is searched on its own, and
//! the gaps are checked on the positions found ([`search`]).

mod class;
mod emit;
mod error;
mod lists;
mod parse;
mod search;
mod token;
mod tree;
mod trial;

use std::collections::HashMap;

use regex::bytes::{Regex, RegexBuilder, RegexSet, RegexSetBuilder};

use error::Mistake;
pub use error::PatternError;
pub(crate) use lists::Lists;
pub(crate) use search::{Haystack, Range};
use tree::{Node, Side};
pub use trial::try_pattern;

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
    /// Compiles `source`.
    pub(crate) fn pattern(
        &mut self,
        source: &str,
        lists: &Lists,
        gap: usize,
    ) -> Result<Pattern, PatternError> {
        let written = parse::pieces(source, lists)?;
        let last = written.len() - 1;
        let mut pieces = Vec::with_capacity(written.len());
        for (i, piece) in written.into_iter().enumerate() {
            if piece.node.may_be_empty() {
                return Err(Mistake::Empty.at(piece.at));
            }
            let follows = |node: Node| if i > 0 { node.bare(Side::Start) } else { node };
            let leads = |node: Node| if i < last { node.bare(Side::End) } else { node };
            let regex = emit::expression(&leads(follows(piece.node)));
            pieces.push(self.intern(&regex).map_err(|mistake| mistake.at(piece.at))?);
        }
        Ok(Pattern { pieces, gap })
    }

    fn intern(&mut self, regex: &str) -> Result<usize, Mistake> {
        if let Some(&at) = self.index.get(regex) {
            return Ok(at);
        }
        let compiled =
            RegexBuilder::new(regex).unicode(false).build().map_err(|error| refused(&error))?;
        self.regexes.push(compiled);
        self.sources.push(regex.to_owned());
        self.index.insert(regex.to_owned(), self.regexes.len() - 1);
        Ok(self.regexes.len() - 1)
    }

    /// The set that tells, in one pass over a text, which pieces occur.
    pub(crate) fn set(&self) -> Result<RegexSet, Mistake> {
        RegexSetBuilder::new(&self.sources)
            .unicode(false)
            .size_limit(256 << 20)
            .dfa_size_limit(32 << 20)
            .build()
            .map_err(|error| refused(&error))
    }

    /// One expression for "any of these patterns may occur": of each its longest piece, which is
    /// mostly the rarest.
    pub(crate) fn any_of(&self, patterns: &[Pattern]) -> Result<Option<Regex>, Mistake> {
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
            .map_err(|error| refused(&error))
    }

    fn longest_piece(&self, pattern: &Pattern) -> Option<&str> {
        let sources = pattern.pieces.iter().map(|&piece| self.sources[piece].as_str());
        sources.max_by_key(|source| source.len())
    }
}

fn refused(error: &regex::Error) -> Mistake {
    match error {
        regex::Error::CompiledTooBig(_) => Mistake::TooLarge,
        // The last line says what is wrong; the drawing above it shows our expression, which the
        // author never wrote.
        error => {
            let message = error.to_string();
            let last = message.lines().last().unwrap_or_default();
            Mistake::Refused(last.trim_start_matches("error: ").to_owned())
        }
    }
}

#[cfg(test)]
mod tests;
