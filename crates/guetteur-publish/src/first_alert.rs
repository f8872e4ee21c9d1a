//! A first alert, as programs and pages read it. What became of it: `state.rs`.

use chrono::{DateTime, Utc};
use guetteur_store::{Alert, AlertState, Turn};
use serde::Serialize;

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
    /// The title under which it was raised.
    #[serde(rename = "announced_title")]
    pub title: String,
    /// What reading made of it, first to last.
    pub turns: Vec<Turn>,
}

impl From<&Alert> for FirstAlert {
    fn from(alert: &Alert) -> Self {
        let told = &alert.content;
        let words = |flag: &guetteur_model::Flag| {
            format!("{} : {}", flag.category.label(), flag.level.label())
        };
        let mut flags: Vec<String> = told.flags.iter().map(words).collect();
        flags.dedup();
        Self {
            state: alert.state,
            raised_at: alert.raised_at,
            flags,
            title: told.title.clone(),
            turns: told.turns.clone(),
        }
    }
}
