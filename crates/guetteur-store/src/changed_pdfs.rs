//! PDFs that changed under their address, or went: what a feed tells of.

use crate::boxed;
use chrono::{DateTime, NaiveDate, Utc};
use guetteur_model::{BulletinId, Category, Level, Sha256};
use serde::{Deserialize, Serialize};

use crate::store::read;
use crate::{Store, StoreError};

/// A bulletin whose PDF is no longer what it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedPdf {
    /// The bulletin.
    pub bulletin: BulletinId,
    /// Code of its source.
    pub source: String,
    /// Its title on the site.
    pub title: String,
    /// Its number.
    pub number: Option<String>,
    /// Day of publication.
    pub published_on: Option<NaiveDate>,
    /// The PDF before.
    pub former: Sha256,
    /// The PDF that took its place; `None`: the bulletin went from its site.
    pub present: Option<Sha256>,
    /// When we saw it.
    pub changed_at: DateTime<Utc>,
    /// Whether a mask keeps the site from serving them.
    pub withheld: bool,
}

/// That a new version of its PDF changed what is said of an act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PdfChange {
    /// When the reading of the new version was stored.
    pub at: DateTime<Utc>,
    /// The PDF before.
    pub former: Sha256,
    /// What the act was flagged as before: whoever follows that was told of it.
    pub flags: Vec<(Category, Level)>,
}

impl Store {
    /// The latest changes, newest first.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn changed_pdfs(&self, limit: u32) -> Result<Vec<ChangedPdf>, StoreError> {
        let mut changes = read!(self, "reading changed PDFs", |connection| {
            sql::changed_pdfs::latest(connection, limit).await
        })?;
        changes.sort_by_key(|change| std::cmp::Reverse((change.changed_at, change.bulletin)));
        changes.truncate(limit as usize);
        let masks = self.masks_by_bulletin().await?;
        for change in &mut changes {
            change.withheld = masks.cover(change.bulletin, &mut change.title);
        }
        Ok(changes)
    }
}
