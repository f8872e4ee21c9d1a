//! `/api/v1/openapi.json`: the description of the API (OpenAPI 3.1), made from [`OPERATIONS`].

use axum::Json;
use axum::extract::State;
use serde_json::{Map, Value, json};

use super::operations::{OPERATIONS, Operation, Parameter, Takes};
use super::schemas::Schema;
use crate::state::AppState;

pub(crate) async fn get(State(state): State<AppState>) -> Json<Value> {
    Json(description(&state))
}

fn description(state: &AppState) -> Value {
    let paths: Map<String, Value> = OPERATIONS
        .iter()
        .map(|operation| (operation.path.to_owned(), json!({ "get": described(operation) })))
        .collect();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": state.catalogue.site.title,
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Les actes de surveillance des recueils des préfectures. En lecture \
                            seule, ouverte à tout site (CORS).",
            "license": {
                "name": "Licence Ouverte 2.0",
                "url": "https://www.etalab.gouv.fr/licence-ouverte-open-licence/",
            },
        },
        "servers": [{ "url": state.catalogue.site.base_url }],
        "paths": paths,
        "components": { "schemas": Schema::components() },
    })
}

fn described(operation: &Operation) -> Value {
    let of_path = path_parameters(operation.path).map(|name| {
        json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } })
    });
    let of_query = operation.parameters.iter().map(|parameter| {
        json!({
            "name": parameter.name,
            "in": "query",
            "description": parameter.about,
            "schema": taken(parameter),
            "example": parameter.example,
        })
    });
    let error = json!({ "$ref": "#/components/schemas/Error" });
    let answer = |about: &str, schema: Value| json!({ "description": about, "content": { "application/json": { "schema": schema } } });
    let mut responses = json!({
        "200": answer(operation.about, operation.answer.json()),
        "429": answer("Trop de requêtes : l’en-tête Retry-After dit quand revenir", error.clone()),
        "503": answer("Base de données occupée", error.clone()),
    });
    if operation.path.contains('{') {
        responses["404"] = answer("Rien sous cet identifiant", error);
    }
    json!({
        "operationId": operation.id,
        "summary": operation.about,
        "parameters": of_path.chain(of_query).collect::<Vec<_>>(),
        "responses": responses,
    })
}

/// `id` of `/acts/{id}`.
pub(crate) fn path_parameters(path: &'static str) -> impl Iterator<Item = &'static str> {
    path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
}

fn taken(parameter: &Parameter) -> Value {
    match parameter.takes {
        Takes::Text => json!({ "type": "string" }),
        Takes::Day => json!({ "type": "string", "format": "date" }),
        Takes::Count => json!({ "type": "integer", "minimum": 1 }),
        Takes::OneOf(values) => json!({ "type": "string", "enum": values }),
    }
}
