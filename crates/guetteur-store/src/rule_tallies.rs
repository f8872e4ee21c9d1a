//! What each rule has flagged so far: how an operator sees that one says too much, or nothing.

use crate::boxed;
use chrono::{DateTime, Utc};

use crate::store::read;
use crate::{Store, StoreError};

/// The flags of one rule, on acts that stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleTally {
    /// Id of the rule (`drone/captation`).
    pub rule: String,
    /// Acts that it flags.
    pub acts: u64,
    /// Of those, acts that someone should look at.
    pub to_check: u64,
    /// Of those, acts that it has flagged since the day asked for.
    pub recent: u64,
}

impl Store {
    /// Every rule that flags at least one act, by id; `recent` counts flags born since `since`.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn rule_tallies(&self, since: DateTime<Utc>) -> Result<Vec<RuleTally>, StoreError> {
        read!(self, "counting the flags of each rule", |connection| {
            sql::rule_tallies::all(connection, since).await
        })
    }
}
