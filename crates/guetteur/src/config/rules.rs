//! `[rules]`: rule files.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::values::optional;

/// Rule files.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(missing_docs, reason = "each field is described once, in SETTINGS")]
pub struct Rules {
    #[serde(with = "optional")]
    pub dir: Option<PathBuf>,
}
