//! Texts of pages that were stored before texts were packed.

use crate::boxed;
use guetteur_model::Sha256;

use crate::store::{Pools, read, write};
use crate::{Store, StoreError};

impl Store {
    /// Packs the texts of at most `limit` documents that were read before texts were packed, those
    /// after `last` in order of their names; each in a transaction of its own, so that others work on
    /// meanwhile and whatever stops it costs one document. Gives them; none when all are packed.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn pack_texts(
        &self,
        last: Option<Sha256>,
        limit: u32,
    ) -> Result<Vec<Sha256>, StoreError> {
        let after = last.map(|last| last.to_string());
        let names = read!(self, "looking for texts to pack", |connection| {
            sql::page_texts::unpacked(connection, after.as_deref(), limit).await
        })?;
        let mut packed = Vec::new();
        for name in names {
            let document = crate::rows::sha256("documents.sha256", &name)?;
            write!(self, "packing texts", |connection| {
                sql::page_texts::pack_document(connection, document).await
            })?;
            packed.push(document);
        }
        Ok(packed)
    }

    /// Gives the space that SQLite holds free back to the disk; it takes as much again meanwhile, and
    /// nothing else is written. PostgreSQL uses free space again by itself.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn compact(&self) -> Result<(), StoreError> {
        let Pools::Sqlite { write, .. } = &self.pools else { return Ok(()) };
        let vacuum = async {
            let mut connection = write.acquire().await?;
            sqlx::query("VACUUM").execute(&mut *connection).await?;
            // What it wrote lies in the write-ahead log until it is carried over.
            sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut *connection).await.map(drop)
        };
        crate::error::Doing::doing(vacuum.await, "giving free space back")
    }
}
