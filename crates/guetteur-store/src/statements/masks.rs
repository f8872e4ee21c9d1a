//! Table `masks`.

use chrono::{DateTime, Utc};
use guetteur_model::{ActId, MaskId, Sha256};
use sqlx::QueryBuilder;

use super::{Connection, Db, push_in, revisions};
use crate::StoreError;
use crate::clean::{clean, clean_opt};
use crate::error::Doing;
use crate::from_row::from_row;
use crate::masks::{Mask, NewMask};

pub(crate) async fn add(
    connection: &mut Connection,
    mask: NewMask<'_>,
    now: DateTime<Utc>,
) -> Result<i64, StoreError> {
    let id: i64 = sqlx::query_scalar(
        "INSERT INTO masks (act_id, passage, reason, keeps_pdf, created_at) \
         VALUES ($1, $2, $3, $4, $5) RETURNING id",
    )
    .bind(mask.act.0)
    .bind(clean(mask.passage))
    .bind(clean_opt(mask.reason))
    .bind(mask.keeps_pdf)
    .bind(now)
    .fetch_one(&mut *connection)
    .await
    .doing("masking a passage")?;
    revisions::tell_readers(connection, mask.act.0, now).await?;
    Ok(id)
}

pub(crate) async fn remove(
    connection: &mut Connection,
    id: i64,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let act: Option<i64> = sqlx::query_scalar("DELETE FROM masks WHERE id = $1 RETURNING act_id")
        .bind(id)
        .fetch_optional(&mut *connection)
        .await
        .doing("unmasking a passage")?;
    if let Some(act) = act {
        revisions::tell_readers(connection, act, now).await?;
    }
    Ok(act.is_some())
}

struct RawMask {
    id: i64,
    act_id: i64,
    passage: String,
    reason: Option<String>,
    keeps_pdf: bool,
    created_at: DateTime<Utc>,
}

from_row!(RawMask { id, act_id, passage, reason, keeps_pdf, created_at });

pub(crate) async fn all(connection: &mut Connection) -> Result<Vec<Mask>, StoreError> {
    let rows: Vec<RawMask> = sqlx::query_as(
        "SELECT id, act_id, passage, reason, keeps_pdf, created_at FROM masks ORDER BY id",
    )
    .fetch_all(connection)
    .await
    .doing("reading masks")?;
    let mask = |raw: RawMask| Mask {
        id: MaskId(raw.id),
        act: ActId(raw.act_id),
        passage: raw.passage,
        reason: raw.reason,
        keeps_pdf: raw.keeps_pdf,
        created_at: raw.created_at,
    };
    Ok(rows.into_iter().map(mask).collect())
}

pub(crate) async fn passages(
    connection: &mut Connection,
    acts: &[i64],
) -> Result<Vec<(i64, String)>, StoreError> {
    let mut query = QueryBuilder::<Db>::new("SELECT act_id, passage FROM masks WHERE true");
    push_in(&mut query, "act_id", acts.iter().copied());
    query.build_query_as().persistent(false).fetch_all(connection).await.doing("reading masks")
}

/// Bulletin, passage, whether the PDF is kept. A bulletin with the same PDF has its masks too.
pub(crate) async fn of_bulletins(
    connection: &mut Connection,
) -> Result<Vec<(i64, String, bool)>, StoreError> {
    sqlx::query_as(
        "SELECT b.id, m.passage, m.keeps_pdf FROM masks m JOIN acts a ON a.id = m.act_id \
         JOIN bulletins b ON b.id = a.bulletin_id OR b.duplicate_of = a.bulletin_id",
    )
    .fetch_all(connection)
    .await
    .doing("reading masks")
}

/// An act's words can be read in every version of its bulletin.
pub(crate) async fn withholds(
    connection: &mut Connection,
    document: Sha256,
) -> Result<bool, StoreError> {
    let count: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM masks JOIN acts ON acts.id = masks.act_id \
         WHERE NOT masks.keeps_pdf AND (acts.document_sha256 = $1 OR EXISTS \
         (SELECT 1 FROM fetches f WHERE f.bulletin_id = acts.bulletin_id \
          AND f.document_sha256 = $1))",
    )
    .bind(document.to_string())
    .fetch_one(connection)
    .await
    .doing("reading masks")?;
    Ok(count > 0)
}
