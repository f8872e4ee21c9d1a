//! The archive: every document under its SHA-256, written once.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use guetteur_model::Sha256;
use sha2::Digest;
use tempfile::NamedTempFile;

use crate::leftovers;

/// Where documents are written before they have their name.
const INCOMING: &str = "incoming";

/// The archive could not be read or written.
#[derive(Debug, thiserror::Error)]
#[error("archive: {action} {path} failed ({source}); check the free space and the rights of the folder", path = path.display())]
pub struct ArchiveError {
    path: PathBuf,
    action: &'static str,
    source: io::Error,
}

impl ArchiveError {
    /// What could not be made or written.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What the system said.
    #[must_use]
    pub fn cause(&self) -> &io::Error {
        &self.source
    }
}

/// How a document of the archive stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Soundness {
    /// The bytes have the hash that names them.
    Sound,
    /// The file is there with other bytes, or cannot be read to its end.
    Altered,
    /// There is no such file.
    Missing,
}

/// A folder of documents: `ab/cd/abcd….pdf`. A sound document is never overwritten.
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
        let incoming = root.join(INCOMING);
        std::fs::create_dir_all(&incoming).map_err(|source| ArchiveError {
            path: incoming.clone(),
            action: "making",
            source,
        })?;
        leftovers::sweep(&incoming);
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

    /// Reads the document and compares its hash with its name. It blocks.
    #[must_use]
    pub fn soundness(&self, sha256: Sha256) -> Soundness {
        match File::open(self.path(sha256)).and_then(Sha256::of_reader) {
            Ok(hash) if hash == sha256 => Soundness::Sound,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Soundness::Missing,
            Ok(_) | Err(_) => Soundness::Altered,
        }
    }

    /// All documents, by their names alone; and how many other files lie among them. It blocks.
    ///
    /// # Errors
    /// When a folder cannot be listed.
    pub fn documents(&self) -> Result<(Vec<Sha256>, usize), ArchiveError> {
        let (mut documents, mut others) = (Vec::new(), 0);
        let mut folders = vec![self.root.clone()];
        while let Some(folder) = folders.pop() {
            let fail = |source| ArchiveError { path: folder.clone(), action: "listing", source };
            for entry in std::fs::read_dir(&folder).map_err(fail)? {
                let entry = entry.map_err(fail)?;
                let path = entry.path();
                if entry.file_type().map_err(fail)?.is_dir() {
                    if path != self.root.join(INCOMING) {
                        folders.push(path);
                    }
                    continue;
                }
                let name = path.file_stem().and_then(|stem| stem.to_str()?.parse().ok());
                match name.filter(|name| self.path(*name) == path) {
                    Some(name) => documents.push(name),
                    None => others += 1,
                }
            }
        }
        Ok((documents, others))
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
        let dir = self.root.join(INCOMING);
        let file = leftovers::new_file(&dir).map_err(|source| ArchiveError {
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
        match self.archive.soundness(sha256) {
            Soundness::Sound => return Ok(Kept { sha256, size, new: false }),
            Soundness::Altered => {
                tracing::warn!(%sha256, "an altered file of the archive is replaced by its bytes");
                std::fs::remove_file(&path).map_err(|e| fail("replacing", e))?;
            }
            Soundness::Missing => {}
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
    fn what_a_kill_cut_goes_and_what_is_on_its_way_stays() {
        let dir = tempfile::tempdir().expect("dir");
        let archive = Archive::open(dir.path()).expect("archive");
        let left = dir.path().join(INCOMING).join(".tmpCoupe");
        std::fs::write(&left, "%PDF-1.4 cou").expect("left by a kill");
        let mut coming = archive.incoming().expect("incoming");
        coming.write(b"%PDF-1.4 en route").expect("written");
        Archive::open(dir.path()).expect("another process starts");
        assert!(!left.exists());
        let kept = coming.keep().expect("kept");
        assert_eq!(archive.soundness(kept.sha256), Soundness::Sound);
    }

    #[test]
    fn a_damaged_document_is_known_and_mended_by_the_same_bytes() {
        let dir = tempfile::tempdir().expect("dir");
        let archive = Archive::open(dir.path()).expect("archive");
        let hash = archive.keep(b"%PDF-1.4 entier").expect("keep");
        let other = archive.keep(b"%PDF-1.4 autre").expect("keep");
        std::fs::write(dir.path().join("notes.txt"), "").expect("a stranger");
        let misplaced = dir.path().join(archive.path(other).file_name().expect("name"));
        std::fs::copy(archive.path(other), misplaced).expect("a copy elsewhere");
        let (mut listed, others) = archive.documents().expect("listed");
        listed.sort_unstable();
        let mut expected = [hash, other];
        expected.sort_unstable();
        assert_eq!((&*listed, others), (&expected[..], 2));

        std::fs::remove_file(archive.path(hash)).expect("removed");
        assert_eq!(archive.soundness(hash), Soundness::Missing);
        std::fs::write(archive.path(hash), b"%PDF-1.4 entieR").expect("a bit flips");
        assert_eq!(archive.soundness(hash), Soundness::Altered);
        assert_eq!(archive.soundness(other), Soundness::Sound);
        archive.keep(b"%PDF-1.4 entier").expect("fetched again");
        assert_eq!(archive.soundness(hash), Soundness::Sound);
    }

    #[test]
    fn an_impossible_folder_is_named() {
        let error = Archive::open("/dev/null/archive").expect_err("not a folder");
        assert!(error.to_string().contains("/dev/null/archive"), "{error}");
    }
}
