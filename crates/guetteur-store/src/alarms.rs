//! What has been wrong for long enough to be told: once to each whom it concerns, once when it is over.

use crate::boxed;
use std::collections::{HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use guetteur_model::{AlarmId, BulletinId, SubscriptionId};
use serde::{Deserialize, Serialize};

use crate::store::{read, write};
use crate::words::words;
use crate::{Store, StoreError, Subscription};

words! {
    /// What is wrong. The subject is the code of a source unless said otherwise.
    AlarmKind {
        /// A source could not be read for so long that subscribers must know.
        Blind = "blind",
        /// Passes over a source fail: blocked, broken, shrunk.
        Failing = "failing",
        /// A source is read, and publishes nothing for far longer than it used to.
        Silent = "silent",
        /// A bulletin (its id) could not be fetched or read, and was given up.
        GivenUp = "given_up",
        /// A PDF of the archive (its hash) is not there, or has other bytes.
        Damaged = "damaged",
    }
}

words! {
    /// What a subscriber is told of an alarm.
    AlarmTold {
        /// That it is so.
        Raised = "raised",
        /// That it is over.
        Over = "over",
    }
}

/// Something that is wrong now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// What.
    pub kind: AlarmKind,
    /// Of what: see [`AlarmKind`].
    pub subject: String,
    /// Since when.
    pub since: DateTime<Utc>,
}

/// Something that is or was wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alarm {
    /// Identity.
    pub id: AlarmId,
    /// What.
    pub kind: AlarmKind,
    /// Of what: see [`AlarmKind`].
    pub subject: String,
    /// Since when.
    pub since: DateTime<Utc>,
    /// When it was noticed.
    pub raised_at: DateTime<Utc>,
    /// When it was noticed that it is over.
    pub over_at: Option<DateTime<Utc>>,
}

impl Store {
    /// Makes the open alarms of these kinds `wrong`: raises what is new, ends what is gone. Gives how
    /// many of each. Several machines may do so at once.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn set_alarms(
        &self,
        kinds: &[AlarmKind],
        wrong: &[Wrong],
        now: DateTime<Utc>,
    ) -> Result<(u64, u64), StoreError> {
        write!(self, "noting alarms", |connection| {
            sql::alarms::set(connection, kinds, wrong, now).await
        })
    }

    /// Alarms that are open, or over since `since`; raised last first.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn alarms(&self, since: DateTime<Utc>) -> Result<Vec<Alarm>, StoreError> {
        read!(self, "reading alarms", |connection| sql::alarms::since(connection, since).await)
    }

    /// The alarms of these ids that are still known.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn alarms_by_ids(&self, ids: &[AlarmId]) -> Result<Vec<Alarm>, StoreError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        read!(self, "reading alarms", |connection| sql::alarms::by_ids(connection, ids).await)
    }

    /// Bulletins given up, with the time; one that is being tried once more still counts while it is
    /// an alarm.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn given_up(&self) -> Result<Vec<(BulletinId, DateTime<Utc>)>, StoreError> {
        read!(self, "reading what was given up", |connection| {
            sql::alarms::given_up(connection).await
        })
    }

    /// Subscriptions that are told something, of all channels.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn confirmed_subscriptions(&self) -> Result<Vec<Subscription>, StoreError> {
        read!(self, "reading subscriptions", |connection| {
            sql::subscriptions::confirmed(connection).await
        })
    }

    /// Who was told what of these alarms.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn told_alarms(
        &self,
        alarms: &[AlarmId],
    ) -> Result<HashMap<SubscriptionId, HashSet<(AlarmId, AlarmTold)>>, StoreError> {
        if alarms.is_empty() {
            return Ok(HashMap::new());
        }
        read!(self, "reading which alarms were told", |connection| {
            sql::alarms::told(connection, alarms).await
        })
    }

    /// Queues one message that tells a subscriber of these alarms, without what it was told already;
    /// whether there was anything left to tell. What it is told less than `pause` after something of
    /// the same kind waits; a post waits after any other.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn tell_alarms(
        &self,
        subscription: SubscriptionId,
        alarms: &[(AlarmId, AlarmTold)],
        pause: TimeDelta,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        write!(self, "queueing a message about alarms", |connection| {
            sql::alarms::tell(connection, subscription, alarms, pause, now).await
        })
    }
}
