//! Why a document could not be read at all. What happens to one page is told by its note.

use guetteur_model::{Failure, FailureKind};

/// A document of which nothing could be read. It does not name the file: who asked knows it.
/// [`ReadError::failure`] is what to store and to show.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The file could not be opened.
    #[error("the file cannot be opened: {0}")]
    Open(std::io::Error),
    /// Zero bytes.
    #[error("the file is empty")]
    Empty,
    /// Not a PDF by its first bytes.
    #[error("no PDF but {media_type}")]
    NotPdf {
        /// What it looks like.
        media_type: &'static str,
    },
    /// Larger than `Limits::file_bytes`.
    #[error("{bytes} bytes, more than the limit of {limit}")]
    TooBig {
        /// Its size.
        bytes: u64,
        /// The limit.
        limit: u64,
    },
    /// Encrypted, and the empty password does not open it.
    #[error("the PDF asks for a password")]
    Password,
    /// A page could not be shown.
    #[error("page {page} cannot be shown: {why}")]
    Page {
        /// The page, from 1.
        page: u32,
        /// What was seen.
        why: String,
    },
    /// No engine could make anything of it.
    #[error("the PDF cannot be read: {why}")]
    Unreadable {
        /// What was seen.
        why: String,
    },
    /// The child could not be started: an installation problem, not the file's fault.
    #[error("the reading process {command} does not start: {source}")]
    Child {
        /// The command.
        command: String,
        /// What the system said.
        source: std::io::Error,
    },
}

impl ReadError {
    /// What went wrong, as data.
    #[must_use]
    pub fn failure(&self) -> Failure {
        match self {
            Self::Open(source) => Failure::new(FailureKind::Machine, source),
            Self::Empty => Failure::new(FailureKind::WrongContent, "inode/x-empty"),
            Self::NotPdf { media_type } => Failure::new(FailureKind::WrongContent, media_type),
            Self::TooBig { limit, .. } => Failure::new(FailureKind::TooLarge, limit),
            Self::Password => FailureKind::Password.into(),
            Self::Page { why, .. } | Self::Unreadable { why } => {
                Failure::new(FailureKind::Unreadable, why)
            }
            Self::Child { .. } => Failure::new(FailureKind::Machine, self),
        }
    }

    /// True where reading again later cannot help: the file itself is at fault.
    #[must_use]
    pub fn is_permanent(&self) -> bool {
        !self.failure().kind.is_ours()
    }
}
