//! Tables `pages`, `recognised_pages` and `ocr_days`, and the stage that fills them.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use guetteur_model::{Method, Sha256, Stage, TracedPage};
use sqlx::QueryBuilder;

use super::{Connection, Db, claims, documents, hidden_words, page_texts};
use crate::clean::{clean, clean_opt};
use crate::error::Doing;
use crate::packing::pack;
use crate::rows::{RawTracedPage, convert, number};
use crate::{ClaimedBulletin, DocumentStatus, OcrQueue, OcrRank, ReadRecord, StoreError};

/// Pages of one INSERT.
const CHUNK: usize = 200;

pub(crate) async fn complete_read(
    connection: &mut Connection,
    claim: &ClaimedBulletin,
    read: &ReadRecord,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let document = claims::settle(connection, claim).await?;
    let document = document.ok_or_else(|| documents::no_document(claim, Stage::Read))?;
    replace_pages(connection, document, read).await?;
    mark_read(connection, claim, read.ocr_rank, now).await
}

pub(crate) async fn keep_scanned(
    connection: &mut Connection,
    claim: &ClaimedBulletin,
    read: &ReadRecord,
) -> Result<(), StoreError> {
    rank(connection, claim, read.ocr_rank).await?;
    let document = claim.bulletin.document;
    let document = document.ok_or_else(|| documents::no_document(claim, Stage::Read))?;
    replace_pages(connection, document, read).await
}

async fn replace_pages(
    connection: &mut Connection,
    document: Sha256,
    read: &ReadRecord,
) -> Result<(), StoreError> {
    let ocr = |traced: &&TracedPage| matches!(traced.page.method, Method::Ocr | Method::Both);
    sqlx::query(
        "UPDATE documents SET page_count = $2, ocr_pages = $3, status = $4, cut_short = $5, \
         note = $6, reader_version = $7 WHERE sha256 = $1",
    )
    .bind(document.to_string())
    .bind(i64::from(read.page_count))
    .bind(read.pages.iter().filter(ocr).count() as i64)
    .bind(status(read).as_str())
    .bind(read.cut_short)
    .bind(clean_opt(read.note.as_deref()))
    .bind(clean(&read.reader_version))
    .execute(&mut *connection)
    .await
    .doing("storing what reading gave")?;
    if let Some(times) = read.times {
        documents::note_times(&mut *connection, document, times).await?;
    }
    for table in ["DELETE FROM pages", "DELETE FROM page_texts", "DELETE FROM recognised_pages"] {
        QueryBuilder::<Db>::new(table)
            .push(" WHERE document_sha256 = ")
            .push_bind(document.to_string())
            .build()
            .execute(&mut *connection)
            .await
            .doing("replacing pages")?;
    }
    for chunk in read.pages.chunks(CHUNK) {
        insert_pages(connection, Table::Pages, document, chunk).await?;
    }
    let texts: Vec<_> =
        read.pages.iter().map(|traced| (traced.page.number, clean(&traced.page.text))).collect();
    let blocks = pack(texts.iter().map(|(number, text)| (*number, &**text)))?;
    page_texts::insert(connection, document, blocks).await?;
    if let Some(hidden) = &read.hidden {
        hidden_words::replace(connection, document, hidden).await?;
    }
    Ok(())
}

fn status(read: &ReadRecord) -> DocumentStatus {
    let is_missing = (read.pages.len() as u64) < u64::from(read.page_count);
    let has_failed = read.pages.iter().any(|traced| traced.page.method == Method::Failed);
    if read.cut_short || is_missing || has_failed {
        DocumentStatus::Partial
    } else {
        DocumentStatus::Read
    }
}

/// Where pages are stored, and how their texts are.
#[derive(Clone, Copy)]
enum Table {
    /// For good, the texts packed beside them.
    Pages,
    /// For a while, with their texts.
    RecognisedPages,
}

async fn insert_pages(
    connection: &mut Connection,
    table: Table,
    document: Sha256,
    pages: &[TracedPage],
) -> Result<(), StoreError> {
    let mut query = QueryBuilder::<Db>::new("INSERT INTO ");
    query.push(match table {
        Table::Pages => "pages (plain_text, ",
        Table::RecognisedPages => "recognised_pages (text, ",
    });
    query.push(
        "document_sha256, number, method, confidence, duration_ms, note, text_version, \
         judge_version, ocr_version, ocr_reason) ",
    );
    query.push_values(pages, |mut row, TracedPage { page, origin }| {
        let text = match table {
            Table::Pages => String::new(),
            Table::RecognisedPages => clean(&page.text).into_owned(),
        };
        row.push_bind(text)
            .push_bind(document.to_string())
            .push_bind(i64::from(page.number))
            .push_bind(page.method.as_str())
            .push_bind(page.confidence)
            .push_bind(i64::try_from(page.ms).unwrap_or(i64::MAX))
            .push_bind(clean_opt(page.note.as_deref()).map(|text| text.into_owned()))
            .push_bind(origin.text.map(i64::from))
            .push_bind(origin.judge.map(i64::from))
            .push_bind(origin.ocr.map(i64::from))
            .push_bind(origin.ocr_reason.clone());
    });
    query.build().persistent(false).execute(connection).await.doing("storing pages")?;
    Ok(())
}

pub(crate) async fn keep_recognised(
    connection: &mut Connection,
    document: Sha256,
    page: &TracedPage,
    day: NaiveDate,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO ocr_days (day_on, pages, duration_ms) VALUES ($1, 0, $2) \
         ON CONFLICT (day_on) DO UPDATE SET duration_ms = ocr_days.duration_ms + excluded.duration_ms",
    )
    .bind(day)
    .bind(i64::try_from(page.page.ms).unwrap_or(i64::MAX))
    .execute(&mut *connection)
    .await
    .doing("adding up the time of OCR")?;
    sqlx::query("DELETE FROM recognised_pages WHERE document_sha256 = $1 AND number = $2")
        .bind(document.to_string())
        .bind(i64::from(page.page.number))
        .execute(&mut *connection)
        .await
        .doing("replacing a recognised page")?;
    insert_pages(connection, Table::RecognisedPages, document, std::slice::from_ref(page)).await
}

/// Once only the rest is left, nothing that was announced awaits it.
async fn mark_read(
    connection: &mut Connection,
    claim: &ClaimedBulletin,
    rank: OcrRank,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE bulletins SET stage = 'read', stage_at = $2, ocr_rank = $3, \
         awaited = awaited AND $4, page_count = \
         (SELECT page_count FROM documents WHERE sha256 = document_sha256) WHERE id = $1",
    )
    .bind(claim.bulletin.id.0)
    .bind(now)
    .bind(rank.number())
    .bind(rank == OcrRank::Urgent)
    .execute(connection)
    .await
    .doing("marking a bulletin read")?;
    Ok(())
}

pub(crate) async fn rank(
    connection: &mut Connection,
    claim: &ClaimedBulletin,
    rank: OcrRank,
) -> Result<(), StoreError> {
    let result = sqlx::query(
        "UPDATE bulletins SET ocr_rank = $4 \
         WHERE id = $1 AND lease_number = $2 AND lease_owner = $3",
    )
    .bind(claim.bulletin.id.0)
    .bind(claim.lease)
    .bind(&claim.worker)
    .bind(rank.number())
    .execute(connection)
    .await;
    claims::held(claim, result.doing("ranking a reading")?.rows_affected())
}

pub(crate) async fn has_more_urgent(
    connection: &mut Connection,
    sources: Option<&[String]>,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let mut query = QueryBuilder::<Db>::new("SELECT EXISTS (SELECT 1 FROM bulletins WHERE ");
    claims::push_due(&mut query, Stage::Fetched, now);
    query.push(" AND ocr_rank < ").push_bind(OcrRank::Rest.number());
    claims::push_free(&mut query, sources, now);
    query.push(")");
    query.build_query_scalar().fetch_one(connection).await.doing("looking for more urgent pages")
}

pub(crate) async fn ocr_queue(
    connection: &mut Connection,
    ocr_version: u32,
) -> Result<OcrQueue, StoreError> {
    let row: (i64, i64, Option<DateTime<Utc>>) = sqlx::query_as(
        "SELECT count(*), count(DISTINCT b.id), min(d.first_seen_at) FROM bulletins b \
         JOIN documents d ON d.sha256 = b.document_sha256 \
         JOIN pages p ON p.document_sha256 = b.document_sha256 \
         WHERE (b.stage = 'fetched' OR (b.stage = 'read' AND b.ocr_rank > 0)) \
         AND b.failed_at IS NULL AND p.ocr_reason IS NOT NULL \
         AND p.ocr_version IS DISTINCT FROM $1 AND NOT EXISTS (SELECT 1 FROM recognised_pages r \
         WHERE r.document_sha256 = p.document_sha256 AND r.number = p.number \
         AND r.ocr_version = $1)",
    )
    .bind(i64::from(ocr_version))
    .fetch_one(connection)
    .await
    .doing("counting pages that await OCR")?;
    let (pages, bulletins, oldest_at) = row;
    Ok(OcrQueue {
        pages: number("count", pages)?,
        bulletins: number("count", bulletins)?,
        oldest_at,
    })
}

pub(crate) async fn traced_pages(
    connection: &mut Connection,
    document: Sha256,
) -> Result<Vec<TracedPage>, StoreError> {
    let stored = traced(connection, "plain_text AS text FROM pages", document).await?;
    // Texts after their pages: one that is packed in between is found twice, and never nowhere. What
    // is read here is stored again.
    let mut texts = page_texts::texts(connection, document, 0, u32::MAX).await?;
    let stored = stored.into_iter().map(|mut traced| {
        if let Some(text) = texts.remove(&traced.page.number) {
            traced.page.text = text;
        }
        traced
    });
    let recognised = traced(connection, "text FROM recognised_pages", document).await?;
    let pages: BTreeMap<u32, TracedPage> =
        stored.chain(recognised).map(|traced| (traced.page.number, traced)).collect();
    Ok(pages.into_values().collect())
}

async fn traced(
    connection: &mut Connection,
    text_from_table: &str,
    document: Sha256,
) -> Result<Vec<TracedPage>, StoreError> {
    let mut query = QueryBuilder::<Db>::new(
        "SELECT number, method, confidence, duration_ms, note, text_version, judge_version, \
         ocr_version, ocr_reason, ",
    );
    query.push(text_from_table).push(" WHERE document_sha256 = ").push_bind(document.to_string());
    let rows: Vec<RawTracedPage> =
        query.build_query_as().fetch_all(connection).await.doing("reading pages")?;
    convert(rows)
}

pub(crate) async fn awaiting_pages(
    connection: &mut Connection,
    document: Sha256,
) -> Result<Vec<u32>, StoreError> {
    let numbers: Vec<i64> = sqlx::query_scalar(
        "SELECT number FROM pages WHERE document_sha256 = $1 AND ocr_reason IS NOT NULL \
         AND ocr_version IS NULL ORDER BY number",
    )
    .bind(document.to_string())
    .fetch_all(connection)
    .await
    .doing("looking for pages that await OCR")?;
    numbers.into_iter().map(|value| number("pages.number", value)).collect()
}

/// The row of the day stays locked until the commit.
pub(crate) async fn take_ocr_page(
    connection: &mut Connection,
    day: NaiveDate,
    most: Option<u32>,
) -> Result<bool, StoreError> {
    sqlx::query("INSERT INTO ocr_days (day_on, pages) VALUES ($1, 0) ON CONFLICT DO NOTHING")
        .bind(day)
        .execute(&mut *connection)
        .await
        .doing("beginning a day of OCR")?;
    let most = most.map_or(i64::MAX, i64::from);
    let result =
        sqlx::query("UPDATE ocr_days SET pages = pages + 1 WHERE day_on = $1 AND pages < $2")
            .bind(day)
            .bind(most)
            .execute(connection)
            .await;
    Ok(result.doing("counting a page of OCR")?.rows_affected() > 0)
}

pub(crate) async fn ocr_pages_on(
    connection: &mut Connection,
    day: NaiveDate,
) -> Result<u64, StoreError> {
    let pages: Option<i64> = sqlx::query_scalar("SELECT pages FROM ocr_days WHERE day_on = $1")
        .bind(day)
        .fetch_optional(connection)
        .await
        .doing("asking for the pages of OCR of a day")?;
    number("ocr_days.pages", pages.unwrap_or(0))
}
