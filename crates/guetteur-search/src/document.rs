//! What the index is told about an act.

use chrono::{DateTime, NaiveDate, Utc};
use guetteur_model::{ActId, BulletinId, Category, Commune, LegalDoubtKind, Level, Purpose};
use serde::Serialize;

/// One step of following the database: all that the index holds of an act from now on.
#[derive(Debug, Clone, PartialEq)]
pub struct IndexChange {
    /// The act.
    pub act_id: ActId,
    /// Its rows, at most one of each [`Subject`]; without any it is forgotten.
    pub rows: Vec<ActDocument>,
}

/// What a row of the index is about. Both are known by the id of their act.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Subject {
    /// An act.
    #[default]
    Act,
    /// The first alert about an act, in the words in which it was raised, which the act, once read,
    /// does not bear out, or did not once. It is found only where [`crate::Filters::withdrawn`] asks for it.
    WithdrawnAlert,
}

/// A flag as the index needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexedFlag {
    /// Category.
    pub category: Category,
    /// Level.
    pub level: Level,
    /// « À vérifier ».
    pub to_check: bool,
}

/// An act with everything that can be searched, filtered, counted or sorted by.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ActDocument {
    /// What it is about.
    pub subject: Subject,
    /// Bulletin that holds the act.
    pub bulletin_id: BulletinId,
    /// Title, mended.
    pub title: String,
    /// Text of the act's pages.
    pub body: String,
    /// Number in the bulletin and the act's own number, as printed.
    pub numbers: Vec<String>,
    /// Service heading.
    pub service: Option<String>,
    /// Code of the source: `34`, `2A`, `ppparis`.
    pub prefecture: String,
    /// `Préfecture de l'Hérault`.
    pub prefecture_name: String,
    /// Name of its région: `Occitanie`.
    pub region: String,
    /// Communes of the act.
    pub communes: Vec<Commune>,
    /// Flags of the act.
    pub flags: Vec<IndexedFlag>,
    /// `arrêté`, `décision`, …
    pub kind: Option<String>,
    /// Name of the signatory.
    pub signed_by: Option<String>,
    /// Who may use the measure.
    pub beneficiary: Option<String>,
    /// Purposes of art. L. 242-5 CSI.
    pub purposes: Vec<Purpose>,
    /// Doubts of law about it.
    pub doubts: Vec<LegalDoubtKind>,
    /// Normalised legal references (`CSI L242-5`).
    pub legal_refs: Vec<String>,
    /// Day of publication of the bulletin.
    pub published_on: Option<NaiveDate>,
    /// Day of signature.
    pub signed_on: Option<NaiveDate>,
    /// First day of effect.
    pub valid_from: Option<NaiveDate>,
    /// Last day of effect; `None` with a `valid_from` is read as open-ended.
    pub valid_to: Option<NaiveDate>,
    /// Hours from publication to start of effect; negative: published after it began.
    pub notice_hours: Option<f64>,
    /// Cameras that it allows, at most.
    pub cameras: Option<u32>,
    /// Aircraft that it allows, at most.
    pub aircraft: Option<u32>,
    /// When Guetteur first saw the bulletin.
    pub first_seen_at: Option<DateTime<Utc>>,
}
