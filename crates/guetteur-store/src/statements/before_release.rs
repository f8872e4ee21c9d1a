//! Databases made before the first release, whose eleven migrations have become one.

use sqlx::migrate::{MigrateError, Migration};

use super::{BEFORE_RELEASE, Connection, HAS_HISTORY};

/// The last migration before the first release.
const LAST: i64 = 20_260_924_000_000;

/// Brings a database at [`LAST`] to the state that `schema`, the first migration of today, makes, and
/// writes its history anew. Any other database is left as it is. To be run in a transaction that
/// keeps other processes out.
pub(crate) async fn bring_up(
    connection: &mut Connection,
    schema: &Migration,
) -> Result<(), MigrateError> {
    let has_history: i64 = sqlx::query_scalar(HAS_HISTORY).fetch_one(&mut *connection).await?;
    if has_history == 0 {
        return Ok(());
    }
    let last: Option<i64> = sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations")
        .fetch_one(&mut *connection)
        .await?;
    match last {
        Some(LAST) => {}
        Some(older) if older < LAST => return Err(MigrateError::VersionTooOld(older, LAST)),
        _ => return Ok(()),
    }
    sqlx::raw_sql(BEFORE_RELEASE).execute(&mut *connection).await?;
    sqlx::query("DELETE FROM _sqlx_migrations").execute(&mut *connection).await?;
    sqlx::query(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         VALUES ($1, $2, TRUE, $3, 0)",
    )
    .bind(schema.version)
    .bind(&*schema.description)
    .bind(&*schema.checksum)
    .execute(connection)
    .await?;
    Ok(())
}
