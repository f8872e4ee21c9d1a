//! A site that hangs keeps nobody else waiting.

use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use chrono::{NaiveDate, TimeDelta};
use guetteur::app::App;
use guetteur::config::Config;
use guetteur::pipeline::{Event, Events, Rechecks, Workers};
use guetteur_fetch::{Client, FetchConfig, Transport};
use guetteur_model::{BulletinLink, Clock, SystemClock};
use reqwest::{Request, Response};

const HANGS: &str = "www.herault.gouv.fr";
const ANSWERS: &str = "www.ille-et-vilaine.gouv.fr";
const HEALTHY: usize = 5;

/// The first host sends robots.txt and nothing else, ever; the other a PDF for each address.
fn transport(hanging: Arc<AtomicUsize>) -> Transport {
    Arc::new(move |request: Request| {
        let hanging = Arc::clone(&hanging);
        Box::pin(async move {
            let url = request.url();
            let robots = url.path() == "/robots.txt";
            if !robots && url.host_str() == Some(HANGS) {
                hanging.fetch_add(1, Ordering::Relaxed);
                pending::<()>().await;
            }
            let (media, body) = match robots {
                true => ("text/plain", String::new()),
                false => ("application/pdf", format!("%PDF-1.4\n% {url}\n%%EOF\n")),
            };
            let response = http::Response::builder().header("content-type", media).body(body);
            Ok(Response::from(response.expect("response")))
        })
    })
}

fn links(host: &str, count: usize, newest: NaiveDate) -> Vec<BulletinLink> {
    let link = |nth: usize| BulletinLink {
        url: format!("https://{host}/raa/{nth}.pdf"),
        title: format!("Recueil {nth}"),
        published_on: Some(newest - TimeDelta::days(nth as i64)),
        number: Some(nth.to_string()),
        series: None,
        via: "/raa".to_owned(),
    };
    (0..count).map(link).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_hangs_holds_one_fetcher() {
    let dir = tempfile::tempdir().expect("dir");
    let mut config = Config { data: dir.path().join("data"), ..Config::default() };
    config.work.fetchers = 4;
    let mut app = App::open_at(config, Arc::new(SystemClock)).await.expect("app");
    let hanging = Arc::default();
    let client = Client::new(FetchConfig { delay: Duration::ZERO, ..FetchConfig::default() });
    let client = client.expect("client").with_resolver(Arc::new(|_| Box::pin(async { None })));
    app.client = Arc::new(client.with_transport(transport(Arc::clone(&hanging))));
    // What hangs is newest: it is claimed first.
    let (store, now) = (&app.store, SystemClock.now());
    let today = now.date_naive();
    store.record_found("34", &links(HANGS, 40, today), now).await.expect("recorded");
    let older = today - TimeDelta::days(100);
    store.record_found("35", &links(ANSWERS, HEALTHY, older), now).await.expect("recorded");

    let (events, mut told) = Events::channel();
    let workers = Workers::start(Arc::new(app), "test", None, events, Rechecks::Now);
    let healthy = async {
        let mut fetched = 0;
        while fetched < HEALTHY {
            match told.recv().await.expect("workers") {
                Event::Fetched { source, .. } if source == "35" => fetched += 1,
                _ => {}
            }
        }
    };
    let all = tokio::time::timeout(Duration::from_mins(2), healthy).await;
    assert!(all.is_ok(), "a healthy site waits for one that hangs");
    assert_eq!(hanging.load(Ordering::Relaxed), 1);
    workers.stop().await;
}
