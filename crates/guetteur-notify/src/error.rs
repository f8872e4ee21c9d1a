//! The one error type of this crate.

use guetteur_publish::CatalogueError;
use guetteur_search::SearchError;
use guetteur_store::StoreError;

/// What keeps alerts from being looked for or put in words. That a message was not delivered is no
/// error: it is noted with the message.
#[derive(Debug, thiserror::Error)]
pub enum NotifyError {
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Database or index failed.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    /// The index failed.
    #[error(transparent)]
    Search(#[from] SearchError),
    /// A search was stopped half-way.
    #[error("the search did not end: {0}")]
    Stopped(#[from] tokio::task::JoinError),
    /// A message could not be put in words: a mistake of ours.
    #[error("composing a message failed: {0:#}")]
    Template(#[from] minijinja::Error),
    /// A message could not be written as JSON: a mistake of ours.
    #[error("writing a message as JSON failed: {0}")]
    Json(#[from] serde_json::Error),
    /// A setting cannot be used.
    #[error("{key} : {reason}")]
    Setting {
        /// `section.key`.
        key: &'static str,
        /// What is wrong, and what to write instead.
        reason: String,
    },
    /// What became of a message could not be noted; why is said by the error that goes with it.
    #[error("what became of a message could not be noted")]
    Unnoted,
    /// A letter is no valid mail.
    #[error("composing a letter failed: {0}")]
    Letter(String),
}
