//! Finding patterns in a folded text.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use regex::bytes::RegexSet;

use super::{Pattern, Pieces};

/// No real act says the same thing more often; more is a hostile or broken page.
const MAX_HITS: usize = 4096;

/// Bytes `start..end` of a folded text.
pub(crate) type Range = std::ops::Range<usize>;

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
