//! Passes over the sources, and what they tell about each source's health.

use crate::boxed;
use chrono::{DateTime, NaiveDate, Utc};

use crate::store::{read, write, write_at_length};
use crate::{Rhythm, SourceFailure, Store, StoreError};

/// How much of a site a pass reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PassKind {
    /// What can have changed.
    Daily,
    /// Everything.
    Full,
    /// The newest list page alone.
    Quick,
}

impl PassKind {
    /// The word stored.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Daily => "daily",
            Self::Full => "full",
            Self::Quick => "quick",
        }
    }
}

/// How a pass ended.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PassOutcome {
    /// Requests sent.
    pub requests: u32,
    /// Bulletins seen on the site.
    pub found: u32,
    /// Those of them that were unknown.
    pub new: u32,
    /// Why the pass failed; `None` is success.
    pub failure: Option<SourceFailure>,
}

/// What the database knows of one source. A source without any row is not listed: never looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SourceState {
    /// Code of the registry.
    pub code: String,
    /// End of the last pass that succeeded, of any kind.
    pub last_ok_at: Option<DateTime<Utc>>,
    /// End of the last full pass that succeeded.
    pub last_full_at: Option<DateTime<Utc>>,
    /// Why the last pass that failed did; it may be older than `last_ok_at`.
    pub last_failure: Option<SourceFailure>,
    /// End of that pass.
    pub last_error_at: Option<DateTime<Utc>>,
    /// End of the first pass that failed since the last that succeeded.
    pub failed_since: Option<DateTime<Utc>>,
    /// When a bulletin was last seen for the first time.
    pub last_new_at: Option<DateTime<Utc>>,
    /// Publication day of the newest bulletin.
    pub last_published_on: Option<NaiveDate>,
    /// How often it publishes, once that is known.
    pub rhythm: Option<Rhythm>,
    /// Last quick look at its newest list, whatever it gave.
    pub looked_at: Option<DateTime<Utc>>,
    /// Since when every quick look has failed.
    pub failing_since: Option<DateTime<Utc>>,
    /// Why the last quick look failed.
    pub look_failure: Option<SourceFailure>,
    /// Bulletins that the national index has and the site never listed, withdrawn ones perhaps.
    pub only_indexed: u64,
    /// Bulletins that the site listed, of days that the national index covers, which it has not.
    pub only_listed: u64,
    /// Documents that it lists and that were not taken for bulletins.
    pub left_out: u64,
    /// Since when a list of it is not believed when it says that it has not changed.
    pub distrusted_at: Option<DateTime<Utc>>,
    /// Bulletins known.
    pub bulletins: u64,
    /// Bulletins not at the end of the line and not given up.
    pub pending: u64,
    /// Bulletins given up.
    pub failed: u64,
    /// Grows whenever a number, a title or a day of its bulletins changes.
    pub listed: u64,
    /// Acts, removed ones apart.
    pub acts: u64,
    /// Acts with at least one flag.
    pub flagged: u64,
}

impl Store {
    /// Notes that a pass over `source` starts; gives its id. A pass of that source that never
    /// ended (the process was killed) is closed as failed, interrupted.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn begin_pass(
        &self,
        source: &str,
        kind: PassKind,
        now: DateTime<Utc>,
    ) -> Result<i64, StoreError> {
        write!(self, "noting the start of a pass", |connection| sql::passes::begin(
            connection, source, kind, now
        )
        .await)
    }

    /// Notes how the pass ended.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn finish_pass(
        &self,
        pass: i64,
        outcome: &PassOutcome,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        write!(self, "noting the end of a pass", |connection| sql::passes::finish(
            connection, pass, outcome, now
        )
        .await)
    }

    /// Forgets passes that ended before `before`, but for those that still say something: of each
    /// source the first and the last full one, the last that succeeded and the last that failed.
    /// Alarms that were over by then go too. Gives how many passes went.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn forget_passes(&self, before: DateTime<Utc>) -> Result<u64, StoreError> {
        write_at_length!(self, "forgetting old passes", |connection| {
            sql::alarms::forget(connection, before).await?;
            sql::passes::forget(connection, before).await
        })
    }

    /// State of every source that has a row, by code.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn source_states(&self) -> Result<Vec<SourceState>, StoreError> {
        read!(self, "reading the state of the sources", |connection| sql::passes::states(
            connection,
            &self.known_days
        )
        .await)
    }

    /// [`Store::source_states`] without ways compared: enough for a [`crate::SourceStatus`], where
    /// readers wait for it.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn source_health(&self) -> Result<Vec<SourceState>, StoreError> {
        read!(self, "reading the state of the sources", |connection| sql::passes::health(
            connection,
            &self.known_days
        )
        .await)
    }
}
