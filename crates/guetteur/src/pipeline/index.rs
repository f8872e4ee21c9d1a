//! The search index follows the database, by revision.

use std::sync::Arc;

use anyhow::Result;
use guetteur_publish::indexing::index_changes;
use guetteur_search::{IndexChange, SearchIndex};
use guetteur_sources::Registry;
use guetteur_store::{ActRecord, Store};

/// Acts taken over at once: one commit of the index each.
const BATCH: u32 = 1000;

/// Brings one index up to date with one database.
#[derive(Clone)]
pub struct Follower {
    /// The database.
    pub store: Store,
    /// The index, open for writing.
    pub index: Arc<SearchIndex>,
    /// Names of the prefectures.
    pub registry: Arc<Registry>,
}

impl Follower {
    /// Takes over all changes since the last time. Gives how many acts changed.
    ///
    /// # Errors
    /// When the database or the index fails; what was committed stays.
    pub async fn catch_up(&self) -> Result<usize> {
        let mut done = 0;
        loop {
            let cursor = self.index.cursor()?;
            let records = self.store.acts_changed_since(cursor, BATCH).await?;
            let Some(last) = records.last() else { return Ok(done) };
            let revision = last.revision;
            done += records.len();
            let changes: Vec<IndexChange> =
                records.iter().flat_map(|record| changes(record, &self.registry)).collect();
            let index = Arc::clone(&self.index);
            tokio::task::spawn_blocking(move || index.apply(&changes, revision)).await??;
        }
    }
}

fn changes(record: &ActRecord, registry: &Registry) -> Vec<IndexChange> {
    let name = registry.get(&record.source).map_or(&record.source, |source| &source.name);
    index_changes(record, name)
}
