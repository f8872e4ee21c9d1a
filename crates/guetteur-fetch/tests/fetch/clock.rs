//! Pauses, waits, hours and the cap on a simulated clock: no sockets, no waiting.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::http::Response as HttpResponse;
use chrono::{DateTime, TimeDelta, Utc};
use guetteur_fetch::{Client, FetchConfig, FetchError, SiteAccess, Transport};
use guetteur_model::{Access, Clock, FailureKind};
use reqwest::{Body, Request, Response};
use tokio::time::Instant;
use url::Url;

/// Requests as a site sees them.
#[derive(Default)]
struct Log {
    /// Path and time since the start.
    requests: Vec<(String, Duration)>,
    under_way: usize,
    most_at_once: usize,
}

/// Seconds that an answer takes, and its body after it.
const ANSWER: Duration = Duration::from_secs(1);

/// A transport that answers by path and number of the request.
fn site(
    log: &Arc<Mutex<Log>>,
    answer: fn(path: &str, nth: usize) -> HttpResponse<String>,
) -> Transport {
    let (log, start) = (Arc::clone(log), Instant::now());
    Arc::new(move |request: Request| {
        let log = Arc::clone(&log);
        Box::pin(async move {
            let path = request.url().path().to_owned();
            let nth = {
                let mut log = log.lock().expect("log");
                log.under_way += 1;
                log.most_at_once = log.most_at_once.max(log.under_way);
                log.requests.push((path.clone(), start.elapsed()));
                log.requests.iter().filter(|(seen, _)| *seen == path).count()
            };
            tokio::time::sleep(ANSWER).await;
            let (parts, body) = answer(&path, nth).into_parts();
            let body = futures::stream::once(async move {
                tokio::time::sleep(ANSWER).await;
                log.lock().expect("log").under_way -= 1;
                Ok::<_, std::io::Error>(body)
            });
            Ok(Response::from(HttpResponse::from_parts(parts, Body::wrap_stream(body))))
        })
    })
}

fn html(text: &str) -> HttpResponse<String> {
    HttpResponse::builder()
        .header("content-type", "text/html")
        .body(text.to_owned())
        .expect("response")
}

fn refusal(status: u16, retry_after: u32) -> HttpResponse<String> {
    HttpResponse::builder()
        .status(status)
        .header("retry-after", retry_after)
        .body(String::new())
        .expect("response")
}

/// A clock that goes with tokio's.
struct Simulated(DateTime<Utc>, Instant);

impl Simulated {
    fn at(text: &str) -> Arc<Self> {
        Arc::new(Self(text.parse().expect("time"), Instant::now()))
    }
}

impl Clock for Simulated {
    fn now(&self) -> DateTime<Utc> {
        self.0 + TimeDelta::from_std(self.1.elapsed()).expect("short")
    }
}

fn client(config: FetchConfig, transport: Transport) -> Client {
    // Names are not looked up: the test has no network.
    Client::new(config)
        .expect("client")
        .with_resolver(Arc::new(|_| Box::pin(async { None })))
        .with_transport(transport)
        .with_clock(Simulated::at("2026-08-14T12:00:00Z"))
}

fn url(host: &str, path: &str) -> Url {
    Url::parse(&format!("https://{host}.gouv.fr/{path}")).expect("url")
}

#[tokio::test(start_paused = true)]
async fn the_site_s_crawl_delay_is_kept() {
    let log = Arc::default();
    let transport = site(&log, |path, _| match path {
        "/robots.txt" => html("User-agent: *\nCrawl-delay: 7\n"),
        _ => html("<p>page"),
    });
    let client = client(FetchConfig::default(), transport);
    for path in ["a", "b", "c"] {
        client.get_page(&url("ain", path), None).await.expect("page");
    }
    let log = log.lock().expect("log");
    for pair in log.requests.windows(2) {
        let gap = pair[1].1 - pair[0].1;
        // From the end of one to the beginning of the next, at most a quarter more.
        let pause = gap - 2 * ANSWER;
        assert!(pause >= Duration::from_secs(7), "{pause:?}");
        assert!(pause <= Duration::from_millis(8_750), "{pause:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_the_site_asks_to_wait_is_waited() {
    let log = Arc::default();
    let transport = site(&log, |path, nth| match (path, nth) {
        ("/robots.txt", _) => html(""),
        ("/minute", 1) => refusal(503, 60),
        ("/heure", 1) => refusal(429, 3600),
        _ => html("<p>page"),
    });
    let client = client(FetchConfig::default(), transport);
    client.get_page(&url("ain", "minute"), None).await.expect("within one call");
    client.get_page(&url("lot", "heure"), None).await.expect_err("later");
    let asked = client.requests();
    tokio::time::advance(Duration::from_mins(59)).await;
    let error = client.get_page(&url("lot", "autre"), None).await.expect_err("not yet");
    assert!(matches!(error, FetchError::Resting { .. }), "{error}");
    assert_eq!(client.requests(), asked, "nothing is sent");
    tokio::time::advance(Duration::from_mins(2)).await;
    client.get_page(&url("lot", "heure"), None).await.expect("an hour has passed");
    let log = log.lock().expect("log");
    let times: Vec<_> = log.requests.iter().filter(|(p, _)| p == "/minute").collect();
    assert!(times[1].1 - times[0].1 >= Duration::from_secs(60), "{times:?}");
}

#[tokio::test(start_paused = true)]
async fn a_challenge_backs_off_for_hours_and_longer_each_time() {
    let log = Arc::default();
    let transport = site(&log, |path, nth| match (path, nth) {
        ("/robots.txt", _) => html(""),
        ("/liste", 1 | 2) => html("<title>Just a moment...</title>"),
        _ => html("<p>page"),
    });
    let client = client(FetchConfig::default(), transport);
    let list = url("ain", "liste");
    let mut rests = Vec::new();
    let page = loop {
        match client.get_page(&list, None).await {
            Ok(page) => break page,
            Err(FetchError::Challenge { .. }) => {}
            Err(FetchError::Resting { wait, .. }) => {
                rests.push(wait.as_secs().div_ceil(3600));
                tokio::time::advance(wait).await;
            }
            Err(error) => panic!("{error}"),
        }
    };
    drop(page);
    assert_eq!(rests, [2, 4]);
    assert_eq!(client.requests(), 4, "robots.txt, two challenges, the page");
}

#[tokio::test(start_paused = true)]
async fn no_more_requests_at_once_than_the_cap_bodies_included() {
    let log = Arc::default();
    let transport = site(&log, |path, _| match path {
        "/robots.txt" => html(""),
        _ => html("<p>page"),
    });
    let config = FetchConfig { max_concurrent: 3, ..FetchConfig::default() };
    let client = client(config, transport);
    let urls: Vec<Url> = (0..20).map(|n| url(&format!("site{n}"), "page")).collect();
    let pages = urls.iter().map(|url| client.get_page(url, None));
    for page in futures::future::join_all(pages).await {
        page.expect("page");
    }
    assert_eq!(log.lock().expect("log").most_at_once, 3);
}

#[tokio::test(start_paused = true)]
async fn a_source_is_asked_at_its_hours_only() {
    let log = Arc::default();
    let transport = site(&log, |path, _| match path {
        "/robots.txt" => html(""),
        _ => html("<p>page"),
    });
    let night = |timezone| SiteAccess {
        access: Access { hours: Some("22-6".parse().expect("hours")), ..Access::default() },
        timezone,
    };
    let sites = HashMap::from([
        ("ain.gouv.fr".to_owned(), night(chrono_tz::Europe::Paris)),
        // Four in the morning in the Pacific when it is seven in the evening in Paris.
        ("futuna.gouv.fr".to_owned(), night(chrono_tz::Pacific::Wallis)),
    ]);
    let config = FetchConfig { sites, ..FetchConfig::default() };
    let client = client(config, transport).with_clock(Simulated::at("2026-08-14T17:00:00Z"));
    let error = client.get_page(&url("ain", "page"), None).await.expect_err("19 h in Paris");
    let failure = error.failure();
    assert_eq!((failure.kind, &*failure.detail), (FailureKind::Closed, "2026-08-14T20:00:00Z"));
    assert_eq!(error.retry_after(), Some(Duration::from_hours(3)));
    assert_eq!(client.requests(), 0);
    client.get_page(&url("futuna", "page"), None).await.expect("night there");
    client.get_page(&url("lot", "page"), None).await.expect("no hours of its own");
    tokio::time::advance(Duration::from_hours(3)).await;
    client.get_page(&url("ain", "page"), None).await.expect("night");
}
