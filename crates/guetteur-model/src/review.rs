//! What an operator found of a flag or a fact of an act, having looked: a *review*.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{Category, UnknownId};

/// What the operator found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Answer {
    /// It is right: no longer « à vérifier ».
    Accepted,
    /// It is wrong: it is taken away.
    Rejected,
    /// It is something else, which the review gives.
    Corrected,
}

impl Answer {
    /// All, in the order in which an operator sees them.
    pub const ALL: [Self; 3] = [Self::Accepted, Self::Rejected, Self::Corrected];

    /// The stable id.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Rejected => "rejected",
            Self::Corrected => "corrected",
        }
    }

    /// The French word shown to readers.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Accepted => "confirmé",
            Self::Rejected => "écarté",
            Self::Corrected => "corrigé",
        }
    }
}

impl FromStr for Answer {
    type Err = UnknownId;

    fn from_str(s: &str) -> Result<Self, UnknownId> {
        let found = Self::ALL.into_iter().find(|answer| answer.as_str() == s);
        found.ok_or_else(|| UnknownId { what: "answer", got: s.to_owned() })
    }
}

/// The facts that can be reviewed, by their field of [`crate::Facts`].
const FIELDS: [&str; 11] = [
    "valid_from",
    "valid_to",
    "communes",
    "place",
    "beneficiary",
    "applicant",
    "aircraft",
    "cameras",
    "retention_days",
    "purposes",
    "signed_on",
];

/// What of an act is reviewed. As text `flag:drone`, or the fact's field: `valid_from`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Subject {
    /// All its flags of a category.
    Flag(Category),
    /// A fact, by its field of [`crate::Facts`]; one of [`Subject::FACTS`].
    Fact(&'static str),
}

impl Subject {
    /// Fields of the facts that can be reviewed, in the order in which an operator sees them.
    pub const FACTS: [&'static str; 11] = FIELDS;
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(category) => write!(f, "flag:{category}"),
            Self::Fact(field) => f.write_str(field),
        }
    }
}

impl FromStr for Subject {
    type Err = UnknownId;

    fn from_str(s: &str) -> Result<Self, UnknownId> {
        if let Some(category) = s.strip_prefix("flag:") {
            return Category::new(category).map(Self::Flag);
        }
        let field = FIELDS.into_iter().find(|field| *field == s);
        field.map(Self::Fact).ok_or_else(|| UnknownId { what: "subject", got: s.to_owned() })
    }
}

impl Serialize for Subject {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Subject {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_is_read_as_it_is_written() {
        let mut all: Vec<String> = FIELDS.map(str::to_owned).into();
        all.push("flag:drone".into());
        for text in all {
            let subject: Subject = text.parse().expect("a subject");
            assert_eq!(subject.to_string(), text);
            let json = serde_json::to_value(&subject).expect("JSON");
            assert_eq!(serde_json::from_value::<Subject>(json).expect("a subject"), subject);
        }
        for bad in ["", "flag:", "flag:Drone", "doubts", "published_on"] {
            assert!(bad.parse::<Subject>().is_err(), "{bad}");
        }
        for answer in Answer::ALL {
            assert_eq!(answer.as_str().parse(), Ok(answer));
        }
    }
}
