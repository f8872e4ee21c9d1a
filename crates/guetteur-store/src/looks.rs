//! Quick looks: the page of each source where the next bulletin will show first.

use chrono::{DateTime, Utc};
use guetteur_model::Sha256;

use crate::store::{read, write};
use crate::{Store, StoreError};

/// The newest list of a source, and what the last look at it gave.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewestList {
    /// Code of the registry.
    pub source: String,
    /// Address of the page.
    pub url: String,
    /// `ETag` of its last answer, for a conditional request.
    pub etag: Option<String>,
    /// `Last-Modified` of its last answer.
    pub last_modified: Option<String>,
    /// Hash of its last body: many servers answer in full though nothing changed.
    pub body: Option<Sha256>,
    /// When it was last asked for.
    pub looked_at: Option<DateTime<Utc>>,
    /// Why the last look failed, in plain words.
    pub error: Option<String>,
}

/// What a look gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Look {
    /// The page is as it was (304).
    NotModified,
    /// The page came.
    Got {
        /// Its `ETag`.
        etag: Option<String>,
        /// Its `Last-Modified`.
        last_modified: Option<String>,
        /// Hash of its body.
        body: Sha256,
    },
    /// No page came, for this reason. What is known of it stays.
    Failed(String),
}

impl Store {
    /// Notes where the next bulletin of `source` will show first. A page that stays the same keeps
    /// what is known of it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_newest_list(&self, source: &str, url: &str) -> Result<(), StoreError> {
        write!(self, "noting the newest list of a source", |connection| {
            sql::looks::set(connection, source, url).await
        })
    }

    /// The newest lists known, by source.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn newest_lists(&self) -> Result<Vec<NewestList>, StoreError> {
        read!(self, "reading the newest lists", |connection| sql::looks::all(connection).await)
    }

    /// Notes what a look at the newest list of `source` gave.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn note_look(
        &self,
        source: &str,
        look: &Look,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        write!(self, "noting a look", |connection| {
            sql::looks::note(connection, source, look, now).await
        })
    }
}
