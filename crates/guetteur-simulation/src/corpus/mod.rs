//! Bulletins composed from a library of acts, with their truth: what a perfect reader would find.
//!
//! The acts are data (`fixtures/corpus/*.toml`, whose README explains the format). From them
//! [`mod@compose`] makes one bulletin after a [`BulletinSpec`], and [`Demo`] gives one to each address
//! of the simulated sites. The same input gives the same bytes. To add an act, write it in the
//! data: nothing here names one. To add a layout: a variant of [`Layout`] and its arm in `frame`.
//!
//! It knows nothing of the stages under test: it shares only the words of `guetteur-model`.

mod act_pages;
mod compose;
mod demo;
mod departement;
mod fill;
mod frame;
mod library;
#[cfg(test)]
mod tests;
mod truth;

pub use compose::{Bulletin, compose, truth_of};
pub use demo::{Demo, DemoFile, ListedBulletin, ListedSite};
pub use departement::Departement;
pub use library::{Family, Library, Template};
pub use truth::{ActTruth, BulletinTruth, FileTruth, FlagTruth};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// How a bulletin is laid out: the families met in the field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Layout {
    /// The national tool: cover, sommaire with numbers and pages, a divider before each act, a
    /// footer with service, number and title on every page.
    National,
    /// « - SOMMAIRE - » of sentences under service headings, no numbers, no pages.
    Sentences,
    /// « Table des matières » with dotted leaders and glued page numbers.
    Leaders,
    /// A table: number, date, title, page.
    Table,
    /// A cover and no sommaire.
    NoContents,
    /// One act alone, without cover.
    Bare,
}

impl Layout {
    /// All layouts.
    pub const ALL: [Self; 6] =
        [Self::National, Self::Sentences, Self::Leaders, Self::Table, Self::NoContents, Self::Bare];
}

/// How a bulletin's pages came into being.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Medium {
    /// Text, as a word processor writes it.
    Clean,
    /// Text whose frame (sommaire, dividers, footers) lost apostrophes and dashes to `□`.
    SommaireBoxes,
    /// Text that shows well and extracts as noise.
    WrongUnicode,
    /// Text that shows well and extracts as private-use characters.
    PrivateUse,
    /// Text on pages with `/Rotate`.
    Rotated,
    /// A decent office scan.
    Office,
    /// A black-and-white scan.
    Fax,
    /// A skewed, noisy scan.
    Poor,
    /// A scan with a stamp laid over it as text.
    Stamped,
    /// A scan with a bad hidden layer of recognised text.
    HiddenLayer,
    /// A scan whose sheets went through lying.
    Sideways,
}

impl Medium {
    /// Whether the acts are images. (The national tool's frame is text all the same.)
    #[must_use]
    pub fn is_scan(self) -> bool {
        use Medium::{Fax, HiddenLayer, Office, Poor, Sideways, Stamped};
        matches!(self, Office | Fax | Poor | Stamped | HiddenLayer | Sideways)
    }

    /// Whether the acts can be read by OCR only.
    #[must_use]
    pub fn needs_ocr(self) -> bool {
        self.is_scan() || matches!(self, Self::WrongUnicode | Self::PrivateUse)
    }
}

/// What to compose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BulletinSpec {
    /// Code of the département (`26`, `2B`), which must be in the library.
    pub departement: String,
    /// Number as the prefecture writes it (`26-2026-264`, `211`).
    pub number: Option<String>,
    /// `SPÉCIAL`, `(NOMINATIFS)`: what the cover adds.
    pub series: Option<String>,
    /// Day of publication.
    pub published_on: NaiveDate,
    /// Layout.
    pub layout: Layout,
    /// Text or scan.
    pub medium: Medium,
    /// Ids of templates. The bare layout takes exactly one.
    pub acts: Vec<String>,
    /// Chooses names, counts, dates and noise.
    pub seed: u64,
}

/// What is wrong with the data or the request.
#[derive(Debug, thiserror::Error)]
pub enum CorpusError {
    /// A data file is not what the README of `fixtures/corpus` describes.
    #[error("reading the corpus file {file}: {reason}; see fixtures/corpus/README.md")]
    Data {
        /// File name.
        file: &'static str,
        /// What is wrong.
        reason: String,
    },
    /// A request names something that the library lacks.
    #[error("composing a bulletin: no {what} « {id} » in fixtures/corpus; add it or name another")]
    Unknown {
        /// `act`, `département`, `service`.
        what: &'static str,
        /// What was asked for.
        id: String,
    },
    /// A bare act is one act.
    #[error("composing a bare act: {0} acts were given; give one, or choose another layout")]
    NotOneAct(usize),
}
