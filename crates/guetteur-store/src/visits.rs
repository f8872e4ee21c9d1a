//! Who visits a source. Claimed like other work: of several machines on one database one does.

use crate::boxed;
use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::claims::end_of;
use crate::store::write;
use crate::{Store, StoreError};

/// What is done at a source; each includes what stands before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum VisitKind {
    /// A look at its newest list.
    Look,
    /// A walk over what can have changed.
    Daily,
    /// A walk over everything.
    Full,
}

/// Whether a visit may be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VisitClaim {
    /// By this worker, now.
    Mine,
    /// Another is at it, and may die: then its claim ends at this time, UTC.
    Held(DateTime<Utc>),
    /// Another did as much.
    Done,
}

impl Store {
    /// Takes the visit of `source` for `lease`, or holds on to it, unless another worker is at it or
    /// did as much since `not_since`. What `worker` did itself is its own matter.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn claim_visit(
        &self,
        source: &str,
        kind: VisitKind,
        worker: &str,
        not_since: DateTime<Utc>,
        now: DateTime<Utc>,
        lease: Duration,
    ) -> Result<VisitClaim, StoreError> {
        let until = end_of(now, lease);
        write!(self, "claiming the visit of a source", |connection| {
            sql::visits::claim(connection, source, kind, worker, (not_since, now, until)).await
        })
    }

    /// Ends a visit. One that failed was none: whoever comes next may make it.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn end_visit(
        &self,
        source: &str,
        worker: &str,
        succeeded: bool,
    ) -> Result<(), StoreError> {
        write!(self, "ending the visit of a source", |connection| {
            sql::visits::end(connection, source, worker, succeeded).await
        })
    }
}
