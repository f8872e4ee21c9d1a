//! Table `bulletins`: what discovery found.

use chrono::{DateTime, NaiveDate, Utc};
use guetteur_model::BulletinLink;
use sqlx::QueryBuilder;

use super::{Connection, Db, push_in};
use crate::bulletins::Way;
use crate::clean::{clean, clean_opt};
use crate::error::Doing;
use crate::rows::{RawBulletin, bulletin_columns, convert, number};
use crate::{BulletinFilter, BulletinNumber, BulletinRow, StoreError};

/// Rows of one INSERT: twelve values each, far below the limits of both databases.
const CHUNK: usize = 500;

/// Whether the new row comes from the page that listed the bulletin first, or is the first of a
/// site after the national index had it.
macro_rules! authoritative {
    () => {
        "bulletins.source_code = excluded.source_code \
         AND (bulletins.via = excluded.via OR bulletins.listed_at IS NULL)"
    };
}

/// `new` wins when it is authoritative, else what is there.
macro_rules! corrected {
    ($column:literal) => {
        concat!(
            "CASE WHEN ",
            authoritative!(),
            " THEN COALESCE(excluded.",
            $column,
            ", bulletins.",
            $column,
            ") ELSE COALESCE(bulletins.",
            $column,
            ", excluded.",
            $column,
            ") END"
        )
    };
}

/// Stores links of distinct addresses; gives how many were new.
pub(crate) async fn record(
    connection: &mut Connection,
    source: &str,
    links: &[&BulletinLink],
    way: Way,
    now: DateTime<Utc>,
) -> Result<u32, StoreError> {
    let mut new = 0;
    for chunk in links.chunks(CHUNK) {
        let known = count_known(connection, chunk).await?;
        new += chunk.len() as u32 - known;
        upsert(connection, source, chunk, way, now).await?;
    }
    Ok(new)
}

async fn count_known(
    connection: &mut Connection,
    links: &[&BulletinLink],
) -> Result<u32, StoreError> {
    let mut query = QueryBuilder::<Db>::new("SELECT count(*) FROM bulletins WHERE true");
    push_in(&mut query, "url", links.iter().map(|link| clean(&link.url).into_owned()));
    let known: i64 = query
        .build_query_scalar()
        .persistent(false)
        .fetch_one(connection)
        .await
        .doing("looking for known bulletins")?;
    number("count", known)
}

async fn upsert(
    connection: &mut Connection,
    source: &str,
    links: &[&BulletinLink],
    way: Way,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let mut query = QueryBuilder::<Db>::new(
        "INSERT INTO bulletins (source_code, url, title, number, series, published_on, via, \
         first_seen_at, last_seen_at, listed_at, indexed_at, stage, stage_at) ",
    );
    query.push_values(links, |mut row, link| {
        row.push_bind(source.to_owned())
            .push_bind(clean(&link.url).into_owned())
            .push_bind(clean(&link.title).into_owned())
            .push_bind(clean_opt(link.number.as_deref()).map(|text| text.into_owned()))
            .push_bind(clean_opt(link.series.as_deref()).map(|text| text.into_owned()))
            .push_bind(link.published_on)
            .push_bind(clean(&link.via).into_owned())
            .push_bind(now)
            .push_bind(now)
            .push_bind((way == Way::Listed).then_some(now))
            .push_bind((way == Way::Indexed).then_some(now))
            .push("'found'")
            .push_bind(now);
    });
    query.push(match way {
        Way::Listed => LISTED_AGAIN,
        Way::Indexed => INDEXED_AGAIN,
    });
    query
        .build()
        .persistent(false)
        .execute(connection)
        .await
        .doing("storing the bulletins found")?;
    Ok(())
}

/// A day of publication that changes changes facts of the acts: they are derived again.
macro_rules! dated_anew {
    ($day:expr) => {
        concat!(
            "published_on = ",
            $day,
            ", stage = CASE WHEN bulletins.stage = 'flagged' AND bulletins.duplicate_of IS NULL \
             AND bulletins.published_on IS DISTINCT FROM ",
            $day,
            " THEN 'read' ELSE bulletins.stage END"
        )
    };
}

/// What the site says of a bulletin that is known.
const LISTED_AGAIN: &str = concat!(
    " ON CONFLICT (url) DO UPDATE SET last_seen_at = excluded.last_seen_at, \
         listed_at = COALESCE(bulletins.listed_at, excluded.listed_at), \
         via = CASE WHEN bulletins.listed_at IS NULL THEN excluded.via ELSE bulletins.via END, \
         withdrawn_at = NULL, title = CASE WHEN bulletins.title = '' OR (excluded.title <> '' \
         AND ",
    authoritative!(),
    ") THEN excluded.title ELSE bulletins.title END, number = ",
    corrected!("number"),
    ", series = ",
    corrected!("series"),
    ", ",
    dated_anew!(corrected!("published_on"))
);

/// What the national index says of a bulletin that is known: it fills gaps.
const INDEXED_AGAIN: &str = concat!(
    " ON CONFLICT (url) DO UPDATE SET \
     indexed_at = COALESCE(bulletins.indexed_at, excluded.indexed_at), \
     title = CASE WHEN bulletins.title = '' THEN excluded.title ELSE bulletins.title END, ",
    dated_anew!("COALESCE(bulletins.published_on, excluded.published_on)")
);

/// Pushes the conditions of a filter after a `WHERE true`.
pub(super) fn push_filter(query: &mut QueryBuilder<Db>, filter: &BulletinFilter) {
    push_in(query, "id", filter.ids.iter().copied());
    push_in(query, "source_code", filter.sources.iter().cloned());
    push_in(query, "stage", filter.stages.iter().map(|stage| stage.as_str()));
    match filter.failed {
        Some(true) => drop(query.push(" AND failed_at IS NOT NULL")),
        Some(false) => drop(query.push(" AND failed_at IS NULL")),
        None => {}
    }
    if filter.to_retry {
        query.push(" AND failure IS NOT NULL AND failed_at IS NULL");
    }
    match filter.withdrawn {
        Some(true) => drop(query.push(" AND withdrawn_at IS NOT NULL")),
        Some(false) => drop(query.push(" AND withdrawn_at IS NULL")),
        None => {}
    }
    if let Some(from) = filter.published_from {
        query.push(" AND published_on >= ").push_bind(from);
    }
    if let Some(to) = filter.published_to {
        query.push(" AND published_on <= ").push_bind(to);
    }
}

pub(crate) async fn list(
    connection: &mut Connection,
    filter: &BulletinFilter,
    limit: u32,
    offset: u64,
) -> Result<Vec<BulletinRow>, StoreError> {
    let mut query = QueryBuilder::<Db>::new(concat!(
        "SELECT ",
        bulletin_columns!(),
        " FROM bulletins WHERE true"
    ));
    push_filter(&mut query, filter);
    query.push(" ORDER BY published_on DESC NULLS LAST, id DESC LIMIT ");
    query.push_bind(i64::from(limit)).push(" OFFSET ");
    query.push_bind(i64::try_from(offset).unwrap_or(i64::MAX));
    let rows: Vec<RawBulletin> = query
        .build_query_as()
        .persistent(false)
        .fetch_all(connection)
        .await
        .doing("listing bulletins")?;
    convert(rows)
}

pub(crate) async fn count(
    connection: &mut Connection,
    filter: &BulletinFilter,
) -> Result<u64, StoreError> {
    let mut query = QueryBuilder::<Db>::new("SELECT count(*) FROM bulletins WHERE true");
    push_filter(&mut query, filter);
    let count: i64 = query
        .build_query_scalar()
        .persistent(false)
        .fetch_one(connection)
        .await
        .doing("counting bulletins")?;
    number("count", count)
}

pub(crate) async fn by_id(
    connection: &mut Connection,
    id: i64,
) -> Result<Option<BulletinRow>, StoreError> {
    let row: Option<RawBulletin> =
        sqlx::query_as(concat!("SELECT ", bulletin_columns!(), " FROM bulletins WHERE id = $1"))
            .bind(id)
            .fetch_optional(connection)
            .await
            .doing("reading a bulletin")?;
    row.map(BulletinRow::try_from).transpose()
}

pub(crate) async fn by_url(
    connection: &mut Connection,
    url: &str,
) -> Result<Option<BulletinRow>, StoreError> {
    let row: Option<RawBulletin> =
        sqlx::query_as(concat!("SELECT ", bulletin_columns!(), " FROM bulletins WHERE url = $1"))
            .bind(clean(url))
            .fetch_optional(connection)
            .await
            .doing("reading a bulletin")?;
    row.map(BulletinRow::try_from).transpose()
}

/// The owner of the acts first.
pub(crate) async fn by_document(
    connection: &mut Connection,
    sha256: &str,
) -> Result<Vec<BulletinRow>, StoreError> {
    let rows: Vec<RawBulletin> = sqlx::query_as(concat!(
        "SELECT ",
        bulletin_columns!(),
        " FROM bulletins WHERE document_sha256 = $1 ORDER BY duplicate_of IS NOT NULL, id"
    ))
    .bind(sha256)
    .fetch_all(connection)
    .await
    .doing("reading the bulletins of a document")?;
    convert(rows)
}

pub(crate) async fn numbers(
    connection: &mut Connection,
    source: &str,
    first: NaiveDate,
    last: NaiveDate,
) -> Result<Vec<BulletinNumber>, StoreError> {
    type Row = (i64, Option<String>, Option<String>, String, Option<NaiveDate>);
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT id, number, series, title, published_on FROM bulletins WHERE source_code = $1 \
         AND (published_on IS NULL OR (published_on >= $2 AND published_on <= $3)) \
         ORDER BY published_on NULLS LAST, id",
    )
    .bind(source)
    .bind(first)
    .bind(last)
    .fetch_all(connection)
    .await
    .doing("reading bulletin numbers")?;
    let rows = rows.into_iter().map(|(bulletin, number, series, title, published_on)| {
        BulletinNumber { bulletin, number, series, title, published_on }
    });
    Ok(rows.collect())
}
