//! The text of an act, page by page, as far as its page may be long.

use guetteur_model::ActPage;
use guetteur_publish::PublishedAct;
use guetteur_publish::published::{pdf_page_path, picture_path};
use serde::Serialize;

use crate::marked_text::{MarkedPage, Passage, Piece, mark};

/// Characters of text shown without being asked: the page stays well under 100 kB.
const TEXT_BUDGET: usize = 45_000;

#[derive(Serialize)]
pub(super) struct Leaf {
    pub(super) number: u32,
    pieces: Vec<Piece>,
    pdf: Option<String>,
    /// The page as a picture, where evidence stands on it or the act begins.
    picture: Option<String>,
    /// The boxes to lay over it.
    boxes: Option<String>,
}

/// The pages to show, and how many are left out: those with evidence always, then from the start as
/// far as the budget goes.
pub(super) fn leaves(
    act: &PublishedAct,
    text: &[ActPage],
    passages: &[Passage],
    whole: bool,
) -> (Vec<Leaf>, u64) {
    let mut budget = if whole { usize::MAX } else { TEXT_BUDGET };
    let marked: Vec<MarkedPage> = text.iter().map(|page| mark(page, passages)).collect();
    let size = |page: &MarkedPage| page.pieces.iter().map(|p| p.text.len()).sum::<usize>();
    for page in marked.iter().filter(|page| page.has_evidence) {
        budget = budget.saturating_sub(size(page));
    }
    let mut hidden = 0;
    let mut leaves = Vec::new();
    for page in marked {
        let size = size(&page);
        if !page.has_evidence {
            if size > budget {
                hidden += 1;
                continue;
            }
            budget -= size;
        }
        let pdf = act.served_pdf().map(|sha| pdf_page_path(sha, page.number));
        let shown = page.has_evidence || leaves.is_empty();
        let picture = act.served_pdf().filter(|_| shown).map(|sha| picture_path(sha, page.number));
        let boxes = picture
            .as_ref()
            .filter(|_| page.has_evidence)
            .map(|png| format!("{}svg?acte={}", png.trim_end_matches("png"), act.id));
        leaves.push(Leaf { number: page.number, pieces: page.pieces, pdf, picture, boxes });
    }
    (leaves, hidden)
}
