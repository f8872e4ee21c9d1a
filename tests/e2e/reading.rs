//! Nothing is read twice: not when a version of the reader is raised, not when the work is
//! interrupted; and what could not be recognised for want of tesseract is, once it is there.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use guetteur::app::App;
use guetteur::pipeline::{Event, Events, Rechecks, Workers, discover_source};
use guetteur_model::{
    Clock, Failure, FailureKind, Method, Page, ReaderVersions, Stage, SystemClock, TracedPage,
};
use guetteur_store::{BulletinFilter, DocumentStatus, OcrRank, ReadRecord};
use guetteur_testkit::corpus::FileTruth;
use guetteur_testkit::db::TestDatabase;
use guetteur_testkit::sites::SiteSpec;
use serde_json::Value;
use tempfile::TempDir;

use crate::support::app::{MovedClock, open_with};
use crate::support::{Sites, World, own_sites};

/// The source with the fewest scanned pages, of those that have a few.
fn code_with_scans(sites: &Sites) -> String {
    let truth = sites.bundle.demo.truth().expect("truth");
    let scans = |url: &str| {
        let url = guetteur_sources::normalise(url).expect("address").to_string();
        match truth.get(&url) {
            Some(FileTruth::Bulletin(told)) => told.ocr_pages.len(),
            _ => 0,
        }
    };
    let pages = |site: &SiteSpec| site.bulletins.iter().map(|b| scans(&b.url)).sum::<usize>();
    let few = sites.bundle.sites.sites().iter().filter(|site| pages(site) >= 3);
    few.min_by_key(|site| pages(site)).expect("such a source").code.clone()
}

/// An application on a database of its own, with the bulletins of one source discovered.
struct Library {
    sites: Sites,
    clock: Arc<MovedClock>,
    dir: TempDir,
    database: Option<String>,
    code: String,
    ocr_pages_per_day: u32,
}

impl Library {
    fn new(database: Option<String>) -> Self {
        let sites = own_sites();
        let code = code_with_scans(&sites);
        let clock = MovedClock::at("2026-08-28T08:00:00Z");
        let dir = tempfile::tempdir().expect("dir");
        Self { sites, clock, dir, database, code, ocr_pages_per_day: 0 }
    }

    async fn open(&self, versions: Option<ReaderVersions>) -> Arc<App> {
        let database = self.database.clone();
        let mut app = open_with(&self.sites, &self.dir, Arc::clone(&self.clock), |config| {
            config.read.ocr_pages_per_day = self.ocr_pages_per_day;
            if let Some(url) = database {
                config.database_url = Some(url.as_str().into());
            }
        })
        .await;
        if let Some(versions) = versions {
            Arc::get_mut(&mut app).expect("its only owner").reader_versions = versions;
        }
        app
    }

    async fn discover(&self, app: &App) {
        let (events, _) = Events::channel();
        let codes = std::slice::from_ref(&self.code);
        for source in app.sources(codes).expect("source") {
            discover_source(app, &source, None, true, &events).await;
        }
    }
}

/// Works all off; gives the pages whose own text was read, and those that were recognised.
async fn work(app: &Arc<App>) -> (usize, usize) {
    let (events, mut told) = Events::channel();
    let workers = Workers::start(Arc::clone(app), "test", None, events, Rechecks::Now);
    workers.drained().await.expect("worked off");
    workers.stop().await;
    let mut pages = (0, 0);
    while let Ok(event) = told.try_recv() {
        match event {
            Event::Page { ocr: false, .. } => pages.0 += 1,
            Event::Page { ocr: true, .. } => pages.1 += 1,
            _ => {}
        }
    }
    pages
}

async fn all_pages(app: &App) -> Vec<TracedPage> {
    let rows = app.store.list_bulletins(&BulletinFilter::default(), 1_000, 0).await.expect("rows");
    let mut pages = Vec::new();
    for row in rows.iter().filter(|row| row.duplicate_of.is_none()) {
        let Some(document) = row.document else { continue };
        pages.extend(app.store.traced_pages(document).await.expect("pages"));
    }
    pages
}

async fn raised_versions_re_read_what_they_had_a_say_in(database: Option<String>) {
    let library = Library::new(database);
    let app = library.open(None).await;
    library.discover(&app).await;
    let (text, ocr) = work(&app).await;
    let pages = all_pages(&app).await;
    let recognised = |page: &&TracedPage| matches!(page.page.method, Method::Ocr | Method::Both);
    assert_eq!(ocr, pages.iter().filter(recognised).count());
    assert!(text > 0 && ocr > 0, "{text} texts, {ocr} scans");
    let now = app.reader_versions;
    drop(app);

    // The OCR alone: all that was recognised, and no text.
    let ocr_raised = ReaderVersions { ocr: now.ocr + 1, ..now };
    let app = library.open(Some(ocr_raised)).await;
    let everything = BulletinFilter::default();
    assert_eq!(app.store.reset_for_reread(&everything, now).await.expect("reset"), 0);
    assert!(app.store.reset_for_reread(&everything, ocr_raised).await.expect("reset") > 0);
    assert_eq!(work(&app).await, (0, ocr));
    assert_eq!(app.store.reset_for_reread(&everything, ocr_raised).await.expect("reset"), 0);
    drop(app);

    // The text alone: what was recognised stays, but for pages where both had a say.
    let text_raised = ReaderVersions { text: now.text + 1, ..ocr_raised };
    let app = library.open(Some(text_raised)).await;
    assert!(app.store.reset_for_reread(&everything, text_raised).await.expect("reset") > 0);
    let both = pages.iter().filter(|page| page.origin.ocr.is_some() && page.origin.text.is_some());
    let (again, recognised) = work(&app).await;
    assert_eq!(recognised, both.count());
    assert!(again > 0 && again <= text, "{again} of {text} texts");
    let words = |pages: Vec<TracedPage>| {
        pages.into_iter().map(|traced| traced.page.text).collect::<Vec<_>>()
    };
    assert_eq!(words(all_pages(&app).await), words(pages));
    assert_eq!(work(&app).await, (0, 0), "and then nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_raised_version_re_reads_what_it_had_a_say_in_on_sqlite() {
    raised_versions_re_read_what_they_had_a_say_in(None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_raised_version_re_reads_what_it_had_a_say_in_on_postgres() {
    let database = TestDatabase::postgres();
    raised_versions_re_read_what_they_had_a_say_in(Some(database.url().to_owned())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interrupted_ocr_goes_on_at_the_next_page() {
    let library = Library::new(None);
    let app = library.open(None).await;
    library.discover(&app).await;
    // Stopped at each recognised page, as often as it takes: no page is recognised twice.
    let mut recognised = 0;
    for stops in 0.. {
        let (events, mut told) = Events::channel();
        let workers = Workers::start(Arc::clone(&app), "test", None, events, Rechecks::Now);
        let stopped = tokio::select! {
            done = workers.drained() => { done.expect("worked off"); false }
            () = async {
                while let Some(event) = told.recv().await {
                    if matches!(event, Event::Page { ocr: true, .. }) {
                        recognised += 1;
                        return;
                    }
                }
            } => true,
        };
        workers.stop().await;
        while let Ok(event) = told.try_recv() {
            recognised += usize::from(matches!(event, Event::Page { ocr: true, .. }));
        }
        if !stopped {
            assert!(stops > 1, "nothing was interrupted");
            break;
        }
    }
    let pages = all_pages(&app).await;
    let scans = pages.iter().filter(|p| matches!(p.page.method, Method::Ocr | Method::Both));
    assert_eq!(recognised, scans.count());
    assert!(pages.iter().all(|page| !page.origin.awaits_ocr()));
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_that_failed_are_mended_by_a_later_reading() {
    let library = Library::new(None);
    let app = library.open(None).await;
    library.discover(&app).await;
    work(&app).await;
    let (store, now) = (&app.store, app.reader_versions);
    let everything = BulletinFilter::default();
    let raised = ReaderVersions { ocr: now.ocr + 1, ..now };
    assert!(store.reset_for_reread(&everything, raised).await.expect("reset") > 0);
    let lease = Duration::from_secs(60);
    let claim = store.claim(&[Stage::Fetched], None, "test", library.clock.now(), lease).await;
    let claim = claim.expect("claim").expect("sent back");
    let document = claim.bulletin.document.expect("fetched");
    let mut pages = store.traced_pages(document).await.expect("pages");
    let mut failed = 0;
    for traced in pages.iter_mut().filter(|traced| traced.origin.ocr.is_some()) {
        traced.page.method = Method::Failed;
        failed += 1;
    }
    let record = ReadRecord {
        page_count: pages.len() as u32,
        pages,
        cut_short: false,
        note: None,
        reader_version: now.to_string(),
        ocr_rank: OcrRank::Nothing,
        hidden: None,
        times: None,
    };
    store.complete_read(&claim, &record, library.clock.now()).await.expect("read");
    let status = async || store.document(document).await.expect("read").expect("there").status;
    assert_eq!(work(&app).await, (0, 0), "nothing is tried again of itself");
    assert_eq!(status().await, DocumentStatus::Partial);

    assert_eq!(store.reset_for_reread(&everything, now).await.expect("reset"), 1);
    assert_eq!(work(&app).await, (0, failed));
    assert_eq!(status().await, DocumentStatus::Read);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_for_tesseract_is_recognised_once_it_is_there() {
    let sites = own_sites();
    let code = code_with_scans(&sites);
    let world = World::on(&sites.mirror);
    let mut without = world.command(&["crawl", "--full", &code]);
    let run = without.env("PATH", "/nonexistent").output().expect("run");
    let stderr = String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success() && stderr.contains("à reconnaître encore"), "{stderr}");

    let clock = MovedClock::at("2026-08-28T08:00:00Z");
    clock.pass(SystemClock.now() - clock.now());
    let app = open_with(&sites, &world.dir, clock, |_| {}).await;
    let rows = async || {
        let rows = app.store.list_bulletins(&BulletinFilter::default(), 1_000, 0).await;
        rows.expect("rows")
            .into_iter()
            .filter(|row| row.stage != Stage::Flagged)
            .collect::<Vec<_>>()
    };
    let waiting = rows().await;
    let says_why = |why: &Failure| {
        why.kind == FailureKind::Machine && why.detail.contains("apt install tesseract-ocr")
    };
    assert!(!waiting.is_empty());
    assert!(waiting.iter().any(|row| row.failure.as_ref().is_some_and(says_why)));
    for row in &waiting {
        assert_eq!((row.stage, row.attempts), (Stage::Fetched, 0), "no fault of the bulletin");
        assert!(row.awaits_ocr && row.next_attempt_at.is_none_or(|at| at <= app.clock.now()));
    }
    let queue = app.store.ocr_queue(app.reader_versions.ocr).await.expect("queue");
    assert_eq!(queue.bulletins, waiting.len() as u64);
    let doctor = world.command(&["doctor", "--json"]).env("PATH", "/nonexistent").output();
    let doctor = String::from_utf8(doctor.expect("run").stdout).expect("UTF-8");
    let findings = doctor.lines().map(|line| serde_json::from_str(line).expect("JSON"));
    let found = findings.filter(|found: &Value| found["ocr"].is_object()).collect::<Vec<_>>();
    assert_eq!(found.len(), 1, "{doctor}");
    assert_eq!((&found[0]["ok"], &found[0]["required"]), (&false.into(), &false.into()));
    assert_eq!(found[0]["ocr"]["pages_waiting"], queue.pages);
    assert_eq!(found[0]["ocr"]["pages_today"], 0);
    // A machine that has it takes them at once.
    let (_, recognised) = work(&app).await;
    assert_eq!(recognised as u64, queue.pages);
    assert!(rows().await.is_empty());
    let pages = all_pages(&app).await;
    assert!(pages.iter().all(|page| page.page.method != Method::Failed));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_over_the_budget_of_a_day_waits_for_the_next() {
    // One of its bulletins has a sommaire and three scans.
    let code = "66".to_owned();
    let library = Library { ocr_pages_per_day: 1, code, ..Library::new(None) };
    let app = library.open(None).await;
    library.discover(&app).await;
    let (text, mut recognised) = work(&app).await;
    assert_eq!(recognised, 1);
    assert!(text > 0, "what needs no OCR does not wait");
    drop(app);
    for day in 1.. {
        // A restart gives no new budget.
        let app = library.open(None).await;
        assert_eq!(work(&app).await.1, 0);
        let rows = app.store.list_bulletins(&BulletinFilter::default(), 1_000, 0).await;
        let rows = rows.expect("rows");
        let waiting: Vec<_> = rows.iter().filter(|row| row.stage != Stage::Flagged).collect();
        if waiting.is_empty() {
            assert!(day > 1);
            break;
        }
        for row in waiting {
            if let (Some(document), Some(_)) = (row.document, &row.rules_version) {
                let pages = app.store.pages(document).await.expect("pages");
                let known = app.store.traced_pages(document).await.expect("pages");
                let known: Vec<Page> = known.into_iter().map(|traced| traced.page).collect();
                assert_eq!(pages, known, "what is recognised is cut with what was before");
            }
            let kind = row.failure.as_ref().map(|failure| failure.kind);
            assert_eq!(kind, Some(FailureKind::Budget), "{row:?}");
            assert_eq!((row.stage, row.attempts), (Stage::Fetched, 0));
        }
        library.clock.pass(TimeDelta::days(1));
        let (_, today) = work(&app).await;
        assert_eq!(today, 1);
        recognised += today;
    }
    let app = library.open(None).await;
    let pages = all_pages(&app).await;
    let scans = pages.iter().filter(|p| matches!(p.page.method, Method::Ocr | Method::Both));
    assert_eq!(recognised, scans.count());
}
