//! What subscribers are told of acts: which changed, what was told, and the step that moves a
//! subscription on. Moving its mark and queueing the messages (`messages.rs`) is one transaction.

use crate::boxed;
use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use guetteur_model::{ActId, SubscriptionId, When};
use serde::{Deserialize, Serialize};

use crate::act_records::numbers;
use crate::messages::NewMessage;
use crate::store::{read, write};
use crate::words::words;
use crate::{AlertState, Store, StoreError};

words! {
    /// What a subscriber is told of an act.
    Told {
        /// That it is there.
        New = "new",
        /// That the first alert was not exact.
        Corrected = "corrected",
        /// That the first alert was wrong.
        Withdrawn = "withdrawn",
        /// That it was right after all.
        Restored = "restored",
        /// That another act ends it.
        Repealed = "repealed",
        /// That another act suspends it.
        Suspended = "suspended",
        /// A court annuls it.
        Annulled = "annulled",
        /// That it is suspended or annulled no more.
        Upheld = "upheld",
        /// That a new version of its PDF changed it.
        Changed = "changed",
        /// That what it authorises ends soon.
        Ending = "ending",
    }
}

/// What a subscriber was told of an act, and when last.
pub type Known = BTreeMap<Told, DateTime<Utc>>;

/// What subscribers were told, by act.
pub type KnownOf = HashMap<SubscriptionId, HashMap<ActId, Known>>;

/// An act as it changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActChange {
    /// The act.
    pub id: ActId,
    /// Number of the change.
    pub revision: i64,
    /// Day of publication.
    pub published_on: Option<NaiveDate>,
    /// Day of signature.
    pub signed_on: Option<NaiveDate>,
    /// When Guetteur first held it.
    pub first_seen_at: DateTime<Utc>,
    /// When its bulletin came out under our eyes, whatever day it bears: its site showed it for the
    /// first time after a full pass, and not among a back-fill of old ones.
    pub appeared_at: Option<DateTime<Utc>>,
    /// When its youngest flag that calls for an alert came.
    pub flagged_at: Option<DateTime<Utc>>,
    /// Its first alert.
    pub alert: Option<AlertState>,
    /// When a new version of its PDF last changed what is said of it.
    pub pdf_changed_at: Option<DateTime<Utc>>,
    /// Start of effect.
    pub valid_from: Option<When>,
}

/// What moves a subscription on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Telling {
    /// The subscription.
    pub subscription: SubscriptionId,
    /// Its mark as it was when the acts were looked for.
    pub from_revision: i64,
    /// Its new mark.
    pub to_revision: i64,
    /// When it is next looked at.
    pub next_due_at: DateTime<Utc>,
    /// What is told of which act.
    pub told: Vec<(ActId, Told)>,
    /// The messages that tell it.
    pub messages: Vec<NewMessage>,
}

impl Store {
    /// Acts whose last change is above `after` and not above `to`, in that order: those published
    /// since `recent`, of no known day, come out under our eyes since then, once announced, changed by a
    /// new version of their PDF, judged by a court, or once told to be so: courts take years.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn act_changes(
        &self,
        after: i64,
        to: i64,
        recent: NaiveDate,
        limit: u32,
    ) -> Result<Vec<ActChange>, StoreError> {
        read!(self, "reading changed acts", |connection| {
            sql::changed_acts::changes(connection, after, to, recent, limit).await
        })
    }

    /// What whoever was told of these acts was told of them.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn told(&self, acts: &[ActId]) -> Result<KnownOf, StoreError> {
        read!(self, "reading what was told", |connection| {
            sql::tellings::known(connection, &numbers(acts)).await
        })
    }

    /// Moves subscriptions on and queues their messages, all or nothing. Gives those that were moved:
    /// nothing is written of one whose mark is no longer where it was; another machine moved it, or
    /// it is gone.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn tell(
        &self,
        tellings: &[Telling],
        now: DateTime<Utc>,
    ) -> Result<HashSet<SubscriptionId>, StoreError> {
        write!(self, "queueing messages", |connection| {
            sql::tellings::tell(connection, tellings, now).await
        })
    }

    /// Queues a letter about authorisations that end soon, to a subscriber who asked for it and was not
    /// told of them yet. Gives whether there was any to tell.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn tell_endings(
        &self,
        subscription: SubscriptionId,
        acts: &[ActId],
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        write!(self, "queueing a letter about renewals", |connection| {
            sql::tellings::tell_endings(connection, subscription, acts, now).await
        })
    }

    /// Queues a letter that says that a list is still watched, for the week that ended at `week_end`: to a
    /// subscriber who asked for it, held the list all that week, and was told nothing of it in the week or
    /// since. Gives whether it was queued; of several machines one does.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn tell_still_watching(
        &self,
        subscription: SubscriptionId,
        week_end: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        write!(self, "queueing a letter that a list is still watched", |connection| {
            sql::still_watching::tell(connection, subscription, week_end, now).await
        })
    }
}
