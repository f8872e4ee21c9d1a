//! Copies of the search index that site nodes hand to one another: a new one begins with the newest and follows
//! the database from there, instead of indexing all acts.
//!
//! `vN/` at `index.snapshots` holds, for version N of the index, the files of its segments under their
//! own names (they never change, so that a copy takes up only what is new) and `snapshot.json`, which
//! names those of the newest copy with their hashes.

use std::collections::{HashMap, HashSet};
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context, Result};
use chrono::{DateTime, TimeDelta, Utc};
use futures::{StreamExt, TryStreamExt};
use guetteur_archive::{Files, StoreSettings};
use guetteur_model::{Clock, Sha256};
use guetteur_search::{INDEX_VERSION, SearchIndex};
use guetteur_store::Store;
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;

use crate::app::App;

/// What the newest copy is made of.
const MANIFEST: &str = "snapshot.json";
/// A copy is made anew once it is so old: what came since is indexed in minutes.
const OLD: TimeDelta = TimeDelta::hours(20);
/// Files under way at once.
const AT_ONCE: usize = 4;

/// A copy of an index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// The mark of the installation: revisions of another one mean other acts.
    installation: String,
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

impl Snapshot {
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
        let own = self.store.archive_mark().await?;
        if own.as_ref() != Some(&copy.installation) || copy.revision > self.store.revision().await?
        {
            anyhow::bail!("it is of another database, or newer than this one");
        }
        let folder = self.scratch()?;
        let fetching: Vec<_> =
            copy.files.iter().map(|file| self.fetch(file, folder.path())).collect();
        futures::stream::iter(fetching).buffer_unordered(AT_ONCE).try_collect::<()>().await?;
        let (dir, from) = (self.index_dir.clone(), folder.path().to_owned());
        tokio::task::spawn_blocking(move || SearchIndex::adopt(&dir, &from)).await??;
        Ok(Some(copy))
    }

    async fn fetch(&self, file: &SnapshotFile, folder: &Path) -> Result<()> {
        // A name with a slash would leave the folder.
        anyhow::ensure!(!file.name.contains('/'), "{} is no name of a file", file.name);
        let to = folder.join(&file.name);
        let is_there = self.files.get(&under(&file.name), &to).await?;
        anyhow::ensure!(is_there && hash(&to)? == file.sha256, "{} is not whole", file.name);
        Ok(())
    }

    async fn send(&self, file: &SnapshotFile, folder: &Path) -> Result<()> {
        Ok(self.files.put(&under(&file.name), &folder.join(&file.name)).await?)
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
            let revision = from.snapshot(&into)?;
            Ok((revision, described(&into)?))
        });
        let (revision, described) = cut.await??;
        if revision == 0 {
            return Ok(None);
        }
        let whole = !self.is_distrusted.load(Ordering::Relaxed);
        let last = self.newest().await?.filter(|_| whole);
        let there = last.into_iter().flat_map(|last| last.files);
        let there: HashMap<String, Sha256> = there.map(|file| (file.name, file.sha256)).collect();
        let is_new = |file: &&SnapshotFile| there.get(&file.name) != Some(&file.sha256);
        let new: Vec<&SnapshotFile> = described.iter().filter(is_new).collect();
        let sending: Vec<_> = new.into_iter().map(|file| self.send(file, folder.path())).collect();
        futures::stream::iter(sending).buffer_unordered(AT_ONCE).try_collect::<()>().await?;
        let copy = Snapshot { installation, revision, made_at: self.clock.now(), files: described };
        self.files.set_text(&under(MANIFEST), serde_json::to_string(&copy)?).await?;
        self.remove_but(&copy, &there).await?;
        self.is_distrusted.store(false, Ordering::Relaxed);
        Ok(Some(copy))
    }

    /// Removes what neither this copy names nor the one before, which a machine may be taking just now.
    async fn remove_but(&self, copy: &Snapshot, before: &HashMap<String, Sha256>) -> Result<()> {
        let named: HashSet<&str> = copy.files.iter().map(|file| &*file.name).collect();
        for name in self.files.names(&version()).await? {
            let bare = name.rsplit('/').next().unwrap_or(&name);
            if bare != MANIFEST && !named.contains(bare) && !before.contains_key(bare) {
                self.files.remove(&name).await?;
            }
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
        let is_young = |last: Snapshot| self.clock.now() - last.made_at < OLD;
        let is_young = self.newest().await?.is_some_and(is_young);
        if is_young && !self.is_distrusted.load(Ordering::Relaxed) {
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

/// An empty folder that belongs to this process as long as this value lives. What a killed process left in
/// it goes when the next one takes it.
struct Scratch {
    path: PathBuf,
    /// Open, and locked.
    _folder: File,
}

impl Scratch {
    fn at(path: &Path) -> Result<Self> {
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

    fn path(&self) -> &Path {
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
mod tests {
    use guetteur_model::{ActId, FixedClock, SystemClock};
    use guetteur_search::{ActDocument, IndexChange};

    use super::*;

    /// A machine of the installation `mark`, whose database has seen no change.
    async fn machine(folder: &Path, name: &str, mark: &str) -> Snapshots {
        let data = folder.join(name);
        let store = Store::open(&data.join("db").to_string_lossy()).await.expect("store");
        store.set_archive_mark(mark).await.expect("marked");
        let at = guetteur_archive::Location::Folder(folder.join("copies"));
        Snapshots {
            files: Files::open(at, &StoreSettings::default()).expect("files"),
            store,
            clock: Arc::new(SystemClock),
            index_dir: data.join("index"),
            is_distrusted: AtomicBool::new(false),
            data,
        }
    }

    fn change(id: i64) -> IndexChange {
        let act = ActDocument { title: "Arrêté drone".to_owned(), ..ActDocument::default() };
        IndexChange { act_id: ActId(id), rows: vec![act] }
    }

    async fn taken(machine: &Snapshots) -> Result<Option<usize>> {
        let copy = machine.take().await?;
        let index = || SearchIndex::open_read_only(&machine.index_dir).expect("an index").len();
        Ok(copy.map(|_| index()))
    }

    #[tokio::test]
    async fn a_copy_is_renewed_with_what_is_new_and_taken_whole_or_not_at_all() {
        let folder = tempfile::tempdir().expect("folder");
        let one = machine(folder.path(), "one", "a").await;
        assert_eq!(taken(&one).await.expect("nothing there"), None);
        let index = Arc::new(SearchIndex::open(&one.index_dir).expect("index"));
        assert_eq!(one.make(&index).await.expect("nothing to copy"), None);

        let fed = |cursor| index.apply(&[change(cursor + 10)], cursor).expect("applied");
        fed(1);
        let first = one.make(&index).await.expect("made").expect("a copy");
        let stranger = machine(folder.path(), "stranger", "b").await;
        assert!(taken(&stranger).await.is_err(), "another installation");
        let two = machine(folder.path(), "two", "a").await;
        assert!(taken(&two).await.is_err(), "its database has seen no such revision");
        assert!(!SearchIndex::is_fed(&two.index_dir));

        fed(2);
        let second = one.make(&index).await.expect("made").expect("a copy");
        assert!(second.revision == 2 && second.made_at >= first.made_at);
        let named = |copy: &Snapshot| -> HashSet<String> {
            copy.files.iter().map(|file| under(&file.name)).collect()
        };
        let there = async || -> HashSet<String> {
            one.files.names(&version()).await.expect("listed").into_iter().collect()
        };
        assert!(there().await.is_superset(&named(&first)), "somebody may be taking it");
        let third = one.make(&index).await.expect("made").expect("a copy");
        let mut expected = named(&third);
        expected.insert(under(MANIFEST));
        assert_eq!(there().await, expected);
    }

    #[tokio::test]
    async fn a_copy_is_kept_young() {
        let folder = tempfile::tempdir().expect("folder");
        let mut one = machine(folder.path(), "one", "a").await;
        let index = Arc::new(SearchIndex::open(&one.index_dir).expect("index"));
        index.apply(&[change(1)], 1).expect("applied");
        let begun = SystemClock.now();
        for (hours, made_after) in [(0, 0), (19, 0), (20, 20), (39, 20)] {
            one.clock = Arc::new(FixedClock(begun + TimeDelta::hours(hours)));
            one.renew(&index).await.expect("looked at");
            let copy = one.newest().await.expect("read").expect("a copy");
            assert_eq!(copy.made_at, begun + TimeDelta::hours(made_after), "after {hours} h");
        }
    }

    #[tokio::test]
    async fn an_altered_file_is_not_taken() {
        let folder = tempfile::tempdir().expect("folder");
        let one = machine(folder.path(), "one", "a").await;
        let index = Arc::new(SearchIndex::open(&one.index_dir).expect("index"));
        index.apply(&[change(1), change(2)], 1).expect("applied");
        let copy = one.make(&index).await.expect("made").expect("a copy");
        let scratch = one.scratch().expect("folder");
        for file in &copy.files {
            one.fetch(file, scratch.path()).await.expect("whole");
        }
        let texts = copy.files.iter().find(|file| file.name.ends_with(".store")).expect("texts");
        one.files.set_text(&under(&texts.name), "other".to_owned()).await.expect("altered");
        let refused = one.fetch(texts, scratch.path()).await.expect_err("altered");
        assert!(refused.to_string().contains("not whole"), "{refused}");
        assert!(one.scratch().is_err(), "it is taken");
        drop(scratch);
        // As a killed process leaves it.
        std::fs::write(one.data.join("index-copy/left.store"), "half").expect("written");
        let scratch = one.scratch().expect("folder");
        assert_eq!(std::fs::read_dir(scratch.path()).expect("listed").count(), 0);
        drop(scratch);
        // Whoever finds it so makes it anew, as young as it is.
        one.is_distrusted.store(true, Ordering::Relaxed);
        one.renew(&index).await.expect("renewed");
        let scratch = one.scratch().expect("folder");
        one.fetch(texts, scratch.path()).await.expect("whole again");
        drop(scratch);
        one.files.set_text(&under(MANIFEST), "{".to_owned()).await.expect("written");
        assert_eq!(one.newest().await.expect("read"), None);
        one.renew(&index).await.expect("renewed");
        assert!(one.newest().await.expect("read").is_some(), "what is no copy is replaced");
        let scratch = one.scratch().expect("folder");
        let away = SnapshotFile { name: "../../x".to_owned(), ..texts.clone() };
        assert!(one.fetch(&away, scratch.path()).await.is_err());
    }
}
