//! What a town was asked, what it answered, what it voted.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::UnknownId;
use crate::fold::fold;

/// A step of what is asked of a town about surveillance, in the order in which they come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TownStep {
    /// It was asked: a letter, a petition, a question to the council.
    Asked,
    /// It answered, whatever it said.
    Answered,
    /// Its council voted, whatever it decided.
    Voted,
}

impl TownStep {
    /// All, in their order.
    pub const ALL: [Self; 3] = [Self::Asked, Self::Answered, Self::Voted];

    /// The stable id.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Answered => "answered",
            Self::Voted => "voted",
        }
    }

    /// The French words shown to readers.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Asked => "interpellée",
            Self::Answered => "a répondu",
            Self::Voted => "a voté",
        }
    }

    /// Other words that people write for it, folded.
    fn words(self) -> &'static [&'static str] {
        match self {
            Self::Asked => &["interpelle", "demande", "demandee", "courrier", "saisie"],
            Self::Answered => &["repondu", "reponse", "a repondu"],
            Self::Voted => &["vote", "a vote", "deliberation", "voeu"],
        }
    }
}

impl fmt::Display for TownStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for TownStep {
    type Err = UnknownId;

    /// Its id, its French words, or what people write for them.
    fn from_str(text: &str) -> Result<Self, UnknownId> {
        let asked = fold(text.trim());
        let is = |step: &Self| {
            asked == step.as_str() || asked == fold(step.label()) || step.words().contains(&&*asked)
        };
        let unknown = || UnknownId { what: "step of a town", got: text.to_owned() };
        Self::ALL.into_iter().find(is).ok_or_else(unknown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_read_as_people_write_it() {
        let cases = [
            ("asked", TownStep::Asked),
            ("Interpellée", TownStep::Asked),
            ("réponse", TownStep::Answered),
            (" a répondu ", TownStep::Answered),
            ("Vœu", TownStep::Voted),
            ("vote", TownStep::Voted),
        ];
        for (text, step) in cases {
            assert_eq!(text.parse(), Ok(step), "{text}");
        }
        assert!("peut-être".parse::<TownStep>().is_err());
    }
}
