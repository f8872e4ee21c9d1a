//! Pages for eyes: pictures, and where the words stand.

use std::ops::RangeInclusive;
use std::path::Path;
use std::sync::Arc;

use guetteur_model::Method;

use super::Reader;
use super::check::check;
use crate::boxes::PageWords;
use crate::protocol::{Refusal, Task};
use crate::supervise::{Job, Shown, show};
use crate::{ReadError, ReadOptions};

/// Finer pictures show nothing more and cost memory.
const DPI: RangeInclusive<u32> = 20..=300;

impl Reader {
    /// Page `page` (from 1) as a PNG at `dpi` dots per inch (20 to 300; 100 is enough to read),
    /// less where a side would be longer than [`crate::Limits::side_px`]. A few tens of
    /// milliseconds; the same bytes for the same file.
    ///
    /// # Errors
    /// [`ReadError`] if the file cannot be opened or has no such page, or the page cannot be
    /// drawn within the limits.
    pub async fn picture(&self, pdf: &Path, page: u32, dpi: u32) -> Result<Vec<u8>, ReadError> {
        let dpi = dpi.clamp(*DPI.start(), *DPI.end());
        match self.shown(pdf, page, Task::Picture { page, dpi }).await? {
            Shown::Picture(png) => Ok(png),
            _ => Err(unexpected(page)),
        }
    }

    /// Where the words of page `page` (from 1) stand. `method` is that of the page as it was read
    /// ([`guetteur_model::Page::method`]): a page that was recognised is recognised again, a
    /// second or two, so that places need not be stored; keep the answer where it may be asked
    /// for often.
    ///
    /// # Errors
    /// As [`Reader::picture`].
    pub async fn words(
        &self,
        pdf: &Path,
        page: u32,
        method: Method,
    ) -> Result<PageWords, ReadError> {
        match self.shown(pdf, page, Task::Words { page, method }).await? {
            Shown::Words(words) => Ok(words),
            _ => Err(unexpected(page)),
        }
    }

    async fn shown(&self, pdf: &Path, page: u32, task: Task) -> Result<Shown, ReadError> {
        check(pdf, self.options.limits.file_bytes)?;
        let options = ReadOptions { boxes: true, ..self.options.clone() };
        let job = Arc::new(Job::new(pdf.to_owned(), options));
        match show(&job, task).await {
            Shown::Refused(Refusal::Password) => Err(ReadError::Password),
            Shown::Refused(Refusal::Invalid(why)) => Err(ReadError::Unreadable { why }),
            Shown::Failed(why) => Err(ReadError::Page { page, why }),
            Shown::NotStarted { command, source } => Err(ReadError::Child { command, source }),
            shown => Ok(shown),
        }
    }
}

/// A child that answers another question than the one that it was asked.
fn unexpected(page: u32) -> ReadError {
    ReadError::Page { page, why: "réponse inattendue".to_owned() }
}
