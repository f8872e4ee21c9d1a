//! Whether the line moves: what a supervisor asks.

use crate::boxed;
use chrono::{DateTime, TimeDelta, Utc};

use crate::store::read;
use crate::{Store, StoreError};

/// What is due and what moves, of all workers of the database.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Pace {
    /// Bulletins that were due all the while and that nobody holds. What waits for OCR alone is left
    /// out: it has a budget.
    pub due: u64,
    /// Bulletins held by a living lease.
    pub held: u64,
    /// Bulletins that were fetched, read or flagged in the while.
    pub advanced: u64,
}

impl Pace {
    /// Work was due all the while, and nobody did any.
    #[must_use]
    pub fn is_stalled(&self) -> bool {
        self.due > 0 && self.held == 0 && self.advanced == 0
    }
}

impl Store {
    /// What moved in the last `span`.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn pace(&self, now: DateTime<Utc>, span: TimeDelta) -> Result<Pace, StoreError> {
        read!(self, "looking whether work moves", |connection| {
            sql::pace::pace(connection, now, now - span).await
        })
    }
}
