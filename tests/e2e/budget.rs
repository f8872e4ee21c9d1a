//! A machine that may recognise few pages a day reads the rest of the text all the same.

use std::sync::Arc;

use chrono::TimeDelta;
use guetteur::app::App;
use guetteur::pipeline::{Events, Rechecks, Workers, discover_source};
use guetteur_model::Stage;
use guetteur_testkit::corpus::FileTruth;

use crate::support::app::{MovedClock, open_with};
use crate::support::own_sites;

async fn work(app: &Arc<App>) {
    let (events, _) = Events::channel();
    let workers = Workers::start(Arc::clone(app), "test", None, events, Rechecks::Now);
    workers.drained().await.expect("worked off");
    workers.stop().await;
}

/// Bulletins that are done, and those put off by the budget.
async fn standing(app: &App) -> (usize, usize) {
    let rows = app.store.list_bulletins(&Default::default(), 1_000, 0).await.expect("rows");
    let done = rows.iter().filter(|row| row.stage == Stage::Flagged).count();
    let put_off = rows.iter().filter(|row| {
        let why = row.last_error.as_deref().unwrap_or_default();
        row.stage == Stage::Fetched && why.contains("budget du jour") && row.attempts == 0
    });
    (done, put_off.count())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_over_the_budget_of_ocr_waits_for_tomorrow() {
    let sites = own_sites();
    // Sources with scans, until a few documents need OCR.
    let truth = sites.bundle.demo.truth().expect("truth");
    let needs_ocr = |url: &str| match truth.get(url) {
        Some(FileTruth::Bulletin(told)) => !told.ocr_pages.is_empty(),
        _ => false,
    };
    let with_scans = sites.bundle.sites.sites().iter().filter(|site| {
        let url = |raw: &str| guetteur_sources::normalise(raw).expect("address").to_string();
        site.bulletins.iter().any(|bulletin| needs_ocr(&url(&bulletin.url)))
    });
    let codes: Vec<String> = with_scans.map(|site| site.code.clone()).take(5).collect();

    let clock = MovedClock::at("2026-08-28T08:00:00Z");
    let dir = tempfile::tempdir().expect("dir");
    let one = |config: &mut guetteur::config::Config| config.read.ocr_pages_per_day = 1;
    let app = open_with(&sites, &dir, Arc::clone(&clock), one).await;
    let (events, _) = Events::channel();
    for source in app.sources(&codes).expect("sources") {
        discover_source(&app, &source, None, true, &events).await;
    }
    work(&app).await;
    let (done, put_off) = standing(&app).await;
    assert!(done > 0 && put_off > 0, "{done} done, {put_off} put off");

    clock.pass(TimeDelta::days(1));
    work(&app).await;
    let (later, fewer) = standing(&app).await;
    assert!(later > done && fewer < put_off, "{later} done, {fewer} put off");
}
