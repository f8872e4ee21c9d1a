//! The one HTTP error type. Handlers return it; the layer below turns it into a page, or into JSON
//! under `/api/`, and logs what was our fault, once.

use axum::Json;
use axum::extract::{Request, State};
use axum::http::HeaderValue;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, WWW_AUTHENTICATE};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use serde_json::json;

use crate::catalogue::CatalogueError;
use crate::export::ExportError;
use crate::page::Head;
use crate::page_pictures::PictureError;
use crate::state::AppState;
use crate::templates::{self, fields};

/// Why a request has no answer.
#[derive(Debug, thiserror::Error)]
pub enum WebError {
    /// Nothing stands at that address; the words say what was looked for.
    #[error("{0}")]
    NotFound(String),
    /// The address is not one we understand; the words say why.
    #[error("{0}")]
    BadRequest(String),
    /// The operator masks a passage of this PDF.
    #[error("the document is withheld")]
    Withheld,
    /// The operator's token is missing or wrong.
    #[error("not the operator")]
    NotOperator,
    /// The address asked too often; seconds until it may again.
    #[error("too many requests")]
    TooMany(i64),
    /// Database or index failed.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    /// A page could not be filled.
    #[error("filling a page failed: {0:#}")]
    Template(#[from] minijinja::Error),
    /// A letter could not be filled.
    #[error(transparent)]
    Letter(#[from] crate::letters::LetterError),
    /// An export failed before its first byte.
    #[error(transparent)]
    Export(#[from] ExportError),
    /// A feed could not be written.
    #[error("writing a feed failed: {0}")]
    Feed(String),
    /// A chart could not be drawn.
    #[error("drawing a chart failed: {0}")]
    Drawing(String),
    /// A page could not be shown as a picture.
    #[error(transparent)]
    Picture(#[from] PictureError),
    /// A file of the archive could not be read.
    #[error("reading the archive failed: {0}")]
    Io(#[from] std::io::Error),
}

impl From<guetteur_store::StoreError> for WebError {
    fn from(error: guetteur_store::StoreError) -> Self {
        Self::Catalogue(error.into())
    }
}

impl WebError {
    fn status(&self) -> StatusCode {
        match self {
            Self::NotFound(_) => StatusCode::NOT_FOUND,
            Self::BadRequest(_) => StatusCode::BAD_REQUEST,
            Self::Withheld => StatusCode::UNAVAILABLE_FOR_LEGAL_REASONS,
            Self::NotOperator => StatusCode::UNAUTHORIZED,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Catalogue(CatalogueError::Store(error)) if error.is_transient() => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            Self::Picture(PictureError::Busy) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Picture(PictureError::Page { .. }) => StatusCode::NOT_FOUND,
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// What readers are told. The innards stay in the log.
    fn message(&self) -> String {
        match self {
            Self::NotFound(words) | Self::BadRequest(words) => words.clone(),
            Self::Withheld => crate::pages::WITHHELD.to_owned(),
            Self::NotOperator => "Cette page demande le jeton de l’exploitant (réglage \
                                  site.operator_token), comme mot de passe ; le nom est libre."
                .to_owned(),
            Self::TooMany(seconds) => format!(
                "Trop de requêtes à la fois depuis cette adresse. Revenez dans {seconds} s."
            ),
            Self::Picture(PictureError::Busy) => {
                "Trop d’images de pages sont demandées à la fois. Réessayez dans un instant."
                    .to_owned()
            }
            Self::Picture(PictureError::Page { .. }) => {
                "Cette page ne peut pas être montrée en image. Le PDF archivé la contient."
                    .to_owned()
            }
            _ if self.status() == StatusCode::SERVICE_UNAVAILABLE => {
                "La base de données est occupée. Réessayez dans un instant.".to_owned()
            }
            _ => "Guetteur n’a pas pu préparer cette page. L’erreur est notée dans son journal ; \
                  les données archivées ne sont pas touchées."
                .to_owned(),
        }
    }
}

/// Carried by the bare response to the layer that has what a page needs.
#[derive(Clone)]
struct Told(String);

impl IntoResponse for WebError {
    fn into_response(self) -> Response {
        let status = self.status();
        if status.is_server_error() {
            tracing::error!(error = %self, "a request failed");
        }
        let mut response = status.into_response();
        if status == StatusCode::UNAUTHORIZED {
            let ask = HeaderValue::from_static("Basic realm=\"exploitation\", charset=\"UTF-8\"");
            response.headers_mut().insert(WWW_AUTHENTICATE, ask);
        }
        response.extensions_mut().insert(Told(self.message()));
        response
    }
}

/// No route has this address.
pub(crate) async fn no_such_page() -> WebError {
    WebError::NotFound("Il n’y a pas de page à cette adresse.".to_owned())
}

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
        None if status == StatusCode::METHOD_NOT_ALLOWED => {
            "Cette adresse se lit seulement (GET).".to_owned()
        }
        None => return response,
    };
    // What the handler said in headers (when to come back) still holds; its body does not.
    let mut headers = response.headers().clone();
    headers.remove(CONTENT_LENGTH);
    headers.remove(CONTENT_TYPE);
    (headers, told(&state, &path, status, message)).into_response()
}

fn told(state: &AppState, path: &str, status: StatusCode, message: String) -> Response {
    if path.starts_with("/api/") {
        return (status, Json(json!({ "error": message }))).into_response();
    }
    let title = match status {
        StatusCode::UNAUTHORIZED => "Réservé à l’exploitant",
        StatusCode::NOT_FOUND => "Page introuvable",
        StatusCode::BAD_REQUEST => "Adresse incomprise",
        StatusCode::METHOD_NOT_ALLOWED => "Méthode refusée",
        StatusCode::UNAVAILABLE_FOR_LEGAL_REASONS => "Passage masqué",
        StatusCode::TOO_MANY_REQUESTS => "Trop de requêtes",
        StatusCode::SERVICE_UNAVAILABLE => "Service occupé",
        _ => "Erreur",
    };
    let mut head = Head::new(title, path);
    head.noindex = true;
    let context = fields! { site => state.site, head, message, status => status.as_u16() };
    match templates::render("error.html", context) {
        Ok(page) => (status, Html(page)).into_response(),
        Err(error) => {
            tracing::error!(%error, "the error page could not be filled");
            (status, message).into_response()
        }
    }
}
