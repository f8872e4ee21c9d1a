//! The search index follows the database, by revision.

use std::sync::Arc;

use anyhow::Result;
use guetteur_search::{ActDocument, IndexChange, IndexedFlag, SearchIndex};
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
                records.iter().map(|record| change(record, &self.registry)).collect();
            let index = Arc::clone(&self.index);
            tokio::task::spawn_blocking(move || index.apply(&changes, revision)).await??;
        }
    }
}

fn change(record: &ActRecord, registry: &Registry) -> IndexChange {
    if record.removed_at.is_some() {
        IndexChange::Delete(record.id)
    } else {
        IndexChange::Put(Box::new(index_document(record, registry)))
    }
}

/// An act as the index wants it.
#[must_use]
pub fn index_document(record: &ActRecord, registry: &Registry) -> ActDocument {
    let act = &record.act;
    let facts = &record.facts;
    let name = registry.get(&record.source).map(|source| source.name.clone());
    ActDocument {
        act_id: record.id,
        bulletin_id: record.bulletin_id,
        revision: record.revision,
        title: act.title.clone(),
        body: act.text.iter().map(|page| page.text.as_str()).collect::<Vec<_>>().join("\n"),
        numbers: act.number.iter().chain(&act.own_number).cloned().collect(),
        service: act.service.clone(),
        prefecture: record.source.clone(),
        prefecture_name: name.unwrap_or_else(|_| record.source.clone()),
        communes: facts.communes.clone(),
        flags: record
            .flags
            .iter()
            .map(|flag| IndexedFlag {
                category: flag.category.clone(),
                level: flag.level,
                to_check: flag.to_check,
            })
            .collect(),
        kind: act.kind.clone(),
        signed_by: act.signed_by.clone(),
        beneficiary: facts.beneficiary.clone(),
        purposes: facts.purposes.clone(),
        legal_refs: facts.legal_refs.clone(),
        published_on: record.published_on.or(facts.published_on),
        signed_on: act.signed_on,
        valid_from: facts.valid_from.map(|when| when.date()),
        valid_to: facts.valid_to.map(|when| when.date()),
        notice_hours: facts.notice_hours,
        first_seen_at: Some(record.first_seen_at),
    }
}
