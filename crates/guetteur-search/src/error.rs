//! What can go wrong with an index.

use std::path::PathBuf;

/// Errors of the index. What a user types is never one: see [`crate::Query::notes`].
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// Another process (or another `SearchIndex` of this one) writes to the directory.
    #[error(
        "cannot open the search index {} for writing: another process writes to it; stop it, or \
         open the index read-only", dir.display()
    )]
    Locked {
        /// Directory of the index.
        dir: PathBuf,
    },
    /// A read-only open of a directory without a usable index.
    #[error(
        "no usable search index in {}: {why}; run `guetteur reindex` or start `guetteur watch`",
        dir.display()
    )]
    NotBuilt {
        /// Directory of the index.
        dir: PathBuf,
        /// What is missing or differs.
        why: String,
    },
    /// [`crate::SearchIndex::apply`] on an index that was opened read-only.
    #[error("the search index {} was opened read-only: it cannot be changed here", dir.display())]
    ReadOnly {
        /// Directory of the index.
        dir: PathBuf,
    },
    /// The directory could not be created, moved or removed.
    #[error("cannot {doing} the search index {}: {source}", dir.display())]
    Directory {
        /// `create`, `discard`.
        doing: &'static str,
        /// Directory of the index.
        dir: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The engine failed.
    #[error("cannot {doing} the search index: {source}")]
    Engine {
        /// `open`, `write to`, `search`.
        doing: &'static str,
        /// Why.
        source: Box<tantivy::TantivyError>,
    },
}

impl SearchError {
    pub(crate) fn engine(doing: &'static str) -> impl FnOnce(tantivy::TantivyError) -> Self {
        move |source| Self::Engine { doing, source: Box::new(source) }
    }
}
