//! The operator's forms about decisions of courts.

use axum::Form;
use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::response::Redirect;
use guetteur_model::{ActId, Ground, OutcomeId, Ruling};
use guetteur_publish::french;
use guetteur_publish::kept_table::Fields;
use guetteur_publish::precedents::{read_outcome, read_outcomes};
use guetteur_store::{NewOutcome, Outcome, Recorded};
use serde::{Deserialize, Serialize};

use super::actions::{Deed, filled, told};
use crate::error::WebError;
use crate::operator::Operator;
use crate::state::AppState;

/// A decision as the operator's page lists it.
#[derive(Serialize)]
pub(super) struct OutcomeRow {
    #[serde(flatten)]
    outcome: Outcome,
    day: String,
    ruling_label: &'static str,
    ground_label: Option<&'static str>,
}

pub(super) fn row(outcome: Outcome) -> OutcomeRow {
    OutcomeRow {
        day: french::day(outcome.decided_on),
        ruling_label: outcome.ruling.label(),
        ground_label: outcome.ground.map(Ground::label),
        outcome,
    }
}

/// Ids with their words, for a list to choose from.
pub(super) fn rulings() -> Vec<(&'static str, &'static str)> {
    Ruling::ALL.map(|ruling| (ruling.as_str(), ruling.label())).into()
}

/// The same of grounds.
pub(super) fn grounds() -> Vec<(&'static str, &'static str)> {
    Ground::ALL.map(|ground| (ground.as_str(), ground.label())).into()
}

/// Courts to choose from; others can be written.
pub(super) fn courts() -> Vec<String> {
    let courts = guetteur_law::courts().iter().map(guetteur_law::Court::name);
    std::iter::once("Conseil d’État".to_owned()).chain(courts).collect()
}

/// A decision to record.
#[derive(Debug, Deserialize)]
pub(crate) struct Decision {
    cle: String,
    acte: String,
    juridiction: String,
    numero: String,
    date: String,
    issue: String,
    #[serde(default)]
    motif: String,
    #[serde(default)]
    source: String,
    #[serde(default)]
    note: String,
}

pub(crate) async fn record(
    State(state): State<AppState>,
    operator: Operator,
    form: Result<Form<Decision>, FormRejection>,
) -> Result<Redirect, WebError> {
    let form = filled(form)?;
    operator.check(&form.cle)?;
    let cell = |name: &str| match name {
        "acte" => &*form.acte,
        "juridiction" => &form.juridiction,
        "numero" => &form.numero,
        "date" => &form.date,
        "issue" => &form.issue,
        "motif" => &form.motif,
        "source" => &form.source,
        "note" => &form.note,
        _ => "",
    };
    let new = read_outcome(&Fields { cell: &cell }, state.catalogue.today())
        .map_err(|why| WebError::BadRequest(format!("Décision non notée : {why}.")))?;
    let act = new.act.0.unsigned_abs();
    let deed = match state.catalogue.store.record_outcome(&new, state.catalogue.now()).await? {
        Recorded::NoAct => Deed::SansActeJuge,
        Recorded::New(id) | Recorded::Changed(id) | Recorded::Known(id) => {
            tracing::info!(%id, act = %new.act, ruling = %new.ruling, "the operator records a decision");
            Deed::Juge
        }
    };
    told(deed, act)
}

/// Decisions to record, as a table.
#[derive(Debug, Deserialize)]
pub(crate) struct Decisions {
    cle: String,
    csv: String,
}

/// Nothing is recorded of a table with a fault: a page does not say line by line what became of it.
pub(crate) async fn record_all(
    State(state): State<AppState>,
    operator: Operator,
    form: Result<Form<Decisions>, FormRejection>,
) -> Result<Redirect, WebError> {
    let form = filled(form)?;
    operator.check(&form.cle)?;
    let refused = |why: String| WebError::BadRequest(format!("Rien n’est noté : {why}."));
    let file = read_outcomes(&form.csv, state.catalogue.today()).map_err(refused)?;
    if let Some((line, why)) = file.faults.first() {
        return Err(refused(format!("ligne {line}, {why}")));
    }
    let ids: Vec<ActId> = file.rows.iter().map(|(_, outcome)| outcome.act).collect();
    let acts = state.catalogue.store.acts_by_ids(&ids).await?;
    let known = |outcome: &NewOutcome| acts.iter().any(|act| act.id == outcome.act);
    if let Some((line, outcome)) = file.rows.iter().find(|(_, outcome)| !known(outcome)) {
        return Err(refused(format!("ligne {line}, il n’y a pas d’acte {}", outcome.act)));
    }
    let recorded = file.rows.len() as u64;
    for (_, outcome) in &file.rows {
        state.catalogue.store.record_outcome(outcome, state.catalogue.now()).await?;
    }
    tracing::info!(recorded, "the operator records decisions");
    told(Deed::Juges, recorded)
}

/// A decision to forget.
#[derive(Debug, Deserialize)]
pub(crate) struct Forgetting {
    cle: String,
    decision: OutcomeId,
}

pub(crate) async fn forget(
    State(state): State<AppState>,
    operator: Operator,
    form: Result<Form<Forgetting>, FormRejection>,
) -> Result<Redirect, WebError> {
    let form = filled(form)?;
    operator.check(&form.cle)?;
    let now = state.catalogue.now();
    let forgotten = state.catalogue.store.forget_outcome(form.decision, now).await?;
    tracing::info!(id = %form.decision, forgotten, "the operator forgets a decision");
    told(if forgotten { Deed::Oubli } else { Deed::SansDecision }, form.decision.0.unsigned_abs())
}
