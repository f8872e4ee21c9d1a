//! The straight line: discover → fetch → read → flag → index, each stage in a file.
//!
//! A stage claims a row, does its work, and stores its rows with its stage mark in one
//! transaction. Bulletins at the end of the line are checked again for a while (`recheck`).
//! Nothing is kept in memory between two stages: a crash loses only the work in hand.

mod discover;
mod fetch;
mod flag;
mod index;
mod read;
mod recheck;
mod retry;
mod worker;

pub use discover::{SitePages, discover_source, walk};
pub use index::{Follower, index_document};
pub use worker::{Event, Events, Workers};
