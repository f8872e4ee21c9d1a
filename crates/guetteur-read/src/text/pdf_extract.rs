//! The last engine: the crate `pdf-extract`, for hosts without poppler.
//!
//! It panics on one file in twenty-five of a large corpus and overlooks two of the four operators
//! that show text, so it is never the only witness where another can be had.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use super::{FileFacts, OpenError, PageText, Pages, TextEngine};

/// A file that `pdf-extract` can open.
pub(super) struct PdfExtractEngine {
    pages: Vec<String>,
}

impl PdfExtractEngine {
    pub(super) fn open(file: &Path) -> Result<Self, OpenError> {
        let invalid = |why: String| OpenError::Invalid(format!("pdf-extract : {why}"));
        let pages = catch_unwind(AssertUnwindSafe(|| pdf_extract::extract_text_by_pages(file)))
            .map_err(|_| invalid("arrêt brutal".to_owned()))?
            .map_err(|e| invalid(e.to_string()))?;
        if pages.is_empty() {
            return Err(invalid("aucune page".to_owned()));
        }
        Ok(Self { pages })
    }
}

impl TextEngine for PdfExtractEngine {
    fn name(&self) -> &'static str {
        "pdf-extract"
    }

    fn facts(&self) -> FileFacts {
        let pages = u32::try_from(self.pages.len()).unwrap_or(u32::MAX);
        FileFacts { pages, ..FileFacts::default() }
    }

    fn pages(&self) -> Pages<'_> {
        Box::new(|number| PageText::nth_plain(&self.pages, number))
    }
}
