//! Sending one message: put in words, sent, and what became of it.

use std::collections::HashMap;
use std::future::Future;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use guetteur_model::Sha256;
use guetteur_publish::Catalogue;
use guetteur_store::{Channel, ClaimedMessage, MessageKind, Settled};

use crate::backoff::pause;
use crate::clerk::Notes;
use crate::compose::{ToldActs, compose_of};
use crate::mastodon::{PostLimit, PostLimits};
use crate::providers::Providers;
use crate::smtp::{Delivery, Postman};
use crate::{
    Composed, Letter, NotifyError, Resume, Settings, http, letter, mastodon, resume, webhook,
    websub,
};

/// What became of a try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The other side has it.
    Sent,
    /// It has not; another try may do.
    NotSent(String),
    /// It may have it; no answer was heard.
    Unheard(String),
    /// It has not, and wants nothing for so long.
    Later(String, TimeDelta),
    /// It will never take it.
    Refused(String),
    /// It will never take anything again.
    Gone(String),
}

/// What else is for a receiver that gave no answer comes after the message that it did not answer.
const SILENT_FOR: TimeDelta = TimeDelta::minutes(1);
/// A receiver that wants nothing for longer is asked again after so long all the same.
const LONGEST_WAIT: TimeDelta = TimeDelta::hours(12);

/// What a message is known by outside: the same on each try.
pub(crate) fn message_id(message: &ClaimedMessage) -> String {
    Sha256::of(message.dedupe_key.as_bytes()).to_string()[..32].to_owned()
}

/// Sends over the ways that are set; several messages at a time.
pub(crate) struct Sender<'a> {
    pub(crate) catalogue: &'a Catalogue,
    pub(crate) settings: &'a Settings,
    pub(crate) client: &'a reqwest::Client,
    pub(crate) providers: &'a Providers,
    pub(crate) limits: &'a PostLimits,
    pub(crate) notes: Notes,
    /// Connections to the mail server at rest.
    pub(crate) postmen: Mutex<Vec<Postman>>,
    /// No connection to it came about: the letters of this round need not wait for it too.
    pub(crate) unreachable: AtomicBool,
    /// Webhooks, and the hub, that get nothing until then: they gave no answer, or asked for it.
    pub(crate) left_alone: Mutex<HashMap<String, DateTime<Utc>>>,
}

impl Sender<'_> {
    /// Sends a message, or gives it back untried (`None`).
    pub(crate) async fn send(
        &self,
        message: &ClaimedMessage,
        acts: &ToldActs,
    ) -> Result<Option<Settled>, NotifyError> {
        let now = self.catalogue.now();
        let settled = match resume(message, now) {
            Resume::Leave => Settled::Unsure(
                "interrompu pendant l’envoi : le message est peut-être arrivé (guetteur notify \
                 --again le renvoie)"
                    .to_owned(),
            ),
            Resume::Send => match self.try_to(message, acts).await? {
                Some(outcome) => self.settled(message, outcome),
                None => return Ok(None),
            },
        };
        if !self.notes.settle(message, &settled, self.catalogue.now()).await? {
            tracing::warn!(message = %message.id, "its subscription ended, or its lease, meanwhile");
        }
        Ok(Some(settled))
    }

    async fn try_to(
        &self,
        message: &ClaimedMessage,
        acts: &ToldActs,
    ) -> Result<Option<Outcome>, NotifyError> {
        if websub::is_ping(&message.subscription) {
            return self.ping(message).await;
        }
        let name = &message.subscription.target;
        let account = self.settings.mastodon.iter().find(|account| account.name == *name);
        let limit = match account.filter(|_| message.subscription.channel == Channel::Mastodon) {
            Some(account) => self.limits.of(self.client, account, self.catalogue.now()).await,
            None => PostLimit::default(),
        };
        let Some(composed) = compose_of(self.catalogue, message, acts, limit).await? else {
            return Ok(Some(Outcome::Sent));
        };
        let outcome = match composed {
            Composed::Letter(letter) => return self.mail(message, letter).await,
            Composed::Json(body) => return self.post(message, body).await,
            Composed::Post(status) => {
                let Some(account) = account else { return Ok(Some(no_longer_set())) };
                if !self.leave(message).await? {
                    return Ok(None);
                }
                mastodon::post(self.client, account, message, &status).await
            }
        };
        Ok(Some(outcome))
    }

    /// To a webhook.
    async fn post(
        &self,
        message: &ClaimedMessage,
        body: String,
    ) -> Result<Option<Outcome>, NotifyError> {
        let Some(webhook) = self.settings.webhook_of(&message.subscription) else {
            return Ok(Some(no_longer_set()));
        };
        // Those of the settings were looked at when it started.
        if http::is_inside(&webhook.url, self.settings.private_addresses) {
            return Ok(Some(Outcome::NotSent(http::INSIDE.to_owned())));
        }
        let sent = webhook::post(self.client, &webhook, message, body, self.catalogue.now());
        self.by_http(message, &webhook.name, sent).await
    }

    /// Tells the hub that the feeds of a list changed.
    async fn ping(&self, message: &ClaimedMessage) -> Result<Option<Outcome>, NotifyError> {
        let topic = websub::topic(self.catalogue, &message.subscription.target);
        let (Some(hub), Some(topic)) = (&self.settings.hub, topic) else {
            return Ok(Some(no_longer_set()));
        };
        let (site, now) = (&self.catalogue.site, self.catalogue.now());
        let told = websub::publish(self.client, hub, &topic, site, now);
        self.by_http(message, hub, told).await
    }

    /// Awaits what `send` does, unless `who` is left alone for now. One that is gone for good gets nothing
    /// any more.
    async fn by_http(
        &self,
        message: &ClaimedMessage,
        who: &str,
        send: impl Future<Output = Outcome>,
    ) -> Result<Option<Outcome>, NotifyError> {
        let store = &self.catalogue.store;
        let until = self.left_alone().get(who).copied();
        if let Some(until) = until {
            store.give_back(message, until).await?;
            return Ok(None);
        }
        if !self.leave(message).await? {
            return Ok(None);
        }
        let outcome = send.await;
        let now = self.catalogue.now();
        let until = match &outcome {
            Outcome::Unheard(_) => Some(now + SILENT_FOR),
            Outcome::Later(_, wait) => Some(now + *wait.min(&LONGEST_WAIT)),
            Outcome::Gone(why) => {
                let (channel, target) =
                    (message.subscription.channel, &*message.subscription.target);
                tracing::warn!(target, why, "a receiver is gone for good: it gets nothing more");
                store.suspend(channel, target, why, now).await?;
                Some(now)
            }
            _ => None,
        };
        self.left_alone().extend(until.map(|until| (who.to_owned(), until)));
        Ok(Some(outcome))
    }

    fn left_alone(&self) -> MutexGuard<'_, HashMap<String, DateTime<Utc>>> {
        self.left_alone.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the message may leave from here on; not where another worker has it by now.
    async fn leave(&self, message: &ClaimedMessage) -> Result<bool, NotifyError> {
        self.notes.leave(message, self.catalogue.now()).await
    }

    async fn mail(
        &self,
        message: &ClaimedMessage,
        letter: Letter,
    ) -> Result<Option<Outcome>, NotifyError> {
        let Some(mail) = &self.settings.mail else { return Ok(Some(no_longer_set())) };
        let (store, now) = (&self.catalogue.store, self.catalogue.now());
        let address = &message.subscription.target;
        // Who has just signed up waits before the screen.
        let of_lists = matches!(message.kind, MessageKind::Alert | MessageKind::StillWatching);
        let limit = if of_lists { mail.per_provider } else { 0 };
        let may_leave = self.providers.leave(address, limit, now);
        if self.unreachable() || may_leave.is_err() {
            store.give_back(message, may_leave.err().unwrap_or(now)).await?;
            return Ok(None);
        }
        let letter = letter::mail(self.catalogue, &mail.from, message, letter, now)?;
        let mut postman = self.postman(mail);
        // What cannot be noted is not sent: it would be sent again.
        let leave = async || matches!(self.leave(message).await, Ok(true));
        let delivery = postman.send(&letter, leave).await;
        self.postmen.lock().unwrap_or_else(PoisonError::into_inner).push(postman);
        Ok(Some(match delivery {
            Ok(Delivery::Sent) => Outcome::Sent,
            Ok(Delivery::NotSent(error)) => Outcome::NotSent(error),
            Ok(Delivery::Unheard(error)) => Outcome::Unheard(error),
            Ok(Delivery::Refused(error)) => Outcome::Refused(error),
            Ok(Delivery::TooMany(error)) => {
                self.providers.hold(address, now);
                Outcome::NotSent(error)
            }
            Ok(Delivery::Bounced(error)) => {
                let now = self.catalogue.now();
                store.suspend(Channel::Mail, address, &error, now).await?;
                Outcome::Refused(error)
            }
            Err(error) => {
                self.unreachable.store(true, Ordering::Relaxed);
                Outcome::NotSent(error)
            }
        }))
    }

    /// Whether no connection to the mail server came about.
    pub(crate) fn unreachable(&self) -> bool {
        self.unreachable.load(Ordering::Relaxed)
    }

    /// Says goodbye to the mail server.
    pub(crate) async fn close(&self) {
        let resting =
            std::mem::take(&mut *self.postmen.lock().unwrap_or_else(PoisonError::into_inner));
        for mut postman in resting {
            postman.close().await;
        }
    }

    fn postman(&self, mail: &crate::Mail) -> Postman {
        let resting = self.postmen.lock().unwrap_or_else(PoisonError::into_inner).pop();
        resting.unwrap_or_else(|| Postman::new(mail.clone(), &self.catalogue.site.host()))
    }

    fn settled(&self, message: &ClaimedMessage, outcome: Outcome) -> Settled {
        let after = |least: TimeDelta, error, may_have_left| match pause(message.attempts) {
            Some(pause) => {
                let at = self.catalogue.now() + pause.max(least);
                Settled::Again { error, at, may_have_left }
            }
            None => Settled::Failed(error),
        };
        let again = |error, may_have_left| after(TimeDelta::zero(), error, may_have_left);
        match outcome {
            Outcome::Sent => Settled::Sent,
            Outcome::Refused(error) | Outcome::Gone(error) => Settled::Failed(error),
            Outcome::NotSent(error) => again(error, false),
            Outcome::Later(error, wait) => after(wait.min(LONGEST_WAIT), error, false),
            Outcome::Unheard(error) if message.subscription.channel == Channel::Mail => {
                Settled::Unsure(error)
            }
            Outcome::Unheard(error) => again(error, true),
        }
    }
}

fn no_longer_set() -> Outcome {
    Outcome::NotSent("ce destinataire n’est plus dans les réglages".to_owned())
}
