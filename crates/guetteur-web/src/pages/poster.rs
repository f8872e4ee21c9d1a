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

use super::commune::{Known, commune, sources};
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
    /// Authorisations without a date of effect that was read: they may be in force.
    undated: u64,
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
    let place = Filters { communes: vec![commune.insee.to_owned()], page: 1, ..Filters::default() };
    let standing = state.catalogue.standing(&place).await?;
    let said = |stated: guetteur_search::Stated| (stated.acts > 0).then_some(stated.sum);
    // Of one category: an act counts in each of its own.
    let fixed = standing.now.devices.iter().find(|(id, _)| id.as_str() == "videoprotection");
    Ok(Numbers {
        in_force: standing.in_force.len() as u64,
        total: standing.total(),
        undated: standing.all.undated,
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

#[cfg(test)]
mod tests {
    use super::*;

    /// The words of both sheets of a town of which `in_force` of `total` authorisations are in force.
    fn sheets(in_force: u64, undated: u64, total: u64) -> [String; 2] {
        let numbers = Numbers {
            in_force,
            total,
            undated,
            notice_known: 0,
            notice_short: 0,
            cameras: None,
            kinds: Vec::new(),
        };
        ["affiche.txt", "tract.txt"].map(|template| {
            let body = fields! {
                name => "Créteil", at => "à Créteil", numbers => &numbers, sources => ["x"],
                today => "1er mars 2026", address => "https://x.example", site => &guetteur_publish::Site::default(),
            };
            french::spaced(&templates::render(template, body).expect("words"))
                .replace('\u{a0}', " ")
        })
    }

    #[test]
    fn what_has_no_dates_is_never_said_to_be_over() {
        for (numbers, poster, flyer) in [
            (
                (0, 0, 2),
                "## Aucune autorisation de surveillance n’est en vigueur",
                "dont 0 en vigueur",
            ),
            (
                (0, 1, 1),
                "## 1 autorisation de surveillance ne dit pas",
                "surveillance, sans dates d’effet lues",
            ),
            (
                (0, 2, 3),
                "## 2 autorisations de surveillance ne disent pas",
                "dont 2 sans dates d’effet lues",
            ),
            ((1, 0, 2), "## 1 autorisation de surveillance est en vigueur.", "dont 1 en vigueur\n"),
            (
                (1, 2, 4),
                "dont 2 sans dates d’effet lues",
                "dont 1 en vigueur et 2 sans dates d’effet lues\n",
            ),
        ] {
            let (in_force, undated, total) = numbers;
            let [to_hang_up, to_hand_out] = sheets(in_force, undated, total);
            assert!(to_hang_up.contains(poster), "{numbers:?}: {to_hang_up}");
            assert!(to_hand_out.contains(flyer), "{numbers:?}: {to_hand_out}");
        }
    }
}
