//! What a perfect reader would find in a composed bulletin.

use chrono::NaiveDate;
use guetteur_model::{Category, Facts, Level, PageSpan};
use serde::{Deserialize, Serialize};

use super::{Layout, Medium};

/// A flag that must (authorises, restricts) or may (concerns, mentions) be raised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlagTruth {
    /// Category.
    pub category: Category,
    /// Level.
    pub level: Level,
}

/// One act.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ActTruth {
    /// Template that it was made from.
    pub template: String,
    /// Title as the sommaire gives it, or the act's own heading where there is no sommaire.
    pub title: String,
    /// The act's own heading, which says more than an opaque title.
    pub heading: String,
    /// Number in the bulletin, or the act's own where the bulletin gives none.
    pub number: String,
    /// The act's own number.
    pub own_number: String,
    /// `arrêté`, `décision`, `récépissé`.
    pub kind: String,
    /// Service heading; none where the layout prints none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// Pages, divider and map included.
    pub pages: PageSpan,
    /// Day of signature.
    pub signed_on: NaiveDate,
    /// Name of the signatory.
    pub signed_by: String,
    /// Capacity of the signatory.
    pub capacity: String,
    /// Flags; empty for an act that nobody looks for.
    pub flags: Vec<FlagTruth>,
    /// The title alone cannot tell.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub to_check: bool,
    /// Why a careless reader is misled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trap: Option<String>,
    /// Facts that the act states. What is absent here is not judged.
    pub facts: Facts,
}

/// One bulletin.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BulletinTruth {
    /// Number as printed.
    pub number: Option<String>,
    /// Day of publication as printed.
    pub published_on: NaiveDate,
    /// Layout.
    pub layout: Layout,
    /// Text or scan.
    pub medium: Medium,
    /// Number of pages.
    pub page_count: u32,
    /// Pages whose text only OCR can give.
    pub ocr_pages: Vec<u32>,
    /// Acts in order.
    pub acts: Vec<ActTruth>,
}

/// What lies under an address of the demo.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "file", rename_all = "kebab-case")]
pub enum FileTruth {
    /// A good PDF.
    Bulletin(BulletinTruth),
    /// A web page in the place of a PDF.
    Html,
    /// The first part of a PDF; what it says of the whole is not judged.
    Truncated,
}
