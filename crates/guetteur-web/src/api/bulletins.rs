//! `/api/v1/bulletins` and `/api/v1/bulletins/{id}`.

use axum::Json;
use axum::extract::{Path, RawQuery, State};
use guetteur_model::BulletinId;
use guetteur_store::{BulletinFilter, BulletinRow};
use serde_json::{Value, json};

use super::search::{PER_PAGE, read};
use crate::error::WebError;
use crate::state::AppState;

pub(crate) async fn list(
    State(state): State<AppState>,
    RawQuery(query): RawQuery,
) -> Result<Json<Value>, WebError> {
    let asked = read(&state, query.as_deref().unwrap_or_default()).await?;
    let filter = BulletinFilter {
        sources: asked.prefectures,
        published_from: asked.from,
        published_to: asked.to,
        ..BulletinFilter::default()
    };
    let total = state.catalogue.store.count_bulletins(&filter).await?;
    let offset = u64::from(asked.page - 1) * PER_PAGE as u64;
    let rows = state.catalogue.store.list_bulletins(&filter, PER_PAGE as u32, offset).await?;
    Ok(Json(json!({
        "total": total,
        "page": asked.page,
        "pages": total.div_ceil(PER_PAGE as u64),
        "per_page": PER_PAGE,
        "results": rows.iter().map(|row| described(&state, row)).collect::<Vec<_>>(),
    })))
}

pub(crate) async fn get(
    State(state): State<AppState>,
    Path(id): Path<String>,
) -> Result<Json<Value>, WebError> {
    let absent = || WebError::NotFound("Il n’y a pas de recueil sous cet identifiant.".to_owned());
    let id: BulletinId = id.parse().map_err(|_| absent())?;
    let row = state.catalogue.store.bulletin(id).await?.ok_or_else(absent)?;
    let records = state.catalogue.store.acts_of_bulletin(id).await?;
    let acts = state.catalogue.publish(records).await?;
    let acts: Vec<_> = acts.iter().map(|act| act.to_json(&state.catalogue.site.base_url)).collect();
    let mut bulletin = described(&state, &row);
    bulletin["acts"] = json!(acts);
    Ok(Json(bulletin))
}

fn described(state: &AppState, row: &BulletinRow) -> Value {
    json!({
        "id": row.id,
        "prefecture": state.catalogue.publisher(&row.source),
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
        "pdf_withheld": row.withheld,
        "page_count": row.page_count,
        "duplicate_of": row.duplicate_of,
    })
}
