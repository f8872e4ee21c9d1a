//! `/acte/{id}`: what an act says, the words it comes from, and where to check them.

use axum::extract::{Path, RawQuery, State};
use axum::response::{Html, IntoResponse, Response};
use guetteur_model::ActId;
use guetteur_publish::badge::Badge;
use guetteur_publish::published::{WITHHELD, picture_path, web_address};
use guetteur_publish::reviews::reviewed;
use guetteur_publish::{PublishedAct, fields, french, state as states};
use guetteur_store::{ActView, Outcome};
use serde::Serialize;

use crate::error::WebError;
use crate::marked_text::{Passage, Proves};
use crate::page::{Head, page};
use crate::state::AppState;

mod bundle;
mod evidence;
mod leaves;
mod provenance;
mod related;

pub(crate) use bundle::bundle_of;
use evidence::Evidence;
pub(crate) use provenance::citation;

pub(crate) async fn get(
    State(state): State<AppState>,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, WebError> {
    let absent = || WebError::NotFound("Il n’y a pas d’acte à cette adresse.".to_owned());
    let (id, zipped) = name.strip_suffix(".zip").map_or((&*name, false), |id| (id, true));
    let id: ActId = id.parse().map_err(|_| absent())?;
    let view = state.catalogue.store.act(id).await?.ok_or_else(absent)?;
    if zipped {
        super::archive::refuse_withheld(&state, view.record.document).await?;
        return bundle::bundle(&state, view).await;
    }
    let whole = query.is_some_and(|query| query.contains("texte=complet"));
    Ok(show(&state, view, whole).await?.into_response())
}

async fn show(state: &AppState, view: ActView, whole: bool) -> Result<Html<String>, WebError> {
    let id = view.record.id;
    let text = state.catalogue.store.act_text(id).await?;
    let versions = state.catalogue.store.bulletin_versions(view.bulletin.id).await?;
    let ActView { record, bulletin, document, also_in } = view;
    let removed = record.removed_at;
    let act = state.catalogue.publish_one(record).await?;
    let related = related::related(state, &act).await?;
    let evidence = Evidence::of(&act);
    let (leaves, hidden_pages) = leaves::leaves(&act, &text, &evidence.passages, whole);
    let known: Vec<&str> = state.rules.iter().map(|rule| rule.id.as_str()).collect();
    let shown: Vec<u32> = leaves.iter().map(|leaf| leaf.number).collect();
    let zone = act.prefecture.zone;
    let mut head = Head::new(&act.title, &act.path());
    head.section = "recherche";
    head.description = description(&act);
    let unlisted = act.flags.is_empty() && !state.site.index_unflagged;
    head.noindex = unlisted || removed.is_some();
    let proof_page = act.lead_evidence().map_or(act.pages.from, |span| span.page);
    head.image = act.served_pdf().map(|sha| picture_path(sha, proof_page));
    let body = fields! {
        bulletin_name => bulletin_name(&act),
        badges => Badge::of(&act),
        to_check => act.to_check(),
        mark => act.state().mark(),
        alert_note => states::note(&act),
        removed => removed.map(|at| format!("le {}", french::instant_in(at, zone))),
        withdrawn => bulletin.withdrawn_at.map(|at| format!("le {}", french::instant_in(at, zone))),
        pdf => act.pdf_path(),
        withheld => act.pdf_withheld.then_some(WITHHELD),
        pdf_page => proof_page,
        bundle => format!("{}.zip", act.path()),
        source => web_address(&act.bulletin.url),
        flags => evidence.flags(&act, &known, &shown),
        facts => evidence.facts(&act, &shown),
        decisions => decisions(&act),
        reviews => act.reviews.iter().map(reviewed).collect::<Vec<_>>(),
        doubts => super::legal_doubts::doubts(state, &act),
        contest => act.can_be_contested().then(|| format!("{}/refere", act.path())),
        any_flag => evidence.passages.iter().any(|passage| passage.proves == Proves::Flag),
        any_fact => evidence.passages.iter().any(|passage| passage.proves == Proves::Fact),
        text => leaves,
        hidden_pages,
        full_text => format!("{}?texte=complet#texte", act.path()),
        provenance => provenance::provenance(&act, document.size_bytes, document.ocr_pages, &also_in),
        versions => super::bulletin::version_links(&versions, act.pdf_withheld, zone),
        related,
        citation => citation(&act, &state.catalogue.site),
        mistake => mistake(&act, state),
        act => act,
    };
    page(state, "act.html", head, body)
}

/// What a court decided about the act, in words.
#[derive(Serialize)]
struct DecisionView {
    words: String,
    note: Option<String>,
    source: Option<String>,
}

fn decisions(act: &PublishedAct) -> Vec<DecisionView> {
    let view = |outcome: &Outcome| DecisionView {
        words: states::judged(outcome),
        note: outcome.note.clone(),
        source: outcome.source.as_deref().and_then(web_address).map(str::to_owned),
    };
    act.outcomes.iter().map(view).collect()
}

/// `Recueil n° 26-2025-040 du 20 février 2025`, or the title of the link.
fn bulletin_name(act: &PublishedAct) -> String {
    super::bulletin::name(
        act.bulletin.number.as_deref(),
        &act.bulletin.title,
        act.bulletin.published_on,
    )
}

fn description(act: &PublishedAct) -> String {
    let mut parts = vec![act.prefecture.name.clone()];
    parts.extend(act.published_on().map(|day| format!("publié le {}", french::day(day))));
    let facts = &act.facts;
    let period = french::period(facts.valid_from.as_ref(), facts.valid_to.as_ref());
    parts.extend(period.map(|period| format!("effet {period}")));
    let flags: Vec<String> = act
        .by_category()
        .iter()
        .map(|(category, level)| format!("{} : {}", category.label(), level.label()))
        .collect();
    parts.extend(flags);
    parts.join(" ; ")
}

/// All passages of the act that prove something.
pub(crate) fn passages(act: &PublishedAct) -> Vec<Passage> {
    Evidence::of(act).passages
}

/// Where a reader tells that something is wrong.
fn mistake(act: &PublishedAct, state: &AppState) -> Option<String> {
    let address = format!("{}{}", state.catalogue.site.base_url, act.path());
    if let Some(page) = &state.site.report {
        let sign = if page.contains('?') { '&' } else { '?' };
        return Some(format!("{page}{sign}acte={}", encode(&address)));
    }
    let contact = state.site.contact.as_ref()?;
    let subject = format!("Erreur sur l’acte {}", act.id);
    let body = format!("{address}\n\nCe qui est faux :\n");
    Some(format!("mailto:{contact}?subject={}&body={}", encode(&subject), encode(&body)))
}

fn encode(text: &str) -> String {
    let encoded: String = url::form_urlencoded::byte_serialize(text.as_bytes()).collect();
    encoded.replace('+', "%20")
}
