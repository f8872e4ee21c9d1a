//! Writing the acts of a bulletin: those found in place of those there, and what hangs on them. A single
//! row is `act_row.rs`.

use chrono::{DateTime, Utc};
use guetteur_model::{ActId, Facts, Flag, Sha256, Stage};
use sqlx::types::Json;

use super::act_row::{Existing, Step, Writing, mark_removed, step, write_act};
use super::revisions::next_revisions;
use super::{Connection, alerts, claims, flags, links, pdf_changes, repeats, reviews};
use crate::act_identity::{Known, match_acts};
use crate::act_records::numbers;
use crate::error::Doing;
use crate::prepared_act::PreparedAct;
use crate::rows::number;
use crate::{BulletinRow, ClaimedBulletin, FlagSummary, StoreError};

/// Stores the acts in place of those there and marks the bulletin flagged.
pub(crate) async fn complete_flag(
    connection: &mut Connection,
    claim: &ClaimedBulletin,
    acts: &[PreparedAct<'_>],
    outside_pages: &[u32],
    rules_version: &str,
    now: DateTime<Utc>,
) -> Result<FlagSummary, StoreError> {
    let bulletin = claim.bulletin.id.0;
    let document = claims::settle(connection, claim).await?;
    let document = document.ok_or(StoreError::WrongStage {
        bulletin,
        stage: Stage::Flagged,
        reason: "it has no document",
    })?;
    let source = &claim.bulletin.source;
    let writing = Writing { bulletin, source, document, rules_version, now };
    let (summary, reviewed) = write_acts(connection, &writing, acts).await?;
    let acts = reviewed.as_deref().unwrap_or(acts);
    alerts::settle_all(connection, bulletin, document, &numbers(&summary.ids), acts, now).await?;
    // Where the list gave no day, the acts have that of the cover.
    let published_on_cover = acts.iter().find_map(|act| act.published_on);
    // The site may have corrected the day of publication while the acts were cut: once more then.
    // Where pages await OCR, it goes back to them.
    sqlx::query(
        "UPDATE bulletins SET outside_pages = $2, rules_version = $3, stage_at = $4, \
         stage = CASE WHEN published_on IS DISTINCT FROM $5 THEN 'read' \
         WHEN ocr_rank > 0 THEN 'fetched' ELSE 'flagged' END, \
         published_on = COALESCE(published_on, $6) WHERE id = $1",
    )
    .bind(bulletin)
    .bind(Json(outside_pages))
    .bind(rules_version)
    .bind(now)
    .bind(claim.bulletin.published_on)
    .bind(published_on_cover)
    .execute(connection)
    .await
    .doing("marking a bulletin flagged")?;
    Ok(summary)
}

/// Stores acts told from the sommaire, unless the bulletin knows better by now; gives the ids of
/// those that raise an alert.
pub(crate) async fn raise_alerts(
    connection: &mut Connection,
    bulletin: &BulletinRow,
    document: Sha256,
    acts: &[PreparedAct<'_>],
    rules_version: &str,
    now: DateTime<Utc>,
) -> Result<Vec<i64>, StoreError> {
    if !alerts::may_raise(connection, bulletin.id.0, document).await? {
        return Ok(Vec::new());
    }
    let source = &bulletin.source;
    let writing = Writing { bulletin: bulletin.id.0, source, document, rules_version, now };
    let (summary, reviewed) = write_acts(connection, &writing, acts).await?;
    let acts = reviewed.as_deref().unwrap_or(acts);
    let told = numbers(&summary.ids).into_iter().zip(acts).filter(|(_, act)| !act.flags.is_empty());
    let told: Vec<_> = told.collect();
    alerts::raise(connection, bulletin.id.0, &told, now).await?;
    Ok(told.into_iter().map(|(id, _)| id).collect())
}

async fn existing_acts(
    connection: &mut Connection,
    bulletin: i64,
) -> Result<Vec<Existing>, StoreError> {
    sqlx::query_as(
        "SELECT id, act_key, number, title, page_from, position, document_sha256, \
         content_sha256, removed_at IS NOT NULL AS removed \
         FROM acts WHERE bulletin_id = $1 ORDER BY id",
    )
    .bind(bulletin)
    .fetch_all(connection)
    .await
    .doing("reading the acts of a bulletin")
}

/// What was written, and the acts as reviews changed them; `None` when none was reviewed.
type Written<'a> = (FlagSummary, Option<Vec<PreparedAct<'a>>>);

async fn write_acts<'a>(
    connection: &mut Connection,
    writing: &Writing<'_>,
    acts: &[PreparedAct<'a>],
) -> Result<Written<'a>, StoreError> {
    let existing = existing_acts(connection, writing.bulletin).await?;
    let matched = match_existing(&existing, acts)?;
    let there: Vec<Option<i64>> =
        matched.iter().map(|index| index.map(|index| existing[index].id)).collect();
    let reviewed = reviews::applied(connection, &there, acts).await?;
    let acts = reviewed.as_deref().unwrap_or(acts);
    let document = writing.document.to_string();
    let steps: Vec<Step<'_>> = acts
        .iter()
        .zip(&matched)
        .map(|(act, index)| step(&existing, *index, act, &document))
        .collect();
    let removed: Vec<i64> = existing
        .iter()
        .enumerate()
        .filter(|(i, old)| !old.removed && !matched.contains(&Some(*i)))
        .map(|(_, old)| old.id)
        .collect();
    let births = flags::births(connection, writing.bulletin).await?;
    let mut same = repeats::same_keys(connection, writing.bulletin).await?;
    for (act, step) in acts.iter().zip(&steps) {
        if let Step::Change(old) = step
            && !old.removed
            && old.document_sha256 != document
        {
            pdf_changes::note(connection, old.id, act, &births, writing.now).await?;
        }
    }
    free_keys(connection, &steps, acts).await?;
    let written = steps.iter().filter(|step| !matches!(step, Step::Keep(_))).count();
    let mut revision = next_revisions(connection, written + removed.len()).await?;

    let mut summary = FlagSummary::default();
    for (act, step) in acts.iter().zip(&steps) {
        let id = ActId(write_act(connection, writing, act, step, revision).await?);
        summary.ids.push(id);
        match step {
            Step::Add => summary.added.push(id),
            Step::Change(old) if old.removed => summary.added.push(id),
            Step::Change(_) => summary.changed.push(id),
            Step::Move(_) | Step::Keep(_) => summary.unchanged += 1,
        }
        revision += i64::from(!matches!(step, Step::Keep(_)));
    }
    let ids = numbers(&summary.ids);
    let rewritten = ids.iter().zip(acts).zip(&steps);
    let rewritten: Vec<(i64, &PreparedAct<'_>)> = rewritten
        .filter(|(_, step)| matches!(step, Step::Add | Step::Change(_)))
        .map(|((id, act), _)| (*id, act))
        .collect();
    summary.rules = flags::changes(&births, &rewritten, &removed);
    let told: Vec<(i64, &[Flag])> = rewritten.iter().map(|(id, act)| (*id, &*act.flags)).collect();
    flags::replace(connection, &told, &births, writing.rules_version, writing.now).await?;
    let facts: Vec<(i64, &Facts)> = rewritten.iter().map(|(id, act)| (*id, &*act.facts)).collect();
    flags::replace_communes(connection, &facts).await?;
    let known_by = ids.iter().zip(acts).map(|(id, act)| (*id, act.identity));
    let known_by: Vec<_> = known_by.collect();
    links::replace(connection, writing.bulletin, writing.source, &known_by).await?;
    for id in &removed {
        mark_removed(connection, *id, revision, writing.now).await?;
        revision += 1;
    }
    summary.removed = removed.into_iter().map(ActId).collect();
    same.extend(repeats::same_keys(connection, writing.bulletin).await?);
    repeats::elect(connection, writing.source, &same).await?;
    Ok((summary, reviewed))
}

fn match_existing(
    existing: &[Existing],
    acts: &[PreparedAct<'_>],
) -> Result<Vec<Option<usize>>, StoreError> {
    let known = existing
        .iter()
        .map(|old| {
            Ok(Known {
                key: old.act_key.clone(),
                number: old.number.clone(),
                title: old.title.clone(),
                page_from: number("acts.page_from", old.page_from)?,
                removed: old.removed,
            })
        })
        .collect::<Result<Vec<_>, StoreError>>()?;
    let keys: Vec<String> = acts.iter().map(|act| act.key.clone()).collect();
    let acts: Vec<_> = acts.iter().map(|act| &*act.act).collect();
    Ok(match_acts(&known, &acts, &keys))
}

/// Acts may exchange keys: those that change theirs let go of it first.
async fn free_keys(
    connection: &mut Connection,
    steps: &[Step<'_>],
    acts: &[PreparedAct<'_>],
) -> Result<(), StoreError> {
    for (step, act) in steps.iter().zip(acts) {
        if let Step::Change(old) | Step::Move(old) = step
            && old.act_key != act.key
        {
            sqlx::query("UPDATE acts SET act_key = $2 WHERE id = $1")
                .bind(old.id)
                .bind(format!("~{}", old.id))
                .execute(&mut *connection)
                .await
                .doing("renaming an act")?;
        }
    }
    Ok(())
}

/// Marks all acts of a bulletin removed.
pub(super) async fn remove_acts(
    connection: &mut Connection,
    bulletin: i64,
    source: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let ids = live_acts(connection, bulletin).await?;
    let mut revision = next_revisions(connection, ids.len()).await?;
    for id in ids {
        mark_removed(connection, id, revision, now).await?;
        revision += 1;
    }
    let same = repeats::same_keys(connection, bulletin).await?;
    repeats::elect(connection, source, &same).await
}

/// Gives the acts of a bulletin new revisions, so that the index takes them again.
pub(super) async fn touch_acts(
    connection: &mut Connection,
    bulletin: i64,
) -> Result<(), StoreError> {
    let ids = live_acts(connection, bulletin).await?;
    let mut revision = next_revisions(connection, ids.len()).await?;
    for id in ids {
        sqlx::query("UPDATE acts SET revision = $2 WHERE id = $1")
            .bind(id)
            .bind(revision)
            .execute(&mut *connection)
            .await
            .doing("numbering changes")?;
        revision += 1;
    }
    Ok(())
}

async fn live_acts(connection: &mut Connection, bulletin: i64) -> Result<Vec<i64>, StoreError> {
    sqlx::query_scalar(
        "SELECT id FROM acts WHERE bulletin_id = $1 AND removed_at IS NULL ORDER BY id",
    )
    .bind(bulletin)
    .fetch_all(connection)
    .await
    .doing("reading the acts of a bulletin")
}
