//! First alerts: the acts of a fresh bulletin, told from what its PDF itself says (sommaire,
//! divider pages, footers), minutes before its scans are read. The full reading settles them.

use std::sync::Arc;

use anyhow::Result;
use chrono::TimeDelta;
use guetteur_model::{Page, Sha256};
use guetteur_store::{AnalysedAct, BulletinRow};

use super::flag::context;
use crate::analysis::{Analysis, analyse_sommaire, analysis_version};
use crate::app::App;

/// Older bulletins wait for their reading: an alert about them is late anyway.
const FRESH: TimeDelta = TimeDelta::days(7);

/// Tells the acts of `bulletin`, whose PDF has just come. Gives how many raised an alert.
///
/// # Errors
/// When the database fails. A PDF that cannot be read is left to the reading, which says why.
pub(super) async fn raise(app: &App, bulletin: &BulletinRow) -> Result<usize> {
    let Some(document) = bulletin.document else { return Ok(0) };
    if !is_fresh(app, bulletin) {
        return Ok(0);
    }
    let pdf = match app.archive.file(document).await {
        Ok(pdf) => pdf,
        Err(error) => {
            tracing::warn!(%error, "its own text cannot be looked through");
            return Ok(0);
        }
    };
    let (reader, mut pages) = (app.reader(1), Vec::new());
    let read = reader.read_text_only(pdf.path(), |page, _| pages.push(page.clone())).await;
    if let Err(error) = read {
        tracing::info!(%error, "its own text cannot be looked through");
        return Ok(0);
    }
    let told = announced(app, bulletin, pages).await?;
    tell(app, bulletin, document, &told.acts).await
}

/// Raises the first alerts about a fresh bulletin whose sommaire announces `acts`, unless somebody
/// did before, or its acts are there already. Gives how many.
///
/// # Errors
/// When the database fails.
pub(super) async fn tell(
    app: &App,
    bulletin: &BulletinRow,
    document: Sha256,
    acts: &[AnalysedAct],
) -> Result<usize> {
    if !is_fresh(app, bulletin) {
        return Ok(0);
    }
    let (version, now) = (analysis_version(&app.rules, &app.law), app.clock.now());
    Ok(app.store.raise_alerts(bulletin.id, document, acts, &version, now).await?.len())
}

fn is_fresh(app: &App, bulletin: &BulletinRow) -> bool {
    let today = app.clock.now().date_naive();
    bulletin.published_on.is_none_or(|day| today - day <= FRESH)
}

/// What the sommaire, the divider pages and the footers among `pages` announce.
pub(super) async fn announced(
    app: &App,
    bulletin: &BulletinRow,
    pages: Vec<Page>,
) -> Result<Analysis> {
    let source = app.registry.get(&bulletin.source).ok().cloned();
    let (rules, law, row) = (Arc::clone(&app.rules), Arc::clone(&app.law), bulletin.clone());
    let told = tokio::task::spawn_blocking(move || {
        analyse_sommaire(&pages, &context(&row, source.as_ref()), &rules, &law)
    });
    Ok(told.await?)
}
