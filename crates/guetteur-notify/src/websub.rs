//! A hub is told which feeds changed, and asks for them itself ([WebSub](https://www.w3.org/TR/websub/)). How a
//! publisher tells it is left open there; this is what hubs took before and take since (PubSubHubbub 0.4, 7.1).

use guetteur_publish::websub::Topic;
use guetteur_publish::{Catalogue, Site};
use guetteur_store::{About, Receiver};
use reqwest::header::CONTENT_TYPE;
use reqwest::{Client, StatusCode};
use url::form_urlencoded::Serializer;

use crate::Outcome;
use crate::http::refusal;

/// What the receivers of a list for the hub are called: no webhook's name has a space.
const PREFIX: &str = "websub ";

/// The lists that the hub is told of, as receivers.
pub(crate) fn receivers(catalogue: &Catalogue) -> impl Iterator<Item = Receiver> {
    Topic::all(&catalogue.registry).into_iter().map(|topic| Receiver {
        target: format!("{PREFIX}{}", topic.name()),
        query: topic.query,
        about: About::Acts,
    })
}

/// The list that a receiver stands for.
pub(crate) fn topic(catalogue: &Catalogue, receiver: &str) -> Option<Topic> {
    let name = receiver.strip_prefix(PREFIX)?;
    Topic::all(&catalogue.registry).into_iter().find(|topic| topic.name() == name)
}

/// Tells `hub` that the feeds of a list changed, one after the other: not all hubs take several at once.
pub(crate) async fn publish(client: &Client, hub: &str, topic: &Topic, site: &Site) -> Outcome {
    for address in topic.addresses(site) {
        let told = [("hub.mode", "publish"), ("hub.url", &*address)];
        let form = Serializer::new(String::new()).extend_pairs(told).finish();
        let request =
            client.post(hub).header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(form);
        match request.send().await {
            Err(error) => return Outcome::Unheard(error.without_url().to_string()),
            Ok(response) if response.status().is_success() => {}
            Ok(response) => {
                return match refusal(response).await {
                    (StatusCode::GONE, said) => Outcome::Refused(said),
                    (_, said) => Outcome::NotSent(said),
                };
            }
        }
    }
    Outcome::Sent
}
