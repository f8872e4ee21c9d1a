//! Counts over acts whose every figure can be taken apart: each act in question either counts, or is
//! set apart for a reason. Nothing is guessed.
//!
//! [`CountedAct`] is an act as figures need it, [`Ledger`] all of them with what they do to each
//! other; [`question`] asks them one of four questions, [`territory`] says where an act counts on a
//! map.

mod act;
mod ledger;
pub mod question;
pub mod territory;
#[cfg(test)]
mod tests;

pub use act::{COUNT_VERSION, Claim, CountedAct, Footing};
pub use ledger::{ChangeLink, Ledger, Span};

/// Why an act that is in question is not counted.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
pub enum Reason {
    /// Announced by a sommaire; the act itself has not been read.
    Unread,
    /// Announced by a sommaire; the act, once read, says nothing of it.
    Withdrawn,
    /// A human must confirm what the act does.
    ToCheck,
    /// It only modifies another act, which counts.
    Modifies,
    /// Its day of publication is not known.
    NoPublication,
    /// It does not say from when.
    NoStart,
    /// It does not say until when.
    NoEnd,
    /// It says neither.
    NoPeriod,
    /// Its start is its signature: that says nothing of the notice that people had.
    StartsWithSignature,
    /// Its days contradict each other or the calendar.
    Doubted,
    /// Its days were read in words that a human must confirm.
    DaysToCheck,
    /// It would last longer than the law lets it: most often a day that was read wrongly.
    TooLong,
    /// Another act repeals it, and does not say from when.
    RepealedSometime,
    /// An act that repeals some acts and changes others names it: which it does to it is not told.
    PerhapsRepealed,
}

impl Reason {
    /// All, in the order in which they are told.
    pub const ALL: [Self; 14] = [
        Self::Unread,
        Self::Withdrawn,
        Self::ToCheck,
        Self::Modifies,
        Self::NoPublication,
        Self::NoStart,
        Self::NoEnd,
        Self::NoPeriod,
        Self::StartsWithSignature,
        Self::Doubted,
        Self::DaysToCheck,
        Self::TooLong,
        Self::RepealedSometime,
        Self::PerhapsRepealed,
    ];

    /// Id in CSV and JSON.
    #[must_use]
    pub fn id(self) -> &'static str {
        self.row().0
    }

    /// What it means, in French.
    #[must_use]
    pub fn label(self) -> &'static str {
        self.row().1
    }

    fn row(self) -> (&'static str, &'static str) {
        match self {
            Self::Unread => ("a-confirmer", "annoncé par le sommaire, pas encore lu"),
            Self::Withdrawn => ("retire", "annoncé par le sommaire, démenti par la lecture"),
            Self::ToCheck => ("a-verifier", "signalement à vérifier par un humain"),
            Self::Modifies => ("modificatif", "ne fait que modifier un autre acte, compté, lui"),
            Self::NoPublication => ("sans-publication", "jour de publication inconnu"),
            Self::NoStart => ("sans-debut", "début d’effet non dit"),
            Self::NoEnd => ("sans-fin", "fin d’effet non dite"),
            Self::NoPeriod => ("sans-dates", "ni début ni fin d’effet dits"),
            Self::StartsWithSignature => {
                ("effet-signature", "prend effet à sa signature : pas de préavis à mesurer")
            }
            Self::Doubted => ("dates-douteuses", "dates contradictoires ou impossibles"),
            Self::DaysToCheck => ("dates-a-verifier", "dates à vérifier par un humain"),
            Self::TooLong => {
                ("plus-de-trois-mois", "plus de trois mois, plus que la loi ne permet : à vérifier")
            }
            Self::RepealedSometime => ("abroge-sans-date", "abrogé, à une date inconnue"),
            Self::PerhapsRepealed => ("peut-etre-abroge", "modifié ou abrogé, on ne sait"),
        }
    }
}
