//! What a PDF holds and does not show, from the file to the operator's page: kept apart, told to no
//! one else.

use std::sync::Arc;
use std::time::Duration;

use guetteur::pipeline::{Events, Rechecks, Workers};
use guetteur_model::{BulletinLink, Stage};
use guetteur_store::{FetchRecord, Store};
use guetteur_testkit::pdf::{Font, PageSpec, PdfBuilder};
use tempfile::TempDir;

use crate::support::app::{MovedClock, open_with};
use crate::support::own_sites;

/// A page with a line on it and another beyond its right edge.
fn pdf() -> Vec<u8> {
    let page = PageSpec::a4()
        .text(72.0, 100.0, Font::Serif, 12.0, "Arrêté portant autorisation de captation d’images")
        .text(900.0, 120.0, Font::Serif, 12.0, "au bénéfice de Jeanne Delta");
    PdfBuilder::new().page(page).build()
}

async fn publish(store: &Store, app: &guetteur::app::App) {
    let (bytes, now) = (pdf(), app.clock.now());
    let url = "https://www.herault.gouv.fr/cache.pdf".to_owned();
    let link = BulletinLink {
        url: url.clone(),
        title: "Recueil 12".to_owned(),
        published_on: Some(now.date_naive()),
        number: None,
        series: None,
        via: "/raa".to_owned(),
    };
    store.record_found("34", &[link], now).await.expect("found");
    let lease = Duration::from_secs(60);
    let claim = store.claim(&[Stage::Found], None, "test", now, lease).await.expect("claim");
    let fetch = FetchRecord {
        sha256: app.archive.keep(&bytes).await.expect("kept"),
        size_bytes: bytes.len() as u64,
        final_url: url,
        http_status: 200,
        etag: None,
        last_modified: None,
    };
    store.complete_fetch(&claim.expect("found"), &fetch, now).await.expect("fetched");
}

#[tokio::test(flavor = "multi_thread")]
async fn words_beyond_the_page_are_kept_for_the_operator_alone() {
    let (sites, dir) = (own_sites(), TempDir::new().expect("dir"));
    let clock = MovedClock::at("2026-08-28T08:00:00Z");
    let app = open_with(&sites, &dir, clock, |_| {}).await;
    publish(&app.store, &app).await;
    let (events, _told) = Events::channel();
    let workers = Workers::start(Arc::clone(&app), "test", None, events, Rechecks::Now);
    workers.drained().await.expect("worked off");
    workers.stop().await;

    let concealing = app.store.concealing_documents(10).await.expect("listed");
    assert_eq!(concealing.len(), 1);
    assert_eq!((concealing[0].pages.as_slice(), concealing[0].words), ([1].as_slice(), 5));
    let pages = app.store.pages(concealing[0].sha256).await.expect("pages");
    assert!(pages[0].text.contains("captation"), "{}", pages[0].text);
    assert!(!pages[0].text.contains("Delta"), "{}", pages[0].text);
}
