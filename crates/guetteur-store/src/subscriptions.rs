//! Who is told of new acts: readers by mail, receivers of the settings by webhook or on Mastodon.
//!
//! A subscription is a query with a mark: the revision up to which its acts were told (`tellings.rs`).

use crate::boxed;
use chrono::{DateTime, TimeDelta, Utc};
use guetteur_model::{Sha256, SubscriptionId};
use serde::{Deserialize, Serialize};

use crate::store::{read, write};
use crate::words::words;
use crate::{Store, StoreError};

/// A sign-up that nobody confirms is forgotten after so long.
pub const FORGOTTEN_AFTER: TimeDelta = TimeDelta::days(7);
/// Letters that one mailbox gets in a day because somebody typed its address in the form.
pub const LETTERS_A_DAY: i64 = 5;
/// Letters that all mailboxes together get in a day for the same reason: whoever types addresses by
/// the thousand must not make a sender of bulk mail of us.
pub const LETTERS_A_DAY_TO_ALL: i64 = 300;

words! {
    /// The way to a subscriber.
    Channel {
        /// A mailbox.
        Mail = "mail",
        /// An address of the settings that takes JSON.
        Webhook = "webhook",
        /// The account of the settings.
        Mastodon = "mastodon",
    }
}

words! {
    /// How often a subscriber is told.
    Frequency {
        /// As soon as something is there.
        Immediate = "immediate",
        /// Once a day.
        Daily = "daily",
        /// Once a week.
        Weekly = "weekly",
    }
}

words! {
    /// What a subscriber is told of.
    About {
        /// New acts of a list, and that a source which it covers cannot be read.
        Acts = "acts",
        /// All that is wrong: the operator.
        Alarms = "alarms",
    }
}

/// A subscription.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// Identity.
    pub id: SubscriptionId,
    /// The way to the subscriber.
    pub channel: Channel,
    /// A mail address, or the name of a receiver of the settings.
    pub target: String,
    /// The query string of the list that is followed, without `?`.
    pub query: String,
    /// What is told.
    pub about: About,
    /// How often.
    pub frequency: Frequency,
    /// What the links to stop it carry; mail only. It opens this one subscription, so it is stored
    /// as it is: every message must show it.
    pub token: Option<String>,
    /// Since when acts are told.
    pub confirmed_at: Option<DateTime<Utc>>,
    /// Since when nothing is sent, because there is no such mailbox, or the receiver is gone.
    pub suspended_at: Option<DateTime<Utc>>,
    /// Since when nothing is sent, because the subscriber wants it so.
    pub paused_at: Option<DateTime<Utc>>,
    /// What the subscriber noted for themselves.
    pub note: Option<String>,
    /// Whether they are told before authorisations of vidéoprotection of the list end.
    pub renewals: bool,
    /// Whether they are told once a week, where nothing else was, that the list is still watched.
    pub still_watching: bool,
    /// The name of the key with which a program made it.
    pub api_key: Option<String>,
    /// Of a webhook that a program made: what its messages are signed with.
    pub secret: Option<String>,
    /// The revision up to which its acts were told.
    pub told_revision: i64,
    /// When it is next looked at.
    pub next_due_at: DateTime<Utc>,
}

/// A receiver of the settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receiver {
    /// Its name; a mail address where the channel is mail.
    pub target: String,
    /// The query string of the list that it follows.
    pub query: String,
    /// What it is told.
    pub about: About,
}

/// A sign-up by mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignUp<'a> {
    /// The address, normalised: one mailbox, one spelling.
    pub address: &'a str,
    /// The query string, normalised.
    pub query: &'a str,
    /// How often.
    pub frequency: Frequency,
    /// Whether to be told before authorisations of vidéoprotection of the list end.
    pub renewals: bool,
    /// Whether to be told once a week that the list is still watched, where nothing else was told.
    pub still_watching: bool,
    /// A fresh secret for the links to stop.
    pub token: &'a str,
    /// A fresh secret for the link to confirm; only its hash outlives the letter that carries it.
    pub confirm: &'a str,
}

/// A subscription that a program makes with a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewSubscription<'a> {
    /// By mail or by webhook.
    pub channel: Channel,
    /// The address, normalised, of the mailbox or the receiver.
    pub target: &'a str,
    /// The query string, normalised.
    pub query: &'a str,
    /// How often.
    pub frequency: Frequency,
    /// Whether to be told before authorisations of vidéoprotection of the list end.
    pub renewals: bool,
    /// Whether to be told once a week that the list is still watched, where nothing else was told.
    pub still_watching: bool,
    /// A note, repeated in each letter.
    pub note: Option<&'a str>,
    /// A fresh secret by which it is changed and stopped.
    pub token: &'a str,
    /// The name of the key.
    pub api_key: &'a str,
    /// Of a webhook: what its messages are signed with.
    pub secret: Option<&'a str>,
    /// A fresh secret for a letter to confirm; without one it stands at once.
    pub confirm: Option<&'a str>,
    /// When it is first looked at.
    pub next_due_at: DateTime<Utc>,
}

/// What became of a [`NewSubscription`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Created {
    /// It is noted.
    Made(Box<Subscription>),
    /// The list is followed there already.
    Exists,
    /// The mailbox, or all together, got enough letters to confirm today: nothing is noted.
    TooManyLetters,
}

/// What a subscriber changes of a subscription.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish<'a> {
    /// The list.
    pub query: &'a str,
    /// How often.
    pub frequency: Frequency,
    /// A note to themselves.
    pub note: Option<&'a str>,
    /// Whether nothing is to be sent for now.
    pub paused: bool,
    /// Whether to be told before authorisations of vidéoprotection end.
    pub renewals: bool,
    /// Whether to be told once a week that the list is still watched, where nothing else was told.
    pub still_watching: bool,
    /// When it is next looked at.
    pub next_due_at: DateTime<Utc>,
}

impl Store {
    /// Notes a sign-up and queues its letter: to confirm, or that the subscription stands already.
    /// A mailbox that got enough letters today gets none (`a+b@c.example` is that of `a@c.example`),
    /// nor does any once all got enough. Gives whether a letter was queued, for
    /// the log: whoever types an address must not learn whether it is known.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sign_up(&self, new: SignUp<'_>, now: DateTime<Utc>) -> Result<bool, StoreError> {
        write!(self, "noting a sign-up", |connection| {
            sql::sign_ups::sign_up(connection, new, now).await
        })
    }

    /// The subscription that a link to confirm names, confirmed or not.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn subscription_to_confirm(
        &self,
        confirm: &str,
    ) -> Result<Option<Subscription>, StoreError> {
        let hash = Sha256::of(confirm.as_bytes()).to_string();
        read!(self, "reading a subscription", |connection| {
            sql::subscriptions::one(connection, "confirm_sha256", &hash).await
        })
    }

    /// The subscription that a link to stop names.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn subscription_by_token(
        &self,
        token: &str,
    ) -> Result<Option<Subscription>, StoreError> {
        read!(self, "reading a subscription", |connection| {
            sql::subscriptions::one(connection, "token", token).await
        })
    }

    /// Confirms a subscription: what changes from now on is told, at `next_due_at` first. Gives it;
    /// confirmed once more, it stays as it is.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn confirm_subscription(
        &self,
        confirm: &str,
        next_due_at: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<Option<Subscription>, StoreError> {
        let hash = Sha256::of(confirm.as_bytes()).to_string();
        write!(self, "confirming a subscription", |connection| {
            sql::sign_ups::confirm(connection, &hash, next_due_at, now).await
        })
    }

    /// Forgets a subscription and all that was told; `false` when there is none.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn unsubscribe(&self, token: &str) -> Result<bool, StoreError> {
        write!(self, "ending a subscription", |connection| {
            sql::subscriptions::unsubscribe(connection, token).await
        })
    }

    /// Changes a subscription as its subscriber wishes; `None` when there is none, or when they follow
    /// that list by another one already. What comes out during a pause is not told after it.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn change_subscription(
        &self,
        token: &str,
        wish: &Wish<'_>,
        now: DateTime<Utc>,
    ) -> Result<Option<Subscription>, StoreError> {
        write!(self, "changing a subscription", |connection| {
            sql::subscriber_links::change(connection, token, wish, now).await
        })
    }

    /// Queues a letter with a link to all subscriptions of an address, good until `expires_at`.
    /// Where there are none, or it got enough letters today, nothing is sent; it does not tell which.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn send_link(
        &self,
        address: &str,
        secret: &str,
        expires_at: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        write!(self, "sending a link", |connection| {
            sql::subscriber_links::send(connection, address, secret, expires_at, now).await
        })
    }

    /// All confirmed subscriptions of the address that a link was sent to, while it is good.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn subscriptions_by_link(
        &self,
        secret: &str,
        now: DateTime<Utc>,
    ) -> Result<Vec<Subscription>, StoreError> {
        read!(self, "reading subscriptions", |connection| {
            sql::subscriber_links::subscriptions(connection, secret, now).await
        })
    }

    /// Notes a subscription that a program makes, and queues the letter to confirm where one is wanted.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn create_subscription(
        &self,
        new: &NewSubscription<'_>,
        now: DateTime<Utc>,
    ) -> Result<Created, StoreError> {
        write!(self, "noting a subscription", |connection| {
            sql::sign_ups::create(connection, new, now).await
        })
    }

    /// The subscriptions that programs made with a key, confirmed or not, the oldest first.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn subscriptions_of_key(
        &self,
        api_key: &str,
    ) -> Result<Vec<Subscription>, StoreError> {
        read!(self, "reading subscriptions", |connection| {
            sql::subscriptions::of_key(connection, api_key).await
        })
    }

    /// One of them.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn subscription_of_key(
        &self,
        api_key: &str,
        id: SubscriptionId,
    ) -> Result<Option<Subscription>, StoreError> {
        read!(self, "reading a subscription", |connection| {
            sql::subscriptions::one_of_key(connection, api_key, id.0).await
        })
    }

    /// Suspends all that is sent to a mailbox that is none, or to a receiver that is gone for good, and gives
    /// up what waits for it. Gives how many subscriptions were suspended.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn suspend(
        &self,
        channel: Channel,
        target: &str,
        reason: &str,
        now: DateTime<Utc>,
    ) -> Result<u64, StoreError> {
        write!(self, "suspending a subscriber", |connection| {
            sql::subscriptions::suspend(connection, channel, target, reason, now).await
        })
    }

    /// Makes the subscriptions of a channel those of the settings: new ones begin now, those no longer
    /// named are forgotten. Of mail, readers sign up by themselves: only those about alarms are meant.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn configure_receivers(
        &self,
        channel: Channel,
        receivers: &[Receiver],
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        write!(self, "noting the receivers of the settings", |connection| {
            sql::subscriptions::configure(connection, channel, receivers, now).await
        })
    }

    /// Subscriptions by mail that want acts at once and wait, since they were told some just now.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn waiting_subscriptions(
        &self,
        now: DateTime<Utc>,
    ) -> Result<Vec<Subscription>, StoreError> {
        read!(self, "reading subscriptions", |connection| {
            sql::subscriptions::waiting(connection, now).await
        })
    }

    /// Subscriptions to look at, those furthest behind first.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn due_subscriptions(
        &self,
        now: DateTime<Utc>,
    ) -> Result<Vec<Subscription>, StoreError> {
        read!(self, "reading subscriptions", |connection| {
            sql::subscriptions::due(connection, now).await
        })
    }

    /// Forgets sign-ups that were not confirmed in time, mailboxes suspended for a month, and what
    /// was sent more than a month ago. Gives how many subscriptions went.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn forget_subscriptions(&self, now: DateTime<Utc>) -> Result<u64, StoreError> {
        write!(self, "forgetting old subscriptions", |connection| {
            sql::subscriptions::forget(connection, now).await
        })
    }
}
