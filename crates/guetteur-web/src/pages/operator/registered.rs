//! The operator's forms about the register of towns.

use axum::Form;
use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::response::Redirect;
use guetteur_communes::communes;
use guetteur_model::{TownStep, TownStepId};
use guetteur_publish::french;
use guetteur_publish::kept_table::Fields;
use guetteur_publish::register::{read_step, read_steps};
use guetteur_store::RecordedStep;
use serde::{Deserialize, Serialize};

use super::actions::{Deed, filled, told};
use crate::error::WebError;
use crate::operator::Operator;
use crate::state::AppState;

/// A step as the operator's page lists it.
#[derive(Serialize)]
pub(super) struct StepRow {
    #[serde(flatten)]
    step: RecordedStep,
    town: String,
    day: String,
    label: &'static str,
}

pub(super) fn row(step: RecordedStep) -> StepRow {
    StepRow {
        town: communes().record(&step.insee).map_or(step.insee.clone(), |town| town.name.into()),
        day: french::day(step.happened_on),
        label: step.step.label(),
        step,
    }
}

/// Ids with their words, for a list to choose from.
pub(super) fn steps() -> Vec<(&'static str, &'static str)> {
    TownStep::ALL.map(|step| (step.as_str(), step.label())).into()
}

/// A step to record.
#[derive(Debug, Deserialize)]
pub(crate) struct Step {
    cle: String,
    commune: String,
    etape: String,
    date: String,
    #[serde(default)]
    resume: String,
    #[serde(default)]
    source: String,
}

pub(crate) async fn enter(
    State(state): State<AppState>,
    operator: Operator,
    form: Result<Form<Step>, FormRejection>,
) -> Result<Redirect, WebError> {
    let form = filled(form)?;
    operator.check(&form.cle)?;
    // A code is as good as a name.
    let typed = form.commune.trim();
    let is_code = typed.len() == 5 && typed.bytes().any(|byte| byte.is_ascii_digit());
    let cell = |name: &str| match name {
        "insee" if is_code => typed,
        "commune" if !is_code => typed,
        "etape" => &*form.etape,
        "date" => &form.date,
        "resume" => &form.resume,
        "source" => &form.source,
        _ => "",
    };
    let new = read_step(&Fields { cell: &cell }, state.catalogue.today())
        .map_err(|why| WebError::BadRequest(format!("Rien n’est inscrit : {why}.")))?;
    let id = state.catalogue.store.record_step(&new, state.catalogue.now()).await?;
    tracing::info!(%id, insee = new.insee, step = %new.step, "the operator records a step of a town");
    told(Deed::Inscrit, 1)
}

/// Steps to record, as a table.
#[derive(Debug, Deserialize)]
pub(crate) struct Steps {
    cle: String,
    csv: String,
}

/// Nothing is recorded of a table with a fault, as with decisions.
pub(crate) async fn enter_all(
    State(state): State<AppState>,
    operator: Operator,
    form: Result<Form<Steps>, FormRejection>,
) -> Result<Redirect, WebError> {
    let form = filled(form)?;
    operator.check(&form.cle)?;
    let refused = |why: String| WebError::BadRequest(format!("Rien n’est inscrit : {why}."));
    let read = read_steps(&form.csv, state.catalogue.today()).map_err(refused)?;
    if let Some((line, why)) = read.faults.first() {
        return Err(refused(format!("ligne {line}, {why}")));
    }
    for (_, step) in &read.rows {
        state.catalogue.store.record_step(step, state.catalogue.now()).await?;
    }
    let recorded = read.rows.len() as u64;
    tracing::info!(recorded, "the operator records steps of towns");
    told(Deed::Inscrit, recorded)
}

/// A step to forget.
#[derive(Debug, Deserialize)]
pub(crate) struct Striking {
    cle: String,
    etape: TownStepId,
}

pub(crate) async fn strike(
    State(state): State<AppState>,
    operator: Operator,
    form: Result<Form<Striking>, FormRejection>,
) -> Result<Redirect, WebError> {
    let form = filled(form)?;
    operator.check(&form.cle)?;
    let forgotten = state.catalogue.store.forget_step(form.etape).await?;
    tracing::info!(id = %form.etape, forgotten, "the operator forgets a step of a town");
    told(if forgotten { Deed::Raye } else { Deed::SansEtape }, form.etape.0.unsigned_abs())
}
