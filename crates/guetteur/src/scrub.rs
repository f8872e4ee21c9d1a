//! The slow check of the archive inside `guetteur watch`: each document is hashed once a month, a few
//! a minute. What is damaged is noted, told, and asked for again where the site still has it.

use anyhow::Result;
use chrono::TimeDelta;
use guetteur_model::Sha256;
use guetteur_store::{Damage, HeldDocument, ScrubKind};

use crate::app::{self, App, Sight};
use crate::verify::{Standing, look};

/// All of the archive is checked in so long.
const ROUND: TimeDelta = TimeDelta::days(30);
/// What is damaged is looked at, and asked for, again after so long.
const AGAIN: TimeDelta = TimeDelta::hours(6);

/// Checks as many documents as are due within a `step`. Several processes share the work; two that
/// begin at once check the same few.
///
/// # Errors
/// When the database fails, or the archive cannot be asked.
pub async fn scrub(app: &App, step: TimeDelta) -> Result<()> {
    let (store, now) = (&app.store, app.clock.now());
    let at = store.scrub(ScrubKind::Slow).await?;
    let last = at.as_ref().and_then(|scrub| scrub.last);
    let rests = at.is_some_and(|scrub| scrub.last.is_none() && now - scrub.begun_at < ROUND);
    if rests {
        return Ok(());
    }
    let due = share(store.totals().await?.documents, step);
    let batch = store.documents_after(last, due).await?;
    if batch.is_empty() && last.is_none() {
        return Ok(());
    }
    if !batch.is_empty() && !is_there(app).await? {
        tracing::error!("this is not the archive of the database: is its disk mounted?");
        return Ok(());
    }
    let checked = batch.len() as u64;
    let to = batch.last().map(|held| held.sha256);
    for held in batch {
        check(app, held).await?;
    }
    // Only now: what a stop or a fault leaves unread comes again with the next step.
    store.move_scrub(ScrubKind::Slow, last, to, checked, now).await?;
    Ok(())
}

/// Looks once more at what is damaged: its site, or the operator, may have given it back.
///
/// # Errors
/// As [`scrub`].
pub async fn look_at_damage(app: &App) -> Result<()> {
    let damaged = app.store.damaged_documents().await?;
    if damaged.is_empty() || !is_there(app).await? {
        return Ok(());
    }
    for document in damaged {
        check(app, HeldDocument { sha256: document.sha256, bulletin: document.bulletin }).await?;
    }
    Ok(())
}

/// How often [`look_at_damage`] is worth it.
#[must_use]
pub fn damage_is_looked_at_every() -> TimeDelta {
    AGAIN
}

/// Documents to check in a step, so that all are within a month.
fn share(documents: u64, step: TimeDelta) -> u32 {
    let steps = (ROUND.num_seconds() / step.num_seconds().max(1)).max(1).unsigned_abs();
    u32::try_from(documents.div_ceil(steps)).unwrap_or(u32::MAX).max(1)
}

/// Whether this is the archive of the database: what another one lacks is no damage.
///
/// # Errors
/// As [`scrub`].
pub async fn is_there(app: &App) -> Result<bool> {
    match app::sight(&app.store, &app.archive).await? {
        Sight::Own => Ok(true),
        Sight::Foreign => Ok(false),
        Sight::Hidden(error) => Err(error.into()),
    }
}

async fn check(app: &App, held: HeldDocument) -> Result<()> {
    let looked = look(&app.archive, held).await?;
    note(app, looked.sha256, looked.standing).await
}

/// Notes how a document stands; damaged, it is asked for again.
///
/// # Errors
/// When the database fails.
pub async fn note(app: &App, sha256: Sha256, standing: Standing) -> Result<()> {
    let damage = match standing {
        Standing::Altered => Some(Damage::Altered),
        Standing::Missing => Some(Damage::Missing),
        Standing::Sound | Standing::Orphan => None,
    };
    let now = app.clock.now();
    app.store.note_damage(sha256, damage, now).await?;
    if let Some(damage) = damage {
        let asked = app.store.fetch_again(sha256, now).await?;
        tracing::error!(%sha256, damage = damage.as_str(), asked, "a PDF of the archive is damaged");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_is_checked_in_a_month() {
        let minute = TimeDelta::minutes(1);
        for (documents, expected) in [(0, 1), (1, 1), (43_200, 1), (43_201, 2), (1_000_000, 24)] {
            assert_eq!(share(documents, minute), expected, "{documents}");
        }
        assert_eq!(share(60, TimeDelta::days(1)), 2);
    }
}
