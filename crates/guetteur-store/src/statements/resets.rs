//! Sending bulletins back along the line.

use guetteur_model::ReaderVersions;
use sqlx::QueryBuilder;

use super::bulletins::push_filter;
use super::{Connection, Db};
use crate::error::Doing;
use crate::{BulletinFilter, StoreError};

/// Back to `read`; a lease that stands is broken, its late answer will be refused.
pub(crate) async fn reset_for_reclassify(
    connection: &mut Connection,
    filter: &BulletinFilter,
    rules_version: &str,
) -> Result<u64, StoreError> {
    let mut query = QueryBuilder::<Db>::new(
        "UPDATE bulletins SET stage = 'read', attempts = 0, next_attempt_at = NULL, \
         lease_owner = NULL, lease_until = NULL, lease_number = lease_number + 1 \
         WHERE stage = 'flagged' AND duplicate_of IS NULL AND rules_version IS DISTINCT FROM ",
    );
    query.push_bind(rules_version.to_owned());
    push_filter(&mut query, filter);
    let result = query.build().persistent(false).execute(connection).await;
    Ok(result.doing("sending bulletins back to be flagged")?.rows_affected())
}

/// Back to `fetched`, likewise. Pages that failed are as if an older version had read them.
pub(crate) async fn reset_for_reread(
    connection: &mut Connection,
    filter: &BulletinFilter,
    versions: ReaderVersions,
) -> Result<u64, StoreError> {
    let mut query = QueryBuilder::<Db>::new(
        "UPDATE pages SET ocr_version = CASE WHEN ocr_version IS NOT NULL THEN 0 END, \
         judge_version = CASE WHEN ocr_version IS NULL THEN 0 ELSE judge_version END \
         WHERE method = 'failed' AND document_sha256 IN (SELECT document_sha256 FROM bulletins \
         WHERE stage IN ('read', 'flagged') AND duplicate_of IS NULL",
    );
    push_filter(&mut query, filter);
    query.push(")");
    let result = query.build().persistent(false).execute(&mut *connection).await;
    result.doing("sending failed pages back to be read")?;
    let mut query = QueryBuilder::<Db>::new(
        "UPDATE bulletins SET stage = 'fetched', attempts = 0, next_attempt_at = NULL, \
         lease_owner = NULL, lease_until = NULL, lease_number = lease_number + 1 \
         WHERE stage IN ('read', 'flagged') AND duplicate_of IS NULL AND EXISTS (SELECT 1 \
         FROM pages p WHERE p.document_sha256 = bulletins.document_sha256 AND \
         (p.text_version <> ",
    );
    // A part that had no say in a page is NULL, which is neither equal nor unequal.
    query.push_bind(i64::from(versions.text)).push(" OR p.judge_version <> ");
    query.push_bind(i64::from(versions.judge)).push(" OR p.ocr_version <> ");
    query.push_bind(i64::from(versions.ocr)).push("))");
    push_filter(&mut query, filter);
    let result = query.build().persistent(false).execute(connection).await;
    Ok(result.doing("sending bulletins back to be read")?.rows_affected())
}
