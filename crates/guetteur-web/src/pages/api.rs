//! `/api`: what the API offers, with a form for each operation.

use axum::extract::State;
use axum::response::Html;
use guetteur_model::{ActId, BulletinId};
use guetteur_publish::address::Filters;
use guetteur_publish::fields;
use serde::Serialize;

use crate::api::{Access, OPERATIONS, Operation, Takes, path_parameters};
use crate::error::WebError;
use crate::page::{Head, page};
use crate::state::AppState;

#[derive(Serialize)]
struct Shown {
    id: &'static str,
    method: String,
    /// Whether it asks for a key: no form can give one.
    keyed: bool,
    path: &'static str,
    about: &'static str,
    /// An address that answers, where the path varies.
    example: Option<String>,
    parameters: Vec<Field>,
}

#[derive(Serialize)]
struct Field {
    name: &'static str,
    about: &'static str,
    placeholder: &'static str,
    /// Type of the input.
    kind: &'static str,
    values: &'static [&'static str],
}

pub(crate) async fn get(State(state): State<AppState>) -> Result<Html<String>, WebError> {
    let newest =
        state.catalogue.newest(&Filters { page: 1, ..Filters::default() }.for_alerts(), 1).await?;
    let value = |name: &str| match name {
        "insee" => "34172".to_owned(),
        "enquete" => "jours".to_owned(),
        _ => newest.first().map_or(ActId(1), |act| act.id).to_string(),
    };
    let bulletin = newest.first().map_or(BulletinId(1), |act| act.bulletin.id);
    let open = |operation: &Operation| operation.access == Access::Open;
    let shown = |operation: &Operation| Shown {
        id: operation.id,
        method: operation.method().to_uppercase(),
        keyed: operation.access != Access::Open,
        path: operation.path,
        about: operation.about,
        example: path_parameters(operation.path).next().filter(|_| open(operation)).map(|name| {
            let value = if operation.id == "bulletin" { bulletin.to_string() } else { value(name) };
            operation.path.replace(&format!("{{{name}}}"), &value)
        }),
        parameters: fields_of(operation),
    };
    let operations: Vec<Shown> = OPERATIONS.iter().map(shown).collect();
    let mut head = Head::new("API", "/api");
    head.section = "donnees";
    head.description = "L’API de lecture, avec un formulaire par opération.".to_owned();
    let limit = state.site.requests_per_minute;
    page(&state, "api.html", head, fields! { operations, limit })
}

fn fields_of(operation: &Operation) -> Vec<Field> {
    let field = |parameter: &crate::api::Parameter| {
        let (kind, values): (_, &[&str]) = match parameter.takes {
            Takes::Text => ("text", &[]),
            Takes::Day => ("date", &[]),
            Takes::Count => ("number", &[]),
            Takes::OneOf(values) => ("select", values),
        };
        let (name, about) = (parameter.name, parameter.about);
        Field { name, about, placeholder: parameter.example, kind, values }
    };
    operation.parameters.iter().map(field).collect()
}
