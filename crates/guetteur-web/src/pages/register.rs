//! `/registre`: which towns were asked about surveillance, which answered, which voted.

use axum::extract::State;
use axum::response::{Html, Response};
use guetteur_communes::communes;
use guetteur_model::TownStep;
use guetteur_publish::export::write_csv;
use guetteur_publish::published::web_address;
use guetteur_publish::register::HEADINGS;
use guetteur_publish::{fields, french};
use guetteur_store::RecordedStep;
use serde::Serialize;

use super::communes::departement;
use crate::error::WebError;
use crate::figures::attachment;
use crate::page::{Head, page};
use crate::page_parts::Link;
use crate::state::AppState;

const PATH: &str = "/registre";

/// A step as pages show it.
#[derive(Serialize)]
pub(crate) struct StepView {
    id: &'static str,
    label: &'static str,
    day: String,
    says: Option<String>,
    source: Option<String>,
}

impl StepView {
    pub(crate) fn of(step: &RecordedStep) -> Self {
        Self {
            id: step.step.as_str(),
            label: step.step.label(),
            day: french::day(step.happened_on),
            says: step.says.clone(),
            source: step.source.as_deref().and_then(web_address).map(str::to_owned),
        }
    }
}

/// A town with what is known of it, the last step first.
#[derive(Serialize)]
struct TownView {
    town: Link,
    departement: String,
    steps: Vec<StepView>,
}

pub(crate) async fn get(State(state): State<AppState>) -> Result<Html<String>, WebError> {
    let register = state.catalogue.register().await?;
    let mut towns: Vec<TownView> = Vec::new();
    let mut counts = TownStep::ALL.map(|step| (step.label(), 0_u64));
    for (insee, steps) in register.towns() {
        let name = communes().record(insee).map_or(insee, |town| town.name);
        towns.push(TownView {
            town: Link::new(name, format!("/commune/{insee}")),
            departement: departement(insee),
            steps: steps.iter().map(StepView::of).collect(),
        });
        for (step, (_, count)) in TownStep::ALL.iter().zip(&mut counts) {
            *count += u64::from(steps.iter().any(|one| one.step == *step));
        }
    }
    towns.sort_by(|a, b| a.town.label.cmp(&b.town.label));
    let mut head = Head::new("Registre des communes", PATH);
    head.section = "communes";
    head.noindex = towns.is_empty();
    head.description =
        "Les communes interpellées sur la surveillance, celles qui ont répondu, celles qui ont voté."
            .to_owned();
    page(&state, "register.html", head, fields! { towns, counts })
}

/// `/registre.csv`: what another operator can record from.
pub(crate) async fn csv(State(state): State<AppState>) -> Result<Response, WebError> {
    let register = state.catalogue.register().await?;
    let mut written = Vec::new();
    write_csv(&HEADINGS, register.rows(&state.catalogue.site.base_url), &mut written)?;
    Ok(attachment("registre", "csv", "text/csv; charset=utf-8; header=present", written))
}
