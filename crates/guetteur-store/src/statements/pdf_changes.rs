//! Whether a new version of its PDF changed what is said of an act: column `acts.pdf_changes`.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use guetteur_model::{Facts, Sha256};
use sqlx::types::Json;

use super::Connection;
use super::flags::Births;
use crate::error::Doing;
use crate::prepared_act::PreparedAct;
use crate::rows::{category, parse, sha256};
use crate::{AlertState, PdfChange, StoreError};

type Row = (String, Json<Facts>, Option<Json<Vec<PdfChange>>>, Option<String>, String);

/// Notes that `act`, read from another PDF than before, now says something else than the row `id`,
/// which still is as it was. A first alert that awaits its reading is settled by it: no change.
pub(super) async fn note(
    connection: &mut Connection,
    id: i64,
    act: &PreparedAct<'_>,
    births: &Births,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let (title, Json(facts), changes, alert, former): Row = sqlx::query_as(
        "SELECT title, facts, pdf_changes, alert, document_sha256 FROM acts WHERE id = $1",
    )
    .bind(id)
    .fetch_one(&mut *connection)
    .await
    .doing("reading an act")?;
    let before: BTreeSet<(&str, &str)> =
        births.keys().filter(|key| key.0 == id).map(|key| (&*key.1, &*key.2)).collect();
    let flags = act.flags.iter().map(|flag| (flag.category.as_str(), flag.level.as_str()));
    let same = before == flags.collect()
        && words(&title) == words(&act.act.title)
        && substance(&facts) == substance(&act.facts);
    if same || alert.as_deref() == Some(AlertState::ToConfirm.as_str()) {
        return Ok(());
    }
    let former: Sha256 = sha256("acts.document_sha256", &former)?;
    let flags = before.into_iter().map(|(id, level)| Ok((category(id)?, parse("level", level)?)));
    let flags = flags.collect::<Result<Vec<_>, StoreError>>()?;
    let mut changes = changes.map(|changes| changes.0).unwrap_or_default();
    changes.push(PdfChange { at: now, former, flags });
    sqlx::query("UPDATE acts SET pdf_changes = $2 WHERE id = $1")
        .bind(id)
        .bind(Json(changes))
        .execute(connection)
        .await
        .doing("noting that an act changed with its PDF")?;
    Ok(())
}

fn words(title: &str) -> String {
    guetteur_model::fold::fold(title).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What the facts say, without where it was read: that moves with every page.
fn substance(facts: &Facts) -> Facts {
    Facts {
        evidence: BTreeMap::new(),
        traces: BTreeMap::new(),
        legal_doubts: Vec::new(),
        ..facts.clone()
    }
}
