//! A bulletin (*recueil des actes administratifs*, RAA) as a site lists it.

use std::fmt;
use std::str::FromStr;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::UnknownId;

/// What `discover` finds on a site: one PDF that is a bulletin, or a single act on the sites that
/// publish acts one by one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulletinLink {
    /// Absolute and normalised (percent-encoded, no fragment).
    pub url: String,
    /// The link's text, without « Télécharger » and sizes.
    pub title: String,
    /// Day of publication as the page shows it (text, detail, attribute, heading, file name).
    pub published_on: Option<NaiveDate>,
    /// Number as the prefecture writes it: `211`, `26-2025-040`, `31-2026-462`.
    pub number: Option<String>,
    /// Series of the number: `special`, `nominatif`, `normal`… `None` is the ordinary one.
    pub series: Option<String>,
    /// Path and query of the page that listed it.
    pub via: String,
}

/// How far a bulletin has come along the straight line. Each stage reads what the one before
/// stored; a crash between two loses nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// Its address is known; to be fetched.
    Found,
    /// Its PDF is in the archive; to be read.
    Fetched,
    /// Its pages are stored; to be cut into acts, and these flagged.
    Read,
    /// Acts, facts and flags are stored: the end of the line. (The search index is derived and
    /// follows by itself.)
    Flagged,
}

impl Stage {
    /// All stages in order.
    pub const ALL: [Self; 4] = [Self::Found, Self::Fetched, Self::Read, Self::Flagged];

    /// The word stored in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Found => "found",
            Self::Fetched => "fetched",
            Self::Read => "read",
            Self::Flagged => "flagged",
        }
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Stage {
    type Err = UnknownId;

    fn from_str(s: &str) -> Result<Self, UnknownId> {
        Self::ALL
            .into_iter()
            .find(|stage| stage.as_str() == s)
            .ok_or_else(|| UnknownId { what: "stage", got: s.to_owned() })
    }
}
