//! All described sites walked at once on a simulated clock, without sockets: one request at a time
//! to a host and to an address, pauses kept, never more at once than the cap.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::net::IpAddr;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::NaiveDate;
use guetteur::app::App;
use guetteur::config::Config;
use guetteur::demo::serve;
use guetteur::pipeline::{Event, Events, SitePages, discover_source, walk};
use guetteur_fetch::{Client, FetchConfig, Transport};
use guetteur_model::{FailureKind, FixedClock, Source};
use guetteur_sources::{Registry, normalise};
use guetteur_testkit::sites::{SiteRequest, SiteSet};
use reqwest::{Request, Response};
use tokio::time::Instant;

const DELAY: Duration = Duration::from_secs(2);
const CAP: usize = 12;
/// Addresses behind the sixty names.
const ADDRESSES: u64 = 9;

/// One request, in time since the start.
#[derive(Clone)]
struct Seen {
    host: String,
    from: Duration,
    to: Duration,
}

fn address_of(host: &str) -> IpAddr {
    let mut hasher = DefaultHasher::new();
    host.hash(&mut hasher);
    IpAddr::from([192, 0, 2, (hasher.finish() % ADDRESSES) as u8])
}

/// The simulated sites, each answer after a while of its own; cookies are kept.
fn transport(sites: SiteSet, log: Arc<Mutex<Vec<Seen>>>) -> Transport {
    let start = Instant::now();
    let cookies: Arc<Mutex<HashMap<String, String>>> = Arc::default();
    Arc::new(move |request: Request| {
        let (sites, log, cookies) = (sites.clone(), Arc::clone(&log), Arc::clone(&cookies));
        Box::pin(async move {
            let from = start.elapsed();
            let host = request.url().host_str().unwrap_or_default().to_owned();
            let body = request.body().and_then(|body| body.as_bytes()).unwrap_or_default();
            let cookie = cookies.lock().expect("cookies").get(&host).cloned().unwrap_or_default();
            let answer = sites.answer(&SiteRequest {
                method: request.method().to_string(),
                url: request.url().clone(),
                headers: BTreeMap::from([("cookie".to_owned(), cookie)]),
                form: url::form_urlencoded::parse(body).into_owned().collect(),
            });
            tokio::time::sleep(Duration::from_millis(200 + answer.body.len() as u64 % 900)).await;
            if let Some(cookie) = answer.header("set-cookie") {
                let pair = cookie.split(';').next().unwrap_or_default().to_owned();
                cookies.lock().expect("cookies").insert(host.clone(), pair);
            }
            log.lock().expect("log").push(Seen { host, from, to: start.elapsed() });
            let mut response = http::Response::builder().status(answer.status);
            for (name, value) in &answer.headers {
                response = response.header(name, value);
            }
            Ok(Response::from(response.body(answer.body).expect("response")))
        })
    })
}

/// Asserts that of requests to one host, or address, each begins `pause` after the one before.
fn assert_apart<K: Ord + std::fmt::Debug>(log: &[Seen], pause: Duration, key: impl Fn(&str) -> K) {
    let mut by_key: BTreeMap<K, Vec<&Seen>> = BTreeMap::new();
    for seen in log {
        by_key.entry(key(&seen.host)).or_default().push(seen);
    }
    for (key, mut requests) in by_key {
        requests.sort_by_key(|seen| seen.from);
        for pair in requests.windows(2) {
            assert!(
                pair[1].from >= pair[0].to + pause,
                "{key:?}: {:?} after {:?}–{:?}",
                pair[1].from,
                pair[0].from,
                pair[0].to
            );
        }
    }
}

fn most_at_once(log: &[Seen]) -> usize {
    let at = |moment| log.iter().filter(|seen| seen.from <= moment && moment < seen.to).count();
    log.iter().map(|seen| at(seen.from)).max().unwrap_or(0)
}

fn described_sites() -> SiteSet {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/sites");
    SiteSet::load(&folder).expect("sites")
}

#[tokio::test(start_paused = true)]
async fn sixty_sites_at_once_are_asked_politely() {
    let sites = described_sites();
    let registry = Registry::builtin().expect("registry");
    let log: Arc<Mutex<Vec<Seen>>> = Arc::default();
    let config = FetchConfig { delay: DELAY, max_concurrent: CAP, ..FetchConfig::default() };
    let client = Client::new(config)
        .expect("client")
        .with_resolver(Arc::new(|host| Box::pin(async move { Some(address_of(&host)) })))
        .with_transport(transport(sites.clone(), Arc::clone(&log)));
    let client = Arc::new(client);
    let start = Instant::now();
    let walks = sites.sites().iter().map(|spec| {
        let source: Source = registry.get(&spec.code).expect("code").clone();
        let pages = SitePages::new(Arc::clone(&client));
        let today: NaiveDate = spec.observed.parse().expect("day");
        async move { walk(&source, None, false, today, None, &pages).await.expect("walk") }
    });
    let found = futures::future::join_all(walks).await;

    assert!(sites.sites().len() >= 60);
    for (spec, discovery) in sites.sites().iter().zip(&found) {
        let got: BTreeSet<String> = discovery.bulletins.iter().map(|b| b.url.clone()).collect();
        let listed: BTreeSet<String> =
            spec.bulletins.iter().filter_map(|b| normalise(&b.url)).collect();
        assert_eq!(got, listed, "{}", spec.code);
    }
    let log = log.lock().expect("log").clone();
    assert_apart(&log, DELAY, str::to_owned);
    assert_apart(&log, DELAY / 4, address_of);
    let most = most_at_once(&log);
    assert!((2..=CAP).contains(&most), "{most} at once");
    eprintln!(
        "{} requests to {} sites in {:?} of simulated time, {most} at once at most",
        log.len(),
        found.len(),
        start.elapsed()
    );
}

#[tokio::test]
async fn outside_its_hours_a_source_is_left_alone_and_nothing_is_held_against_it() {
    let sites = described_sites().with_filler();
    let dir = tempfile::tempdir().expect("dir");
    let registry = dir.path().join("mine.toml");
    std::fs::write(&registry, "[[access]]\ncode = \"34\"\nhours = \"22-6\"\n").expect("written");
    let mut config =
        Config { mirror: Some(serve(sites.clone()).expect("sites")), ..Config::default() };
    config.data = dir.path().join("data");
    config.fetch.delay = Duration::ZERO;
    config.sources.registry = Some(registry);
    let pass = async |time: &str| {
        let clock = Arc::new(FixedClock(time.parse().expect("time")));
        let app = App::open_at(config.clone(), clock).await.expect("app");
        let source = app.registry.get("34").expect("34").clone();
        let (events, mut told) = Events::channel();
        discover_source(&app, &source, None, false, &events).await;
        let states = app.store.source_states().await.expect("states");
        (told.recv().await.expect("event"), states)
    };
    let (event, states) = pass("2026-08-20T10:00:00Z").await;
    assert!(
        matches!(&event, Event::Discovered { failure: Some(why), .. } if why.failure.kind == FailureKind::Closed),
        "at noon in Paris"
    );
    assert!(sites.log().is_empty(), "nothing is sent");
    assert!(states.is_empty(), "no pass is noted: {states:?}");
    let (event, _) = pass("2026-08-20T21:00:00Z").await;
    assert!(matches!(event, Event::Discovered { found: 2.., failure: None, .. }), "at night");
}
