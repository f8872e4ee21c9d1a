//! Copies of the search index that site nodes hand to one another: a new one begins with the newest and follows
//! the database from there, instead of indexing all acts.
//!
//! `vN/` at `index.snapshots` holds, for version N of the index, files under their hashes and `snapshot.json`,
//! which says of which of them the newest copy is made. Nothing is ever overwritten but that: several machines
//! may write at once, and be cut at any point, and whoever takes a copy gets the one that it began with. A copy
//! takes up only what is new, as the files of an index never change.

mod scratch;

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result};
use chrono::{DateTime, TimeDelta, Utc};
use futures::{StreamExt, TryStreamExt};
use guetteur_archive::{Files, Listed, StoreSettings};
use guetteur_model::{Clock, Sha256};
use guetteur_search::{INDEX_VERSION, Origin, SearchIndex};
use guetteur_store::Store;
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::pipeline::origin;
use scratch::Scratch;

/// What the newest copy is made of.
const MANIFEST: &str = "snapshot.json";
/// A copy is made anew once it is so old: what came since is indexed in minutes.
const OLD: TimeDelta = TimeDelta::hours(20);
/// What no copy names is removed once it lies there for so long: somebody may be writing or taking it.
const LEFT: Duration = Duration::from_hours(24);
/// Files under way at once.
const AT_ONCE: usize = 4;

/// A copy of an index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// The mark of the installation: revisions of another one mean other acts.
    installation: String,
    /// Which life of the database that is; empty where nobody can tell.
    #[serde(default)]
    lineage: String,
    /// The revision of the database that it stands for.
    pub revision: i64,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// Its files.
    files: Vec<SnapshotFile>,
}

/// One file of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct SnapshotFile {
    name: String,
    bytes: u64,
    sha256: Sha256,
}

impl SnapshotFile {
    /// Under its hash: what has this name is this file.
    fn kept_as(&self) -> String {
        under(&self.sha256.to_string())
    }
}

impl Snapshot {
    /// Its files that are not `there`.
    fn lacking(&self, there: &[Listed]) -> Vec<&SnapshotFile> {
        let there: HashMap<&str, u64> =
            there.iter().map(|file| (&*file.name, file.bytes)).collect();
        let is_lacking = |file: &&SnapshotFile| there.get(&*file.kept_as()) != Some(&file.bytes);
        self.files.iter().filter(is_lacking).collect()
    }

    /// Size of all its files.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.bytes).sum()
    }

    /// How many files it has.
    #[must_use]
    pub fn files(&self) -> usize {
        self.files.len()
    }
}

/// The copies at `index.snapshots`, and what this machine needs to make and to take them.
pub struct Snapshots {
    files: Files,
    store: Store,
    clock: Arc<dyn Clock>,
    data: PathBuf,
    index_dir: PathBuf,
    /// The newest copy could not be taken: whatever its age and its hashes, it is made anew.
    is_distrusted: AtomicBool,
}

impl Snapshots {
    /// `None` where the settings say nothing.
    ///
    /// # Errors
    /// When what they say is no place.
    pub fn of(app: &App) -> Result<Option<Self>> {
        let Some(given) = &app.config.index.snapshots else { return Ok(None) };
        let location = guetteur_archive::Location::parse(given);
        let files = location.and_then(|at| Files::open(at, &StoreSettings::of_environment()));
        Ok(Some(Self {
            files: files.with_context(|| format!("index.snapshots « {given} »"))?,
            store: app.store.clone(),
            clock: Arc::clone(&app.clock),
            data: app.config.data.clone(),
            index_dir: app.index_dir(),
            is_distrusted: AtomicBool::new(false),
        }))
    }

    /// Takes the newest copy where this machine has no index yet. Whatever hinders it: the index is built
    /// from the database then.
    pub(crate) async fn begin_with(&self) {
        if SearchIndex::is_fed(&self.index_dir) {
            return;
        }
        match self.take().await {
            Ok(Some(copy)) => tracing::info!(
                revision = copy.revision,
                megabytes = copy.bytes() / 1_000_000,
                "the index begins with that of another machine"
            ),
            Ok(None) => {}
            Err(error) => {
                let error = format!("{error:#}");
                tracing::warn!(error, "no copy of an index can be used: all acts are indexed");
                self.is_distrusted.store(true, Ordering::Relaxed);
            }
        }
    }

    async fn take(&self) -> Result<Option<Snapshot>> {
        let Some(copy) = self.newest().await? else { return Ok(None) };
        anyhow::ensure!(
            self.fits(&copy).await?,
            "it is of another database, or newer than this one"
        );
        let folder = self.scratch()?;
        let fetching: Vec<_> =
            copy.files.iter().map(|file| self.fetch(file, folder.path())).collect();
        futures::stream::iter(fetching).buffer_unordered(AT_ONCE).try_collect::<()>().await?;
        let (dir, from) = (self.index_dir.clone(), folder.path().to_owned());
        tokio::task::spawn_blocking(move || SearchIndex::adopt(&dir, &from)).await??;
        Ok(Some(copy))
    }

    /// Whether this machine's database can go on from there.
    async fn fits(&self, copy: &Snapshot) -> Result<bool> {
        let own = self.store.archive_mark().await?;
        let of = Origin { lineage: copy.lineage.clone(), revision: copy.revision };
        let installed = own.as_ref() == Some(&copy.installation);
        Ok(installed && of.leads_to(&origin(&self.store).await?))
    }

    async fn fetch(&self, file: &SnapshotFile, folder: &Path) -> Result<()> {
        // A name with a slash would leave the folder.
        anyhow::ensure!(!file.name.contains('/'), "{} is no name of a file", file.name);
        let to = folder.join(&file.name);
        let is_there = self.files.get(&file.kept_as(), &to).await?;
        anyhow::ensure!(is_there && hash(&to)? == file.sha256, "{} is not whole", file.name);
        Ok(())
    }

    async fn send(&self, files: &[&SnapshotFile], folder: &Path) -> Result<()> {
        let send = async |file: &SnapshotFile| {
            self.files.put(&file.kept_as(), &folder.join(&file.name)).await
        };
        let sending: Vec<_> = files.iter().map(|file| send(file)).collect();
        Ok(futures::stream::iter(sending).buffer_unordered(AT_ONCE).try_collect::<()>().await?)
    }

    /// Makes a copy now. Gives `None` where the installation has no mark yet (nothing was archived), or the
    /// index holds nothing.
    ///
    /// # Errors
    /// When the index cannot be read, or files cannot be written there.
    pub async fn make(&self, index: &Arc<SearchIndex>) -> Result<Option<Snapshot>> {
        let Some(installation) = self.store.archive_mark().await? else { return Ok(None) };
        let folder = self.scratch()?;
        let (into, from) = (folder.path().to_owned(), Arc::clone(index));
        let cut = tokio::task::spawn_blocking(move || -> Result<_> {
            let of = from.snapshot(&into)?;
            Ok((of, described(&into)?))
        });
        let (Origin { lineage, revision }, files) = cut.await??;
        if revision == 0 {
            return Ok(None);
        }
        let made_at = self.clock.now();
        let copy = Snapshot { installation, lineage, revision, made_at, files };
        anyhow::ensure!(
            self.fits(&copy).await?,
            "the index is of another database, or newer than this one: it is made anew first"
        );
        let before = self.newest().await?;
        let there = match self.is_distrusted.load(Ordering::Relaxed) {
            true => Vec::new(),
            false => self.files.list(&version()).await?,
        };
        self.send(&copy.lacking(&there), folder.path()).await?;
        self.files.set_text(&under(MANIFEST), serde_json::to_string(&copy)?).await?;
        let there = self.files.list(&version()).await?;
        // What another machine took for a left-over meanwhile.
        self.send(&copy.lacking(&there), folder.path()).await?;
        self.remove_left(&there, [Some(&copy), before.as_ref()]).await?;
        self.is_distrusted.store(false, Ordering::Relaxed);
        Ok(Some(copy))
    }

    /// Removes what lies there for long and is named by none of these.
    async fn remove_left(&self, there: &[Listed], named: [Option<&Snapshot>; 2]) -> Result<()> {
        let copies = named.into_iter().flatten();
        let named: HashSet<String> =
            copies.flat_map(|copy| &copy.files).map(SnapshotFile::kept_as).collect();
        // The place has just written it: its own clock tells how long the others lie there.
        let Some(manifest) = there.iter().find(|file| file.name == under(MANIFEST)) else {
            return Ok(());
        };
        let is_left = |file: &&Listed| {
            let lies_there = |put_at: SystemTime| manifest.put_at.duration_since(put_at);
            lies_there(file.put_at).is_ok_and(|time| time > LEFT) && !named.contains(&file.name)
        };
        for file in there.iter().filter(is_left) {
            self.files.remove(&file.name).await?;
        }
        Ok(())
    }

    /// Keeps a copy that is younger than a day, whoever of the machines makes it.
    pub(crate) async fn keep(self, index: Arc<SearchIndex>, stop: CancellationToken) {
        loop {
            if let Err(error) = self.renew(&index).await {
                tracing::warn!(error = format!("{error:#}"), "the index could not be copied");
            }
            tokio::select! {
                () = tokio::time::sleep(Duration::from_hours(1)) => {}
                () = stop.cancelled() => return,
            }
        }
    }

    async fn renew(&self, index: &Arc<SearchIndex>) -> Result<()> {
        if !self.is_distrusted.load(Ordering::Relaxed)
            && let Some(last) = self.newest().await?
            // In the future it is by a wrong clock.
            && (self.clock.now() - last.made_at).abs() < OLD
            && self.fits(&last).await?
        {
            return Ok(());
        }
        if let Some(copy) = self.make(index).await? {
            let megabytes = copy.bytes() / 1_000_000;
            tracing::info!(revision = copy.revision, megabytes, "the index was copied");
        }
        Ok(())
    }

    async fn newest(&self) -> Result<Option<Snapshot>> {
        let Some(text) = self.files.text(&under(MANIFEST)).await? else { return Ok(None) };
        let copy = serde_json::from_str(&text);
        Ok(copy.inspect_err(|error| tracing::warn!(%error, "snapshot.json names no copy")).ok())
    }

    /// Beside the index, so that files only change their names.
    fn scratch(&self) -> Result<Scratch> {
        let path = self.data.join("index-copy");
        Scratch::at(&path).with_context(|| format!("dossier {}", path.display()))
    }
}

fn described(folder: &Path) -> Result<Vec<SnapshotFile>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let (bytes, sha256) = (entry.metadata()?.len(), hash(&entry.path())?);
        let name = entry.file_name().into_string();
        files.extend(name.ok().map(|name| SnapshotFile { name, bytes, sha256 }));
    }
    files.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(files)
}

fn hash(path: &Path) -> Result<Sha256> {
    Ok(Sha256::of_reader(File::open(path)?)?)
}

fn version() -> String {
    format!("v{INDEX_VERSION}")
}

fn under(name: &str) -> String {
    format!("{}/{name}", version())
}

#[cfg(test)]
mod tests;
