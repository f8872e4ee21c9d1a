//! Documents that a site lists and that are no bulletins, and why: nothing is left out without a
//! word.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::UnknownId;

/// A document that a page lists and that was not taken for a bulletin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// Its normalised address.
    pub url: String,
    /// Its name, as the page shows it, or its file's.
    pub title: String,
    /// Path and query of the page.
    pub via: String,
    /// Why.
    pub reason: LeftOutReason,
    /// For a table of contents: the address of its bulletin.
    pub contents_of: Option<String>,
}

/// Why a document is no bulletin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeftOutReason {
    /// The platform's print of the page itself.
    PrintOfPage,
    /// It says itself that it is something else: a guide, a report, a form.
    OtherDocument,
    /// A single act, outside any page of a period, where bulletins gather acts.
    SingleAct,
    /// The table of contents of a bulletin that stands beside it.
    Contents,
    /// Nothing names it a bulletin, and the page is not one of a period.
    Unnamed,
    /// A bulletin, or an act of a period, in a format that is not read: `.zip`, `.docx`, `.odt`.
    OtherFormat,
}

impl LeftOutReason {
    /// All reasons.
    pub const ALL: [Self; 6] = [
        Self::PrintOfPage,
        Self::OtherDocument,
        Self::SingleAct,
        Self::Contents,
        Self::Unnamed,
        Self::OtherFormat,
    ];

    /// The word stored.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PrintOfPage => "print_of_page",
            Self::OtherDocument => "other_document",
            Self::SingleAct => "single_act",
            Self::Contents => "contents",
            Self::Unnamed => "unnamed",
            Self::OtherFormat => "other_format",
        }
    }
}

impl fmt::Display for LeftOutReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for LeftOutReason {
    type Err = UnknownId;

    fn from_str(word: &str) -> Result<Self, UnknownId> {
        let known = Self::ALL.into_iter().find(|reason| reason.as_str() == word);
        known.ok_or_else(|| UnknownId {
            what: "reason to leave a document out",
            got: word.to_owned(),
        })
    }
}
