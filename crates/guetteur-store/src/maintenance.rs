//! Backup and self-check.

use crate::boxed;
use std::path::Path;

use crate::error::Doing;
use crate::store::{Pools, read, write};
use crate::{BackupTrouble, Store, StoreError, migrations};

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
    /// When the file exists or cannot be written; on PostgreSQL, which has a tool of its own.
    #[boxed]
    pub async fn backup(&self, path: &Path) -> Result<(), StoreError> {
        let failed = |trouble| StoreError::Backup { path: path.to_owned(), trouble };
        let Pools::Sqlite { read, .. } = &self.pools else {
            return Err(failed(BackupTrouble::PostgreSql { location: self.location.clone() }));
        };
        if path.exists() {
            return Err(failed(BackupTrouble::Exists));
        }
        let text = path.to_str().ok_or_else(|| failed(BackupTrouble::NotUtf8))?;
        // A connection for reading may not write even elsewhere: this one may, and goes.
        let copy = async {
            let mut connection = read.acquire().await?.detach();
            sqlx::query("PRAGMA query_only = OFF").execute(&mut connection).await?;
            sqlx::query("VACUUM INTO $1").bind(text).execute(&mut connection).await?;
            sqlx::Connection::close(connection).await
        };
        copy.await.map_err(|error| failed(BackupTrouble::Failed(error.to_string())))
    }

    /// Reads the whole database and compares it with itself (SQLite; PostgreSQL does so by its own
    /// tools).
    ///
    /// # Errors
    /// When it is damaged, with what SQLite says of it.
    #[boxed]
    pub async fn check_integrity(&self) -> Result<(), StoreError> {
        let Pools::Sqlite { read, .. } = &self.pools else { return Ok(()) };
        let said: Vec<String> = sqlx::query_scalar("PRAGMA integrity_check(10)")
            .fetch_all(read)
            .await
            .doing("checking the database")?;
        if said == ["ok"] {
            return Ok(());
        }
        Err(StoreError::Damaged { location: self.location.clone(), said: said.join("; ") })
    }

    /// Version, schema, and whether it can be written.
    ///
    /// # Errors
    /// When the database cannot be read at all.
    #[boxed]
    pub async fn check(&self) -> Result<Check, StoreError> {
        let (version, size_bytes, applied) = read!(self, "checking the database", |connection| {
            Ok::<_, StoreError>((
                sql::maintenance::version(connection).await?,
                sql::maintenance::size(connection).await?,
                sql::maintenance::applied(connection).await?,
            ))
        })?;
        let migrator =
            if self.is_postgres() { migrations::postgres() } else { migrations::sqlite() }
                .map_err(|error| StoreError::Migrate {
                    location: self.location.clone(),
                    trouble: error.into(),
                })?;
        let pending = migrator.iter().filter(|known| !applied.contains(&known.version)).count();
        Ok(Check {
            version,
            location: self.location.clone(),
            schema_version: applied.last().copied().unwrap_or_default(),
            pending_migrations: pending,
            write_error: self.probe_write().await.err().map(|error| error.to_string()),
            size_bytes,
        })
    }

    async fn probe_write(&self) -> Result<(), StoreError> {
        write!(self, "writing to the database", |connection| {
            sql::maintenance::probe_write(connection).await
        })
    }
}
