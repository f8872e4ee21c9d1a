//! What a page's text hangs on, so that nothing is read twice without need.

use std::fmt;

use crate::Page;

/// Versions of the parts of the reader that have a say in the text of pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ReaderVersions {
    /// How a file's own text becomes words and lines.
    pub text: u32,
    /// Which pages are given to OCR.
    pub judge: u32,
    /// How a page is recognised.
    pub ocr: u32,
}

impl fmt::Display for ReaderVersions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "t{}-j{}-o{}", self.text, self.judge, self.ocr)
    }
}

/// The versions that made a page; `None` for a part that had no say in it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PageOrigin {
    /// Of the file's own text.
    pub text: Option<u32>,
    /// Of the judgement.
    pub judge: Option<u32>,
    /// Of the OCR; `None` also while it is awaited.
    pub ocr: Option<u32>,
    /// Why it is given to OCR: an identifier of the reader.
    pub ocr_reason: Option<String>,
}

impl PageOrigin {
    /// True while the page is not recognised: its text is what the file itself says.
    #[must_use]
    pub fn awaits_ocr(&self) -> bool {
        self.ocr_reason.is_some() && self.ocr.is_none()
    }
}

/// A page with what made it.
#[derive(Debug, Clone, PartialEq)]
pub struct TracedPage {
    /// The page.
    pub page: Page,
    /// What made it.
    pub origin: PageOrigin,
}

impl From<Page> for TracedPage {
    /// A page of unknown making, which no new version calls into question.
    fn from(page: Page) -> Self {
        Self { page, origin: PageOrigin::default() }
    }
}
