//! `/flux.opml`: the feeds of all prefectures, or of one region, for a feed reader to import.

use axum::extract::{RawQuery, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use guetteur_model::Source;
use guetteur_publish::fields;

use crate::error::WebError;
use crate::state::AppState;
use crate::templates;

pub(crate) async fn get(
    State(state): State<AppState>,
    RawQuery(query): RawQuery,
) -> Result<Response, WebError> {
    let query = query.unwrap_or_default();
    let region = url::form_urlencoded::parse(query.as_bytes())
        .find(|(name, _)| name == "region")
        .map(|(_, region)| region.into_owned());
    let asked = |source: &&Source| region.as_ref().is_none_or(|region| *region == source.region);
    let sources: Vec<&Source> = state.catalogue.registry.iter().filter(asked).collect();
    if sources.is_empty() {
        return Err(WebError::NotFound("Aucune préfecture dans cette région.".to_owned()));
    }
    let body =
        templates::render("opml.xml", fields! { site => state.catalogue.site, region, sources })?;
    let headers = [
        (CONTENT_TYPE, "text/x-opml; charset=utf-8"),
        (CONTENT_DISPOSITION, "attachment; filename=\"guetteur.opml\""),
    ];
    Ok((headers, body).into_response())
}
