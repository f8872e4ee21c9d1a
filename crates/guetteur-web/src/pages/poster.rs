//! `/commune/{insee}/affiche.pdf` and `/tract.pdf`: a sheet with a town's own figures and a code that
//! leads to them. `?papier=a4` or `a5` chooses the paper; the words are templates (`affiche.txt`,
//! `tract.txt`).

use axum::extract::{Path, RawQuery, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use guetteur_communes::CommuneRecord;
use guetteur_figures::{Paper, poster};
use guetteur_publish::address::Filters;
use guetteur_publish::{fields, french};
use serde::Serialize;
use url::form_urlencoded;

use super::commune::{Known, codes, commune, sources};
use crate::error::WebError;
use crate::state::AppState;
use crate::templates;

/// A sheet on offer: its template, its name as a file, the paper that it is meant for.
struct Sheet {
    template: &'static str,
    name: &'static str,
    paper: Paper,
}

pub(crate) async fn to_hang_up(
    State(state): State<AppState>,
    Path(insee): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, WebError> {
    let sheet = Sheet { template: "affiche.txt", name: "affiche", paper: Paper::A4 };
    written(&state, &insee, &sheet, query.as_deref()).await
}

pub(crate) async fn to_hand_out(
    State(state): State<AppState>,
    Path(insee): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, WebError> {
    let sheet = Sheet { template: "tract.txt", name: "tract", paper: Paper::A5 };
    written(&state, &insee, &sheet, query.as_deref()).await
}

/// What is authorised of a category.
#[derive(Serialize)]
struct Kind {
    label: &'static str,
    acts: u64,
    cameras: Option<u64>,
}

/// A town's own figures.
#[derive(Serialize)]
struct Numbers {
    in_force: u64,
    total: u64,
    /// Authorisations whose notice is known, and those of them with less than 48 hours.
    notice_known: u64,
    notice_short: u64,
    /// Cameras of vidéoprotection that acts in force allow, added up, where they say so.
    cameras: Option<u64>,
    kinds: Vec<Kind>,
}

async fn written(
    state: &AppState,
    insee: &str,
    sheet: &Sheet,
    query: Option<&str>,
) -> Result<Response, WebError> {
    let (Known::Today(commune) | Known::Former(commune)) = commune(insee)?;
    let paper = paper(query)?.unwrap_or(sheet.paper);
    let site = &state.catalogue.site;
    let address = format!("{}/commune/{}", site.base_url, commune.insee);
    let sources: Vec<&str> = sources(state, &commune).map(|source| &*source.name).collect();
    let body = fields! {
        name => commune.name,
        at => commune.with_a(),
        numbers => numbers(state, &commune).await?,
        sources,
        today => french::day(state.catalogue.today()),
        address,
        site => &**site,
    };
    let text = french::spaced(&templates::render(sheet.template, body)?);
    let pdf = poster(&text, &address, paper).map_err(|why| WebError::Drawing(why.to_string()))?;
    let name = format!("inline; filename=\"guetteur-{}-{}.pdf\"", sheet.name, commune.insee);
    let headers = [(CONTENT_TYPE, "application/pdf".to_owned()), (CONTENT_DISPOSITION, name)];
    Ok((headers, pdf).into_response())
}

fn paper(query: Option<&str>) -> Result<Option<Paper>, WebError> {
    let mut pairs = form_urlencoded::parse(query.unwrap_or_default().as_bytes());
    match pairs.find(|(name, _)| name == "papier").map(|(_, value)| value.to_lowercase()) {
        None => Ok(None),
        Some(value) if value == "a4" => Ok(Some(Paper::A4)),
        Some(value) if value == "a5" => Ok(Some(Paper::A5)),
        Some(other) => Err(WebError::BadRequest(format!("papier « {other} » : attendu a4 ou a5."))),
    }
}

async fn numbers(state: &AppState, commune: &CommuneRecord) -> Result<Numbers, WebError> {
    let place = Filters { communes: codes(commune), page: 1, ..Filters::default() };
    let standing = state.catalogue.standing(&place).await?;
    let said = |stated: guetteur_search::Stated| (stated.acts > 0).then_some(stated.sum);
    // Of one category: an act counts in each of its own.
    let fixed = standing.now.devices.iter().find(|(id, _)| id.as_str() == "videoprotection");
    Ok(Numbers {
        in_force: standing.in_force.len() as u64,
        total: standing.total(),
        notice_known: standing.all.notice_known,
        notice_short: standing.all.short_notice,
        cameras: fixed.and_then(|(_, devices)| said(devices.cameras)),
        kinds: standing
            .all
            .devices
            .iter()
            .map(|(category, devices)| Kind {
                label: guetteur_model::Category::BUILT_IN
                    .iter()
                    .find(|(id, _)| *id == category.as_str())
                    .map_or("Autre", |(_, label)| label),
                acts: devices.acts,
                cameras: said(devices.cameras),
            })
            .collect(),
    })
}
