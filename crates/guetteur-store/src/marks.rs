//! What tells this installation from all others.

use crate::boxed;
use crate::store::{read, write};
use crate::{Store, StoreError};

/// The name under which the mark of the archive is kept.
const ARCHIVE_MARK: &str = "archive_mark";

impl Store {
    /// The mark of the archive that belongs to this database; none before it was first used.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn archive_mark(&self) -> Result<Option<String>, StoreError> {
        read!(self, "reading the archive's mark", |connection| {
            sql::marks::value(connection, ARCHIVE_MARK).await
        })
    }

    /// Sets the mark of the archive where there is none. Gives the one that holds: another process may
    /// have been first.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn set_archive_mark(&self, mark: &str) -> Result<String, StoreError> {
        write!(self, "storing the archive's mark", |connection| {
            sql::marks::set(connection, ARCHIVE_MARK, mark).await
        })
    }

    /// Sets the mark of the archive, whatever it was.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn replace_archive_mark(&self, mark: &str) -> Result<(), StoreError> {
        write!(self, "replacing the archive's mark", |connection| {
            sql::marks::replace(connection, ARCHIVE_MARK, mark).await
        })
    }
}
