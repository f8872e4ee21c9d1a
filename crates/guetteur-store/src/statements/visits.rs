//! Table `visits`.

use chrono::{DateTime, Utc};

use super::Connection;
use crate::StoreError;
use crate::error::Doing;
use crate::visits::{VisitClaim, VisitKind};

/// One whose lease ran out was begun and not done. `times`: since when nobody may have done it, now, and the end of the lease.
pub(crate) async fn claim(
    connection: &mut Connection,
    source: &str,
    kind: VisitKind,
    worker: &str,
    times: (DateTime<Utc>, DateTime<Utc>, DateTime<Utc>),
) -> Result<VisitClaim, StoreError> {
    let (not_since, now, until) = times;
    let result = sqlx::query(
        "INSERT INTO visits (source_code, lease_owner, lease_until, visited_at, walked_at, full_at) \
         VALUES ($1, $2, $3, $4, CASE WHEN $6 >= 1 THEN $4 END, CASE WHEN $6 >= 2 THEN $4 END) \
         ON CONFLICT (source_code) DO UPDATE SET lease_owner = excluded.lease_owner, \
         lease_until = excluded.lease_until, visited_at = excluded.visited_at, \
         walked_at = COALESCE(excluded.walked_at, visits.walked_at), \
         full_at = COALESCE(excluded.full_at, visits.full_at) \
         WHERE visits.lease_owner = excluded.lease_owner \
         OR visits.lease_until <= $4 OR (visits.lease_until IS NULL \
         AND COALESCE(CASE $6 WHEN 0 THEN visits.visited_at WHEN 1 THEN visits.walked_at \
         ELSE visits.full_at END < $5, TRUE))",
    )
    .bind(source)
    .bind(worker)
    .bind(until)
    .bind(now)
    .bind(not_since)
    .bind(kind as i64)
    .execute(&mut *connection)
    .await;
    if result.doing("claiming the visit of a source")?.rows_affected() == 1 {
        return Ok(VisitClaim::Mine);
    }
    let held: Option<Option<DateTime<Utc>>> =
        sqlx::query_scalar("SELECT lease_until FROM visits WHERE source_code = $1")
            .bind(source)
            .fetch_optional(connection)
            .await
            .doing("claiming the visit of a source")?;
    Ok(match held {
        Some(Some(until)) => VisitClaim::Held(until),
        Some(None) => VisitClaim::Done,
        // It failed there, this moment.
        None => VisitClaim::Held(now),
    })
}

/// A row says what was done, from the claim on: one that failed says too much.
pub(crate) async fn end(
    connection: &mut Connection,
    source: &str,
    worker: &str,
    succeeded: bool,
) -> Result<(), StoreError> {
    let ended = if succeeded {
        "UPDATE visits SET lease_until = NULL WHERE source_code = $1 AND lease_owner = $2"
    } else {
        "DELETE FROM visits WHERE source_code = $1 AND lease_owner = $2"
    };
    let result = sqlx::query(ended).bind(source).bind(worker).execute(connection).await;
    result.doing("ending the visit of a source")?;
    Ok(())
}

/// What a worker was at that is dead.
pub(super) async fn release_worker(
    connection: &mut Connection,
    worker: &str,
) -> Result<u64, StoreError> {
    // Its visit was not done: another may do it at once.
    let result =
        sqlx::query("DELETE FROM visits WHERE lease_owner = $1 AND lease_until IS NOT NULL")
            .bind(worker)
            .execute(connection)
            .await;
    Ok(result.doing("releasing the visits of a former run")?.rows_affected())
}
