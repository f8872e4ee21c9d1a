//! A real server on this machine, reached through `mirror`.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, TimeDelta, Utc};
use guetteur_archive::Archive;
use guetteur_fetch::{Client, Conditional, FetchConfig, FetchError, Validators};
use guetteur_model::{Clock, Failure, FailureKind, Sha256, SystemClock};
use url::Url;

const PDF: &[u8] = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n";

#[derive(Default)]
struct Site {
    /// Path → number of requests.
    seen: Mutex<HashMap<String, usize>>,
    under_way: AtomicUsize,
    most_at_once: AtomicUsize,
}

impl Site {
    fn count(&self, path: &str) -> usize {
        self.seen.lock().expect("lock").get(path).copied().unwrap_or(0)
    }
}

async fn answer(State(site): State<Arc<Site>>, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    let nth = {
        let mut seen = site.seen.lock().expect("lock");
        let count = seen.entry(path.clone()).or_default();
        *count += 1;
        *count
    };
    let now = site.under_way.fetch_add(1, Ordering::SeqCst) + 1;
    site.most_at_once.fetch_max(now, Ordering::SeqCst);
    let response = respond(&path, nth, request.headers());
    tokio::time::sleep(Duration::from_millis(5)).await;
    site.under_way.fetch_sub(1, Ordering::SeqCst);
    response
}

fn respond(path: &str, nth: usize, headers: &HeaderMap) -> Response {
    let Some((host, path)) = path.trim_start_matches('/').split_once('/') else {
        return StatusCode::IM_A_TEAPOT.into_response();
    };
    let html = |text: &'static str| ([("content-type", "text/html")], text).into_response();
    match path {
        "robots.txt" if host == "interdit.fr" => {
            "User-agent: *\nDisallow: /secret\n".into_response()
        }
        "page" => {
            if headers.get("if-none-match").is_some_and(|etag| etag == "\"v1\"") {
                return StatusCode::NOT_MODIFIED.into_response();
            }
            ([("content-type", "text/html"), ("etag", "\"v1\"")], "<p>août").into_response()
        }
        "latin1" => {
            ([("content-type", "text/html; charset=iso-8859-1")], &b"ao\xfbt"[..]).into_response()
        }
        "muet" => ([("content-type", "text/html")], &b"ao\xfbt"[..]).into_response(),
        "annonce" => ([("content-type", "application/octet-stream")], PDF).into_response(),
        "mal-nomme" => ([("content-type", "text/html")], PDF).into_response(),
        "vers-latin1" => {
            let to = HeaderValue::from_bytes(b"/ao\xfbt?f=\xe9").expect("value");
            (StatusCode::FOUND, [("location", to)]).into_response()
        }
        "ao%FBt" => html("ici"),
        "x-gzip" => gzipped("x-gzip", "<p>août".as_bytes()),
        "x-gzip.pdf" => gzipped("X-GZIP", PDF),
        "x-bombe" => gzipped("x-gzip", &vec![b' '; 4 << 20]),
        "relais.pdf" => html(r#"<html><meta http-equiv="refresh" content="0; url=a.pdf">"#),
        "cadre.pdf" => html("<html><title>RAA</title><iframe src='/a.pdf'></iframe>"),
        "tourne.pdf" => html("<html><script>location.href = '/tourne2.pdf'</script>"),
        "tourne2.pdf" => html("<html><script>location.href = '/tourne.pdf'</script>"),
        "secret" => html("secret"),
        "va" => (StatusCode::FOUND, [("location", "/ici")]).into_response(),
        "ici" => html("ici"),
        "boucle" => (StatusCode::FOUND, [("location", "/boucle")]).into_response(),
        "local" => (StatusCode::FOUND, [("location", "file:///etc/passwd")]).into_response(),
        "occupe" if nth < 3 => {
            (StatusCode::SERVICE_UNAVAILABLE, [("retry-after", "0")]).into_response()
        }
        "occupe" => html("enfin"),
        "demain" => (StatusCode::TOO_MANY_REQUESTS, [("retry-after", "86400")]).into_response(),
        "panne" => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        "refus" => StatusCode::FORBIDDEN.into_response(),
        "a.pdf" | "b.pdf" => ([("content-type", "application/pdf")], PDF).into_response(),
        "coupe.pdf" => PDF[..20].into_response(),
        "vide.pdf" => "".into_response(),
        "erreur.pdf" => html("<!DOCTYPE html><html><p>Erreur"),
        "gros.pdf" => {
            let chunk = || Ok::<_, std::io::Error>(axum::body::Bytes::from(vec![b'%'; 4096]));
            let head = Ok(axum::body::Bytes::from_static(PDF));
            let body =
                futures::stream::iter(std::iter::once(head).chain((0..64).map(move |_| chunk())));
            Body::from_stream(body).into_response()
        }
        "interrompu.pdf" if nth < 2 => {
            let parts =
                vec![Ok(axum::body::Bytes::from_static(PDF)), Err(std::io::Error::other("coupé"))];
            Body::from_stream(futures::stream::iter(parts)).into_response()
        }
        "interrompu.pdf" => PDF.into_response(),
        "controle" | "controle.pdf" => {
            html("<title>Just a moment...</title><p>Checking your browser before accessing")
        }
        "bombe" => html(Box::leak("a".repeat(100_000).into_boxed_str())),
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

struct Fixture {
    client: Client,
    archive: Archive,
    site: Arc<Site>,
    _dir: tempfile::TempDir,
}

fn gzipped(coding: &'static str, body: &[u8]) -> Response {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut encoder, body).expect("gzip");
    let headers = [("content-type", "text/html; charset=utf-8"), ("content-encoding", coding)];
    (headers, encoder.finish().expect("gzip")).into_response()
}

async fn fixture(adjust: impl FnOnce(&mut FetchConfig)) -> Fixture {
    let site = Arc::new(Site::default());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("port");
    let mirror = format!("http://{}", listener.local_addr().expect("address"));
    let app = Router::new().fallback(answer).with_state(site.clone());
    tokio::spawn(async move { axum::serve(listener, app).await });
    let mut config = FetchConfig {
        delay: Duration::ZERO,
        backoff: Duration::from_millis(1),
        max_pdf_bytes: 50_000,
        max_page_bytes: 50_000,
        mirror: Some(Url::parse(&mirror).expect("url")),
        ..FetchConfig::default()
    };
    adjust(&mut config);
    let dir = tempfile::tempdir().expect("dir");
    let archive = Archive::open(dir.path()).expect("archive");
    Fixture { client: Client::new(config).expect("client"), archive, site, _dir: dir }
}

fn url(path: &str) -> Url {
    Url::parse(&format!("https://www.gard.gouv.fr/{path}")).expect("url")
}

async fn text(fixture: &Fixture, path: &str) -> Result<String, FetchError> {
    match fixture.client.get_page(&url(path), None).await? {
        Conditional::Got(page) => Ok(page.text),
        Conditional::NotModified => panic!("nothing was known"),
    }
}

#[tokio::test]
async fn a_page_then_its_304() {
    let fixture = fixture(|_| {}).await;
    let Conditional::Got(page) = fixture.client.get_page(&url("page"), None).await.expect("page")
    else {
        panic!("304 without a condition")
    };
    assert_eq!(page.text, "<p>août");
    assert_eq!(page.validators.etag.as_deref(), Some("\"v1\""));
    let again = fixture.client.get_page(&url("page"), Some(&page.validators)).await;
    assert_eq!(again.expect("304"), Conditional::NotModified);
    assert_eq!(fixture.site.count("/www.gard.gouv.fr/robots.txt"), 1, "robots.txt is read once");
    assert_eq!(fixture.client.requests(), 3);
}

/// Pages are decoded as browsers decode them, whatever coding and charset they come in.
#[tokio::test]
async fn pages_are_decoded() {
    let fixture = fixture(|config| config.max_page_bytes = 1 << 20).await;
    for (path, expected) in
        [("latin1", "août"), ("muet", "août"), ("x-gzip", "<p>août"), ("vers-latin1", "ici")]
    {
        assert_eq!(text(&fixture, path).await.expect(path), expected, "{path}");
    }
    let Conditional::Got(page) =
        fixture.client.get_page(&url("vers-latin1"), None).await.expect("page")
    else {
        panic!("304")
    };
    assert_eq!(page.url.as_str(), "https://www.gard.gouv.fr/ao%FBt?f=%E9", "raw bytes are kept");
    let bomb = text(&fixture, "x-bombe").await;
    assert!(matches!(bomb, Err(FetchError::TooLarge { .. })), "{bomb:?}");
}

/// What an answer is follows from the answer: a PDF where a page was asked for is told as one.
#[tokio::test]
async fn a_pdf_is_told_by_its_bytes() {
    let fixture = fixture(|_| {}).await;
    for path in ["a.pdf", "annonce", "mal-nomme"] {
        match text(&fixture, path).await {
            Err(FetchError::NotHtml { media_type }) => {
                assert_eq!(media_type, "application/pdf", "{path}");
            }
            other => panic!("{path}: {other:?}"),
        }
    }
}

/// A page that only sends on to the document, or shows it alone, leads to it.
#[tokio::test]
async fn a_document_behind_a_page_is_fetched() {
    let fixture = fixture(|_| {}).await;
    for path in ["relais.pdf", "cadre.pdf", "x-gzip.pdf"] {
        let got = fixture.client.download(&url(path), None, &fixture.archive).await;
        let Ok(Conditional::Got(download)) = got else { panic!("{path}: {got:?}") };
        assert_eq!(download.sha256, Sha256::of(PDF), "{path}");
    }
    let round = fixture.client.download(&url("tourne.pdf"), None, &fixture.archive).await;
    assert!(matches!(round, Err(FetchError::NotPdf { .. })), "{round:?}");
}

#[tokio::test]
async fn redirects_are_followed_and_keep_the_site_s_own_address() {
    let fixture = fixture(|_| {}).await;
    let Conditional::Got(page) = fixture.client.get_page(&url("va"), None).await.expect("page")
    else {
        panic!("304")
    };
    assert_eq!((page.url.as_str(), page.text.as_str()), ("https://www.gard.gouv.fr/ici", "ici"));
    assert!(matches!(text(&fixture, "boucle").await, Err(FetchError::Redirects)));
    assert!(matches!(text(&fixture, "local").await, Err(FetchError::Address(_))));
}

#[tokio::test]
async fn without_a_mirror_local_addresses_are_refused_unasked() {
    let fixture = fixture(|config| config.mirror = None).await;
    for address in ["http://127.0.0.1:1/", "http://localhost/", "http://[::1]/", "ftp://a.fr/"] {
        let error = fixture.client.get_page(&Url::parse(address).expect("url"), None).await;
        assert!(matches!(error, Err(FetchError::Address(_))), "{address}");
    }
    assert_eq!(fixture.client.requests(), 0);
}

#[tokio::test]
async fn statuses_become_named_errors() {
    let fixture = fixture(|_| {}).await;
    assert_eq!(text(&fixture, "occupe").await.expect("third try"), "enfin");
    assert_eq!(fixture.site.count("/www.gard.gouv.fr/occupe"), 3);
    // Its own host: what is asked to wait is the whole host.
    let tomorrow = Url::parse("https://www.lot.gouv.fr/demain").expect("url");
    let error = fixture.client.get_page(&tomorrow, None).await.expect_err("tomorrow");
    assert_eq!(error.retry_after(), Some(Duration::from_hours(24)), "handed to the caller");
    assert_eq!(fixture.site.count("/www.lot.gouv.fr/demain"), 1, "not asked again today");
    let error = text(&fixture, "panne").await.expect_err("500");
    assert_eq!(error.failure(), Failure::new(FailureKind::SiteDown, 500));
    assert!(error.kind().may_pass());
    assert_eq!(fixture.site.count("/www.gard.gouv.fr/panne"), 4, "one try and three more");
    let error = text(&fixture, "absent").await.expect_err("404");
    assert_eq!(error.failure(), Failure::new(FailureKind::NotFound, 404));
    let error = text(&fixture, "refus").await.expect_err("403");
    assert_eq!(error.failure(), Failure::new(FailureKind::Refused, 403));
    assert!(matches!(text(&fixture, "a.pdf").await, Err(FetchError::NotHtml { .. })));
    assert!(matches!(text(&fixture, "bombe").await, Err(FetchError::TooLarge { .. })));
}

#[tokio::test]
async fn robots_txt_is_obeyed() {
    let fixture = fixture(|_| {}).await;
    let secret = Url::parse("https://interdit.fr/secret").expect("url");
    let error = fixture.client.get_page(&secret, None).await.expect_err("forbidden");
    assert!(matches!(error, FetchError::Robots));
    assert_eq!(fixture.site.count("/interdit.fr/secret"), 0);
    assert_eq!(text(&fixture, "secret").await.expect("another host has no such rule"), "secret");
}

#[tokio::test]
async fn pdfs_go_to_the_archive_and_impostors_do_not() {
    let fixture = fixture(|_| {}).await;
    let get = async |path: &str| match fixture
        .client
        .download(&url(path), None, &fixture.archive)
        .await
    {
        Ok(Conditional::Got(download)) => Ok(download),
        Ok(Conditional::NotModified) => panic!("304"),
        Err(error) => Err(error),
    };
    let first = get("a.pdf").await.expect("pdf");
    assert_eq!((first.sha256, first.new, first.partial), (Sha256::of(PDF), true, false));
    assert_eq!(
        std::fs::read(fixture.archive.path(first.sha256).expect("a folder")).expect("file"),
        PDF
    );
    assert!(!get("b.pdf").await.expect("same bytes").new);
    assert!(get("coupe.pdf").await.expect("cut PDF is kept").partial);
    assert_eq!(get("interrompu.pdf").await.expect("second try").sha256, first.sha256);
    for (path, what) in [("vide.pdf", "inode/x-empty"), ("erreur.pdf", "text/html")] {
        let error = get(path).await.expect_err(path);
        assert_eq!(error.failure(), Failure::new(FailureKind::WrongContent, what));
    }
    assert!(matches!(get("gros.pdf").await, Err(FetchError::TooLarge { .. })));
}

#[tokio::test]
async fn one_request_at_a_time_to_a_host_and_a_pause_between_two() {
    let pause = Duration::from_millis(40);
    let fixture = fixture(|config| config.delay = pause).await;
    let start = Instant::now();
    let asked = (0..4).map(|_| fixture.client.get_page(const_url(), None));
    for answer in futures::future::join_all(asked).await {
        answer.expect("page");
    }
    assert_eq!(fixture.site.most_at_once.load(Ordering::SeqCst), 1);
    // robots.txt and four pages: four pauses between five requests.
    assert!(start.elapsed() >= 4 * pause, "{:?}", start.elapsed());
}

fn const_url() -> &'static Url {
    Box::leak(Box::new(url("page")))
}

#[tokio::test]
async fn names_that_share_an_address_share_a_lane() {
    let pause = Duration::from_millis(80);
    let fixture = fixture(|config| config.delay = pause).await;
    let looked_up = Arc::new(AtomicUsize::new(0));
    let counter = looked_up.clone();
    let client = fixture.client.with_resolver(Arc::new(move |host: String| {
        counter.fetch_add(1, Ordering::SeqCst);
        let last = if host == "ailleurs.fr" { 9 } else { 1 };
        Box::pin(async move { Some(std::net::IpAddr::from([192, 0, 2, last])) })
    }));
    let names = ["a.gouv.fr", "b.gouv.fr", "c.gouv.fr", "d.gouv.fr"];
    let ask = async |name: &str| {
        let url = Url::parse(&format!("https://{name}/page")).expect("url");
        client.get_page(&url, None).await.expect("page");
    };
    let start = Instant::now();
    futures::future::join_all(names.map(ask)).await;
    assert_eq!(fixture.site.most_at_once.load(Ordering::SeqCst), 1, "one at a time");
    // Eight requests (robots.txt, page): a quarter of the pause between any two.
    assert!(start.elapsed() >= 7 * pause / 4, "{:?}", start.elapsed());
    assert_eq!(looked_up.load(Ordering::SeqCst), 4, "each name once");
    futures::future::join_all(["a.gouv.fr", "ailleurs.fr"].map(ask)).await;
    assert_eq!(looked_up.load(Ordering::SeqCst), 5);
}

#[tokio::test]
async fn a_host_that_refuses_is_left_alone() {
    let fixture = fixture(|config| config.retries = 0).await;
    for _ in 0..3 {
        let error = text(&fixture, "refus").await.expect_err("403");
        assert_eq!(error.kind(), FailureKind::Refused);
    }
    let requests = fixture.client.requests();
    let error = text(&fixture, "page").await.expect_err("left alone");
    assert_eq!(error.kind(), FailureKind::Resting);
    let until: DateTime<Utc> = error.failure().detail.parse().expect("an instant");
    assert!(until > SystemClock.now() + TimeDelta::minutes(118), "{until}");
    assert!(error.retry_after().is_some_and(|wait| wait > Duration::from_mins(119)));
    assert_eq!(fixture.client.requests(), requests, "nothing is sent");
    let elsewhere = Url::parse("https://www.lot.gouv.fr/page").expect("url");
    fixture.client.get_page(&elsewhere, None).await.expect("others are not affected");
    let long = Url::parse("https://www.var.gouv.fr/demain").expect("url");
    fixture.client.get_page(&long, None).await.expect_err("tomorrow");
    let error = fixture.client.get_page(&long, None).await.expect_err("not asked again");
    assert!(matches!(error, FetchError::Resting { .. }), "{error}");
}

#[tokio::test]
async fn a_challenge_in_the_place_of_a_page_or_a_pdf_is_a_block() {
    let fixture = fixture(|_| {}).await;
    let error = text(&fixture, "controle").await.expect_err("challenge");
    assert!(matches!(error, FetchError::Challenge { by: "Cloudflare", .. }), "{error}");
    assert_eq!(error.failure(), Failure::new(FailureKind::Challenge, "Cloudflare"));
    let error = text(&fixture, "page").await.expect_err("one is enough");
    assert!(matches!(error, FetchError::Resting { .. }), "{error}");
    let pdf = Url::parse("https://www.lot.gouv.fr/controle.pdf").expect("url");
    let error = fixture.client.download(&pdf, None, &fixture.archive).await.expect_err("no PDF");
    assert!(matches!(error, FetchError::Challenge { .. }), "{error}");
}

#[tokio::test]
async fn a_closed_port_is_a_network_error() {
    let fixture = fixture(|config| {
        config.mirror = Some(Url::parse("http://127.0.0.1:9").expect("url"));
        config.retries = 1;
    })
    .await;
    let known = Validators::default();
    let error = fixture.client.get_page(&url("page"), Some(&known)).await.expect_err("closed");
    assert_eq!(error.kind(), FailureKind::Unreachable, "« Connection refused » is no refusal");
    assert!(!error.kind().is_refusal());
    assert!(!error.to_string().contains("gard.gouv.fr"), "who asked knows the address: {error}");
}

/// A name that no resolver knows, and a port where no TLS is spoken.
#[tokio::test]
async fn what_kind_of_network_error_is_told_from_types() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("port");
    let port = listener.local_addr().expect("address").port();
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let _ = tokio::io::AsyncWriteExt::write_all(&mut socket, b"no TLS here\r\n").await;
        }
    });
    let cases = [
        ("http://nulle-part.invalid".to_owned(), FailureKind::UnknownName),
        (format!("https://127.0.0.1:{port}"), FailureKind::Insecure),
    ];
    for (mirror, kind) in cases {
        let fixture = fixture(|config| {
            config.mirror = Some(Url::parse(&mirror).expect("url"));
            config.retries = 0;
        })
        .await;
        let error = text(&fixture, "page").await.expect_err(&mirror);
        assert_eq!(error.kind(), kind, "{mirror}: {error:?}");
    }
    let fixture = fixture(|config| config.retries = 0).await;
    let error = fixture.client.download(&url("interrompu.pdf"), None, &fixture.archive).await;
    assert_eq!(error.expect_err("cut").kind(), FailureKind::CutShort);
}
