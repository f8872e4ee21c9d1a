//! Reading acts.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use guetteur_model::fold::slice_chars;
use guetteur_model::{ActPage, Flag, Page, Sha256};
use sqlx::QueryBuilder;

use super::{CHUNK, Connection, Db, documents, outcomes, push_in, reviews, revisions, sightings};
use crate::error::Doing;
use crate::rows::{RawAct, RawFlag, Segment, act_columns};
use crate::{ActRecord, StoreError, Totals};

const SELECT: &str = concat!(
    "SELECT ",
    act_columns!(),
    " FROM acts a JOIN bulletins b ON b.id = a.bulletin_id WHERE true"
);

async fn fetch(
    connection: &mut Connection,
    mut query: QueryBuilder<Db>,
) -> Result<Vec<RawAct>, StoreError> {
    query.build_query_as().persistent(false).fetch_all(connection).await.doing("reading acts")
}

/// Rows with their flags and sources.
async fn complete(
    connection: &mut Connection,
    rows: Vec<RawAct>,
) -> Result<Vec<ActRecord>, StoreError> {
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let mut flags = flags_of(connection, &ids).await?;
    let mut outcomes = outcomes::of_acts(connection, &ids).await?;
    let mut reviews = reviews::of_acts(connection, &ids).await?;
    let mut bulletins: Vec<i64> = rows.iter().map(|row| row.bulletin_id).collect();
    bulletins.sort_unstable();
    bulletins.dedup();
    let sources = sources_of(connection, &bulletins).await?;
    let mut seen = sightings::of_bulletins(connection, &bulletins).await?;
    // Acts of one bulletin share what is known of its PDF.
    let mut seen = |record: &ActRecord| {
        seen.entry((record.bulletin_id.0, record.document.to_string())).or_default().clone()
    };
    rows.into_iter()
        .map(|row| {
            let mut record = ActRecord::try_from(row)?;
            (record.flags, record.flagged_at) = flags.remove(&record.id.0).unwrap_or_default();
            record.outcomes = outcomes.remove(&record.id.0).unwrap_or_default();
            record.reviews = reviews.remove(&record.id.0).unwrap_or_default();
            let also = sources.get(&record.bulletin_id.0).into_iter().flatten();
            record.sighting = seen(&record);
            record.also_sources = also.filter(|code| **code != record.source).cloned().collect();
            Ok(record)
        })
        .collect()
}

/// Flags of an act, and since when each stands.
type Flags = (Vec<Flag>, Vec<DateTime<Utc>>);

async fn flags_of(
    connection: &mut Connection,
    acts: &[i64],
) -> Result<HashMap<i64, Flags>, StoreError> {
    let mut flags: HashMap<i64, Flags> = HashMap::new();
    for chunk in acts.chunks(CHUNK) {
        let mut query = QueryBuilder::<Db>::new(
            "SELECT act_id, category, level, rule, to_check, basis, evidence, created_at \
             FROM flags WHERE true",
        );
        push_in(&mut query, "act_id", chunk.iter().copied());
        query.push(" ORDER BY act_id, position");
        let rows: Vec<RawFlag> = query
            .build_query_as()
            .persistent(false)
            .fetch_all(&mut *connection)
            .await
            .doing("reading flags")?;
        for row in rows {
            let (flags, births) = flags.entry(row.act_id).or_default();
            births.push(row.created_at);
            flags.push(row.try_into()?);
        }
    }
    Ok(flags)
}

/// Sources of the duplicates of each bulletin.
async fn sources_of(
    connection: &mut Connection,
    bulletins: &[i64],
) -> Result<HashMap<i64, Vec<String>>, StoreError> {
    let mut sources: HashMap<i64, Vec<String>> = HashMap::new();
    for chunk in bulletins.chunks(CHUNK) {
        let mut query = QueryBuilder::<Db>::new(
            "SELECT DISTINCT duplicate_of, source_code FROM bulletins \
             WHERE duplicate_of IS NOT NULL",
        );
        push_in(&mut query, "duplicate_of", chunk.iter().copied());
        query.push(" ORDER BY duplicate_of, source_code");
        let rows: Vec<(i64, String)> = query
            .build_query_as()
            .persistent(false)
            .fetch_all(&mut *connection)
            .await
            .doing("reading the sources of duplicates")?;
        for (bulletin, source) in rows {
            sources.entry(bulletin).or_default().push(source);
        }
    }
    Ok(sources)
}

pub(crate) async fn by_ids(
    connection: &mut Connection,
    ids: &[i64],
) -> Result<Vec<ActRecord>, StoreError> {
    let mut found = HashMap::new();
    for chunk in ids.chunks(CHUNK) {
        let mut query = QueryBuilder::<Db>::new(SELECT);
        push_in(&mut query, "a.id", chunk.iter().copied());
        let rows = fetch(connection, query).await?;
        let records = complete(connection, rows).await?;
        found.extend(records.into_iter().map(|record| (record.id.0, record)));
    }
    Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
}

pub(crate) async fn of_bulletin(
    connection: &mut Connection,
    bulletin: i64,
) -> Result<Vec<ActRecord>, StoreError> {
    let mut query = QueryBuilder::<Db>::new(SELECT);
    query.push(" AND a.removed_at IS NULL AND a.bulletin_id = ");
    query.push("COALESCE((SELECT duplicate_of FROM bulletins WHERE id = ").push_bind(bulletin);
    query.push("), ").push_bind(bulletin).push(") ORDER BY a.position, a.id");
    let rows = fetch(connection, query).await?;
    complete(connection, rows).await
}

/// Ids of all acts that a bulletin has or had.
pub(crate) async fn ids_of_bulletin(
    connection: &mut Connection,
    bulletin: i64,
) -> Result<Vec<i64>, StoreError> {
    sqlx::query_scalar("SELECT id FROM acts WHERE bulletin_id = $1 ORDER BY id")
        .bind(bulletin)
        .fetch_all(connection)
        .await
        .doing("reading the acts of a bulletin")
}

pub(crate) async fn text(connection: &mut Connection, id: i64) -> Result<Vec<ActPage>, StoreError> {
    let mut query = QueryBuilder::<Db>::new(SELECT);
    query.push(" AND a.id = ").push_bind(id);
    let Some(row) = fetch(connection, query).await?.pop() else { return Ok(Vec::new()) };
    let segments = row.segments.0.clone();
    let document = ActRecord::try_from(row)?.document;
    let (from, to) = extent(&segments);
    let pages = documents::pages(connection, document, from, to).await?;
    Ok(cut(&segments, &pages))
}

/// First and last page of some segments.
fn extent(segments: &[Segment]) -> (u32, u32) {
    let pages = || segments.iter().map(|segment| segment.0);
    (pages().min().unwrap_or(1), pages().max().unwrap_or(0))
}

fn cut(segments: &[Segment], pages: &[Page]) -> Vec<ActPage> {
    let piece = |&(number, offset, length): &Segment| {
        let page = &pages[pages.binary_search_by_key(&number, |page| page.number).ok()?];
        let text = slice_chars(&page.text, offset, offset + length).to_owned();
        Some(ActPage { number, offset, text })
    };
    segments.iter().filter_map(piece).collect()
}

pub(crate) async fn changed_since(
    connection: &mut Connection,
    revision: i64,
    limit: u32,
) -> Result<Vec<ActRecord>, StoreError> {
    let settled = revisions::settled(connection).await?;
    let mut query = QueryBuilder::<Db>::new(SELECT);
    query.push(" AND a.revision > ").push_bind(revision);
    query.push(" AND a.revision <= ").push_bind(settled);
    query.push(" ORDER BY a.revision LIMIT ").push_bind(i64::from(limit));
    let rows = fetch(connection, query).await?;
    let segments: Vec<Vec<Segment>> = rows.iter().map(|row| row.segments.0.clone()).collect();
    let mut records = complete(connection, rows).await?;
    // One query a document: neighbours in revision are mostly of the same one.
    let mut extents: BTreeMap<Sha256, (u32, u32)> = BTreeMap::new();
    for (record, segments) in records.iter().zip(&segments) {
        let (from, to) = extent(segments);
        let known = extents.entry(record.document).or_insert((from, to));
        *known = (known.0.min(from), known.1.max(to));
    }
    for (document, (from, to)) in extents {
        let pages = documents::pages(connection, document, from, to).await?;
        let acts = records.iter_mut().zip(&segments);
        for (record, segments) in acts.filter(|(record, _)| record.document == document) {
            record.act.text = cut(segments, &pages);
        }
    }
    Ok(records)
}

pub(crate) async fn totals(connection: &mut Connection) -> Result<Totals, StoreError> {
    let revision = revisions::settled(connection).await?;
    let mut totals = Totals { revision, ..Totals::default() };
    for counts in super::counts::kept(connection).await? {
        totals.bulletins += counts.bulletins;
        totals.documents += counts.documents;
        totals.pages += counts.pages;
        totals.acts += counts.acts;
        totals.flagged += counts.flagged;
    }
    Ok(totals)
}
