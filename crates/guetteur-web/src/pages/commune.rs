//! `/commune/{insee}`: the acts that name a commune.

use crate::templates::fields;
use axum::extract::{Path, RawQuery, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use guetteur_search::Sort;

use crate::address::Filters;
use crate::error::WebError;
use crate::lines::Line;
use crate::listing::{self, List, Suffix};
use crate::page::{Head, alternates, page};
use crate::state::AppState;

pub(crate) async fn get(
    State(state): State<AppState>,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, WebError> {
    let (insee, suffix) = Suffix::split(&name);
    let name = (state.commune_name)(insee).ok_or_else(|| {
        WebError::NotFound(format!(
            "« {insee} » n’est le code INSEE d’aucune commune (cinq caractères : 34172, 2A004)."
        ))
    })?;
    let path = format!("/commune/{insee}");
    let query = query.unwrap_or_default();
    let asked = Filters::parse(&query).on_page(1);
    let filters = asked.with(|f| f.communes = vec![insee.to_owned()]);
    if let Some(suffix) = suffix {
        let title = format!("{name} ({insee})");
        let list = List { title, path, asked, filters };
        return listing::answer(&state, list, suffix, &query, &headers).await;
    }
    let mut request = state.request(&filters);
    request.sort = Sort::Published;
    request.limit = 40;
    request.facets = false;
    let results = state.search(request).await?;
    let ids: Vec<i64> = results.hits.iter().map(|hit| hit.act_id).collect();
    let acts = state.acts(&ids).await?;
    let mut head = Head::new(&name, &path);
    head.section = "recherche";
    head.alternates = alternates(&path, &asked);
    head.noindex = acts.is_empty();
    head.description = format!("Actes préfectoraux de surveillance qui nomment {name}.");
    let body = fields! {
        insee, name,
        total => results.total,
        all => filters.address("/recherche"),
        acts => Line::all(&acts),
    };
    Ok(page(&state, "commune.html", head, body)?.into_response())
}
