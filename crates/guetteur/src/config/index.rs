//! `[index]`: copies of the search index.

use serde::{Deserialize, Serialize};

use super::values::optional;

/// Copies of the search index.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(missing_docs, reason = "each field is described once, in SETTINGS")]
pub struct Index {
    #[serde(with = "optional")]
    pub snapshots: Option<String>,
}
