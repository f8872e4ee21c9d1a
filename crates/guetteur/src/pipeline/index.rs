//! The search index follows the database, by revision.

use std::sync::Arc;

use anyhow::Result;
use guetteur_publish::indexing::index_change;
use guetteur_search::{IndexChange, Origin, SearchIndex};
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
    /// while the index is written; of a back-log not every batch is committed. What is counted is added
    /// up as well: whoever follows comes by often enough.
    ///
    /// # Errors
    /// When the database or the index fails; what was committed stays.
    pub async fn catch_up(&self) -> Result<usize> {
        self.begin().await?;
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
        self.store.add_up_counts().await?;
        Ok(done)
    }

    /// An index of another database, or of what this one lost to a backup, would miss what got its numbers
    /// since.
    async fn begin(&self) -> Result<()> {
        let database = origin(&self.store).await?;
        let (index, from) = (Arc::clone(&self.index), database.clone());
        if tokio::task::spawn_blocking(move || index.follow_from(&from)).await?? {
            let revision = database.revision;
            tracing::warn!(revision, "the database is another one, or was set back: indexed anew");
        }
        Ok(())
    }

    async fn changed_since(&self, revision: i64) -> Result<Vec<ActRecord>> {
        Ok(self.store.acts_changed_since(revision, BATCH).await?)
    }
}

/// How far a database can be followed.
pub(crate) async fn origin(store: &Store) -> Result<Origin> {
    Ok(Origin { lineage: store.lineage().await?, revision: store.revision().await? })
}

fn change(record: &ActRecord, registry: &Registry) -> IndexChange {
    index_change(record, registry.get(&record.source).ok())
}

#[cfg(test)]
mod tests {
    use guetteur_model::{BulletinLink, Clock, SystemClock};

    use super::*;

    /// As when a copy of the database took its place under a site.
    #[tokio::test]
    async fn an_index_ahead_of_its_database_is_made_anew() {
        let folder = tempfile::tempdir().expect("folder");
        let store = Store::open(&folder.path().join("db").to_string_lossy()).await.expect("store");
        let index = Arc::new(SearchIndex::open(&folder.path().join("index")).expect("index"));
        let act = guetteur_search::ActDocument::default();
        let change = IndexChange { act_id: guetteur_model::ActId(7), rows: vec![act] };
        index.apply(&[change], 3).expect("applied");
        let registry = Arc::new(Registry::builtin().expect("registry"));
        let follower = Follower { store, index: Arc::clone(&index), registry };
        assert_eq!(follower.catch_up().await.expect("followed"), 0);
        assert_eq!((index.len(), index.cursor().expect("cursor")), (0, 0));
    }

    #[tokio::test]
    async fn who_follows_adds_up_what_is_counted() {
        let folder = tempfile::tempdir().expect("folder");
        let store = Store::open(&folder.path().join("db").to_string_lossy()).await.expect("store");
        let link = BulletinLink {
            url: "https://www.test.gouv.fr/a.pdf".to_owned(),
            title: "Recueil".to_owned(),
            published_on: None,
            number: None,
            series: None,
            via: "/recueils".to_owned(),
        };
        store.record_found("34", &[link], SystemClock.now()).await.expect("found");
        let follower = Follower {
            store: store.clone(),
            index: Arc::new(SearchIndex::open(&folder.path().join("index")).expect("index")),
            registry: Arc::new(Registry::builtin().expect("registry")),
        };
        assert_eq!(follower.catch_up().await.expect("followed"), 0);
        assert_eq!(store.add_up_counts().await.expect("added up"), 0, "nothing is left");
    }
}
