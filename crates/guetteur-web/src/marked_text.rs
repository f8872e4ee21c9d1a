//! The text of an act in pieces, with the evidence marked where it stands.

use std::collections::BTreeSet;

use guetteur_model::fold::slice_chars;
use guetteur_model::{ActPage, Span};
use serde::Serialize;

/// What a passage proves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Proves {
    /// A flag.
    Flag,
    /// A fact.
    Fact,
}

/// A passage to mark, with the number of its anchor (`#preuve-3`).
#[derive(Debug, Clone)]
pub(crate) struct Passage {
    /// Number of the anchor, from 1.
    pub(crate) anchor: usize,
    /// What it proves.
    pub(crate) proves: Proves,
    /// Where.
    pub(crate) span: Span,
}

/// A run of text with the same marks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Piece {
    /// The text.
    pub(crate) text: String,
    /// `flag` before `fact` where both mark it.
    pub(crate) proves: Option<Proves>,
    /// Anchors of the passages that begin here.
    pub(crate) anchors: Vec<usize>,
}

/// One page of the act, cut into pieces.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct MarkedPage {
    /// Page of the PDF, from 1.
    pub(crate) number: u32,
    /// Pieces in order; together they are the page's text.
    pub(crate) pieces: Vec<Piece>,
    /// Whether evidence stands on it.
    pub(crate) has_evidence: bool,
}

/// Marks one page. Passages of other pages, and the parts of a passage outside the act's share of
/// the page, are left out.
#[must_use]
pub(crate) fn mark(page: &ActPage, passages: &[Passage]) -> MarkedPage {
    let length = page.text.chars().count() as u32;
    let here: Vec<(u32, u32, &Passage)> = passages
        .iter()
        .filter(|passage| passage.span.page == page.number)
        .filter_map(|passage| {
            let start = passage.span.start.saturating_sub(page.offset).min(length);
            let end = passage.span.end.saturating_sub(page.offset).min(length);
            (start < end).then_some((start, end, passage))
        })
        .collect();
    let mut cuts: BTreeSet<u32> = here.iter().flat_map(|(start, end, _)| [*start, *end]).collect();
    cuts.extend([0, length]);
    let cuts: Vec<u32> = cuts.into_iter().collect();
    let pieces = cuts.windows(2).map(|cut| piece(&page.text, cut[0], cut[1], &here)).collect();
    MarkedPage { number: page.number, pieces, has_evidence: !here.is_empty() }
}

fn piece(text: &str, from: u32, to: u32, here: &[(u32, u32, &Passage)]) -> Piece {
    let over = here.iter().filter(|(start, end, _)| *start < to && from < *end);
    Piece {
        text: slice_chars(text, from, to).to_owned(),
        proves: over.map(|(_, _, passage)| passage.proves).min(),
        anchors: here
            .iter()
            .filter(|(start, ..)| *start == from)
            .map(|(_, _, passage)| passage.anchor)
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passage(anchor: usize, proves: Proves, start: u32, end: u32) -> Passage {
        Passage { anchor, proves, span: Span { page: 3, start, end, text: String::new() } }
    }

    #[test]
    fn overlapping_passages_share_pieces() {
        let page = ActPage { number: 3, offset: 100, text: "été autorisé ici".into() };
        let passages = [
            passage(1, Proves::Fact, 100, 112),
            passage(2, Proves::Flag, 104, 116),
            passage(3, Proves::Flag, 90, 100),
            passage(4, Proves::Flag, 500, 600),
        ];
        let marked = mark(&page, &passages);
        let pieces: Vec<_> =
            marked.pieces.iter().map(|p| (p.text.as_str(), p.proves, p.anchors.clone())).collect();
        assert_eq!(
            pieces,
            [
                ("été ", Some(Proves::Fact), vec![1]),
                ("autorisé", Some(Proves::Flag), vec![2]),
                (" ici", Some(Proves::Flag), vec![]),
            ]
        );
        assert!(marked.has_evidence);
    }

    #[test]
    fn other_pages_mark_nothing() {
        let page = ActPage { number: 4, offset: 0, text: "texte".into() };
        let marked = mark(&page, &[passage(1, Proves::Flag, 0, 3)]);
        assert_eq!(marked.pieces.len(), 1);
        assert!(!marked.has_evidence);
        let empty = ActPage { number: 3, offset: 0, text: String::new() };
        assert_eq!(mark(&empty, &[passage(1, Proves::Flag, 0, 3)]).pieces, []);
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_lost(text in "\\PC{0,50}", a in 0u32..60, b in 0u32..60, c in 0u32..60) {
            let page = ActPage { number: 3, offset: 5, text: text.clone() };
            let passages =
                [passage(1, Proves::Fact, a, b), passage(2, Proves::Flag, b, c), passage(3, Proves::Flag, a, c)];
            let whole: String = mark(&page, &passages).pieces.into_iter().map(|p| p.text).collect();
            proptest::prop_assert_eq!(whole, text);
        }
    }
}
