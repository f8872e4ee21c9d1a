//! What readers are told of an alert that was raised before its act was read.

use chrono::{DateTime, Utc};
use guetteur_store::{Alert, AlertState};
use serde::Serialize;

use crate::french;
use crate::published::PublishedAct;

/// A first alert, as pages, feeds and the API show it.
#[derive(Debug, Clone, Serialize)]
pub struct PublishedAlert {
    /// What became of it.
    pub state: AlertState,
    /// When it was raised.
    pub announced_at: DateTime<Utc>,
    /// Categories and levels that the sommaire announced (`Drones et hélicoptères : autorise`).
    pub announced: Vec<String>,
}

impl From<&Alert> for PublishedAlert {
    fn from(alert: &Alert) -> Self {
        let mut announced: Vec<String> = alert
            .announcement
            .flags
            .iter()
            .map(|flag| format!("{} : {}", flag.category.label(), flag.level.label()))
            .collect();
        announced.dedup();
        Self { state: alert.state, announced_at: alert.announced_at, announced }
    }
}

/// The word before the title of a feed's entry.
#[must_use]
pub fn mark(act: &PublishedAct) -> Option<&'static str> {
    match act.alert.as_ref()?.state {
        AlertState::ToConfirm => Some("À confirmer"),
        AlertState::Corrected => Some("Corrigé"),
        AlertState::Withdrawn => Some("Alerte retirée"),
        AlertState::Confirmed => None,
    }
}

/// What is to be said beside the act, in one sentence or two.
#[must_use]
pub fn note(act: &PublishedAct) -> Option<String> {
    let alert = act.alert.as_ref()?;
    let told = french::instant_in(alert.announced_at, act.prefecture.zone);
    let announced = alert.announced.join(", ");
    Some(match alert.state {
        AlertState::ToConfirm => format!(
            "À confirmer : cet acte est annoncé par le sommaire du recueil, ses pages n’ont pas \
             encore été lues. Première alerte le {told}."
        ),
        AlertState::Confirmed => {
            format!("Annoncé d’après le sommaire le {told}, confirmé à la lecture de l’acte.")
        }
        AlertState::Corrected => format!(
            "Corrigé à la lecture de l’acte : le sommaire annonçait le {told} « {announced} »."
        ),
        AlertState::Withdrawn => format!(
            "Alerte retirée : le sommaire annonçait le {told} « {announced} », ce que la lecture \
             du recueil n’a pas confirmé."
        ),
    })
}
