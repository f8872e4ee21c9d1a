//! `[read]`: reading PDFs.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::values::seconds;

/// Reading PDFs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(missing_docs, reason = "each field is described once, in SETTINGS")]
pub struct Read {
    pub languages: String,
    pub jobs: usize,
    #[serde(rename = "page_timeout_s", with = "seconds")]
    pub page_timeout: Duration,
    pub ocr_pages_per_day: u32,
}

impl Default for Read {
    fn default() -> Self {
        Self {
            languages: "fra".to_owned(),
            jobs: 0,
            page_timeout: Duration::from_secs(60),
            ocr_pages_per_day: 0,
        }
    }
}
