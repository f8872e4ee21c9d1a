//! A category with its level, as readers see it beside an act.

use guetteur_model::Level;
use serde::Serialize;

use crate::published::PublishedAct;

/// A category with its level.
#[derive(Debug, Clone, Serialize)]
pub struct Badge {
    category: String,
    label: String,
    level: &'static str,
    level_label: &'static str,
}

impl Badge {
    /// `Drones et hélicoptères : autorise`.
    #[must_use]
    pub fn words(&self) -> String {
        format!("{} : {}", self.label, self.level_label)
    }

    /// The badges of an act, strongest first; `mentions` only when nothing stronger is there.
    #[must_use]
    pub fn of(act: &PublishedAct) -> Vec<Self> {
        let all = act.by_category();
        let strongest = act.level();
        all.into_iter()
            .filter(|(_, level)| *level != Level::Mentions || strongest == Some(Level::Mentions))
            .map(|(category, level)| Self {
                category: category.to_string(),
                label: category.label().to_owned(),
                level: level.as_str(),
                level_label: level.label(),
            })
            .collect()
    }
}
