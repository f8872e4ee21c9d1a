//! Table `newest_lists`.

use chrono::{DateTime, NaiveDate, Utc};

use super::Connection;
use crate::clean::{clean, clean_opt};
use crate::error::Doing;
use crate::failures::failure;
use crate::from_row::from_row;
use crate::newest_lists::ListRole;
use crate::rows::{convert, parse, sha256};
use crate::{Look, NewestList, StoreError};

pub(crate) async fn set(
    connection: &mut Connection,
    source: &str,
    role: ListRole,
    url: &str,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO newest_lists (source_code, role, url) VALUES ($1, $2, $3) \
         ON CONFLICT (source_code, role) DO UPDATE SET url = excluded.url, etag = NULL, \
         last_modified = NULL, listed_sha256 = NULL, distrusted_at = NULL, failure = NULL, error = NULL, failing_since = NULL \
         WHERE newest_lists.url <> excluded.url",
    )
    .bind(source)
    .bind(role.as_str())
    .bind(clean(url))
    .execute(connection)
    .await
    .doing("noting the newest list of a source")?;
    Ok(())
}

struct RawList {
    source_code: String,
    role: String,
    url: String,
    etag: Option<String>,
    last_modified: Option<String>,
    listed_sha256: Option<String>,
    distrusted_at: Option<DateTime<Utc>>,
    looked_at: Option<DateTime<Utc>>,
    failing_since: Option<DateTime<Utc>>,
    failure: Option<String>,
    error: Option<String>,
}

from_row!(RawList {
    distrusted_at,
    source_code,
    role,
    url,
    etag,
    last_modified,
    listed_sha256,
    looked_at,
    failing_since,
    failure,
    error
});

impl TryFrom<RawList> for NewestList {
    type Error = StoreError;

    fn try_from(raw: RawList) -> Result<Self, StoreError> {
        let listed = raw.listed_sha256.map(|hex| sha256("newest_lists.listed_sha256", &hex));
        Ok(Self {
            source: raw.source_code,
            role: parse::<ListRole>("newest_lists.role", &raw.role)?,
            url: raw.url,
            etag: raw.etag,
            last_modified: raw.last_modified,
            listed: listed.transpose()?,
            distrusted_at: raw.distrusted_at,
            looked_at: raw.looked_at,
            failing_since: raw.failing_since,
            failure: failure("newest_lists.failure", raw.failure, raw.error)?,
        })
    }
}

pub(crate) async fn of(
    connection: &mut Connection,
    source: Option<&str>,
) -> Result<Vec<NewestList>, StoreError> {
    let rows: Vec<RawList> = sqlx::query_as(
        "SELECT source_code, role, url, etag, last_modified, listed_sha256, distrusted_at, \
         looked_at, failing_since, failure, error \
         FROM newest_lists WHERE source_code = COALESCE($1, source_code) \
         ORDER BY source_code, role",
    )
    .bind(source)
    .fetch_all(connection)
    .await
    .doing("reading the newest lists")?;
    convert(rows)
}

pub(crate) async fn first_seen(
    connection: &mut Connection,
    since: DateTime<Utc>,
) -> Result<Vec<(String, DateTime<Utc>, NaiveDate)>, StoreError> {
    sqlx::query_as(
        "SELECT source_code, first_seen_at, published_on FROM bulletins \
         WHERE first_seen_at >= $1 AND published_on IS NOT NULL",
    )
    .bind(since)
    .fetch_all(connection)
    .await
    .doing("reading when bulletins were first seen")
}

pub(crate) async fn note(
    connection: &mut Connection,
    list: &NewestList,
    look: &Look,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let (mut validators, mut listed, mut failed, mut lies) = ((None, None), None, None, false);
    match look {
        Look::NotModified => {}
        Look::Got { etag, last_modified, listed: hash, lied } => {
            validators = (etag.as_deref(), last_modified.as_deref());
            listed = Some(hash.to_string());
            lies = *lied;
        }
        Look::Failed(failure) => failed = Some(failure),
    }
    // Only a page that came says anew what the page is.
    sqlx::query(
        "UPDATE newest_lists SET looked_at = $4, failure = $5, error = $9, \
         failing_since = CASE WHEN $5 IS NULL THEN NULL ELSE COALESCE(failing_since, $4) END, \
         etag = CASE WHEN $8 IS NULL THEN etag ELSE $6 END, \
         last_modified = CASE WHEN $8 IS NULL THEN last_modified ELSE $7 END, \
         listed_sha256 = COALESCE($8, listed_sha256), \
         distrusted_at = COALESCE(distrusted_at, CASE WHEN $10 THEN $4 END) \
         WHERE source_code = $1 AND role = $2 AND url = $3",
    )
    .bind(&list.source)
    .bind(list.role.as_str())
    .bind(&list.url)
    .bind(now)
    .bind(failed.map(|failure| failure.kind.as_str()))
    .bind(clean_opt(validators.0))
    .bind(clean_opt(validators.1))
    .bind(listed)
    .bind(clean_opt(failed.map(|failure| failure.detail.as_str())))
    .bind(lies)
    .execute(connection)
    .await
    .doing("noting a look")?;
    Ok(())
}
