//! All findings as one SQLite file: written beside the requests, kept while nothing changed.
//!
//! A request waits for it some seconds, then gets the file of before, or is told to come back: however many
//! acts there are, and however many ask, one file is written at a time.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use std::{fs, io};

use chrono::{DateTime, TimeDelta, Utc};
use guetteur_model::{Level, Sha256};
use guetteur_publish::address::Filters;
use guetteur_publish::export::{ExportError, database_layout, write_database};
use guetteur_publish::{Catalogue, CatalogueError};
use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard};
use tokio::time::timeout;

/// Two files are written so far apart at least: under a crawl something changes every second.
const REST: TimeDelta = TimeDelta::minutes(10);
/// How long a request waits.
const PATIENCE: Duration = Duration::from_secs(15);
/// How long the writing may take.
const MOST: Duration = Duration::from_secs(1_800);

/// A file that is whole, and never changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DatabaseFile {
    pub(crate) path: PathBuf,
    /// Names what it was made of.
    pub(crate) tag: String,
    /// The masks that cover what it holds.
    masks: String,
    made_at: DateTime<Utc>,
}

/// Why there is no file.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// It is being written.
    #[error("the SQLite file of all findings is not written yet")]
    Preparing,
    /// It could not be written.
    #[error("writing the SQLite file of all findings failed: {0}")]
    Failed(#[from] ExportError),
}

impl From<io::Error> for DatabaseError {
    fn from(error: io::Error) -> Self {
        Self::Failed(error.into())
    }
}

impl From<CatalogueError> for DatabaseError {
    fn from(error: CatalogueError) -> Self {
        Self::Failed(error.into())
    }
}

/// The file that was written last, and the turn to write the next.
pub struct KeptDatabase {
    folder: PathBuf,
    ready: Mutex<Option<DatabaseFile>>,
    turn: Arc<AsyncMutex<()>>,
}

impl KeptDatabase {
    /// Keeps the file in `folder`, which need not exist.
    #[must_use]
    pub fn new(folder: PathBuf) -> Self {
        Self { folder, ready: Mutex::default(), turn: Arc::default() }
    }

    /// The file of the present state, or of a little before.
    ///
    /// # Errors
    /// See [`DatabaseError`].
    pub(crate) async fn current(
        self: &Arc<Self>,
        catalogue: &Catalogue,
    ) -> Result<DatabaseFile, DatabaseError> {
        let masks = masks(catalogue).await?;
        let tag = tag(catalogue, &masks)?;
        // A file from before a name was masked is given to nobody, however new.
        let covered = |file: &DatabaseFile| file.masks == masks;
        let before = self.ready().filter(covered);
        if let Some(ready) = &before
            && (ready.tag == tag || catalogue.now() - ready.made_at < REST)
        {
            return Ok(ready.clone());
        }
        let Ok(turn) = Arc::clone(&self.turn).try_lock_owned() else {
            if before.is_none() {
                // Whoever has the turn writes what this request waits for.
                let _ = timeout(PATIENCE, self.turn.lock()).await;
            }
            return self.ready().filter(covered).ok_or(DatabaseError::Preparing);
        };
        let (kept, catalogue, of) = (Arc::clone(self), catalogue.clone(), masks.clone());
        let writing = tokio::spawn(async move { kept.write(&catalogue, tag, of, turn).await });
        match timeout(PATIENCE, writing).await {
            Ok(Ok(Err(error))) if before.is_none() => Err(error),
            // What went wrong is in the log.
            _ => self.ready().filter(covered).ok_or(DatabaseError::Preparing),
        }
    }

    fn ready(&self) -> Option<DatabaseFile> {
        let ready = self.ready.lock().unwrap_or_else(PoisonError::into_inner).clone();
        // Whoever clears the folder of another process's files may have removed it.
        ready.filter(|file| file.path.exists())
    }

    async fn write(
        &self,
        catalogue: &Catalogue,
        tag: String,
        masks: String,
        _turn: OwnedMutexGuard<()>,
    ) -> Result<(), DatabaseError> {
        let path = self.folder.join(format!("guetteur-{tag}.sqlite"));
        let written = self.write_unless_there(catalogue, &path).await;
        match written {
            Ok(()) => {
                sweep(&self.folder, &path);
                let file = DatabaseFile { path, tag, masks, made_at: catalogue.now() };
                *self.ready.lock().unwrap_or_else(PoisonError::into_inner) = Some(file);
                Ok(())
            }
            Err(error) => {
                tracing::error!(%error, "guetteur.sqlite stays as it was");
                Err(error)
            }
        }
    }

    /// A process before this one, or beside it, may have written it.
    async fn write_unless_there(
        &self,
        catalogue: &Catalogue,
        path: &Path,
    ) -> Result<(), DatabaseError> {
        if path.exists() {
            return Ok(());
        }
        fs::create_dir_all(&self.folder)?;
        catalogue.see_all().await?;
        let findings = Filters { levels: Level::ALL.to_vec(), ..Filters::parse("") };
        let written = timeout(MOST, write_database(catalogue, &findings, path)).await;
        let acts = written.map_err(|late| io::Error::new(io::ErrorKind::TimedOut, late))??;
        tracing::info!(acts, path = %path.display(), "guetteur.sqlite was written");
        Ok(())
    }
}

/// What the file is made of.
fn tag(catalogue: &Catalogue, masks: &str) -> Result<String, CatalogueError> {
    let revision = catalogue.index.cursor()?;
    let (base_url, version) = (&catalogue.site.base_url, env!("CARGO_PKG_VERSION"));
    let (today, layout) = (catalogue.today(), database_layout());
    let parts = format!("{version}\n{base_url}\n{revision}\n{masks}\n{today}\n{layout}");
    Ok(Sha256::of(parts.as_bytes()).to_string()[..24].to_owned())
}

/// Names the masks that lie now: few.
async fn masks(catalogue: &Catalogue) -> Result<String, CatalogueError> {
    let masks = catalogue.store.masks().await?;
    let all: Vec<String> = masks.iter().map(|mask| mask.id.to_string()).collect();
    Ok(all.join(" "))
}

/// Removes the files of before, and what a writer left that was killed long ago.
fn sweep(folder: &Path, kept: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let (path, name) = (entry.path(), entry.file_name());
        let old = || {
            let changed = entry.metadata().ok().and_then(|file| file.modified().ok());
            changed.and_then(|at| at.elapsed().ok()).is_some_and(|age| age > 2 * MOST)
        };
        let name = name.to_string_lossy();
        let before = name.starts_with("guetteur-") && name.ends_with(".sqlite") && path != kept;
        if before || (name.ends_with(".part") && old()) {
            // Another process may have been first.
            let _ = fs::remove_file(path);
        }
    }
}
