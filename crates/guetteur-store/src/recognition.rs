//! Reading: the pages of a document, those that await OCR, and how many a day may be recognised.

use crate::boxed;
use chrono::{DateTime, NaiveDate, Utc};
use guetteur_model::{FileTimes, HiddenWords, ReaderVersions, Sha256, TracedPage};

use crate::store::{read, write, write_at_length};
use crate::{BulletinFilter, ClaimedBulletin, Store, StoreError};

/// What OCR has left to do in a bulletin. Claims give the lower rank first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum OcrRank {
    /// Nothing that is known of: the file's own text is still to be looked through.
    #[default]
    Nothing,
    /// Pages that come before those of other bulletins.
    Urgent,
    /// Only pages that can wait.
    Rest,
}

impl OcrRank {
    pub(crate) fn number(self) -> i64 {
        match self {
            Self::Nothing => 0,
            Self::Urgent => 1,
            Self::Rest => 2,
        }
    }
}

/// Pages that are to be recognised. Those of documents whose own text was not looked through yet are
/// not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OcrQueue {
    /// Pages.
    pub pages: u64,
    /// Bulletins that they belong to.
    pub bulletins: u64,
    /// When the PDF that waits longest came.
    pub oldest_at: Option<DateTime<Utc>>,
}

/// What reading a document gave.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadRecord {
    /// The pages.
    pub pages: Vec<TracedPage>,
    /// Pages of the PDF; more than `pages` when some could not even be attempted.
    pub page_count: u32,
    /// The file ends too soon, or has more pages than are read.
    pub cut_short: bool,
    /// Why it could not be read in full.
    pub note: Option<String>,
    /// Version of the reader, for people.
    pub reader_version: String,
    /// What is still to be recognised.
    pub ocr_rank: OcrRank,
    /// Words that the file holds and does not show; `None` where it was not looked through again,
    /// which leaves what is known.
    pub hidden: Option<Vec<HiddenWords>>,
    /// When the file says that it was made; `None` where it was not looked through again, which
    /// leaves what is known.
    pub times: Option<FileTimes>,
}

impl Store {
    /// Stores the pages of the bulletin's document in place of those there, and marks the
    /// bulletin read. Once it is cut it comes back to be read where OCR has something left to do.
    /// Ends the lease.
    ///
    /// # Errors
    /// [`StoreError::LeaseLost`] when another worker has it; when the database fails.
    #[boxed]
    pub async fn complete_read(
        &self,
        claim: &ClaimedBulletin,
        read: &ReadRecord,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        write!(self, "storing pages", |connection| sql::recognition::complete_read(
            connection, claim, read, now
        )
        .await)
    }

    /// Stores the pages as [`Store::complete_read`] does, but keeps the bulletin: nothing announces
    /// its acts, so that they are cut once all pages are recognised.
    ///
    /// # Errors
    /// [`StoreError::LeaseLost`] when another worker has it; when the database fails.
    #[boxed]
    pub async fn keep_scanned(
        &self,
        claim: &ClaimedBulletin,
        read: &ReadRecord,
    ) -> Result<(), StoreError> {
        write!(self, "storing pages", |connection| sql::recognition::keep_scanned(
            connection, claim, read
        )
        .await)
    }

    /// Pages of a document with what made them, in order; those that were recognised since the
    /// last reading was completed in place of those that awaited it.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn traced_pages(&self, document: Sha256) -> Result<Vec<TracedPage>, StoreError> {
        read!(self, "reading pages", |connection| {
            sql::recognition::traced_pages(connection, document).await
        })
    }

    /// Numbers of the pages of a document that await OCR, as [`Store::pages`] gives them.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn awaiting_pages(&self, document: Sha256) -> Result<Vec<u32>, StoreError> {
        read!(self, "looking for pages that await OCR", |connection| {
            sql::recognition::awaiting_pages(connection, document).await
        })
    }

    /// Keeps a page that was recognised until the reading of its document is completed: what is
    /// kept here outlives the process. Its time counts for `day`.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn keep_recognised(
        &self,
        document: Sha256,
        page: &TracedPage,
        day: NaiveDate,
    ) -> Result<(), StoreError> {
        write!(self, "keeping a recognised page", |connection| {
            sql::recognition::keep_recognised(connection, document, page, day).await
        })
    }

    /// Says what OCR has left to do in the bulletin, for the order of claims.
    ///
    /// # Errors
    /// [`StoreError::LeaseLost`] when another worker has it; when the database fails.
    #[boxed]
    pub async fn rank_reading(
        &self,
        claim: &ClaimedBulletin,
        rank: OcrRank,
    ) -> Result<(), StoreError> {
        write!(self, "ranking a reading", |connection| {
            sql::recognition::rank(connection, claim, rank).await
        })
    }

    /// What awaits OCR in all bulletins that are to be read, given the version of the OCR.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn ocr_queue(&self, ocr_version: u32) -> Result<OcrQueue, StoreError> {
        read!(self, "counting pages that await OCR", |connection| {
            sql::recognition::ocr_queue(connection, ocr_version).await
        })
    }

    /// Whether a bulletin that OCR should leave the rest of another for can be claimed now.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn has_more_urgent(
        &self,
        sources: Option<&[String]>,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        read!(self, "looking for more urgent pages", |connection| {
            sql::recognition::has_more_urgent(connection, sources, now).await
        })
    }

    /// Counts one more page of OCR on `day`, unless `most` are counted already (`None`: no limit).
    /// All processes on this database share the count.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn take_ocr_page(
        &self,
        day: NaiveDate,
        most: Option<u32>,
    ) -> Result<bool, StoreError> {
        write!(self, "counting a page of OCR", |connection| {
            sql::recognition::take_ocr_page(connection, day, most).await
        })
    }

    /// Pages of OCR counted on `day`.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn ocr_pages_on(&self, day: NaiveDate) -> Result<u64, StoreError> {
        read!(self, "asking for the pages of OCR of a day", |connection| {
            sql::recognition::ocr_pages_on(connection, day).await
        })
    }

    /// Sends bulletins back to be read again where a page failed, or was made by other versions
    /// than `versions` of the parts that had a say in it. Gives how many were sent back.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn reset_for_reread(
        &self,
        filter: &BulletinFilter,
        versions: ReaderVersions,
    ) -> Result<u64, StoreError> {
        write_at_length!(self, "sending bulletins back to be read", |connection| {
            sql::resets::reset_for_reread(connection, filter, versions).await
        })
    }
}
