//! The archived PDFs, byte for byte, under the hash that names them.

use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, ETAG};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use guetteur_archive::UnprovenPdf;
use guetteur_model::Sha256;
use tower::ServiceExt;
use tower_http::services::ServeFile;

use crate::caching::{is_same, sent_tags};
use crate::error::WebError;
use crate::state::AppState;

/// A name never changes what it stands for.
const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// PDF readers of browsers need their own styles; nothing else may load.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'none'",
);

pub(crate) async fn get(
    State(state): State<AppState>,
    Path(name): Path<String>,
    request: Request,
) -> Result<Response, WebError> {
    let absent = || WebError::NotFound("Ce PDF n’est pas dans l’archive.".to_owned());
    let hash: Sha256 =
        name.strip_suffix(".pdf").and_then(|hash| hash.parse().ok()).ok_or_else(absent)?;
    refuse_withheld(&state, hash).await?;
    let tag = format!("\"{hash}\"");
    if sent_tags(request.headers()).any(|sent| is_same(sent, &tag)) {
        return Ok(with_name(StatusCode::NOT_MODIFIED.into_response(), &tag, hash));
    }
    let proven = state.catalogue.archive.file(hash).await;
    if matches!(proven, Err(UnprovenPdf::Missing { .. }))
        && state.catalogue.store.document(hash).await?.is_none()
    {
        return Err(absent());
    }
    let proven = proven?;
    let file = ServeFile::new(proven.path());
    let response = file.oneshot(request).await.unwrap_or_else(|never| match never {});
    if response.status() == StatusCode::NOT_FOUND {
        return Err(absent());
    }
    let mut response = response.map(Body::new);
    if response.status() != StatusCode::RANGE_NOT_SATISFIABLE {
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/pdf"));
    }
    Ok(with_name(response, &tag, hash))
}

/// A PDF in which a masked passage can be read is kept, not shown.
pub(crate) async fn refuse_withheld(state: &AppState, document: Sha256) -> Result<(), WebError> {
    if state.catalogue.store.is_withheld(document).await? {
        return Err(WebError::Withheld);
    }
    Ok(())
}

fn with_name(mut response: Response, tag: &str, hash: Sha256) -> Response {
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, FOREVER);
    headers.insert(CONTENT_SECURITY_POLICY, POLICY);
    for (name, value) in
        [(ETAG, tag.to_owned()), (CONTENT_DISPOSITION, format!("inline; filename=\"{hash}.pdf\""))]
    {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(name, value);
        }
    }
    response
}
