//! `/commune/{insee}/renouvellements.ics`: when the authorisations of vidéoprotection of a town end.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use guetteur_communes::CommuneRecord;
use guetteur_model::{Category, Level};
use guetteur_publish::address::Filters;
use guetteur_publish::reminders::{self, Reminder};
use guetteur_publish::{CatalogueError, french};
use serde::Serialize;

use super::commune::{Known, commune};
use crate::error::WebError;
use crate::state::AppState;

/// Authorisations read at once: a large town has thousands, and of each only its end is kept.
const AT_ONCE: usize = 200;

/// An end, as the page of the town shows it.
#[derive(Serialize)]
pub(crate) struct End {
    day: String,
    label: String,
    href: String,
}

/// The ends of a town's authorisations, the first first.
pub(crate) async fn ends(
    state: &AppState,
    commune: &CommuneRecord,
) -> Result<Arc<[Reminder]>, CatalogueError> {
    // Taken before the acts are read: what is kept is never older than it says.
    let now = (state.catalogue.index.generation(), state.catalogue.today());
    if let Some(ends) = state.ends.get(commune.insee, now) {
        return Ok(ends);
    }
    let filters = Filters {
        communes: vec![commune.insee.to_owned()],
        categories: Category::new("videoprotection").into_iter().collect(),
        levels: vec![Level::Authorises],
        page: 1,
        ..Filters::default()
    };
    let mut ends = Vec::new();
    for ids in state.catalogue.ids(&filters).await?.chunks(AT_ONCE) {
        let acts = state.catalogue.acts(ids).await?;
        ends.extend(reminders::of_renewals(&acts, state.letters.law(), now.1));
    }
    ends.sort_by(|a, b| (a.day, &a.key).cmp(&(b.day, &b.key)));
    let ends: Arc<[Reminder]> = ends.into();
    state.ends.keep(commune.insee, now, Arc::clone(&ends));
    Ok(ends)
}

/// The first of them.
pub(crate) fn first(ends: &[Reminder], shown: usize) -> Vec<End> {
    let end = |reminder: &Reminder| End {
        day: french::day(reminder.day),
        label: reminder.summary.clone(),
        href: reminder.path.clone(),
    };
    ends.iter().take(shown).map(end).collect()
}

pub(crate) async fn get(
    State(state): State<AppState>,
    Path(insee): Path<String>,
) -> Result<Response, WebError> {
    let (Known::Today(commune) | Known::Former(commune)) = commune(&insee)?;
    let ends = ends(&state, &commune).await?;
    let title = format!("Fins d’autorisations de vidéoprotection {}", commune.with_a());
    Ok(calendar(&state, "renouvellements", &title, &ends))
}

/// Reminders as a file.
pub(crate) fn calendar(
    state: &AppState,
    name: &str,
    title: &str,
    reminders: &[Reminder],
) -> Response {
    let site = &state.catalogue.site;
    let text = reminders::to_ical(title, reminders, site, state.catalogue.now());
    let disposition = format!("attachment; filename=\"guetteur-{name}.ics\"");
    let headers = [
        (CONTENT_TYPE, "text/calendar; charset=utf-8".to_owned()),
        (CONTENT_DISPOSITION, disposition),
    ];
    (headers, text).into_response()
}
