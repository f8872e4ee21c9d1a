//! What an act says, as values, each with the words that it came from.

use std::collections::BTreeMap;
use std::fmt;

use chrono::{DateTime, FixedOffset, NaiveDate};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::dates::format_french_date;
use crate::{LegalDoubt, Span};

/// A day, or an instant when the act gives the hour. ISO 8601: `2025-02-22` or
/// `2025-02-22T12:00:00+01:00` (offset of the prefecture's time zone on that day).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum When {
    /// The act names a day only.
    Day(NaiveDate),
    /// The act names the hour too.
    Instant(DateTime<FixedOffset>),
}

impl When {
    /// The local day.
    #[must_use]
    pub fn date(&self) -> NaiveDate {
        match self {
            Self::Day(day) => *day,
            Self::Instant(at) => at.date_naive(),
        }
    }

    /// Reads the ISO form that `Display` writes.
    #[must_use]
    pub fn parse(s: &str) -> Option<Self> {
        if let Ok(day) = s.parse::<NaiveDate>() {
            return Some(Self::Day(day));
        }
        DateTime::parse_from_rfc3339(s).ok().map(Self::Instant)
    }
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(day) => write!(f, "{day}"),
            Self::Instant(at) => write!(f, "{}", at.format("%Y-%m-%dT%H:%M:%S%:z")),
        }
    }
}

impl Serialize for When {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for When {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let s = String::deserialize(deserializer)?;
        Self::parse(&s)
            .ok_or_else(|| serde::de::Error::custom(format!("not an ISO 8601 day or instant: {s}")))
    }
}

/// A commune by its INSEE code (`13055`, `2A004`), arrondissements included.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Commune {
    /// INSEE code, five characters.
    pub insee: String,
    /// Official name (`Saint-Étienne`).
    pub name: String,
}

/// The purposes for which police drones may be used: code de la sécurité intérieure, art. L. 242-5 I.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// 1°: prevention of attacks on persons and property in exposed places.
    PersonsAndProperty,
    /// 2°: security of gatherings on the public highway.
    Gatherings,
    /// 3°: prevention of acts of terrorism.
    Terrorism,
    /// 4°: regulation of transport flows.
    Traffic,
    /// 5°: surveillance of borders.
    Borders,
    /// 6°: rescue of persons.
    Rescue,
}

/// What an act does to one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// Modifies, completes, corrects.
    Modifies,
    /// Lets it last longer.
    Extends,
    /// Gives the same again.
    Renews,
    /// Repeals, withdraws, suspends.
    Repeals,
}

/// An act that another one changes, as far as the words tell it. `guetteur_acts::reference_key`
/// finds the act meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActReference {
    /// What is done to it.
    pub change: Change,
    /// `arrêté`, `décision`.
    pub kind: String,
    /// Its number as printed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// Its day of signature.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed_on: Option<NaiveDate>,
}

/// The part of an act that a fact was read in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Region {
    /// The title as sommaire, divider, heading or link give it.
    Title,
    /// The heading in the act's own pages, above *Vu*.
    Heading,
    /// What it cites (*Vu*).
    Visas,
    /// Its reasons (*Considérant*).
    Reasons,
    /// An article, what the act decides.
    Article,
    /// Place, day and signature, notice of remedies, annexes.
    Ending,
}

impl Region {
    /// The French word shown to readers.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Title => "titre",
            Self::Heading => "en-tête",
            Self::Visas => "visas",
            Self::Reasons => "considérants",
            Self::Article => "article",
            Self::Ending => "fin de l'acte",
        }
    }
}

impl ActReference {
    /// What readers call it: its number, else the day of its signature.
    #[must_use]
    pub fn name(&self) -> String {
        match (&self.number, self.signed_on) {
            (Some(number), _) => number.clone(),
            (None, Some(day)) => format!("{} du {}", self.kind, format_french_date(day)),
            (None, None) => self.kind.clone(),
        }
    }
}

/// Where a fact was read, and how sure that is. The words are those of [`Facts::evidence`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trace {
    /// The part of the act.
    pub region: Region,
    /// Number of the article; 0 for an operative part without articles.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub article: Option<u32>,
    /// The word that says what the fact is about, folded (`autoris`, `valable`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cue: Option<String>,
    /// Bytes of folded text from the end of the cue to the fact's words; 0 when it is one of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub distance: Option<u32>,
    /// Set when a human must confirm it (« à vérifier »): it counts in no figure.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub to_check: bool,
}

/// The two members that JSON has for one list.
mod amended_acts {
    use serde::ser::SerializeMap;
    use serde::{Deserialize, Deserializer, Serializer};

    use super::ActReference;

    pub(super) fn serialize<S: Serializer>(
        acts: &[ActReference],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let mut members = serializer.serialize_map(None)?;
        if !acts.is_empty() {
            let names: Vec<String> = acts.iter().map(ActReference::name).collect();
            members.serialize_entry("amends", &names)?;
            members.serialize_entry("amended", acts)?;
        }
        members.end()
    }

    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Members {
        amended: Vec<ActReference>,
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<ActReference>, D::Error> {
        Members::deserialize(deserializer).map(|members| members.amended)
    }
}

/// The facts of an act. Absent facts are left out of the JSON.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Facts {
    /// Normalised references: `CSI L242-5`, `loi 2023-380`, `décret 2023-283`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub legal_refs: Vec<String>,
    /// Start of effect.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<When>,
    /// End of effect.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_to: Option<When>,
    /// Purposes of art. L. 242-5.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub purposes: Vec<Purpose>,
    /// Who asked (*Vu la demande*).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub applicant: Option<String>,
    /// Who may use the measure (groupement de gendarmerie, DIPN, RATP…).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub beneficiary: Option<String>,
    /// Largest number of cameras.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cameras: Option<u32>,
    /// Number of aircraft.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aircraft: Option<u32>,
    /// Communes named in the title or the operative part.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub communes: Vec<Commune>,
    /// Place in the act's own words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// How long images are kept, in days.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retention_days: Option<u32>,
    /// The acts that this one modifies, extends, renews or repeals. JSON has them as `amended`, and
    /// their names alone as `amends`.
    #[serde(flatten, with = "amended_acts")]
    pub amends: Vec<ActReference>,
    /// Day of publication of the bulletin.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published_on: Option<NaiveDate>,
    /// Day of signature.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signed_on: Option<NaiveDate>,
    /// Hours from publication to start of effect; negative: published after it began.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notice_hours: Option<f64>,
    /// Contradictions kept as words (« 31 juin », end before start, weekday ≠ date).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub doubts: Vec<String>,
    /// What in the act may lack a basis in law (`guetteur_law::legal_doubts`): not a contradiction.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub legal_doubts: Vec<LegalDoubt>,
    /// The words each fact came from, by the name of the fact's field.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub evidence: BTreeMap<String, Vec<Span>>,
    /// Where each fact was read, by the name of the fact's field.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub traces: BTreeMap<String, Trace>,
}

impl Facts {
    /// Whether the fact of this name is « à vérifier ».
    #[must_use]
    pub fn is_to_check(&self, field: &str) -> bool {
        self.traces.get(field).is_some_and(|trace| trace.to_check)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_acts_that_it_amends_have_two_members_in_json() {
        let act = |number: Option<&str>, signed_on| ActReference {
            change: Change::Repeals,
            kind: "arrêté".into(),
            number: number.map(str::to_owned),
            signed_on,
        };
        let day = NaiveDate::from_ymd_opt(2026, 6, 3);
        let amends = vec![act(Some("2026-7"), None), act(None, day)];
        let facts = Facts { cameras: Some(2), amends, ..Facts::default() };
        let json = serde_json::to_value(&facts).expect("JSON");
        assert_eq!(json["amends"], serde_json::json!(["2026-7", "arrêté du 3 juin 2026"]));
        assert_eq!(json["amended"][0]["number"], "2026-7");
        assert_eq!(json["cameras"], 2);
        assert_eq!(serde_json::from_value::<Facts>(json).expect("facts"), facts);
        let none = serde_json::to_string(&Facts::default()).expect("JSON");
        assert_eq!(none, "{}", "absent facts are left out");
        assert_eq!(serde_json::from_str::<Facts>("{}").expect("facts"), Facts::default());
    }
}
