//! How far the checks of the archive are, and which documents are damaged.

use crate::boxed;
use chrono::{DateTime, Utc};
use guetteur_model::{BulletinId, Sha256};

use crate::store::{read, write};
use crate::words::words;
use crate::{Store, StoreError};
use serde::{Deserialize, Serialize};

words! {
    /// A check of the whole archive.
    ScrubKind {
        /// The slow one of `guetteur watch`, all of it in a month.
        Slow = "slow",
        /// `guetteur verify`.
        Asked = "asked",
    }
}

words! {
    /// What is wrong with a document.
    Damage {
        /// Its bytes have another hash, or cannot be read.
        Altered = "altered",
        /// It is not there.
        Missing = "missing",
    }
}

/// How far a check is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scrub {
    /// The last document checked; none before the first and after the last.
    pub last: Option<Sha256>,
    /// Documents checked since it began.
    pub checked: u64,
    /// When it began.
    pub begun_at: DateTime<Utc>,
    /// When it last came to the end.
    pub whole_at: Option<DateTime<Utc>>,
}

/// A document that no longer proves what it did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DamagedDocument {
    /// Its name.
    pub sha256: Sha256,
    /// What is wrong.
    pub damage: Damage,
    /// When that was found.
    pub found_at: DateTime<Utc>,
    /// The first bulletin that published it.
    pub bulletin: Option<BulletinId>,
}

impl Store {
    /// How far a check is; none has begun without a row.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn scrub(&self, kind: ScrubKind) -> Result<Option<Scrub>, StoreError> {
        read!(self, "reading how far a check is", |connection| {
            sql::scrubs::of(connection, kind).await
        })
    }

    /// Notes that a check came from `from` to `to`, `checked` documents on; `None` is its begin and its
    /// end. `false`, and nothing noted, when another process moved it meanwhile.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn move_scrub(
        &self,
        kind: ScrubKind,
        from: Option<Sha256>,
        to: Option<Sha256>,
        checked: u64,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        write!(self, "noting how far a check is", |connection| {
            sql::scrubs::advance(connection, kind, (from, to), checked, now).await
        })
    }

    /// Notes what was found of a document: damage, or none any more.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn note_damage(
        &self,
        document: Sha256,
        damage: Option<Damage>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        write!(self, "noting damage", |connection| {
            sql::scrubs::note(connection, document, damage, now).await
        })
    }

    /// Documents known to be damaged, found first first.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn damaged_documents(&self) -> Result<Vec<DamagedDocument>, StoreError> {
        read!(self, "reading damaged documents", |connection| {
            sql::scrubs::damaged(connection).await
        })
    }

    /// Has a damaged document fetched again, in full, by the next check of a bulletin that has it, or at
    /// once where it is to be read: a site that still has the same bytes gives them back. Gives how many
    /// bulletins are asked for.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn fetch_again(
        &self,
        document: Sha256,
        now: DateTime<Utc>,
    ) -> Result<u64, StoreError> {
        write!(self, "having a document fetched again", |connection| {
            sql::scrubs::fetch_again(connection, document, now).await
        })
    }
}
