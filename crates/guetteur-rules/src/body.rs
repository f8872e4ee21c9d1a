//! An act's pages as one folded text, with the way back to words on a page.

use guetteur_model::fold::{Folded, slice_chars};
use guetteur_model::{ActPage, Span};

use crate::pattern::Range;

/// The folded body of an act. Folding costs more than classifying: whoever classifies the same
/// pages with several rule sets folds once.
#[derive(Debug)]
pub struct FoldedBody<'a> {
    folded: Folded,
    pages: Vec<PlacedPage<'a>>,
}

#[derive(Debug)]
struct PlacedPage<'a> {
    page: &'a ActPage,
    /// Characters of the joined text.
    start: u32,
    end: u32,
}

impl<'a> FoldedBody<'a> {
    /// Joins and folds `pages`; an act's sentences run over page breaks.
    #[must_use]
    pub fn new(pages: &'a [ActPage]) -> Self {
        let mut joined = String::with_capacity(pages.iter().map(|p| p.text.len() + 1).sum());
        let mut placed = Vec::with_capacity(pages.len());
        let mut at = 0;
        for page in pages {
            let end = at + page.text.chars().count() as u32;
            placed.push(PlacedPage { page, start: at, end });
            joined.push_str(&page.text);
            joined.push('\n');
            at = end + 1;
        }
        Self { folded: Folded::new(&joined), pages: placed }
    }

    /// The folded text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.folded.as_str()
    }

    /// The words of `range` as printed, one span a page.
    pub(crate) fn spans(&self, range: &Range) -> Vec<Span> {
        let (start, end) = trimmed(&self.folded, range);
        let mut spans = Vec::new();
        for placed in &self.pages {
            let (from, to) = (start.max(placed.start), end.min(placed.end));
            if from >= to {
                continue;
            }
            let text = slice_chars(&placed.page.text, from - placed.start, to - placed.start);
            spans.push(Span {
                page: placed.page.number,
                start: placed.page.offset + from - placed.start,
                end: placed.page.offset + to - placed.start,
                text: text.to_owned(),
            });
        }
        spans
    }
}

/// Characters of the original for `range`: whole words, without the spaces and signs at its ends
/// that tolerant patterns take along.
pub(crate) fn trimmed(folded: &Folded, range: &Range) -> (u32, u32) {
    /// A longer run of letters is no word.
    const WORD: usize = 24;
    let text = folded.as_str().as_bytes();
    let inner = &text[range.clone()];
    let skip = inner.iter().take_while(|c| !c.is_ascii_alphanumeric()).count();
    if skip == inner.len() {
        return folded.span(range.start, range.end);
    }
    let drop = inner.iter().rev().take_while(|c| !c.is_ascii_alphanumeric()).count();
    let letters = |c: &&u8| c.is_ascii_lowercase();
    let before = text[..range.start + skip].iter().rev().take(WORD).take_while(letters).count();
    let after = text[range.end - drop..].iter().take(WORD).take_while(letters).count();
    folded.span(range.start + skip - before, range.end - drop + after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_over_a_page_break() {
        let page = |number, offset, text: &str| ActPage { number, offset, text: text.to_owned() };
        let pages = [page(4, 100, "la captation"), page(5, 0, "d’images …")];
        let body = FoldedBody::new(&pages);
        let at = body.as_str().find("captation d'images").expect("joined");
        let spans = body.spans(&(at..at + 19));
        let quoted: Vec<_> =
            spans.iter().map(|s| (s.page, s.start, s.end, s.text.as_str())).collect();
        assert_eq!(quoted, [(4, 103, 112, "captation"), (5, 0, 8, "d’images")]);
    }
}
