//! PDF to pages of text: embedded text where it is good, OCR where it is needed, in a confined
//! child process.
//!
//! [`Reader::read`] starts a child ([`child::main`]) that opens the file under limits of memory,
//! time and output, and hands one [`Page`](guetteur_model::Page) after the other to the caller, in
//! order. A page that kills or hangs the child costs that page; the rest is read in a new child.
//!
//! The way of a page:
//!
//! 1. *scan*: a text engine ([`text`]) gives words with their places, and the page's statistics;
//! 2. *judge*: a pure function ([`judge`]) over these statistics says text, empty or OCR, and why;
//! 3. *recognise*: the page is rendered and given to tesseract (`ocr/`), one process a core, some pages a process.
//!
//! Whoever cannot wait for OCR takes two steps: [`Reader::read_text_only`] hands over every page as
//! the file itself gives it and marks those that need OCR; [`Reader::recognise`] does these later,
//! page by page in any order. Both together give what [`Reader::read`] gives. [`versions`] tells
//! which pages a new version of this crate calls into question.
//!
//! To show where words stand, [`Reader::picture`] gives a page as PNG and [`Reader::words`] its
//! words with their places, from a confined child too.
//!
//! This crate knows nothing of acts, rules, databases or the network.
//!
//! **To add a text engine**: a file in `text/` with a type that implements [`text::TextEngine`],
//! and its place in the chain in `text/chain.rs`. **To add a reason for OCR**: a variant of
//! [`judge::Why`] with its sentence, a rule in [`judge::judge`], a row in the table below it.

mod boxes;
pub mod child;
mod doctor;
mod error;
#[cfg(feature = "fuzzing")]
pub mod fuzzing;
pub mod judge;
mod native;
mod ocr;
mod options;
mod protocol;
mod reader;
mod render;
mod report;
mod sniff;
mod sole_image;
mod supervise;
pub mod text;
pub mod versions;
mod words;

pub use boxes::{PageWords, WordBox};
pub use doctor::{Tool, doctor};
pub use error::ReadError;
pub use options::{ChildCommand, Limits, OcrMode, ReadOptions};
pub use reader::{Awaiting, Reader, Recognition};
pub use report::{DocumentReport, MethodCounts};
pub use supervise::PAGES_AT_ONCE;
pub use text::Signature;
pub use versions::READER_VERSIONS;
