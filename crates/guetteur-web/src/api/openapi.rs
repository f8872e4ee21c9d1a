//! `/api/v1/openapi.json`: the description of the API (OpenAPI 3.1), made from [`OPERATIONS`].

use axum::Json;
use axum::extract::State;
use serde_json::{Map, Value, json};

use super::operations::{Access, OPERATIONS, Operation, Parameter, Takes};
use super::schemas::Schema;
use crate::state::AppState;

pub(crate) async fn get(State(state): State<AppState>) -> Json<Value> {
    Json(description(&state))
}

fn description(state: &AppState) -> Value {
    let mut paths: Map<String, Value> = Map::new();
    for operation in OPERATIONS {
        let methods = paths.entry(operation.path).or_insert_with(|| json!({}));
        methods[operation.method()] = described(operation);
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": state.catalogue.site.title,
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Les actes de surveillance des recueils des préfectures, à lire sans clé et \
                            depuis tout site (CORS) ; les abonnements demandent une clé que donne \
                            l’exploitant.",
            "license": {
                "name": "Licence Ouverte 2.0",
                "url": "https://www.etalab.gouv.fr/licence-ouverte-open-licence/",
            },
        },
        "servers": [{ "url": state.catalogue.site.base_url }],
        "paths": paths,
        "components": {
            "schemas": Schema::components(),
            "securitySchemes": { KEY: { "type": "http", "scheme": "bearer" } },
        },
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
        "429": answer("Trop de requêtes : l’en-tête Retry-After dit quand revenir", error.clone()),
        "503": answer("Base de données occupée", error.clone()),
    });
    if !operation.parameters.is_empty() {
        responses["400"] = answer("Ce qui n’est pas compris, et ce qui l’est", error.clone());
    }
    if operation.path.contains('{') {
        responses["404"] = answer("Rien sous cet identifiant", error.clone());
    }
    let mut described = json!({
        "operationId": operation.id,
        "summary": operation.about,
        "parameters": of_path.chain(of_query).collect::<Vec<_>>(),
    });
    let mut status = 200;
    if let Access::Keyed { body, status: own, .. } = operation.access {
        status = own;
        described["security"] = json!([{ KEY: [] }]);
        responses["401"] = answer("Sans clé, ou avec une clé inconnue", error.clone());
        if let Some(body) = body {
            let schema = json!({ "schema": body.json() });
            described["requestBody"] =
                json!({ "required": true, "content": { "application/json": schema } });
            responses["400"] = answer("Ce qui n’est pas compris, et ce qui l’est", error.clone());
            responses["409"] =
                answer("Liste déjà suivie là, ou pas encore confirmée", error.clone());
        }
        if status == 201 {
            responses["403"] = answer("Ce que la clé ne permet pas", error);
        }
    }
    responses[status.to_string()] = match operation.answer {
        Schema::Nothing => json!({ "description": operation.about }),
        schema => answer(operation.about, schema.json()),
    };
    described["responses"] = responses;
    described
}

/// What keys are called in the description.
const KEY: &str = "cle";

impl Operation {
    /// The method, in lower case.
    pub(crate) fn method(&self) -> &'static str {
        match self.access {
            Access::Open => "get",
            Access::Keyed { method, .. } => method,
        }
    }
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
