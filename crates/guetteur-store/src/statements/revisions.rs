//! The counter of revisions: every change of an act takes the next number, and readers go on from the
//! last that they saw.

use chrono::{DateTime, Utc};

use super::{CONTINUE_REVISIONS, Connection, LINEAGE, NEXT_REVISIONS, SETTLED_REVISION};
use crate::StoreError;
use crate::error::Doing;

/// Gives the first of `count` numbers that follow each other.
pub(super) async fn next_revisions(
    connection: &mut Connection,
    count: usize,
) -> Result<i64, StoreError> {
    if count == 0 {
        return Ok(0);
    }
    sqlx::query_scalar(NEXT_REVISIONS)
        .bind(count as i64)
        .fetch_one(connection)
        .await
        .doing("numbering changes")
}

/// The number up to which all changes are committed. A reader that asks for it first, and takes what
/// lies above its own mark and not above this, misses none.
pub(crate) async fn settled(connection: &mut Connection) -> Result<i64, StoreError> {
    sqlx::query_scalar(SETTLED_REVISION)
        .fetch_one(connection)
        .await
        .doing("reading the last revision")
}

/// Which life of the database its numbers belong to; empty where it cannot be told.
pub(crate) async fn lineage(connection: &mut Connection) -> Result<String, StoreError> {
    sqlx::query_scalar(LINEAGE).fetch_one(connection).await.doing("asking for the lineage")
}

/// Goes on after the highest number that a row has or somebody was told of, where rows came without the
/// counter: a number below would be told to nobody.
pub(crate) async fn continue_revisions(connection: &mut Connection) -> Result<(), StoreError> {
    let going_on = sqlx::query(CONTINUE_REVISIONS).execute(connection).await;
    going_on.map(drop).doing("going on with the revisions")
}

/// Gives one act a new revision and tells its readers that it changed.
pub(super) async fn tell_readers(
    connection: &mut Connection,
    act: i64,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let revision = next_revisions(connection, 1).await?;
    sqlx::query("UPDATE acts SET revision = $2, updated_at = $3 WHERE id = $1")
        .bind(act)
        .bind(revision)
        .bind(now)
        .execute(connection)
        .await
        .doing("numbering changes")?;
    Ok(())
}
