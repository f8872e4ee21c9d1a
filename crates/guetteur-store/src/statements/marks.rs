//! Table `marks`: what tells this installation from all others.

use super::Connection;
use crate::StoreError;
use crate::error::Doing;

pub(crate) async fn value(
    connection: &mut Connection,
    name: &str,
) -> Result<Option<String>, StoreError> {
    sqlx::query_scalar("SELECT value FROM marks WHERE name = $1")
        .bind(name)
        .fetch_optional(connection)
        .await
        .doing("reading a mark")
}

pub(crate) async fn set(
    connection: &mut Connection,
    name: &str,
    value: &str,
) -> Result<String, StoreError> {
    // The update changes nothing: it makes the row come back that was there.
    sqlx::query_scalar(
        "INSERT INTO marks (name, value) VALUES ($1, $2) \
         ON CONFLICT (name) DO UPDATE SET value = marks.value RETURNING value",
    )
    .bind(name)
    .bind(value)
    .fetch_one(connection)
    .await
    .doing("storing a mark")
}

pub(crate) async fn replace(
    connection: &mut Connection,
    name: &str,
    value: &str,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO marks (name, value) VALUES ($1, $2) \
         ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    )
    .bind(name)
    .bind(value)
    .execute(connection)
    .await
    .map(drop)
    .doing("replacing a mark")
}
