//! `/prefectures`: all sources by region.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::response::Html;
use guetteur_publish::fields;
use serde::Serialize;

use super::coverage::{SourceReport, reports};
use crate::error::WebError;
use crate::page::{Head, page};
use crate::state::AppState;

#[derive(Serialize)]
struct Region {
    name: String,
    opml: String,
    sources: Vec<SourceReport>,
}

pub(crate) async fn get(State(state): State<AppState>) -> Result<Html<String>, WebError> {
    let mut by_region: BTreeMap<String, Vec<SourceReport>> = BTreeMap::new();
    for report in reports(&state).await? {
        by_region.entry(report.region.clone()).or_default().push(report);
    }
    let regions: Vec<Region> = by_region
        .into_iter()
        .map(|(name, sources)| Region { opml: opml(&name), name, sources })
        .collect();
    let mut head = Head::new("Préfectures", "/prefectures");
    head.section = "prefectures";
    head.description = "Les préfectures suivies, par région.".to_owned();
    let body = fields! { regions, total => state.catalogue.registry.len() };
    page(&state, "prefectures.html", head, body)
}

fn opml(region: &str) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("region", region);
    format!("/flux.opml?{}", query.finish())
}
