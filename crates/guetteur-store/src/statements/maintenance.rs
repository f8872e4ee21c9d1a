//! What `doctor` asks.

use super::{Connection, SIZE, VERSION};
use crate::StoreError;
use crate::error::Doing;
use crate::rows::number;

pub(crate) async fn version(connection: &mut Connection) -> Result<String, StoreError> {
    sqlx::query_scalar(VERSION).fetch_one(connection).await.doing("asking for the version")
}

pub(crate) async fn size(connection: &mut Connection) -> Result<u64, StoreError> {
    let bytes: i64 =
        sqlx::query_scalar(SIZE).fetch_one(connection).await.doing("measuring the database")?;
    number("size", bytes)
}

/// Versions of the migrations applied.
pub(crate) async fn applied(connection: &mut Connection) -> Result<Vec<i64>, StoreError> {
    sqlx::query_scalar("SELECT version FROM _sqlx_migrations ORDER BY version")
        .fetch_all(connection)
        .await
        .doing("reading the schema's version")
}

/// A write that changes nothing, of a row that is always there.
pub(crate) async fn probe_write(connection: &mut Connection) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE _sqlx_migrations SET success = success \
         WHERE version = (SELECT max(version) FROM _sqlx_migrations)",
    )
    .execute(connection)
    .await
    .doing("writing to the database")?;
    Ok(())
}
