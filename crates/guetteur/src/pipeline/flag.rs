//! Stage 3: pages to acts, facts and flags.

use std::sync::Arc;

use anyhow::Context;
use guetteur_acts::BulletinContext;
use guetteur_model::Source;
use guetteur_store::{BulletinRow, ClaimedBulletin, FlagSummary};

use crate::analysis::{Analysis, analyse_partly, analysis_version};
use crate::app::App;

/// Cuts and flags the stored pages of `bulletin`.
pub(super) async fn flag(app: &App, bulletin: &BulletinRow) -> anyhow::Result<Analysis> {
    let sha256 = bulletin.document.context("recueil lu sans document")?;
    let pages = app.store.pages(sha256).await?;
    let awaiting = app.store.awaiting_pages(sha256).await?;
    let source = app.registry.get(&bulletin.source).ok().cloned();
    let (rules, law) = (Arc::clone(&app.rules), Arc::clone(&app.law));
    let bulletin = bulletin.clone();
    let analysis = tokio::task::spawn_blocking(move || {
        analyse_partly(&pages, &awaiting, &context(&bulletin, source.as_ref()), &rules, &law)
    });
    Ok(analysis.await?)
}

/// What is known of a bulletin beside its pages.
pub(super) fn context<'a>(
    bulletin: &'a BulletinRow,
    source: Option<&'a Source>,
) -> BulletinContext<'a> {
    BulletinContext {
        title: &bulletin.title,
        source_name: source.map_or("", |source| &source.name),
        published_on: bulletin.published_on,
        timezone: source.map_or(chrono_tz::Europe::Paris, |source| source.timezone),
        departement: source.and_then(Source::departement),
    }
}

/// Stores acts, facts and flags.
pub(super) async fn store(
    app: &App,
    claim: &ClaimedBulletin,
    analysis: &Analysis,
) -> anyhow::Result<FlagSummary> {
    let version = analysis_version(&app.rules, &app.law);
    let summary = app
        .store
        .complete_flag(claim, &analysis.acts, &analysis.outside, &version, app.clock.now())
        .await?;
    Ok(summary)
}
