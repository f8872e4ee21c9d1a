//! What the index is told about an act.

use chrono::{DateTime, NaiveDate, Utc};
use guetteur_model::{Category, Commune, Level, Purpose};

/// One step of following the database.
#[derive(Debug, Clone, PartialEq)]
pub enum IndexChange {
    /// Add the act, or replace what the index holds under its id.
    Put(Box<ActDocument>),
    /// Forget the act with this id.
    Delete(i64),
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
    /// Id in the database; unique in the index.
    pub act_id: i64,
    /// Bulletin that holds the act.
    pub bulletin_id: i64,
    /// Revision of the database at which this was read.
    pub revision: i64,
    /// An alert that was withdrawn: found only where [`crate::Filters::withdrawn`] asks for it.
    pub withdrawn: bool,
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
    /// When Guetteur first saw the bulletin.
    pub first_seen_at: Option<DateTime<Utc>>,
}
