//! Why a document could not be read at all. What happens to one page is told by its note.

use std::io::ErrorKind;
use std::path::PathBuf;

/// A document of which nothing could be read. The texts are shown to users: French.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The file could not be opened.
    #[error("{} : fichier illisible : {}", path.display(), in_french(source))]
    Open {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Zero bytes.
    #[error("{} : le fichier est vide (0 octet)", path.display())]
    Empty {
        /// The file.
        path: PathBuf,
    },
    /// Not a PDF by its first bytes.
    #[error("{} : ce n'est pas un PDF, mais {what}", path.display())]
    NotPdf {
        /// The file.
        path: PathBuf,
        /// What it looks like.
        what: &'static str,
    },
    /// Larger than `Limits::file_bytes`.
    #[error("{} : {bytes} octets, plus que la limite de {limit}", path.display())]
    TooBig {
        /// The file.
        path: PathBuf,
        /// Its size.
        bytes: u64,
        /// The limit.
        limit: u64,
    },
    /// Encrypted, and the empty password does not open it.
    #[error("{} : PDF protégé par un mot de passe", path.display())]
    Password {
        /// The file.
        path: PathBuf,
    },
    /// A page could not be shown.
    #[error("{} : page {page} : {why}", path.display())]
    Page {
        /// The file.
        path: PathBuf,
        /// The page, from 1.
        page: u32,
        /// What was seen.
        why: String,
    },
    /// No engine could make anything of it.
    #[error("{} : PDF illisible : {why}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What was seen.
        why: String,
    },
    /// The child could not be started: an installation problem, not the file's fault.
    #[error("impossible de lancer le processus de lecture ({command}) : {source}")]
    Child {
        /// The command.
        command: String,
        /// What the system said.
        source: std::io::Error,
    },
}

fn in_french(error: &std::io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => "il n'existe pas".to_owned(),
        ErrorKind::PermissionDenied => "droit de lecture refusé".to_owned(),
        ErrorKind::IsADirectory => "c'est un dossier".to_owned(),
        _ => error.to_string(),
    }
}

impl ReadError {
    /// True where reading again later cannot help: the file itself is at fault.
    #[must_use]
    pub fn is_permanent(&self) -> bool {
        !matches!(self, Self::Open { .. } | Self::Child { .. })
    }
}
