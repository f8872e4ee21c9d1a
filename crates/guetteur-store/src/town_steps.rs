//! The register of towns: what each was asked, answered and voted, as the operator records it.

use crate::boxed;
use chrono::{DateTime, NaiveDate, Utc};
use guetteur_model::{TownStep, TownStepId};
use serde::Serialize;

use crate::store::{read, write};
use crate::{Store, StoreError};

/// A step of a town.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RecordedStep {
    /// Identity.
    pub id: TownStepId,
    /// INSEE code of the commune.
    pub insee: String,
    /// What happened.
    pub step: TownStep,
    /// When.
    pub happened_on: NaiveDate,
    /// What was asked, answered or voted: a sentence.
    pub says: Option<String>,
    /// Where anyone can read it: an address.
    pub source: Option<String>,
    /// When it was recorded here.
    pub recorded_at: DateTime<Utc>,
}

/// A step to record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewStep {
    /// INSEE code of the commune.
    pub insee: String,
    /// What happened.
    pub step: TownStep,
    /// When.
    pub happened_on: NaiveDate,
    /// A sentence.
    pub says: Option<String>,
    /// An address.
    pub source: Option<String>,
}

impl Store {
    /// Records a step, in the place of one of the same town, kind and day.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn record_step(
        &self,
        new: &NewStep,
        now: DateTime<Utc>,
    ) -> Result<TownStepId, StoreError> {
        let id: i64 = write!(self, "recording a step of a town", |connection| {
            sql::town_steps::record(connection, new, now).await
        })?;
        Ok(TownStepId(id))
    }

    /// Forgets a step; `false` when there is none of this id.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn forget_step(&self, id: TownStepId) -> Result<bool, StoreError> {
        write!(self, "forgetting a step of a town", |connection| {
            sql::town_steps::forget(connection, id.0).await
        })
    }

    /// All steps of all towns, the last first.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn steps(&self) -> Result<Vec<RecordedStep>, StoreError> {
        read!(self, "reading the register of towns", |connection| {
            sql::town_steps::all(connection).await
        })
    }

    /// The steps of one town, the last first.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn steps_of(&self, insee: &str) -> Result<Vec<RecordedStep>, StoreError> {
        read!(self, "reading the register of towns", |connection| {
            sql::town_steps::of_town(connection, insee).await
        })
    }
}
