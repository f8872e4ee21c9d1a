//! What a replaced PDF changed in its bulletin.

use crate::boxed;
use guetteur_model::{ActId, BulletinId, Page, Sha256};

use crate::store::read;
use crate::{ActRecord, Store, StoreError};

impl Store {
    /// Acts that a bulletin had and no longer has, by id.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn removed_acts(&self, bulletin: BulletinId) -> Result<Vec<ActRecord>, StoreError> {
        let ids = read!(self, "reading removed acts", |connection| {
            sql::acts::ids_of_bulletin(connection, bulletin.0).await
        })?;
        let mut records = self.acts_by_ids(&ids.into_iter().map(ActId).collect::<Vec<_>>()).await?;
        records.retain(|record| record.removed_at.is_some());
        Ok(records)
    }

    /// Pages of `document`, a version of `bulletin`; what is masked of any of its acts is covered.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn version_pages(
        &self,
        bulletin: BulletinId,
        document: Sha256,
    ) -> Result<Vec<Page>, StoreError> {
        let acts = read!(self, "reading the acts of a bulletin", |connection| {
            sql::acts::ids_of_bulletin(connection, bulletin.0).await
        })?;
        self.cover_pages(&acts, self.pages(document).await?).await
    }
}
