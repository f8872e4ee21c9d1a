//! What a court decided about an act.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::fold::fold;
use crate::{LegalDoubtKind, UnknownId};

/// How a case ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ruling {
    /// The act is suspended until the case is judged.
    Suspended,
    /// The act is annulled: it is deemed never to have been.
    Annulled,
    /// The application, or an appeal, is rejected: nothing changes. What was suspended remains so.
    Rejected,
    /// A suspension is over, on appeal or because the case was judged: the act has effect again.
    Lifted,
    /// The authority took the act back before the court ruled.
    Withdrawn,
}

impl Ruling {
    /// All, in the order in which readers see them.
    pub const ALL: [Self; 5] =
        [Self::Suspended, Self::Annulled, Self::Rejected, Self::Lifted, Self::Withdrawn];

    /// The stable id.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Suspended => "suspended",
            Self::Annulled => "annulled",
            Self::Rejected => "rejected",
            Self::Lifted => "lifted",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The French words shown to readers.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Suspended => "suspendu",
            Self::Annulled => "annulé",
            Self::Rejected => "requête rejetée",
            Self::Lifted => "suspension levée",
            Self::Withdrawn => "acte retiré avant le jugement",
        }
    }

    /// Other words that people write for it, folded.
    fn words(self) -> &'static [&'static str] {
        match self {
            Self::Suspended => &["suspension", "suspendue"],
            Self::Annulled => &["annulation", "annulee"],
            Self::Rejected => &["rejet", "rejete", "rejetee"],
            Self::Lifted => &["levee", "levee de la suspension", "fin de la suspension"],
            Self::Withdrawn => &["retrait", "retire", "non-lieu"],
        }
    }

    /// Whether the act has no effect after it.
    #[must_use]
    pub fn ends_the_act(self) -> bool {
        matches!(self, Self::Suspended | Self::Annulled | Self::Withdrawn)
    }
}

/// Why, in a word that cases can be compared by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ground {
    /// No text lets the measure be authorised.
    NoBasis,
    /// It lasts too long.
    Duration,
    /// Its purpose, or who it is for, is not the text's.
    Purpose,
    /// It allows what the text excludes.
    Capability,
    /// Less intrusive means would do.
    Necessity,
    /// It is out of proportion.
    Proportion,
    /// It was published too late, or not at all.
    Publicity,
    /// The public was not told of the cameras.
    Information,
    /// Whoever signed it could not.
    Authority,
    /// A step is missing, or reasons, or what it must say.
    Procedure,
    /// No urgency.
    NoUrgency,
    /// No serious doubt, no manifest illegality.
    NoDoubt,
    /// Nothing is left to rule on.
    Moot,
    /// Another one.
    Other,
}

impl Ground {
    /// All, in the order in which readers see them.
    pub const ALL: [Self; 14] = [
        Self::NoBasis,
        Self::Duration,
        Self::Purpose,
        Self::Capability,
        Self::Necessity,
        Self::Proportion,
        Self::Publicity,
        Self::Information,
        Self::Authority,
        Self::Procedure,
        Self::NoUrgency,
        Self::NoDoubt,
        Self::Moot,
        Self::Other,
    ];

    /// The stable id.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.row().0
    }

    /// The French words shown to readers.
    #[must_use]
    pub fn label(self) -> &'static str {
        self.row().1
    }

    /// Other words that people write for it, folded.
    fn words(self) -> &'static [&'static str] {
        match self {
            Self::NoBasis => &["base legale", "defaut de base legale"],
            Self::Duration => &["duree"],
            Self::Purpose => &["finalite", "beneficiaire"],
            Self::Capability => &["capacite"],
            Self::Necessity => &["necessite", "absence de necessite"],
            Self::Proportion => &["proportion", "proportionnalite", "disproportion"],
            Self::Publicity => &["publication", "publicite"],
            Self::Information => &["information", "information du public"],
            Self::Authority => &["incompetence", "competence"],
            Self::Procedure => &["procedure", "motivation"],
            Self::NoUrgency => &["urgence", "absence d'urgence"],
            Self::NoDoubt => &["doute serieux"],
            Self::Moot => &["non-lieu", "sans objet"],
            Self::Other => &["autre"],
        }
    }

    fn row(self) -> (&'static str, &'static str) {
        match self {
            Self::NoBasis => ("no-basis", "absence de base légale"),
            Self::Duration => ("duration", "durée excessive"),
            Self::Purpose => ("purpose", "finalité ou bénéficiaire hors du texte"),
            Self::Capability => ("capability", "capacité exclue par le texte"),
            Self::Necessity => ("necessity", "moyens moins intrusifs"),
            Self::Proportion => ("proportion", "atteinte disproportionnée"),
            Self::Publicity => ("publicity", "publication tardive ou absente"),
            Self::Information => ("information", "public non informé"),
            Self::Authority => ("authority", "incompétence de l’auteur"),
            Self::Procedure => ("procedure", "procédure, motivation ou mentions"),
            Self::NoUrgency => ("no-urgency", "défaut d’urgence"),
            Self::NoDoubt => ("no-doubt", "aucun doute sérieux"),
            Self::Moot => ("moot", "plus d’objet"),
            Self::Other => ("other", "autre motif"),
        }
    }

    /// The ground on which a court would follow a doubt of law.
    #[must_use]
    pub fn of_doubt(kind: LegalDoubtKind) -> Self {
        match kind {
            LegalDoubtKind::NoBasis => Self::NoBasis,
            LegalDoubtKind::TooLong | LegalDoubtKind::GatheringWithoutEnd => Self::Duration,
            LegalDoubtKind::OtherPurpose | LegalDoubtKind::OtherUser => Self::Purpose,
            LegalDoubtKind::ExcludedCapability => Self::Capability,
            LegalDoubtKind::Silence => Self::Information,
            LegalDoubtKind::PublishedAfterStart | LegalDoubtKind::TooLateForAJudge => {
                Self::Publicity
            }
            LegalDoubtKind::NoCameraNumber => Self::Procedure,
        }
    }
}

macro_rules! read_by_id_or_words {
    ($name:ident, $what:literal, |$value:ident, $folded:ident| $also:expr) => {
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        /// Its id, or its French words in whatever letters.
        impl FromStr for $name {
            type Err = UnknownId;

            fn from_str(text: &str) -> Result<Self, UnknownId> {
                let $folded = fold(text.trim());
                let means = |value: &Self| {
                    let $value = *value;
                    value.as_str() == $folded || fold(value.label()) == $folded || $also
                };
                let unknown = || UnknownId { what: $what, got: text.to_owned() };
                Self::ALL.into_iter().find(means).ok_or_else(unknown)
            }
        }
    };
}

read_by_id_or_words!(Ruling, "ruling", |ruling, folded| ruling.words().contains(&folded.as_str()));
read_by_id_or_words!(Ground, "ground", |ground, folded| ground.words().contains(&folded.as_str()));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_is_read_back_by_its_id_and_by_its_words() {
        for ruling in Ruling::ALL {
            assert_eq!(ruling.as_str().parse(), Ok(ruling));
            assert_eq!(ruling.label().to_uppercase().parse(), Ok(ruling));
            assert_eq!(serde_json::to_value(ruling).expect("JSON"), ruling.as_str());
        }
        for ground in Ground::ALL {
            assert_eq!(ground.as_str().parse(), Ok(ground));
            assert_eq!(ground.label().parse(), Ok(ground));
            assert_eq!(serde_json::to_value(ground).expect("JSON"), ground.as_str());
        }
        assert_eq!("Rejet".parse(), Ok(Ruling::Rejected));
        assert_eq!(" Annulée ".parse(), Ok(Ruling::Annulled));
        assert_eq!("Nécessité".parse(), Ok(Ground::Necessity));
        assert!(!Ruling::Lifted.ends_the_act() && !Ruling::Rejected.ends_the_act());
        assert!("perdu".parse::<Ruling>().is_err() && "".parse::<Ground>().is_err());
    }

    #[test]
    fn every_doubt_has_a_ground() {
        for kind in LegalDoubtKind::ALL {
            assert_ne!(Ground::of_doubt(kind), Ground::Other, "{kind:?}");
        }
    }
}
