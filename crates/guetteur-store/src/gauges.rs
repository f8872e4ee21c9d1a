//! What is measured for those who watch over an installation: ages, counts, time spent.

use crate::boxed;
use chrono::{DateTime, TimeDelta, Utc};
use guetteur_model::{FailureKind, Stage};

use crate::alarms::AlarmKind;
use crate::store::read;
use crate::{MessageState, Store, StoreError};

/// Bulletins that are due at a stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StageGauge {
    /// What they have reached.
    pub stage: Stage,
    /// How many are due, held or not; what waits for OCR alone is left out.
    pub due: u64,
    /// Since when the oldest of them has stood there.
    pub oldest_at: Option<DateTime<Utc>>,
}

/// Messages in a state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageGauge {
    /// How far they came.
    pub state: MessageState,
    /// How many.
    pub count: u64,
    /// When the oldest of them was queued.
    pub oldest_at: Option<DateTime<Utc>>,
}

/// Passes over a source that failed of late, by kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailureGauge {
    /// Code of the source.
    pub source: String,
    /// Why.
    pub kind: FailureKind,
    /// How many.
    pub passes: u64,
}

/// All that is measured in the database.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Gauges {
    /// By stage, those without work included.
    pub stages: Vec<StageGauge>,
    /// Bulletins given up.
    pub given_up: u64,
    /// By state, those without messages included.
    pub messages: Vec<MessageGauge>,
    /// Failed passes of the last day.
    pub failures: Vec<FailureGauge>,
    /// Open alarms by kind, those without any included.
    pub alarms: Vec<(AlarmKind, u64)>,
    /// Pages recognised, ever.
    pub ocr_pages: u64,
    /// Milliseconds that this took, since that is counted.
    pub ocr_ms: u64,
    /// Documents that the database names.
    pub documents: u64,
    /// Bytes of the database on disk.
    pub database_bytes: u64,
}

impl Store {
    /// Measures. Each figure comes from an index or a small table, but for one pass over the
    /// bulletins.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn gauges(&self, now: DateTime<Utc>) -> Result<Gauges, StoreError> {
        let since = now - TimeDelta::days(1);
        read!(self, "measuring", |connection| sql::gauges::measure(connection, now, since).await)
    }
}
