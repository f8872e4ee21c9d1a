//! What the walker cannot infer from a source's pages.

use guetteur_model::Source;
use serde::{Deserialize, Serialize};

use crate::SourcesError;

/// What one PDF of a source holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    /// A bulletin that gathers acts.
    #[default]
    Issue,
    /// A single act: an arrêté on the list is then a publication, not an unrelated document.
    Act,
}

/// A registry entry's hint. Every hint says why it is there.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hint {
    /// What one PDF holds.
    #[serde(default, skip_serializing_if = "is_issue")]
    pub unit: Unit,
    /// A page to read before the roots, for the cookie that it sets. It is not searched.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<String>,
    /// Why the pages do not tell this.
    pub why: String,
}

fn is_issue(unit: &Unit) -> bool {
    *unit == Unit::Issue
}

impl Hint {
    /// The hint of a source; the default when it has none.
    ///
    /// # Errors
    /// When the source's hint is not what the registry writes.
    pub fn of(source: &Source) -> Result<Self, SourcesError> {
        source.hint.as_deref().map_or_else(
            || Ok(Self::default()),
            |text| {
                serde_json::from_str(text).map_err(|e| SourcesError::BadEntry {
                    file: "registry".to_owned(),
                    code: source.code.clone(),
                    why: format!("hint `{text}`: {e}"),
                })
            },
        )
    }

    /// The text kept in [`Source::hint`].
    pub(crate) fn to_text(&self) -> Result<String, String> {
        if self.why.trim().is_empty() {
            return Err("a hint must say `why` it is there".to_owned());
        }
        if let Some(first) = &self.first {
            url::Url::parse(first).map_err(|e| format!("hint `first` `{first}`: {e}"))?;
        }
        serde_json::to_string(self).map_err(|e| e.to_string())
    }
}
