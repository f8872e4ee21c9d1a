//! Documents that a source lists and that were not taken for bulletins.

use crate::boxed;
use chrono::{DateTime, Utc};
use guetteur_model::LeftOut;

use crate::store::{read, write};
use crate::{PassKind, Store, StoreError};

impl Store {
    /// Stores what a pass over `source` left out. A full pass tells all: what it did not see is
    /// forgotten. What has become a bulletin is not left out any more.
    ///
    /// # Errors
    /// When the database fails; then nothing was stored.
    #[boxed]
    pub async fn record_left_out(
        &self,
        source: &str,
        documents: &[LeftOut],
        pass: PassKind,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        write!(self, "storing what a pass left out", |connection| {
            sql::left_out::record(connection, source, documents, pass, now).await
        })
    }

    /// What is left out of `source`, or of all sources, with the code of each: by source, reason and
    /// title.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn left_out(
        &self,
        source: Option<&str>,
    ) -> Result<Vec<(String, LeftOut)>, StoreError> {
        read!(self, "reading what was left out", |connection| {
            sql::left_out::of(connection, source).await
        })
    }
}
