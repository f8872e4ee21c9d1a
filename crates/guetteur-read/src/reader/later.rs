//! OCR of pages that an earlier reading left for later.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use guetteur_model::{Method, Page};
use tokio::sync::mpsc::unbounded_channel;

use super::Reader;
use super::check::check;
use crate::boxes::ReadPage;
use crate::judge::Why;
use crate::protocol::PageRequest;
use crate::supervise::{Job, OcrPool, Outcome};
use crate::{ReadError, WordBox};

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

    /// The page if OCR failed: it keeps what text may be believed.
    pub(super) fn failed(self, why: String) -> Page {
        Page { method: Method::Failed, confidence: 0.0, note: Some(why), ..self.page }
    }
}

impl Reader {
    /// Recognises these pages, begun in the order given, and hands over each as soon as it is
    /// ready: dropping the future loses no page that was handed over. Words are told as
    /// [`Reader::read_with_boxes`] tells them. A page that fails keeps the text it had
    /// ([`Method::Failed`], its note says why).
    ///
    /// # Errors
    /// [`ReadError`] if the file is not there or is no PDF, or no child can be started.
    pub async fn recognise(
        &self,
        pdf: &Path,
        pages: Vec<Awaiting>,
        mut on_page: impl FnMut(&Page, &[WordBox]),
    ) -> Result<(), ReadError> {
        check(pdf, self.options.limits.file_bytes)?;
        let job = Arc::new(Job::new(pdf.to_owned(), self.options.clone()));
        let (sender, mut outcomes) = unbounded_channel();
        let mut pool = OcrPool::new(job, sender);
        pages.iter().for_each(|page| pool.push(page.request()));
        let mut pages: HashMap<u32, Awaiting> =
            pages.into_iter().map(|page| (page.page.number, page)).collect();
        while !pages.is_empty() {
            let Some(outcome) = outcomes.recv().await else { break };
            match outcome {
                Outcome::Recognised(read) => {
                    if let Some(page) = pages.remove(&read.page.number) {
                        let read = page.recognised(read);
                        on_page(&read.page, &read.words);
                    }
                }
                Outcome::OcrFailed { page, why } => {
                    if let Some(page) = pages.remove(&page) {
                        on_page(&page.failed(why), &[]);
                    }
                }
                Outcome::NotStarted { command, source } => {
                    return Err(ReadError::Child { command, source });
                }
                _ => {}
            }
        }
        Ok(())
    }
}
