//! Pages, feeds, exports and the JSON API, rendered on the server from the store and the index.
//!
//! It knows nothing of how a page was read or an act was flagged. One list has one address and many
//! formats by suffix ([`listing`]): page, Atom, RSS, JSON Feed, iCalendar, CSV, XLSX, JSON Lines are
//! written from the same acts ([`published`]).
//!
//! To add one more
//! - *page*: a file in `pages/`, a template, a line in `routes.rs`;
//! - *filter of lists*: see [`address`];
//! - *column of exports*: a row of `export/columns.rs`;
//! - *feed format*: a file in `feeds/` and a suffix in [`listing`];
//! - *chart*: see `figures`.

pub mod address;
mod alerts;
mod api;
mod caching;
mod catalogue;
mod error;
mod evidence_boxes;
pub mod export;
mod facts;
pub mod failure_words;
pub mod feeds;
mod figures;
mod french;
mod health;
mod indexing;
mod json;
mod letters;
mod limits;
mod lines;
pub mod listing;
mod mailbox;
mod marked_text;
mod operator;
mod page;
mod page_pictures;
mod pages;
pub mod published;
mod routes;
mod security;
mod standing;
mod state;
mod streaming;
pub mod subscribing;
mod templates;
mod told_act;

use std::future::Future;
use std::net::SocketAddr;

use tokio::net::TcpListener;

pub use catalogue::CatalogueError;
pub use error::WebError;
pub use figures::book::FigureBook;
pub use indexing::index_changes;
pub use letters::{LetterError, Letters};
pub use limits::RequestCounts;
pub use listing::export_to;
pub use operator::OperatorToken;
pub use page_pictures::{PagePictures, PageReader, PictureError, PlacedWord, PlacedWords};
pub use published::PublishedAct;
pub use routes::router;
pub use state::{AppState, PdfArchive, RuleMeasure, RuleSheet, SiteConfig};
pub use templates::escape_html;
pub use told_act::ToldAct;

/// Serves the site on `listener` until `shutdown` ends; requests under way are finished.
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    listener: TcpListener,
    state: AppState,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let service = router(state).into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, service).with_graceful_shutdown(shutdown).await
}
