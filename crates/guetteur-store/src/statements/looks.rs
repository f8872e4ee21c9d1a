//! Table `newest_lists`.

use chrono::{DateTime, Utc};

use super::Connection;
use crate::clean::{clean, clean_opt};
use crate::error::Doing;
use crate::rows::sha256;
use crate::{Look, NewestList, StoreError};

pub(crate) async fn set(
    connection: &mut Connection,
    source: &str,
    url: &str,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO newest_lists (source_code, url) VALUES ($1, $2) \
         ON CONFLICT (source_code) DO UPDATE SET url = excluded.url, etag = NULL, \
         last_modified = NULL, body_sha256 = NULL, error = NULL \
         WHERE newest_lists.url <> excluded.url",
    )
    .bind(source)
    .bind(clean(url))
    .execute(connection)
    .await
    .doing("noting the newest list of a source")?;
    Ok(())
}

type Row = (
    String,
    String,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<DateTime<Utc>>,
    Option<String>,
);

pub(crate) async fn all(connection: &mut Connection) -> Result<Vec<NewestList>, StoreError> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT source_code, url, etag, last_modified, body_sha256, looked_at, error \
         FROM newest_lists ORDER BY source_code",
    )
    .fetch_all(connection)
    .await
    .doing("reading the newest lists")?;
    rows.into_iter()
        .map(|(source, url, etag, last_modified, body, looked_at, error)| {
            let body = body.map(|hex| sha256("newest_lists.body_sha256", &hex)).transpose()?;
            Ok(NewestList { source, url, etag, last_modified, body, looked_at, error })
        })
        .collect()
}

pub(crate) async fn note(
    connection: &mut Connection,
    source: &str,
    look: &Look,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let query = match look {
        Look::NotModified => sqlx::query(
            "UPDATE newest_lists SET looked_at = $2, error = NULL WHERE source_code = $1",
        )
        .bind(source)
        .bind(now),
        Look::Got { etag, last_modified, body } => sqlx::query(
            "UPDATE newest_lists SET looked_at = $2, error = NULL, etag = $3, \
             last_modified = $4, body_sha256 = $5 WHERE source_code = $1",
        )
        .bind(source)
        .bind(now)
        .bind(clean_opt(etag.as_deref()))
        .bind(clean_opt(last_modified.as_deref()))
        .bind(body.to_string()),
        Look::Failed(reason) => {
            sqlx::query("UPDATE newest_lists SET looked_at = $2, error = $3 WHERE source_code = $1")
                .bind(source)
                .bind(now)
                .bind(clean(reason))
        }
    };
    query.execute(connection).await.doing("noting a look")?;
    Ok(())
}
