//! The row of one act: what it was, what becomes of it, and the statements that write it.

use chrono::{DateTime, Utc};
use guetteur_model::Sha256;
use sqlx::types::Json;

use super::Connection;
use crate::StoreError;
use crate::clean::clean;
use crate::error::Doing;
use crate::from_row::from_row;
use crate::prepared_act::PreparedAct;

/// What one bulletin's acts are written with.
pub(super) struct Writing<'a> {
    pub(super) bulletin: i64,
    pub(super) source: &'a str,
    pub(super) document: Sha256,
    pub(super) rules_version: &'a str,
    pub(super) now: DateTime<Utc>,
}

pub(super) struct Existing {
    pub(super) id: i64,
    pub(super) act_key: String,
    pub(super) number: Option<String>,
    pub(super) title: String,
    pub(super) page_from: i64,
    pub(super) position: i64,
    pub(super) document_sha256: String,
    pub(super) content_sha256: String,
    pub(super) removed: bool,
}

from_row!(Existing {
    id,
    act_key,
    number,
    title,
    page_from,
    position,
    document_sha256,
    content_sha256,
    removed
});

/// What becomes of one new act.
pub(super) enum Step<'e> {
    Add,
    /// Content changed, or it was removed and comes back.
    Change(&'e Existing),
    /// Only its place, key or document changed: the index must know, feeds need not.
    Move(&'e Existing),
    Keep(&'e Existing),
}

pub(super) fn step<'e>(
    existing: &'e [Existing],
    index: Option<usize>,
    act: &PreparedAct<'_>,
    document: &str,
) -> Step<'e> {
    let Some(old) = index.map(|index| &existing[index]) else { return Step::Add };
    if old.removed || old.content_sha256 != act.fingerprint {
        Step::Change(old)
    } else if old.position != act.position
        || old.act_key != act.key
        || old.document_sha256 != document
    {
        Step::Move(old)
    } else {
        Step::Keep(old)
    }
}

pub(super) async fn write_act(
    connection: &mut Connection,
    writing: &Writing<'_>,
    act: &PreparedAct<'_>,
    step: &Step<'_>,
    revision: i64,
) -> Result<i64, StoreError> {
    match step {
        Step::Keep(old) => Ok(old.id),
        Step::Move(old) => {
            sqlx::query(
                "UPDATE acts SET position = $2, act_key = $3, document_sha256 = $4, \
                 revision = $5 WHERE id = $1",
            )
            .bind(old.id)
            .bind(act.position)
            .bind(&act.key)
            .bind(writing.document.to_string())
            .bind(revision)
            .execute(connection)
            .await
            .doing("moving an act")?;
            Ok(old.id)
        }
        Step::Change(old) => update_act(connection, writing, act, old.id, revision).await,
        Step::Add => insert_act(connection, writing, act, revision).await,
    }
}

/// Binds the values of an act in the order of both statements below, from `$1` to `$31`.
macro_rules! bind_act {
    ($statement:expr, $writing:expr, $prepared:expr, $revision:expr) => {{
        let (act, facts) = (&*$prepared.act, &*$prepared.facts);
        sqlx::query_scalar($statement)
            .bind($writing.bulletin)
            .bind($writing.source)
            .bind($writing.document.to_string())
            .bind(clean(&$prepared.key).into_owned())
            .bind($prepared.position)
            .bind(act.number.as_deref())
            .bind(act.own_number.as_deref())
            .bind(&act.title)
            .bind(&act.title_raw)
            .bind(act.title_span.as_ref().map(Json))
            .bind(act.kind.as_deref())
            .bind(act.service.as_deref())
            .bind(act.signed_on)
            .bind(act.signed_by.as_deref())
            .bind(act.capacity.as_deref())
            .bind(i64::from(act.pages.from))
            .bind(i64::from(act.pages.to))
            .bind(act.confidence)
            .bind(Json(&$prepared.segments))
            .bind(Json(facts))
            .bind(facts.valid_from.map(|when| when.to_string()))
            .bind(facts.valid_to.map(|when| when.to_string()))
            .bind(facts.valid_from.map(|when| when.date()))
            .bind(facts.valid_to.map(|when| when.date()))
            .bind($prepared.published_on)
            .bind(!$prepared.flags.is_empty())
            .bind(&$prepared.fingerprint)
            .bind($writing.now)
            .bind($revision)
    }};
}

async fn insert_act(
    connection: &mut Connection,
    writing: &Writing<'_>,
    act: &PreparedAct<'_>,
    revision: i64,
) -> Result<i64, StoreError> {
    let statement = "INSERT INTO acts (bulletin_id, source_code, document_sha256, act_key, \
         position, number, own_number, title, title_raw, title_span, kind, service, signed_on, \
         signed_by, capacity, page_from, page_to, confidence, segments, facts, valid_from, \
         valid_to, valid_from_on, valid_to_on, published_on, flagged, content_sha256, \
         first_seen_at, updated_at, revision) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, \
         $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, \
         $28, $28, $29) RETURNING id";
    bind_act!(statement, writing, act, revision).fetch_one(connection).await.doing("storing an act")
}

async fn update_act(
    connection: &mut Connection,
    writing: &Writing<'_>,
    act: &PreparedAct<'_>,
    id: i64,
    revision: i64,
) -> Result<i64, StoreError> {
    let statement = "UPDATE acts SET source_code = $2, document_sha256 = $3, act_key = $4, \
         position = $5, number = $6, own_number = $7, title = $8, title_raw = $9, \
         title_span = $10, kind = $11, service = $12, signed_on = $13, signed_by = $14, \
         capacity = $15, page_from = $16, page_to = $17, confidence = $18, segments = $19, \
         facts = $20, valid_from = $21, valid_to = $22, valid_from_on = $23, valid_to_on = $24, \
         published_on = $25, flagged = $26, content_sha256 = $27, updated_at = $28, \
         revision = $29, removed_at = NULL WHERE id = $30 AND bulletin_id = $1 RETURNING id";
    bind_act!(statement, writing, act, revision)
        .bind(id)
        .fetch_one(connection)
        .await
        .doing("updating an act")
}

pub(super) async fn mark_removed(
    connection: &mut Connection,
    id: i64,
    revision: i64,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE acts SET removed_at = $2, updated_at = $2, revision = $3 WHERE id = $1")
        .bind(id)
        .bind(now)
        .bind(revision)
        .execute(connection)
        .await
        .doing("marking an act removed")?;
    Ok(())
}
