//! What parent and child tell each other: one JSON value a line.

use std::path::PathBuf;

use guetteur_model::{FileTimes, Method};
use serde::{Deserialize, Serialize};

use crate::boxes::{PageWords, ReadPage, WordBox};
use crate::judge::PageStats;
use crate::text::Signature;

/// The first line that a child reads.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Request {
    pub(crate) task: Task,
    pub(crate) file: PathBuf,
    /// Engines tried before this one in the chain are skipped: they killed the child at once.
    pub(crate) first_engine: usize,
    pub(crate) ocr_languages: String,
    pub(crate) memory_bytes: u64,
    pub(crate) cpu_seconds: u64,
    pub(crate) side_px: u32,
    /// Whether words are sent with their places.
    pub(crate) boxes: bool,
    pub(crate) page_chars: usize,
    /// Last page of interest.
    pub(crate) max_pages: u32,
}

/// What a child is for.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Task {
    /// Embedded text and statistics of all pages from this one (from 1).
    Scan { from: u32 },
    /// OCR of the pages that are asked for, one [`PageRequest`] a line.
    Recognise,
    /// One page as PNG.
    Picture { page: u32, dpi: u32 },
    /// Words and places of one page that was read by this method.
    Words { page: u32, method: Method },
}

/// A further line to a child that recognises.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct PageRequest {
    pub(crate) page: u32,
    pub(crate) keep: Keep,
}

/// What becomes of the embedded text of a page that is OCRed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Keep {
    /// Noise: dropped.
    Nothing,
    /// Good visible text around a scan: kept in its place among the recognised lines.
    Visible,
    /// A hidden layer: the better of the two wins.
    Better,
}

/// A line from a child.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Event {
    /// What this kernel does not forbid the child; in plain French words.
    Loose(String),
    /// The file is open.
    Opened(Opened),
    /// No engine can open it.
    Refused(Refusal),
    /// A scanned page. Pages come in order: what goes wrong after it is the next one's fault.
    Scanned(ScannedPage),
    /// The page that is being recognised is a large sheet.
    Large,
    /// A recognised page.
    Recognised(ReadPage),
    /// A PNG of so many bytes follows.
    Picture(usize),
    /// The words that were asked for.
    Words(PageWords),
    /// A page failed and the child is still well.
    Failed { page: u32, why: String },
    /// All pages are done.
    Done,
}

/// What is known once the file is open.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Opened {
    pub(crate) pages: u32,
    pub(crate) encrypted: bool,
    pub(crate) embedded_files: u32,
    pub(crate) xfa: bool,
    #[serde(default)]
    pub(crate) wrong_letters: bool,
    #[serde(default)]
    pub(crate) signatures: Vec<Signature>,
    #[serde(default)]
    pub(crate) times: FileTimes,
    /// Name of the engine where it is not the first.
    pub(crate) fallback: Option<String>,
}

/// Why a file cannot be opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Refusal {
    Password,
    Invalid(String),
}

/// Embedded text of one page, with what the judgement needs.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct ScannedPage {
    pub(crate) page: u32,
    pub(crate) text: String,
    pub(crate) stats: PageStats,
    pub(crate) ms: u64,
    pub(crate) note: Option<String>,
    /// Words that nobody sees on the page, in lines.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) hidden: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) words: Vec<WordBox>,
}
