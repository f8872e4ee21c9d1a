//! Doubts of law: what in an act may lack a basis in the texts, with the words that raise it.

use serde::{Deserialize, Serialize};

use crate::{Category, Span};

/// What is doubted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LegalDoubtKind {
    /// No text in force on the act's days lets the measure be authorised.
    NoBasis,
    /// Longer than the text allows.
    TooLong,
    /// A measure for a gathering that does not end with it.
    GatheringWithoutEnd,
    /// A purpose that is not among those of the text.
    OtherPurpose,
    /// A capability that the text excludes: sound, facial recognition, automated matching.
    ExcludedCapability,
    /// Given to someone whom the text does not name.
    OtherUser,
    /// The public is not told, where the text does not allow silence.
    Silence,
    /// Published after it took effect.
    PublishedAfterStart,
    /// Published before, but too late for a judge to rule.
    TooLateForAJudge,
    /// No number of cameras where one is required.
    NoCameraNumber,
}

impl LegalDoubtKind {
    /// All kinds, in the order in which readers see them.
    pub const ALL: [Self; 10] = [
        Self::NoBasis,
        Self::TooLong,
        Self::GatheringWithoutEnd,
        Self::OtherPurpose,
        Self::ExcludedCapability,
        Self::OtherUser,
        Self::Silence,
        Self::PublishedAfterStart,
        Self::TooLateForAJudge,
        Self::NoCameraNumber,
    ];

    /// The stable id.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoBasis => "no-basis",
            Self::TooLong => "too-long",
            Self::GatheringWithoutEnd => "gathering-without-end",
            Self::OtherPurpose => "other-purpose",
            Self::ExcludedCapability => "excluded-capability",
            Self::OtherUser => "other-user",
            Self::Silence => "silence",
            Self::PublishedAfterStart => "published-after-start",
            Self::TooLateForAJudge => "too-late-for-a-judge",
            Self::NoCameraNumber => "no-camera-number",
        }
    }

    /// The French words shown to readers.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::NoBasis => "sans texte en vigueur",
            Self::TooLong => "plus long que le texte ne permet",
            Self::GatheringWithoutEnd => "rassemblement sans fin",
            Self::OtherPurpose => "finalité hors du texte",
            Self::ExcludedCapability => "capacité exclue par le texte",
            Self::OtherUser => "bénéficiaire hors du texte",
            Self::Silence => "public non informé",
            Self::PublishedAfterStart => "publié après son effet",
            Self::TooLateForAJudge => "publié trop tard pour un juge",
            Self::NoCameraNumber => "sans nombre de caméras",
        }
    }
}

/// One doubt of law on an act. It is no verdict: a judge decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LegalDoubt {
    /// What is doubted.
    pub kind: LegalDoubtKind,
    /// The measure that it is about.
    pub category: Category,
    /// Id of the text that the act may not keep to (`csi-l242-5`): `guetteur_law::Library::text`.
    pub text: String,
    /// The doubt, in one French sentence.
    pub says: String,
    /// What would dispel it, in one French sentence.
    pub dispelled_by: String,
    /// The act's words that raise it; where the act is silent, those that name the measure.
    pub evidence: Vec<Span>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_written_by_its_id() {
        for kind in LegalDoubtKind::ALL {
            // What serde writes is what `as_str` says: the JSON of facts and the API agree.
            let deserialised: LegalDoubtKind =
                LegalDoubtKind::deserialize(serde::de::value::StrDeserializer::<
                    serde::de::value::Error,
                >::new(kind.as_str()))
                .expect("known");
            assert_eq!(deserialised, kind);
            assert!(!kind.label().is_empty());
        }
    }
}
