//! `[work]`: the workers.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::values::seconds;

/// The workers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(missing_docs, reason = "each field is described once, in SETTINGS")]
pub struct Work {
    pub fetchers: usize,
    #[serde(rename = "lease_s", with = "seconds")]
    pub lease: Duration,
    pub max_attempts: u32,
    pub min_free_mb: u64,
    pub keep_passes_days: u32,
}

impl Default for Work {
    fn default() -> Self {
        Self {
            fetchers: 8,
            lease: Duration::from_secs(60),
            max_attempts: 6,
            min_free_mb: 300,
            keep_passes_days: 400,
        }
    }
}
