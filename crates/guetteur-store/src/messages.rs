//! The outbox: what is to be sent, claimed with a lease like all work, and what became of it.
//!
//! A message that may have left is `sending`. Whether one that was found so is sent again depends on
//! its way: the caller decides.

use crate::boxed;
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use guetteur_model::{ActId, AlarmId, MessageId};

use crate::claims::end_of;
use crate::store::{read, write};
use crate::words::words;
use crate::{AlarmTold, Channel, Store, StoreError, Subscription, Told};

words! {
    /// What a message is.
    MessageKind {
        /// The letter with the link to confirm.
        Confirmation = "confirmation",
        /// The letter that says that the subscription stands already.
        Reminder = "reminder",
        /// The letter with the link to all subscriptions of its address.
        Link = "link",
        /// Acts.
        Alert = "alert",
        /// What is wrong, or no longer.
        Alarm = "alarm",
        /// That a list is still watched, in a week in which nothing came.
        StillWatching = "still-watching",
    }
}

words! {
    /// How far a message has come.
    MessageState {
        /// To be sent.
        Pending = "pending",
        /// On its way: it may have left.
        Sending = "sending",
        /// Accepted by the other side.
        Sent = "sent",
        /// Refused for good.
        Failed = "failed",
        /// It may have left, nobody knows; it is not sent again by itself.
        Unsure = "unsure",
    }
}

/// What a message is made of when it is sent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payload {
    /// The secret of the link to confirm, or to all subscriptions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirm: Option<String>,
    /// What is told of which act.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub acts: Vec<(ActId, Told)>,
    /// What is told of which alarm.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alarms: Vec<(AlarmId, AlarmTold)>,
}

/// A message to queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMessage {
    /// Two messages never have the same.
    pub dedupe_key: String,
    /// What it is made of.
    pub payload: Payload,
}

/// A message that this worker may send until the lease runs out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimedMessage {
    /// Identity.
    pub id: MessageId,
    /// What it is.
    pub kind: MessageKind,
    /// Two messages never have the same.
    pub dedupe_key: String,
    /// What it is made of.
    pub payload: Payload,
    /// Tries, this one included.
    pub attempts: u32,
    /// When it was queued.
    pub created_at: DateTime<Utc>,
    /// When a former try may first have sent it.
    pub sending_at: Option<DateTime<Utc>>,
    /// To whom.
    pub subscription: Subscription,
    pub(crate) lease: i64,
    pub(crate) worker: String,
}

/// What became of a try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settled {
    /// The other side has it.
    Sent,
    /// It has not; to be tried again then.
    Again {
        /// Why not.
        error: String,
        /// When.
        at: DateTime<Utc>,
        /// Whether it may have left all the same: where sending twice does no harm.
        may_have_left: bool,
    },
    /// It never will.
    Failed(String),
    /// Nobody knows.
    Unsure(String),
}

/// What is noted of a message that is claimed.
#[derive(Debug, Clone, Copy)]
pub struct MessageNote<'a> {
    /// The message.
    pub message: &'a ClaimedMessage,
    /// What became of it; `None`: it may leave from here on.
    pub settled: Option<&'a Settled>,
    /// When.
    pub at: DateTime<Utc>,
}

/// A message that was not plainly sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Trouble {
    /// Identity.
    pub id: MessageId,
    /// To whom.
    pub target: String,
    /// By which way.
    pub channel: Channel,
    /// How far it came.
    pub state: MessageState,
    /// Tries.
    pub attempts: u32,
    /// Why.
    pub error: String,
    /// When it is next tried.
    pub next_due_at: DateTime<Utc>,
}

impl Store {
    /// Takes one message that is due, by one of `channels`. No two workers get the same one.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn claim_message(
        &self,
        channels: &[Channel],
        worker: &str,
        now: DateTime<Utc>,
        lease: Duration,
    ) -> Result<Option<ClaimedMessage>, StoreError> {
        Ok(self.claim_messages(channels, worker, now, lease, 1).await?.pop())
    }

    /// Takes up to `limit` messages that are due, those due longest first.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn claim_messages(
        &self,
        channels: &[Channel],
        worker: &str,
        now: DateTime<Utc>,
        lease: Duration,
        limit: u32,
    ) -> Result<Vec<ClaimedMessage>, StoreError> {
        if channels.is_empty() {
            return Ok(Vec::new());
        }
        let until = end_of(now, lease);
        write!(self, "claiming messages", |connection| {
            sql::messages::claim(connection, channels, worker, now, until, limit).await
        })
    }

    /// Gives a message back untried, to be claimed at `at`.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn give_back(
        &self,
        message: &ClaimedMessage,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        write!(self, "giving a message back", |connection| {
            sql::messages::give_back(connection, message, at).await
        })
    }

    /// Notes that from here on the message may have left. `false` when another worker has it: it
    /// must not be sent.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn mark_sending(
        &self,
        message: &ClaimedMessage,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let marks = [MessageNote { message, settled: None, at: now }];
        Ok(self.note_messages(&marks).await?.contains(&true))
    }

    /// Notes of several messages that they may have left ([`Self::mark_sending`]) or what became of
    /// them ([`Self::settle_message`]), in one transaction. Gives of each whether it was noted.
    ///
    /// # Errors
    /// When the database fails; nothing is noted then.
    #[boxed]
    pub async fn note_messages(&self, notes: &[MessageNote<'_>]) -> Result<Vec<bool>, StoreError> {
        write!(self, "noting what became of messages", |connection| {
            sql::messages::note(connection, notes).await
        })
    }

    /// Notes what became of a try, and ends the lease. `false` when another worker has it.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn settle_message(
        &self,
        message: &ClaimedMessage,
        settled: &Settled,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let notes = [MessageNote { message, settled: Some(settled), at: now }];
        Ok(self.note_messages(&notes).await?.contains(&true))
    }

    /// Messages that failed, may not have left, or wait after a failed try; newest first.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn troubled_messages(&self) -> Result<Vec<Trouble>, StoreError> {
        read!(self, "reading troubled messages", |connection| {
            sql::messages::troubled(connection).await
        })
    }

    /// Puts a message that failed, or of which nobody knows, back into the outbox; `false` when
    /// there is none such.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn send_again(&self, id: MessageId, now: DateTime<Utc>) -> Result<bool, StoreError> {
        write!(self, "sending a message again", |connection| {
            sql::messages::send_again(connection, id.0, now).await
        })
    }

    /// Messages by state, in the order of [`MessageState::ALL`].
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn count_messages(&self) -> Result<Vec<(MessageState, u64)>, StoreError> {
        read!(self, "counting messages", |connection| sql::messages::count(connection).await)
    }
}
