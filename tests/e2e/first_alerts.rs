//! From a new line on a list to an alert, before a single page is recognised.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use guetteur::app::App;
use guetteur::pipeline::{Event, Events, Rechecks, Workers, discover_source, look_at};
use guetteur_fetch::Conditional;
use guetteur_model::{BulletinId, BulletinLink, Clock, Level, Stage};
use guetteur_sources::normalise;
use guetteur_store::{AlertState, FetchRecord};
use guetteur_testkit::corpus::{ActTruth, BulletinTruth, FileTruth, Layout};
use guetteur_testkit::sites::{Fault, Markup, PageSpec, SiteSpec, render};

use tokio::sync::mpsc::UnboundedReceiver;

use crate::support::app::{MovedClock, open};
use crate::support::{Sites, own_sites};

/// A bulletin of scans with something to alert about, linked straight from a list; its page.
struct Chosen {
    site: SiteSpec,
    page: PageSpec,
    url: String,
    truth: BulletinTruth,
}

fn choose(sites: &Sites) -> Chosen {
    let truth = sites.bundle.demo.truth().expect("truth");
    let mut best: Option<Chosen> = None;
    for site in sites.bundle.sites.sites() {
        for bulletin in &site.bulletins {
            let url = normalise(&bulletin.url).expect("address").to_string();
            let Some(FileTruth::Bulletin(told)) = truth.get(&url) else { continue };
            let alerts = told.acts.iter().any(watched);
            let announced = told.layout == Layout::National && told.medium.is_scan();
            let page = site.pages.iter().find(|page| {
                let linked = page.blocks.iter().any(|block| links(block.href.as_deref(), &url));
                page.path == bulletin.via && linked
            });
            let more = best.as_ref().is_none_or(|b| told.ocr_pages.len() > b.truth.ocr_pages.len());
            if let Some(page) = page.filter(|_| alerts && announced && more) {
                let (site, page) = (site.clone(), page.clone());
                best = Some(Chosen { site, page, url, truth: told.clone() });
            }
        }
    }
    best.expect("such a bulletin")
}

/// Something to alert about, that the title says.
fn watched(act: &ActTruth) -> bool {
    !act.to_check && act.flags.iter().any(|flag| flag.level.alerts())
}

fn links(href: Option<&str>, url: &str) -> bool {
    href.is_some_and(|href| url.ends_with(href.rsplit('/').next().unwrap_or(href)))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_bulletin_is_alerted_from_its_sommaire_then_confirmed() {
    let sites = own_sites();
    let Chosen { site, page, url, truth } = choose(&sites);
    let published = truth.published_on;
    let clock = MovedClock::at(&format!("{published}T08:00:00Z"));
    let dir = tempfile::tempdir().expect("dir");
    let app = open(&sites, &dir, Arc::clone(&clock)).await;
    let source = app.sources(std::slice::from_ref(&site.code)).expect("source").remove(0);

    // The list as it was before.
    let mut before = page.clone();
    before.blocks.retain(|block| !links(block.href.as_deref(), &url));
    let html = render(&site, &before, Markup::default()).into_bytes();
    let address = format!("{}{}", site.base, page.path);
    let body = Fault::Body("text/html; charset=utf-8".to_owned(), html);
    sites.bundle.sites.set_fault(&address, Some(body));
    let (events, told) = Events::channel();
    discover_source(&app, &source, None, true, &events).await;
    assert!(app.store.bulletin_by_url(&url).await.expect("read").is_none(), "not there yet");
    let lists = app.store.newest_lists(Some(&source.code)).await.expect("lists");
    assert!(!lists.is_empty(), "where to look is known");
    for _ in &lists {
        look_at(&app, &source, &events).await.expect("first look");
    }
    let asked = app.client.requests();
    look_at(&app, &source, &events).await.expect("look");
    assert_eq!(app.client.requests() - asked, 1, "nothing new costs one request");

    sites.bundle.sites.set_fault(&address, None);
    clock.pass(TimeDelta::minutes(15));
    look_at(&app, &source, &events).await.expect("look");
    let found = app.store.bulletin_by_url(&url).await.expect("read").expect("found by the look");
    assert_eq!(found.first_seen_at, clock.now());
    assert_eq!(found.published_on.unwrap_or(published), published);

    told_once_then_confirmed(&app, (events, told), found.id, &truth).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_comes_before_the_first_word_says_it() {
    let sites = own_sites();
    let Chosen { site, url, truth, .. } = choose(&sites);
    let clock = MovedClock::at(&format!("{}T08:00:00Z", truth.published_on));
    let dir = tempfile::tempdir().expect("dir");
    let app = open(&sites, &dir, Arc::clone(&clock)).await;
    let link = BulletinLink {
        url: url.clone(),
        title: "Recueil".to_owned(),
        number: None,
        series: None,
        published_on: Some(truth.published_on),
        via: site.base.clone(),
    };
    app.store.record_found(&site.code, &[link], clock.now()).await.expect("recorded");
    let lease = Duration::from_secs(60);
    let claim = app.store.claim(&[Stage::Found], None, "killed", clock.now(), lease).await;
    let claim = claim.expect("claim").expect("the bulletin");
    let address = url.parse().expect("address");
    let answer = app.client.download(&address, None, &app.archive).await.expect("download");
    let Conditional::Got(download) = answer else { panic!("no condition was sent") };
    let record = FetchRecord {
        sha256: download.sha256,
        size_bytes: download.size,
        final_url: url,
        http_status: download.status,
        etag: None,
        last_modified: None,
    };
    app.store.complete_fetch(&claim, &record, clock.now()).await.expect("fetched");

    told_once_then_confirmed(&app, Events::channel(), claim.bulletin.id, &truth).await;
}

/// Works everything off: one first alert, which the reading confirms.
async fn told_once_then_confirmed(
    app: &Arc<App>,
    (events, mut told): (Events, UnboundedReceiver<Event>),
    bulletin: BulletinId,
    truth: &BulletinTruth,
) {
    let workers = Workers::start(Arc::clone(app), "test", None, events, Rechecks::Now);
    workers.drained().await.expect("worked off");
    workers.stop().await;
    let row = app.store.bulletin(bulletin).await.expect("read").expect("there");
    let mut order = Vec::new();
    while let Ok(event) = told.try_recv() {
        match event {
            Event::AlertsRaised { url, alerts, .. } if url == row.url => {
                order.push(("told", alerts));
            }
            Event::Page { ocr: true, .. } => order.push(("page", 0)),
            _ => {}
        }
    }
    let acts = app.store.acts_of_bulletin(bulletin).await.expect("acts");
    let settled: Vec<_> = acts
        .iter()
        .filter_map(|act| Some((act.act.title.as_str(), act.alert.as_ref()?.state)))
        .collect();
    assert_eq!(order.iter().filter(|(what, _)| *what == "told").count(), 1, "{order:?}");
    for act in truth.acts.iter().filter(|act| watched(act)) {
        let found =
            acts.iter().find(|r| r.act.number.as_ref() == Some(&act.number)).expect("the act");
        let alert = found.alert.as_ref().expect("announced before it was read");
        assert_eq!(alert.state, AlertState::Confirmed, "{settled:?}");
        assert!(alert.content.flags.iter().any(|f| f.level == Level::Authorises));
    }
}
