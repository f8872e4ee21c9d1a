//! Why a source or a bulletin failed, as stored: the word of a kind, and what it says.

use guetteur_model::Failure;
use serde::Serialize;

use crate::StoreError;
use crate::rows::parse;

/// Why a source could not be read in full.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SourceFailure {
    /// What went wrong.
    pub failure: Failure,
    /// The page where it did, or the path of the list; `None` where it is the site as a whole.
    pub url: Option<String>,
    /// Pages that failed in the same pass, this one included.
    pub pages: u32,
}

impl From<Failure> for SourceFailure {
    fn from(failure: Failure) -> Self {
        Self { failure, url: None, pages: 0 }
    }
}

/// The two columns of a failure.
pub(crate) fn failure(
    column: &'static str,
    kind: Option<String>,
    detail: Option<String>,
) -> Result<Option<Failure>, StoreError> {
    let kind = kind.map(|kind| parse(column, &kind)).transpose()?;
    Ok(kind.map(|kind| Failure { kind, detail: detail.unwrap_or_default() }))
}
