//! One page of text as read from a PDF.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::UnknownId;

/// How a page's text was obtained.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Method {
    /// Embedded text.
    Text,
    /// Optical character recognition.
    Ocr,
    /// Both: a text frame around a scan.
    Both,
    /// A page without words (blank, map, photograph).
    Empty,
    /// It could not be read; `Page::note` says why.
    Failed,
}

impl Method {
    /// The word stored and printed.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Ocr => "ocr",
            Self::Both => "both",
            Self::Empty => "empty",
            Self::Failed => "failed",
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Method {
    type Err = UnknownId;

    fn from_str(s: &str) -> Result<Self, UnknownId> {
        [Self::Text, Self::Ocr, Self::Both, Self::Empty, Self::Failed]
            .into_iter()
            .find(|method| method.as_str() == s)
            .ok_or_else(|| UnknownId { what: "method", got: s.to_owned() })
    }
}

/// One page of a document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Page {
    /// Page of the PDF, from 1.
    #[serde(rename = "page")]
    pub number: u32,
    /// How its text was obtained.
    pub method: Method,
    /// The text: lines separated by `\n`, in reading order.
    pub text: String,
    /// 0 to 1: how far the text can be trusted.
    pub confidence: f32,
    /// Time spent on the page, in milliseconds.
    pub ms: u64,
    /// Why the page was OCRed, or why it failed, in plain words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// Note of a page that shows nothing but a viewer's message in place of an XFA form.
pub const XFA_STANDS_IN: &str = "formulaire XFA : la page ne montre qu'un message d'attente";
/// Note of a page that shows nothing but a viewer's message in place of a portfolio.
pub const PORTFOLIO_STANDS_IN: &str = "porte-documents PDF : les fichiers joints ne sont pas lus";

impl Page {
    /// Whether it only stands in for what a viewer should have shown: it is no text of the document.
    #[must_use]
    pub fn stands_in(&self) -> bool {
        let note = self.note.as_deref();
        self.method == Method::Empty
            && [XFA_STANDS_IN, PORTFOLIO_STANDS_IN].map(Some).contains(&note)
    }

    /// A page whose text is given, not read: nothing about it is doubtful.
    #[must_use]
    pub fn of_text(number: u32, text: impl Into<String>) -> Self {
        let text = text.into();
        Self { number, method: Method::Text, text, confidence: 1.0, ms: 0, note: None }
    }

    /// The pages of a document, one for each text.
    pub fn of_texts(texts: impl IntoIterator<Item = impl Into<String>>) -> Vec<Self> {
        (1..).zip(texts).map(|(number, text)| Self::of_text(number, text)).collect()
    }
}
