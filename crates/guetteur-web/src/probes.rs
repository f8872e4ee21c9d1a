//! What supervisors ask: `/healthz`, is the process alive, and `/readyz`, does all that it needs answer.
//!
//! A process that is alive and not ready is not to be restarted: it waits for what it needs.

use std::future::Future;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};
use chrono::TimeDelta;
use guetteur_publish::CatalogueError;
use serde_json::json;

use crate::state::AppState;

/// Longest wait for one answer: a dead network folder never gives any.
const PATIENCE: Duration = Duration::from_secs(5);
/// Work that is due moves within this time, or nobody does it.
const MOVES_WITHIN: TimeDelta = TimeDelta::minutes(30);
/// Documents of which one at least must be in the archive; a single one that is missing is the
/// matter of `guetteur verify`.
const SAMPLE: u32 = 8;

/// 200 as long as requests are answered.
pub(crate) async fn alive() -> Response {
    answer(StatusCode::OK, &json!({ "status": "ok" }))
}

/// 200 when database, index and archive answer and, where this process works, work moves; 503 with what does not, and why.
pub(crate) async fn ready(State(state): State<AppState>) -> Response {
    let (database, index, archive, work) = tokio::join!(
        in_time("base de données", database(&state)),
        in_time("index", index(&state)),
        in_time("archive", archive(&state)),
        in_time("travaux", work(&state)),
    );
    let mut reasons: Vec<String> = [database, index, archive, work].into_iter().flatten().collect();
    if reasons.is_empty() {
        return answer(StatusCode::OK, &json!({ "status": "ok" }));
    }
    // One cause may stop several.
    reasons.dedup();
    tracing::warn!(?reasons, "not ready");
    answer(StatusCode::SERVICE_UNAVAILABLE, &json!({ "status": "error", "reasons": reasons }))
}

fn answer(status: StatusCode, body: &serde_json::Value) -> Response {
    (status, [(CACHE_CONTROL, "no-store")], Json(body)).into_response()
}

/// Why `what` is not well; `None` when it is.
async fn in_time(what: &str, probe: impl Future<Output = Result<(), String>>) -> Option<String> {
    match tokio::time::timeout(PATIENCE, probe).await {
        Ok(Ok(())) => None,
        Ok(Err(why)) => Some(format!("{what} : {why}")),
        Err(_) => Some(format!("{what} : pas de réponse en {} s", PATIENCE.as_secs())),
    }
}

/// The innards are logged, not shown: the address is open to all.
fn failed(error: impl Into<CatalogueError>) -> String {
    tracing::warn!(error = %error.into(), "a probe failed");
    "ne répond pas (voir le journal)".to_owned()
}

async fn database(state: &AppState) -> Result<(), String> {
    state.catalogue.store.revision().await.map(drop).map_err(failed)
}

async fn index(state: &AppState) -> Result<(), String> {
    let index = state.catalogue.index.clone();
    let cursor = tokio::task::spawn_blocking(move || index.cursor()).await;
    cursor.map_err(failed)?.map(drop).map_err(failed)
}

async fn archive(state: &AppState) -> Result<(), String> {
    let sample = state.catalogue.store.documents_after(None, SAMPLE).await.map_err(failed)?;
    let held: Vec<_> = sample.iter().map(|held| held.sha256).collect();
    let is_there = state.catalogue.archive.contains_any(&held).await.map_err(|error| {
        tracing::warn!(%error, "a probe failed");
        "ne répond pas (voir le journal)".to_owned()
    })?;
    if sample.is_empty() || is_there {
        return Ok(());
    }
    Err("les PDF n’y sont pas ; le disque de l’archive est-il monté ?".to_owned())
}

async fn work(state: &AppState) -> Result<(), String> {
    if !state.site.works {
        return Ok(());
    }
    let pace = state.catalogue.store.pace(state.catalogue.now(), MOVES_WITHIN).await;
    let pace = pace.map_err(failed)?;
    if !pace.is_stalled() {
        return Ok(());
    }
    Err(format!(
        "{} recueils attendent et rien n’avance depuis {} min (guetteur watch ou work tourne-t-il ? \
         le disque est-il plein ?)",
        pace.due,
        MOVES_WITHIN.num_minutes()
    ))
}
