//! `/communes?q=`: from what people type to a commune.

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use guetteur_communes::{CommuneRecord, Found, How, communes, departement_name, departement_of};
use guetteur_publish::{CatalogueError, fields, french};
use serde::{Deserialize, Serialize};

use crate::error::WebError;
use crate::page::{Head, page};
use crate::state::AppState;

#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    q: String,
}

#[derive(Serialize)]
struct Entry {
    name: &'static str,
    href: String,
    /// `Seine-Saint-Denis (93)`: what tells homonyms apart.
    departement: String,
    postcodes: Vec<&'static str>,
    inhabitants: Option<String>,
}

impl From<&CommuneRecord> for Entry {
    fn from(commune: &CommuneRecord) -> Self {
        let inhabitants = u64::from(commune.population);
        Self {
            name: commune.name,
            href: format!("/commune/{}", commune.insee),
            departement: departement(commune.insee),
            postcodes: commune.postcodes().take(5).collect(),
            inhabitants: (inhabitants > 0)
                .then(|| french::count(inhabitants, "habitant", "habitants")),
        }
    }
}

/// `Hérault (34)`.
pub(crate) fn departement(insee: &str) -> String {
    let code = departement_of(insee);
    departement_name(code).map_or_else(|| code.to_owned(), |name| format!("{name} ({code})"))
}

pub(crate) async fn get(
    State(state): State<AppState>,
    Query(asked): Query<Asked>,
) -> Result<Response, WebError> {
    let q = asked.q.trim().to_owned();
    let typed = q.clone();
    // Some milliseconds over 37,000 names: off the threads that serve requests.
    let found = tokio::task::spawn_blocking(move || {
        let mut found = communes().find(&typed);
        if let (How::Exact, [commune]) = (found.how, found.communes.as_slice()) {
            found.communes.extend(communes().far_larger(&typed, commune));
        }
        found
    });
    let found = found.await.map_err(CatalogueError::from)?;
    if let (How::Exact, [commune]) = (found.how, found.communes.as_slice()) {
        return Ok(Redirect::to(&format!("/commune/{}", commune.insee)).into_response());
    }
    let status = match found.communes.is_empty() && !q.is_empty() {
        true => StatusCode::NOT_FOUND,
        false => StatusCode::OK,
    };
    let mut head = Head::new("Trouver sa commune", "/communes");
    head.section = "communes";
    head.noindex = !q.is_empty();
    head.description = "Ce qui est autorisé dans une commune : par nom ou code postal.".to_owned();
    let body = fields! {
        q,
        near => found.how == How::Near,
        most => found.communes.len() == Found::MOST,
        found => found.communes.iter().map(Entry::from).collect::<Vec<_>>(),
    };
    Ok((status, page(&state, "communes.html", head, body)?).into_response())
}
