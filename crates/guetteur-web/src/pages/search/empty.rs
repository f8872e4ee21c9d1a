//! An empty answer: what was searched, and how far that can be trusted.

use guetteur_publish::address::Filters;
use guetteur_publish::french;
use guetteur_publish::health::Health;
use serde::Serialize;

use crate::error::WebError;
use crate::state::AppState;

#[derive(Serialize)]
pub(super) struct Empty {
    searched: String,
    freshness: String,
    sources: Vec<SearchedSource>,
}

#[derive(Serialize)]
struct SearchedSource {
    code: String,
    name: String,
    health: &'static str,
    label: &'static str,
    last_ok: Option<String>,
}

/// An empty answer says what was searched, and how far that can be trusted.
pub(super) async fn empty(state: &AppState, filters: &Filters) -> Result<Empty, WebError> {
    let now = state.catalogue.now();
    let states = state.catalogue.store.source_health().await?;
    let mut healthy = 0;
    let mut sources = Vec::new();
    for source in state.catalogue.covered(filters) {
        let row = states.iter().find(|row| row.code == source.code);
        let health = Health::of(row, now);
        healthy += u64::from(health.is_fresh());
        sources.push(SearchedSource {
            code: source.code.clone(),
            name: source.name.clone(),
            health: health.id(),
            label: health.label(),
            last_ok: row.and_then(|row| row.last_ok_at).map(|at| french::ago(now, at)),
        });
    }
    let indexed = french::count(state.catalogue.index.len() as u64, "acte indexé", "actes indexés");
    let freshness = format!(
        "{} sur {} à jour. Ce qu’une source non lue a publié ne peut pas être trouvé.",
        french::count(healthy, "source", "sources"),
        french::number(sources.len() as u64),
    );
    if !filters.names_a_place() {
        sources.clear();
    }
    let searched = format!("La recherche a porté sur les titres et les textes de {indexed}.");
    Ok(Empty { searched, freshness, sources })
}
