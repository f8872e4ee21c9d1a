//! What readers see of an error: a page; JSON under `/api/`; words where a list is asked for in another
//! format.

use axum::Json;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use guetteur_publish::fields;
use guetteur_publish::formats::ListFormat;
use serde_json::json;

use crate::api::SUBSCRIPTIONS;
use crate::error::Told;
use crate::page::{Head, filled};
use crate::state::AppState;

/// Gives errors their page, or their JSON.
pub(crate) async fn show_errors(
    State(state): State<AppState>,
    request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path().to_owned();
    let response = next.run(request).await;
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return response;
    }
    let message = match response.extensions().get::<Told>() {
        Some(Told(message)) => message.clone(),
        None if status == StatusCode::METHOD_NOT_ALLOWED => match path.starts_with(SUBSCRIPTIONS) {
            true => format!(
                "Cette méthode n’y fait rien : GET et POST sur {SUBSCRIPTIONS} ; GET, PATCH et \
                     DELETE sur un abonnement."
            ),
            false => "Cette adresse se lit seulement (GET).".to_owned(),
        },
        None => match refused_before(&response) {
            Some(words) => words.to_owned(),
            None => return response,
        },
    };
    // What the handler said in headers (when to come back) still holds; its body does not.
    let mut headers = response.headers().clone();
    headers.remove(CONTENT_LENGTH);
    headers.remove(CONTENT_TYPE);
    (headers, told(&state, &path, status, message)).into_response()
}

/// What is said of a request that no handler saw: axum's own words are English, and for its users.
fn refused_before(response: &Response) -> Option<&'static str> {
    let kind = response.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    if !kind.is_some_and(|kind| kind.starts_with("text/plain")) {
        return None;
    }
    match response.status() {
        StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY => {
            Some("Cette adresse, ou ce qui y est envoyé, n’est pas compris.")
        }
        StatusCode::PAYLOAD_TOO_LARGE => Some("Ce qui est envoyé est trop long."),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => Some(
            "Attendu un formulaire (Content-Type: application/x-www-form-urlencoded), envoyé par la \
             page qui le montre.",
        ),
        _ => None,
    }
}

fn told(state: &AppState, path: &str, status: StatusCode, message: String) -> Response {
    if path.starts_with("/api/") {
        return (status, Json(json!({ "error": message }))).into_response();
    }
    // What asks for a list in a format of programs reads words, not a page.
    if status == StatusCode::BAD_REQUEST && ListFormat::split(path).1.is_some() {
        return (status, message).into_response();
    }
    let title = match status {
        StatusCode::UNAUTHORIZED => "Réservé à l’exploitant",
        StatusCode::NOT_FOUND => "Page introuvable",
        StatusCode::BAD_REQUEST => "Adresse incomprise",
        StatusCode::METHOD_NOT_ALLOWED => "Méthode refusée",
        StatusCode::PAYLOAD_TOO_LARGE => "Trop long",
        StatusCode::UNAVAILABLE_FOR_LEGAL_REASONS => "Passage masqué",
        StatusCode::TOO_MANY_REQUESTS => "Trop de requêtes",
        StatusCode::SERVICE_UNAVAILABLE => "Service occupé",
        _ => "Erreur",
    };
    let mut head = Head::new(title, path);
    head.noindex = true;
    let body = fields! { message, status => status.as_u16() };
    match filled(state, "error.html", head, body) {
        Ok(page) => (status, Html(page)).into_response(),
        Err(error) => {
            tracing::error!(%error, "the error page could not be filled");
            (status, message).into_response()
        }
    }
}
