//! What subscribers change by themselves: frequency, pause, note, what is left out; and all of their
//! subscriptions by a link in a letter. There is no account.

use std::net::SocketAddr;

use axum::Form;
use axum::extract::{ConnectInfo, Path, State};
use axum::http::{Extensions, HeaderMap};
use axum::response::Response;
use chrono::TimeDelta;
use guetteur_model::ActId;
use guetteur_publish::PublishedAct;
use guetteur_publish::address::Filters;
use guetteur_publish::mailbox::Mailbox;
use guetteur_publish::subscribing::{self, LINK_HOURS, LONGEST_NOTE};
use guetteur_search::Query;
use guetteur_store::{Subscription, Wish};
use serde::Deserialize;

use super::subscription::{LONGEST_QUERY, own_page, query_of, shown, stale, told, too_many};
use crate::error::WebError;
use crate::limits;
use crate::state::AppState;

/// What the page of a subscription sends.
#[derive(Deserialize)]
pub(crate) struct ChangeForm {
    #[serde(default)]
    frequence: String,
    #[serde(default)]
    note: String,
    #[serde(default)]
    pause: Option<String>,
    #[serde(default)]
    echeances: Option<String>,
    #[serde(default)]
    semaine: Option<String>,
}

/// `/abonnement/{token}/changer`.
pub(crate) async fn change(
    State(state): State<AppState>,
    Path(token): Path<String>,
    Form(sent): Form<ChangeForm>,
) -> Result<Response, WebError> {
    let known = held(&state, &token).await?;
    let frequency = sent.frequence.parse().unwrap_or(known.frequency);
    let note: String = sent.note.split_whitespace().collect::<Vec<_>>().join(" ");
    let note: String = note.chars().take(LONGEST_NOTE).collect();
    let now = state.catalogue.now();
    let wish = Wish {
        query: &known.query,
        frequency,
        note: Some(&*note).filter(|note| !note.is_empty()),
        paused: sent.pause.is_some(),
        renewals: sent.echeances.is_some(),
        still_watching: sent.semaine.is_some(),
        next_due_at: subscribing::first_due(frequency, state.catalogue.site.digest_hour, now),
    };
    let changed = state.catalogue.store.change_subscription(&token, &wish, now).await?;
    own_page(&state, &changed.ok_or_else(stale)?, &token, "C’est changé")
}

async fn held(state: &AppState, token: &str) -> Result<Subscription, WebError> {
    let found = state.catalogue.store.subscription_by_token(token).await?;
    found.filter(|subscription| subscription.confirmed_at.is_some()).ok_or_else(stale)
}

/// `/abonnement/{token}/sauf/{act}`: what of an act may be left out from now on.
pub(crate) async fn ask_except(
    State(state): State<AppState>,
    Path((token, act)): Path<(String, i64)>,
) -> Result<Response, WebError> {
    let subscription = held(&state, &token).await?;
    let act = told_act(&state, act).await?;
    told(&state, "Sauf ceci", |told| {
        told.subscription = Some(shown(&state, &subscription));
        told.except = Some((act.title.clone(), exceptions(&act)));
        told.action = Some(format!("/abonnement/{token}/sauf/{}", act.id));
    })
}

async fn told_act(state: &AppState, id: i64) -> Result<PublishedAct, WebError> {
    let act = state.catalogue.acts(&[ActId(id)]).await?.pop();
    act.ok_or_else(|| WebError::NotFound("Cet acte n’est plus dans le recueil.".to_owned()))
}

/// Terms of the query language that hold of an act, with their words.
fn exceptions(act: &PublishedAct) -> Vec<(String, String)> {
    let quoted = |name: &str| name.replace('"', " ");
    let categories = act.categories().into_iter();
    let categories = categories.map(|(id, _)| (format!("categorie:{id}"), id.label().to_owned()));
    let communes = act.facts.communes.iter();
    let communes = communes.map(|c| (format!("commune:{}", c.insee), c.name.clone()));
    let service = act.facts.beneficiary.iter();
    let service = service.map(|name| (format!("beneficiaire:\"{}\"", quoted(name)), name.clone()));
    let source = &act.prefecture;
    let source = std::iter::once((format!("prefecture:{}", source.code), source.name.clone()));
    categories.chain(communes).chain(service).chain(source).collect()
}

/// What the form sends: one of the terms offered.
#[derive(Deserialize)]
pub(crate) struct ExceptForm {
    #[serde(default)]
    sauf: String,
}

/// Leaves it out: the list is the same but for it.
pub(crate) async fn except(
    State(state): State<AppState>,
    Path((token, act)): Path<(String, i64)>,
    Form(sent): Form<ExceptForm>,
) -> Result<Response, WebError> {
    let known = held(&state, &token).await?;
    let act = told_act(&state, act).await?;
    if !exceptions(&act).iter().any(|(term, _)| *term == sent.sauf) {
        return Err(WebError::NotFound("Cet acte ne dit rien de tel.".to_owned()));
    }
    // Words open all levels: what was left open before is written down.
    let filters = Filters::parse(&known.query).for_alerts();
    let filters = filters.with(|f| f.q = Query::without(&f.q, &sent.sauf));
    let query = query_of(&filters);
    if query.len() > LONGEST_QUERY || filters.q.chars().count() > Query::MAX_CHARS {
        let why = "Votre liste compte trop de filtres pour en laisser de côté un de plus : \
                   suivez-en une plus courte.";
        return Err(WebError::BadRequest(why.to_owned()));
    }
    let now = state.catalogue.now();
    let wish = Wish {
        query: &query,
        frequency: known.frequency,
        note: known.note.as_deref(),
        paused: known.paused_at.is_some(),
        renewals: known.renewals,
        still_watching: known.still_watching,
        next_due_at: known.next_due_at,
    };
    let changed = state.catalogue.store.change_subscription(&token, &wish, now).await?;
    own_page(&state, &changed.ok_or_else(stale)?, &token, "C’est changé")
}

/// `/abonnements`: where the link to all subscriptions is asked for.
pub(crate) async fn ask_link(State(state): State<AppState>) -> Result<Response, WebError> {
    told(&state, "Tous vos abonnements", |told| told.link = true)
}

/// What that form sends.
#[derive(Deserialize)]
pub(crate) struct LinkForm {
    #[serde(default)]
    adresse: String,
}

/// Sends the link. The answer is the same whether the address is known or not.
pub(crate) async fn send_link(
    State(state): State<AppState>,
    headers: HeaderMap,
    extensions: Extensions,
    Form(sent): Form<LinkForm>,
) -> Result<Response, WebError> {
    let peer = extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let client = limits::client(&headers, state.site.client_header.as_deref(), peer);
    let Ok(address) = Mailbox::parse(&sent.adresse) else {
        return told(&state, "Tous vos abonnements", |told| {
            (told.link, told.misread) = (true, Some(sent.adresse));
        });
    };
    if let Some(refused) = too_many(&state, client) {
        return Ok(refused);
    }
    let now = state.catalogue.now();
    let (secret, until) = (subscribing::secret(), now + TimeDelta::hours(LINK_HOURS));
    state.catalogue.store.send_link(address.as_str(), &secret, until, now).await?;
    told(&state, "Un message est en route", |told| {
        (told.link, told.sent) = (true, Some(address.as_str().to_owned()));
    })
}

/// `/abonnements/{secret}`: all of them.
pub(crate) async fn all(
    State(state): State<AppState>,
    Path(secret): Path<String>,
) -> Result<Response, WebError> {
    let now = state.catalogue.now();
    let all = state.catalogue.store.subscriptions_by_link(&secret, now).await?;
    if all.is_empty() {
        let why = format!(
            "Ce lien ne montre plus rien : il vaut {LINK_HOURS} heures, et rien n’est montré à qui \
             n’est abonné à rien. Demandez-en un autre sur la page /abonnements."
        );
        return Err(WebError::NotFound(why));
    }
    told(&state, "Tous vos abonnements", |told| {
        told.all = all.iter().map(|subscription| shown(&state, subscription)).collect();
    })
}
