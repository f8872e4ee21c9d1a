//! Nobody is sent inside: names are looked at when they are connected to, on every hop.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::http::header::LOCATION;
use axum::response::IntoResponse;
use guetteur_fetch::{Client, FetchConfig, FetchError, Resolver};
use guetteur_model::FailureKind;
use url::Url;

/// A harmless listener on this machine, and how often it was asked.
async fn listener() -> (u16, Arc<AtomicUsize>) {
    let asked = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&asked);
    let app = Router::new().fallback(move |request: Request| {
        let counter = Arc::clone(&counter);
        async move {
            match request.uri().path() {
                "/robots.txt" => "".into_response(),
                "/envoie" => {
                    let host = request.headers()["host"].to_str().expect("host");
                    let port = host.rsplit(':').next().expect("port");
                    let inside = format!("http://dedans.example:{port}/secret");
                    (axum::http::StatusCode::FOUND, [(LOCATION, inside)]).into_response()
                }
                _ => {
                    counter.fetch_add(1, Ordering::SeqCst);
                    axum::response::Html("<p>secret").into_response()
                }
            }
        }
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("port");
    let port = listener.local_addr().expect("address").port();
    tokio::spawn(async move { axum::serve(listener, app).await });
    (port, asked)
}

/// `*.example` is this machine, whatever the name pretends.
fn resolver(address: &'static str) -> Resolver {
    Arc::new(move |_| {
        let address: IpAddr = address.parse().expect("address");
        Box::pin(async move { Some(address) })
    })
}

fn config() -> FetchConfig {
    FetchConfig {
        delay: Duration::ZERO,
        backoff: Duration::from_millis(1),
        retries: 0,
        ..FetchConfig::default()
    }
}

#[tokio::test]
async fn a_name_that_leads_inside_is_not_connected_to() {
    let (port, asked) = listener().await;
    for address in ["127.0.0.1", "::ffff:127.0.0.1", "::1", "10.0.0.1", "169.254.169.254"] {
        let client = Client::new(config()).expect("client").with_resolver(resolver(address));
        let url = Url::parse(&format!("http://prefecture.example:{port}/page")).expect("url");
        let error = client.get_page(&url, None).await.expect_err(address);
        assert_eq!(error.kind(), FailureKind::Inward, "{address}: {error:?}");
        assert!(!error.kind().may_pass() && !error.kind().is_refusal());
    }
    assert_eq!(asked.load(Ordering::SeqCst), 0, "nothing was sent");
}

#[tokio::test]
async fn the_settings_may_open_it_and_a_redirect_alone_may_not() {
    let (port, asked) = listener().await;
    let open = FetchConfig { private_addresses: true, ..config() };
    let client = Client::new(open).expect("client").with_resolver(resolver("127.0.0.1"));
    let url = Url::parse(&format!("http://prefecture.example:{port}/page")).expect("url");
    client.get_page(&url, None).await.expect("the operator allows it");
    assert_eq!(asked.load(Ordering::SeqCst), 1);

    // The first hop goes through a proxy of the settings, which stands inside; the next one is
    // straight, to a name that leads inside.
    let proxied = guetteur_fetch::SiteAccess {
        access: guetteur_model::Access {
            proxy: Some(format!("http://127.0.0.1:{port}")),
            ..guetteur_model::Access::default()
        },
        timezone: chrono_tz::Europe::Paris,
    };
    let sites = std::collections::HashMap::from([("prefecture.example".to_owned(), proxied)]);
    let client = Client::new(FetchConfig { sites, ..config() }).expect("client");
    let client = client.with_resolver(resolver("127.0.0.1"));
    let sent = Url::parse(&format!("http://prefecture.example:{port}/envoie")).expect("url");
    let error = client.get_page(&sent, None).await.expect_err("redirected inside");
    assert!(matches!(error, FetchError::Address(_)), "{error:?}");
    assert_eq!(asked.load(Ordering::SeqCst), 1, "the secret was not asked for");
}
