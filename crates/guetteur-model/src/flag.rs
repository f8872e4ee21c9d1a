//! Flags: what an act does to whom is watched, why we say so, and how sure we are.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A word that is not one of the known ids.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown {what}: « {got} »")]
pub struct UnknownId {
    /// What was expected (`category`, `level`, …).
    pub what: &'static str,
    /// What was given.
    pub got: String,
}

/// Category of a flag. The ids of [`Category::BUILT_IN`] are stable; a user's watch list may
/// add others (lower case, digits and `-`).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Category(String);

impl Category {
    /// Stable ids with their French names.
    pub const BUILT_IN: [(&'static str, &'static str); 14] = [
        ("drone", "Drones et hélicoptères"),
        ("vsa", "Vidéosurveillance algorithmique"),
        ("biometrie", "Biométrie"),
        ("videoprotection", "Vidéoprotection"),
        ("lapi", "Lecture de plaques (LAPI)"),
        ("camera-mobile", "Caméras mobiles"),
        ("anti-drone", "Brouillage anti-drone"),
        ("perimetre", "Périmètre de protection"),
        ("autre-capteur", "Autre capteur"),
        ("visionnage", "Visionnage d’images de vidéoprotection"),
        ("camera-parlante", "Caméras parlantes"),
        ("fouille", "Palpations et fouilles"),
        ("garde-privee", "Gardes privés sur la voie publique"),
        ("interdiction-paraitre", "Interdictions de paraître"),
    ];

    /// Checks the form of an id: 1 to 40 of `a-z`, `0-9`, `-`.
    ///
    /// # Errors
    /// When the form is another.
    pub fn new(id: &str) -> Result<Self, UnknownId> {
        let ok = (1..=40).contains(&id.len())
            && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if ok {
            Ok(Self(id.to_owned()))
        } else {
            Err(UnknownId { what: "category", got: id.to_owned() })
        }
    }

    /// The id.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The French name of a built-in category, the id of any other.
    #[must_use]
    pub fn label(&self) -> &str {
        Self::BUILT_IN.iter().find(|(id, _)| *id == self.0).map_or(&self.0, |(_, label)| label)
    }
}

impl fmt::Display for Category {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What the act does about the category, strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Permits, renews, modifies or extends it.
    Authorises,
    /// Refuses, repeals or forbids it.
    Restricts,
    /// Is about it otherwise.
    Concerns,
    /// Cites it.
    Mentions,
}

impl Level {
    /// All levels, strongest first.
    pub const ALL: [Self; 4] = [Self::Authorises, Self::Restricts, Self::Concerns, Self::Mentions];

    /// The stable id.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Authorises => "authorises",
            Self::Restricts => "restricts",
            Self::Concerns => "concerns",
            Self::Mentions => "mentions",
        }
    }

    /// The French word shown to readers.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Authorises => "autorise",
            Self::Restricts => "restreint",
            Self::Concerns => "concerne",
            Self::Mentions => "mentionne",
        }
    }

    /// Whether alerts go out for it by default.
    #[must_use]
    pub fn alerts(self) -> bool {
        matches!(self, Self::Authorises | Self::Restricts)
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Level {
    type Err = UnknownId;

    fn from_str(s: &str) -> Result<Self, UnknownId> {
        Self::ALL
            .into_iter()
            .find(|level| level.as_str() == s)
            .ok_or_else(|| UnknownId { what: "level", got: s.to_owned() })
    }
}

/// What was read to decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Basis {
    /// The line of the sommaire alone.
    Sommaire,
    /// The title alone.
    Title,
    /// The act itself.
    Body,
}

impl Basis {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Sommaire, Self::Title, Self::Body];

    /// The stable id, as JSON has it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sommaire => "sommaire",
            Self::Title => "title",
            Self::Body => "body",
        }
    }
}

/// A passage on a page of the PDF.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// Page of the PDF, from 1.
    pub page: u32,
    /// First character in the page's text, from 0 (Unicode characters, not bytes).
    pub start: u32,
    /// One past the last character.
    pub end: u32,
    /// The words, as they stand in the page's text.
    pub text: String,
}

/// One statement about an act: its category, its level, and the words that made it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flag {
    /// Category.
    pub category: Category,
    /// Level.
    pub level: Level,
    /// Id of the rule that fired (`drone/captation`).
    pub rule: String,
    /// Set when a human or the body must confirm (« à vérifier »): a title that says nothing.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub to_check: bool,
    /// What was read to decide.
    pub basis: Basis,
    /// The words that made the flag.
    pub evidence: Vec<Span>,
}
