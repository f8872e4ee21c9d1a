//! A document on its way in: its name is known only when all of it has come.

use std::fs::File;
use std::io::{self, Write};

use guetteur_model::Sha256;
use sha2::Digest;
use tempfile::NamedTempFile;

use crate::{Archive, ArchiveError};

/// A document on its way in; dropped, it leaves nothing behind.
pub struct Incoming<'a> {
    archive: &'a Archive,
    file: NamedTempFile,
    hash: sha2::Sha256,
    size: u64,
}

/// A document that is now in the archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    /// Its name.
    pub sha256: Sha256,
    /// In bytes.
    pub size: u64,
    /// Whether it was not there before.
    pub new: bool,
}

impl<'a> Incoming<'a> {
    pub(crate) fn new(archive: &'a Archive, file: NamedTempFile) -> Self {
        Self { archive, file, hash: sha2::Sha256::new(), size: 0 }
    }

    /// What has come, in bytes.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// What comes next.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), ArchiveError> {
        self.hash.update(bytes);
        self.size += bytes.len() as u64;
        self.file.write_all(bytes).map_err(ArchiveError::folder(self.file.path(), "writing"))
    }

    /// All has come.
    ///
    /// # Errors
    /// When disk or store refuse.
    pub async fn keep(self) -> Result<Kept, ArchiveError> {
        let sha256 = Sha256::from_bytes(self.hash.finalize().into());
        let new = self.archive.take(sha256, self.file, self.size).await?;
        Ok(Kept { sha256, size: self.size, new })
    }
}

/// Gives the file its name in a folder, where there is none of that name: a crash leaves no half
/// document. Gives it, open, if there was none.
pub(crate) fn settle(
    file: NamedTempFile,
    path: &std::path::Path,
) -> Result<Option<File>, ArchiveError> {
    let fail = |action| ArchiveError::folder(path, action);
    let folder = path.parent().unwrap_or(std::path::Path::new("."));
    std::fs::create_dir_all(folder).map_err(fail("making"))?;
    // The name must not appear before the bytes are safe.
    file.as_file().sync_all().map_err(fail("writing"))?;
    set_readable(file.as_file()).map_err(fail("setting the rights of"))?;
    let settled = match file.persist_noclobber(path) {
        Ok(settled) => settled,
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => return Ok(None),
        Err(error) => return Err(fail("writing")(error.error)),
    };
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(fail("writing"))?;
    Ok(Some(settled))
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
