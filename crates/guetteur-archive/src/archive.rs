//! The archive, wherever it lies.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use guetteur_model::Sha256;
use tempfile::NamedTempFile;
use tokio::sync::Mutex;

use crate::folder::{self, Folder, MARK};
use crate::incoming::Incoming;
use crate::near::NearFolder;
use crate::objects::Objects;
use crate::proven::ProvenFile;
use crate::{ArchiveError, Location, Near, StoreSettings, UnprovenPdf};

/// Documents that are brought near at once, as far as their names tell them apart.
const LANES: usize = 64;

/// How a document of the archive stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Soundness {
    /// The bytes have the hash that names them.
    Sound,
    /// It is there with other bytes, or cannot be read to its end.
    Altered,
    /// There is no such file or object.
    Missing,
}

/// What lies in an archive, by the names alone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listing {
    /// The documents, in no order.
    pub documents: Vec<Sha256>,
    /// Other files among them.
    pub strangers: usize,
}

/// All documents. A sound document is never overwritten. Clones share it.
#[derive(Debug, Clone)]
pub struct Archive {
    place: Arc<Place>,
}

#[derive(Debug)]
enum Place {
    Folder(Arc<Folder>),
    Store(Box<Remote>),
}

/// A store, and what is kept of it near.
#[derive(Debug)]
struct Remote {
    objects: Objects,
    near: Arc<NearFolder>,
    location: Location,
    /// Readers of PDFs ask for one in many pieces at once: the first brings it near, the others wait.
    lanes: [Mutex<()>; LANES],
}

impl Archive {
    /// Opens the archive in the folder `root`, made if missing.
    ///
    /// # Errors
    /// When the folder can be neither found nor made.
    pub fn open(root: impl Into<PathBuf>) -> Result<Self, ArchiveError> {
        let folder = Arc::new(Folder::open(root.into())?);
        Ok(Self { place: Arc::new(Place::Folder(folder)) })
    }

    /// Opens the archive at `location`; `near` is used where that is a store. The store itself is
    /// not asked yet.
    ///
    /// # Errors
    /// When a folder can be neither found nor made, or the settings of the store are wrong.
    pub fn open_at(
        location: Location,
        near: Near,
        settings: &StoreSettings,
    ) -> Result<Self, ArchiveError> {
        let (bucket, prefix) = match &location {
            Location::Folder(folder) => return Self::open(folder),
            Location::Store { bucket, prefix } => (bucket, prefix),
        };
        let objects = Objects::open(bucket, prefix, settings)?;
        let near = Arc::new(NearFolder::open(near)?);
        let lanes = std::array::from_fn(|_| Mutex::default());
        Ok(Self {
            place: Arc::new(Place::Store(Box::new(Remote { objects, near, location, lanes }))),
        })
    }

    /// Where it lies.
    #[must_use]
    pub fn location(&self) -> Location {
        match &*self.place {
            Place::Folder(folder) => folder.root().into(),
            Place::Store(remote) => remote.location.clone(),
        }
    }

    /// Where a document lies or would lie on this machine's disks; nowhere if the archive is a
    /// store. Whoever wants to read it takes [`Archive::file`].
    #[must_use]
    pub fn path(&self, sha256: Sha256) -> Option<PathBuf> {
        match &*self.place {
            Place::Folder(folder) => Some(folder.path(sha256)),
            Place::Store(_) => None,
        }
    }

    /// The folder on this machine to which documents are written first: its disk must have room.
    #[must_use]
    pub fn local_folder(&self) -> &Path {
        match &*self.place {
            Place::Folder(folder) => folder.root(),
            Place::Store(remote) => remote.near.root(),
        }
    }

    /// Whether the document is there, by its name alone.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn contains(&self, sha256: Sha256) -> Result<bool, ArchiveError> {
        match &*self.place {
            Place::Folder(folder) => {
                let folder = Arc::clone(folder);
                Ok(blocking(move || folder.contains(sha256)).await)
            }
            Place::Store(remote) => Ok(remote.objects.size(sha256).await?.is_some()),
        }
    }

    /// Whether at least one of these documents is there. All of them missing is a disk that is not
    /// mounted or another archive, one of them missing is damage.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn contains_any(&self, documents: &[Sha256]) -> Result<bool, ArchiveError> {
        for sha256 in documents {
            if self.contains(*sha256).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether all of these documents are there.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn contains_all(&self, documents: &[Sha256]) -> Result<bool, ArchiveError> {
        for sha256 in documents {
            if !self.contains(*sha256).await? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Reads the document where it is kept for good, and compares its hash with its name.
    ///
    /// # Errors
    /// When the store does not answer or the file does not open: then nobody knows.
    pub async fn soundness(&self, sha256: Sha256) -> Result<Soundness, ArchiveError> {
        match &*self.place {
            Place::Folder(folder) => {
                let folder = Arc::clone(folder);
                blocking(move || folder.soundness(sha256)).await
            }
            Place::Store(remote) => remote.objects.soundness(sha256).await,
        }
    }

    /// All documents, by their names alone.
    ///
    /// # Errors
    /// When a folder or the store cannot be listed.
    pub async fn documents(&self) -> Result<Listing, ArchiveError> {
        match &*self.place {
            Place::Folder(folder) => {
                let folder = Arc::clone(folder);
                blocking(move || folder.documents()).await
            }
            Place::Store(remote) => remote.objects.documents().await,
        }
    }

    /// The document as a file of this machine whose bytes are those that its name says; brought
    /// near first where the archive is a store.
    ///
    /// # Errors
    /// When it is missing, altered or cannot be read.
    pub async fn file(&self, sha256: Sha256) -> Result<ProvenFile, UnprovenPdf> {
        match &*self.place {
            Place::Folder(folder) => {
                let folder = Arc::clone(folder);
                blocking(move || folder.file(sha256)).await
            }
            Place::Store(remote) => remote.file(sha256).await,
        }
    }

    /// What tells this archive from all others; none in one that was never marked.
    ///
    /// # Errors
    /// When folder or store cannot be read.
    pub async fn mark(&self) -> Result<Option<String>, ArchiveError> {
        let mark = match &*self.place {
            Place::Folder(folder) => {
                let folder = Arc::clone(folder);
                blocking(move || folder.mark()).await?
            }
            Place::Store(remote) => remote.objects.text(MARK).await?,
        };
        Ok(mark.map(|mark| mark.trim().to_owned()).filter(|mark| !mark.is_empty()))
    }

    /// Marks an archive that has no mark. Gives the one that stands there.
    ///
    /// # Errors
    /// When folder or store cannot be written.
    pub async fn set_mark(&self, mark: &str) -> Result<String, ArchiveError> {
        if let Some(there) = self.mark().await? {
            return Ok(there);
        }
        let line = format!("{mark}\n");
        match &*self.place {
            Place::Folder(folder) => {
                let folder = Arc::clone(folder);
                blocking(move || folder.set_mark(&line)).await?;
            }
            Place::Store(remote) => remote.objects.set_text(MARK, line).await?,
        }
        // Another process may have been first; while it writes, a store may show nothing.
        Ok(self.mark().await?.unwrap_or_else(|| mark.to_owned()))
    }

    /// Keeps `bytes`.
    ///
    /// # Errors
    /// When disk or store refuse.
    pub async fn keep(&self, bytes: &[u8]) -> Result<Sha256, ArchiveError> {
        let mut incoming = self.incoming()?;
        incoming.write(bytes)?;
        Ok(incoming.keep().await?.sha256)
    }

    /// Starts a document that comes in pieces.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn incoming(&self) -> Result<Incoming<'_>, ArchiveError> {
        Ok(Incoming::new(self, folder::new_file(self.local_folder())?))
    }

    /// Takes a document that has come in. Gives whether it was not there.
    pub(crate) async fn take(
        &self,
        sha256: Sha256,
        file: NamedTempFile,
        size: u64,
    ) -> Result<bool, ArchiveError> {
        match &*self.place {
            Place::Folder(folder) => {
                let folder = Arc::clone(folder);
                blocking(move || folder.take(sha256, file)).await
            }
            Place::Store(remote) => remote.take(sha256, file, size).await,
        }
    }
}

impl Remote {
    async fn file(&self, sha256: Sha256) -> Result<ProvenFile, UnprovenPdf> {
        let lane = usize::from(sha256.as_bytes()[0]) % LANES;
        let _turn = self.lanes[lane].lock().await;
        loop {
            let near = Arc::clone(&self.near);
            if let Some(file) = blocking(move || near.file(sha256)).await {
                return Ok(file);
            }
            let mut file = folder::new_file(self.near.root())?;
            self.objects.read(sha256, file.as_file_mut(), self.near.root()).await?;
            let near = Arc::clone(&self.near);
            if let Some(file) = blocking(move || near.take(sha256, file)).await? {
                return Ok(file);
            }
        }
    }

    async fn take(
        &self,
        sha256: Sha256,
        mut file: NamedTempFile,
        size: u64,
    ) -> Result<bool, ArchiveError> {
        let there = self.objects.size(sha256).await?;
        let is_sound =
            there == Some(size) && self.objects.soundness(sha256).await? == Soundness::Sound;
        if !is_sound {
            if there.is_some() {
                tracing::warn!(%sha256, "an altered object of the archive is replaced by its bytes");
            }
            self.objects.put(sha256, file.as_file_mut(), size).await?;
        }
        let near = Arc::clone(&self.near);
        // It is safe in the store, whatever becomes of it here.
        if let Err(error) = blocking(move || near.take(sha256, file)).await {
            tracing::warn!(%error, "a document is not kept near");
        }
        Ok(there.is_none())
    }
}

/// Runs what waits for a disk beside the other tasks.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}

#[cfg(test)]
mod tests;
