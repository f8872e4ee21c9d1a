//! Writing acts: `acts`, what hangs on them, and the counter of revisions.

use chrono::{DateTime, Utc};
use guetteur_model::{ActId, Facts, Flag, Sha256, Stage};
use sqlx::types::Json;

use super::{Connection, alerts, claims, flags, links, pdf_changes, repeats, reviews};
use crate::act_identity::{Known, match_acts};
use crate::act_records::numbers;
use crate::clean::clean;
use crate::error::Doing;
use crate::from_row::from_row;
use crate::prepared_act::PreparedAct;
use crate::rows::number;
use crate::{BulletinRow, ClaimedBulletin, FlagSummary, StoreError};

/// What one bulletin's acts are written with.
struct Writing<'a> {
    bulletin: i64,
    source: &'a str,
    document: Sha256,
    rules_version: &'a str,
    now: DateTime<Utc>,
}

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
pub(crate) async fn announce(
    connection: &mut Connection,
    bulletin: &BulletinRow,
    document: Sha256,
    acts: &[PreparedAct<'_>],
    rules_version: &str,
    now: DateTime<Utc>,
) -> Result<Vec<i64>, StoreError> {
    if !alerts::may_announce(connection, bulletin.id.0, document).await? {
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

struct Existing {
    id: i64,
    act_key: String,
    number: Option<String>,
    title: String,
    page_from: i64,
    position: i64,
    document_sha256: String,
    content_sha256: String,
    removed: bool,
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

/// What becomes of one new act.
enum Step<'e> {
    Add,
    /// Content changed, or it was removed and comes back.
    Change(&'e Existing),
    /// Only its place, key or document changed: the index must know, feeds need not.
    Move(&'e Existing),
    Keep(&'e Existing),
}

fn step<'e>(
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

/// Gives the first of `count` numbers. The counter's row stays locked until the commit: numbers
/// become visible in their order, and a reader that goes on from the last one misses none.
pub(super) async fn next_revisions(
    connection: &mut Connection,
    count: usize,
) -> Result<i64, StoreError> {
    if count == 0 {
        return Ok(0);
    }
    let last: i64 = sqlx::query_scalar(
        "UPDATE counters SET value = value + $1 WHERE name = 'act_revision' RETURNING value",
    )
    .bind(count as i64)
    .fetch_one(connection)
    .await
    .doing("numbering changes")?;
    Ok(last - count as i64 + 1)
}

async fn write_act(
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

async fn mark_removed(
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

/// Gives one act a new revision and tells its readers that it changed.
pub(super) async fn announce_change(
    connection: &mut Connection,
    act: i64,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let revision = next_revisions(connection, 1).await?;
    sqlx::query("UPDATE acts SET revision = $2, updated_at = $3 WHERE id = $1")
        .bind(act)
        .bind(revision)
        .bind(now)
        .execute(connection)
        .await
        .doing("numbering changes")?;
    Ok(())
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
