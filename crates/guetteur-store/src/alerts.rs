//! First alerts: acts told from the sommaire before the scans are read, and what becomes of them.

use crate::boxed;
use std::collections::BTreeSet;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use guetteur_model::{ActId, BulletinId, Category, Flag, Level, Sha256};
use serde::{Deserialize, Serialize};

use crate::prepared_act::prepare;
use crate::store::write;
use crate::{AnalysedAct, Store, StoreError};

/// What became of a first alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlertState {
    /// The act itself has not been read yet.
    ToConfirm,
    /// Reading the act gave the same flags.
    Confirmed,
    /// Reading the act gave other flags, some of which still call for an alert.
    Corrected,
    /// The act says nothing of what was announced, or the bulletin holds no such act.
    Withdrawn,
}

impl AlertState {
    /// All states.
    pub const ALL: [Self; 4] = [Self::ToConfirm, Self::Confirmed, Self::Corrected, Self::Withdrawn];

    /// The word stored.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ToConfirm => "to_confirm",
            Self::Confirmed => "confirmed",
            Self::Corrected => "corrected",
            Self::Withdrawn => "withdrawn",
        }
    }
}

impl FromStr for AlertState {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        let known = Self::ALL.into_iter().find(|state| state.as_str() == word);
        known.ok_or_else(|| "unknown state of an alert".to_owned())
    }
}

/// What was told of an act before it was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertContent {
    /// Its title in the sommaire.
    pub title: String,
    /// The flags that the title gave.
    pub flags: Vec<Flag>,
    /// What reading made of it, first to last; empty while it is to confirm.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub turns: Vec<Turn>,
}

/// A change of the state of an alert. Those who were told of the state before hear of it by its
/// place among the turns, which does not change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turn {
    /// The state from then on.
    pub state: AlertState,
    /// When the reading that gave it was stored.
    pub at: DateTime<Utc>,
}

/// A first alert about an act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alert {
    /// What became of it.
    pub state: AlertState,
    /// When it was raised.
    pub raised_at: DateTime<Utc>,
    /// What it said.
    pub content: AlertContent,
}

/// What the flags of the act as read make of an alert. Flags that call for no alert (`mentions`,
/// `concerns`) neither confirm nor save one.
pub(crate) fn settle(announced: &[Flag], read: &[Flag]) -> AlertState {
    let (told, found) = (alerting(announced), alerting(read));
    let lost = if told.is_empty() { read.is_empty() } else { found.is_empty() };
    if lost {
        AlertState::Withdrawn
    } else if told == found {
        AlertState::Confirmed
    } else {
        AlertState::Corrected
    }
}

fn alerting(flags: &[Flag]) -> BTreeSet<(&Category, Level)> {
    let loud = flags.iter().filter(|flag| flag.level.alerts());
    loud.map(|flag| (&flag.category, flag.level)).collect()
}

impl Store {
    /// Stores acts told from the sommaire of a bulletin whose PDF has just come; those with flags
    /// raise a first alert. Gives the ids of those.
    ///
    /// Nothing is stored when the bulletin has gone on meanwhile, holds another PDF, or has acts
    /// already: what is read is worth more than what is announced.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn raise_alerts(
        &self,
        bulletin: BulletinId,
        document: Sha256,
        acts: &[AnalysedAct],
        rules_version: &str,
        now: DateTime<Utc>,
    ) -> Result<Vec<ActId>, StoreError> {
        let Some(row) = self.bulletin(bulletin).await? else { return Ok(Vec::new()) };
        let prepared = prepare(acts, row.published_on)?;
        let ids: Vec<i64> = write!(self, "raising first alerts", |connection| {
            sql::act_changes::raise_alerts(
                connection,
                &row,
                document,
                &prepared,
                rules_version,
                now,
            )
            .await
        })?;
        Ok(ids.into_iter().map(ActId).collect())
    }
}

#[cfg(test)]
mod tests {
    use guetteur_model::Basis;

    use super::*;

    #[test]
    fn reading_settles_an_alert() {
        let flags = |list: &[(&str, Level)]| -> Vec<Flag> {
            let flag = |(category, level): &(&str, Level)| Flag {
                category: Category::new(category).expect("category"),
                level: *level,
                rule: String::new(),
                to_check: false,
                basis: Basis::Sommaire,
                evidence: Vec::new(),
            };
            list.iter().map(flag).collect()
        };
        use AlertState::{Confirmed, Corrected, Withdrawn};
        use Level::{Authorises, Concerns, Mentions, Restricts};
        let drone = ("drone", Authorises);
        let cases: [(&[_], &[_], _); 9] = [
            (&[drone], &[drone], Confirmed),
            (&[drone], &[drone, ("videoprotection", Mentions)], Confirmed),
            (&[drone], &[("drone", Restricts)], Corrected),
            (&[drone], &[("vsa", Authorises)], Corrected),
            (&[drone], &[("drone", Mentions)], Withdrawn),
            (&[drone], &[], Withdrawn),
            (&[("drone", Concerns)], &[drone], Corrected),
            (&[("drone", Concerns)], &[("drone", Mentions)], Confirmed),
            (&[("drone", Concerns)], &[], Withdrawn),
        ];
        for (announced, read, expected) in cases {
            let state = settle(&flags(announced), &flags(read));
            assert_eq!(state, expected, "{announced:?} → {read:?}");
        }
    }
}
