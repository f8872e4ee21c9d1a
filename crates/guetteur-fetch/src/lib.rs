//! Polite HTTP.
//!
//! The only crate that opens sockets to the outside. [`Client`] sends one request at a time to a
//! host and to the address behind it, with a pause between two; leaves a host that refuses alone
//! for hours; obeys robots.txt; identifies itself; follows redirects itself (so that `--mirror` can
//! replay any site); retries what may pass; and says in plain words what
//! went wrong. A page that stands in the place of another (`challenge.rs`, `challenges.toml`) is a
//! refusal. Names that lead to private addresses are not followed, on any hop (`names.rs`).
//! A host may have hours, a proxy or a browser of its own ([`SiteAccess`]). PDFs go into a
//! [`guetteur_archive::Archive`].
//!
//! It knows nothing of what a bulletin is. To add a check on what comes in, add a variant to
//! [`FetchError`], say its [`guetteur_model::FailureKind`], and raise it in `download.rs` (PDFs) or `page.rs` (HTML).

mod admission;
mod body;
mod browser;
mod browsing;
mod challenge;
mod circuit;
mod client;
mod config;
mod download;
mod error;
mod host;
mod mirror;
mod names;
mod page;
mod retry;
mod robots;
mod shared_pause;
mod transport;

pub use browser::{Browser, BrowserError, BrowserOptions, CHROMEDRIVER, Shown};
pub use client::Client;
pub use config::{FetchConfig, SiteAccess};
pub use download::Download;
pub use error::FetchError;
pub use host::Resolver;
pub use mirror::Mirror;
pub use names::{Names, NotPublic, is_public};
pub use page::HtmlPage;
pub use retry::parse_retry_after;
pub use transport::Transport;

/// What a server gave to ask later « has it changed? ».
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Validators {
    /// `ETag`, as sent.
    pub etag: Option<String>,
    /// `Last-Modified`, as sent.
    pub last_modified: Option<String>,
}

/// The answer to a conditional request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Conditional<T> {
    /// 304: what we have is still current.
    NotModified,
    /// The content.
    Got(T),
}
