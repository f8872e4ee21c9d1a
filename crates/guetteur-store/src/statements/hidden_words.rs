//! Table `hidden_words`.

use guetteur_model::{BulletinId, HiddenWords, Sha256};

use super::Connection;
use crate::StoreError;
use crate::clean::clean;
use crate::error::Doing;
use crate::from_row::from_row;
use crate::hidden_words::ConcealingDocument;
use crate::rows::{number, sha256 as parse_sha256};

pub(crate) async fn replace(
    connection: &mut Connection,
    sha256: Sha256,
    hidden: &[HiddenWords],
) -> Result<(), StoreError> {
    let name = sha256.to_string();
    sqlx::query("DELETE FROM hidden_words WHERE document_sha256 = $1")
        .bind(&name)
        .execute(&mut *connection)
        .await
        .doing("forgetting hidden words")?;
    for page in hidden {
        sqlx::query(
            "INSERT INTO hidden_words (document_sha256, page, words, text) VALUES ($1, $2, $3, $4)",
        )
        .bind(&name)
        .bind(i64::from(page.page))
        .bind(i64::try_from(page.count()).unwrap_or(i64::MAX))
        .bind(clean(&page.text))
        .execute(&mut *connection)
        .await
        .doing("keeping hidden words")?;
    }
    Ok(())
}

pub(crate) async fn count(connection: &mut Connection) -> Result<u64, StoreError> {
    let (count,): (i64,) =
        sqlx::query_as("SELECT count(DISTINCT document_sha256) FROM hidden_words")
            .fetch_one(connection)
            .await
            .doing("counting documents that hide words")?;
    number("count", count)
}

/// One page of one document.
struct RawPage {
    sha256: String,
    bulletin: i64,
    source: String,
    title: String,
    page: i64,
    words: i64,
}

from_row!(RawPage { sha256, bulletin, source, title, page, words });

pub(crate) async fn documents(
    connection: &mut Connection,
    limit: u32,
) -> Result<Vec<ConcealingDocument>, StoreError> {
    let rows: Vec<RawPage> = sqlx::query_as(
        "SELECT d.sha256, b.id AS bulletin, b.source_code AS source, b.title, \
         h.page, h.words \
         FROM (SELECT sha256, first_seen_at FROM documents \
         WHERE EXISTS (SELECT 1 FROM hidden_words h WHERE h.document_sha256 = sha256) \
         ORDER BY first_seen_at DESC, sha256 LIMIT $1) d \
         JOIN hidden_words h ON h.document_sha256 = d.sha256 \
         JOIN bulletins b ON b.id = \
         (SELECT min(f.bulletin_id) FROM fetches f WHERE f.document_sha256 = d.sha256) \
         ORDER BY d.first_seen_at DESC, d.sha256, h.page",
    )
    .bind(i64::from(limit))
    .fetch_all(connection)
    .await
    .doing("listing documents that hide words")?;
    let mut documents: Vec<ConcealingDocument> = Vec::new();
    for raw in rows {
        let sha256 = parse_sha256("hidden_words.document_sha256", &raw.sha256)?;
        let (page, words) = (number("page", raw.page)?, number("words", raw.words)?);
        match documents.last_mut().filter(|last| last.sha256 == sha256) {
            Some(last) => {
                last.pages.push(page);
                last.words += words;
            }
            None => documents.push(ConcealingDocument {
                sha256,
                bulletin: BulletinId(raw.bulletin),
                source: raw.source,
                title: raw.title,
                pages: vec![page],
                words,
            }),
        }
    }
    Ok(documents)
}
