//! Claims and leases on `bulletins`.

use chrono::{DateTime, Utc};
use guetteur_model::{Failure, Sha256, Stage};
use sqlx::QueryBuilder;

use super::bulletins::push_filter;
use super::{CLAIM_LOCK, Connection, Db, messages, push_in, visits};
use crate::clean::clean;
use crate::error::Doing;
use crate::rows::{RawBulletin, bulletin_columns, number, sha256};
use crate::{Backlog, BulletinFilter, ClaimedBulletin, Fate, OcrRank, StoreError};

/// Takes one bulletin with one statement. `attempts` counts tries that ended, and this one: one whose
/// process died before it ended is not held against the bulletin.
pub(crate) async fn claim(
    connection: &mut Connection,
    stage: Stage,
    most_ocr: OcrRank,
    sources: Option<&[String]>,
    worker: &str,
    now: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<Option<RawBulletin>, StoreError> {
    let mut query = QueryBuilder::<Db>::new("UPDATE bulletins SET lease_owner = ");
    query.push_bind(worker.to_owned()).push(", lease_until = ").push_bind(until);
    query.push(
        ", lease_number = lease_number + 1, \
         attempts = attempts + CASE WHEN lease_until IS NULL THEN 1 ELSE 0 END WHERE id = \
         (SELECT id FROM bulletins WHERE ",
    );
    push_due(&mut query, stage, now);
    query.push(" AND ocr_rank <= ").push_bind(most_ocr.number());
    let order = "awaited DESC, ocr_rank, attempts, published_on DESC NULLS LAST, id DESC";
    push_first_free(&mut query, sources, now, order);
    query.build_query_as().fetch_optional(connection).await.doing("claiming a bulletin")
}

/// Not given up, at this stage, and not waiting for its next attempt.
pub(super) fn push_due(query: &mut QueryBuilder<Db>, stage: Stage, now: DateTime<Utc>) {
    query.push("failed_at IS NULL AND stage = ").push_bind(stage.as_str());
    query.push(" AND (next_attempt_at IS NULL OR next_attempt_at <= ").push_bind(now).push(")");
}

/// Held by nobody, and of these sources.
pub(super) fn push_free(
    query: &mut QueryBuilder<Db>,
    sources: Option<&[String]>,
    now: DateTime<Utc>,
) {
    query.push(" AND (lease_until IS NULL OR lease_until <= ").push_bind(now).push(")");
    push_in(query, "source_code", sources.unwrap_or_default().iter().cloned());
}

/// Ends a claim: the first in `order` that nobody holds, of these sources, so that no two get it.
pub(super) fn push_first_free(
    query: &mut QueryBuilder<Db>,
    sources: Option<&[String]>,
    now: DateTime<Utc>,
    order: &'static str,
) {
    push_free(query, sources, now);
    query.push(" ORDER BY ").push(order).push(" LIMIT 1").push(CLAIM_LOCK);
    query.push(concat!(") RETURNING ", bulletin_columns!()));
}

/// `ETag` and `Last-Modified` of the last fetch of these bytes.
pub(crate) async fn validators(
    connection: &mut Connection,
    bulletin: i64,
    document: Sha256,
) -> Result<(Option<String>, Option<String>), StoreError> {
    let row = sqlx::query_as(
        "SELECT etag, last_modified FROM fetches WHERE bulletin_id = $1 AND document_sha256 = $2",
    )
    .bind(bulletin)
    .bind(document.to_string())
    .fetch_optional(connection)
    .await
    .doing("reading the last fetch")?;
    Ok(row.unwrap_or_default())
}

pub(crate) async fn renew(
    connection: &mut Connection,
    claim: &ClaimedBulletin,
    until: DateTime<Utc>,
) -> Result<(), StoreError> {
    let result = sqlx::query(
        "UPDATE bulletins SET lease_until = $4 \
         WHERE id = $1 AND lease_number = $2 AND lease_owner = $3",
    )
    .bind(claim.bulletin.id.0)
    .bind(claim.lease)
    .bind(&claim.worker)
    .bind(until)
    .execute(connection)
    .await;
    held(claim, result.doing("renewing a lease")?.rows_affected())
}

pub(crate) async fn release(
    connection: &mut Connection,
    claim: &ClaimedBulletin,
) -> Result<(), StoreError> {
    let result = sqlx::query(
        "UPDATE bulletins SET lease_owner = NULL, lease_until = NULL, \
         attempts = CASE WHEN attempts > 0 THEN attempts - 1 ELSE 0 END \
         WHERE id = $1 AND lease_number = $2 AND lease_owner = $3",
    )
    .bind(claim.bulletin.id.0)
    .bind(claim.lease)
    .bind(&claim.worker)
    .execute(connection)
    .await;
    held(claim, result.doing("releasing a bulletin")?.rows_affected())
}

pub(crate) async fn release_worker(
    connection: &mut Connection,
    worker: &str,
) -> Result<u64, StoreError> {
    let result = sqlx::query(
        "UPDATE bulletins SET lease_owner = NULL, lease_until = NULL, \
         attempts = CASE WHEN attempts > 0 THEN attempts - 1 ELSE 0 END WHERE lease_owner = $1",
    )
    .bind(worker)
    .execute(&mut *connection)
    .await;
    let bulletins = result.doing("releasing the leases of a former run")?.rows_affected();
    let messages = messages::release_worker(connection, worker).await?;
    Ok(bulletins + messages + visits::release_worker(connection, worker).await?)
}

pub(crate) async fn fail(
    connection: &mut Connection,
    claim: &ClaimedBulletin,
    failure: &Failure,
    fate: Fate,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let (retry_at, failed_at) = match fate {
        Fate::Later(at) => (Some(at), None),
        Fate::GivenUp(at) => (at, Some(now)),
    };
    let result = sqlx::query(
        "UPDATE bulletins SET lease_owner = NULL, lease_until = NULL, failure = $7, \
         last_error = $4, next_attempt_at = $5, failed_at = $6 \
         WHERE id = $1 AND lease_number = $2 AND lease_owner = $3",
    )
    .bind(claim.bulletin.id.0)
    .bind(claim.lease)
    .bind(&claim.worker)
    .bind(clean(&failure.detail))
    .bind(retry_at)
    .bind(failed_at)
    .bind(failure.kind.as_str())
    .execute(connection)
    .await;
    held(claim, result.doing("noting a failure")?.rows_affected())
}

pub(crate) async fn postpone(
    connection: &mut Connection,
    claim: &ClaimedBulletin,
    failure: &Failure,
    until: DateTime<Utc>,
) -> Result<(), StoreError> {
    let result = sqlx::query(
        "UPDATE bulletins SET lease_owner = NULL, lease_until = NULL, failure = $6, \
         last_error = $4, next_attempt_at = $5, attempts = CASE WHEN attempts > 0 THEN attempts - 1 ELSE 0 END \
         WHERE id = $1 AND lease_number = $2 AND lease_owner = $3",
    )
    .bind(claim.bulletin.id.0)
    .bind(claim.lease)
    .bind(&claim.worker)
    .bind(clean(&failure.detail))
    .bind(until)
    .bind(failure.kind.as_str())
    .execute(connection)
    .await;
    held(claim, result.doing("putting a bulletin off")?.rows_affected())
}

pub(super) fn held(claim: &ClaimedBulletin, rows: u64) -> Result<(), StoreError> {
    if rows == 0 { Err(lost(claim)) } else { Ok(()) }
}

fn lost(claim: &ClaimedBulletin) -> StoreError {
    StoreError::LeaseLost { bulletin: claim.bulletin.id.0, worker: claim.worker.clone() }
}

/// Ends the lease as the first step of completing a stage, and locks the row until the commit.
/// Gives the document that the bulletin has.
pub(super) async fn settle(
    connection: &mut Connection,
    claim: &ClaimedBulletin,
) -> Result<Option<Sha256>, StoreError> {
    let document: Option<Option<String>> = sqlx::query_scalar(
        "UPDATE bulletins SET lease_owner = NULL, lease_until = NULL, attempts = 0, \
         next_attempt_at = NULL, failure = NULL, last_error = NULL, failed_at = NULL \
         WHERE id = $1 AND lease_number = $2 AND lease_owner = $3 RETURNING document_sha256",
    )
    .bind(claim.bulletin.id.0)
    .bind(claim.lease)
    .bind(&claim.worker)
    .fetch_optional(connection)
    .await
    .doing("completing a stage")?;
    let document = document.ok_or_else(|| lost(claim))?;
    document.map(|hex| sha256("bulletins.document_sha256", &hex)).transpose()
}

/// One try each for what was given up and may be tried once more by now.
pub(crate) async fn take_up_again(
    connection: &mut Connection,
    tries: u32,
    now: DateTime<Utc>,
) -> Result<u64, StoreError> {
    let result = sqlx::query(
        "UPDATE bulletins SET failed_at = NULL, attempts = $1, next_attempt_at = NULL \
         WHERE failed_at IS NOT NULL AND next_attempt_at <= $2",
    )
    .bind(i64::from(tries))
    .bind(now)
    .execute(connection)
    .await;
    Ok(result.doing("taking up again what was given up")?.rows_affected())
}

pub(crate) async fn retry_failed(
    connection: &mut Connection,
    filter: &BulletinFilter,
) -> Result<u64, StoreError> {
    let mut query = QueryBuilder::<Db>::new(
        "UPDATE bulletins SET failed_at = NULL, attempts = 0, next_attempt_at = NULL \
         WHERE failed_at IS NOT NULL",
    );
    push_filter(&mut query, filter);
    let result = query.build().persistent(false).execute(connection).await;
    Ok(result.doing("putting failed bulletins back to work")?.rows_affected())
}

pub(crate) async fn backlog(
    connection: &mut Connection,
    sources: Option<&[String]>,
    now: DateTime<Utc>,
) -> Result<Backlog, StoreError> {
    let mut query = QueryBuilder::<Db>::new(
        "SELECT count(*) FILTER (WHERE stage = 'found' AND failed_at IS NULL), \
         count(*) FILTER (WHERE stage = 'fetched' AND failed_at IS NULL), \
         count(*) FILTER (WHERE stage = 'read' AND failed_at IS NULL), \
         count(*) FILTER (WHERE stage = 'flagged' AND failed_at IS NULL), \
         count(*) FILTER (WHERE lease_owner IS NOT NULL), \
         count(*) FILTER (WHERE failed_at IS NOT NULL), \
         count(*) FILTER (WHERE stage <> 'flagged' AND failed_at IS NULL \
         AND lease_owner IS NULL AND next_attempt_at > ",
    );
    query.push_bind(now);
    for stage in [Stage::Fetched, Stage::Read] {
        query.push("), count(*) FILTER (WHERE stage = ").push_bind(stage.as_str());
        query.push(" AND failed_at IS NULL AND lease_owner IS NULL AND next_attempt_at > ");
        query.push_bind(now);
    }
    query.push(
        "), count(*) FILTER (WHERE stage = 'fetched' AND ocr_rank > 0 AND failed_at IS NULL \
         AND lease_owner IS NULL AND (next_attempt_at IS NULL OR next_attempt_at <= ",
    );
    query.push_bind(now).push(")) FROM bulletins WHERE true");
    push_in(&mut query, "source_code", sources.unwrap_or_default().iter().cloned());
    let row: (i64, i64, i64, i64, i64, i64, i64, i64, i64, i64) = query
        .build_query_as()
        .persistent(false)
        .fetch_one(connection)
        .await
        .doing("counting what is left to do")?;
    let count = |value| number("count", value);
    Ok(Backlog {
        found: count(row.0)?,
        fetched: count(row.1)?,
        read: count(row.2)?,
        flagged: count(row.3)?,
        leased: count(row.4)?,
        failed: count(row.5)?,
        waiting: count(row.6)?,
        fetched_waiting: count(row.7)?,
        read_waiting: count(row.8)?,
        for_ocr: count(row.9)?,
    })
}
