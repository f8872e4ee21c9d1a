//! `/api/v1/acts/{id}` and `/api/v1/bulletins/{id}`.

use axum::Json;
use axum::extract::{Path, State};
use serde_json::{Value, json};

use crate::error::WebError;
use crate::state::AppState;

fn absent(what: &str) -> WebError {
    WebError::NotFound(format!("Il n’y a pas {what} sous cet identifiant."))
}

pub(crate) async fn get(
    State(state): State<AppState>,
    Path(id): Path<String>,
) -> Result<Json<Value>, WebError> {
    let id: i64 = id.parse().map_err(|_| absent("d’acte"))?;
    let view = state.store.act(id).await?.ok_or_else(|| absent("d’acte"))?;
    let removed_at = view.record.removed_at;
    let text = state.store.act_text(id).await?;
    let act = state.published(view.record);
    let mut json = serde_json::to_value(act.to_json(&state.site.base_url)).unwrap_or_default();
    json["text"] = json!(text);
    json["removed_at"] = json!(removed_at);
    Ok(Json(json))
}

pub(crate) async fn get_bulletin(
    State(state): State<AppState>,
    Path(id): Path<String>,
) -> Result<Json<Value>, WebError> {
    let id: i64 = id.parse().map_err(|_| absent("de recueil"))?;
    let row = state.store.bulletin(id).await?.ok_or_else(|| absent("de recueil"))?;
    let records = state.store.acts_of_bulletin(id).await?;
    let acts: Vec<_> = records.into_iter().map(|record| state.published(record)).collect();
    let acts: Vec<_> = acts.iter().map(|act| act.to_json(&state.site.base_url)).collect();
    Ok(Json(json!({
        "id": row.id,
        "prefecture": state.publisher(&row.source),
        "title": row.title,
        "number": row.number,
        "series": row.series,
        "url": row.url,
        "published_on": row.published_on,
        "first_seen_at": row.first_seen_at,
        "last_seen_at": row.last_seen_at,
        "withdrawn_at": row.withdrawn_at,
        "stage": row.stage,
        "pdf_sha256": row.document,
        "page_count": row.page_count,
        "duplicate_of": row.duplicate_of,
        "acts": acts,
    })))
}
