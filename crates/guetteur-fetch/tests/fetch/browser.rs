//! A site that shows its list only to who runs its script: chromedriver and chromium, as installed.

use std::collections::HashMap;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use guetteur_archive::Archive;
use guetteur_fetch::{Client, Conditional, FetchConfig, FetchError, SiteAccess};
use guetteur_model::{Access, Failure, FailureKind};
use url::Url;

const PDF: &[u8] = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n";
/// Sets its cookie by script a moment later, then loads the page again.
const CHALLENGE: &str = "<html><head><title>Vérification de votre navigateur</title></head><body><p>Veuillez patienter…</p>\
    <script>setTimeout(() => { document.cookie = 'sesame=' + (6 * 7) + '; path=/'; location.reload(); }, 400)</script></body></html>";
const LIST: &str = "<html><head><title>RAA</title></head><body><h1>RAA 2026</h1><ul id=liste></ul>\
    <script>document.getElementById('liste').innerHTML = '<li><a href=\"/f/raa-1.pdf\">RAA n°1</a></li>'</script></body></html>";

async fn answer(request: Request) -> Response {
    let header =
        |name| request.headers().get(name).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let (cookie, agent) = (header("cookie"), header("user-agent"));
    assert!(agent.starts_with("Guetteur/"), "we say who we are: {agent}");
    let html =
        |text: &'static str| ([("content-type", "text/html; charset=utf-8")], text).into_response();
    match request.uri().path() {
        "/www.ain.gouv.fr/RAA" | "/www.ain.gouv.fr/f/raa-1.pdf"
            if !cookie.contains("sesame=42") =>
        {
            html(CHALLENGE)
        }
        "/www.ain.gouv.fr/RAA" => html(LIST),
        "/www.ain.gouv.fr/f/raa-1.pdf" => {
            ([("content-type", "application/pdf")], PDF).into_response()
        }
        "/www.ain.gouv.fr/panne" => {
            (StatusCode::NOT_FOUND, html("<h1>Introuvable</h1>")).into_response()
        }
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn client(browser: bool) -> Client {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("port");
    let mirror = format!("http://{}", listener.local_addr().expect("address"));
    tokio::spawn(async move { axum::serve(listener, Router::new().fallback(answer)).await });
    let site = SiteAccess {
        access: Access { browser, ..Access::default() },
        timezone: chrono_tz::Europe::Paris,
    };
    Client::new(FetchConfig {
        delay: Duration::ZERO,
        mirror: Some(Url::parse(&mirror).expect("url")),
        sites: HashMap::from([("www.ain.gouv.fr".to_owned(), site)]),
        ..FetchConfig::default()
    })
    .expect("client")
}

fn url(path: &str) -> Url {
    Url::parse(&format!("https://www.ain.gouv.fr/{path}")).expect("url")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_needs_a_browser_is_fetched_with_one_and_its_pdfs_with_its_cookies() {
    let dir = tempfile::tempdir().expect("dir");
    let archive = Archive::open(dir.path()).expect("archive");
    let plain = client(false).await;
    let error = plain.get_page(&url("RAA"), None).await.expect_err("no script is run");
    assert!(matches!(error, FetchError::Challenge { .. }), "{error}");

    let client = client(true).await;
    let Conditional::Got(page) = client.get_page(&url("RAA"), None).await.expect("list") else {
        panic!("304")
    };
    assert_eq!(page.url, url("RAA"), "the site's own address");
    assert!(page.text.contains("<a href=\"/f/raa-1.pdf\">RAA n°1</a>"), "{}", page.text);
    let download = client.download(&url("f/raa-1.pdf"), None, &archive).await.expect("pdf");
    assert!(matches!(download, Conditional::Got(_)));
    let error = client.get_page(&url("panne"), None).await.expect_err("404");
    assert_eq!(error.failure(), Failure::new(FailureKind::NotFound, 404));
}
