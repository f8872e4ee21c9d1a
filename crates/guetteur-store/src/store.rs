//! The handle: one struct over both databases.

use crate::StoreError;

/// A handle of the database; clones share its connections.
#[derive(Clone)]
pub struct Store {
    pub(crate) location: String,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("location", &self.location).finish_non_exhaustive()
    }
}

impl Store {
    /// Opens the database at `url` and brings its schema to this version: a path or `sqlite:PATH`
    /// (created if absent), or `postgres://…`.
    ///
    /// # Errors
    /// When the address is not understood, the database cannot be opened, or a migration fails.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        todo!()
    }

    /// Waits for running statements and closes all connections.
    pub async fn close(&self) {
        todo!()
    }

    /// Path or address, passwords removed.
    #[must_use]
    pub fn location(&self) -> &str {
        &self.location
    }

    /// Whether several machines may share it (PostgreSQL).
    #[must_use]
    pub fn is_postgres(&self) -> bool {
        todo!()
    }
}
