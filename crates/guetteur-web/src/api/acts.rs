//! `/api/v1/acts/{id}`.

use axum::Json;
use axum::extract::{Path, State};
use guetteur_model::ActId;
use serde_json::{Value, json};

use crate::error::WebError;
use crate::state::AppState;

pub(crate) async fn get(
    State(state): State<AppState>,
    Path(id): Path<String>,
) -> Result<Json<Value>, WebError> {
    let absent = || WebError::NotFound("Il n’y a pas d’acte sous cet identifiant.".to_owned());
    let id: ActId = id.parse().map_err(|_| absent())?;
    let view = state.catalogue.store.act(id).await?.ok_or_else(absent)?;
    let removed_at = view.record.removed_at;
    let text = state.catalogue.store.act_text(id).await?;
    let act = state.catalogue.publish_one(view.record).await?;
    let mut json =
        serde_json::to_value(act.to_json(&state.catalogue.site.base_url)).unwrap_or_default();
    json["text"] = json!(text);
    json["removed_at"] = json!(removed_at);
    Ok(Json(json))
}
