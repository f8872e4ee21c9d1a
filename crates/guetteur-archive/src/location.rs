//! Where an archive lies.

use std::fmt;
use std::path::{Path, PathBuf};

use url::Url;

use crate::ArchiveError;

/// Where an archive lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// A folder of this machine, or one that it shares.
    Folder(PathBuf),
    /// A bucket of an S3-compatible store, and what its names begin with.
    Store {
        /// The bucket.
        bucket: String,
        /// Without slashes at its ends; may be empty.
        prefix: String,
    },
}

/// Keys, address and region of a store, under the names of the variables that every tool for such
/// stores knows: `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_ENDPOINT_URL`, `AWS_REGION`…
#[derive(Clone, Default, PartialEq, Eq)]
pub struct StoreSettings(Vec<(String, String)>);

impl StoreSettings {
    /// Those of this process.
    #[must_use]
    pub fn of_environment() -> Self {
        let variables = std::env::vars_os();
        Self(
            variables
                .filter_map(|(name, value)| {
                    Some((name.into_string().ok()?, value.into_string().ok()?))
                })
                .filter(|(name, _)| name.starts_with("AWS_"))
                .collect(),
        )
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The address of a store that is not Amazon's.
    pub(crate) fn endpoint(&self) -> Option<&str> {
        let names = ["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT"];
        names.iter().find_map(|wanted| {
            self.iter().find(|(name, _)| name == wanted).map(|(_, endpoint)| endpoint)
        })
    }
}

impl FromIterator<(String, String)> for StoreSettings {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(variables: I) -> Self {
        Self(variables.into_iter().collect())
    }
}

/// Without the values: keys are among them.
impl fmt::Debug for StoreSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter().map(|(name, _)| name)).finish()
    }
}

/// What is kept of a store on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Near {
    /// The folder, made if missing.
    pub folder: PathBuf,
    /// What it may grow to, in bytes; the documents in use are kept whatever it says.
    pub limit_bytes: u64,
}

impl Location {
    /// `s3://BUCKET/PREFIX`, `file:///FOLDER` or a folder.
    ///
    /// # Errors
    /// When it is none of these.
    pub fn parse(given: &str) -> Result<Self, ArchiveError> {
        let wrong =
            |why: &str| ArchiveError::Address { given: given.to_owned(), why: why.to_owned() };
        if !given.contains("://") {
            return match given.trim() {
                "" => Err(wrong("it is empty")),
                folder => Ok(Self::Folder(folder.into())),
            };
        }
        let url = Url::parse(given).map_err(|error| wrong(&error.to_string()))?;
        match url.scheme() {
            "file" => {
                let folder = url.to_file_path().map_err(|()| wrong("it names no folder"))?;
                Ok(Self::Folder(folder))
            }
            "s3" => {
                if !url.username().is_empty() || url.password().is_some() {
                    return Err(ArchiveError::Address {
                        given: "s3://…".to_owned(),
                        why: "keys belong into AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY".into(),
                    });
                }
                let bucket = url.host_str().filter(|bucket| !bucket.is_empty());
                let bucket = bucket.ok_or_else(|| wrong("it names no bucket"))?.to_owned();
                Ok(Self::Store { bucket, prefix: url.path().trim_matches('/').to_owned() })
            }
            scheme => Err(wrong(&format!("{scheme}:// is no kind of archive"))),
        }
    }
}

impl From<&Path> for Location {
    fn from(folder: &Path) -> Self {
        Self::Folder(folder.to_owned())
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(folder) => folder.display().fmt(f),
            Self::Store { bucket, prefix } if prefix.is_empty() => write!(f, "s3://{bucket}"),
            Self::Store { bucket, prefix } => write!(f, "s3://{bucket}/{prefix}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_location_is_told_as_it_was_given() {
        for given in ["s3://raa", "s3://raa/france/pdf", "/srv/archive", "./data/archive"] {
            assert_eq!(Location::parse(given).expect(given).to_string(), given);
        }
        let same = Location::parse("s3://raa/france/").expect("a slash more");
        assert_eq!(same.to_string(), "s3://raa/france");
        let file = Location::parse("file:///srv/archive").expect("file");
        assert_eq!(file, Location::Folder("/srv/archive".into()));
    }

    #[test]
    fn what_is_no_location_is_said() {
        for given in ["", "s3://", "gs://raa", "https://s3.example/raa"] {
            assert!(Location::parse(given).is_err(), "{given}");
        }
        let told = Location::parse("s3://cle:secret@raa").expect_err("keys").to_string();
        assert!(!told.contains("secret") || told.contains("AWS_SECRET"), "{told}");
        assert!(!told.contains("cle:"), "{told}");
    }
}
