//! Table `passes`, and the figures of each source.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use guetteur_model::FailureKind;

use super::Connection;
use crate::clean::clean_opt;
use crate::error::Doing;
use crate::failures::failure;
use crate::rhythm::DAYS_KEPT;
use crate::rows::number;
use crate::{PassKind, PassOutcome, Rhythm, SourceFailure, SourceState, StoreError};

pub(crate) async fn begin(
    connection: &mut Connection,
    source: &str,
    kind: PassKind,
    now: DateTime<Utc>,
) -> Result<i64, StoreError> {
    sqlx::query(
        "UPDATE passes SET status = 'failed', failure = $3, finished_at = $2 \
         WHERE source_code = $1 AND status = 'running'",
    )
    .bind(source)
    .bind(now)
    .bind(FailureKind::Interrupted.as_str())
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
    let failed = outcome.failure.as_ref();
    sqlx::query(
        "UPDATE passes SET finished_at = $2, requests = $3, found = $4, new = $5, status = $6, \
         failure = $7, error = $8, failed_url = $9, failed_pages = $10 WHERE id = $1",
    )
    .bind(pass)
    .bind(now)
    .bind(i64::from(outcome.requests))
    .bind(i64::from(outcome.found))
    .bind(i64::from(outcome.new))
    .bind(if failed.is_none() { "ok" } else { "failed" })
    .bind(failed.map(|failed| failed.failure.kind.as_str()))
    .bind(clean_opt(failed.map(|failed| failed.failure.detail.as_str())))
    .bind(clean_opt(failed.and_then(|failed| failed.url.as_deref())))
    .bind(failed.map_or(0, |failed| i64::from(failed.pages)))
    .execute(connection)
    .await
    .doing("noting the end of a pass")?;
    Ok(())
}

/// One aggregate a table, then put together by source.
pub(crate) async fn states(connection: &mut Connection) -> Result<Vec<SourceState>, StoreError> {
    let mut states = without_acts(connection).await?;
    acts_by_source(connection, &mut states).await?;
    ways_found(connection, &mut states).await?;
    for (code, count) in super::left_out::counts(connection).await? {
        state(&mut states, code).left_out = number("count", count)?;
    }
    Ok(states.into_values().collect())
}

/// What tells how well a source is read.
pub(crate) async fn health(connection: &mut Connection) -> Result<Vec<SourceState>, StoreError> {
    Ok(without_acts(connection).await?.into_values().collect())
}

async fn without_acts(connection: &mut Connection) -> Result<States, StoreError> {
    let mut states = BTreeMap::new();
    passes_by_source(connection, &mut states).await?;
    last_errors(connection, &mut states).await?;
    bulletins_by_source(connection, &mut states).await?;
    rhythms(connection, &mut states).await?;
    looks(connection, &mut states).await?;
    Ok(states)
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
    type Row = (String, Option<String>, Option<String>, Option<String>, i64, Option<DateTime<Utc>>);
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT source_code, failure, error, failed_url, failed_pages, finished_at FROM passes WHERE id IN \
         (SELECT max(id) FROM passes WHERE status = 'failed' GROUP BY source_code)",
    )
    .fetch_all(connection)
    .await
    .doing("reading the last errors")?;
    for (code, kind, detail, url, pages, at) in rows {
        let pages = number("passes.failed_pages", pages)?;
        let failed = failure("passes.failure", kind, detail)?;
        let state = state(states, code);
        state.last_failure = failed.map(|failure| SourceFailure { failure, url, pages });
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
         FROM acts WHERE removed_at IS NULL AND repeats IS NULL GROUP BY source_code",
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

/// The last days of publication of each source.
async fn rhythms(connection: &mut Connection, states: &mut States) -> Result<(), StoreError> {
    let rows: Vec<(String, NaiveDate)> = sqlx::query_as(
        "SELECT source_code, published_on FROM \
         (SELECT source_code, published_on, row_number() OVER \
         (PARTITION BY source_code ORDER BY published_on DESC) AS nth FROM \
         (SELECT DISTINCT source_code, published_on FROM bulletins \
         WHERE published_on IS NOT NULL) AS days) AS ranked WHERE nth <= $1",
    )
    .bind(DAYS_KEPT)
    .fetch_all(connection)
    .await
    .doing("reading days of publication")?;
    let mut days: BTreeMap<String, Vec<NaiveDate>> = BTreeMap::new();
    for (code, day) in rows {
        days.entry(code).or_default().push(day);
    }
    for (code, days) in days {
        state(states, code).rhythm = Rhythm::of(&days);
    }
    Ok(())
}

async fn looks(connection: &mut Connection, states: &mut States) -> Result<(), StoreError> {
    for list in super::newest_lists::of(connection, None).await? {
        let state = state(states, list.source);
        state.looked_at = state.looked_at.max(list.looked_at);
        state.distrusted_at = [state.distrusted_at, list.distrusted_at].into_iter().flatten().min();
        if list.failing_since.is_some() {
            state.failing_since = list.failing_since;
            let url = Some(list.url);
            state.look_failure =
                list.failure.map(|failure| SourceFailure { failure, url, pages: 1 });
        }
    }
    Ok(())
}

/// What each of the two ways to a bulletin missed of what the other found. The index lags: only
/// days up to the newest that it has of the source are compared.
async fn ways_found(connection: &mut Connection, states: &mut States) -> Result<(), StoreError> {
    let rows: Vec<(String, i64, i64)> = sqlx::query_as(
        "SELECT b.source_code, count(*) FILTER (WHERE b.listed_at IS NULL), \
         count(*) FILTER (WHERE b.indexed_at IS NULL \
         AND b.published_on BETWEEN i.first_on AND i.last_on) \
         FROM bulletins b JOIN (SELECT source_code, min(published_on) AS first_on, \
         max(published_on) AS last_on FROM bulletins WHERE indexed_at IS NOT NULL \
         GROUP BY source_code) i ON i.source_code = b.source_code GROUP BY b.source_code",
    )
    .fetch_all(connection)
    .await
    .doing("comparing the ways to bulletins")?;
    for (code, only_indexed, only_listed) in rows {
        let state = state(states, code);
        state.only_indexed = number("count", only_indexed)?;
        state.only_listed = number("count", only_listed)?;
    }
    Ok(())
}
