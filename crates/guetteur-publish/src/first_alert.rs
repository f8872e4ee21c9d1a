//! What readers see of a first alert.

use chrono::{DateTime, Utc};
use guetteur_store::{Alert, AlertState};
use serde::Serialize;

use crate::french;
use crate::published::PublishedAct;

/// A first alert: raised from the sommaire, before its act was read.
#[derive(Debug, Clone, Serialize)]
pub struct FirstAlert {
    /// What became of it.
    pub state: AlertState,
    /// When it was raised.
    #[serde(rename = "announced_at")]
    pub raised_at: DateTime<Utc>,
    /// Categories and levels in which it was raised (`Drones et hélicoptères : autorise`).
    #[serde(rename = "announced")]
    pub flags: Vec<String>,
}

impl From<&Alert> for FirstAlert {
    fn from(alert: &Alert) -> Self {
        let mut flags: Vec<String> = alert
            .announcement
            .flags
            .iter()
            .map(|flag| format!("{} : {}", flag.category.label(), flag.level.label()))
            .collect();
        flags.dedup();
        Self { state: alert.state, raised_at: alert.announced_at, flags }
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
    let raised = french::instant_in(alert.raised_at, act.prefecture.zone);
    let flags = alert.flags.join(", ");
    Some(match alert.state {
        AlertState::ToConfirm => format!(
            "À confirmer : cet acte est annoncé par le sommaire du recueil, ses pages n’ont pas \
             encore été lues. Première alerte le {raised}."
        ),
        AlertState::Confirmed => {
            format!("Annoncé d’après le sommaire le {raised}, confirmé à la lecture de l’acte.")
        }
        AlertState::Corrected => format!(
            "Corrigé à la lecture de l’acte : le sommaire annonçait le {raised} « {flags} »."
        ),
        AlertState::Withdrawn => format!(
            "Alerte retirée : le sommaire annonçait le {raised} « {flags} », ce que la lecture \
             du recueil n’a pas confirmé."
        ),
    })
}
