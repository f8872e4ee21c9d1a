//! JSON to an address of the settings, or of a program's subscription, signed; told apart by `webhook-id`, so that a message that
//! comes twice counts once.

use chrono::{DateTime, Utc};
use guetteur_model::SubscriptionId;
use guetteur_publish::{PublishedAct, ToldAct, ToldAlarm};
use guetteur_store::{ClaimedMessage, Told};
use reqwest::Client;
use serde_json::json;

use crate::http::{not_taken, unheard};
use crate::sender::message_id;
use crate::{NotifyError, Outcome, Webhook, sign};

/// What is sent: each act as the API gives it, and what is told of it.
pub(crate) fn body(
    message: &ClaimedMessage,
    acts: &[(&PublishedAct, Told)],
    base_url: &str,
) -> Result<String, NotifyError> {
    let act = |(act, what): &(&PublishedAct, Told)| {
        Ok(json!({
            "told": what,
            "note": ToldAct::new(act, *what, base_url).note,
            "act": act.to_value(base_url)?,
        }))
    };
    let acts = acts.iter().map(act).collect::<Result<Vec<_>, NotifyError>>()?;
    let body = json!({
        "type": "acts",
        "id": message_id(message),
        "created_at": message.created_at,
        "subscription": made_by_program(message),
        "query": message.subscription.query,
        "acts": acts,
    });
    Ok(serde_json::to_string(&body)?)
}

/// What is sent of alarms.
pub(crate) fn alarms(
    message: &ClaimedMessage,
    alarms: &[ToldAlarm],
) -> Result<String, NotifyError> {
    let body = json!({
        "type": "alarms",
        "id": message_id(message),
        "created_at": message.created_at,
        "subscription": made_by_program(message),
        "query": message.subscription.query,
        "alarms": alarms,
    });
    Ok(serde_json::to_string(&body)?)
}

/// The subscription as the program that made it knows it: whoever has several at one address has as many
/// secrets. Those of the settings have a name instead.
fn made_by_program(message: &ClaimedMessage) -> Option<SubscriptionId> {
    message.subscription.api_key.as_ref().map(|_| message.subscription.id)
}

/// Posts a message.
pub(crate) async fn post(
    client: &Client,
    webhook: &Webhook,
    message: &ClaimedMessage,
    body: String,
    now: DateTime<Utc>,
) -> Outcome {
    post_as(client, webhook, &message_id(message), body, now).await
}

/// Posts `body` under an id of its own.
pub(crate) async fn post_as(
    client: &Client,
    webhook: &Webhook,
    id: &str,
    body: String,
    now: DateTime<Utc>,
) -> Outcome {
    let timestamp = now.timestamp();
    let request = client
        .post(&webhook.url)
        .header("content-type", "application/json")
        .header("webhook-id", id)
        .header("webhook-timestamp", timestamp.to_string())
        .header("webhook-signature", sign(&webhook.key, id, timestamp, &body))
        .header("idempotency-key", id)
        .body(body);
    match request.send().await {
        Err(error) => Outcome::Unheard(unheard(&error)),
        Ok(response) if response.status().is_success() => Outcome::Sent,
        Ok(response) => not_taken(response, now).await,
    }
}
