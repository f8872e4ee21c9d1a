//! Sending what is queued: claim, put in words, send, note what became of it.

use std::time::Duration;

use guetteur_model::Sha256;
use guetteur_publish::Catalogue;
use guetteur_store::{Channel, ClaimedMessage, Settled};

use crate::backoff::pause;
use crate::smtp::{Delivery, Postman};
use crate::{
    Composed, Letter, NotifyError, Resume, Settings, compose, letter, mastodon, resume, webhook,
};

/// Longer than the longest try: nobody takes over what is still being sent.
const LEASE: Duration = Duration::from_secs(15 * 60);

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

/// What a message is known by outside: the same on each try.
pub(crate) fn message_id(message: &ClaimedMessage) -> String {
    Sha256::of(message.dedupe_key.as_bytes()).to_string()[..32].to_owned()
}

/// Sends over the ways that are set.
pub(crate) struct Sender<'a> {
    pub(crate) catalogue: &'a Catalogue,
    pub(crate) settings: &'a Settings,
    pub(crate) client: &'a reqwest::Client,
    pub(crate) worker: &'a str,
    pub(crate) postman: Option<Postman>,
}

impl Sender<'_> {
    /// Sends the next message that is due; `None` when there is none.
    pub(crate) async fn send_next(&mut self) -> Result<Option<Settled>, NotifyError> {
        let now = self.catalogue.now();
        let mut channels = self.settings.channels();
        if self.postman.as_ref().is_some_and(|postman| postman.unreachable) {
            channels.retain(|channel| *channel != Channel::Mail);
        }
        let claimed =
            self.catalogue.store.claim_message(&channels, self.worker, now, LEASE).await?;
        let Some(message) = claimed else { return Ok(None) };
        let settled = match resume(&message, now) {
            Resume::Send => {
                let outcome = self.send(&message).await?;
                self.settled(&message, outcome)
            }
            Resume::Leave => Settled::Unsure(
                "interrompu pendant l’envoi : le message est peut-être arrivé (guetteur notify \
                 --again le renvoie)"
                    .to_owned(),
            ),
        };
        let store = &self.catalogue.store;
        if !store.settle_message(&message, &settled, self.catalogue.now()).await? {
            tracing::warn!(message = %message.id, "its subscription ended, or its lease, meanwhile");
        }
        Ok(Some(settled))
    }

    async fn send(&mut self, message: &ClaimedMessage) -> Result<Outcome, NotifyError> {
        let Some(composed) = compose(self.catalogue, message).await? else {
            return Ok(Outcome::Sent);
        };
        let name = &message.subscription.target;
        match composed {
            Composed::Letter(letter) => self.mail(message, letter).await,
            Composed::Json(body) => {
                let named = self.settings.webhooks.iter().find(|webhook| webhook.name == *name);
                let Some(webhook) = named else { return Ok(no_longer_set()) };
                self.mark(message).await?;
                Ok(webhook::post(self.client, webhook, message, body, self.catalogue.now()).await)
            }
            Composed::Post(status) => {
                let Some(account) = &self.settings.mastodon else { return Ok(no_longer_set()) };
                self.mark(message).await?;
                Ok(mastodon::post(self.client, account, message, &status).await)
            }
        }
    }

    async fn mark(&self, message: &ClaimedMessage) -> Result<(), NotifyError> {
        self.catalogue.store.mark_sending(message, self.catalogue.now()).await?;
        Ok(())
    }

    async fn mail(
        &mut self,
        message: &ClaimedMessage,
        letter: Letter,
    ) -> Result<Outcome, NotifyError> {
        let (Some(mail), Some(postman)) = (&self.settings.mail, &mut self.postman) else {
            return Ok(no_longer_set());
        };
        let (store, now) = (&self.catalogue.store, self.catalogue.now());
        let letter = letter::mail(self.catalogue, &mail.from, message, letter, now)?;
        // What cannot be noted is not sent: it would be sent again.
        let leave = async || matches!(store.mark_sending(message, now).await, Ok(true));
        Ok(match postman.send(&letter, leave).await {
            Delivery::Sent => Outcome::Sent,
            Delivery::NotSent(error) => Outcome::NotSent(error),
            Delivery::Unheard(error) => Outcome::Unheard(error),
            Delivery::Refused(error) => Outcome::Refused(error),
            Delivery::Bounced(error) => {
                let address = &message.subscription.target;
                store.suspend_address(address, &error, self.catalogue.now()).await?;
                Outcome::Refused(error)
            }
        })
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
