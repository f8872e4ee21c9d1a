//! Sending one message: put in words, sent, and what became of it.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::TimeDelta;
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
    /// It will never take it.
    Refused(String),
}

/// What else is for a webhook that gave no answer comes after the message that it did not answer.
const SILENT_FOR: TimeDelta = TimeDelta::minutes(1);

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
    /// Webhooks that gave no answer: the same.
    pub(crate) silent: Mutex<HashSet<String>>,
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

    /// To a webhook, or, where the message is for the hub, that a feed changed.
    async fn post(
        &self,
        message: &ClaimedMessage,
        body: String,
    ) -> Result<Option<Outcome>, NotifyError> {
        let subscription = &message.subscription;
        let named = self.settings.webhook_of(subscription);
        let hub = self.settings.hub.as_ref().filter(|_| subscription.api_key.is_none());
        let topic = hub.zip(websub::topic(self.catalogue, &subscription.target));
        let who = match (&named, &topic) {
            (Some(_), _) => &subscription.target,
            (None, Some((hub, _))) => *hub,
            (None, None) => return Ok(Some(no_longer_set())),
        };
        // Those of the settings were looked at when it started.
        let inside =
            |set: &crate::Webhook| http::is_inside(&set.url, self.settings.private_addresses);
        if named.as_ref().is_some_and(inside) {
            return Ok(Some(Outcome::NotSent(http::INSIDE.to_owned())));
        }
        let now = self.catalogue.now();
        if self.silent().contains(who) {
            self.catalogue.store.give_back(message, now + SILENT_FOR).await?;
            return Ok(None);
        }
        if !self.leave(message).await? {
            return Ok(None);
        }
        let outcome = match (&named, &topic) {
            (Some(webhook), _) => webhook::post(self.client, webhook, message, body, now).await,
            (None, Some((hub, topic))) => {
                websub::publish(self.client, hub, topic, &self.catalogue.site).await
            }
            (None, None) => return Ok(Some(no_longer_set())),
        };
        if matches!(outcome, Outcome::Unheard(_)) {
            self.silent().insert(who.clone());
        }
        Ok(Some(outcome))
    }

    fn silent(&self) -> MutexGuard<'_, HashSet<String>> {
        self.silent.lock().unwrap_or_else(PoisonError::into_inner)
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
                store.suspend_address(address, &error, self.catalogue.now()).await?;
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
        let again = |error, may_have_left| match pause(message.attempts) {
            Some(pause) => {
                Settled::Again { error, at: self.catalogue.now() + pause, may_have_left }
            }
            None => Settled::Failed(error),
        };
        match outcome {
            Outcome::Sent => Settled::Sent,
            Outcome::Refused(error) => Settled::Failed(error),
            Outcome::NotSent(error) => again(error, false),
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
