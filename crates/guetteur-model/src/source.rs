//! A source: a site that publishes bulletins.

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

/// Who publishes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SourceKind {
    /// Prefecture of a département.
    Departement,
    /// Prefecture of a region.
    Region,
    /// Préfecture de police (Paris): one act per PDF.
    Police,
}

/// One row of the registry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// `01`…`95`, `2A`, `971`…, `ppparis`, `prefidf`…
    pub code: String,
    /// `Préfecture de l'Hérault`.
    pub name: String,
    /// `Occitanie`.
    pub region: String,
    /// Who publishes.
    pub kind: SourceKind,
    /// IANA name; opening hours, schedules and hours in acts are local.
    pub timezone: Tz,
    /// Absolute addresses where the walk starts.
    pub roots: Vec<String>,
    /// What the walker cannot infer, and why; absent for nearly all.
    pub hint: Option<String>,
}

impl Source {
    /// `34` for département 34: the code under which communes and acts are filed.
    /// The Paris police prefecture and the Île-de-France region file under `75`.
    #[must_use]
    pub fn departement(&self) -> Option<&str> {
        match self.kind {
            SourceKind::Departement => Some(&self.code),
            SourceKind::Police => Some("75"),
            SourceKind::Region => None,
        }
    }
}
