//! The work list: claims, leases, retries. It is a query, not a queue server.

use crate::boxed;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use guetteur_model::{Failure, Stage};

use crate::rows::RawBulletin;
use crate::store::{read, write};
use crate::{BulletinFilter, BulletinRow, OcrRank, Store, StoreError};

/// A bulletin that this worker may work on until the lease runs out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimedBulletin {
    /// The bulletin as it stood when claimed; `stage` says what has been done, `attempts` counts
    /// this try and those that ended. One whose process died before its end does not count.
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

/// What becomes of a bulletin whose try failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It is tried again then.
    Later(DateTime<Utc>),
    /// It is given up, and taken up once more then ([`Store::take_up_again`]), if ever.
    GivenUp(Option<DateTime<Utc>>),
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
    /// Of those to do, waiting for their next attempt.
    pub waiting: u64,
    /// Of those to read, waiting for their next attempt.
    pub fetched_waiting: u64,
    /// Of those to cut and flag, waiting for their next attempt.
    pub read_waiting: u64,
    /// Of those to read, due now with nothing but OCR left to do.
    pub for_ocr: u64,
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
    /// Takes one bulletin that is due, at the first of `stages` that has one: those whose sommaire
    /// raised an alert first, then by what OCR has left to do ([`crate::OcrRank`]), then fewest
    /// attempts, then newest publication. No two workers get the same one.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn claim(
        &self,
        stages: &[Stage],
        sources: Option<&[String]>,
        worker: &str,
        now: DateTime<Utc>,
        lease: Duration,
    ) -> Result<Option<ClaimedBulletin>, StoreError> {
        for &stage in stages {
            let rank = OcrRank::Rest;
            let claimed = self.claim_up_to(stage, rank, sources, worker, now, lease).await?;
            if claimed.is_some() {
                return Ok(claimed);
            }
        }
        Ok(None)
    }

    /// As [`Store::claim`] of [`Stage::Fetched`] on a machine that can recognise nothing: what has
    /// nothing but OCR left to do stays for others.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn claim_without_ocr(
        &self,
        sources: Option<&[String]>,
        worker: &str,
        now: DateTime<Utc>,
        lease: Duration,
    ) -> Result<Option<ClaimedBulletin>, StoreError> {
        let (stage, rank) = (Stage::Fetched, OcrRank::Nothing);
        self.claim_up_to(stage, rank, sources, worker, now, lease).await
    }

    async fn claim_up_to(
        &self,
        stage: Stage,
        rank: OcrRank,
        sources: Option<&[String]>,
        worker: &str,
        now: DateTime<Utc>,
        lease: Duration,
    ) -> Result<Option<ClaimedBulletin>, StoreError> {
        if sources.is_some_and(<[String]>::is_empty) {
            return Ok(None);
        }
        let until = end_of(now, lease);
        let claimed = write!(self, "claiming a bulletin", |connection| {
            sql::claims::claim(connection, stage, rank, sources, worker, now, until).await
        })?;
        match claimed {
            Some(row) => self.claimed(row, worker, until).await.map(Some),
            None => Ok::<_, StoreError>(None),
        }
    }

    /// Holds on to a bulletin for `lease` from `now`.
    ///
    /// # Errors
    /// [`StoreError::LeaseLost`] when another worker has it; when the database fails.
    #[boxed]
    pub async fn renew_lease(
        &self,
        claim: &mut ClaimedBulletin,
        now: DateTime<Utc>,
        lease: Duration,
    ) -> Result<(), StoreError> {
        let until = end_of(now, lease);
        write!(self, "renewing a lease", |connection| {
            sql::claims::renew(connection, claim, until).await
        })?;
        claim.lease_until = until;
        Ok::<_, StoreError>(())
    }

    /// Gives a bulletin back undone; the try does not count.
    ///
    /// # Errors
    /// [`StoreError::LeaseLost`] when another worker has it; when the database fails.
    #[boxed]
    pub async fn release(&self, claim: &ClaimedBulletin) -> Result<(), StoreError> {
        write!(self, "releasing a bulletin", |connection| sql::claims::release(connection, claim)
            .await)
    }

    /// Gives back all that `worker` holds: what a process does at start for the leases of its
    /// former self that was killed. Their tries do not count: the bulletins did not end them. Gives how
    /// many.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn release_worker(&self, worker: &str) -> Result<u64, StoreError> {
        write!(self, "releasing the leases of a former run", |connection| {
            sql::claims::release_worker(connection, worker).await
        })
    }

    /// Notes that a try failed, and what becomes of the bulletin.
    ///
    /// # Errors
    /// [`StoreError::LeaseLost`] when another worker has it; when the database fails.
    #[boxed]
    pub async fn fail(
        &self,
        claim: &ClaimedBulletin,
        failure: &Failure,
        fate: Fate,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        write!(self, "noting a failure", |connection| sql::claims::fail(
            connection, claim, failure, fate, now
        )
        .await)
    }

    /// Puts a bulletin off to `until` for a reason that is not its own (its site refuses everything):
    /// the try does not count. Ends the lease.
    ///
    /// # Errors
    /// [`StoreError::LeaseLost`] when another worker has it; when the database fails.
    #[boxed]
    pub async fn postpone(
        &self,
        claim: &ClaimedBulletin,
        failure: &Failure,
        until: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        write!(self, "putting a bulletin off", |connection| sql::claims::postpone(
            connection, claim, failure, until
        )
        .await)
    }

    /// Puts what was given up, and may be tried once more by `now`, back to work as if `tries` had
    /// ended. Gives how many.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn take_up_again(&self, tries: u32, now: DateTime<Utc>) -> Result<u64, StoreError> {
        write!(self, "taking up again what was given up", |connection| {
            sql::claims::take_up_again(connection, tries, now).await
        })
    }

    /// Puts bulletins that were given up back to work. Gives how many.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn retry_failed(&self, filter: &BulletinFilter) -> Result<u64, StoreError> {
        write!(self, "putting failed bulletins back to work", |connection| {
            sql::claims::retry_failed(connection, filter).await
        })
    }

    /// What is left to do, of all sources or of some.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn backlog(
        &self,
        sources: Option<&[String]>,
        now: DateTime<Utc>,
    ) -> Result<Backlog, StoreError> {
        if sources.is_some_and(<[String]>::is_empty) {
            return Ok(Backlog::default());
        }
        read!(self, "counting what is left to do", |connection| sql::claims::backlog(
            connection, sources, now
        )
        .await)
    }

    pub(crate) async fn claimed(
        &self,
        row: RawBulletin,
        worker: &str,
        until: DateTime<Utc>,
    ) -> Result<ClaimedBulletin, StoreError> {
        let lease = row.lease_number;
        let bulletin = BulletinRow::try_from(row)?;
        let (etag, last_modified) = match bulletin.document {
            Some(document) => read!(self, "reading the last fetch", |connection| {
                sql::claims::validators(connection, bulletin.id.0, document).await
            })?,
            None => (None, None),
        };
        let (worker, lease_until) = (worker.to_owned(), until);
        Ok(ClaimedBulletin { bulletin, worker, lease_until, etag, last_modified, lease })
    }
}

pub(crate) fn end_of(now: DateTime<Utc>, lease: Duration) -> DateTime<Utc> {
    TimeDelta::from_std(lease)
        .ok()
        .and_then(|lease| now.checked_add_signed(lease))
        .unwrap_or(DateTime::<Utc>::MAX_UTC)
}
