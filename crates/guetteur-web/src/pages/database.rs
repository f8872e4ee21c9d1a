//! `/donnees/guetteur.sqlite`: all findings as one file.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, ETAG, IF_RANGE,
    RANGE,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use tower::ServiceExt;
use tower_http::services::ServeFile;

use crate::caching::{is_same, sent_tags};
use crate::error::WebError;
use crate::kept_database::DatabaseError;
use crate::state::AppState;

/// Its address; its last part names the file.
pub(crate) const PATH: &str = "/donnees/guetteur.sqlite";

pub(crate) async fn get(
    State(state): State<AppState>,
    mut request: Request,
) -> Result<Response, WebError> {
    let file = state.database.current(&state.catalogue).await?;
    let tag = format!("\"{}\"", file.tag);
    if sent_tags(request.headers()).any(|sent| is_same(sent, &tag)) {
        return Ok(stamped(StatusCode::NOT_MODIFIED.into_response(), &tag));
    }
    forget_other_range(request.headers_mut(), &tag);
    let response = ServeFile::new(&file.path).oneshot(request).await;
    let response = response.unwrap_or_else(|never| match never {});
    if response.status() == StatusCode::NOT_FOUND {
        // The next one took its place just now.
        return Err(DatabaseError::Preparing.into());
    }
    Ok(stamped(response.map(Body::new), &tag))
}

/// Who goes on with a download of another file gets this one from its beginning.
fn forget_other_range(headers: &mut HeaderMap, tag: &str) {
    let goes_on = headers.get(IF_RANGE).and_then(|value| value.to_str().ok());
    if headers.contains_key(IF_RANGE) && goes_on != Some(tag) {
        headers.remove(RANGE);
    }
}

fn stamped(mut response: Response, tag: &str) -> Response {
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/vnd.sqlite3"));
    headers.insert(
        CONTENT_DISPOSITION,
        HeaderValue::from_static("attachment; filename=\"guetteur.sqlite\""),
    );
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("public, no-cache"));
    // Datasette in a browser (lite.datasette.io) opens it from here.
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    if let Ok(tag) = HeaderValue::from_str(tag) {
        headers.insert(ETAG, tag);
    }
    response
}
