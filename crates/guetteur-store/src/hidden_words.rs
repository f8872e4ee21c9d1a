//! What PDFs hide: kept apart for the operator, published nowhere.

use crate::boxed;
use guetteur_model::{BulletinId, Sha256};

use crate::store::read;
use crate::{Store, StoreError};

/// A PDF that holds words that its pages do not show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConcealingDocument {
    /// The PDF.
    pub sha256: Sha256,
    /// The first bulletin that published it.
    pub bulletin: BulletinId,
    /// Code of its source.
    pub source: String,
    /// Title of the bulletin.
    pub title: String,
    /// Pages with hidden words, in order.
    pub pages: Vec<u32>,
    /// Hidden words, on all pages.
    pub words: u64,
}

impl Store {
    /// Documents that hide words, those seen last first, at most `limit`. The words themselves stay
    /// in the database.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn concealing_documents(
        &self,
        limit: u32,
    ) -> Result<Vec<ConcealingDocument>, StoreError> {
        read!(self, "listing documents that hide words", |connection| {
            sql::hidden_words::documents(connection, limit).await
        })
    }

    /// How many documents hide words.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn count_concealing_documents(&self) -> Result<u64, StoreError> {
        read!(self, "counting documents that hide words", |connection| {
            sql::hidden_words::count(connection).await
        })
    }
}
