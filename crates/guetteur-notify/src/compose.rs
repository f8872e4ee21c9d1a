//! A message in words, as its way carries it. What is told is put in words when it is sent.

use guetteur_publish::{Catalogue, ToldAct};
use guetteur_store::{Channel, ClaimedMessage, MessageKind};

use crate::letter::{self, Letter};
use crate::{NotifyError, mastodon, webhook};

/// A message in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Composed {
    /// A letter.
    Letter(Letter),
    /// The JSON of a webhook.
    Json(String),
    /// The text of a post.
    Post(String),
}

/// Puts a message in words; `None` when nothing is left to say, since all that it told is gone.
///
/// # Errors
/// When the database fails, or a template: a mistake of ours.
pub async fn compose(
    catalogue: &Catalogue,
    message: &ClaimedMessage,
) -> Result<Option<Composed>, NotifyError> {
    let acts = catalogue.acts_as_told(&message.payload.acts).await?;
    let alarms = catalogue.alarms_as_told(&message.payload.alarms).await?;
    let was_said = !message.payload.acts.is_empty() || !message.payload.alarms.is_empty();
    if was_said && acts.is_empty() && alarms.is_empty() {
        return Ok(None);
    }
    let base_url = &catalogue.site.base_url;
    Ok(match message.subscription.channel {
        Channel::Mail => {
            Some(Composed::Letter(letter::compose(catalogue, message, &acts, &alarms)?))
        }
        Channel::Webhook if message.kind == MessageKind::Alarm => {
            Some(Composed::Json(webhook::alarms(message, &alarms)?))
        }
        Channel::Webhook => Some(Composed::Json(webhook::body(message, &acts, base_url)?)),
        Channel::Mastodon => acts.first().map(|(act, what)| {
            Composed::Post(mastodon::status(&ToldAct::new(act, *what, base_url)))
        }),
    })
}
