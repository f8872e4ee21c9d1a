//! The straight line: discover → fetch → read → flag → index, each stage in a file.
//!
//! A stage claims a row, does its work, and stores its rows with its stage mark in one
//! transaction. Between fetch and read, `first_alerts` tells the acts of a fresh bulletin from its own
//! text; between two walks, `look` asks for the newest list alone. Bulletins at the end of the line are checked again for a while (`recheck`).
//! Nothing is kept in memory between two stages: a crash loses only the work in hand.

mod budget;
mod discover;
mod events;
mod fetch;
mod first_alerts;
mod flag;
mod index;
mod look;
mod ocr_order;
mod read;
mod recheck;
mod recognise;
mod retry;
mod sharing;
mod shrink;
mod worker;
mod workers;

pub use discover::{SitePages, discover_source, walk};
pub use events::{Event, Events};
pub use index::Follower;
pub(crate) use index::origin;
pub use look::look_at;
pub use worker::Rechecks;
pub use workers::Workers;
