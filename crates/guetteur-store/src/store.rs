//! The handle: one struct over both databases.

use crate::boxed;
use std::io::ErrorKind;
use std::sync::Arc;
use std::time::Duration;

use sqlx::{PgPool, SqlitePool};

use crate::address::Address;
use crate::error::Doing;
use crate::known_days::KnownDays;
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
    pub(crate) known_days: Arc<KnownDays>,
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
                let mut held = $crate::error::Doing::doing(pool.acquire().await, $doing)?;
                let outcome = $crate::store::in_time($doing, $crate::store::PATIENCE, async {
                    let $connection = &mut *held;
                    $body
                })
                .await;
                if matches!(outcome, Err($crate::StoreError::Query { .. })) {
                    held.close_on_drop();
                }
                outcome
            }
        }
    };
}
pub(crate) use read;

/// Like [`read!`], in a transaction that is committed when the expression is `Ok`.
macro_rules! write {
    ($store:expr, $doing:literal, |$connection:ident| $body:expr) => {
        $crate::store::write_within!($store, $crate::store::PATIENCE, $doing, |$connection| $body)
    };
}
pub(crate) use write;

/// [`write!`] for what takes as long as the database is large: ended for its length, it would be begun
/// anew each time, and never done.
macro_rules! write_at_length {
    ($store:expr, $doing:literal, |$connection:ident| $body:expr) => {
        $crate::store::write_within!($store, std::time::Duration::MAX, $doing, |$connection| $body)
    };
}
pub(crate) use write_at_length;

macro_rules! write_within {
    ($store:expr, $patience:expr, $doing:literal, |$connection:ident| $body:expr) => {
        match &$store.pools {
            $crate::store::Pools::Sqlite { write, .. } => {
                use $crate::sqlite::statements as sql;
                // IMMEDIATE: a transaction that starts by reading cannot be refused the write.
                $crate::store::transaction!(
                    write,
                    "BEGIN IMMEDIATE",
                    std::time::Duration::MAX,
                    $doing,
                    |$connection| $body
                )
            }
            $crate::store::Pools::Postgres(pool) => {
                use $crate::postgres::statements as sql;
                $crate::store::transaction!(pool, "BEGIN", $patience, $doing, |$connection| $body)
            }
        }
    };
}
pub(crate) use write_within;

/// One transaction on a connection of `$pool`. A connection on which the database failed is thrown
/// away: after a full disk nobody knows in which transaction it stands.
macro_rules! transaction {
    ($pool:expr, $begin:literal, $patience:expr, $doing:literal, |$connection:ident| $body:expr) => {{
        use $crate::error::Doing;
        let mut held = $pool.acquire().await.doing($doing)?;
        let outcome = $crate::store::in_time($doing, $patience, async {
            let begun = sqlx::Connection::begin_with(&mut *held, $begin).await;
            let mut transaction = begun.doing($doing)?;
            let $connection = &mut *transaction;
            let outcome = $body?;
            transaction.commit().await.doing($doing)?;
            Ok(outcome)
        })
        .await;
        if matches!(outcome, Err($crate::StoreError::Query { .. })) {
            held.close_on_drop();
        }
        outcome
    }};
}
pub(crate) use transaction;

/// Longest wait for one read or one transaction of a server. A connection may be dead without saying so
/// (a firewall forgot it, a cable is out): it never answers, and all of the pool would wait on such ones.
pub(crate) const PATIENCE: Duration = Duration::from_mins(3);

/// `work` within `patience`; then it is dropped, and its connection is to be thrown away.
pub(crate) async fn in_time<T>(
    doing: &'static str,
    patience: Duration,
    work: impl Future<Output = Result<T, StoreError>>,
) -> Result<T, StoreError> {
    match tokio::time::timeout(patience, work).await {
        Ok(done) => done,
        Err(_) => Err(sqlx::Error::Io(ErrorKind::TimedOut.into())).doing(doing),
    }
}

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
    #[boxed]
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

#[cfg(test)]
mod tests {
    use guetteur_model::{Clock, SystemClock};

    use super::*;
    use crate::{DatabaseTrouble, PassKind};

    /// No room left, told by SQLite itself: a limit on the pages of this connection.
    async fn fill(store: &Store) {
        let Pools::Sqlite { write, .. } = &store.pools else { panic!("SQLite") };
        let mut connection = write.acquire().await.expect("connection");
        let pages: i64 = sqlx::query_scalar("PRAGMA page_count")
            .fetch_one(&mut *connection)
            .await
            .expect("pages");
        let limit = sqlx::AssertSqlSafe(format!("PRAGMA max_page_count = {pages}"));
        sqlx::query(limit).execute(&mut *connection).await.expect("limited");
    }

    #[tokio::test(start_paused = true)]
    async fn a_connection_that_never_answers_is_not_waited_for() {
        let never = std::future::pending::<Result<(), StoreError>>();
        let error = in_time("asking", PATIENCE, never).await.expect_err("never");
        assert!(matches!(error, StoreError::Query { .. }), "{error}");
        let done = in_time("asking", Duration::MAX, async { Ok(7) }).await;
        assert_eq!(done.expect("done"), 7);
    }

    #[tokio::test]
    async fn a_full_disk_is_a_pause() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("g.db").display().to_string();
        let store = Store::open(&path).await.expect("opens");
        fill(&store).await;
        let long = "x".repeat(100_000);
        let write = async || {
            let pass = store.begin_pass(&long, PassKind::Daily, SystemClock.now()).await?;
            store.finish_pass(pass, &crate::PassOutcome::default(), SystemClock.now()).await
        };
        let error = write().await.expect_err("full");
        assert_eq!(error.trouble(), Some(DatabaseTrouble::Full), "{error}");
        // There is room again: a new connection has no limit, and stands in no transaction.
        for _ in 0..3 {
            write().await.expect("work goes on by itself");
        }
        assert_eq!(store.source_states().await.expect("states").len(), 1);
    }
}
