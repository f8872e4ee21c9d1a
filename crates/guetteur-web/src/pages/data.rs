//! `/donnees`: formats, columns, API, licences.

use crate::templates::fields;
use axum::extract::State;
use axum::response::Html;
use serde::Serialize;

use crate::error::WebError;
use crate::export::{COLUMNS, SEPARATOR};
use crate::page::{Head, page};
use crate::state::AppState;

#[derive(Serialize)]
struct Documented {
    name: &'static str,
    kind: &'static str,
    about: &'static str,
}

pub(crate) async fn get(State(state): State<AppState>) -> Result<Html<String>, WebError> {
    let columns: Vec<Documented> = COLUMNS
        .iter()
        .map(|column| Documented {
            name: column.name,
            kind: column.kind.label(),
            about: column.about,
        })
        .collect();
    let mut head = Head::new("Données et flux", "/donnees");
    head.section = "donnees";
    head.description = "Flux, exports, colonnes, API et licences.".to_owned();
    page(&state, "data.html", head, fields! { columns, separator => SEPARATOR.trim() })
}
