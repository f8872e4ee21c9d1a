//! The registry of sources (data) and the walker that goes from a site's pages to its bulletins.
//!
//! It knows nothing of PDFs, SQL or sockets: pages come through [`PageSource`].
//!
//! - [`Registry`] reads `registry.toml`: one entry per source, a hint only for what cannot be
//!   inferred from pages.
//! - [`PageView`] is a page in typed blocks; `judge` says which of its documents are bulletins and
//!   what the page tells of each; `route` says where its other links lead; `plan` in which order,
//!   and when to stop; `walk` joins them without any input or output; [`discover()`] adds the fetching.
//!
//! To add a source, add an entry to `registry.toml` and a fixture under `fixtures/sites` that proves
//! it. A site that the walker does not understand asks for a new kind of block or role, never for a
//! case of its own.

mod address;
mod discover;
mod error;
mod ground;
mod hint;
mod indexed;
mod judge;
mod naming;
mod page;
mod period;
mod plan;
mod record;
mod registry;
mod route;
mod walk;
mod words;

pub use address::{normalise, normalise_url};
pub use discover::{
    DiscoverOptions, Discovery, FailureReason, PageFailure, PageResponse, PageSource, discover,
    discover_with_progress,
};
pub use error::SourcesError;
pub use ground::KnownGround;
pub use hint::{Hint, Unit};
pub use indexed::indexed_bulletin;
pub use page::{Choice, Link, LinkKind, PageView, Pager, Row, Target, list_of};
pub use record::{KeptPage, Recorder, describe_site, platform_of};
pub use registry::Registry;
pub use walk::{Glance, glance};
