//! An archive in a folder: `ab/cd/abcd….pdf`. A sound document is never overwritten.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use guetteur_model::Sha256;
use tempfile::NamedTempFile;

use crate::incoming::settle;
use crate::proven::{Proven, ProvenFile};
use crate::{ArchiveError, Listing, Soundness, UnprovenPdf, leftovers};

/// Where documents are written before they have their name.
pub(crate) const INCOMING: &str = "incoming";

/// The file that tells this archive from all others.
pub(crate) const MARK: &str = "archive-mark";

/// A folder of documents. Its methods block.
#[derive(Debug)]
pub(crate) struct Folder {
    root: PathBuf,
    proven: Proven,
}

/// Makes the folder's `incoming` and removes what a kill left there.
pub(crate) fn prepare(root: &Path) -> Result<(), ArchiveError> {
    let incoming = root.join(INCOMING);
    std::fs::create_dir_all(&incoming).map_err(ArchiveError::folder(&incoming, "making"))?;
    leftovers::sweep(&incoming);
    Ok(())
}

/// A file for a document on its way in.
pub(crate) fn new_file(root: &Path) -> Result<NamedTempFile, ArchiveError> {
    let folder = root.join(INCOMING);
    leftovers::new_file(&folder).map_err(ArchiveError::folder(&folder, "writing"))
}

/// The place of a document under the root of an archive, whatever its kind.
pub(crate) fn key(sha256: Sha256) -> String {
    let hex = sha256.to_string();
    format!("{}/{}/{hex}.pdf", &hex[..2], &hex[2..4])
}

impl Folder {
    pub(crate) fn open(root: PathBuf) -> Result<Self, ArchiveError> {
        prepare(&root)?;
        Ok(Self { root, proven: Proven::default() })
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn path(&self, sha256: Sha256) -> PathBuf {
        self.root.join(key(sha256))
    }

    pub(crate) fn contains(&self, sha256: Sha256) -> bool {
        self.path(sha256).is_file()
    }

    /// A file that does not open may be whole: rights, a server that went away.
    pub(crate) fn soundness(&self, sha256: Sha256) -> Result<Soundness, ArchiveError> {
        let path = self.path(sha256);
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Soundness::Missing),
            Err(error) => return Err(ArchiveError::folder(&path, "opening")(error)),
        };
        Ok(match Sha256::of_reader(file) {
            Ok(hash) if hash == sha256 => Soundness::Sound,
            Ok(_) | Err(_) => Soundness::Altered,
        })
    }

    pub(crate) fn file(&self, sha256: Sha256) -> Result<ProvenFile, UnprovenPdf> {
        let path = self.path(sha256);
        self.proven.prove(sha256, &path)?;
        Ok(ProvenFile::new(path, None))
    }

    pub(crate) fn documents(&self) -> Result<Listing, ArchiveError> {
        let mut listing = Listing::default();
        let mut folders = vec![self.root.clone()];
        while let Some(folder) = folders.pop() {
            let fail = || ArchiveError::folder(&folder, "listing");
            for entry in std::fs::read_dir(&folder).map_err(fail())? {
                let entry = entry.map_err(fail())?;
                let path = entry.path();
                if entry.file_type().map_err(fail())?.is_dir() {
                    if path != self.root.join(INCOMING) {
                        folders.push(path);
                    }
                    continue;
                }
                if path == self.root.join(MARK) {
                    continue;
                }
                let name = path.file_stem().and_then(|stem| stem.to_str()?.parse().ok());
                match name.filter(|name| self.path(*name) == path) {
                    Some(name) => listing.documents.push(name),
                    None => listing.strangers += 1,
                }
            }
        }
        Ok(listing)
    }

    pub(crate) fn mark(&self) -> Result<Option<String>, ArchiveError> {
        let path = self.root.join(MARK);
        match std::fs::read_to_string(&path) {
            Ok(mark) => Ok(Some(mark)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(ArchiveError::folder(&path, "reading")(error)),
        }
    }

    /// Sets the mark where there is none.
    pub(crate) fn set_mark(&self, mark: &str) -> Result<(), ArchiveError> {
        let path = self.root.join(MARK);
        let failed = || ArchiveError::folder(&path, "writing");
        let mut file = new_file(&self.root)?;
        file.write_all(mark.as_bytes()).map_err(failed())?;
        settle(file, &path).map(drop)
    }

    pub(crate) fn take(&self, sha256: Sha256, file: NamedTempFile) -> Result<bool, ArchiveError> {
        let path = self.path(sha256);
        match self.soundness(sha256)? {
            Soundness::Sound => return Ok(false),
            Soundness::Altered => {
                tracing::warn!(%sha256, "an altered file of the archive is replaced by its bytes");
                std::fs::remove_file(&path).map_err(ArchiveError::folder(&path, "replacing"))?;
            }
            Soundness::Missing => {}
        }
        Ok(settle(file, &path)?.is_some())
    }
}
