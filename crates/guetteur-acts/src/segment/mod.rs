//! Cutting a bulletin into acts.
//!
//! The sommaire, the divider pages, the footers and the acts' own headings are read each on its
//! own (`sommaire`, `divider`, `heading`), put together (`plan`), and checked against each other
//! when the acts are written out (`describe`).

mod apart;
mod cover;
mod describe;
mod divider;
mod glue;
mod heading;
mod kind;
mod label;
mod lexicon;
mod line_pattern;
mod number;
mod page;
mod plan;
mod signature;
mod similar;
mod sommaire;

use guetteur_model::{Act, Page};

pub use cover::BulletinHead;

use crate::context::BulletinContext;
use page::PageView;
use plan::Survey;

/// How the bulletin is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Layout {
    /// The national tool: numbers, divider pages, footers.
    National,
    /// A sommaire of sentences or a table.
    Simple,
    /// Several acts, no sommaire.
    Headings,
    /// One act.
    Bare,
}

/// A bulletin cut into its acts.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Segmentation {
    /// Acts in the order of the pages.
    pub acts: Vec<Act>,
    /// Pages (of the PDF, from 1) without a word of any act: cover, sommaire, colophon.
    pub outside: Vec<u32>,
    /// What the cover says.
    pub bulletin: BulletinHead,
    /// Which family of layouts it was read as.
    pub layout: Layout,
}

/// Cuts the pages of a document into acts. Every page is in the text of an act or in `outside`,
/// and no character is in two acts. An act that the sommaire announces and that was not found has
/// no text, the page of the sommaire for pages, and a low confidence. Linear in the text; total.
///
/// `pages` are all pages of the document in order, failed and empty ones included.
///
/// ```
/// use guetteur_acts::{BulletinContext, segment};
/// use guetteur_model::Page;
///
/// let pages = Page::of_texts([
///     "Arrêté n° 2026-12 du 3 mars 2026 portant agrément d'une association\nLe préfet,\nArrête :\n\
///      Article 1er : l'association est agréée.",
///     "Article 2 : le présent arrêté est publié.\nFait à Valence, le 3 mars 2026",
///     "Arrêté n° 2026-13 du 4 mars 2026 réglementant la pêche\nLe préfet,\nArrête :\n\
///      Article 1er : la pêche est interdite.",
/// ]);
/// let acts = segment(&pages, &BulletinContext::default()).acts;
/// assert_eq!(acts.len(), 2);
/// assert_eq!((acts[0].pages.from, acts[0].pages.to), (1, 2));
/// assert_eq!(acts[1].number.as_deref(), Some("2026-13"));
/// ```
#[must_use]
pub fn segment(pages: &[Page], context: &BulletinContext<'_>) -> Segmentation {
    let views = apart::apart(pages.iter().map(PageView::new).collect());
    let survey = Survey::new(&views);
    let (mut drafts, layout) = plan::plan(&survey);
    if pages.iter().all(Page::stands_in) {
        drafts.clear();
    }
    let acts = describe::acts(&survey, drafts, context);
    let mut outside: Vec<u32> = views
        .iter()
        .map(|view| view.number)
        .filter(|number| {
            !acts.iter().any(|act| !act.text.is_empty() && act.pages.contains(*number))
        })
        .collect();
    outside.dedup();
    let bulletin = cover::read(&views, context).checked_against(&acts);
    Segmentation { acts, outside, bulletin, layout }
}

/// Acts as the sommaire and the divider pages announce them: what can be said before the scans
/// are read. `pages` may lack pages, or have them without text or with a footer alone. Acts have
/// the pages that the divider and the sommaire give, the lines of the sommaire and of the divider
/// as text, and a confidence of at most 0.6. Empty without a sommaire or dividers.
#[must_use]
pub fn segment_sommaire(pages: &[Page], context: &BulletinContext<'_>) -> Segmentation {
    let views = apart::apart(pages.iter().map(PageView::new).collect());
    let survey = Survey::new(&views);
    let drafts = plan::announced(&survey);
    let layout = plan::announced_layout(&survey);
    let acts = describe::announced(&survey, &drafts);
    let bulletin = cover::read(&views, context).checked_against(&acts);
    Segmentation { acts, outside: Vec::new(), bulletin, layout }
}
