//! The work list: claims, leases, retries. It is a query, not a queue server.

use std::time::Duration;

use chrono::{DateTime, Utc};
use guetteur_model::Stage;

use crate::{BulletinFilter, BulletinRow, Store, StoreError};

/// A bulletin that this worker may work on until the lease runs out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimedBulletin {
    /// The bulletin as it stood when claimed; `stage` says what has been done, `attempts` counts
    /// this try (a try that kills the process counts too).
    pub bulletin: BulletinRow,
    /// Who holds the lease.
    pub worker: String,
    /// Until when.
    pub lease_until: DateTime<Utc>,
    /// `ETag` of the last fetch, for a conditional request.
    pub etag: Option<String>,
    /// `Last-Modified` of the last fetch.
    pub last_modified: Option<String>,
    /// Counts the claims of this bulletin, so that a late answer of an earlier claim is refused.
    pub(crate) lease: i64,
}

/// What is left to do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Backlog {
    /// To fetch.
    pub found: u64,
    /// To read.
    pub fetched: u64,
    /// To cut and flag.
    pub read: u64,
    /// Done.
    pub flagged: u64,
    /// Of those to do, being worked on.
    pub leased: u64,
    /// Given up.
    pub failed: u64,
}

impl Backlog {
    /// Bulletins not done and not given up.
    #[must_use]
    pub fn pending(&self) -> u64 {
        self.found + self.fetched + self.read
    }
}

impl Store {
    /// Takes one bulletin that is due, at the first of `stages` that has one: fewest attempts
    /// first, then newest publication. No two workers get the same one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn claim(
        &self,
        stages: &[Stage],
        sources: Option<&[String]>,
        worker: &str,
        now: DateTime<Utc>,
        lease: Duration,
    ) -> Result<Option<ClaimedBulletin>, StoreError> {
        todo!()
    }

    /// Holds on to a bulletin for `lease` from `now`.
    ///
    /// # Errors
    /// [`StoreError::LeaseLost`] when another worker has it; when the database fails.
    pub async fn renew_lease(
        &self,
        claim: &mut ClaimedBulletin,
        now: DateTime<Utc>,
        lease: Duration,
    ) -> Result<(), StoreError> {
        todo!()
    }

    /// Gives a bulletin back undone; the try does not count.
    ///
    /// # Errors
    /// [`StoreError::LeaseLost`] when another worker has it; when the database fails.
    pub async fn release(&self, claim: &ClaimedBulletin) -> Result<(), StoreError> {
        todo!()
    }

    /// Gives back all that `worker` holds: what a process does at start for the leases of its
    /// former self that was killed. The tries count. Gives how many.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn release_worker(&self, worker: &str) -> Result<u64, StoreError> {
        todo!()
    }

    /// Notes that a try failed: to be tried again at `retry_at`, or given up (`None`).
    ///
    /// # Errors
    /// [`StoreError::LeaseLost`] when another worker has it; when the database fails.
    pub async fn fail(
        &self,
        claim: &ClaimedBulletin,
        error: &str,
        retry_at: Option<DateTime<Utc>>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        todo!()
    }

    /// Puts bulletins that were given up back to work. Gives how many.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn retry_failed(&self, filter: &BulletinFilter) -> Result<u64, StoreError> {
        todo!()
    }

    /// When the next claim can succeed: `now` or before when something is due, `None` when
    /// nothing is left to do.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn next_due_at(
        &self,
        now: DateTime<Utc>,
    ) -> Result<Option<DateTime<Utc>>, StoreError> {
        todo!()
    }

    /// What is left to do, of all sources or of some.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn backlog(&self, sources: Option<&[String]>) -> Result<Backlog, StoreError> {
        todo!()
    }
}
