//! The search index follows the database, by revision.

use std::sync::Arc;

use anyhow::Result;
use guetteur_publish::indexing::index_change;
use guetteur_search::{IndexChange, SearchIndex};
use guetteur_sources::Registry;
use guetteur_store::{ActRecord, Store};

/// Acts taken over at once.
const BATCH: u32 = 1000;
/// Of a back-log, so many at once are committed together: some seconds of work.
const BATCHES_OF_A_COMMIT: usize = 10;

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
    /// Takes over all changes since the last time. Gives how many acts changed. The database is read
    /// while the index is written; of a back-log not every batch is committed.
    ///
    /// # Errors
    /// When the database or the index fails; what was committed stays.
    pub async fn catch_up(&self) -> Result<usize> {
        let mut done = 0;
        let mut records = self.changed_since(self.index.cursor()?).await?;
        for nth in 1.. {
            let Some(revision) = records.last().map(|record| record.revision) else { break };
            let read = records.len();
            let commits = read < BATCH as usize || nth % BATCHES_OF_A_COMMIT == 0;
            let (index, registry) = (Arc::clone(&self.index), Arc::clone(&self.registry));
            let writing = tokio::task::spawn_blocking(move || {
                let changes = records.iter().map(|record| change(record, &registry));
                let changes: Vec<IndexChange> = changes.collect();
                match commits {
                    true => index.apply(&changes, revision),
                    false => index.take_over(&changes),
                }
            });
            let (next, written) = tokio::join!(self.changed_since(revision), writing);
            written??;
            records = next?;
            done += read;
            if records.is_empty() && !commits {
                let index = Arc::clone(&self.index);
                tokio::task::spawn_blocking(move || index.apply(&[], revision)).await??;
            }
        }
        Ok(done)
    }

    async fn changed_since(&self, revision: i64) -> Result<Vec<ActRecord>> {
        Ok(self.store.acts_changed_since(revision, BATCH).await?)
    }
}

fn change(record: &ActRecord, registry: &Registry) -> IndexChange {
    let name = registry.get(&record.source).map_or(&record.source, |source| &source.name);
    index_change(record, name)
}
