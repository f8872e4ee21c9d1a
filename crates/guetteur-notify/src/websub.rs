//! A hub is told which feeds changed, and asks for them itself ([WebSub](https://www.w3.org/TR/websub/)). How a
//! publisher tells it is left open there; this is what hubs took before and take since (PubSubHubbub 0.4, 7.1).

use chrono::{DateTime, Utc};
use guetteur_publish::websub::Topic;
use guetteur_publish::{Catalogue, Site};
use guetteur_store::{About, Channel, Receiver, Subscription};
use reqwest::Client;
use reqwest::header::CONTENT_TYPE;
use url::form_urlencoded::Serializer;

use crate::Outcome;
use crate::http::{not_taken, unheard};

/// What the receivers of a list for the hub are called; no webhook is called so.
const PREFIX: &str = "websub ";

/// The lists that the hub is told of, as receivers.
pub(crate) fn receivers(catalogue: &Catalogue) -> impl Iterator<Item = Receiver> {
    Topic::all(&catalogue.registry).into_iter().map(|topic| Receiver {
        target: format!("{PREFIX}{}", topic.name()),
        query: topic.query,
        about: About::Acts,
    })
}

/// Whether a receiver of that name stands for a list of which the hub is told.
#[must_use]
pub fn is_of_hub(receiver: &str) -> bool {
    receiver.starts_with(PREFIX)
}

/// Whether a subscription is the hub's.
pub(crate) fn is_ping(subscription: &Subscription) -> bool {
    let Subscription { channel, target, api_key, .. } = subscription;
    *channel == Channel::Webhook && api_key.is_none() && is_of_hub(target)
}

/// The list that a receiver stands for.
pub(crate) fn topic(catalogue: &Catalogue, receiver: &str) -> Option<Topic> {
    let name = receiver.strip_prefix(PREFIX)?;
    Topic::all(&catalogue.registry).into_iter().find(|topic| topic.name() == name)
}

/// Tells `hub` that the feeds of a list changed, one after the other: not all hubs take several at once.
pub(crate) async fn publish(
    client: &Client,
    hub: &str,
    topic: &Topic,
    site: &Site,
    now: DateTime<Utc>,
) -> Outcome {
    for address in topic.addresses(site) {
        let told = [("hub.mode", "publish"), ("hub.url", &*address)];
        let form = Serializer::new(String::new()).extend_pairs(told).finish();
        let request =
            client.post(hub).header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(form);
        match request.send().await {
            Err(error) => return Outcome::Unheard(unheard(&error)),
            Ok(response) if response.status().is_success() => {}
            Ok(response) => return not_taken(response, now).await,
        }
    }
    Outcome::Sent
}
