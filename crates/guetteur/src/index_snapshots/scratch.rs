//! The folder in which files of an index come together.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use anyhow::Result;

/// An empty folder that belongs to this process as long as this value lives. What a killed process left in
/// it goes when the next one takes it.
pub(super) struct Scratch {
    path: PathBuf,
    /// Open, and locked.
    _folder: File,
}

impl Scratch {
    pub(super) fn at(path: &Path) -> Result<Self> {
        std::fs::create_dir_all(path)?;
        let folder = File::open(path)?;
        match folder.try_lock() {
            Err(TryLockError::WouldBlock) => {
                anyhow::bail!("une autre copie de l'index est en cours : réessayez après elle")
            }
            // A file system without locks.
            Err(TryLockError::Error(_)) | Ok(()) => {}
        }
        empty(path)?;
        Ok(Self { path: path.to_owned(), _folder: folder })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Err(error) = empty(&self.path) {
            tracing::warn!(folder = %self.path.display(), %error, "what was copied stays there");
        }
    }
}

fn empty(folder: &Path) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        std::fs::remove_file(entry?.path())?;
    }
    Ok(())
}
