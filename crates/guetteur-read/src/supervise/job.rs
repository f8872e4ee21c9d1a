//! What all children of one document share.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::boxes::ReadPage;
use crate::options::ReadOptions;
use crate::protocol::{Opened, Refusal, Request, ScannedPage, Task};

/// One document being read.
pub(crate) struct Job {
    pub(crate) file: PathBuf,
    pub(crate) options: ReadOptions,
    /// Bytes that all children sent so far.
    pub(super) output: AtomicU64,
}

impl Job {
    pub(crate) fn new(file: PathBuf, options: ReadOptions) -> Self {
        Self { file, options, output: AtomicU64::new(0) }
    }

    pub(super) fn request(&self, task: Task, first_engine: usize) -> Request {
        let limits = &self.options.limits;
        Request {
            task,
            file: self.file.clone(),
            first_engine,
            ocr_languages: self.options.ocr_languages.clone(),
            memory_bytes: limits.memory_bytes,
            cpu_seconds: limits.document.as_secs().max(1),
            side_px: limits.side_px,
            boxes: self.options.boxes,
            page_chars: limits.page_chars,
            max_pages: limits.pages,
        }
    }

    /// Counts output; false once the limit is passed.
    pub(super) fn count_output(&self, bytes: usize) -> bool {
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
        let before = self.output.fetch_add(bytes, Ordering::Relaxed);
        before.saturating_add(bytes) <= self.options.limits.output_bytes
    }
}

/// What the children's supervisors tell the reader.
#[derive(Debug)]
pub(crate) enum Outcome {
    Opened(Opened),
    Refused(Refusal),
    /// The child could not be started.
    NotStarted {
        command: String,
        source: std::io::Error,
    },
    Scanned(ScannedPage),
    /// The page cost a child, or failed inside it. `during_ocr`: its embedded text is known.
    Failed {
        page: u32,
        why: String,
    },
    OcrFailed {
        page: u32,
        why: String,
    },
    /// These pages are given up.
    GivenUp {
        from: u32,
        why: String,
    },
    Recognised(ReadPage),
    ScanDone,
}
