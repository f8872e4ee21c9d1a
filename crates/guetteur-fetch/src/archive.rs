//! The archive: every document under its SHA-256, written once.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use guetteur_model::Sha256;
use sha2::Digest;
use tempfile::NamedTempFile;

/// The archive could not be read or written.
#[derive(Debug, thiserror::Error)]
#[error("archive: {action} {path} failed ({source}); check the free space and the rights of the folder", path = path.display())]
pub struct ArchiveError {
    path: PathBuf,
    action: &'static str,
    source: io::Error,
}

/// A folder of documents: `ab/cd/abcd….pdf`. Nothing in it is ever overwritten.
#[derive(Debug, Clone)]
pub struct Archive {
    root: PathBuf,
}

impl Archive {
    /// Opens the archive in `root`, made if missing.
    ///
    /// # Errors
    /// When the folder can be neither found nor made.
    pub fn open(root: impl Into<PathBuf>) -> Result<Self, ArchiveError> {
        let root = root.into();
        let incoming = root.join("incoming");
        std::fs::create_dir_all(&incoming).map_err(|source| ArchiveError {
            path: incoming,
            action: "making",
            source,
        })?;
        Ok(Self { root })
    }

    /// Where a document is or would be.
    #[must_use]
    pub fn path(&self, sha256: Sha256) -> PathBuf {
        let hex = sha256.to_string();
        self.root.join(&hex[..2]).join(&hex[2..4]).join(format!("{hex}.pdf"))
    }

    /// Whether the document is there.
    #[must_use]
    pub fn contains(&self, sha256: Sha256) -> bool {
        self.path(sha256).is_file()
    }

    /// Keeps `bytes`.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn keep(&self, bytes: &[u8]) -> Result<Sha256, ArchiveError> {
        let mut incoming = self.incoming()?;
        incoming.write(bytes)?;
        incoming.keep().map(|kept| kept.sha256)
    }

    /// Starts a document that comes in pieces.
    pub(crate) fn incoming(&self) -> Result<Incoming<'_>, ArchiveError> {
        let dir = self.root.join("incoming");
        let file = NamedTempFile::new_in(&dir).map_err(|source| ArchiveError {
            path: dir,
            action: "writing",
            source,
        })?;
        Ok(Incoming { archive: self, file, hash: sha2::Sha256::new(), size: 0 })
    }
}

/// A document on its way in; dropped, it leaves nothing behind.
pub(crate) struct Incoming<'a> {
    archive: &'a Archive,
    file: NamedTempFile,
    hash: sha2::Sha256,
    size: u64,
}

/// A document that is now in the archive.
pub(crate) struct Kept {
    pub(crate) sha256: Sha256,
    pub(crate) size: u64,
    /// Whether it was not there before.
    pub(crate) new: bool,
}

impl Incoming<'_> {
    pub(crate) fn size(&self) -> u64 {
        self.size
    }

    pub(crate) fn write(&mut self, bytes: &[u8]) -> Result<(), ArchiveError> {
        self.hash.update(bytes);
        self.size += bytes.len() as u64;
        self.file.write_all(bytes).map_err(|source| ArchiveError {
            path: self.file.path().to_owned(),
            action: "writing",
            source,
        })
    }

    pub(crate) fn keep(self) -> Result<Kept, ArchiveError> {
        let sha256 = Sha256::from_bytes(self.hash.finalize().into());
        let path = self.archive.path(sha256);
        let size = self.size;
        let fail = |action, source| ArchiveError { path: path.clone(), action, source };
        if path.is_file() {
            return Ok(Kept { sha256, size, new: false });
        }
        let dir = path.parent().unwrap_or(Path::new("."));
        std::fs::create_dir_all(dir).map_err(|e| fail("making", e))?;
        // The name must not appear before the bytes are safe: a crash leaves no half document.
        self.file.as_file().sync_all().map_err(|e| fail("writing", e))?;
        set_readable(self.file.as_file()).map_err(|e| fail("setting the rights of", e))?;
        match self.file.persist_noclobber(&path) {
            Ok(_) => {}
            Err(e) if e.error.kind() == io::ErrorKind::AlreadyExists => {
                return Ok(Kept { sha256, size, new: false });
            }
            Err(e) => return Err(fail("writing", e.error)),
        }
        File::open(dir).and_then(|dir| dir.sync_all()).map_err(|e| fail("writing", e))?;
        Ok(Kept { sha256, size, new: true })
    }
}

/// Temporary files are private; archived ones are for every reader of the machine, and for no writer.
#[cfg(unix)]
fn set_readable(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(std::fs::Permissions::from_mode(0o444))
}

#[cfg(not(unix))]
fn set_readable(_file: &File) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_once_and_never_overwrites() {
        let dir = tempfile::tempdir().expect("dir");
        let archive = Archive::open(dir.path()).expect("archive");
        let hash = archive.keep(b"%PDF-1.4 a").expect("keep");
        assert_eq!(hash, Sha256::of(b"%PDF-1.4 a"));
        let path = archive.path(hash);
        let before = std::fs::metadata(&path).and_then(|m| m.modified()).expect("file");
        assert_eq!(archive.keep(b"%PDF-1.4 a").expect("again"), hash);
        assert_eq!(std::fs::metadata(&path).and_then(|m| m.modified()).expect("file"), before);
        assert!(std::fs::metadata(&path).expect("file").permissions().readonly());
        let left = std::fs::read_dir(dir.path().join("incoming")).expect("incoming").count();
        assert_eq!(left, 0, "nothing half-written stays");
    }

    #[test]
    fn an_impossible_folder_is_named() {
        let error = Archive::open("/dev/null/archive").expect_err("not a folder");
        assert!(error.to_string().contains("/dev/null/archive"), "{error}");
    }
}
