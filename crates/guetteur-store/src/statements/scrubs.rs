//! Tables `scrubs` and `damaged_documents`.

use chrono::{DateTime, Utc};
use guetteur_model::{BulletinId, Sha256};

use super::Connection;
use crate::StoreError;
use crate::error::Doing;
use crate::rows::{number, parse, sha256};
use crate::scrubs::{Damage, DamagedDocument, Scrub, ScrubKind};

type ScrubRow = (Option<String>, i64, DateTime<Utc>, Option<DateTime<Utc>>);

pub(crate) async fn of(
    connection: &mut Connection,
    kind: ScrubKind,
) -> Result<Option<Scrub>, StoreError> {
    let row: Option<ScrubRow> = sqlx::query_as(
        "SELECT last_sha256, checked, begun_at, whole_at FROM scrubs WHERE kind = $1",
    )
    .bind(kind.as_str())
    .fetch_optional(connection)
    .await
    .doing("reading how far a check is")?;
    let scrub = |(last, checked, begun_at, whole_at): ScrubRow| {
        let last = last.map(|hex| sha256("scrubs.last_sha256", &hex)).transpose()?;
        Ok(Scrub { last, checked: number("scrubs.checked", checked)?, begun_at, whole_at })
    };
    row.map(scrub).transpose()
}

pub(crate) async fn advance(
    connection: &mut Connection,
    kind: ScrubKind,
    (from, to): (Option<Sha256>, Option<Sha256>),
    checked: u64,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let hex = |at: Option<Sha256>| at.map(|sha256| sha256.to_string());
    let checked = i64::try_from(checked).unwrap_or(i64::MAX);
    sqlx::query(
        "INSERT INTO scrubs (kind, checked, begun_at) VALUES ($1, 0, $2) ON CONFLICT DO NOTHING",
    )
    .bind(kind.as_str())
    .bind(now)
    .execute(&mut *connection)
    .await
    .doing("beginning a check")?;
    let result = sqlx::query(
        "UPDATE scrubs SET last_sha256 = $3, \
         checked = CASE WHEN CAST($2 AS TEXT) IS NULL THEN $4 ELSE checked + $4 END, \
         begun_at = CASE WHEN CAST($2 AS TEXT) IS NULL THEN $5 ELSE begun_at END, \
         whole_at = CASE WHEN CAST($3 AS TEXT) IS NULL THEN $5 ELSE whole_at END \
         WHERE kind = $1 AND last_sha256 IS NOT DISTINCT FROM $2",
    )
    .bind(kind.as_str())
    .bind(hex(from))
    .bind(hex(to))
    .bind(checked)
    .bind(now)
    .execute(connection)
    .await;
    Ok(result.doing("noting how far a check is")?.rows_affected() == 1)
}

pub(crate) async fn note(
    connection: &mut Connection,
    document: Sha256,
    damage: Option<Damage>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let Some(damage) = damage else {
        let mended = sqlx::query("DELETE FROM damaged_documents WHERE sha256 = $1")
            .bind(document.to_string())
            .execute(connection)
            .await;
        mended.doing("forgetting damage")?;
        return Ok(());
    };
    sqlx::query(
        "INSERT INTO damaged_documents (sha256, damage, found_at) VALUES ($1, $2, $3) \
         ON CONFLICT (sha256) DO UPDATE SET damage = excluded.damage",
    )
    .bind(document.to_string())
    .bind(damage.as_str())
    .bind(now)
    .execute(connection)
    .await
    .doing("noting damage")?;
    Ok(())
}

pub(crate) async fn damaged(
    connection: &mut Connection,
) -> Result<Vec<DamagedDocument>, StoreError> {
    let rows: Vec<(String, String, DateTime<Utc>, Option<i64>)> = sqlx::query_as(
        "SELECT d.sha256, d.damage, d.found_at, (SELECT min(f.bulletin_id) FROM fetches f \
         WHERE f.document_sha256 = d.sha256) FROM damaged_documents d ORDER BY d.found_at, d.sha256",
    )
    .fetch_all(connection)
    .await
    .doing("reading damaged documents")?;
    let document = |(name, damage, found_at, bulletin): (String, String, _, Option<i64>)| {
        Ok(DamagedDocument {
            sha256: sha256("damaged_documents.sha256", &name)?,
            damage: parse("damaged_documents.damage", &damage)?,
            found_at,
            bulletin: bulletin.map(BulletinId),
        })
    };
    rows.into_iter().map(document).collect()
}

pub(crate) async fn fetch_again(
    connection: &mut Connection,
    document: Sha256,
    now: DateTime<Utc>,
) -> Result<u64, StoreError> {
    // « Not modified » gives no bytes.
    sqlx::query("UPDATE fetches SET etag = NULL, last_modified = NULL WHERE document_sha256 = $1")
        .bind(document.to_string())
        .execute(&mut *connection)
        .await
        .doing("forgetting validators")?;
    let result = sqlx::query(
        "UPDATE bulletins SET recheck_at = $2 WHERE document_sha256 = $1 AND stage = 'flagged' \
         AND duplicate_of IS NULL AND withdrawn_at IS NULL AND failed_at IS NULL",
    )
    .bind(document.to_string())
    .bind(now)
    .execute(&mut *connection)
    .await;
    let flagged = result.doing("having a document fetched again")?.rows_affected();
    // Lost before it was read: nothing can be made of it where it is, and its tries there do not count.
    let result = sqlx::query(
        "UPDATE bulletins SET stage = 'found', stage_at = $2, attempts = 0, failed_at = NULL, \
         next_attempt_at = NULL, lease_owner = NULL, lease_until = NULL, \
         lease_number = lease_number + 1 WHERE document_sha256 = $1 AND stage = 'fetched' \
         AND duplicate_of IS NULL AND withdrawn_at IS NULL",
    )
    .bind(document.to_string())
    .bind(now)
    .execute(connection)
    .await;
    Ok(flagged + result.doing("having a document fetched again")?.rows_affected())
}
