//! `[archive]`: where the PDFs lie.

use serde::{Deserialize, Serialize};

use super::values::optional;

/// Where the PDFs lie.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(missing_docs, reason = "each field is described once, in SETTINGS")]
pub struct Archive {
    #[serde(with = "optional")]
    pub url: Option<String>,
    pub local_gb: u64,
}

impl Default for Archive {
    fn default() -> Self {
        Self { url: None, local_gb: 5 }
    }
}
