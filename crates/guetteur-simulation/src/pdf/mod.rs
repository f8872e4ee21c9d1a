//! PDFs with known text, the same bytes on every run: styled text, scans of it, and both mixed as
//! the prefectures' national tool mixes them (born-digital frame, scanned acts).
//!
//! ```
//! use guetteur_simulation::pdf::{Block, Flow, PdfBuilder, ScanOptions};
//!
//! let pages = Flow::a4().blocks([
//!     Block::title("Arrêté n° 2026-12"),
//!     Block::paragraph("Le préfet arrête ce qui suit : …"),
//! ]).pages();
//! let born_digital = PdfBuilder::new().pages(pages.clone());
//! assert!(born_digital.texts()[0].contains("Arrêté"));
//! let bytes = born_digital.build();
//! let scanned = PdfBuilder::new().scanned(pages[0].clone(), ScanOptions::default()).build();
//! assert_ne!(bytes, scanned);
//! ```
//!
//! To add a kind of damage: a field of [`ScanOptions`] for what happens to the image, a variant of
//! [`Garble`] for what happens to the text's encoding, a function in `damage` for what happens to
//! the file. It knows nothing of bulletins: `corpus` composes those from these parts.

mod damage;
mod document;
mod drawing;
mod flow;
mod page;
mod raster;
mod scan;
#[cfg(test)]
mod tests;

pub use damage::{bad_ocr, not_a_pdf, truncated};
pub use document::PdfBuilder;
pub use flow::{Align, Block, Flow, Style};
pub use guetteur_figures::{Font, wrap};
pub use page::{Garble, PageSpec, Rotation, Rule, TextRun};
pub use scan::{Codec, ScanOptions, scan};

/// What can go wrong when a PDF given from outside is scanned.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PdfError {
    /// The bytes cannot be opened, so there is nothing to render.
    #[error("cannot scan a document that hayro does not open: {0}; give a readable PDF")]
    Unreadable(String),
}
