//! `/api/v1/stats` and `/sante`.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use guetteur_publish::address::Filters;
use guetteur_search::FacetCount;
use serde_json::{Value, json};

use crate::error::WebError;
use crate::state::AppState;

pub(crate) async fn get(State(state): State<AppState>) -> Result<Json<Value>, WebError> {
    let totals = state.catalogue.store.totals().await?;
    let everything = state.catalogue.count(&Filters { page: 1, ..Filters::default() }).await?;
    let findings = state.catalogue.count(&Filters::findings()).await?.total;
    let counts = |facet: &[FacetCount]| -> serde_json::Map<String, Value> {
        facet.iter().map(|counted| (counted.value.clone(), json!(counted.count))).collect()
    };
    Ok(Json(json!({
        "bulletins": totals.bulletins,
        "documents": totals.documents,
        "pages": totals.pages,
        "acts": totals.acts,
        "flagged": findings,
        "by_category": counts(&everything.facets.category),
        "by_flag": counts(&everything.facets.flag),
    })))
}

/// For a supervisor: 200 when database and index answer, 503 when one does not.
pub(crate) async fn health(State(state): State<AppState>) -> Response {
    let database = state.catalogue.store.totals().await;
    let index = state.catalogue.index.cursor();
    let ok = database.is_ok() && index.is_ok();
    let revision = database.as_ref().map(|totals| totals.revision).ok();
    let body = json!({
        "status": if ok { "ok" } else { "error" },
        "database": database.err().map(|error| error.to_string()),
        "index": index.as_ref().err().map(ToString::to_string),
        "revision": revision,
        "indexed_revision": index.ok(),
        "indexed_acts": state.catalogue.index.len(),
        "version": env!("CARGO_PKG_VERSION"),
    });
    let status = if ok { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(body)).into_response()
}
