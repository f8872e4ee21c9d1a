//! The simulated sites over HTTP, as `--mirror URL` expects them: `GET /HOST/PATH` answers for
//! `https://HOST/PATH`, and redirects name `https://HOST/…`.

use std::collections::BTreeMap;
use std::time::Duration;

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
    let body = match (answer.claimed_length, answer.pace) {
        (_, Some(pace)) => Body::from_stream(slowly(Bytes::from(answer.body), pace)),
        (Some(length), None) => {
            response = response.header(header::CONTENT_LENGTH, length);
            // Another length than announced ends the connection, as it does on a real site.
            Body::from_stream(then_end(Bytes::from(answer.body)))
        }
        (None, None) => Body::from(answer.body),
    };
    response.body(body).unwrap_or_else(|_| plain(StatusCode::INTERNAL_SERVER_ERROR))
}

/// One chunk, sent before the end comes: the client sees a body that breaks off.
fn then_end(bytes: Bytes) -> impl futures::Stream<Item = std::io::Result<Bytes>> + Send {
    futures::stream::unfold(Some(bytes), |rest| async move {
        match rest {
            Some(bytes) => Some((Ok(bytes), None)),
            None => {
                tokio::task::yield_now().await;
                None
            }
        }
    })
}

/// Byte by byte.
fn slowly(
    bytes: Bytes,
    pace: Duration,
) -> impl futures::Stream<Item = std::io::Result<Bytes>> + Send {
    futures::stream::unfold((bytes, 0), move |(bytes, at)| async move {
        tokio::time::sleep(pace).await;
        (at < bytes.len()).then(|| (Ok(bytes.slice(at..at + 1)), (bytes, at + 1)))
    })
}

fn plain(status: StatusCode) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpStream;

    use super::super::{Fault, SiteSpec};
    use super::*;

    fn sites() -> SiteSet {
        let spec: SiteSpec = serde_json::from_str(
            r#"{"code":"01","base":"https://www.x.gouv.fr","root":"/R","observed":"2026-08-14","bulletins":[],
                "pages":[{"path":"/R/2026 é","title":"t","redirect_from":["/R"],"sets_cookie":["S"],
                          "blocks":[{"kind":"download","href":"/f/a b.pdf","text":"RAA","wrap":"li"}]},
                         {"path":"/S","title":"t","requires_cookie":"S","blocks":[]}]}"#,
        )
        .expect("spec");
        let pdf =
            |url: &str| (url == "https://www.x.gouv.fr/f/a%20b.pdf").then(|| b"%PDF-1.4".to_vec());
        SiteSet::new(vec![spec]).with_pdfs(Arc::new(pdf))
    }

    async fn ask(sites: SiteSet, request: &str) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("bind");
        let address = listener.local_addr().expect("address");
        let server = tokio::spawn(serve(listener, sites));
        let mut stream = TcpStream::connect(address).await.expect("connect");
        let request = format!("{request}\r\nHost: x\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.expect("write");
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        server.abort();
        String::from_utf8_lossy(&answer).into_owned()
    }

    #[tokio::test]
    async fn answers_as_a_mirror() {
        let cases = [
            (
                "GET /www.x.gouv.fr/R HTTP/1.1",
                "302",
                "location: https://www.x.gouv.fr/R/2026%20%C3%A9",
            ),
            ("GET /www.x.gouv.fr/R/2026%20%c3%a9 HTTP/1.1", "200", "set-cookie: S=1"),
            ("GET /www.x.gouv.fr/f/a%20b.pdf HTTP/1.1", "200", "%PDF-1.4"),
            (
                "GET /www.x.gouv.fr/f/a%20b.pdf HTTP/1.1\r\nIf-Modified-Since: Fri, 14 Aug 2026 06:00:00 GMT",
                "304",
                "etag",
            ),
            ("GET /www.x.gouv.fr/S HTTP/1.1", "200", "Médecins"),
            ("GET /www.x.gouv.fr/S HTTP/1.1\r\nCookie: S=1", "200", "<title>t</title>"),
            ("GET /www.x.gouv.fr/robots.txt HTTP/1.1", "200", "User-agent"),
            ("GET /www.x.gouv.fr/absent HTTP/1.1", "404", "introuvable"),
            ("GET /www.y.gouv.fr/R HTTP/1.1", "404", "inconnu"),
        ];
        for (request, status, part) in cases {
            let answer = ask(sites(), request).await;
            assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{request}: {answer}");
            assert!(answer.contains(part), "{request}: {answer}");
        }
    }

    #[tokio::test]
    async fn posted_select_redirects() {
        let request = "POST /www.x.gouv.fr/R HTTP/1.1\r\nContent-Length: 5\r\nContent-Type: application/x-www-form-urlencoded";
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("bind");
        let address = listener.local_addr().expect("address");
        let server = tokio::spawn(serve(listener, sites()));
        let mut stream = TcpStream::connect(address).await.expect("connect");
        stream
            .write_all(format!("{request}\r\nHost: x\r\nConnection: close\r\n\r\na=b/c").as_bytes())
            .await
            .expect("write");
        let mut answer = String::new();
        let _ = stream.read_to_string(&mut answer).await;
        server.abort();
        assert!(answer.contains("location: https://www.x.gouv.fr/b/c"), "{answer}");
    }

    #[tokio::test]
    async fn faults_and_log() {
        let sites = sites();
        let url = "https://www.x.gouv.fr/f/a%20b.pdf";
        sites.set_fault(url, Some(Fault::CutAfter(3)));
        let answer = ask(sites.clone(), "GET /www.x.gouv.fr/f/a%20b.pdf HTTP/1.1").await;
        assert!(answer.contains("content-length: 8") && answer.ends_with("%PD"), "{answer}");
        sites.set_fault(url, Some(Fault::RedirectLoop));
        let answer = ask(sites.clone(), "GET /www.x.gouv.fr/f/a%20b.pdf HTTP/1.1").await;
        assert!(answer.contains(&format!("location: {url}")), "{answer}");
        assert_eq!(sites.log(), [format!("GET {url}"), format!("GET {url}")]);
    }
}
