//! Opening, creating and throwing away the directory.

use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};
use tantivy::directory::error::LockError;
use tantivy::directory::{Directory, DirectoryLock, INDEX_WRITER_LOCK, MmapDirectory};
use tantivy::indexer::IndexWriterOptions;
use tantivy::{Index, IndexWriter, TantivyError};

use crate::analysis::tokenizers;
use crate::schema::Fields;
use crate::{INDEX_VERSION, SearchError};

/// How much of the machine the writer takes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Share {
    threads: usize,
    /// Memory of each thread.
    bytes: usize,
}

impl Share {
    /// One thread: the two cores also read, recognise and serve. Memory for some thousand acts between
    /// two flushes.
    pub(super) const BESIDE_OTHERS: Self = Self { threads: 1, bytes: 50_000_000 };
    /// Nothing else runs: fewer and larger segments are fewer to merge.
    pub(super) const ALONE: Self = Self { threads: 2, bytes: 200_000_000 };
}

/// Threads of one search: a large segment takes as long with more.
const MOST_THREADS: usize = 4;

/// What every commit carries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Payload {
    pub(super) version: u32,
    pub(super) cursor: i64,
    /// Whose revisions the cursor counts; empty where nobody said.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) lineage: String,
}

impl Payload {
    fn at(cursor: i64, lineage: String) -> String {
        let payload = Self { version: INDEX_VERSION, cursor, lineage };
        serde_json::to_string(&payload).unwrap_or_default()
    }
}

/// The payload of the last commit.
pub(super) fn payload(index: &Index) -> Result<Payload, String> {
    let metas = index.load_metas().map_err(|error| error.to_string())?;
    let text = metas.payload.ok_or("no commit of Guetteur's")?;
    serde_json::from_str(&text).map_err(|error| format!("commit payload « {text} »: {error}"))
}

/// A usable index, or why there is none.
pub(super) fn existing(dir: &Path) -> Result<Index, String> {
    if !dir.join("meta.json").is_file() {
        return Err("there is none yet".to_owned());
    }
    let mut index = Index::open_in_dir(dir).map_err(|error| error.to_string())?;
    let Payload { version, .. } = payload(&index)?;
    if version != INDEX_VERSION {
        return Err(format!("it has version {version}, this program needs {INDEX_VERSION}"));
    }
    if index.schema() != Fields::new().1 {
        return Err("its fields differ".to_owned());
    }
    prepare(&mut index).map_err(|error| error.to_string())?;
    // Opens every segment: damage to its files shows here rather than in a search.
    index.reader().map_err(|error| error.to_string())?;
    Ok(index)
}

/// Words are cut our way, and each search uses all cores: its segments are looked at side by side.
fn prepare(index: &mut Index) -> tantivy::Result<()> {
    index.set_tokenizers(tokenizers());
    let cores = std::thread::available_parallelism().map_or(1, |cores| cores.get());
    index.set_multithread_executor(cores.min(MOST_THREADS))
}

/// The index for writing, new if need be.
pub(super) fn for_writing(dir: &Path, share: Share) -> Result<(Index, IndexWriter), SearchError> {
    let failed =
        |doing| move |source| SearchError::Directory { doing, dir: dir.to_owned(), source };
    fs::create_dir_all(dir).map_err(failed("create"))?;
    let lock = lock(dir)?;
    let (index, new) = match existing(dir) {
        Ok(index) => (index, false),
        Err(why) => {
            if dir.join("meta.json").exists() {
                tracing::warn!(dir = %dir.display(), why, "search index thrown away: to be fed again");
            }
            discard(dir).map_err(failed("discard"))?;
            let mut index = Index::create_in_dir(dir, Fields::new().1)
                .map_err(SearchError::engine("create"))?;
            prepare(&mut index).map_err(SearchError::engine("create"))?;
            (index, true)
        }
    };
    drop(lock);
    let mut writer = writer(&index, dir, share)?;
    if new {
        commit(&mut writer, 0, String::new())?;
    }
    Ok((index, writer))
}

/// Commits what was added, with the cursor and whose it is.
pub(super) fn commit(
    writer: &mut IndexWriter,
    cursor: i64,
    lineage: String,
) -> Result<(), SearchError> {
    let mut prepared = writer.prepare_commit().map_err(SearchError::engine("write to"))?;
    prepared.set_payload(&Payload::at(cursor, lineage));
    prepared.commit().map_err(SearchError::engine("write to"))?;
    Ok(())
}

fn writer(index: &Index, dir: &Path, share: Share) -> Result<IndexWriter, SearchError> {
    let options = IndexWriterOptions::builder()
        .num_worker_threads(share.threads)
        .memory_budget_per_thread(share.bytes)
        .build();
    index.writer_with_options(options).map_err(|error| match error {
        TantivyError::LockFailure(LockError::LockBusy, _) => {
            SearchError::Locked { dir: dir.to_owned() }
        }
        other => SearchError::engine("open")(other),
    })
}

/// Held while the directory is judged, so that nobody's running index is thrown away.
pub(super) fn lock(dir: &Path) -> Result<DirectoryLock, SearchError> {
    let directory =
        MmapDirectory::open(dir).map_err(|error| SearchError::engine("open")(error.into()))?;
    directory.acquire_lock(&INDEX_WRITER_LOCK).map_err(|error| match error {
        LockError::LockBusy => SearchError::Locked { dir: dir.to_owned() },
        other => SearchError::engine("open")(TantivyError::LockFailure(other, None)),
    })
}

/// Removes the engine's files and nothing else: the directory is a setting, and may be a mistake.
pub(super) fn discard(dir: &Path) -> std::io::Result<()> {
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let name = entry.file_name();
        if entry.file_type()?.is_file() && name.to_str().is_some_and(is_engine_file) {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// `meta.json`, `.managed.json`, and segment files: 32 hexadecimal digits and an extension.
pub(super) fn is_engine_file(name: &str) -> bool {
    if matches!(name, "meta.json" | ".managed.json") {
        return true;
    }
    let Some((segment, _)) = name.split_once('.') else { return false };
    segment.len() == 32 && segment.bytes().all(|byte| byte.is_ascii_hexdigit())
}
