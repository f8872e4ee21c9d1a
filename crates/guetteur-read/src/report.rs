//! What is said of a document as a whole once its pages are read.

use guetteur_model::{FileTimes, HiddenWords, Method, Page};
use serde::{Deserialize, Serialize};

use crate::text::Signature;

/// The outcome of reading one document.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct DocumentReport {
    /// Pages that the document says it has.
    pub pages: u32,
    /// True if the file is cut or pages were left out by a limit.
    pub partial: bool,
    /// True if it was encrypted with an empty password.
    pub encrypted: bool,
    /// Files embedded in it (a portfolio); they are not read.
    pub embedded_files: u32,
    /// True if it carries an XFA form, whose text may be missing.
    pub xfa: bool,
    /// Electronic signatures of the file; whether they are valid is not checked.
    #[serde(default)]
    pub signatures: Vec<Signature>,
    /// When the file says that it was made, by the clock of whoever made it.
    #[serde(default)]
    pub times: FileTimes,
    /// Pages by method.
    pub methods: MethodCounts,
    /// Pages left for OCR ([`crate::Reader::read_text_only`]); they are counted as what the file
    /// itself gives.
    #[serde(default)]
    pub awaiting: u32,
    /// Words of the file that nobody sees on its pages. They are in no page's text; whoever stores
    /// them must not publish them.
    #[serde(skip)]
    pub hidden: Vec<HiddenWords>,
    /// What a user should know, in French sentences.
    pub notes: Vec<String>,
    /// Wall time in milliseconds.
    pub ms: u64,
}

/// Pages by method.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct MethodCounts {
    /// Embedded text.
    pub text: u32,
    /// OCR.
    pub ocr: u32,
    /// Both.
    pub both: u32,
    /// Without words.
    pub empty: u32,
    /// Failed.
    pub failed: u32,
}

impl MethodCounts {
    /// Counts a page.
    pub fn add(&mut self, page: &Page) {
        let slot = match page.method {
            Method::Text => &mut self.text,
            Method::Ocr => &mut self.ocr,
            Method::Both => &mut self.both,
            Method::Empty => &mut self.empty,
            Method::Failed => &mut self.failed,
        };
        *slot += 1;
    }
}
