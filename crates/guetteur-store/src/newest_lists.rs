//! Quick looks: the pages of each source where the next bulletin will show.

use crate::boxed;
use std::str::FromStr;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use guetteur_model::{Failure, Sha256};

use crate::store::{read, write};
use crate::{Store, StoreError};

/// What a page that is looked at shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ListRole {
    /// The newest bulletins.
    List,
    /// Years or months: where the next list will show.
    Periods,
}

impl ListRole {
    /// The word stored.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Periods => "periods",
        }
    }
}

impl FromStr for ListRole {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        let known = [Self::List, Self::Periods].into_iter().find(|role| role.as_str() == word);
        known.ok_or_else(|| "unknown role of a list".to_owned())
    }
}

/// A page to look at, and what the last look at it gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewestList {
    /// Code of the registry.
    pub source: String,
    /// What it shows.
    pub role: ListRole,
    /// Address of the page.
    pub url: String,
    /// `ETag` of its last answer, for a conditional request.
    pub etag: Option<String>,
    /// `Last-Modified` of its last answer.
    pub last_modified: Option<String>,
    /// Hash of what it listed: many servers answer in full though nothing changed, and many pages
    /// carry words that change at each answer.
    pub listed: Option<Sha256>,
    /// Since when its validators are not believed: it had changed under the same ones.
    pub distrusted_at: Option<DateTime<Utc>>,
    /// When it was last asked for.
    pub looked_at: Option<DateTime<Utc>>,
    /// Since when every look has failed.
    pub failing_since: Option<DateTime<Utc>>,
    /// Why the last look failed.
    pub failure: Option<Failure>,
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
        /// Hash of what it lists.
        listed: Sha256,
        /// It had changed under the same validators: they are not believed again.
        lied: bool,
    },
    /// No page came, for this reason. What is known of it stays.
    Failed(Failure),
}

impl Store {
    /// Notes where the next bulletin of `source` will show. A page that stays the same keeps what
    /// is known of it.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn set_newest_list(
        &self,
        source: &str,
        role: ListRole,
        url: &str,
    ) -> Result<(), StoreError> {
        write!(self, "noting the newest list of a source", |connection| {
            sql::newest_lists::set(connection, source, role, url).await
        })
    }

    /// The pages to look at, of one source or of all, by source and role.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn newest_lists(&self, source: Option<&str>) -> Result<Vec<NewestList>, StoreError> {
        read!(self, "reading the newest lists", |connection| {
            sql::newest_lists::of(connection, source).await
        })
    }

    /// When bulletins were first seen since `since`, by source: those seen on the day of their
    /// publication or the day after. A back-fill tells nothing of when a source publishes.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn seen_fresh(
        &self,
        since: DateTime<Utc>,
    ) -> Result<Vec<(String, DateTime<Utc>)>, StoreError> {
        let seen = read!(self, "reading when bulletins were first seen", |connection| {
            sql::newest_lists::first_seen(connection, since).await
        })?;
        let fresh =
            |at: &DateTime<Utc>, day: NaiveDate| at.date_naive() - day <= TimeDelta::days(1);
        let seen = seen.into_iter().filter(|(_, at, day)| fresh(at, *day));
        Ok(seen.map(|(source, at, _)| (source, at)).collect())
    }

    /// Notes what a look at `list` gave.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn note_look(
        &self,
        list: &NewestList,
        look: &Look,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        write!(self, "noting a look", |connection| {
            sql::newest_lists::note(connection, list, look, now).await
        })
    }
}
