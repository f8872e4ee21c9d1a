//! What a start has to work out before the first answers, worked out before anybody asks.

use axum::extract::{RawQuery, State};

use crate::error::WebError;
use crate::pages::{coverage, home, investigations, map, statistics};
use crate::state::AppState;

/// Reads the pages that are asked for most, and throws them away: what they needed is known then.
pub(crate) async fn spare(state: AppState) {
    let here = || State(state.clone());
    let told = |page: &str, outcome: Result<(), WebError>| {
        if let Err(error) = outcome {
            tracing::warn!(page, %error, "the first reader will wait for it");
        }
    };
    // The acts that figures count take longest.
    told("/carte", map::get(here(), RawQuery(None)).await.map(drop));
    told("/enquetes", investigations::index(here()).await.map(drop));
    told("/couverture", coverage::get(here()).await.map(drop));
    told("/", home::get(here()).await.map(drop));
    told("/statistiques", statistics::get(here()).await.map(drop));
}
