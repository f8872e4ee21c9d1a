//! Acts without their words, for counting.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use guetteur_model::{ActId, Category, Facts, Level};
use sqlx::types::Json;

use super::{Connection, outcomes};
use crate::error::Doing;
use crate::from_row::from_row;
use crate::rows::{alert, category, number, parse};
use crate::{Announcement, CountedRow, ReadSpan, StoreError};

struct RawCounted {
    id: i64,
    revision: i64,
    source_code: String,
    published_on: Option<NaiveDate>,
    counts: bool,
    facts: Option<Json<Facts>>,
    announced: Option<Json<Announcement>>,
    announced_at: Option<DateTime<Utc>>,
    alert: Option<String>,
}

from_row!(RawCounted {
    id,
    revision,
    source_code,
    published_on,
    counts,
    facts,
    announced,
    announced_at,
    alert
});

pub(crate) async fn revision(connection: &mut Connection) -> Result<i64, StoreError> {
    sqlx::query_scalar("SELECT value FROM counters WHERE name = 'act_revision'")
        .fetch_one(connection)
        .await
        .doing("reading the revision")
}

pub(crate) async fn since(
    connection: &mut Connection,
    revision: i64,
    limit: u32,
) -> Result<Vec<CountedRow>, StoreError> {
    let rows: Vec<RawCounted> = sqlx::query_as(
        "SELECT id, revision, source_code, published_on, \
         (flagged AND removed_at IS NULL AND repeats IS NULL) AS counts, \
         CASE WHEN flagged AND removed_at IS NULL AND repeats IS NULL THEN facts END AS facts, \
         announced, announced_at, alert \
         FROM acts WHERE revision > $1 ORDER BY revision LIMIT $2",
    )
    .bind(revision)
    .bind(i64::from(limit))
    .fetch_all(&mut *connection)
    .await
    .doing("reading acts to count")?;
    let Some(last) = rows.last().map(|row| row.revision) else { return Ok(Vec::new()) };
    let mut flags = flags(connection, revision, last).await?;
    let mut outcomes = outcomes::of_revisions(connection, revision, last).await?;
    let counted = |row: RawCounted| {
        let flags = flags.remove(&row.id).filter(|_| row.counts).unwrap_or_default();
        Ok(CountedRow {
            id: ActId(row.id),
            revision: row.revision,
            source: row.source_code,
            published_on: row.published_on,
            counts: row.counts,
            facts: row.facts.map(|facts| facts.0).unwrap_or_default(),
            flags,
            alert: alert(row.announced, row.announced_at, row.alert.as_deref())?,
            outcomes: outcomes.remove(&row.id).unwrap_or_default(),
        })
    };
    rows.into_iter().map(counted).collect()
}

/// Flags of the acts with these revisions, by act, in their order.
async fn flags(
    connection: &mut Connection,
    after: i64,
    last: i64,
) -> Result<HashMap<i64, Vec<(Category, Level, bool)>>, StoreError> {
    let rows: Vec<(i64, String, String, bool)> = sqlx::query_as(
        "SELECT f.act_id, f.category, f.level, f.to_check FROM acts a \
         JOIN flags f ON f.act_id = a.id \
         WHERE a.revision > $1 AND a.revision <= $2 AND f.level <> 'mentions' \
         ORDER BY f.act_id, f.position",
    )
    .bind(after)
    .bind(last)
    .fetch_all(connection)
    .await
    .doing("reading flags")?;
    let mut flags: HashMap<i64, Vec<_>> = HashMap::new();
    for (act, id, level, to_check) in rows {
        let flag = (category(&id)?, parse("flags.level", &level)?, to_check);
        flags.entry(act).or_default().push(flag);
    }
    Ok(flags)
}

pub(crate) async fn changing(connection: &mut Connection) -> Result<Vec<(i64, i64)>, StoreError> {
    sqlx::query_as(
        "SELECT DISTINCT r.act_id, k.act_id FROM act_references r \
         JOIN acts a ON a.id = r.act_id AND a.flagged AND a.removed_at IS NULL \
         JOIN act_keys k ON k.source_code = r.source_code AND k.act_key = r.act_key \
         WHERE k.act_id <> r.act_id ORDER BY 1, 2",
    )
    .fetch_all(connection)
    .await
    .doing("reading linked acts")
}

pub(crate) async fn read_spans(connection: &mut Connection) -> Result<Vec<ReadSpan>, StoreError> {
    type Row = (String, i64, NaiveDate, NaiveDate, Option<DateTime<Utc>>);
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT source_code, count(*), min(published_on), max(published_on), \
         (SELECT max(finished_at) FROM passes p \
         WHERE p.source_code = b.source_code AND p.status = 'ok') \
         FROM bulletins b WHERE stage = 'flagged' AND published_on IS NOT NULL \
         GROUP BY source_code ORDER BY source_code",
    )
    .fetch_all(connection)
    .await
    .doing("reading what was read of each source")?;
    let span = |(source, bulletins, first, last, last_ok_at): Row| {
        Ok(ReadSpan { source, bulletins: number("count", bulletins)?, first, last, last_ok_at })
    };
    rows.into_iter().map(span).collect()
}
