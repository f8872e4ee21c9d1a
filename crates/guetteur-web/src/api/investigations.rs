//! `/api/v1/enquetes/…` and `/api/v1/carte`: the tables of the same pages.

use axum::Json;
use axum::extract::{Path, RawQuery, State};
use serde_json::Value;

use crate::error::WebError;
use crate::figures::report::{Report, Sources};
use crate::pages::investigations::Investigation;
use crate::state::AppState;

pub(crate) async fn get(
    State(state): State<AppState>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Json<Value>, WebError> {
    let investigation = Investigation::find(&id)?;
    let asked = investigation.asked(&state, query.as_deref().unwrap_or_default());
    asked.whole(&state).await?;
    let book = state.figures.read(&state.catalogue).await?;
    let sources = Sources { catalogue: &state.catalogue, book: &book, asked: &asked };
    Ok(Json(Report::of(investigation.question, &sources).to_json(asked.period)))
}

pub(crate) async fn map(
    State(state): State<AppState>,
    RawQuery(query): RawQuery,
) -> Result<Json<Value>, WebError> {
    crate::pages::map::json(&state, query.as_deref()).await.map(Json)
}
