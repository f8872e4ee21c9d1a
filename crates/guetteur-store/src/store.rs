//! The handle: one struct over both databases.

use sqlx::{PgPool, SqlitePool};

use crate::address::Address;
use crate::{StoreError, open};

/// Connections of the database at hand.
#[derive(Clone)]
pub(crate) enum Pools {
    /// SQLite has one writer: it waits its turn here, not in the database.
    Sqlite { read: SqlitePool, write: SqlitePool },
    /// PostgreSQL.
    Postgres(PgPool),
}

/// A handle of the database; clones share its connections.
#[derive(Clone)]
pub struct Store {
    pub(crate) pools: Pools,
    pub(crate) location: String,
}

/// Runs an expression with `$connection` for reading; in it, `sql` names the statements compiled
/// for the database at hand.
macro_rules! read {
    ($store:expr, $doing:literal, |$connection:ident| $body:expr) => {
        match &$store.pools {
            $crate::store::Pools::Sqlite { read, .. } => {
                use $crate::sqlite::statements as sql;
                let mut acquired = $crate::error::Doing::doing(read.acquire().await, $doing)?;
                let $connection = &mut *acquired;
                $body
            }
            $crate::store::Pools::Postgres(pool) => {
                use $crate::postgres::statements as sql;
                let mut acquired = $crate::error::Doing::doing(pool.acquire().await, $doing)?;
                let $connection = &mut *acquired;
                $body
            }
        }
    };
}
pub(crate) use read;

/// Like [`read!`], in a transaction that is committed when the expression is `Ok`.
macro_rules! write {
    ($store:expr, $doing:literal, |$connection:ident| $body:expr) => {
        match &$store.pools {
            $crate::store::Pools::Sqlite { write, .. } => {
                use $crate::sqlite::statements as sql;
                // IMMEDIATE: a transaction that starts by reading cannot be refused the write.
                let begun = write.begin_with("BEGIN IMMEDIATE").await;
                let mut transaction = $crate::error::Doing::doing(begun, $doing)?;
                let $connection = &mut *transaction;
                let outcome = $body?;
                $crate::error::Doing::doing(transaction.commit().await, $doing)?;
                Ok(outcome)
            }
            $crate::store::Pools::Postgres(pool) => {
                use $crate::postgres::statements as sql;
                let mut transaction = $crate::error::Doing::doing(pool.begin().await, $doing)?;
                let $connection = &mut *transaction;
                let outcome = $body?;
                $crate::error::Doing::doing(transaction.commit().await, $doing)?;
                Ok(outcome)
            }
        }
    };
}
pub(crate) use write;

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("location", &self.location).finish_non_exhaustive()
    }
}

impl Store {
    /// Opens the database at `url` and brings its schema to this version: a path or `sqlite:PATH`
    /// (created if absent, with its folder), or `postgres://…`.
    ///
    /// # Errors
    /// When the address is not understood, the database cannot be opened, or a migration fails.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        match Address::parse(url)? {
            Address::Sqlite(path) => open::sqlite(&path).await,
            Address::Postgres(url) => open::postgres(&url).await,
        }
    }

    /// Waits for running statements and closes all connections.
    pub async fn close(&self) {
        match &self.pools {
            Pools::Sqlite { read, write } => {
                read.close().await;
                write.close().await;
            }
            Pools::Postgres(pool) => pool.close().await,
        }
    }

    /// Path or address, passwords removed.
    #[must_use]
    pub fn location(&self) -> &str {
        &self.location
    }

    /// Whether several machines may share it (PostgreSQL).
    #[must_use]
    pub fn is_postgres(&self) -> bool {
        matches!(self.pools, Pools::Postgres(_))
    }
}
