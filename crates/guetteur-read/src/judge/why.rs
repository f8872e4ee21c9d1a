//! Why a page is given to OCR.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::protocol::Keep;

/// Why a page is given to OCR. Its identifier, for storing, is in kebab case: `no-text`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// An image and no text.
    NoText,
    /// Characters without meaning (a font without a table of its letters).
    Noise,
    /// A few words over a scan: a footer, a stamp.
    Stamp,
    /// A region without words of the file beside others: a pasted or reduced scan, letters turned
    /// into outlines.
    Picture,
    /// A hidden text layer that reads badly.
    HiddenLayer,
    /// The user asked for it.
    Asked,
}

impl Why {
    pub(super) const ALL: [Self; 6] =
        [Self::NoText, Self::Noise, Self::Stamp, Self::Picture, Self::HiddenLayer, Self::Asked];

    /// Its identifier.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoText => "no-text",
            Self::Noise => "noise",
            Self::Stamp => "stamp",
            Self::Picture => "picture",
            Self::HiddenLayer => "hidden-layer",
            Self::Asked => "asked",
        }
    }

    /// The reason in French words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::NoText => "image sans texte",
            Self::Noise => "le texte du fichier est illisible (police sans table)",
            Self::Stamp => "quelques mots sur une image numérisée",
            Self::Picture => "une partie de la page est une image",
            Self::HiddenLayer => "couche de texte cachée de mauvaise qualité",
            Self::Asked => "à la demande",
        }
    }

    /// For the note of a page that was recognised.
    pub(crate) fn recognised(self) -> String {
        format!("OCR : {}", self.words())
    }

    /// For the note of a page that is not recognised yet.
    pub(crate) fn awaited(self) -> String {
        format!("en attente de reconnaissance (OCR) : {}", self.words())
    }

    pub(crate) fn keep(self) -> Keep {
        match self {
            Self::NoText | Self::Noise => Keep::Nothing,
            Self::Stamp | Self::Picture => Keep::Visible,
            Self::HiddenLayer => Keep::Better,
            Self::Asked => Keep::Nothing,
        }
    }
}

impl FromStr for Why {
    type Err = String;

    fn from_str(s: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|why| why.as_str() == s)
            .ok_or_else(|| format!("« {s} » n'est pas une raison de reconnaître une page"))
    }
}
