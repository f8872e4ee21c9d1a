//! `/api/v1/subscriptions`: what programs follow for others, with a key that the operator gave.
//!
//! A key sees what was made with it, and nothing else: of the rest there is none.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{FromRequestParts, Path, State};
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use guetteur_model::SubscriptionId;
use guetteur_publish::address::Filters;
use guetteur_publish::mailbox::Mailbox;
use guetteur_publish::subscribing::{self, LONGEST_NOTE};
use guetteur_search::Sort;
use guetteur_store::{Channel, Created, Frequency, NewSubscription, Subscription, Wish};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use url::Url;

use crate::api_keys::{ApiKey, MailRight};
use crate::error::WebError;
use crate::operator::wrong_guess;
use crate::pages::subscription::{LONGEST_QUERY, query_of};
use crate::state::AppState;
use crate::understood;

/// Bytes of the address of a webhook: what some servers take at most is little more.
const LONGEST_TARGET: usize = 2000;

/// A program that gave a key.
pub(crate) struct Holder(ApiKey);

impl FromRequestParts<AppState> for Holder {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, WebError> {
        // A key may have accents.
        let header = parts.headers.get(AUTHORIZATION).map(HeaderValue::as_bytes);
        let header = header.and_then(|bytes| std::str::from_utf8(bytes).ok());
        let key = header.and_then(|header| state.site.api_keys.given_by(header));
        if key.is_none() && header.is_some() {
            let what = "a wrong key was given for the API of subscriptions";
            wrong_guess(parts, state, what).await;
        }
        key.cloned().map(Self).ok_or(WebError::NoKey)
    }
}

/// What is asked for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct New {
    channel: Channel,
    target: String,
    #[serde(default)]
    query: String,
    frequency: Option<Frequency>,
    #[serde(default)]
    note: String,
    #[serde(default)]
    renewals: bool,
    #[serde(default)]
    still_watching: bool,
}

/// What is changed; the rest stays.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Change {
    frequency: Option<Frequency>,
    paused: Option<bool>,
    note: Option<String>,
    renewals: Option<bool>,
    still_watching: Option<bool>,
}

/// `POST /api/v1/subscriptions`.
pub(crate) async fn create(
    State(state): State<AppState>,
    Holder(key): Holder,
    body: Bytes,
) -> Result<Response, WebError> {
    let new: New = read(&body)?;
    let target = target(&state, &key, &new)?;
    let asked = Filters::to_keep(new.query.trim_start_matches('?'));
    understood::whole(&state, &asked).await?;
    if !state.catalogue.is_covered(&asked) {
        let why = "Aucune source suivie ne publie de tels actes : cette liste resterait vide.";
        return Err(WebError::BadRequest(why.to_owned()));
    }
    let query = query_of(&asked.with(|f| f.order = Sort::Relevance));
    if query.len() > LONGEST_QUERY {
        let why = "Cette liste a trop de filtres pour être suivie.";
        return Err(WebError::BadRequest(why.to_owned()));
    }
    only_by_mail(new.channel, new.renewals, new.still_watching)?;
    let (now, frequency) = (state.catalogue.now(), new.frequency.unwrap_or(Frequency::Immediate));
    let (token, confirm) = (subscribing::secret(), subscribing::secret());
    let secret = (new.channel == Channel::Webhook).then(subscribing::webhook_secret);
    let by_letter = new.channel == Channel::Mail && key.mail == MailRight::Confirm;
    let note = in_one_line(&new.note)?;
    let wanted = NewSubscription {
        channel: new.channel,
        target: &target,
        query: &query,
        frequency,
        renewals: new.renewals,
        still_watching: new.still_watching,
        note: note.as_deref(),
        token: &token,
        api_key: &key.name,
        secret: secret.as_deref(),
        confirm: by_letter.then_some(&*confirm),
        next_due_at: subscribing::first_due(frequency, state.catalogue.site.digest_hour, now),
    };
    match state.catalogue.store.create_subscription(&wanted, now).await? {
        Created::Made(made) => {
            let mut shown = shown(&state, &made);
            shown["secret"] = json!(made.secret);
            Ok(private(StatusCode::CREATED, shown))
        }
        Created::Exists => {
            let all = state.catalogue.store.subscriptions_of_key(&key.name).await?;
            let same = |one: &&Subscription| {
                one.channel == new.channel && one.target == target && one.query == query
            };
            let which = all.iter().find(same).map(|own| format!(" (id {})", own.id));
            Err(WebError::Conflict(format!(
                "{target} suit déjà cette liste : l’abonnement existant{} n’a pas changé.",
                which.unwrap_or_default()
            )))
        }
        Created::TooManyLetters => Err(WebError::EnoughLetters),
    }
}

/// Where messages go, normalised.
fn target(state: &AppState, key: &ApiKey, new: &New) -> Result<String, WebError> {
    match new.channel {
        Channel::Mail if key.mail == MailRight::No => Err(WebError::Forbidden(format!(
            "La clé « {} » n’a pas le droit d’abonner par e-mail (réglage api_key.mail).",
            key.name
        ))),
        Channel::Mail if !state.site.sends_mail => {
            Err(WebError::Forbidden("Ce site n’envoie pas d’e-mail (réglage mail).".to_owned()))
        }
        Channel::Mail => {
            let address = Mailbox::parse(&new.target);
            let address = address
                .map_err(|why| WebError::BadRequest(format!("« {} » : {why}", new.target)))?;
            Ok(address.as_str().to_owned())
        }
        Channel::Webhook => {
            if new.target.len() > LONGEST_TARGET {
                let why = format!("target : trop longue, {LONGEST_TARGET} octets au plus.");
                return Err(WebError::BadRequest(why));
            }
            let refused = |why: &str| WebError::BadRequest(format!("« {} » : {why}", new.target));
            let url = Url::parse(&new.target)
                .ok()
                .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
                .ok_or_else(|| refused("attendu une adresse https://…"))?;
            match (state.site.api_keys.receives)(&url) {
                true => Ok(of_server(url)),
                false => Err(refused("adresse privée, que ce site ne joint pas.")),
            }
        }
        Channel::Mastodon => {
            let why = "« mastodon » : un compte se règle sur le serveur ; attendu mail ou webhook.";
            Err(WebError::BadRequest(why.to_owned()))
        }
    }
}

/// What of an address is told to its server: one receiver, one spelling.
fn of_server(mut url: Url) -> String {
    url.set_fragment(None);
    url.into()
}

fn only_by_mail(channel: Channel, renewals: bool, still_watching: bool) -> Result<(), WebError> {
    match channel != Channel::Mail && (renewals || still_watching) {
        true => Err(WebError::BadRequest(
            "renewals et still_watching sont des lettres : elles vont à channel: \"mail\" seulement."
                .to_owned(),
        )),
        false => Ok(()),
    }
}

/// `GET /api/v1/subscriptions`.
pub(crate) async fn list(
    State(state): State<AppState>,
    Holder(key): Holder,
) -> Result<Response, WebError> {
    let all = state.catalogue.store.subscriptions_of_key(&key.name).await?;
    let all: Vec<Value> = all.iter().map(|one| shown(&state, one)).collect();
    Ok(private(StatusCode::OK, json!({ "total": all.len(), "results": all })))
}

/// `GET /api/v1/subscriptions/{id}`.
pub(crate) async fn get(
    State(state): State<AppState>,
    Holder(key): Holder,
    Path(id): Path<String>,
) -> Result<Response, WebError> {
    let (known, _) = held(&state, &key, &id).await?;
    Ok(private(StatusCode::OK, shown(&state, &known)))
}

/// `PATCH /api/v1/subscriptions/{id}`.
pub(crate) async fn change(
    State(state): State<AppState>,
    Holder(key): Holder,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Response, WebError> {
    let sent: Change = read(&body)?;
    let (known, token) = held(&state, &key, &id).await?;
    if known.confirmed_at.is_none() {
        let why = "Cet abonnement n’est pas encore confirmé par son destinataire : il ne peut qu’être \
                   arrêté.";
        return Err(WebError::Conflict(why.to_owned()));
    }
    let (now, frequency) = (state.catalogue.now(), sent.frequency.unwrap_or(known.frequency));
    let renewals = sent.renewals.unwrap_or(known.renewals);
    let still_watching = sent.still_watching.unwrap_or(known.still_watching);
    only_by_mail(known.channel, renewals, still_watching)?;
    let paused = sent.paused.unwrap_or(known.paused_at.is_some());
    let anew = frequency != known.frequency || (known.paused_at.is_some() && !paused);
    let note = match &sent.note {
        Some(note) => in_one_line(note)?,
        None => known.note,
    };
    let wish = Wish {
        query: &known.query,
        frequency,
        note: note.as_deref(),
        paused,
        renewals,
        still_watching,
        next_due_at: match anew {
            true => subscribing::first_due(frequency, state.catalogue.site.digest_hour, now),
            false => known.next_due_at,
        },
    };
    let changed = state.catalogue.store.change_subscription(&token, &wish, now).await?;
    let changed = changed.ok_or_else(|| none(&id))?;
    Ok(private(StatusCode::OK, shown(&state, &changed)))
}

/// `DELETE /api/v1/subscriptions/{id}`.
pub(crate) async fn end(
    State(state): State<AppState>,
    Holder(key): Holder,
    Path(id): Path<String>,
) -> Result<StatusCode, WebError> {
    let (_, token) = held(&state, &key, &id).await?;
    match state.catalogue.store.unsubscribe(&token).await? {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(none(&id)),
    }
}

/// A subscription of this key, and the secret by which it is changed.
async fn held(
    state: &AppState,
    key: &ApiKey,
    id: &str,
) -> Result<(Subscription, String), WebError> {
    let number = id.parse().map(SubscriptionId).map_err(|_| none(id))?;
    let found = state.catalogue.store.subscription_of_key(&key.name, number).await?;
    let found = found.ok_or_else(|| none(id))?;
    let token = found.token.clone().ok_or_else(|| none(id))?;
    Ok((found, token))
}

fn none(id: &str) -> WebError {
    WebError::NotFound(format!(
        "Aucun abonnement {id} n’a été fait avec cette clé ; GET /api/v1/subscriptions les donne tous."
    ))
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, WebError> {
    let wrong = |why: &str| {
        WebError::BadRequest(format!(
            "Corps incompris : {why}. Attendu : un objet JSON, que décrit /api/v1/openapi.json."
        ))
    };
    // serde would take a list for the fields in their order.
    if body.trim_ascii_start().first().is_some_and(|first| *first != b'{') {
        return Err(wrong("ce n’est pas un objet"));
    }
    serde_json::from_slice(body).map_err(|error| wrong(&error.to_string()))
}

/// A note in one line; an empty one is none.
fn in_one_line(note: &str) -> Result<Option<String>, WebError> {
    let note = note.split_whitespace().collect::<Vec<_>>().join(" ");
    match note.chars().count() > LONGEST_NOTE {
        true => Err(WebError::BadRequest(format!(
            "note : trop longue, {LONGEST_NOTE} caractères au plus."
        ))),
        false => Ok(Some(note).filter(|note| !note.is_empty())),
    }
}

/// What programs see; a webhook's secret is in the answer that made it alone.
fn shown(state: &AppState, one: &Subscription) -> Value {
    let filters = Filters::parse(&one.query);
    let list = state.catalogue.site.absolute(&filters.address("/recherche"));
    let held = match (one.suspended_at, one.confirmed_at, one.paused_at) {
        (Some(_), ..) => "suspended",
        (_, None, _) => "to_confirm",
        (_, _, Some(_)) => "paused",
        _ => "active",
    };
    json!({
        "id": one.id,
        "channel": one.channel,
        "target": one.target,
        "query": one.query,
        "followed": subscribing::describe(&state.catalogue, &filters),
        "url": list,
        "frequency": one.frequency,
        "state": held,
        "note": one.note,
        "renewals": one.renewals,
        "still_watching": one.still_watching,
        "confirmed_at": one.confirmed_at,
        "secret": null,
    })
}

/// An answer that is nobody else's.
fn private(status: StatusCode, answer: Value) -> Response {
    (status, [(CACHE_CONTROL, "no-store")], Json(answer)).into_response()
}
