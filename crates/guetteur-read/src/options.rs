//! How to read: OCR or not, limits, the child's command.

use std::ffi::OsString;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// When pages are given to OCR.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OcrMode {
    /// Where the page needs it (see [`crate::judge`]).
    #[default]
    Auto,
    /// Never: embedded text as it is.
    Never,
    /// Every page that is not blank.
    Always,
}

impl FromStr for OcrMode {
    type Err = String;

    fn from_str(s: &str) -> Result<Self, String> {
        match s {
            "auto" => Ok(Self::Auto),
            "never" => Ok(Self::Never),
            "always" => Ok(Self::Always),
            other => Err(format!("« {other} » : attendu auto, never ou always")),
        }
    }
}

/// What a file may cost. The defaults let every good file of a corpus of a thousand pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Address space of a child, in bytes.
    pub memory_bytes: u64,
    /// Wall time to open the file.
    pub open: Duration,
    /// Wall time for the embedded text of one page.
    pub text_page: Duration,
    /// Wall time for rendering and OCR of one page.
    pub ocr_page: Duration,
    /// Wall time for the whole document.
    pub document: Duration,
    /// Size of the file, in bytes.
    pub file_bytes: u64,
    /// Bytes that the children may send for one document.
    pub output_bytes: u64,
    /// Pages read; the rest is left out and said so.
    pub pages: u32,
    /// Longest side of a rendered page, in pixels: larger sheets (maps) are scaled down.
    pub side_px: u32,
    /// Characters kept of one page.
    pub page_chars: usize,
    /// Pages that may kill the child before the rest of the document is given up.
    pub faults: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            memory_bytes: 1 << 30,
            open: Duration::from_secs(20),
            text_page: Duration::from_secs(20),
            ocr_page: Duration::from_secs(60),
            document: Duration::from_secs(3600),
            file_bytes: 400 << 20,
            output_bytes: 128 << 20,
            pages: 5_000,
            side_px: 3_500,
            page_chars: 200_000,
            faults: 20,
        }
    }
}

/// The program that calls [`crate::child::main`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChildCommand {
    /// The program. `None` is the running program itself.
    pub program: Option<PathBuf>,
    /// Its arguments.
    pub args: Vec<OsString>,
}

impl Default for ChildCommand {
    fn default() -> Self {
        Self { program: None, args: vec!["read-child".into()] }
    }
}

impl ChildCommand {
    /// A program without arguments.
    #[must_use]
    pub fn program(path: impl Into<PathBuf>) -> Self {
        Self { program: Some(path.into()), args: Vec::new() }
    }
}

/// How to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadOptions {
    /// When to OCR.
    pub ocr: OcrMode,
    /// Tesseract's languages, joined by `+`: `fra`, `fra+deu`.
    pub ocr_languages: String,
    /// Pages recognised at the same time (one tesseract each).
    pub jobs: usize,
    /// Whether words are handed over with their places ([`crate::Reader::read_with_boxes`]).
    pub boxes: bool,
    /// What a file may cost.
    pub limits: Limits,
    /// The child's program.
    pub child: ChildCommand,
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self {
            ocr: OcrMode::Auto,
            ocr_languages: "fra".to_owned(),
            jobs: std::thread::available_parallelism().map_or(1, usize::from),
            boxes: false,
            limits: Limits::default(),
            child: ChildCommand::default(),
        }
    }
}
