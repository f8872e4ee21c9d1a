//! What an operator found of flags and facts. A review holds over re-readings: what is read anew is
//! changed by it before it is stored, so that all who read acts see the same.

mod applying;

use crate::boxed;
use chrono::{DateTime, Utc};
use guetteur_model::{ActId, Answer, ReviewId, Subject};
use serde::Serialize;
use serde_json::Value;

use crate::store::{read, write};
use crate::{Store, StoreError};

pub use applying::REVIEW_RULE;
pub(crate) use applying::{Before, apply, fingerprint, restore, take};

/// What an operator found of a flag or a fact of an act.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Review {
    /// Identity.
    pub id: ReviewId,
    /// The act.
    pub act: ActId,
    /// What of it.
    pub subject: Subject,
    /// What was found.
    pub answer: Answer,
    /// What is accepted or what a correction gives: the id of a level for a flag; for a fact its
    /// value, as JSON has it among the facts.
    pub value: Option<Value>,
    /// Why, a sentence that is published.
    pub reason: String,
    /// When.
    pub reviewed_at: DateTime<Utc>,
}

/// A review to note.
#[derive(Debug, Clone, PartialEq)]
pub struct NewReview {
    /// The act.
    pub act: ActId,
    /// What of it.
    pub subject: Subject,
    /// What was found.
    pub answer: Answer,
    /// What a correction gives; see [`Review::value`].
    pub value: Option<Value>,
    /// Why.
    pub reason: String,
}

/// What became of a review to note.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reviewed {
    /// It is noted, in the place of one of the same act and subject.
    Noted(ReviewId),
    /// There is no such act.
    NoAct,
    /// The act has no such flag or fact to accept or to reject.
    NoSubject,
    /// A correction without a value, or with one of another form.
    NoValue,
}

impl Store {
    /// Notes a review and changes the act by it. An act that repeats another bears it there. The act
    /// counts as changed.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn note_review(
        &self,
        new: &NewReview,
        now: DateTime<Utc>,
    ) -> Result<Reviewed, StoreError> {
        write!(self, "noting a review", |connection| {
            sql::reviews::note(connection, new, now).await
        })
    }

    /// Forgets a review: the act says again what was read; `false` when there is none of this id.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn forget_review(
        &self,
        id: ReviewId,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        write!(self, "forgetting a review", |connection| {
            sql::reviews::forget(connection, id.0, now).await
        })
    }

    /// All reviews, the last first.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn reviews(&self) -> Result<Vec<Review>, StoreError> {
        read!(self, "reading reviews", |connection| sql::reviews::all(connection).await)
    }
}
