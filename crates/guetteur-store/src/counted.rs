//! What figures over acts are made of: acts without their words, which acts change which, and over
//! which days each source was read.

use crate::boxed;
use chrono::{DateTime, NaiveDate, Utc};
use guetteur_model::{ActId, Category, Facts, Level};

use crate::act_records::numbers;
use crate::store::read;
use crate::{Alert, Outcome, Store, StoreError};

/// An act as figures need it.
#[derive(Debug, Clone, PartialEq)]
pub struct CountedRow {
    /// Permanent id.
    pub id: ActId,
    /// Number of its last change among all changes.
    pub revision: i64,
    /// Code of the source that published it.
    pub source: String,
    /// Day of publication.
    pub published_on: Option<NaiveDate>,
    /// Whether it is to be counted: neither removed nor the repeat of another, and flagged.
    pub counts: bool,
    /// Its facts; empty for an act that is not to be counted.
    pub facts: Facts,
    /// What it does to which category, and whether a human must confirm it; mentions left out.
    pub flags: Vec<(Category, Level, bool)>,
    /// The alert raised before it was read.
    pub alert: Option<Alert>,
    /// What courts decided about it.
    pub outcomes: Vec<Outcome>,
}

/// What is read of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadSpan {
    /// Its code.
    pub source: String,
    /// Bulletins read, of a known day.
    pub bulletins: u64,
    /// Day of the oldest of them.
    pub first: NaiveDate,
    /// Day of the newest of them.
    pub last: NaiveDate,
    /// When its site was last walked without failure.
    pub last_ok_at: Option<DateTime<Utc>>,
}

impl Store {
    /// Number of the last change of an act.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn revision(&self) -> Result<i64, StoreError> {
        read!(self, "reading the revision", |connection| sql::revisions::settled(connection).await)
    }

    /// Which life of the database its revisions belong to: another one where a dump was restored or a server
    /// set back in time, and a revision may mean another change there. Empty on SQLite, where it is not told.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn lineage(&self) -> Result<String, StoreError> {
        read!(self, "asking for the lineage", |connection| sql::revisions::lineage(connection)
            .await)
    }

    /// Acts whose revision is above `revision`, in order of revision, those no longer to be counted
    /// too. Masked passages are covered.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn counted_since(
        &self,
        revision: i64,
        limit: u32,
    ) -> Result<Vec<CountedRow>, StoreError> {
        let rows = read!(self, "reading acts to count", |connection| {
            sql::counted::since(connection, revision, limit, true).await
        })?;
        self.cover_counted(rows).await
    }

    /// [`Store::counted_since`] for who knows no act yet: those that figures do not speak of, which
    /// are nearly all, are left out.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn counted_anew(
        &self,
        revision: i64,
        limit: u32,
    ) -> Result<Vec<CountedRow>, StoreError> {
        let rows = read!(self, "reading acts to count", |connection| {
            sql::counted::since(connection, revision, limit, false).await
        })?;
        self.cover_counted(rows).await
    }

    /// Which flagged acts modify, extend or repeal which acts: id of the one that does it, id of the
    /// other; each pair once.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn changes_between_acts(&self) -> Result<Vec<(ActId, ActId)>, StoreError> {
        let pairs: Vec<(i64, i64)> = read!(self, "reading linked acts", |connection| {
            sql::counted::changing(connection).await
        })?;
        Ok(pairs.into_iter().map(|(by, act)| (ActId(by), ActId(act))).collect())
    }

    /// [`Store::changes_between_acts`] in which `ids` have a part, on either side.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn changes_of_acts(&self, ids: &[ActId]) -> Result<Vec<(ActId, ActId)>, StoreError> {
        let pairs: Vec<(i64, i64)> = read!(self, "reading linked acts", |connection| {
            sql::counted::changing_of(connection, &numbers(ids)).await
        })?;
        Ok(pairs.into_iter().map(|(by, act)| (ActId(by), ActId(act))).collect())
    }

    /// Over which days each source was read, by code; sources of which nothing was read are left out.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn read_spans(&self) -> Result<Vec<ReadSpan>, StoreError> {
        read!(self, "reading what was read of each source", |connection| {
            sql::counted::read_spans(connection).await
        })
    }
}
