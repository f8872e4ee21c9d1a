//! OCR of pages that an earlier reading left for later.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use guetteur_model::{Method, Page};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::Reader;
use super::check::check;
use crate::ReadError;
use crate::boxes::ReadPage;
use crate::judge::Why;
use crate::ocr::{choose_languages, installed_languages};
use crate::protocol::PageRequest;
use crate::supervise::{Job, OcrPool, Outcome};

/// A page that needs OCR, as [`Reader::read_text_only`] handed it over.
#[derive(Debug, Clone, PartialEq)]
pub struct Awaiting {
    /// What the file itself gives.
    pub page: Page,
    /// Why that is not enough.
    pub why: Why,
}

impl Awaiting {
    pub(super) fn request(&self) -> PageRequest {
        PageRequest { page: self.page.number, keep: self.why.keep() }
    }

    /// The page as it came from OCR.
    pub(super) fn recognised(&self, mut read: ReadPage) -> ReadPage {
        read.page.ms += self.page.ms;
        if matches!(read.page.method, Method::Ocr | Method::Both) && read.page.note.is_none() {
            read.page.note = Some(self.why.recognised());
        }
        read
    }

    /// The page if OCR failed, for a reason in words: it keeps what text may be believed.
    #[must_use]
    pub fn failed(self, why: String) -> Page {
        Page { method: Method::Failed, confidence: 0.0, note: Some(why), ..self.page }
    }
}

/// OCR of single pages of one file. Dropping it ends its children; what it handed over stays.
pub struct Recognition {
    pool: OcrPool,
    outcomes: UnboundedReceiver<Outcome>,
    in_hand: HashMap<u32, Awaiting>,
}

impl Recognition {
    /// Puts a page at the end of the queue.
    pub fn push(&mut self, page: Awaiting) {
        self.pool.push(page.request());
        self.in_hand.insert(page.page.number, page);
    }

    /// Pages that were put in and have not come out.
    #[must_use]
    pub fn in_hand(&self) -> usize {
        self.in_hand.len()
    }

    /// The next page that is ready, with the reason why it was recognised; `None` when none is in
    /// hand. A page that fails keeps the text it had ([`Method::Failed`], its note says why).
    ///
    /// # Errors
    /// [`ReadError::Child`] if no child can be started.
    pub async fn next(&mut self) -> Result<Option<(Page, Why)>, ReadError> {
        while !self.in_hand.is_empty() {
            let Some(outcome) = self.outcomes.recv().await else { break };
            match outcome {
                Outcome::Recognised(read) => {
                    if let Some(page) = self.in_hand.remove(&read.page.number) {
                        return Ok(Some((page.recognised(read).page, page.why)));
                    }
                }
                Outcome::OcrFailed { page, why } => {
                    if let Some(page) = self.in_hand.remove(&page) {
                        let reason = page.why;
                        return Ok(Some((page.failed(why), reason)));
                    }
                }
                Outcome::NotStarted { command, source } => {
                    return Err(ReadError::Child { command, source });
                }
                _ => {}
            }
        }
        Ok(None)
    }
}

impl Reader {
    /// Begins to recognise pages of a file, each as soon as a core is free
    /// ([`crate::ReadOptions::jobs`]). Nothing is started before the first page is put in.
    ///
    /// # Errors
    /// [`ReadError`] if the file is not there or is no PDF.
    pub fn recognise(&self, pdf: &Path) -> Result<Recognition, ReadError> {
        check(pdf, self.options.limits.file_bytes)?;
        let job = Arc::new(Job::new(pdf.to_owned(), self.options.clone()));
        let (sender, outcomes) = unbounded_channel();
        Ok(Recognition { pool: OcrPool::new(job, sender), outcomes, in_hand: HashMap::new() })
    }

    /// Why this machine can recognise nothing, in French words; `None` if it can. Runs tesseract
    /// once, some milliseconds.
    #[must_use]
    pub fn ocr_missing(&self) -> Option<String> {
        choose_languages(&self.options.ocr_languages, &installed_languages()).err()
    }
}
