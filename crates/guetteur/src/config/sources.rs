//! `[sources]`: the registry.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::values::{list, optional};

/// The registry.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(missing_docs, reason = "each field is described once, in SETTINGS")]
pub struct Sources {
    #[serde(with = "optional")]
    pub registry: Option<PathBuf>,
    #[serde(with = "list")]
    pub only: Vec<String>,
}
