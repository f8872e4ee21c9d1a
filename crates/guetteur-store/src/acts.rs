//! Acts with their facts and flags: writing them, once per bulletin, with permanent ids.

use crate::boxed;
use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use guetteur_model::{Act, ActId, Facts, Flag};
use serde::Serialize;

use crate::prepared_act::prepare;
use crate::store::{write, write_at_length};
use crate::{ActIdentity, BulletinFilter, ClaimedBulletin, Store, StoreError};

/// An act with what it says and what it is about, as the analysis hands it over.
#[derive(Debug, Clone, PartialEq)]
pub struct AnalysedAct {
    /// The act; each piece of `text` must stand in its page as stored.
    pub act: Act,
    /// Its facts.
    pub facts: Facts,
    /// Its flags.
    pub flags: Vec<Flag>,
    /// What it is known by among other acts.
    pub identity: ActIdentity,
}

/// What `complete_flag` changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FlagSummary {
    /// Acts that were not there (or had been removed), by id.
    pub added: Vec<ActId>,
    /// Acts whose content changed, by id.
    pub changed: Vec<ActId>,
    /// Acts that are no longer in the bulletin, by id.
    pub removed: Vec<ActId>,
    /// Acts left as they were.
    pub unchanged: u32,
    /// Ids of all acts, in the order given.
    pub ids: Vec<ActId>,
    /// Flags that came and went, by rule.
    pub rules: BTreeMap<String, RuleChange>,
}

/// Flags of one rule that came and went.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct RuleChange {
    /// Flags that were not there.
    pub gained: u32,
    /// Flags that are no longer there.
    pub lost: u32,
}

impl std::ops::AddAssign for RuleChange {
    fn add_assign(&mut self, other: Self) {
        self.gained += other.gained;
        self.lost += other.lost;
    }
}

impl Store {
    /// Stores the acts of a bulletin with facts and flags in place of those there, and marks the
    /// bulletin flagged, in one transaction. Ends the lease.
    ///
    /// An act keeps its id when the bulletin is cut again: by its number, else by its title, else
    /// by its place. Acts that vanish are marked removed, never deleted. `updated_at` moves only
    /// when what readers see has changed.
    ///
    /// # Errors
    /// [`StoreError::LeaseLost`] when another worker has it, [`StoreError::WrongStage`] when the
    /// bulletin has no document; when the database fails.
    #[boxed]
    pub async fn complete_flag(
        &self,
        claim: &ClaimedBulletin,
        acts: &[AnalysedAct],
        outside_pages: &[u32],
        rules_version: &str,
        now: DateTime<Utc>,
    ) -> Result<FlagSummary, StoreError> {
        let prepared = prepare(acts, claim.bulletin.published_on)?;
        write!(self, "storing acts", |connection| {
            sql::act_changes::complete_flag(
                connection,
                claim,
                &prepared,
                outside_pages,
                rules_version,
                now,
            )
            .await
        })
    }

    /// Sends flagged bulletins back to be cut and flagged again by `rules_version`; those that
    /// have been flagged with it already stay, so that a stopped run can be repeated. Gives how
    /// many were sent back.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn reset_for_reclassify(
        &self,
        filter: &BulletinFilter,
        rules_version: &str,
    ) -> Result<u64, StoreError> {
        write_at_length!(self, "sending bulletins back to be flagged", |connection| {
            sql::resets::reset_for_reclassify(connection, filter, rules_version).await
        })
    }
}
