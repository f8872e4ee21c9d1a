//! Table `left_out_documents`.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use guetteur_model::LeftOut;
use sqlx::QueryBuilder;

use super::{Connection, Db};
use crate::clean::{clean, clean_opt};
use crate::error::Doing;
use crate::from_row::from_row;
use crate::rows::parse;
use crate::{PassKind, StoreError};

/// Rows of one INSERT.
const CHUNK: usize = 500;

pub(crate) async fn record(
    connection: &mut Connection,
    source: &str,
    documents: &[LeftOut],
    pass: PassKind,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    // Each address once, always in the same order: no deadlock.
    let distinct: BTreeMap<&str, &LeftOut> =
        documents.iter().map(|document| (document.url.as_str(), document)).collect();
    let distinct: Vec<&LeftOut> = distinct.into_values().collect();
    for chunk in distinct.chunks(CHUNK) {
        upsert(connection, source, chunk, now).await?;
    }
    if pass == PassKind::Full {
        sqlx::query("DELETE FROM left_out_documents WHERE source_code = $1 AND last_seen_at <> $2")
            .bind(source)
            .bind(now)
            .execute(&mut *connection)
            .await
            .doing("forgetting what is not left out any more")?;
    }
    sqlx::query(
        "DELETE FROM left_out_documents WHERE source_code = $1 \
         AND EXISTS (SELECT 1 FROM bulletins b WHERE b.url = left_out_documents.url)",
    )
    .bind(source)
    .execute(connection)
    .await
    .doing("forgetting what has become a bulletin")?;
    Ok(())
}

async fn upsert(
    connection: &mut Connection,
    source: &str,
    documents: &[&LeftOut],
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let mut query = QueryBuilder::<Db>::new(
        "INSERT INTO left_out_documents (source_code, url, title, via, reason, contents_of, first_seen_at, \
         last_seen_at) ",
    );
    query.push_values(documents, |mut row, document| {
        row.push_bind(source.to_owned())
            .push_bind(clean(&document.url).into_owned())
            .push_bind(clean(&document.title).into_owned())
            .push_bind(clean(&document.via).into_owned())
            .push_bind(document.reason.as_str())
            .push_bind(clean_opt(document.contents_of.as_deref()).map(|text| text.into_owned()))
            .push_bind(now)
            .push_bind(now);
    });
    query.push(
        " ON CONFLICT (source_code, url) DO UPDATE SET title = excluded.title, \
         via = excluded.via, reason = excluded.reason, contents_of = excluded.contents_of, \
         last_seen_at = excluded.last_seen_at",
    );
    let result = query.build().persistent(false).execute(connection).await;
    result.doing("storing what a pass left out")?;
    Ok(())
}

struct RawLeftOut {
    source_code: String,
    url: String,
    title: String,
    via: String,
    reason: String,
    contents_of: Option<String>,
}

from_row!(RawLeftOut { source_code, url, title, via, reason, contents_of });

pub(crate) async fn of(
    connection: &mut Connection,
    source: Option<&str>,
) -> Result<Vec<(String, LeftOut)>, StoreError> {
    let rows: Vec<RawLeftOut> = sqlx::query_as(
        "SELECT source_code, url, title, via, reason, contents_of FROM left_out_documents \
         WHERE source_code = COALESCE($1, source_code) ORDER BY source_code, reason, title, url",
    )
    .bind(source)
    .fetch_all(connection)
    .await
    .doing("reading what was left out")?;
    let document = |raw: RawLeftOut| {
        let reason = parse("left_out_documents.reason", &raw.reason)?;
        let RawLeftOut { url, title, via, contents_of, .. } = raw;
        Ok((raw.source_code, LeftOut { url, title, via, reason, contents_of }))
    };
    rows.into_iter().map(document).collect()
}

/// How many documents each source leaves out.
pub(crate) async fn counts(connection: &mut Connection) -> Result<Vec<(String, i64)>, StoreError> {
    sqlx::query_as("SELECT source_code, count(*) FROM left_out_documents GROUP BY source_code")
        .fetch_all(connection)
        .await
        .doing("counting what was left out")
}
