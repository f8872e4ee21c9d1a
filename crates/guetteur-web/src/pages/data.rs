//! `/donnees`: formats, columns, API, licences.

use axum::extract::State;
use axum::response::Html;
use guetteur_publish::export::{COLUMNS, COMMUNE_COLUMNS, Kind, SEPARATOR};
use guetteur_publish::fields;
use serde::Serialize;

use crate::error::WebError;
use crate::page::{Head, page};
use crate::state::AppState;

#[derive(Serialize)]
struct Documented {
    name: &'static str,
    kind: &'static str,
    about: &'static str,
}

impl Documented {
    fn new(name: &'static str, kind: Kind, about: &'static str) -> Self {
        Self { name, kind: kind.label(), about }
    }
}

pub(crate) async fn get(State(state): State<AppState>) -> Result<Html<String>, WebError> {
    let columns = COLUMNS.iter().map(|c| Documented::new(c.name, c.kind, c.about));
    let commune_columns = COMMUNE_COLUMNS.iter().map(|c| Documented::new(c.name, c.kind, c.about));
    let body = fields! {
        columns => columns.collect::<Vec<_>>(),
        commune_columns => commune_columns.collect::<Vec<_>>(),
        separator => SEPARATOR.trim(),
    };
    let mut head = Head::new("Données et flux", "/donnees");
    head.section = "donnees";
    head.description = "Flux, exports, colonnes, API et licences.".to_owned();
    page(&state, "data.html", head, body)
}
