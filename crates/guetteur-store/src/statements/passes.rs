//! Table `passes`, and the figures of each source.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};

use super::Connection;
use crate::clean::clean_opt;
use crate::error::Doing;
use crate::rows::number;
use crate::{PassKind, PassOutcome, SourceState, StoreError};

pub(crate) async fn begin(
    connection: &mut Connection,
    source: &str,
    kind: PassKind,
    now: DateTime<Utc>,
) -> Result<i64, StoreError> {
    sqlx::query(
        "UPDATE passes SET status = 'failed', error = 'interrupted', finished_at = $2 \
         WHERE source_code = $1 AND status = 'running'",
    )
    .bind(source)
    .bind(now)
    .execute(&mut *connection)
    .await
    .doing("closing interrupted passes")?;
    sqlx::query_scalar(
        "INSERT INTO passes (source_code, kind, started_at, status) \
         VALUES ($1, $2, $3, 'running') RETURNING id",
    )
    .bind(source)
    .bind(kind.as_str())
    .bind(now)
    .fetch_one(connection)
    .await
    .doing("noting the start of a pass")
}

pub(crate) async fn finish(
    connection: &mut Connection,
    pass: i64,
    outcome: &PassOutcome,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE passes SET finished_at = $2, requests = $3, found = $4, new = $5, status = $6, \
         error = $7 WHERE id = $1",
    )
    .bind(pass)
    .bind(now)
    .bind(i64::from(outcome.requests))
    .bind(i64::from(outcome.found))
    .bind(i64::from(outcome.new))
    .bind(if outcome.error.is_none() { "ok" } else { "failed" })
    .bind(clean_opt(outcome.error.as_deref()))
    .execute(connection)
    .await
    .doing("noting the end of a pass")?;
    Ok(())
}

/// One aggregate a table, then put together by source.
pub(crate) async fn states(connection: &mut Connection) -> Result<Vec<SourceState>, StoreError> {
    let mut states = BTreeMap::new();
    passes_by_source(connection, &mut states).await?;
    last_errors(connection, &mut states).await?;
    bulletins_by_source(connection, &mut states).await?;
    acts_by_source(connection, &mut states).await?;
    Ok(states.into_values().collect())
}

type States = BTreeMap<String, SourceState>;

fn state(states: &mut States, code: String) -> &mut SourceState {
    states.entry(code.clone()).or_insert_with(|| SourceState { code, ..SourceState::default() })
}

async fn passes_by_source(
    connection: &mut Connection,
    states: &mut States,
) -> Result<(), StoreError> {
    type Row = (String, Option<DateTime<Utc>>, Option<DateTime<Utc>>);
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT source_code, max(finished_at) FILTER (WHERE status = 'ok'), \
         max(finished_at) FILTER (WHERE status = 'ok' AND kind = 'full') \
         FROM passes GROUP BY source_code",
    )
    .fetch_all(connection)
    .await
    .doing("reading the last passes")?;
    for (code, last_ok_at, last_full_at) in rows {
        let state = state(states, code);
        state.last_ok_at = last_ok_at;
        state.last_full_at = last_full_at;
    }
    Ok(())
}

async fn last_errors(connection: &mut Connection, states: &mut States) -> Result<(), StoreError> {
    let rows: Vec<(String, Option<String>, Option<DateTime<Utc>>)> = sqlx::query_as(
        "SELECT source_code, error, finished_at FROM passes WHERE id IN \
         (SELECT max(id) FROM passes WHERE status = 'failed' GROUP BY source_code)",
    )
    .fetch_all(connection)
    .await
    .doing("reading the last errors")?;
    for (code, error, at) in rows {
        let state = state(states, code);
        state.last_error = error;
        state.last_error_at = at;
    }
    Ok(())
}

async fn bulletins_by_source(
    connection: &mut Connection,
    states: &mut States,
) -> Result<(), StoreError> {
    type Row = (String, i64, i64, i64, Option<DateTime<Utc>>, Option<NaiveDate>);
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT source_code, count(*), \
         count(*) FILTER (WHERE stage <> 'flagged' AND failed_at IS NULL), \
         count(*) FILTER (WHERE failed_at IS NOT NULL), max(first_seen_at), max(published_on) \
         FROM bulletins GROUP BY source_code",
    )
    .fetch_all(connection)
    .await
    .doing("counting bulletins by source")?;
    for (code, bulletins, pending, failed, last_new_at, last_published_on) in rows {
        let state = state(states, code);
        state.bulletins = number("count", bulletins)?;
        state.pending = number("count", pending)?;
        state.failed = number("count", failed)?;
        state.last_new_at = last_new_at;
        state.last_published_on = last_published_on;
    }
    Ok(())
}

async fn acts_by_source(
    connection: &mut Connection,
    states: &mut States,
) -> Result<(), StoreError> {
    let rows: Vec<(String, i64, i64)> = sqlx::query_as(
        "SELECT source_code, count(*), count(*) FILTER (WHERE flagged) \
         FROM acts WHERE removed_at IS NULL GROUP BY source_code",
    )
    .fetch_all(connection)
    .await
    .doing("counting acts by source")?;
    for (code, acts, flagged) in rows {
        let state = state(states, code);
        state.acts = number("count", acts)?;
        state.flagged = number("count", flagged)?;
    }
    Ok(())
}
