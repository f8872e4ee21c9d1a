//! Opening a database and bringing its schema to this version.

use std::io::ErrorKind;
use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use sqlx::migrate::{MigrateError, Migrator};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

use crate::StoreError;
use crate::address::redact;
use crate::copy_before;
use crate::error::{DatabaseTrouble, Doing};
use crate::migrations;
use crate::pooler;
use crate::store::{Pools, Store};

/// How long a statement waits for another process that writes to the same SQLite file.
const BUSY_TIMEOUT: Duration = Duration::from_secs(30);
/// How long a first connection to a server may take.
const CONNECTS_WITHIN: Duration = Duration::from_secs(30);
const SQLITE_READERS: u32 = 8;
const POSTGRES_CONNECTIONS: u32 = 16;
/// A machine that went away in the middle of a transaction holds what it locked, and keeps the changes of
/// others from being told, until the server notices: in two hours, if nothing is said. Not as options of
/// the connection, which poolers refuse.
const GONE_CLIENTS: &str = "SET idle_in_transaction_session_timeout = '5min'; \
     SET tcp_keepalives_idle = 60; SET tcp_keepalives_interval = 15; SET tcp_keepalives_count = 4";
/// Names our lock among those of other programs on the server.
const LOCK: i64 = 0x6775_6574;

/// Opens or creates the file at `path`.
pub(crate) async fn sqlite(path: &Path) -> Result<Store, StoreError> {
    let location = path.display().to_string();
    let failed = |reason: String, trouble| StoreError::Open {
        location: path.display().to_string(),
        reason,
        trouble,
    };
    let connecting = |error: sqlx::Error| failed(error.to_string(), DatabaseTrouble::of(&error));
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(|error| {
            let full = (error.kind() == ErrorKind::StorageFull).then_some(DatabaseTrouble::Full);
            failed(format!("creating {}: {error}", folder.display()), full)
        })?;
    }
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal)
        .foreign_keys(true)
        .busy_timeout(BUSY_TIMEOUT);
    let pool = SqlitePoolOptions::new().max_lifetime(None).idle_timeout(None);
    let write = pool
        .clone()
        .max_connections(1)
        // Writers queue for the one connection: a long queue is not an error.
        .acquire_timeout(Duration::from_secs(300))
        .connect_with(options.clone())
        .await
        .map_err(connecting)?;
    migrate_sqlite(&write, path, &location).await?;
    let read = pool
        .max_connections(SQLITE_READERS)
        .connect_with(options.pragma("query_only", "ON"))
        .await
        .map_err(connecting)?;
    Ok(Store { pools: Pools::Sqlite { read, write }, location, known_days: Arc::default() })
}

/// One transaction that holds the write lock from its start, so that two processes that open the
/// same file do not both migrate it.
async fn migrate_sqlite(
    write: &sqlx::SqlitePool,
    path: &Path,
    location: &str,
) -> Result<(), StoreError> {
    let failed = |trouble| StoreError::Migrate { location: location.to_owned(), trouble };
    let migrator = migrations::sqlite().map_err(|error| failed(error.into()))?;
    copy_before::copy(write, path, &migrator).await.map_err(failed)?;
    let mut transaction =
        write.begin_with("BEGIN IMMEDIATE").await.map_err(|error| StoreError::Open {
            location: location.to_owned(),
            trouble: DatabaseTrouble::of(&error),
            reason: error.to_string(),
        })?;
    let run = async {
        let schema = migrations::schema(&migrator)?;
        crate::sqlite::statements::before_release::bring_up(&mut transaction, schema).await?;
        migrator.run(&mut *transaction).await
    };
    run.await.map_err(|error| failed(error.into()))?;
    crate::sqlite::statements::revisions::continue_revisions(&mut transaction).await?;
    transaction.commit().await.doing("committing the migrations")
}

/// Connects to the server of `url`.
pub(crate) async fn postgres(url: &str) -> Result<Store, StoreError> {
    let location = redact(url);
    let failed = |error: &sqlx::Error| StoreError::Open {
        location: redact(url),
        reason: error.to_string(),
        trouble: DatabaseTrouble::of(error),
    };
    let options = PgConnectOptions::from_str(url)
        .map_err(|error| StoreError::Address { given: redact(url), reason: error.to_string() })?
        .application_name("guetteur")
        // PgBouncer refuses to begin with it, and since version 12 the server's own is exact.
        .extra_float_digits(None);
    // First connections of their own, because the pool would retry for long and then hide the cause.
    let shared = tokio::time::timeout(CONNECTS_WITHIN, pooler::hands_round(&options)).await;
    let shared = shared
        .unwrap_or_else(|_| Err(sqlx::Error::Io(ErrorKind::TimedOut.into())))
        .map_err(|error| failed(&error))?;
    if shared {
        return Err(StoreError::Open {
            location,
            reason: "a pooler gives each transaction another connection of the server".to_owned(),
            trouble: Some(DatabaseTrouble::Pooled),
        });
    }
    let pool = PgPoolOptions::new()
        .max_connections(POSTGRES_CONNECTIONS)
        .after_connect(|connection, _| {
            Box::pin(async move { sqlx::raw_sql(GONE_CLIENTS).execute(connection).await.map(drop) })
        })
        .connect_with(options)
        .await
        .map_err(|error| failed(&error))?;
    let migrate = |error: MigrateError| StoreError::Migrate {
        location: location.clone(),
        trouble: error.into(),
    };
    let migrator = migrations::postgres().map_err(migrate)?;
    bring_up(&pool, &migrator).await.map_err(migrate)?;
    // The migrator takes an advisory lock: machines that start together take turns.
    migrator.run(&pool).await.map_err(migrate)?;
    let mut connection = pool.acquire().await.doing("going on with the revisions")?;
    crate::postgres::statements::revisions::continue_revisions(&mut connection).await?;
    drop(connection);
    Ok(Store { pools: Pools::Postgres(pool), location, known_days: Arc::default() })
}

/// Likewise in turn: the lock goes with the transaction.
async fn bring_up(pool: &sqlx::PgPool, migrator: &Migrator) -> Result<(), MigrateError> {
    let mut transaction = pool.begin().await?;
    sqlx::query("SELECT pg_advisory_xact_lock($1)").bind(LOCK).execute(&mut *transaction).await?;
    let schema = migrations::schema(migrator)?;
    crate::postgres::statements::before_release::bring_up(&mut transaction, schema).await?;
    Ok(transaction.commit().await?)
}

#[cfg(test)]
mod tests {
    use guetteur_testkit::db::TestDatabase;

    use super::*;

    #[tokio::test]
    async fn the_server_ends_transactions_of_machines_that_went_away() {
        let database = TestDatabase::postgres();
        let store = postgres(database.url()).await.expect("opens");
        let Pools::Postgres(pool) = &store.pools else { panic!("PostgreSQL") };
        let patience: String = sqlx::query_scalar("SHOW idle_in_transaction_session_timeout")
            .fetch_one(pool)
            .await
            .expect("shown");
        assert_eq!(patience, "5min");
    }
}
