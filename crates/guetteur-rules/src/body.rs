//! An act's pages as one folded text, with the way back to words on a page.

use guetteur_model::fold::{Folded, slice_chars};
use guetteur_model::furniture::without_furniture;
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
    /// Characters of the page's text that the bulletin printed above it.
    skipped: u32,
    /// Characters of the joined text.
    start: u32,
    end: u32,
}

impl<'a> FoldedBody<'a> {
    /// Joins and folds `pages` without the footers of the bulletin; an act's sentences run over page
    /// breaks.
    #[must_use]
    pub fn new(pages: &'a [ActPage]) -> Self {
        let mut joined = String::with_capacity(pages.iter().map(|p| p.text.len() + 1).sum());
        let mut placed = Vec::with_capacity(pages.len());
        let mut at = 0;
        for page in pages {
            let kept = without_furniture(&page.text);
            let skipped = page.text[..kept.start].chars().count() as u32;
            let words = &page.text[kept];
            let end = at + words.chars().count() as u32;
            placed.push(PlacedPage { page, skipped, start: at, end });
            joined.push_str(words);
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
            let on_page = |at: u32| at - placed.start + placed.skipped;
            let (from, to) = (on_page(from), on_page(to));
            spans.push(Span {
                page: placed.page.number,
                start: placed.page.offset + from,
                end: placed.page.offset + to,
                text: slice_chars(&placed.page.text, from, to).to_owned(),
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

    #[test]
    fn no_quote_runs_over_a_footer() {
        let page = |number, text: &str| ActPage { number, offset: 0, text: text.to_owned() };
        let footer = "Préfecture - 26-2026-02-19-00002 - Arrêté autorisant la captation";
        let pages = [
            page(4, &format!("la captation, l'enregistrement\n{footer} 4")),
            page(5, &format!("{footer} 5\net la transmission d'images")),
        ];
        let body = FoldedBody::new(&pages);
        assert!(!body.as_str().contains("prefecture"), "{}", body.as_str());
        let at = body.as_str().find("enregistrement et la transmission").expect("joined");
        let spans = body.spans(&(at..at + 33));
        let quoted: Vec<_> = spans.iter().map(|s| (s.page, s.text.as_str())).collect();
        assert_eq!(quoted, [(4, "enregistrement"), (5, "et la transmission")]);
        let above = footer.chars().count() as u32 + 3;
        assert_eq!((spans[1].start, spans[1].end), (above, above + 18));
    }
}
