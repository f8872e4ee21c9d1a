//! What is kept of a store on this machine, so that it is not fetched for each reader. The store is
//! the truth: whatever lies here may go at any time.

use std::fs::{File, FileTimes};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use guetteur_model::{Clock, Sha256, SystemClock};
use tempfile::NamedTempFile;

use crate::folder::{self, INCOMING};
use crate::incoming::settle;
use crate::proven::{Proven, ProvenFile};
use crate::{ArchiveError, Near};

/// A folder of documents, `ab/abcd….pdf`, that does not outgrow its size. Its methods block.
#[derive(Debug)]
pub(crate) struct NearFolder {
    root: PathBuf,
    limit_bytes: u64,
    proven: Proven,
}

struct KeptFile {
    path: PathBuf,
    bytes: u64,
    used_at: SystemTime,
}

impl NearFolder {
    pub(crate) fn open(near: Near) -> Result<Self, ArchiveError> {
        folder::prepare(&near.folder)?;
        Ok(Self { root: near.folder, limit_bytes: near.limit_bytes, proven: Proven::default() })
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    fn path(&self, sha256: Sha256) -> PathBuf {
        let hex = sha256.to_string();
        self.root.join(&hex[..2]).join(format!("{hex}.pdf"))
    }

    /// The document, if it lies here; an altered one goes, for the store has it.
    pub(crate) fn file(&self, sha256: Sha256) -> Option<ProvenFile> {
        let path = self.path(sha256);
        // Held before it is proven: nobody makes room with it any more.
        let file = File::open(&path).ok()?;
        let _ = file.try_lock_shared();
        if self.proven.prove(sha256, &path).is_err() {
            let _ = std::fs::remove_file(&path);
            return None;
        }
        // Not the time of modification, by which a proven file is known again. A file system without
        // these times makes room in another order.
        let _ = file.set_times(FileTimes::new().set_accessed(SystemClock.now().into()));
        Some(ProvenFile::new(path, Some(file)))
    }

    /// Keeps a document that is known to be sound, and makes room for it. Gives it, unless another
    /// process that had it too made room of it just now.
    pub(crate) fn take(
        &self,
        sha256: Sha256,
        file: NamedTempFile,
    ) -> Result<Option<ProvenFile>, ArchiveError> {
        let path = self.path(sha256);
        let Some(held) = settle(file, &path)? else { return Ok(self.file(sha256)) };
        // On its way it was ours alone; from now on it is in use by whoever reads it.
        let _ = held.try_lock_shared();
        self.make_room().map_err(ArchiveError::folder(&self.root, "making room in"))?;
        Ok(Some(ProvenFile::new(path, Some(held))))
    }

    /// Removes what was not used for longest until a tenth is free; never what is in use.
    fn make_room(&self) -> io::Result<()> {
        let mut files = self.files()?;
        let mut total: u64 = files.iter().map(|file| file.bytes).sum();
        if total <= self.limit_bytes {
            return Ok(());
        }
        files.sort_by_key(|file| file.used_at);
        for file in files {
            if total <= self.limit_bytes / 10 * 9 {
                break;
            }
            let is_free = File::open(&file.path).is_ok_and(|open| open.try_lock().is_ok());
            if is_free && std::fs::remove_file(&file.path).is_ok() {
                total -= file.bytes;
            }
        }
        Ok(())
    }

    fn files(&self) -> io::Result<Vec<KeptFile>> {
        let mut files = Vec::new();
        for inner in std::fs::read_dir(&self.root)? {
            let inner = inner?;
            if inner.file_name() == INCOMING || !inner.file_type()?.is_dir() {
                continue;
            }
            for entry in std::fs::read_dir(inner.path())? {
                let entry = entry?;
                // Another process may make room just now.
                let Ok(about) = entry.metadata() else { continue };
                let used_at = about.accessed().or_else(|_| about.modified())?;
                files.push(KeptFile { path: entry.path(), bytes: about.len(), used_at });
            }
        }
        Ok(files)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn put(near: &NearFolder, bytes: &[u8]) -> Sha256 {
        let mut file = folder::new_file(near.root()).expect("file");
        file.write_all(bytes).expect("written");
        let sha256 = Sha256::of(bytes);
        near.take(sha256, file).expect("kept");
        sha256
    }

    fn near(folder: &Path, limit_bytes: u64) -> NearFolder {
        NearFolder::open(Near { folder: folder.join("near"), limit_bytes }).expect("near")
    }

    #[test]
    fn what_was_used_last_stays_and_what_is_in_use_is_never_taken() {
        let folder = tempfile::tempdir().expect("folder");
        let near = near(folder.path(), 1_000);
        let (first, second) = (put(&near, &[1; 400]), put(&near, &[2; 400]));
        let in_use = near.file(first).expect("near");
        let third = put(&near, &[3; 400]);
        assert!(near.file(first).is_some(), "in use");
        assert!(near.file(second).is_none(), "made room");
        assert!(near.file(third).is_some(), "the newcomer");
        drop(in_use);
        let alone = put(&near, &[4; 5_000]);
        assert!(near.file(alone).is_some(), "larger than all that may be kept, and wanted now");
        assert!(near.file(first).is_none() && near.file(third).is_none());
    }

    #[test]
    fn an_altered_file_goes() {
        let folder = tempfile::tempdir().expect("folder");
        let near = near(folder.path(), 1_000);
        let sha256 = put(&near, b"%PDF entier");
        let path = near.file(sha256).expect("near").path().to_owned();
        std::fs::remove_file(&path).expect("removed");
        std::fs::write(&path, b"%PDF mordu").expect("altered");
        assert!(near.file(sha256).is_none());
        assert!(!path.exists());
    }
}
