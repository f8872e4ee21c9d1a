//! Figures that are kept: what pages count costs the same however much is stored.
//!
//! Triggers note each change of a count in a row of its own, so that nobody waits for a counter; who
//! follows the database adds the rows up. A figure is the sum of both, exact at any moment.

use crate::boxed;
use crate::store::{read, write, write_at_length};
use crate::{Store, StoreError};

/// Figures of one source; under an empty code, those of the documents, which belong to none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SourceCounts {
    /// Code of the source.
    pub code: String,
    /// Bulletins known.
    pub bulletins: u64,
    /// Bulletins not at the end of the line and not given up.
    pub pending: u64,
    /// Bulletins given up.
    pub failed: u64,
    /// Grows whenever a number, a title or a day of its bulletins changes.
    pub listed: u64,
    /// Acts, neither removed nor repeating another.
    pub acts: u64,
    /// Of these, acts with at least one flag.
    pub flagged: u64,
    /// PDFs in the archive.
    pub documents: u64,
    /// Their pages.
    pub pages: u64,
}

impl SourceCounts {
    pub(crate) fn figures(&self) -> [u64; 8] {
        let Self { bulletins, pending, failed, listed, acts, flagged, documents, pages, .. } = self;
        [*bulletins, *pending, *failed, *listed, *acts, *flagged, *documents, *pages]
    }
}

impl Store {
    /// The figures as they are kept, by code.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn kept_counts(&self) -> Result<Vec<SourceCounts>, StoreError> {
        read!(self, "reading what is counted", |connection| sql::counts::kept(connection).await)
    }

    /// The same figures counted anew, row by row: what [`Store::kept_counts`] must say, but for
    /// `listed`.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn full_counts(&self) -> Result<Vec<SourceCounts>, StoreError> {
        read!(self, "counting everything", |connection| sql::counts::counted(connection).await)
    }

    /// Adds up the changes noted since the last time; gives how many. Safe from several processes.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn add_up_counts(&self) -> Result<usize, StoreError> {
        let mut all = 0;
        loop {
            let some = write!(self, "adding up what is counted", |connection| {
                sql::counts::add_up(connection).await
            })?;
            all += some;
            if some == 0 {
                return Ok(all);
            }
        }
    }

    /// Counts everything again, in the place of what was kept (`guetteur reindex`).
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn recount(&self) -> Result<(), StoreError> {
        write_at_length!(self, "counting everything again", |connection| {
            sql::counts::recount(connection).await
        })
    }
}
