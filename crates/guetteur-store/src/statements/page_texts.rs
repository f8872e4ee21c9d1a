//! Table `page_texts`, and the texts that wait in `pages` to be packed.

use std::collections::HashMap;

use guetteur_model::Sha256;
use sqlx::QueryBuilder;

use super::{CLAIM_LOCK, Connection, Db};
use crate::StoreError;
use crate::error::Doing;
use crate::packing::{Block, pack, unpack};
use crate::rows::number;

/// The texts of pages `from` to `to` of a document, both included, by their numbers, and of some
/// more. A page that is not among them has its text in `pages`.
pub(crate) async fn texts(
    connection: &mut Connection,
    document: Sha256,
    from: u32,
    to: u32,
) -> Result<HashMap<u32, String>, StoreError> {
    let blocks: Vec<Vec<u8>> = sqlx::query_scalar(
        "SELECT packed FROM page_texts \
         WHERE document_sha256 = $1 AND first_page <= $3 AND last_page >= $2",
    )
    .bind(document.to_string())
    .bind(i64::from(from))
    .bind(i64::from(to))
    .fetch_all(connection)
    .await
    .doing("reading the texts of pages")?;
    let mut texts = HashMap::new();
    for block in blocks {
        texts.extend(unpack(&block)?);
    }
    Ok(texts)
}

/// Stores blocks of a document that has none.
pub(crate) async fn insert(
    connection: &mut Connection,
    document: Sha256,
    blocks: Vec<Block>,
) -> Result<(), StoreError> {
    for block in blocks {
        sqlx::query(
            "INSERT INTO page_texts (document_sha256, first_page, last_page, packed) \
             VALUES ($1, $2, $3, $4)",
        )
        .bind(document.to_string())
        .bind(i64::from(block.first))
        .bind(i64::from(block.last))
        .bind(block.packed)
        .execute(&mut *connection)
        .await
        .doing("storing the texts of pages")?;
    }
    Ok(())
}

/// Documents whose texts are not packed, in order of their names, those after `last`.
pub(crate) async fn unpacked(
    connection: &mut Connection,
    last: Option<&str>,
    limit: u32,
) -> Result<Vec<String>, StoreError> {
    sqlx::query_scalar(
        "SELECT DISTINCT document_sha256 FROM pages \
         WHERE plain_text <> '' AND document_sha256 > $1 ORDER BY document_sha256 LIMIT $2",
    )
    .bind(last.unwrap_or_default())
    .bind(i64::from(limit))
    .fetch_all(connection)
    .await
    .doing("looking for texts to pack")
}

/// Packs the texts of a document. Whoever writes them anew just now packs them too.
pub(crate) async fn pack_document(
    connection: &mut Connection,
    document: Sha256,
) -> Result<(), StoreError> {
    let mut held = QueryBuilder::<Db>::new("SELECT sha256 FROM documents WHERE sha256 = ");
    held.push_bind(document.to_string()).push(CLAIM_LOCK);
    let held: Option<String> = held
        .build_query_scalar()
        .fetch_optional(&mut *connection)
        .await
        .doing("holding a document to pack its texts")?;
    if held.is_none() {
        return Ok(());
    }
    let rows: Vec<(i64, String)> = sqlx::query_as(
        "SELECT number, plain_text FROM pages WHERE document_sha256 = $1 ORDER BY number",
    )
    .bind(document.to_string())
    .fetch_all(&mut *connection)
    .await
    .doing("reading texts to pack")?;
    if rows.iter().all(|(_, text)| text.is_empty()) {
        return Ok(());
    }
    let numbered =
        |(page, text): &(i64, String)| Ok((number("pages.number", *page)?, text.clone()));
    let pages: Vec<(u32, String)> = rows.iter().map(numbered).collect::<Result<_, StoreError>>()?;
    insert(connection, document, pack(pages.iter().map(|(page, text)| (*page, &**text)))?).await?;
    sqlx::query("UPDATE pages SET plain_text = '' WHERE document_sha256 = $1")
        .bind(document.to_string())
        .execute(connection)
        .await
        .map(drop)
        .doing("packing texts")
}
