//! Pages to acts, and each act's facts: numbers, dates, places, signatory.
//!
//! [`segment()`] cuts the pages of a bulletin into acts; [`segment_sommaire`] tells the acts from
//! the sommaire and the divider pages alone, before the rest is read; [`extract_facts`] reads what
//! one act says, each fact with the words that it came from and its region. [`parts()`] tells
//! citations from the operative part, `designation` the day in an act's name from the days on which
//! it has effect, `furniture` footers and stamps from both. The facts refer to the communes of `guetteur-communes`.
//!
//! Everything is a pure function of pages and [`BulletinContext`]. This crate knows nothing of
//! PDFs, OCR, databases, or which acts are about surveillance; it knows no prefecture by name.
//!
//! To add a fact: a field in `guetteur_model::Facts`, one file in `facts/` with a function
//! `read(&Reading, &mut Facts)` that also notes its evidence, its call in `facts::extract_facts`,
//! and raise [`ACTS_VERSION`]. To add a layout: teach `segment/sommaire/` its lines (numbered,
//! sentence, table) or `segment/heading.rs` its headings, and add a bulletin with its truth to
//! `fixtures/layouts/`.

mod context;
mod designation;
mod facts;
mod furniture;
mod identity;
mod measures;
mod parts;
mod regions;
mod segment;
mod text;
mod title;
mod word_set;

pub use context::BulletinContext;
pub use facts::extract_facts;
pub use identity::{act_fingerprint, act_keys, numbered_title, reference_key};
pub use measures::{FactMeasure, fact_measures};
pub use parts::{Article, Parts, parts};
pub use segment::{BulletinHead, Layout, Segmentation, segment, segment_sommaire};
pub use text::ActText;

/// Version of the cutting and of the facts: raising it re-reads what is stored.
pub const ACTS_VERSION: u32 = 12;
