//! What courts decided about acts, as the operator records it.

use crate::boxed;
use chrono::{DateTime, NaiveDate, Utc};
use guetteur_model::{ActId, Ground, OutcomeId, Ruling};
use serde::Serialize;

use crate::store::{read, write};
use crate::{Store, StoreError};

/// A decision of a court about an act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Outcome {
    /// Identity.
    pub id: OutcomeId,
    /// The act.
    pub act: ActId,
    /// `Tribunal administratif de Nîmes`, `Conseil d’État`.
    pub court: String,
    /// Number of the case, as the court writes it.
    pub number: String,
    /// Day of the decision.
    pub decided_on: NaiveDate,
    /// How it ended.
    pub ruling: Ruling,
    /// Why.
    pub ground: Option<Ground>,
    /// Where anyone can read it: an address.
    pub source: Option<String>,
    /// What the operator adds, a sentence.
    pub note: Option<String>,
    /// When it was recorded here.
    pub recorded_at: DateTime<Utc>,
}

/// A decision to record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewOutcome {
    /// The act.
    pub act: ActId,
    /// The court.
    pub court: String,
    /// Number of the case.
    pub number: String,
    /// Day of the decision.
    pub decided_on: NaiveDate,
    /// How it ended.
    pub ruling: Ruling,
    /// Why.
    pub ground: Option<Ground>,
    /// An address.
    pub source: Option<String>,
    /// A sentence.
    pub note: Option<String>,
}

/// What became of a decision to record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recorded {
    /// It was not known.
    New(OutcomeId),
    /// A decision of this court, number and act was, and says something else now.
    Changed(OutcomeId),
    /// It was known, as it is.
    Known(OutcomeId),
    /// There is no such act.
    NoAct,
}

/// The decision that ends an act now: the last one that changed anything, unless it lifts a suspension.
/// What is rejected changes nothing: neither the authority's appeal nor another application. Of one day,
/// the one recorded last.
#[must_use]
pub fn standing_outcome(outcomes: &[Outcome]) -> Option<&Outcome> {
    let changes = outcomes.iter().filter(|outcome| outcome.ruling != Ruling::Rejected);
    let last = changes.max_by_key(|outcome| (outcome.decided_on, outcome.id));
    last.filter(|outcome| outcome.ruling.ends_the_act())
}

impl Store {
    /// Records a decision, in the place of one of the same court, number and act. An act that repeats
    /// another bears it there. The act counts as changed.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn record_outcome(
        &self,
        new: &NewOutcome,
        now: DateTime<Utc>,
    ) -> Result<Recorded, StoreError> {
        write!(self, "recording a decision", |connection| {
            sql::outcomes::record(connection, new, now).await
        })
    }

    /// Forgets a decision; `false` when there is none of this id. The act counts as changed.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn forget_outcome(
        &self,
        id: OutcomeId,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        write!(self, "forgetting a decision", |connection| {
            sql::outcomes::forget(connection, id.0, now).await
        })
    }

    /// All decisions, the last first.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn outcomes(&self) -> Result<Vec<Outcome>, StoreError> {
        read!(self, "reading decisions", |connection| sql::outcomes::all(connection).await)
    }

    /// Ids of acts of which a decision was recorded at `since` or later.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn acts_judged_since(&self, since: DateTime<Utc>) -> Result<Vec<ActId>, StoreError> {
        let ids: Vec<i64> = read!(self, "reading decisions", |connection| {
            sql::outcomes::acts_since(connection, since).await
        })?;
        Ok(ids.into_iter().map(ActId).collect())
    }
}
