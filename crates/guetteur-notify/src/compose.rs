//! A message in words, as its way carries it. What is told is put in words when it is sent.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use guetteur_model::ActId;
use guetteur_publish::{Catalogue, PublishedAct, ToldAct};
use guetteur_store::{Channel, ClaimedMessage, MessageKind, SourceState, Told};

use crate::letter::{self, Known, Letter};
use crate::mastodon::PostLimit;
use crate::{NotifyError, alarm_post, mastodon, still_watching, webhook};

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

/// What some messages tell: what a hundred letters tell is read once.
#[derive(Default)]
pub(crate) struct ToldActs {
    /// The acts, as they are told.
    acts: HashMap<(ActId, Told), PublishedAct>,
    /// What is known of the sources.
    sources: Vec<SourceState>,
    /// Those that cannot be read, where a letter tells them.
    blind: BTreeSet<String>,
}

/// Reads the acts of messages.
pub(crate) async fn read(
    catalogue: &Catalogue,
    messages: &[ClaimedMessage],
) -> Result<ToldActs, NotifyError> {
    let mut by_what: BTreeMap<Told, BTreeSet<ActId>> = BTreeMap::new();
    for (id, what) in messages.iter().flat_map(|message| &message.payload.acts) {
        by_what.entry(*what).or_default().insert(*id);
    }
    let mut read = ToldActs::default();
    if messages.iter().any(|message| message.subscription.channel == Channel::Mail) {
        read.sources = catalogue.store.source_health().await?;
    }
    if messages.iter().any(|message| message.kind == MessageKind::StillWatching) {
        read.blind = still_watching::blind(catalogue).await?;
    }
    for (what, ids) in by_what {
        let told: Vec<(ActId, Told)> = ids.into_iter().map(|id| (id, what)).collect();
        let acts = catalogue.acts_as_told(&told).await?;
        read.acts.extend(acts.into_iter().map(|(act, what)| ((act.id, what), act)));
    }
    Ok(read)
}

/// Puts a message in words, a post within the limits of Mastodon as it is installed; `None` when nothing
/// is left to say, since all that it told is gone.
///
/// # Errors
/// When the database fails, or a template: a mistake of ours.
pub async fn compose(
    catalogue: &Catalogue,
    message: &ClaimedMessage,
) -> Result<Option<Composed>, NotifyError> {
    let acts = read(catalogue, std::slice::from_ref(message)).await?;
    compose_of(catalogue, message, &acts, PostLimit::default()).await
}

/// The same, with the acts that were read for it.
pub(crate) async fn compose_of(
    catalogue: &Catalogue,
    message: &ClaimedMessage,
    read: &ToldActs,
    limit: PostLimit,
) -> Result<Option<Composed>, NotifyError> {
    let told = message.payload.acts.iter();
    let acts: Vec<(&PublishedAct, Told)> =
        told.filter_map(|told| Some((read.acts.get(told)?, told.1))).collect();
    let alarms = match message.payload.alarms.is_empty() {
        true => Vec::new(),
        false => catalogue.alarms_as_told(&message.payload.alarms).await?,
    };
    let was_said = !message.payload.acts.is_empty() || !message.payload.alarms.is_empty();
    if was_said && acts.is_empty() && alarms.is_empty() {
        return Ok(None);
    }
    let base_url = &catalogue.site.base_url;
    Ok(match message.subscription.channel {
        Channel::Mail => Some(Composed::Letter(letter::compose(
            catalogue,
            message,
            &acts,
            &alarms,
            &Known { sources: &read.sources, blind: &read.blind },
        )?)),
        Channel::Webhook if message.kind == MessageKind::Alarm => {
            Some(Composed::Json(webhook::alarms(message, &alarms)?))
        }
        Channel::Webhook => Some(Composed::Json(webhook::body(message, &acts, base_url)?)),
        Channel::Mastodon if message.kind == MessageKind::Alarm => {
            let coverage_url = catalogue.site.absolute("/couverture");
            alarm_post::status(&alarms, &coverage_url, limit).map(Composed::Post)
        }
        Channel::Mastodon => acts.first().map(|(act, what)| {
            Composed::Post(mastodon::status(&ToldAct::new(act, *what, base_url), limit))
        }),
    })
}
