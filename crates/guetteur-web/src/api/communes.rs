//! `/api/v1/communes` and `/api/v1/communes/{insee}`.

use axum::Json;
use axum::extract::{Path, RawQuery, State};
use guetteur_communes::communes;
use guetteur_search::Sort;
use serde_json::{Value, json};

use super::search::{page_of_acts, read};
use crate::error::WebError;
use crate::state::AppState;

pub(crate) async fn list(
    State(state): State<AppState>,
    RawQuery(query): RawQuery,
) -> Result<Json<Value>, WebError> {
    let asked = read(&state, query.as_deref().unwrap_or_default()).await?;
    let counted = state.catalogue.count(&asked).await?.facets.commune;
    let communes = counted.into_iter().map(|commune| {
        let name = commune.label.unwrap_or_else(|| commune.value.clone());
        described(&state, &commune.value, &name, commune.count)
    });
    Ok(Json(communes.collect()))
}

pub(crate) async fn get(
    State(state): State<AppState>,
    Path(insee): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Json<Value>, WebError> {
    let insee = insee.to_ascii_uppercase();
    let commune = communes().record(&insee).or_else(|| communes().today(&insee));
    let commune = commune.ok_or_else(|| {
        WebError::NotFound("Il n’y a pas de commune sous ce code INSEE.".to_owned())
    })?;
    let mut asked = read(&state, query.as_deref().unwrap_or_default()).await?;
    asked.communes = vec![commune.insee.to_owned()];
    asked.order = Sort::Published;
    let mut answer = page_of_acts(&state, &asked, false).await?;
    let total = answer["total"].as_u64().unwrap_or_default();
    let about = described(&state, commune.insee, commune.name, total as usize);
    if let (Some(answer), Value::Object(about)) = (answer.as_object_mut(), about) {
        answer.extend(about);
    }
    Ok(Json(answer))
}

fn described(state: &AppState, insee: &str, name: &str, acts: usize) -> Value {
    json!({
        "insee": insee,
        "name": name,
        "acts": acts,
        "url": format!("{}/commune/{insee}", state.catalogue.site.base_url),
    })
}
