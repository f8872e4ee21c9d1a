//! `[fetch]`: asking sites.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::values::{Proxy, milliseconds, optional, seconds};

/// Asking sites.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(missing_docs, reason = "each field is described once, in SETTINGS")]
pub struct Fetch {
    #[serde(with = "optional")]
    pub contact: Option<String>,
    #[serde(rename = "delay_ms", with = "milliseconds")]
    pub delay: Duration,
    #[serde(rename = "timeout_s", with = "seconds")]
    pub timeout: Duration,
    pub retries: u32,
    pub max_pdf_mb: u64,
    pub concurrency: usize,
    #[serde(with = "optional")]
    pub proxy: Option<Proxy>,
    pub private_addresses: bool,
}

impl Default for Fetch {
    fn default() -> Self {
        Self {
            contact: None,
            delay: Duration::from_secs(2),
            timeout: Duration::from_secs(300),
            retries: 3,
            max_pdf_mb: 400,
            concurrency: 16,
            proxy: None,
            private_addresses: false,
        }
    }
}
