//! Table `passes`, and the figures of each source.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use guetteur_model::FailureKind;

use sqlx::QueryBuilder;

use super::{Connection, Db};
use crate::clean::clean_opt;
use crate::error::Doing;
use crate::failures::failure;
use crate::known_days::KnownDays;
use crate::rhythm::DAYS_KEPT;
use crate::rows::{number, parse};
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

/// From figures that are kept and the ends of indexes: what it costs grows with the sources alone.
/// `known` spares what did not change.
pub(crate) async fn states(
    connection: &mut Connection,
    known: &KnownDays,
) -> Result<Vec<SourceState>, StoreError> {
    let mut states = health_of(connection, known).await?;
    ways_found(connection, &mut states).await?;
    for (code, count) in super::left_out::counts(connection).await? {
        state(&mut states, code).left_out = number("count", count)?;
    }
    Ok(states.into_values().collect())
}

/// What tells how well a source is read. `known` spares what did not change.
pub(crate) async fn health(
    connection: &mut Connection,
    known: &KnownDays,
) -> Result<Vec<SourceState>, StoreError> {
    Ok(health_of(connection, known).await?.into_values().collect())
}

async fn health_of(connection: &mut Connection, known: &KnownDays) -> Result<States, StoreError> {
    let mut states = BTreeMap::new();
    passes_by_source(connection, &mut states).await?;
    last_errors(connection, &mut states).await?;
    failed_since(connection, &mut states).await?;
    counts(connection, &mut states).await?;
    let unknown = known.fill(&mut states);
    if !unknown.is_empty() {
        newest_bulletins(connection, &mut states, &unknown).await?;
        rhythms(connection, &mut states, &unknown).await?;
        known.keep(&states, &unknown);
    }
    looks(connection, &mut states).await?;
    Ok(states)
}

pub(crate) async fn forget(
    connection: &mut Connection,
    before: DateTime<Utc>,
) -> Result<u64, StoreError> {
    let mut query = QueryBuilder::<Db>::new(WALKED);
    query.push("DELETE FROM passes WHERE finished_at < ").push_bind(before).push(
        " AND id NOT IN (SELECT id FROM (\
         SELECT min(id) AS id FROM passes WHERE status = 'ok' AND kind = 'full' GROUP BY source_code \
         UNION SELECT max(id) FROM passes WHERE status = 'ok' AND kind = 'full' GROUP BY source_code \
         UNION SELECT max(id) FROM passes GROUP BY source_code, status UNION SELECT ",
    );
    query
        .push(FIRST_FAILURE)
        .push(" FROM walked WHERE code IS NOT NULL) AS kept WHERE id IS NOT NULL)");
    let result = query.build().execute(connection).await;
    Ok(result.doing("forgetting old passes")?.rows_affected())
}

type States = BTreeMap<String, SourceState>;

fn state(states: &mut States, code: String) -> &mut SourceState {
    states.entry(code.clone()).or_insert_with(|| SourceState { code, ..SourceState::default() })
}

/// The sources that were walked: each found by one step in the index.
const WALKED: &str = "WITH RECURSIVE walked (code) AS (SELECT min(source_code) FROM passes \
     UNION ALL SELECT (SELECT min(p.source_code) FROM passes p WHERE p.source_code > walked.code) \
     FROM walked WHERE walked.code IS NOT NULL) ";

/// The first pass over the source `code` that failed since the last that succeeded: two steps in an index.
const FIRST_FAILURE: &str = "(SELECT min(f.id) FROM passes f WHERE f.source_code = code \
     AND f.status = 'failed' AND f.id > COALESCE((SELECT max(o.id) FROM passes o \
     WHERE o.source_code = code AND o.status = 'ok'), 0))";

async fn passes_by_source(
    connection: &mut Connection,
    states: &mut States,
) -> Result<(), StoreError> {
    type Row = (String, Option<DateTime<Utc>>, Option<DateTime<Utc>>);
    let last = |kind: &str| {
        format!(
            "(SELECT finished_at FROM passes p WHERE p.source_code = code AND status = 'ok'{kind} \
             ORDER BY finished_at DESC LIMIT 1)"
        )
    };
    let mut query = QueryBuilder::<Db>::new(WALKED);
    query.push("SELECT code, ").push(last("")).push(", ").push(last(" AND kind = 'full'"));
    query.push(" FROM walked WHERE code IS NOT NULL");
    let rows: Vec<Row> =
        query.build_query_as().fetch_all(connection).await.doing("reading the last passes")?;
    for (code, last_ok_at, last_full_at) in rows {
        let state = state(states, code);
        state.last_ok_at = last_ok_at;
        state.last_full_at = last_full_at;
    }
    Ok(())
}

async fn last_errors(connection: &mut Connection, states: &mut States) -> Result<(), StoreError> {
    type Row = (String, Option<String>, Option<String>, Option<String>, i64, Option<DateTime<Utc>>);
    let mut query = QueryBuilder::<Db>::new(WALKED);
    query.push(
        "SELECT source_code, failure, error, failed_url, failed_pages, finished_at FROM passes \
         WHERE id IN (SELECT (SELECT max(id) FROM passes p \
         WHERE p.source_code = code AND status = 'failed') FROM walked WHERE code IS NOT NULL)",
    );
    let rows: Vec<Row> =
        query.build_query_as().fetch_all(connection).await.doing("reading the last errors")?;
    for (code, kind, detail, url, pages, at) in rows {
        let pages = number("passes.failed_pages", pages)?;
        let failed = failure("passes.failure", kind, detail)?;
        let state = state(states, code);
        state.last_failure = failed.map(|failure| SourceFailure { failure, url, pages });
        state.last_error_at = at;
    }
    Ok(())
}

async fn failed_since(connection: &mut Connection, states: &mut States) -> Result<(), StoreError> {
    let mut query = QueryBuilder::<Db>::new(WALKED);
    query.push("SELECT code, (SELECT finished_at FROM passes p WHERE p.id = ");
    query.push(FIRST_FAILURE).push(") FROM walked WHERE code IS NOT NULL");
    let rows: Vec<(String, Option<DateTime<Utc>>)> = query
        .build_query_as()
        .fetch_all(connection)
        .await
        .doing("reading since when sources fail")?;
    for (code, at) in rows {
        state(states, code).failed_since = at;
    }
    Ok(())
}

async fn counts(connection: &mut Connection, states: &mut States) -> Result<(), StoreError> {
    for counts in super::counts::kept(connection).await? {
        // Documents belong to no source.
        if counts.code.is_empty() {
            continue;
        }
        let state = state(states, counts.code);
        state.bulletins = counts.bulletins;
        state.pending = counts.pending;
        state.failed = counts.failed;
        state.listed = counts.listed;
        state.acts = counts.acts;
        state.flagged = counts.flagged;
    }
    Ok(())
}

/// The sources that have bulletins: each found by one step in the index.
const LISTING: &str = "WITH RECURSIVE listing (code) AS (SELECT min(source_code) FROM bulletins \
     UNION ALL SELECT (SELECT min(b.source_code) FROM bulletins b \
     WHERE b.source_code > listing.code) FROM listing WHERE listing.code IS NOT NULL)";

/// The sources `codes` in their place.
fn listing(codes: &[String]) -> QueryBuilder<Db> {
    let mut query = QueryBuilder::<Db>::new("WITH RECURSIVE listing (code) AS (VALUES ");
    for (nth, code) in codes.iter().enumerate() {
        query.push(if nth == 0 { "(" } else { ", (" }).push_bind(code.clone()).push(")");
    }
    query.push(")");
    query
}

async fn newest_bulletins(
    connection: &mut Connection,
    states: &mut States,
    of: &[String],
) -> Result<(), StoreError> {
    type Row = (String, Option<DateTime<Utc>>, Option<NaiveDate>);
    let mut query = listing(of);
    query.push(
        " SELECT code, (SELECT max(first_seen_at) FROM bulletins b WHERE b.source_code = code), \
         (SELECT max(published_on) FROM bulletins b WHERE b.source_code = code) \
         FROM listing WHERE code IS NOT NULL",
    );
    let rows: Vec<Row> =
        query.build_query_as().fetch_all(connection).await.doing("reading the newest bulletins")?;
    for (code, last_new_at, last_published_on) in rows {
        let state = state(states, code);
        state.last_new_at = last_new_at;
        state.last_published_on = last_published_on;
    }
    Ok(())
}

/// The last days of publication of each source: each day by one step in the index, from the newest.
async fn rhythms(
    connection: &mut Connection,
    states: &mut States,
    of: &[String],
) -> Result<(), StoreError> {
    let mut query = listing(of);
    query.push(
        ", days (code, day, nth) AS (SELECT code, \
         (SELECT max(published_on) FROM bulletins b WHERE b.source_code = code), 1 \
         FROM listing WHERE code IS NOT NULL \
         UNION ALL SELECT code, (SELECT max(published_on) FROM bulletins b \
         WHERE b.source_code = days.code AND b.published_on < days.day), nth + 1 \
         FROM days WHERE day IS NOT NULL AND nth < ",
    );
    query.push_bind(DAYS_KEPT);
    query.push(
        ") SELECT code, string_agg(CAST(day AS TEXT), ' ') FROM days WHERE day IS NOT NULL \
         GROUP BY code",
    );
    let rows: Vec<(String, String)> =
        query.build_query_as().fetch_all(connection).await.doing("reading days of publication")?;
    for (code, listed) in rows {
        let days: Vec<NaiveDate> = listed
            .split(' ')
            .map(|day| parse("bulletins.published_on", day))
            .collect::<Result<_, _>>()?;
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
    let mut query = QueryBuilder::<Db>::new(LISTING);
    query.push(
        ", compared (code, first_on, last_on) AS (SELECT code, \
         (SELECT min(published_on) FROM bulletins b \
         WHERE b.source_code = code AND b.indexed_at IS NOT NULL), \
         (SELECT max(published_on) FROM bulletins b \
         WHERE b.source_code = code AND b.indexed_at IS NOT NULL) \
         FROM listing WHERE EXISTS (SELECT 1 FROM bulletins b \
         WHERE b.source_code = code AND b.indexed_at IS NOT NULL)) \
         SELECT code, (SELECT count(*) FROM bulletins b \
         WHERE b.source_code = code AND b.listed_at IS NULL), \
         (SELECT count(*) FROM bulletins b WHERE b.source_code = code AND b.indexed_at IS NULL \
         AND b.published_on BETWEEN first_on AND last_on) FROM compared",
    );
    let rows: Vec<(String, i64, i64)> = query
        .build_query_as()
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
