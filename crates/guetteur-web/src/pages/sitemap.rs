//! `/sitemap.xml` and its parts: what search engines may list. Acts without a flag are left out unless
//! the operator says otherwise: they may name private persons.

use std::fmt::Write as _;

use axum::extract::{Path, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use guetteur_model::ActId;
use guetteur_publish::CatalogueError;
use guetteur_publish::address::Filters;

use crate::error::WebError;
use crate::state::AppState;

/// Addresses of one part, as the protocol allows at most.
const PART: usize = 50_000;
/// Pages that are always there.
const FIXED: [&str; 13] = [
    "/",
    "/communes",
    "/techniques",
    "/prefectures",
    "/couverture",
    "/modifications",
    "/statistiques",
    "/commencer",
    "/methode",
    "/precedents",
    "/donnees",
    "/donnees/ouvrir",
    "/api",
];

pub(crate) async fn index(State(state): State<AppState>) -> Result<Response, WebError> {
    let parts = acts(&state).await?.len().div_ceil(PART);
    let base = &state.catalogue.site.base_url;
    let names = ["pages.xml".to_owned()].into_iter().chain((1..=parts).map(|n| format!("{n}.xml")));
    let addresses = names.map(|name| format!("{base}/sitemap/{name}"));
    Ok(xml(&written("sitemapindex", "sitemap", addresses)))
}

pub(crate) async fn part(
    State(state): State<AppState>,
    Path(name): Path<String>,
) -> Result<Response, WebError> {
    let base = &state.catalogue.site.base_url;
    let absent = || WebError::NotFound("Il n’y a pas de plan du site à cette adresse.".to_owned());
    if name == "pages.xml" {
        let prefectures =
            state.catalogue.registry.iter().map(|s| format!("/prefecture/{}", s.code));
        let paths = FIXED.into_iter().map(str::to_owned).chain(prefectures);
        return Ok(xml(&written("urlset", "url", paths.map(|path| format!("{base}{path}")))));
    }
    let number: usize =
        name.strip_suffix(".xml").and_then(|n| n.parse().ok()).ok_or_else(absent)?;
    let acts = acts(&state).await?;
    let part = number.checked_sub(1).and_then(|n| acts.chunks(PART).nth(n)).ok_or_else(absent)?;
    Ok(xml(&written("urlset", "url", part.iter().map(|id| format!("{base}/acte/{id}")))))
}

async fn acts(state: &AppState) -> Result<Vec<ActId>, CatalogueError> {
    let flagged = Filters::findings();
    let all = Filters { page: 1, ..Filters::default() };
    state.catalogue.ids(if state.site.index_unflagged { &all } else { &flagged }).await
}

/// Nothing of an address needs escaping: numbers, codes, and the base that the operator chose.
fn written(root: &str, entry: &str, addresses: impl Iterator<Item = String>) -> String {
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <{root} xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n"
    );
    for address in addresses {
        // Writing to a string cannot fail.
        let _ = writeln!(out, "<{entry}><loc>{address}</loc></{entry}>");
    }
    let _ = writeln!(out, "</{root}>");
    out
}

fn xml(body: &str) -> Response {
    ([(CONTENT_TYPE, "application/xml; charset=utf-8")], body.to_owned()).into_response()
}
