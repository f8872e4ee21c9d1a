//! The parent's side: children with time limits, and what their ends mean.

mod job;
mod pool;
mod scanning;
mod showing;
mod worker;

pub(crate) use job::{Job, Outcome};
pub(crate) use pool::OcrPool;
pub use pool::PAGES_AT_ONCE;
pub(crate) use scanning::scan_all;
pub(crate) use showing::{Shown, show};
