//! An act (*arrêté*, décision, avis…) cut out of a bulletin.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::Span;

/// Pages of the PDF, from 1, both ends included. Serialised as `[from, to]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "(u32, u32)", into = "(u32, u32)")]
pub struct PageSpan {
    /// First page, from 1.
    pub from: u32,
    /// Last page, included.
    pub to: u32,
}

impl From<(u32, u32)> for PageSpan {
    fn from((from, to): (u32, u32)) -> Self {
        Self { from, to }
    }
}

impl From<PageSpan> for (u32, u32) {
    fn from(span: PageSpan) -> Self {
        (span.from, span.to)
    }
}

impl PageSpan {
    /// Whether `page` (from 1) lies in the span.
    #[must_use]
    pub fn contains(self, page: u32) -> bool {
        (self.from..=self.to).contains(&page)
    }
}

/// The part of one page's text that belongs to an act. Two acts may share a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActPage {
    /// Page of the PDF, from 1.
    pub number: u32,
    /// Offset, in characters of the page's text, where `text` starts there.
    pub offset: u32,
    /// The text as read, not normalised.
    pub text: String,
}

/// One act: the unit of Guetteur.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Act {
    /// Number in the bulletin, such as `26-2025-02-19-00002`, or the act's own number
    /// when the bulletin gives none.
    pub number: Option<String>,
    /// The act's own number as its heading prints it (`2025-00626`, `DUPA-2024-1463`).
    pub own_number: Option<String>,
    /// Title, joined lines and mended spaces. Never empty: a bare act without a heading takes the
    /// link's text.
    pub title: String,
    /// Title as printed or extracted, damage included.
    pub title_raw: String,
    /// Where the title stands, when it stands on a page.
    pub title_span: Option<Span>,
    /// `arrêté`, `décision`, `avis`, `convention`, `délégation`, `circulaire`… in lower case.
    pub kind: Option<String>,
    /// Service heading as printed (`26_Préf_Préfecture de la Drôme / Cabinet`).
    pub service: Option<String>,
    /// Day of signature.
    pub signed_on: Option<NaiveDate>,
    /// Name of the signatory, as printed.
    pub signed_by: Option<String>,
    /// Capacity of the signatory (`Pour le préfet et par délégation, le directeur de cabinet`).
    pub capacity: Option<String>,
    /// Pages of the PDF. A divider page belongs to the act that it announces, annexes and maps to
    /// their act.
    pub pages: PageSpan,
    /// The text of those pages, in order.
    pub text: Vec<ActPage>,
    /// 0 to 1: how well sommaire, divider, footers and heading agree on title and limits.
    pub confidence: f32,
}

impl Act {
    /// An act of which the title is given and nothing else is known: the first page, without text.
    #[must_use]
    pub fn of_title(title: impl Into<String>) -> Self {
        let title = title.into();
        Self {
            number: None,
            own_number: None,
            title_raw: title.clone(),
            title,
            title_span: None,
            kind: None,
            service: None,
            signed_on: None,
            signed_by: None,
            capacity: None,
            pages: PageSpan { from: 1, to: 1 },
            text: Vec::new(),
            confidence: 1.0,
        }
    }
}
