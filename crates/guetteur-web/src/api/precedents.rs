//! `/api/v1/precedents`: what courts decided about acts.

use axum::Json;
use axum::extract::{RawQuery, State};
use serde_json::Value;

use crate::error::WebError;
use crate::pages::precedents::asked;
use crate::state::AppState;

pub(crate) async fn get(
    State(state): State<AppState>,
    RawQuery(query): RawQuery,
) -> Result<Json<Value>, WebError> {
    super::search::read(&state, query.as_deref().unwrap_or_default()).await?;
    let precedents = asked(&state, query.as_deref()).await?;
    let base = &state.catalogue.site.base_url;
    Ok(Json(precedents.iter().map(|precedent| precedent.to_json(base)).collect()))
}
