//! The full-text index over acts, and the query language.
//!
//! The index is derived: the database is the truth, the index follows it by a revision number that
//! every commit carries ([`SearchIndex::cursor`]). Delete the directory and it is built again. Each
//! machine has its own.
//!
//! The API blocks (disk, CPU): call it from `spawn_blocking`. [`SearchIndex`] is `Send + Sync`;
//! share one in an `Arc`.
//!
//! This crate knows nothing of SQL, HTTP or HTML. A snippet is text and ranges, never mark-up.
//!
//! To add one more
//! - *people's word for an official one*: an entry of `data/vocabulary.toml`, with a query in
//!   `tests/field_queries.rs` that needs it;
//! - *field of the query language*: a row of `query/fields.rs`;
//! - *filter*: a member of [`Filters`], a clause in `compile/filters.rs`;
//! - *indexed fact*: a member of [`ActDocument`], a field in `schema.rs`, and raise
//!   [`INDEX_VERSION`].

mod analysis;
mod compile;
mod document;
mod error;
mod index;
mod phrases;
mod query;
mod request;
mod results;
mod schema;
mod snippet;
mod sums;
mod vocabulary;

pub use document::{ActDocument, IndexChange, IndexedFlag, Subject};
pub use error::SearchError;
pub use index::{Following, Origin, Place, SearchIndex, Sieve};
pub use query::{Publisher, Query, category_of, doubt_of, level_of};
pub use request::{Filters, IdOrder, SearchRequest, Sort};
pub use results::{Expansion, FacetCount, Facets, Hit, SearchResults, Snippet};
pub use sums::{Devices, SHORT_NOTICE_HOURS, Stated, Sums};

/// Version of schema and analysis. An index of another version is thrown away when it is opened for
/// writing, and fed again from the database.
pub const INDEX_VERSION: u32 = 8;
