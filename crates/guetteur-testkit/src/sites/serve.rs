//! The simulated sites over HTTP, as `--mirror URL` expects them: `GET /HOST/PATH` answers for
//! `https://HOST/PATH`, and redirects name `https://HOST/…`.

use std::collections::BTreeMap;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use tokio::net::TcpListener;
use url::Url;

use super::set::{SiteAnswer, SiteRequest, SiteSet};

/// Largest posted form, in bytes.
const MAX_FORM: usize = 64 * 1024;

/// Serves the sites until the task is dropped.
///
/// # Errors
/// When the listener fails.
pub async fn serve(listener: TcpListener, sites: SiteSet) -> std::io::Result<()> {
    axum::serve(listener, router(sites)).await
}

/// The sites as a router, for tests that need no socket.
#[must_use]
pub fn router(sites: SiteSet) -> Router {
    Router::new().fallback(answer).with_state(sites)
}

async fn answer(State(sites): State<SiteSet>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let target = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    let Ok(url) = Url::parse(&format!("https:/{target}")) else {
        return plain(StatusCode::BAD_REQUEST);
    };
    let bytes = axum::body::to_bytes(body, MAX_FORM).await.unwrap_or_default();
    let headers: BTreeMap<String, String> = parts
        .headers
        .iter()
        .filter_map(|(name, value)| {
            Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
        })
        .collect();
    let form = form_of(&bytes);
    let request = SiteRequest { method: parts.method.to_string(), url, headers, form };
    respond(sites.answer(&request))
}

fn form_of(bytes: &Bytes) -> Vec<(String, String)> {
    url::form_urlencoded::parse(bytes).into_owned().collect()
}

fn respond(answer: SiteAnswer) -> Response {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = Response::builder().status(status);
    for (name, value) in &answer.headers {
        if let Ok(value) = HeaderValue::from_str(value) {
            response = response.header(name, value);
        }
    }
    let body = match answer.claimed_length {
        Some(length) => {
            response = response.header(header::CONTENT_LENGTH, length);
            // Another length than announced ends the connection, as it does on a real site.
            Body::from_stream(futures::stream::iter([Ok::<_, std::io::Error>(Bytes::from(
                answer.body,
            ))]))
        }
        None => Body::from(answer.body),
    };
    response.body(body).unwrap_or_else(|_| plain(StatusCode::INTERNAL_SERVER_ERROR))
}

fn plain(status: StatusCode) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}
