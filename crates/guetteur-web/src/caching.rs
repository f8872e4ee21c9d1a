//! Conditional requests: a reader that has the present state is told so in a few bytes.

use std::time::SystemTime;

use axum::body::{Body, HttpBody, to_bytes};
use axum::extract::Request;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_LENGTH, ETAG, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, NaiveDate, Utc};
use guetteur_model::Sha256;
use guetteur_publish::{Catalogue, CatalogueError};

/// The state of a list: it changes when the index, its alarms, its address, the day or the program do.
/// Weak, since the body may be compressed on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Validator(String);

impl Validator {
    /// The present validator of the list at `address`, whose last alarm changed at `alarms` and of
    /// whose sources `last_read` is said. Cheap: nothing is searched.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub(crate) fn of(
        catalogue: &Catalogue,
        address: &str,
        alarms: Option<DateTime<Utc>>,
        last_read: &str,
    ) -> Result<Self, CatalogueError> {
        Ok(Self::from_parts(
            &format!("{address}\n{last_read}\n{:?}", catalogue.site.hub),
            (catalogue.index.cursor()?, alarms),
            catalogue.today(),
            &catalogue.site.base_url,
        ))
    }

    fn from_parts(
        address: &str,
        (revision, alarms): (i64, Option<DateTime<Utc>>),
        today: NaiveDate,
        base_url: &str,
    ) -> Self {
        let version = env!("CARGO_PKG_VERSION");
        let alarms = alarms.map_or(0, |at| at.timestamp_micros());
        let parts = format!("{version}\n{base_url}\n{address}\n{revision}\n{alarms}\n{today}");
        Self(format!("W/\"{}\"", &Sha256::of(parts.as_bytes()).to_string()[..24]))
    }

    /// The validator of an answer that is made already.
    pub(crate) fn of_content(bytes: &[u8]) -> Self {
        Self(format!("W/\"{}\"", &Sha256::of(bytes).to_string()[..24]))
    }

    /// Whether the reader has this state, by `If-None-Match`.
    #[must_use]
    pub(crate) fn matches(&self, headers: &HeaderMap) -> bool {
        sent_tags(headers).any(|tag| tag == "*" || is_same(tag, &self.0))
    }

    /// The answer to a reader that has this state.
    #[must_use]
    pub(crate) fn not_modified(&self) -> Response {
        self.stamp(StatusCode::NOT_MODIFIED.into_response(), None)
    }

    /// `response` with the headers that let the reader ask again cheaply.
    #[must_use]
    pub(crate) fn stamp(
        &self,
        mut response: Response,
        modified: Option<DateTime<Utc>>,
    ) -> Response {
        let headers = response.headers_mut();
        if let Ok(value) = HeaderValue::from_str(&self.0) {
            headers.insert(ETAG, value);
        }
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("public, no-cache"));
        let modified = modified.map(|at| httpdate::fmt_http_date(SystemTime::from(at)));
        if let Some(Ok(value)) = modified.map(|text| HeaderValue::from_str(&text)) {
            headers.insert(LAST_MODIFIED, value);
        }
        response
    }
}

/// The tags of `If-None-Match`.
pub(crate) fn sent_tags(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    let values = headers.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',').map(str::trim))
}

/// What proxies append to the tag of an answer that they compress (Apache, Caddy: `-gzip`; Jetty:
/// `--gzip`), and clients send back.
const APPENDED: [&str; 7] = ["-gzip", "-br", "-zstd", "-deflate", "--gzip", ";gzip", ";br"];

/// Whether a tag that a client sent is `own`, compared weakly, whatever a proxy made of it.
pub(crate) fn is_same(sent: &str, own: &str) -> bool {
    let bare = |tag: &str| tag.trim_start_matches("W/").trim_matches('"').to_owned();
    let (sent, own) = (bare(sent), bare(own));
    let appended = sent.strip_prefix(&own);
    appended.is_some_and(|rest| rest.is_empty() || APPENDED.contains(&rest))
}

/// Answers that are larger, or of unknown size, are not looked into.
const MOST_BYTES: u64 = 2_000_000;

/// Gives every page that has no validator of its own one by its content, and answers 304 to a reader
/// that holds it. It saves the way, not the work.
pub(crate) async fn conditional(request: Request, next: Next) -> Response {
    let asked = request.headers().clone();
    let reading = matches!(*request.method(), Method::GET | Method::HEAD);
    let response = next.run(request).await;
    let size = response.body().size_hint().exact();
    let plain = reading
        && response.status() == StatusCode::OK
        && !response.headers().contains_key(ETAG)
        && size.is_some_and(|bytes| (1..=MOST_BYTES).contains(&bytes));
    if !plain {
        return response;
    }
    let (parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, MOST_BYTES as usize).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let validator = Validator::of_content(&bytes);
    let mut response = Response::from_parts(parts, Body::from(bytes));
    if validator.matches(&asked) {
        *response.body_mut() = Body::empty();
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        response.headers_mut().remove(CONTENT_LENGTH);
    }
    let kept = response.headers_mut().remove(CACHE_CONTROL);
    let mut response = validator.stamp(response, None);
    if let Some(kept) = kept {
        response.headers_mut().insert(CACHE_CONTROL, kept);
    }
    response
}

/// Whether the reader, which sent no `If-None-Match`, has a state as young as `modified`.
#[must_use]
pub(crate) fn unmodified_since(headers: &HeaderMap, modified: DateTime<Utc>) -> bool {
    if headers.contains_key(IF_NONE_MATCH) {
        return false;
    }
    let since = headers.get(IF_MODIFIED_SINCE).and_then(|value| value.to_str().ok());
    since
        .and_then(|text| httpdate::parse_http_date(text).ok())
        .is_some_and(|since| modified.timestamp() <= DateTime::<Utc>::from(since).timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: axum::http::HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_str(value).expect("header"))])
    }

    #[test]
    fn tags_compare_weakly() {
        let day = NaiveDate::from_ymd_opt(2026, 1, 1).expect("day");
        let tag = Validator::from_parts("/recherche.atom", (7, None), day, "https://x");
        let bare = tag.0.trim_start_matches("W/").to_owned();
        for sent in [tag.0.clone(), bare.clone(), format!("\"a\", {}", tag.0), "*".to_owned()] {
            assert!(tag.matches(&headers(IF_NONE_MATCH, &sent)), "{sent}");
        }
        let hex = bare.trim_matches('"');
        for sent in [format!("\"{hex}-gzip\""), format!("W/\"{hex}-br\"")] {
            assert!(tag.matches(&headers(IF_NONE_MATCH, &sent)), "{sent}");
        }
        for sent in [format!("\"{hex}0\""), format!("\"{}\"", &hex[1..]), "\"\"".to_owned()] {
            assert!(!tag.matches(&headers(IF_NONE_MATCH, &sent)), "{sent}");
        }
        let later = Validator::from_parts("/recherche.atom", (8, None), day, "https://x");
        assert!(!later.matches(&headers(IF_NONE_MATCH, &tag.0)));
    }

    #[test]
    fn dates_compare_by_the_second() {
        let modified: DateTime<Utc> = "2026-08-14T10:00:00.7Z".parse().expect("instant");
        let same = "Fri, 14 Aug 2026 10:00:00 GMT";
        assert!(unmodified_since(&headers(IF_MODIFIED_SINCE, same), modified));
        let before = "Fri, 14 Aug 2026 09:59:59 GMT";
        assert!(!unmodified_since(&headers(IF_MODIFIED_SINCE, before), modified));
        assert!(!unmodified_since(&headers(IF_MODIFIED_SINCE, "hier"), modified));
    }
}
