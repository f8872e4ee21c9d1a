//! `/acte/{id}/refere`: what a lawyer has hours for. When the act takes effect and ends, the court,
//! what must be shown, how to file, and a draft application filled with the act.

use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use guetteur_model::ActId;
use guetteur_publish::letters::{Case, Letter, LetterKind};
use guetteur_publish::{PublishedAct, fields};
use serde::Deserialize;

use super::legal_doubts::doubts;
use super::written::{Edited, Written};
use crate::error::WebError;
use crate::page::{Head, page};
use crate::page_parts::Link;
use crate::state::AppState;

#[derive(Deserialize)]
pub(crate) struct Asked {
    modele: Option<String>,
}

pub(crate) async fn get(
    State(state): State<AppState>,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, WebError> {
    let (act, case) = case(&state, &id).await?;
    let letter = application(&state, &case, asked.modele.as_deref())?;
    let text = state.letters.fill(letter, &case)?;
    editor(&state, &act, &case, letter, &text)
}

pub(crate) async fn edited(
    State(state): State<AppState>,
    Path(id): Path<String>,
    headers: HeaderMap,
    Form(edited): Form<Edited>,
) -> Result<Response, WebError> {
    let (act, case) = case(&state, &id).await?;
    let asked = Some(edited.letter()).filter(|id| !id.is_empty());
    let letter = application(&state, &case, asked)?;
    let about = act.cited_number().unwrap_or_default().to_owned();
    let written = Written {
        letter,
        title: format!("{} – {}", letter.head.title, act.title),
        path: path(&act),
        section: "recherche",
        about: &about,
        sending: None,
    };
    written.give_back(&state, &headers, &edited, |text| editor(&state, &act, &case, letter, text))
}

fn path(act: &PublishedAct) -> String {
    format!("{}/refere", act.path())
}

/// What may still be asked of a judge about an act.
fn applications<'a>(state: &'a AppState, case: &'a Case) -> impl Iterator<Item = &'a Letter> {
    let all = state.letters.of_kind(LetterKind::Refere);
    all.filter(|letter| !(letter.head.while_in_effect && case.over()))
}

fn application<'a>(
    state: &'a AppState,
    case: &'a Case,
    id: Option<&str>,
) -> Result<&'a Letter, WebError> {
    let none = || WebError::NotFound("Il n’y a pas de modèle de ce nom pour cet acte.".to_owned());
    let mut offered = applications(state, case);
    match id {
        Some(id) => offered.find(|letter| letter.id == id),
        None => offered.next(),
    }
    .ok_or_else(none)
}

async fn case(state: &AppState, id: &str) -> Result<(PublishedAct, Case), WebError> {
    let absent = || WebError::NotFound("Il n’y a pas d’acte à cette adresse.".to_owned());
    let id: ActId = id.parse().map_err(|_| absent())?;
    let view = state.catalogue.store.act(id).await?.ok_or_else(absent)?;
    let act = state.catalogue.publish_one(view.record).await?;
    if !act.can_be_contested() {
        let nothing = "Cet acte n’autorise aucune surveillance, ou il est annulé ou retiré : il \
                       n’y a rien à demander à un juge.";
        return Err(WebError::NotFound(nothing.to_owned()));
    }
    let precedents = state.catalogue.precedents_for(&act).await?;
    let source = state.catalogue.registry.iter().find(|s| s.code == act.prefecture.code);
    let case = Case::new(
        &act,
        source.and_then(guetteur_law::court_of_source),
        &precedents,
        state.letters.law(),
        state.catalogue.today(),
        &state.catalogue.site,
    );
    Ok((act, case))
}

fn editor(
    state: &AppState,
    act: &PublishedAct,
    case: &Case,
    letter: &Letter,
    text: &str,
) -> Result<Response, WebError> {
    let mut head = Head::new(&letter.head.title, &path(act));
    head.section = "recherche";
    head.noindex = true;
    let link = |other: &Letter| {
        let href = format!("{}?modele={}#requete", head.path, other.id);
        Link { on: other.id == letter.id, ..Link::new(&other.head.title, href) }
    };
    let letters: Vec<Link> = applications(state, case).map(link).collect();
    let body = fields! {
        letters,
        personal => case.personal(),
        path => head.path,
        act => act.path(),
        title => act.title,
        letter,
        court => case.court(),
        countdown => case.countdown(),
        over => case.over(),
        late => case.late(),
        annul_until => case.annul_until(),
        doubts => doubts(state, act),
        text,
        rows => text.lines().count().clamp(20, 40),
    };
    Ok(page(state, "refere.html", head, body)?.into_response())
}
