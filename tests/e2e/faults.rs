//! What goes wrong on sites, one fault after the other: the status shown, the requests sent, that
//! nothing stored is lost, that no other source is slowed, that the end of the fault is noticed.
//!
//! `docs/faults.md` is the table that this test writes (`make golden`) and checks.

use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use guetteur::app::App;
use guetteur::config::Config;
use guetteur::demo::serve;
use guetteur::pipeline::{Events, discover_source};
use guetteur_fetch::FetchError;
use guetteur_model::{Clock, FailureKind, Source};
use guetteur_publish::failure_words;
use guetteur_store::{BulletinFilter, BulletinRow, SourceFailure, SourceStatus};
use guetteur_testkit::sites::{Fault, SiteSet, SiteSpec};

const FAULTY: &str = "https://www.ardeche.gouv.fr";
const ROOT: &str = "/Publications/RAA";
const YEAR: &str = "/Publications/RAA/2026";
const MONTH: &str = "/Publications/RAA/2026/Aout";
/// Bulletins on each of the two sites.
const LISTED: usize = 12;

/// A site with a year, two months, six bulletins a month.
fn site(code: &str, base: &str) -> SiteSpec {
    let list = |month: u32, name: &str, first: usize| {
        let links: String = (first..first + 6)
            .map(|n| format!("<li><a href=\"/contenu/telechargement/{month}/{n}/file/raa-{n}.pdf\">RAA n°{n} du {n:02}/{month:02}/2026</a></li>"))
            .collect();
        serde_json::json!({"path": format!("{YEAR}/{name}"), "title": name, "h1": name,
            "blocks": [{"kind": "raw", "html": format!("<ul>{links}</ul>")}]})
    };
    let links = |texts: &[(&str, &str)]| -> String {
        texts.iter().map(|(path, text)| format!("<p><a href=\"{path}\">{text}</a></p>")).collect()
    };
    let page = |path: &str, title: &str, html: String| serde_json::json!({"path": path, "title": title, "h1": title, "blocks": [{"kind": "raw", "html": html}]});
    let months = [
        ("/Publications/RAA/2026/Aout", "Août 2026"),
        ("/Publications/RAA/2026/Juillet", "Juillet 2026"),
    ];
    let spec = serde_json::json!({
        "code": code, "base": base, "root": ROOT, "observed": "2026-08-20", "bulletins": [],
        "pages": [page(ROOT, "RAA", links(&[(YEAR, "2026")])), page(YEAR, "2026", links(&months)),
            page("/Publications/RAA/Annee-2026", "2026", links(&months)),
            list(8, "Aout", 7), list(7, "Juillet", 1)],
    });
    serde_json::from_value(spec).expect("spec")
}

/// A clock that goes on by an hour when told.
struct Hours(AtomicI64);

impl Clock for Hours {
    fn now(&self) -> DateTime<Utc> {
        let start: DateTime<Utc> = "2026-08-20T08:00:00Z".parse().expect("time");
        start + TimeDelta::hours(self.0.load(Ordering::Relaxed))
    }
}

struct World {
    clock: Arc<Hours>,
    app: App,
    sites: SiteSet,
    faulty: Source,
    neighbour: Source,
    events: Events,
    _dir: tempfile::TempDir,
}

impl World {
    /// Both sites walked once, in full, without a fault.
    async fn new() -> Self {
        let specs = [site("07", FAULTY), site("12", "https://www.aveyron.gouv.fr")];
        let sites = SiteSet::new(specs.to_vec()).with_pdfs(Arc::new(|url: &str| {
            url.ends_with(".pdf").then(|| format!("%PDF-1.4\n{url}\n%%EOF\n").into_bytes())
        }));
        let dir = tempfile::tempdir().expect("dir");
        let mut config =
            Config { mirror: Some(serve(sites.clone()).expect("sites")), ..Config::default() };
        config.data = dir.path().join("data");
        config.fetch.delay = Duration::ZERO;
        config.fetch.timeout = Duration::from_secs(1);
        config.fetch.retries = 1;
        let clock = Arc::new(Hours(AtomicI64::new(0)));
        let app = App::open_at(config, Arc::clone(&clock) as _).await.expect("app");
        let source = |spec: &SiteSpec| {
            let known = app.registry.get(&spec.code).expect("code").clone();
            Source { roots: vec![format!("{}{}", spec.base, spec.root)], ..known }
        };
        let (faulty, neighbour) = (source(&specs[0]), source(&specs[1]));
        let events = Events::channel().0;
        let world = Self { clock, app, sites, faulty, neighbour, events, _dir: dir };
        for source in [&world.faulty, &world.neighbour] {
            world.pass(source).await;
            assert_eq!(world.status(source).await.0, SourceStatus::Ok);
        }
        world
    }

    fn an_hour_later(&self) {
        self.clock.0.fetch_add(1, Ordering::Relaxed);
    }

    async fn pass(&self, source: &Source) {
        discover_source(&self.app, source, None, true, &self.events).await;
    }

    /// Status and, when it is not ok, why.
    async fn status(&self, source: &Source) -> (SourceStatus, Option<SourceFailure>) {
        let states = self.app.store.source_states().await.expect("states");
        let state = states.into_iter().find(|state| state.code == source.code);
        let status = SourceStatus::of(state.as_ref(), self.app.clock.now());
        let failed = state.and_then(|state| state.last_failure);
        (status, failed.filter(|_| status != SourceStatus::Ok))
    }

    async fn stored(&self, source: &Source) -> Vec<BulletinRow> {
        let filter =
            BulletinFilter { sources: vec![source.code.clone()], ..BulletinFilter::default() };
        self.app.store.list_bulletins(&filter, 1000, 0).await.expect("bulletins")
    }

    fn requests(&self) -> usize {
        self.sites.log().iter().filter(|line| line.contains(FAULTY)).count()
    }
}

/// A list that keeps only its first bulletin.
fn short_list() -> Fault {
    let list = "<html><h1>Aout</h1><ul><li><a href=\"/contenu/telechargement/8/7/file/raa-7.pdf\">RAA n°7 du 07/08/2026</a></li></ul></html>";
    Fault::Body("text/html; charset=utf-8".to_owned(), list.as_bytes().to_vec())
}

/// The list as it is, its links written in another way, with something before it.
fn list(before: &str, link: impl Fn(&str, &str) -> String) -> Vec<u8> {
    let links: String = (7..13)
        .map(|n| {
            let href = format!("/contenu/telechargement/8/{n}/file/raa-{n}.pdf");
            format!("<li>{}</li>", link(&href, &format!("RAA n°{n} du {n:02}/08/2026")))
        })
        .collect();
    format!("<html><body><h1>Août 2026</h1>{before}<ul>{links}</ul></body></html>").into_bytes()
}

fn plain(href: &str, text: &str) -> String {
    format!("<a href=\"{href}\">{text}</a>")
}

/// Odd pages that hold all the same what they held.
fn odd_pages() -> [(&'static str, Fault); 5] {
    let page = |body: Vec<u8>| Fault::Body("text/html; charset=utf-8".to_owned(), body);
    let latin: Vec<u8> = String::from_utf8(list("", plain))
        .expect("text")
        .chars()
        .map(|c| u8::try_from(u32::from(c)).expect("Latin-1"))
        .collect();
    [
        ("100 KB of nesting before the list", page(list(&"<div><b>".repeat(12_000), plain))),
        ("a heading of 3 MB", page(list(&format!("<h2>{}</h2>", "RAA ".repeat(750_000)), plain))),
        (
            "« > » in a quoted attribute",
            page(list("", |href, text| {
                format!("<a title=\"RAA > août\" href=\"{href}\">{text}</a>")
            })),
        ),
        ("ISO-8859-1, undeclared", Fault::Body("text/html".to_owned(), latin)),
        (
            "new addresses at each request",
            page(list("", |href, text| plain(&format!("{href}?jeton=a1b2c3"), text))),
        ),
    ]
}

/// A row of the table: the fault, where it is, what it is, the kind that it is recognised as.
struct PageFault {
    what: &'static str,
    path: &'static str,
    fault: Fault,
    kind: Option<FailureKind>,
}

fn page_faults() -> Vec<PageFault> {
    use FailureKind::{
        Astray, Challenge, CutShort, Empty, NotFound, Other, Refused, Shrunk, SiteDown, TimedOut,
        TooLarge,
    };
    let moved = Fault::RedirectTo(format!("{FAULTY}/Publications/RAA/Annee-2026"));
    let slow = Fault::Drip(Duration::from_millis(40));
    let faults = [
        ("404 on a month", MONTH, Fault::Status(404), Some(NotFound)),
        ("500 for an hour", YEAR, Fault::Status(500), Some(SiteDown)),
        ("slow bytes", MONTH, slow, Some(TimedOut)),
        ("cut body", MONTH, Fault::CutAfter(300), Some(CutShort)),
        ("wrong length (too long)", MONTH, Fault::WrongLength(5_000), Some(CutShort)),
        ("endless redirects", YEAR, Fault::RedirectLoop, Some(Astray)),
        ("gzip bomb (64 MiB)", MONTH, Fault::gzip_bomb(64), Some(TooLarge)),
        ("200 with an error page, on the root", ROOT, Fault::HtmlInstead, Some(Empty)),
        ("200 with an error page, on a month", MONTH, Fault::HtmlInstead, Some(Shrunk)),
        ("200 with a challenge page", MONTH, Fault::Challenge, Some(Challenge)),
        ("403 on a month", MONTH, Fault::Status(403), Some(Refused)),
        ("429, come back in an hour", ROOT, Fault::RetryAfter(429, 3600), Some(Refused)),
        ("list that shrinks", MONTH, short_list(), Some(Shrunk)),
        ("60,000 links before the list", MONTH, many_links(), Some(Other)),
        ("year page that moves, redirected", YEAR, moved, None),
        ("year page that moves, gone", YEAR, Fault::Status(410), Some(NotFound)),
    ];
    let faults = faults.map(|(what, path, fault, kind)| PageFault { what, path, fault, kind });
    let odd = odd_pages();
    let odd = odd.map(|(what, fault)| PageFault { what, path: MONTH, fault, kind: None });
    faults.into_iter().chain(odd).collect()
}

fn many_links() -> Fault {
    let links: String = (0..60_000).map(|n| format!("<a href=\"/p/{n}\">x</a>")).collect();
    Fault::Body("text/html; charset=utf-8".to_owned(), list(&links, plain))
}

/// The status that a kind of failure means.
fn status_of(kind: Option<FailureKind>) -> SourceStatus {
    match kind {
        None => SourceStatus::Ok,
        Some(kind) if kind.is_refusal() => SourceStatus::Blocked,
        Some(_) => SourceStatus::Broken,
    }
}

async fn page_row(world: &World, row: PageFault) -> String {
    let PageFault { what, path, fault, kind } = row;
    let expected = status_of(kind);
    let before = world.stored(&world.faulty).await;
    assert_eq!(before.len(), LISTED, "{what}");
    world.sites.set_fault(&format!("{FAULTY}{path}"), Some(fault));
    world.sites.clear_log();
    world.an_hour_later();
    let start = Instant::now();
    let alone = async {
        world.pass(&world.neighbour).await;
        start.elapsed()
    };
    let (took, ()) = tokio::join!(alone, world.pass(&world.faulty));
    // Nothing of the neighbour's waits for a time-out or a try of the faulty one.
    assert!(took < Duration::from_millis(900), "{what}: the neighbour took {took:?}");
    assert_eq!(world.status(&world.neighbour).await.0, SourceStatus::Ok, "{what}");
    let (status, failed) = world.status(&world.faulty).await;
    assert_eq!(status, expected, "{what}: {failed:?}");
    assert_eq!(failed.as_ref().map(|failed| failed.failure.kind), kind, "{what}: {failed:?}");
    let requests = world.requests();
    let after = world.stored(&world.faulty).await;
    let urls = |rows: &[BulletinRow]| rows.iter().map(|row| row.url.clone()).collect::<Vec<_>>();
    assert_eq!(urls(&after), urls(&before), "{what}");
    assert!(after.iter().all(|row| row.withdrawn_at.is_none()), "{what}");

    world.sites.clear_log();
    world.an_hour_later();
    world.pass(&world.faulty).await;
    let again = world.requests();
    let (second, _) = world.status(&world.faulty).await;
    assert_eq!(second, expected, "{what}: the fault lasts, and so does the status");
    world.sites.set_fault(&format!("{FAULTY}{path}"), None);
    let end = if expected == SourceStatus::Blocked {
        "asked again after hours".to_owned()
    } else {
        world.an_hour_later();
        world.pass(&world.faulty).await;
        world.status(&world.faulty).await.0.to_string()
    };
    assert!(matches!(end.as_str(), "ok" | "asked again after hours"), "{what}: {end}");
    let reason = failed.as_ref().map_or_else(|| "—".to_owned(), failure_words::of_source);
    let kind = kind.map_or("—", FailureKind::as_str);
    format!("| {what} | {kind} | {status} | {reason} | {requests} | {again} | {end} |\n")
}

/// Faults of a PDF: nothing but a whole answer goes into the archive.
async fn pdf_rows(table: &mut String) {
    let world = World::new().await;
    let url: url::Url =
        format!("{FAULTY}/contenu/telechargement/8/7/file/raa-7.pdf").parse().expect("url");
    let faults = [
        ("PDF: cut body", Fault::CutAfter(20)),
        ("PDF: wrong length (too long)", Fault::WrongLength(5_000)),
        ("PDF: slow bytes", Fault::Drip(Duration::from_millis(40))),
        ("PDF: 404", Fault::Status(404)),
        ("PDF: 200 with an error page", Fault::HtmlInstead),
        ("PDF: 200 with a challenge page", Fault::Challenge),
    ];
    for (what, fault) in faults {
        world.sites.set_fault(url.as_str(), Some(fault));
        world.sites.clear_log();
        let got = world.app.client.download(&url, None, &world.app.archive).await;
        let error: FetchError = got.expect_err(what);
        let failure = error.failure();
        let again = if failure.kind.may_pass() { "tried again later" } else { "given up" };
        let (kind, reason) = (failure.kind, failure_words::sentence(&failure));
        let requests = world.requests();
        let _ = writeln!(table, "| {what} | {kind} | {again} | {reason} | {requests} |");
        assert_eq!(files_in(&world.app.config.data.join("archive")), 0, "{what}: nothing is kept");
        world.sites.set_fault(url.as_str(), None);
    }
}

fn files_in(folder: &std::path::Path) -> usize {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let count = |path: std::path::PathBuf| if path.is_dir() { files_in(&path) } else { 1 };
    entries.map(|entry| count(entry.path())).sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_fault_has_its_status_and_costs_nothing_stored() {
    let mut table = String::from(
        "# What happens when a site fails\n\n\
         Written by `tests/e2e/faults.rs` (`make golden`), which runs every line against simulated sites; do \
         not edit. A site with a year and two months was walked in full; then the fault, two full passes, and \
         the end of the fault (one further try of what may pass; by default there are three). In every line the bulletins stored before are all there after it, none is \
         marked withdrawn, and a source walked at the same time is done before any time-out of the faulty one.\n\n\
         | fault | kind | status | reason shown | requests | at the next pass | after the fault |\n|---|---|---|---|---|---|---|\n",
    );
    let mut world = World::new().await;
    for row in page_faults() {
        let refused = status_of(row.kind) == SourceStatus::Blocked;
        table.push_str(&page_row(&world, row).await);
        if refused {
            // Another process: this one leaves the host alone for hours.
            world = World::new().await;
        }
    }
    table.push_str("\nA healthy pass over that site is 4 requests.\n\n| fault | kind | the bulletin is | reason shown | requests |\n|---|---|---|---|---|\n");
    pdf_rows(&mut table).await;
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/faults.md");
    if std::env::var_os("GUETTEUR_GOLDEN").is_some_and(|mode| mode == "write") {
        std::fs::write(path, &table).expect("written");
    }
    let written = std::fs::read_to_string(path).unwrap_or_default();
    assert_eq!(written, table, "docs/faults.md is stale: run `make golden`");
}
