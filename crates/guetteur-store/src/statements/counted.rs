//! Acts without their words, for counting.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use guetteur_model::{ActId, Category, Facts, Level};
use sqlx::QueryBuilder;
use sqlx::types::Json;

use super::{Connection, Db, outcomes, push_in, revisions};
use crate::error::Doing;
use crate::from_row::from_row;
use crate::rows::{alert, category, number, parse};
use crate::{AlertContent, CountedRow, ReadSpan, StoreError};

/// Ids of one query.
const CHUNK: usize = 500;

struct RawCounted {
    id: i64,
    revision: i64,
    source_code: String,
    published_on: Option<NaiveDate>,
    counts: bool,
    facts: Option<Json<Facts>>,
    announced: Option<Json<AlertContent>>,
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

/// Acts that figures speak of; the index `acts_in_figures` is of these.
const IN_FIGURES: &str =
    " AND ((flagged AND removed_at IS NULL AND repeats IS NULL) OR alert IS NOT NULL)";

/// All acts changed after a revision, or of these those that figures speak of.
pub(crate) async fn since(
    connection: &mut Connection,
    revision: i64,
    limit: u32,
    all: bool,
) -> Result<Vec<CountedRow>, StoreError> {
    let settled = revisions::settled(connection).await?;
    let mut query = QueryBuilder::<Db>::new(
        "SELECT id, revision, source_code, published_on, \
         (flagged AND removed_at IS NULL AND repeats IS NULL) AS counts, \
         CASE WHEN flagged AND removed_at IS NULL AND repeats IS NULL THEN facts END AS facts, \
         announced, announced_at, alert FROM acts WHERE revision > ",
    );
    query.push_bind(revision).push(" AND revision <= ").push_bind(settled);
    query.push(if all { "" } else { IN_FIGURES });
    query.push(" ORDER BY revision LIMIT ").push_bind(i64::from(limit));
    let rows: Vec<RawCounted> =
        query.build_query_as().fetch_all(&mut *connection).await.doing("reading acts to count")?;
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
    let mut query = QueryBuilder::<Db>::new(
        "SELECT f.act_id, f.category, f.level, f.to_check FROM \
         (SELECT id FROM acts WHERE revision > ",
    );
    query.push_bind(after).push(" AND revision <= ").push_bind(last).push(IN_FIGURES);
    query.push(
        ") a JOIN flags f ON f.act_id = a.id WHERE f.level <> 'mentions' \
         ORDER BY f.act_id, f.position",
    );
    let rows: Vec<(i64, String, String, bool)> =
        query.build_query_as().fetch_all(connection).await.doing("reading flags")?;
    let mut flags: HashMap<i64, Vec<_>> = HashMap::new();
    for (act, id, level, to_check) in rows {
        let flag = (category(&id)?, parse("flags.level", &level)?, to_check);
        flags.entry(act).or_default().push(flag);
    }
    Ok(flags)
}

const LINKS: &str = "SELECT DISTINCT r.act_id, k.act_id FROM act_references r \
     JOIN acts a ON a.id = r.act_id AND a.flagged AND a.removed_at IS NULL \
     JOIN act_keys k ON k.source_code = r.source_code AND k.act_key = r.act_key \
     WHERE k.act_id <> r.act_id";

pub(crate) async fn changing(connection: &mut Connection) -> Result<Vec<(i64, i64)>, StoreError> {
    let mut query = QueryBuilder::<Db>::new(LINKS);
    let rows = query.push(" ORDER BY 1, 2").build_query_as().fetch_all(connection).await;
    rows.doing("reading linked acts")
}

/// Those that some acts have a part in, on either side.
pub(crate) async fn changing_of(
    connection: &mut Connection,
    ids: &[i64],
) -> Result<Vec<(i64, i64)>, StoreError> {
    let mut pairs = BTreeSet::new();
    for chunk in ids.chunks(CHUNK) {
        for side in ["r.act_id", "k.act_id"] {
            let mut query = QueryBuilder::<Db>::new(LINKS);
            push_in(&mut query, side, chunk.iter().copied());
            let query = query.build_query_as::<(i64, i64)>().persistent(false);
            let rows = query.fetch_all(&mut *connection).await;
            pairs.extend(rows.doing("reading linked acts")?);
        }
    }
    Ok(pairs.into_iter().collect())
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
