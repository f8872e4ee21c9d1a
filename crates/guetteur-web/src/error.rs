//! The one HTTP error type. Handlers return it; `error_page.rs` makes a page of it.

use axum::http::header::{RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use guetteur_archive::{ArchiveError, UnprovenPdf};
use guetteur_publish::CatalogueError;
use guetteur_publish::export::ExportError;
use guetteur_publish::letters::LetterError;
use guetteur_publish::published::WITHHELD;

use crate::kept_database::DatabaseError;
use crate::page_pictures::PictureError;

/// Seconds until a file that is being written may be there.
const PREPARING_S: u32 = 30;
/// Seconds of a day.
const DAY_S: i64 = 24 * 60 * 60;

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
    /// The key of a program is missing or wrong.
    #[error("no key")]
    NoKey,
    /// The key does not open that; the words say why.
    #[error("{0}")]
    Forbidden(String),
    /// It stands otherwise than it was asked for; the words say how.
    #[error("{0}")]
    Conflict(String),
    /// The address asked too often; seconds until it may again.
    #[error("too many requests")]
    TooMany(i64),
    /// A mailbox, or all together, got enough letters to confirm today.
    #[error("enough letters to confirm for a day")]
    EnoughLetters,
    /// Database or index failed.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    /// A page could not be filled.
    #[error("filling a page failed: {0:#}")]
    Template(#[from] minijinja::Error),
    /// A letter could not be filled.
    #[error(transparent)]
    Letter(#[from] LetterError),
    /// An export failed before its first byte.
    #[error(transparent)]
    Export(#[from] ExportError),
    /// The SQLite file is not written.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// A chart could not be drawn.
    #[error("drawing a chart failed: {0}")]
    Drawing(String),
    /// A page could not be shown as a picture.
    #[error(transparent)]
    Picture(#[from] PictureError),
    /// A PDF of the archive is not what its name says.
    #[error(transparent)]
    Unproven(#[from] UnprovenPdf),
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
            Self::NotOperator | Self::NoKey => StatusCode::UNAUTHORIZED,
            Self::Forbidden(_) => StatusCode::FORBIDDEN,
            Self::Conflict(_) => StatusCode::CONFLICT,
            Self::TooMany(_) | Self::EnoughLetters => StatusCode::TOO_MANY_REQUESTS,
            Self::Catalogue(CatalogueError::Store(error)) if error.is_transient() => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            Self::Picture(PictureError::Busy) | Self::Database(DatabaseError::Preparing) => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            error if error.is_of_the_store() => StatusCode::SERVICE_UNAVAILABLE,
            Self::Picture(PictureError::Page { .. }) => StatusCode::NOT_FOUND,
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The store of the archive does not answer: nothing is wrong with the PDF.
    fn is_of_the_store(&self) -> bool {
        let (Self::Unproven(error) | Self::Picture(PictureError::Unproven(error))) = self else {
            return false;
        };
        matches!(error, UnprovenPdf::Unreadable(ArchiveError::Store { .. }))
    }

    /// What readers are told. The innards stay in the log.
    fn message(&self) -> String {
        match self {
            Self::NotFound(words)
            | Self::BadRequest(words)
            | Self::Forbidden(words)
            | Self::Conflict(words) => words.clone(),
            Self::NoKey => {
                "Cette adresse demande une clé que donne l’exploitant (réglage api_key) : \
                            en-tête Authorization: Bearer …"
                    .to_owned()
            }
            Self::Withheld => WITHHELD.to_owned(),
            Self::NotOperator => "Cette page demande le jeton de l’exploitant (réglage \
                                  site.operator_token), comme mot de passe ; le nom est libre."
                .to_owned(),
            Self::TooMany(seconds) => format!(
                "Trop de requêtes à la fois depuis cette adresse. Revenez dans {seconds} s."
            ),
            Self::EnoughLetters => "Cette boîte, ou toutes ensemble, ont reçu assez de lettres à \
                                    confirmer pour aujourd’hui : rien n’est noté, redemandez demain."
                .to_owned(),
            Self::Picture(PictureError::Busy) => {
                "Trop d’images de pages sont demandées à la fois. Réessayez dans un instant."
                    .to_owned()
            }
            Self::Database(DatabaseError::Preparing) => {
                format!("Ce fichier est en cours d’écriture. Revenez dans {PREPARING_S} s.")
            }
            Self::Picture(PictureError::Page { .. }) => {
                "Cette page ne peut pas être montrée en image. Le PDF archivé la contient."
                    .to_owned()
            }
            error if error.is_of_the_store() => {
                "Le stockage des PDF ne répond pas. Réessayez dans \
                                                 un instant."
                    .to_owned()
            }
            Self::Unproven(_) | Self::Picture(PictureError::Unproven(_)) => {
                "Le PDF archivé n’est plus intact : ses octets ne sont plus ceux dont \
                                  l’empreinte a été relevée, ou ils manquent. Il n’est donc pas \
                                  montré. L’exploitant en est averti par son journal ; une \
                                  sauvegarde le rend."
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

/// What the reader is told: carried by the bare response to the layer that has what a page needs
/// (`error_page.rs`).
#[derive(Clone)]
pub(crate) struct Told(pub(crate) String);

impl IntoResponse for WebError {
    fn into_response(self) -> Response {
        let status = self.status();
        if status.is_server_error() {
            tracing::error!(error = %self, "a request failed");
        }
        let mut response = status.into_response();
        if status == StatusCode::UNAUTHORIZED {
            let ask = match self {
                Self::NoKey => HeaderValue::from_static("Bearer realm=\"api\""),
                _ => HeaderValue::from_static("Basic realm=\"exploitation\", charset=\"UTF-8\""),
            };
            response.headers_mut().insert(WWW_AUTHENTICATE, ask);
        }
        let again_in = match self {
            Self::Database(DatabaseError::Preparing) => Some(i64::from(PREPARING_S)),
            Self::TooMany(seconds) => Some(seconds),
            Self::EnoughLetters => Some(DAY_S),
            _ => None,
        };
        response.headers_mut().extend(again_in.map(|s| (RETRY_AFTER, HeaderValue::from(s))));
        response.extensions_mut().insert(Told(self.message()));
        response
    }
}

/// No route has this address.
pub(crate) fn no_such_page() -> WebError {
    WebError::NotFound("Il n’y a pas de page à cette adresse.".to_owned())
}
