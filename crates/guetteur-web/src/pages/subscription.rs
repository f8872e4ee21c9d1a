//! `/abonnement`: a list by mail. Sign up, confirm, see, stop; all by forms, without cookie.
//!
//! Nothing is done by a link alone: programs that open the links of every letter must neither
//! confirm nor stop. Whoever types an address gets the same answer, known or not.

use std::net::{IpAddr, SocketAddr};

use axum::Form;
use axum::extract::{ConnectInfo, Path, RawQuery, State};
use axum::http::header::CACHE_CONTROL;
use axum::http::{Extensions, HeaderMap, HeaderName};
use axum::response::{Html, IntoResponse, Response};
use guetteur_publish::address::Filters;
use guetteur_publish::mailbox::Mailbox;
use guetteur_publish::subscribing::{self, LINK_HOURS, LONGEST_NOTE, frequency_label};
use guetteur_publish::{fields, french};
use guetteur_search::Sort;
use guetteur_store::{FORGOTTEN_AFTER, Frequency, LETTERS_A_DAY, SignUp, Subscription};
use serde::{Deserialize, Serialize};

use crate::error::WebError;
use crate::limits;
use crate::page::{Head, alternates, page};
use crate::places::{self, PlaceFields};
use crate::state::AppState;

pub(super) const PATH: &str = "/abonnement";
/// Sign-ups of one client in an hour.
pub(super) const SIGN_UPS_AN_HOUR: u32 = 10;
/// Bytes of a query string that is followed: one that people make is far shorter.
pub(crate) const LONGEST_QUERY: usize = 2000;

/// What the form sends beside the query.
#[derive(Deserialize)]
pub(crate) struct SignUpForm {
    #[serde(default)]
    adresse: String,
    #[serde(default)]
    frequence: String,
    #[serde(default)]
    requete: String,
    #[serde(default)]
    echeances: Option<String>,
    #[serde(default)]
    semaine: Option<String>,
}

/// What is wrong with the form, and what was typed.
#[derive(Default, Serialize)]
struct Refused {
    address: String,
    error: Option<String>,
}

/// What is chosen in the form.
#[derive(Clone, Copy)]
struct Wants {
    frequency: Frequency,
    renewals: bool,
    still_watching: bool,
}

impl Default for Wants {
    fn default() -> Self {
        Self { frequency: Frequency::Immediate, renewals: false, still_watching: false }
    }
}

/// The form.
pub(crate) async fn get(
    State(state): State<AppState>,
    RawQuery(query): RawQuery,
) -> Result<Response, WebError> {
    let filters = followed(query.as_deref().unwrap_or_default());
    form(&state, &filters, Wants::default(), Refused::default())
}

/// Where a list can be had by mail.
#[must_use]
pub(crate) fn address(filters: &Filters) -> String {
    filters.with(|f| f.order = Sort::Relevance).address(PATH)
}

/// The list that a query string asks to follow: all of its pages, in no order.
fn followed(query: &str) -> Filters {
    let asked = Filters::parse(query);
    let Filters { misread, guessed, .. } = asked.clone();
    Filters { misread, guessed, ..asked.with(|f| f.order = Sort::Relevance) }
}

fn form(
    state: &AppState,
    filters: &Filters,
    wants: Wants,
    refused: Refused,
) -> Result<Response, WebError> {
    let mut head = Head::new("Recevoir par e-mail", &address(filters));
    head.noindex = true;
    head.alternates = alternates("/recherche", filters);
    let body = fields! {
        refused,
        mail => state.site.sends_mail,
        followed => subscribing::describe(&state.catalogue, filters),
        list => filters.address("/recherche"),
        query => query_of(filters),
        hidden => filters.pairs(),
        places => PlaceFields::of(state, filters).opened(filters.is_empty()),
        notes => notes(filters),
        narrowed => filters.for_alerts().levels != filters.levels,
        days => FORGOTTEN_AFTER.num_days(),
        frequencies => frequencies(wants.frequency),
        renewals => wants.renewals,
        still_watching => wants.still_watching,
    };
    Ok(page(state, "subscription_form.html", head, body)?.into_response())
}

/// What of the address was not understood, or otherwise than it was written; what the list leaves out.
fn notes(filters: &Filters) -> Vec<String> {
    let misread = filters.misread.iter().map(|what| format!("Ignoré : {what}."));
    let guessed = filters.guessed.iter().map(|what| format!("{}.", french::capitalised(what)));
    misread.chain(guessed).chain(places::note(filters).map(str::to_owned)).collect()
}

pub(crate) fn query_of(filters: &Filters) -> String {
    filters.address("").trim_start_matches('?').to_owned()
}

/// Takes a sign-up.
pub(crate) async fn sign_up(
    State(state): State<AppState>,
    headers: HeaderMap,
    extensions: Extensions,
    Form(sent): Form<SignUpForm>,
) -> Result<Response, WebError> {
    if !state.site.sends_mail {
        return Err(WebError::NotFound("Ce site n’envoie pas d’e-mail.".to_owned()));
    }
    let peer = extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let client = limits::client(&headers, state.site.client_header.as_deref(), peer);
    let filters = followed(&sent.requete);
    let wants = Wants {
        frequency: sent.frequence.parse().unwrap_or(Frequency::Immediate),
        renewals: sent.echeances.is_some(),
        still_watching: sent.semaine.is_some(),
    };
    let frequency = wants.frequency;
    let query = query_of(&filters);
    let misread = Filters::to_keep(&sent.requete).misread;
    let read = match (query.len() > LONGEST_QUERY, misread.as_slice()) {
        (true, _) => Err("Cette liste a trop de filtres pour être suivie.".to_owned()),
        (_, []) => Mailbox::parse(&sent.adresse).map_err(str::to_owned),
        // Without that filter another, longer list would be sent for years.
        _ => Err(format!("Cette liste n’est pas comprise : {}.", misread.join(" ; "))),
    };
    let address = match read {
        Ok(address) => address,
        Err(error) => {
            let refused = Refused { address: sent.adresse, error: Some(error) };
            return form(&state, &filters, wants, refused);
        }
    };
    if let Some(refused) = too_many(&state, client) {
        return Ok(refused);
    }
    let (token, confirm) = (subscribing::secret(), subscribing::secret());
    let new = SignUp {
        address: address.as_str(),
        query: &query,
        frequency,
        renewals: wants.renewals,
        still_watching: wants.still_watching,
        token: &token,
        confirm: &confirm,
    };
    if !state.catalogue.store.sign_up(new, state.catalogue.now()).await? {
        tracing::warn!(%client, "a sign-up gets no letter: enough were sent today");
    }
    told(&state, "Un message est en route", |fields| {
        fields.sent = Some(address.as_str().to_owned());
    })
}

/// The answer to a client that typed too many addresses.
pub(super) fn too_many(state: &AppState, client: IpAddr) -> Option<Response> {
    let wait = state.counts.sign_up(client, SIGN_UPS_AN_HOUR, state.catalogue.now())?;
    Some(WebError::TooMany(wait).into_response())
}

/// `/abonnement/confirmer/{secret}`: what is to be confirmed, and the button.
pub(crate) async fn to_confirm(
    State(state): State<AppState>,
    Path(secret): Path<String>,
) -> Result<Response, WebError> {
    let found = state.catalogue.store.subscription_to_confirm(&secret).await?;
    let subscription = found.ok_or_else(stale)?;
    match subscription.confirmed_at.filter(|_| subscription.suspended_at.is_none()) {
        Some(_) => confirmed_page(&state, &subscription),
        None => told(&state, "Confirmer l’abonnement", |told| {
            told.subscription = Some(shown(&state, &subscription));
            told.confirm = Some(format!("{PATH}/confirmer/{secret}"));
        }),
    }
}

/// The button was pressed.
pub(crate) async fn confirm(
    State(state): State<AppState>,
    Path(secret): Path<String>,
) -> Result<Response, WebError> {
    let found = state.catalogue.store.subscription_to_confirm(&secret).await?.ok_or_else(stale)?;
    let now = state.catalogue.now();
    let due = subscribing::first_due(found.frequency, state.catalogue.site.digest_hour, now);
    let confirmed = state.catalogue.store.confirm_subscription(&secret, due, now).await?;
    confirmed_page(&state, &confirmed.ok_or_else(stale)?)
}

fn confirmed_page(state: &AppState, subscription: &Subscription) -> Result<Response, WebError> {
    told(state, "Abonnement confirmé", |told| {
        told.subscription = Some(shown(state, subscription));
        told.manage = subscription.token.as_ref().map(|token| format!("{PATH}/{token}"));
        told.confirmed = true;
    })
}

/// `/abonnement/{token}`: one subscription, and the button to stop it.
pub(crate) async fn see(
    State(state): State<AppState>,
    Path(token): Path<String>,
) -> Result<Response, WebError> {
    let found = state.catalogue.store.subscription_by_token(&token).await?;
    let subscription = found.ok_or_else(stale)?;
    own_page(&state, &subscription, &token, "Votre abonnement")
}

/// The page of a subscription, by which it is changed and stopped.
pub(super) fn own_page(
    state: &AppState,
    subscription: &Subscription,
    token: &str,
    title: &str,
) -> Result<Response, WebError> {
    told(state, title, |told| {
        told.subscription = Some(shown(state, subscription));
        told.stop = Some(format!("{PATH}/{token}"));
        told.frequencies = frequencies(subscription.frequency);
    })
}

/// Each frequency: id, words, and whether it is this one.
fn frequencies(chosen: Frequency) -> Vec<(&'static str, &'static str, bool)> {
    let each = |each: &Frequency| (each.as_str(), frequency_label(*each), *each == chosen);
    Frequency::ALL.iter().map(each).collect()
}

/// The button, or the one click of a mail program (RFC 8058: a POST whose body does not matter). One
/// that is gone already is gone: the answer is the same.
pub(crate) async fn stop(
    State(state): State<AppState>,
    Path(token): Path<String>,
) -> Result<Response, WebError> {
    state.catalogue.store.unsubscribe(&token).await?;
    told(&state, "Abonnement arrêté", |told| told.stopped = true)
}

pub(super) fn stale() -> WebError {
    WebError::NotFound(format!(
        "Ce lien ne mène à aucun abonnement : il a été arrêté, ou n’a pas été confirmé dans les {} \
         jours. Vous pouvez vous abonner de nouveau depuis toute liste.",
        FORGOTTEN_AFTER.num_days()
    ))
}

/// What the page after a form says.
#[derive(Default, Serialize)]
pub(super) struct Told {
    pub(super) sent: Option<String>,
    /// A link to all subscriptions was asked for.
    pub(super) link: bool,
    pub(super) all: Vec<Shown>,
    /// An act that shall not be told again, with what may be left out: a term with its words.
    pub(super) except: Option<(String, Vec<(String, String)>)>,
    pub(super) action: Option<String>,
    /// What was typed and is no address.
    pub(super) misread: Option<String>,
    frequencies: Vec<(&'static str, &'static str, bool)>,
    pub(super) subscription: Option<Shown>,
    confirm: Option<String>,
    manage: Option<String>,
    stop: Option<String>,
    confirmed: bool,
    stopped: bool,
}

#[derive(Serialize)]
pub(super) struct Shown {
    page: Option<String>,
    note: Option<String>,
    paused: bool,
    /// Whether renewals are told.
    renewals: bool,
    /// Whether quiet weeks are told.
    still_watching: bool,
    followed: String,
    list: String,
    frequency: &'static str,
    address: String,
    suspended: bool,
}

pub(super) fn shown(state: &AppState, subscription: &Subscription) -> Shown {
    let filters = Filters::parse(&subscription.query);
    Shown {
        page: subscription.token.as_ref().map(|token| format!("{PATH}/{token}")),
        note: subscription.note.clone(),
        paused: subscription.paused_at.is_some(),
        renewals: subscription.renewals,
        still_watching: subscription.still_watching,
        followed: subscribing::describe(&state.catalogue, &filters),
        list: filters.address("/recherche"),
        frequency: frequency_label(subscription.frequency),
        address: subscription.target.clone(),
        suspended: subscription.suspended_at.is_some(),
    }
}

/// Such a page is nobody else's: it is kept nowhere, and told to no other site.
pub(super) fn told(
    state: &AppState,
    title: &str,
    tell: impl FnOnce(&mut Told),
) -> Result<Response, WebError> {
    let mut told = Told::default();
    tell(&mut told);
    let mut head = Head::new(title, PATH);
    head.noindex = true;
    let days = FORGOTTEN_AFTER.num_days();
    let body = fields! {
        told,
        days,
        letters => LETTERS_A_DAY,
        hours => LINK_HOURS,
        longest_note => LONGEST_NOTE,
        mail => state.site.sends_mail,
    };
    let shown: Html<String> = page(state, "subscription.html", head, body)?;
    let robots = HeaderName::from_static("x-robots-tag");
    Ok(([(CACHE_CONTROL, "no-store"), (robots, "noindex")], shown).into_response())
}
