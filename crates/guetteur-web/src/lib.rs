//! The site: pages, the JSON API, and what `guetteur-publish` makes sent over HTTP.
//!
//! It knows nothing of how a page was read or an act was flagged, and of no format of a feed or an
//! export: it gives them their addresses, validators and limits.
//!
//! To add one more
//! - *page*: a file in `pages/`, a template, a line in `routes.rs`;
//! - *operation of the API*: a row of `api/operations.rs`;
//! - *chart*: see `figures`.

mod api;
mod api_keys;
mod caching;
mod connections;
mod error;
mod error_page;
mod evidence_boxes;
mod figures;
mod first_readers;
mod kept_database;
mod kept_ends;
mod kept_feeds;
mod limits;
mod listed_act;
mod listing;
mod marked_text;
mod metrics;
mod missing_numbers;
mod operator;
mod operator_token;
mod page;
mod page_parts;
mod page_pictures;
mod pages;
mod patient_stream;
mod places;
mod probes;
mod request_counts;
mod routes;
mod rule_sheet;
mod security;
mod site_config;
mod state;
mod streaming;
mod templates;
mod understood;

use std::future::Future;

use tokio::net::TcpListener;

pub use api_keys::{ApiKey, ApiKeys, MailRight};
pub use connections::ConnectionLimits;
pub use error::WebError;
pub use figures::book::FigureBook;
pub use kept_database::{DatabaseError, KeptDatabase};
pub use kept_ends::KeptEnds;
pub use kept_feeds::KeptFeeds;
pub use metrics::serve_metrics;
pub use missing_numbers::MissingNumbers;
pub use operator_token::OperatorToken;
pub use page_pictures::{PagePictures, PageReader, PictureError, PlacedWord, PlacedWords};
pub use request_counts::RequestCounts;
pub use routes::router;
pub use rule_sheet::{FactSheet, Measure, RuleSheet};
pub use site_config::SiteConfig;
pub use state::AppState;
pub use templates::{ASSETS, TEMPLATES};

/// Serves the site on `listener` until `shutdown` ends; requests under way are finished.
pub async fn serve(
    listener: TcpListener,
    state: AppState,
    limits: ConnectionLimits,
    shutdown: impl Future<Output = ()> + Send + 'static,
) {
    let sparing = tokio::spawn(first_readers::spare(state.clone()));
    connections::serve(listener, router(state), limits, shutdown).await;
    sparing.abort();
}
