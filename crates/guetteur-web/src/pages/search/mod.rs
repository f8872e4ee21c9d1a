//! `/recherche`: results, facets, and every filter as a link.

use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use guetteur_communes::{Around, Epci};
use guetteur_publish::address::{Filters, Moment, ORDERS, toggle};
use guetteur_publish::formats::ListFormat;
use guetteur_publish::listing::List;
use guetteur_publish::subscribing;
use guetteur_publish::{fields, french};
use guetteur_search::SearchRequest;
use serde::Serialize;

use super::subscription;
use crate::error::WebError;
use crate::listed_act::ListedAct;
use crate::listing;
use crate::page::{Head, alternates, page};
use crate::page_parts::Link;
use crate::places::PlaceFields;
use crate::state::AppState;

mod empty;
mod facets;
mod notes;

/// Acts on a page.
pub(crate) const PER_PAGE: usize = 20;
const PATH: &str = "/recherche";

pub(crate) async fn get(
    State(state): State<AppState>,
    RawQuery(query): RawQuery,
) -> Result<Response, WebError> {
    let filters = Filters::parse(query.as_deref().unwrap_or_default());
    let mut request = state.catalogue.request(&filters);
    request.limit = PER_PAGE;
    request.offset = (filters.page as usize - 1) * PER_PAGE;
    let results = state.catalogue.search(request).await?;
    let acts = state
        .catalogue
        .acts(&results.hits.iter().map(|hit| hit.act_id).collect::<Vec<_>>())
        .await?;
    let lines: Vec<ListedAct> = acts
        .iter()
        .map(|act| ListedAct::new(act, results.hits.iter().find(|hit| hit.act_id == act.id)))
        .collect();
    let last = SearchRequest::MAX_WINDOW.min(results.total).div_ceil(PER_PAGE) as u32;
    let on_page = |page| filters.on_page(page).address(PATH);
    let body = fields! {
        heading => heading(&state, &filters),
        q => filters.q,
        du => filters.from.map(|day| day.to_string()).unwrap_or_default(),
        au => filters.to.map(|day| day.to_string()).unwrap_or_default(),
        hidden => hidden(&filters),
        places => PlaceFields::of(&state, &filters),
        sources => source_options(&state, &filters),
        adding => !filters.prefectures.is_empty(),
        sorts => sorts(&filters),
        moments => moments(&filters),
        chosen => facets::chosen(&state, &filters),
        notes => notes::notes(&state, &filters, &results, last).await?,
        suggestion => notes::suggestion(&filters, &results),
        total => results.total,
        acts => lines,
        page => filters.page,
        pages => last,
        previous => (filters.page > 1).then(|| on_page(filters.page - 1)),
        next => (filters.page < last).then(|| on_page(filters.page + 1)),
        dossier => (!filters.is_empty() && results.total > 0).then(|| filters.on_page(1).address("/dossier")),
        facets => facets::facets(&state, &filters, &results),
        empty => if lines.is_empty() { Some(empty::empty(&state, &filters).await?) } else { None },
    };
    let mut head = Head::new(&heading(&state, &filters), &filters.address(PATH));
    head.section = "recherche";
    head.alternates = alternates(PATH, &filters);
    head.follow = Some(subscription::address(&filters));
    head.noindex = !filters.is_empty();
    Ok(page(&state, "search.html", head, body)?.into_response())
}

/// The same list as a feed or an export.
pub(crate) async fn other_format(
    state: AppState,
    format: &'static ListFormat,
    query: String,
    headers: HeaderMap,
) -> Result<Response, WebError> {
    let filters = Filters::parse(&query).on_page(1);
    let list = List {
        title: french::capitalised(&subscribing::describe(&state.catalogue, &filters)),
        path: PATH.to_owned(),
        asked: filters.clone(),
        filters,
    };
    listing::answer(&state, list, format, &query, &headers).await
}

fn heading(state: &AppState, filters: &Filters) -> String {
    let mut parts = Vec::new();
    if !filters.q.is_empty() {
        parts.push(format!("« {} »", filters.q));
    }
    parts.extend(filters.categories.iter().map(|category| category.label().to_owned()));
    parts.extend(filters.prefectures.iter().map(|code| state.catalogue.publisher(code).name));
    parts.extend(filters.regions.iter().map(|region| region.name.to_owned()));
    parts.extend(filters.epcis.iter().map(Epci::name));
    parts.extend(filters.around.iter().map(Around::label));
    if parts.is_empty() { "Rechercher".to_owned() } else { parts.join(", ") }
}

/// What the form must carry along: all of the state but what its own fields hold.
fn hidden(filters: &Filters) -> Vec<(&'static str, String)> {
    let own = ["q", "du", "au", "tri", "page"];
    filters.pairs().into_iter().filter(|(name, _)| !own.contains(name)).collect()
}

#[derive(Serialize)]
struct SourceOption {
    code: String,
    label: String,
}

/// The prefectures that can still be added.
fn source_options(state: &AppState, filters: &Filters) -> Vec<SourceOption> {
    state
        .catalogue
        .registry
        .iter()
        .filter(|source| !filters.prefectures.contains(&source.code))
        .map(|source| SourceOption {
            code: source.code.clone(),
            label: format!("{} – {}", source.code, bare_name(&source.name)),
        })
        .collect()
}

/// `de l'Hérault` where all are prefectures.
fn bare_name(name: &str) -> &str {
    name.trim_start_matches("Préfecture ")
}

#[derive(Serialize)]
struct SortOption {
    id: &'static str,
    label: &'static str,
    on: bool,
}

fn sorts(filters: &Filters) -> Vec<SortOption> {
    ORDERS
        .iter()
        .map(|(sort, label)| SortOption { id: sort.as_str(), label, on: *sort == filters.order })
        .collect()
}

fn moments(filters: &Filters) -> Vec<Link> {
    Moment::ALL
        .iter()
        .map(|(moment, _, label)| {
            let href = filters.with(|f| toggle(&mut f.moments, *moment)).address(PATH);
            let on = filters.moments.contains(moment);
            Link { on, ..Link::new(french::capitalised(label), href) }
        })
        .collect()
}
