//! `[law]`: texts of law.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::values::optional;

/// Texts of law.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(missing_docs, reason = "each field is described once, in SETTINGS")]
pub struct Law {
    #[serde(with = "optional")]
    pub dir: Option<PathBuf>,
}
