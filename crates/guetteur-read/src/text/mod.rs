//! Embedded text: engines behind one trait, and the way from glyphs to lines.

mod accents;
mod actual;
mod behind;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod both_ways;
mod chain;
mod columns;
mod device;
mod fonts;
mod glyphs;
mod hayro;
mod ink;
mod layout;
mod letter;
mod mended;
mod notes;
mod outline;
mod page_text;
mod pdf_extract;
mod pdftotext;
mod plain;
mod raised;
mod sight;
mod signatures;
mod spaced;
mod surface;
mod tables;
mod two_up;
mod unruled;

pub(crate) use chain::{ENGINES, open, page_text as best_page_text};
pub(crate) use hayro::HayroEngine;
pub use page_text::{Line, PageText, Word};

use guetteur_model::FileTimes;

pub use signatures::Signature;
pub use surface::Unread;

/// Why an engine cannot open a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OpenError {
    /// A password is needed.
    Password,
    /// The engine makes nothing of it; in plain French words.
    Invalid(String),
}

/// What an engine says of the file once it is open.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileFacts {
    /// Number of pages.
    pub pages: u32,
    /// Encrypted with an empty password.
    pub encrypted: bool,
    /// Number of embedded files.
    pub embedded_files: u32,
    /// Carries an XFA form.
    pub xfa: bool,
    /// Its producer is known to write some letters and dashes as other signs.
    pub wrong_letters: bool,
    /// Electronic signatures.
    pub signatures: Vec<Signature>,
    /// When it says that it was made.
    pub times: FileTimes,
}

/// One way to get the embedded text of a PDF.
pub trait TextEngine {
    /// Its name in notes.
    fn name(&self) -> &'static str;

    /// What it knows of the file.
    fn facts(&self) -> FileFacts;

    /// A reader of its pages; what is common to them (fonts) is kept from one to the next.
    fn pages(&self) -> Pages<'_>;
}

/// Gives the text of a page, numbered from 1, or says in plain French words why it cannot.
pub type Pages<'a> = Box<dyn FnMut(u32) -> Result<PageText, String> + 'a>;
