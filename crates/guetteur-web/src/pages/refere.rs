//! `/acte/{id}/refere`: what a lawyer has hours for. When the act takes effect and ends, the court,
//! what must be shown, how to file, and a draft application filled with the act.

use axum::Form;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use guetteur_model::{ActId, Level};
use guetteur_publish::letters::{Case, Letter, LetterKind};
use guetteur_publish::{PublishedAct, fields};

use super::legal_doubts::doubts;
use super::written::{Edited, Written};
use crate::error::WebError;
use crate::page::{Head, page};
use crate::state::AppState;

pub(crate) async fn get(
    State(state): State<AppState>,
    Path(id): Path<String>,
) -> Result<Response, WebError> {
    let (act, case) = case(&state, &id).await?;
    let letter = application(&state)?;
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
    let letter = application(&state)?;
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

fn application(state: &AppState) -> Result<&Letter, WebError> {
    let none = || WebError::NotFound("Il n’y a pas de modèle de requête sur ce site.".to_owned());
    state.letters.of_kind(LetterKind::Refere).next().ok_or_else(none)
}

async fn case(state: &AppState, id: &str) -> Result<(PublishedAct, Case), WebError> {
    let absent = || WebError::NotFound("Il n’y a pas d’acte à cette adresse.".to_owned());
    let id: ActId = id.parse().map_err(|_| absent())?;
    let view = state.catalogue.store.act(id).await?.ok_or_else(absent)?;
    let act = state.catalogue.publish_one(view.record).await?;
    // A refusal or a repeal takes nothing from anyone that a judge could stop in days.
    if act.level() != Some(Level::Authorises) {
        let nothing =
            "Cet acte n’autorise aucune surveillance : il n’y a pas de projet de requête.";
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
    let body = fields! {
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
