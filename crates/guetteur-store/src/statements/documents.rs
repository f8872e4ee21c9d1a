//! Tables `documents` and `fetches`, the stage that fills them, and the text of pages.

use chrono::{DateTime, Utc};
use guetteur_model::{BulletinId, FileTimes, Page, Sha256, Stage};
use sqlx::QueryBuilder;

use super::{CHUNK, Connection, Db, act_changes, claims, page_texts, push_in, rechecks};
use crate::clean::{clean, clean_opt};
use crate::error::Doing;
use crate::rows::{RawDocument, RawPage, RawVersion, convert};
use crate::{ClaimedBulletin, DocumentRow, FetchOutcome, FetchRecord, StoreError, Version};

pub(crate) async fn complete_fetch(
    connection: &mut Connection,
    claim: &ClaimedBulletin,
    fetch: &FetchRecord,
    now: DateTime<Utc>,
) -> Result<FetchOutcome, StoreError> {
    let id = claim.bulletin.id.0;
    let previous = claims::settle(connection, claim).await?;
    // The same bytes come again where the archive lost them.
    let changed = previous.is_some_and(|previous| previous != fetch.sha256);
    upsert_document(connection, fetch, now).await?;
    upsert_fetch(connection, id, fetch, now).await?;
    if changed {
        promote_duplicate(connection, id).await?;
    }
    let owner = owner_of(connection, id, fetch.sha256).await?;
    sqlx::query(
        "UPDATE bulletins SET document_sha256 = $2, duplicate_of = $3, stage = $4, stage_at = $5, \
         ocr_rank = 0, page_count = (SELECT page_count FROM documents WHERE sha256 = $2), \
         rules_version = NULL WHERE id = $1",
    )
    .bind(id)
    .bind(fetch.sha256.to_string())
    .bind(owner)
    .bind(if owner.is_some() { Stage::Flagged } else { Stage::Fetched }.as_str())
    .bind(now)
    .execute(&mut *connection)
    .await
    .doing("marking a bulletin fetched")?;
    rechecks::plan(connection, claim, now).await?;
    if let Some(owner) = owner {
        // Acts of a former version of this bulletin, if any; and those of the original now stand
        // in one more source, which the index must learn.
        act_changes::remove_acts(connection, id, &claim.bulletin.source, now).await?;
        act_changes::touch_acts(connection, owner).await?;
        return Ok(FetchOutcome::DuplicateOf(BulletinId(owner)));
    }
    Ok(if changed { FetchOutcome::Changed } else { FetchOutcome::New })
}

/// The site still gives these bytes.
pub(super) async fn seen_again(
    connection: &mut Connection,
    bulletin: i64,
    document: Sha256,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE fetches SET last_fetched_at = $3 WHERE bulletin_id = $1 AND document_sha256 = $2",
    )
    .bind(bulletin)
    .bind(document.to_string())
    .bind(now)
    .execute(connection)
    .await
    .doing("noting an unchanged document")?;
    Ok(())
}

/// Also locks the document's row, so that of two bulletins with the same new PDF one is the owner.
async fn upsert_document(
    connection: &mut Connection,
    fetch: &FetchRecord,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO documents (sha256, size_bytes, status, first_seen_at) \
         VALUES ($1, $2, 'stored', $3) \
         ON CONFLICT (sha256) DO UPDATE SET size_bytes = excluded.size_bytes",
    )
    .bind(fetch.sha256.to_string())
    .bind(i64::try_from(fetch.size_bytes).unwrap_or(i64::MAX))
    .bind(now)
    .execute(connection)
    .await
    .doing("storing a document")?;
    Ok(())
}

pub(super) async fn upsert_fetch(
    connection: &mut Connection,
    bulletin: i64,
    fetch: &FetchRecord,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO fetches (bulletin_id, document_sha256, first_fetched_at, last_fetched_at, \
         final_url, http_status, etag, last_modified) VALUES ($1, $2, $3, $3, $4, $5, $6, $7) \
         ON CONFLICT (bulletin_id, document_sha256) DO UPDATE SET \
         last_fetched_at = excluded.last_fetched_at, final_url = excluded.final_url, \
         http_status = excluded.http_status, etag = excluded.etag, \
         last_modified = excluded.last_modified",
    )
    .bind(bulletin)
    .bind(fetch.sha256.to_string())
    .bind(now)
    .bind(clean(&fetch.final_url))
    .bind(i64::from(fetch.http_status))
    .bind(clean_opt(fetch.etag.as_deref()))
    .bind(clean_opt(fetch.last_modified.as_deref()))
    .execute(connection)
    .await
    .doing("storing a fetch")?;
    Ok(())
}

async fn owner_of(
    connection: &mut Connection,
    bulletin: i64,
    sha256: Sha256,
) -> Result<Option<i64>, StoreError> {
    sqlx::query_scalar(
        "SELECT id FROM bulletins WHERE document_sha256 = $1 AND duplicate_of IS NULL \
         AND id <> $2 ORDER BY id LIMIT 1",
    )
    .bind(sha256.to_string())
    .bind(bulletin)
    .fetch_optional(connection)
    .await
    .doing("looking for the same document")
}

/// The PDF of `original` was replaced: the first of the bulletins that still publish the old one
/// becomes its owner, and is read and cut from what is stored.
async fn promote_duplicate(connection: &mut Connection, original: i64) -> Result<(), StoreError> {
    let heir: Option<i64> =
        sqlx::query_scalar("SELECT min(id) FROM bulletins WHERE duplicate_of = $1")
            .bind(original)
            .fetch_one(&mut *connection)
            .await
            .doing("looking for duplicates")?;
    let Some(heir) = heir else { return Ok(()) };
    sqlx::query(
        "UPDATE bulletins SET duplicate_of = CASE WHEN id = $2 THEN NULL ELSE $2 END, \
         stage = CASE WHEN id = $2 THEN 'fetched' ELSE stage END WHERE duplicate_of = $1",
    )
    .bind(original)
    .bind(heir)
    .execute(connection)
    .await
    .doing("handing acts over to a duplicate")?;
    Ok(())
}

pub(super) fn no_document(claim: &ClaimedBulletin, stage: Stage) -> StoreError {
    StoreError::WrongStage { bulletin: claim.bulletin.id.0, stage, reason: "it has no document" }
}

pub(crate) async fn by_sha256(
    connection: &mut Connection,
    sha256: Sha256,
) -> Result<Option<DocumentRow>, StoreError> {
    let row: Option<RawDocument> = sqlx::query_as(
        "SELECT sha256, size_bytes, page_count, ocr_pages, status, cut_short, note, \
         first_seen_at, reader_version FROM documents WHERE sha256 = $1",
    )
    .bind(sha256.to_string())
    .fetch_optional(connection)
    .await
    .doing("reading a document")?;
    row.map(DocumentRow::try_from).transpose()
}

/// When the file says that it was made.
pub(super) async fn note_times(
    connection: &mut Connection,
    document: Sha256,
    times: FileTimes,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE documents SET file_created = $2, file_modified = $3 WHERE sha256 = $1")
        .bind(document.to_string())
        .bind(times.created.map(|at| at.to_string()))
        .bind(times.modified.map(|at| at.to_string()))
        .execute(connection)
        .await
        .doing("noting the times of a file")?;
    Ok(())
}

/// Names and sizes in bytes.
pub(crate) async fn sizes(
    connection: &mut Connection,
    documents: &[Sha256],
) -> Result<Vec<(String, i64)>, StoreError> {
    let mut sizes = Vec::new();
    for chunk in documents.chunks(CHUNK) {
        let mut query =
            QueryBuilder::<Db>::new("SELECT sha256, size_bytes FROM documents WHERE TRUE");
        push_in(&mut query, "sha256", chunk.iter().map(ToString::to_string));
        let rows = query.build_query_as().persistent(false).fetch_all(&mut *connection).await;
        sizes.extend(rows.doing("reading the sizes of documents")?);
    }
    Ok(sizes)
}

pub(crate) async fn outermost(
    connection: &mut Connection,
    limit: u32,
) -> Result<Vec<String>, StoreError> {
    sqlx::query_scalar(
        "SELECT sha256 FROM (SELECT sha256 FROM documents ORDER BY sha256 LIMIT $1) AS first \
         UNION SELECT sha256 FROM (SELECT sha256 FROM documents ORDER BY sha256 DESC LIMIT $1) AS last",
    )
    .bind(i64::from(limit))
    .fetch_all(connection)
    .await
    .doing("listing documents")
}

/// Names in their order, and the first bulletin that published each.
pub(crate) async fn after(
    connection: &mut Connection,
    last: Option<Sha256>,
    limit: u32,
) -> Result<Vec<(String, Option<i64>)>, StoreError> {
    sqlx::query_as(
        "SELECT sha256, (SELECT min(bulletin_id) FROM fetches WHERE document_sha256 = sha256) \
         FROM documents WHERE sha256 > $1 ORDER BY sha256 LIMIT $2",
    )
    .bind(last.map(|last| last.to_string()).unwrap_or_default())
    .bind(i64::from(limit))
    .fetch_all(connection)
    .await
    .doing("listing documents")
}

/// Pages `from` to `to`, both included.
pub(crate) async fn pages(
    connection: &mut Connection,
    sha256: Sha256,
    from: u32,
    to: u32,
) -> Result<Vec<Page>, StoreError> {
    let rows: Vec<RawPage> = sqlx::query_as(
        "SELECT number, method, confidence, plain_text AS text, duration_ms, note FROM pages \
         WHERE document_sha256 = $1 AND number >= $2 AND number <= $3 ORDER BY number",
    )
    .bind(sha256.to_string())
    .bind(i64::from(from))
    .bind(i64::from(to))
    .fetch_all(&mut *connection)
    .await
    .doing("reading pages")?;
    let mut pages: Vec<Page> = convert(rows)?;
    let mut texts = page_texts::texts(connection, sha256, from, to).await?;
    for page in &mut pages {
        if let Some(text) = texts.remove(&page.number) {
            page.text = text;
        }
    }
    Ok(pages)
}

pub(crate) async fn versions(
    connection: &mut Connection,
    bulletin: i64,
) -> Result<Vec<Version>, StoreError> {
    let rows: Vec<RawVersion> = sqlx::query_as(
        "SELECT d.sha256, d.size_bytes, d.page_count, d.ocr_pages, d.status, d.cut_short, \
         d.note, d.first_seen_at, d.reader_version, f.first_fetched_at, f.last_fetched_at, f.final_url, \
         f.http_status, f.etag, f.last_modified \
         FROM fetches f JOIN documents d ON d.sha256 = f.document_sha256 \
         WHERE f.bulletin_id = $1 ORDER BY f.last_fetched_at DESC, f.first_fetched_at DESC",
    )
    .bind(bulletin)
    .fetch_all(connection)
    .await
    .doing("reading the versions of a bulletin")?;
    convert(rows)
}
