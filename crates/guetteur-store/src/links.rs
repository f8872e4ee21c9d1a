//! Acts that belong together: one changes another, or stands in two bulletins.

use crate::boxed;
use chrono::{DateTime, Utc};
use guetteur_model::ActId;

use crate::act_records::numbers;
use crate::store::read;
use crate::{ActRecord, Store, StoreError};

/// What an act is known by beside its text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ActIdentity {
    /// What it can be looked up by among the acts of its source.
    pub keys: Vec<String>,
    /// The keys of the acts that it modifies, extends, renews or repeals.
    pub references: Vec<String>,
    /// The same for the same act in another bulletin of its source.
    pub sameness: Option<String>,
    /// Its full number and title: the same for the same act in another bulletin of its source, unless
    /// the two bear different days of signature.
    pub numbered_title: Option<String>,
}

/// Acts that are linked with one.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LinkedActs {
    /// Acts that it modifies, extends, renews or repeals, as far as they are held.
    pub changes: Vec<ActRecord>,
    /// Acts that do so to it.
    pub changed_by: Vec<ActRecord>,
    /// The same act in other bulletins of its source.
    pub same: Vec<ActRecord>,
}

impl Store {
    /// Acts linked with the act `id`, removed ones left out, by id.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn linked_acts(&self, id: ActId) -> Result<LinkedActs, StoreError> {
        let [changes, changed_by, same] =
            read!(self, "reading linked acts", |connection| sql::links::of(connection, id.0)
                .await)?;
        Ok(LinkedActs {
            changes: self.live(&changes).await?,
            changed_by: self.live(&changed_by).await?,
            same: self.live(&same).await?,
        })
    }

    /// Acts that modify, extend, renew or repeal one of `ids`: the id of the changed act with the
    /// one that changes it, removed ones left out.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn changing_acts(
        &self,
        ids: &[ActId],
    ) -> Result<Vec<(ActId, ActRecord)>, StoreError> {
        let pairs = read!(self, "reading what changes acts", |connection| {
            sql::links::changing(connection, &numbers(ids)).await
        })?;
        let changing: Vec<i64> = pairs.iter().map(|(_, changing)| *changing).collect();
        let records = self.live(&changing).await?;
        let record = |(changed, changing): (i64, i64)| {
            let record = records.iter().find(|record| record.id.0 == changing)?;
            Some((ActId(changed), record.clone()))
        };
        Ok(pairs.into_iter().filter_map(record).collect())
    }

    /// Those of `ids` that another act names as one that it changes.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn changed_of(&self, ids: &[ActId]) -> Result<Vec<ActId>, StoreError> {
        let pairs = read!(self, "reading which acts are changed", |connection| {
            sql::links::changing(connection, &numbers(ids)).await
        })?;
        let mut changed: Vec<ActId> =
            pairs.into_iter().map(|(changed, _)| ActId(changed)).collect();
        changed.dedup();
        Ok(changed)
    }

    /// Ids of acts that a flagged act first held at `since` or later modifies, extends, renews or
    /// repeals.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn acts_changed_by_new_ones(
        &self,
        since: DateTime<Utc>,
    ) -> Result<Vec<ActId>, StoreError> {
        let ids: Vec<i64> = read!(self, "reading which acts new ones change", |connection| {
            sql::links::changed_by_new_ones(connection, since).await
        })?;
        Ok(ids.into_iter().map(ActId).collect())
    }

    /// Ids of acts that one of `ids` modifies, extends, renews or repeals, and of those among `ids` to
    /// which another act does so: whose state may have changed with them.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn acts_changed_by_or_among(&self, ids: &[ActId]) -> Result<Vec<ActId>, StoreError> {
        let ids = read!(self, "reading what acts change", |connection| {
            sql::links::changed_by_or_among(connection, &numbers(ids)).await
        })?;
        Ok(ids.into_iter().map(ActId).collect())
    }

    async fn live(&self, ids: &[i64]) -> Result<Vec<ActRecord>, StoreError> {
        let ids: Vec<ActId> = ids.iter().copied().map(ActId).collect();
        let mut records = self.acts_by_ids(&ids).await?;
        records.retain(|record| record.removed_at.is_none());
        Ok(records)
    }
}
