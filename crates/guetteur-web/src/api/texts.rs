//! `/api/v1/textes`: the texts of law, as `/methode` shows them.

use axum::Json;
use axum::extract::{RawQuery, State};
use guetteur_law::LegalText;
use guetteur_publish::address::day_named;
use serde_json::{Value, json};

use crate::error::WebError;
use crate::state::AppState;

pub(crate) async fn get(
    State(state): State<AppState>,
    RawQuery(query): RawQuery,
) -> Result<Json<Value>, WebError> {
    let query = query.unwrap_or_default();
    let asked = super::search::read(&state, &query).await?;
    let day = day_named(&query, "le").map_err(WebError::BadRequest)?;
    let of_category = |text: &&LegalText| {
        asked.categories.is_empty() || asked.categories.iter().any(|one| text.is_about(one))
    };
    let in_force = |text: &&LegalText| day.is_none_or(|day| text.in_force(day));
    let texts = state.letters.law().texts().iter().filter(of_category).filter(in_force);
    Ok(Json(texts.map(told).collect()))
}

fn told(text: &LegalText) -> Value {
    json!({
        "id": text.id,
        "cite": text.cite,
        "title": text.title,
        "articles": text.articles,
        "from": text.from,
        "to": text.to,
        "says": text.says.trim(),
        "categories": text.categories,
        "basis": text.basis,
        "source": text.source,
        "read_on": text.read_on,
        "state": text.state.as_str(),
        "note": text.note.as_deref().map(str::trim),
    })
}
