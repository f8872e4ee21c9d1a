//! What can go wrong with the archive.

use std::io;
use std::path::{Path, PathBuf};

use guetteur_model::Sha256;

/// The archive could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// A folder or a file in it: of the archive, or of what is kept near.
    #[error("archive: {action} {path} failed ({source}); check the free space and the rights of the folder", path = path.display())]
    Folder {
        /// What could not be made, read or written.
        path: PathBuf,
        /// What was done to it, as a participle.
        action: &'static str,
        /// What the system said.
        source: io::Error,
    },
    /// The store refused, or did not answer.
    #[error("archive: {action} {address} failed ({why}); {advice}", advice = trouble.advice())]
    Store {
        /// The object, as `s3://bucket/key`.
        address: String,
        /// What was done to it, as a participle.
        action: &'static str,
        /// What this calls for.
        trouble: StoreTrouble,
        /// The deepest cause.
        why: String,
    },
    /// All was copied into an archive that has the mark of another one.
    #[error(
        "archive: {archive} holds all documents now, but has the mark of another archive; if it is to be this database's, set archive.url to it and run « guetteur archive adopt »"
    )]
    Marked {
        /// Where it lies.
        archive: String,
    },
    /// `archive.url` cannot be used.
    #[error("archive.url « {given} »: {why}; give s3://BUCKET/PREFIX or a folder")]
    Address {
        /// As it was given.
        given: String,
        /// What is wrong with it.
        why: String,
    },
}

/// What an operator has to do about a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoreTrouble {
    /// Unknown key, wrong secret, no right to the bucket.
    Credentials,
    /// There is no such bucket.
    NoBucket,
    /// It has no room left.
    Full,
    /// It answers with an error of its own, as some do that are full (SeaweedFS).
    Failing,
    /// It does not answer.
    Down,
}

impl StoreTrouble {
    fn advice(self) -> &'static str {
        match self {
            Self::Credentials => {
                "check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and their rights on the bucket"
            }
            Self::NoBucket => "make the bucket, or mend archive.url",
            Self::Full => "the store is full: make room, nothing that is kept is lost",
            Self::Failing => "its own log says why: is it full?",
            Self::Down => "check that the store answers at AWS_ENDPOINT_URL",
        }
    }

    /// Where the library's types do not tell, what the store itself said does: by its code alone where
    /// it gave one, for its message may name anything.
    pub(crate) fn of(error: &object_store::Error) -> Self {
        use object_store::Error;
        let said = innermost(error);
        let telling = element(&said, "Code").unwrap_or(&said);
        let says = |words: &[&str]| words.iter().any(|word| telling.contains(word));
        match error {
            _ if says(&["NoSuchBucket"]) => Self::NoBucket,
            Error::Unauthenticated { .. } | Error::PermissionDenied { .. } => Self::Credentials,
            // Some answer 400 to a key that they do not know.
            _ if says(&["401 ", "403 ", "AccessDenied", "InvalidAccessKeyId", "Signature"]) => {
                Self::Credentials
            }
            _ if says(&["507 ", "QuotaExceeded", "StorageFull", "no free volumes"]) => Self::Full,
            _ if says(&["500 ", "502 ", "503 ", "InternalError", "SlowDown", "Unavailable"]) => {
                Self::Failing
            }
            _ => Self::Down,
        }
    }
}

/// What the deepest cause says: the layers above repeat it. Of an answer in XML, its code and message.
pub(crate) fn deepest(error: &object_store::Error) -> String {
    let said = innermost(error);
    match (said.split_once('<'), element(&said, "Code"), element(&said, "Message")) {
        (Some((head, _)), Some(code), Some(message)) => {
            format!("{} {code}: {message}", head.trim())
        }
        _ => said,
    }
}

fn innermost(error: &object_store::Error) -> String {
    let top: &(dyn std::error::Error + 'static) = error;
    let causes = std::iter::successors(Some(top), |&cause| cause.source());
    causes.last().map(ToString::to_string).unwrap_or_default()
}

/// The text of an element of an answer in XML.
fn element<'a>(said: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = said.split_once(&format!("<{name}>"))?;
    Some(rest.split_once(&format!("</{name}>"))?.0)
}

impl ArchiveError {
    pub(crate) fn folder(path: &Path, action: &'static str) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Folder { path, action, source }
    }
}

/// Why an archived PDF is not given out.
#[derive(Debug, thiserror::Error)]
pub enum UnprovenPdf {
    /// There is no such file or object.
    #[error(
        "{place} is missing from the archive: restore it from a backup (guetteur verify lists all)"
    )]
    Missing {
        /// Where it should be.
        place: String,
    },
    /// It has other bytes.
    #[error(
        "{place} was altered: its SHA-256 is now {found}; restore it from a backup (guetteur verify lists all)"
    )]
    Altered {
        /// Where it is.
        place: String,
        /// The hash of its bytes.
        found: Sha256,
    },
    /// It cannot be read to its end.
    #[error(transparent)]
    Unreadable(#[from] ArchiveError),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trouble_is_told_by_its_code() {
        let told = |said: &str| {
            StoreTrouble::of(&object_store::Error::Generic { store: "S3", source: said.into() })
        };
        let xml = |code: &str, message: &str| {
            format!("Server: <Error><Code>{code}</Code><Message>{message}</Message></Error>")
        };
        for (said, expected) in [
            (xml("NoSuchBucket", "…"), StoreTrouble::NoBucket),
            (xml("SignatureDoesNotMatch", "…"), StoreTrouble::Credentials),
            (xml("XMinioStorageFull", "…"), StoreTrouble::Full),
            (xml("SlowDown", "AccessDenied/403 .pdf in Signature"), StoreTrouble::Failing),
            ("403 Forbidden".to_owned(), StoreTrouble::Credentials),
            ("507 Insufficient Storage".to_owned(), StoreTrouble::Full),
            ("connection refused".to_owned(), StoreTrouble::Down),
        ] {
            assert_eq!(told(&said), expected, "{said}");
        }
    }
}
