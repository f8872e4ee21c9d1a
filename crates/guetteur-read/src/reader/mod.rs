//! The reader: from a file to its pages.

mod check;
mod later;
mod reading;
mod show;
mod stand_in;

use std::path::Path;
use std::time::Instant;

use guetteur_model::Page;

use crate::judge::Why;
use crate::{DocumentReport, ReadError, ReadOptions, WordBox};
use check::check;
pub use later::{Awaiting, Recognition};
use reading::{Ocr, Reading};

/// Reads PDFs. Cheap to make and to clone; several files may be read at the same time.
#[derive(Debug, Clone)]
pub struct Reader {
    options: ReadOptions,
}

impl Reader {
    /// A reader with these options.
    #[must_use]
    pub fn new(options: ReadOptions) -> Self {
        Self { options }
    }

    /// Reads a file and hands over each page in order, as soon as it and those before it are
    /// ready. A page that cannot be read is handed over too ([`guetteur_model::Method::Failed`],
    /// its note says why). Dropping the future ends the children.
    ///
    /// # Errors
    /// [`ReadError`] if nothing of the document can be read.
    pub async fn read(
        &self,
        pdf: &Path,
        mut on_page: impl FnMut(&Page),
    ) -> Result<DocumentReport, ReadError> {
        self.run(pdf, Ocr::Now, |page, _, _| on_page(page)).await
    }

    /// As [`Reader::read`], with each page's words in reading order and their places, if
    /// [`ReadOptions::boxes`] asks for them. There are none where a second engine read the page,
    /// which does not tell places.
    ///
    /// # Errors
    /// As [`Reader::read`].
    pub async fn read_with_boxes(
        &self,
        pdf: &Path,
        mut on_page: impl FnMut(&Page, &[WordBox]),
    ) -> Result<DocumentReport, ReadError> {
        self.run(pdf, Ocr::Now, |page, words, _| on_page(page, words)).await
    }

    /// Reads what the file itself says, without any OCR: milliseconds a page. A page that needs
    /// OCR comes with the reason, and with such embedded text as may be believed meanwhile (a
    /// footer over a scan, a hidden layer; none where it is noise). [`Reader::recognise`] does
    /// these later, page by page in any order: each page's outcome hangs on nothing but the file, the
    /// page and [`crate::READER_VERSIONS`].
    ///
    /// # Errors
    /// As [`Reader::read`].
    pub async fn read_text_only(
        &self,
        pdf: &Path,
        mut on_page: impl FnMut(&Page, Option<Why>),
    ) -> Result<DocumentReport, ReadError> {
        self.run(pdf, Ocr::Later, |page, _, awaits| on_page(page, awaits)).await
    }

    async fn run(
        &self,
        pdf: &Path,
        ocr: Ocr,
        mut on_page: impl FnMut(&Page, &[WordBox], Option<Why>),
    ) -> Result<DocumentReport, ReadError> {
        let start = Instant::now();
        let complete = check(pdf, self.options.limits.file_bytes)?;
        let mut reading = Reading::start(pdf.to_owned(), &self.options, ocr);
        let limit = self.options.limits.document;
        let deadline = tokio::time::Instant::now() + limit;
        while !reading.is_done() {
            let outcome = tokio::time::timeout_at(deadline, reading.next()).await;
            match outcome {
                Ok(Some(outcome)) => reading.take(outcome)?,
                Ok(None) => reading.give_up_rest("lecture interrompue"),
                Err(_) => reading.out_of_time(limit)?,
            }
            reading.emit(&mut on_page);
        }
        Ok(reading.report(complete, start))
    }
}
