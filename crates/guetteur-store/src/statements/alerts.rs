//! First alerts, on the rows of `acts`.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use guetteur_model::Sha256;
use sqlx::types::Json;

use super::revisions::tell_readers;
use super::{Connection, recognition};
use crate::alerts::settle;
use crate::error::Doing;
use crate::prepared_act::PreparedAct;
use crate::{AlertContent, AlertState, StoreError, Turn};

/// Whether the bulletin waits to be read, holds `document`, and never had acts. Its row stays
/// locked until the commit, so that a reader that ends meanwhile comes after.
pub(super) async fn may_raise(
    connection: &mut Connection,
    bulletin: i64,
    document: Sha256,
) -> Result<bool, StoreError> {
    let result = sqlx::query(
        "UPDATE bulletins SET stage = stage WHERE id = $1 AND stage = 'fetched' \
         AND document_sha256 = $2 \
         AND NOT EXISTS (SELECT 1 FROM acts WHERE bulletin_id = $1)",
    )
    .bind(bulletin)
    .bind(document.to_string())
    .execute(connection)
    .await;
    Ok(result.doing("looking whether a bulletin is still to be read")?.rows_affected() == 1)
}

pub(super) async fn raise(
    connection: &mut Connection,
    bulletin: i64,
    acts: &[(i64, &PreparedAct<'_>)],
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    for (id, act) in acts {
        let content = AlertContent {
            title: act.act.title.clone(),
            flags: act.flags.to_vec(),
            turns: Vec::new(),
        };
        sqlx::query("UPDATE acts SET announced = $2, announced_at = $3, alert = $4 WHERE id = $1")
            .bind(id)
            .bind(Json(content))
            .bind(now)
            .bind(AlertState::ToConfirm.as_str())
            .execute(&mut *connection)
            .await
            .doing("raising an alert")?;
    }
    let awaited = acts.iter().any(|(_, act)| act.flags.iter().any(|flag| flag.level.alerts()));
    sqlx::query("UPDATE bulletins SET awaited = $2 WHERE id = $1")
        .bind(bulletin)
        .bind(awaited)
        .execute(connection)
        .await
        .doing("noting that a reading is awaited")?;
    Ok(())
}

/// Settles the alerts of a bulletin whose `acts`, of these `ids`, have been read. Those of acts with
/// pages that await OCR stand as they are; so do those of acts that such pages may still show.
pub(super) async fn settle_all(
    connection: &mut Connection,
    bulletin: i64,
    document: Sha256,
    ids: &[i64],
    acts: &[PreparedAct<'_>],
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let announced: Vec<(i64, Json<AlertContent>, String)> = sqlx::query_as(
        "SELECT id, announced, alert FROM acts WHERE bulletin_id = $1 AND announced IS NOT NULL",
    )
    .bind(bulletin)
    .fetch_all(&mut *connection)
    .await
    .doing("reading the alerts of a bulletin")?;
    let awaiting = recognition::awaiting_pages(connection, document).await?;
    let unread = |act: &PreparedAct<'_>| awaiting.iter().any(|page| act.act.pages.contains(*page));
    let read: HashMap<i64, &PreparedAct<'_>> = ids.iter().copied().zip(acts).collect();
    for (id, Json(mut content), before) in announced {
        let state = match read.get(&id) {
            Some(act) if unread(act) => continue,
            None if !awaiting.is_empty() => continue,
            Some(act) => settle(&content.flags, &act.flags),
            None if before == AlertState::ToConfirm.as_str() => AlertState::Withdrawn,
            // It was read once: that another version of the PDF lost it does not make it untrue.
            None => continue,
        };
        if state.as_str() != before {
            content.turns.push(Turn { state, at: now });
            sqlx::query("UPDATE acts SET alert = $2, announced = $3 WHERE id = $1")
                .bind(id)
                .bind(state.as_str())
                .bind(Json(content))
                .execute(&mut *connection)
                .await
                .doing("settling an alert")?;
            // Also where the act is what its alert said: its entry is not to be confirmed any more.
            tell_readers(connection, id, now).await?;
        }
    }
    Ok(())
}
