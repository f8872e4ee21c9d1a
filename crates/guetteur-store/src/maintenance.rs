//! Backup and self-check.

use std::path::Path;

use crate::{Store, StoreError};

/// What `doctor` shows of the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// `SQLite 3.50.2` or `PostgreSQL 17.5`.
    pub version: String,
    /// Path or address, passwords removed.
    pub location: String,
    /// Version number of the last migration applied.
    pub schema_version: i64,
    /// Migrations of this program that are not applied; 0 after a successful `open`.
    pub pending_migrations: usize,
    /// Why it cannot be written; `None` when it can.
    pub write_error: Option<String>,
    /// Bytes on disk.
    pub size_bytes: u64,
}

impl Store {
    /// Copies the database into a new file while it is in use (SQLite). The archive of PDFs is
    /// apart.
    ///
    /// # Errors
    /// When the file exists or cannot be written; on PostgreSQL, with the `pg_dump` to use.
    pub async fn backup(&self, path: &Path) -> Result<(), StoreError> {
        todo!()
    }

    /// Version, schema, and whether it can be written.
    ///
    /// # Errors
    /// When the database cannot be read at all.
    pub async fn check(&self) -> Result<Check, StoreError> {
        todo!()
    }
}
