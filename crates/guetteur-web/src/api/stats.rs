//! `/api/v1/stats` and `/sante`.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::error::WebError;
use crate::state::AppState;

pub(crate) async fn get(State(state): State<AppState>) -> Result<Json<Value>, WebError> {
    let totals = state.store.totals().await?;
    let by_category: serde_json::Map<String, Value> = totals
        .by_category
        .iter()
        .map(|(category, count)| (category.to_string(), json!(count)))
        .collect();
    Ok(Json(json!({
        "bulletins": totals.bulletins,
        "documents": totals.documents,
        "pages": totals.pages,
        "acts": totals.acts,
        "flagged": totals.flagged,
        "by_category": by_category,
    })))
}

/// For a supervisor: 200 when database and index answer, 503 when one does not.
pub(crate) async fn health(State(state): State<AppState>) -> Response {
    let database = state.store.totals().await;
    let index = state.index.cursor();
    let ok = database.is_ok() && index.is_ok();
    let revision = database.as_ref().map(|totals| totals.revision).ok();
    let body = json!({
        "status": if ok { "ok" } else { "error" },
        "database": database.err().map(|error| error.to_string()),
        "index": index.as_ref().err().map(ToString::to_string),
        "revision": revision,
        "indexed_revision": index.ok(),
        "indexed_acts": state.index.len(),
        "version": env!("CARGO_PKG_VERSION"),
    });
    let status = if ok { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(body)).into_response()
}
