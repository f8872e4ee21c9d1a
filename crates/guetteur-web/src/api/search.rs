//! `/api/v1/search`.

use axum::Json;
use axum::extract::{RawQuery, State};
use guetteur_model::ActId;
use guetteur_publish::address::Filters;
use guetteur_search::{SearchRequest, Sort};
use serde_json::{Value, json};

use crate::error::WebError;
use crate::state::AppState;
use crate::understood;

pub(super) const PER_PAGE: usize = 20;

pub(crate) async fn get(
    State(state): State<AppState>,
    RawQuery(query): RawQuery,
) -> Result<Json<Value>, WebError> {
    let asked = read(&state, query.as_deref().unwrap_or_default()).await?;
    Ok(Json(page_of_acts(&state, &asked, true).await?))
}

/// A page of the acts asked for.
pub(super) async fn page_of_acts(
    state: &AppState,
    asked: &Filters,
    facets: bool,
) -> Result<Value, WebError> {
    let mut request = state.catalogue.request(asked);
    request.limit = PER_PAGE;
    request.offset = (asked.page as usize - 1) * PER_PAGE;
    request.facets = facets;
    let results = state.catalogue.search(request).await?;
    let ids: Vec<ActId> = results.hits.iter().map(|hit| hit.act_id).collect();
    let acts = state.catalogue.acts(&ids).await?;
    let pages = results.total.min(SearchRequest::MAX_WINDOW).div_ceil(PER_PAGE);
    let mut items = Vec::with_capacity(acts.len());
    for act in &acts {
        let mut item =
            serde_json::to_value(act.to_json(&state.catalogue.site.base_url)).unwrap_or_default();
        let hit = results.hits.iter().find(|hit| hit.act_id == act.id);
        item["snippet"] = json!(hit.map(|hit| &hit.snippet));
        items.push(item);
    }
    let law = state.letters.law();
    let mut answer = json!({
        "total": results.total,
        "page": asked.page,
        "pages": pages,
        "per_page": PER_PAGE,
        "suggestion": results.suggestion,
        "notes": results.notes.iter().map(|note| law.cited_in(note)).collect::<Vec<_>>(),
        "results": items,
    });
    if facets {
        answer["facets"] = json!(results.facets);
    }
    Ok(answer)
}

/// What an address of the API asks for.
///
/// # Errors
/// When a filter is not understood; when the index fails.
pub(super) async fn read(state: &AppState, query: &str) -> Result<Filters, WebError> {
    let asked = Filters::parse(&in_our_words(state, query));
    understood::whole(state, &asked).await?;
    Ok(asked)
}

/// The parameters of `/recherche`, and the names of the field's other sites for some of them.
fn in_our_words(state: &AppState, query: &str) -> String {
    let mut own = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        match name.as_ref() {
            "s" => drop(own.append_pair("q", &value)),
            "administration" => {
                for code in value.split(',') {
                    own.append_pair("prefecture", &administration(state, code.trim()));
                }
            }
            "start_date" => drop(own.append_pair("du", &value)),
            "end_date" => drop(own.append_pair("au", &value)),
            "sort" => {
                let order = match value.as_ref() {
                    "date" | "published" | "desc" | "publication" => Sort::Published,
                    "effect" | "effet" => Sort::Effect,
                    _ => Sort::Relevance,
                };
                own.append_pair("tri", order.as_str());
            }
            _ => drop(own.append_pair(&name, &value)),
        }
    }
    own.finish()
}

/// `pref34` is our `34`; a code that the registry has stays as it is (`ppparis`, `prefidf`).
fn administration(state: &AppState, code: &str) -> String {
    if let Some(source) = state.catalogue.source(code) {
        return source.code.clone();
    }
    let bare = code.strip_prefix("pref").unwrap_or(code);
    state.catalogue.source(bare).map_or_else(|| bare.to_owned(), |source| source.code.clone())
}
