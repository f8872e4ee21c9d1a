//! The binary as a library: command line, configuration, pipeline, scheduler, progress.
//!
//! Everything that knows details lives in the other crates; here they are put in line. To add a
//! command: a file in `cli/` with its arguments and a `run`, and a variant in `cli/mod.rs`. To add
//! a stage: a file in `pipeline/`, and its place in `pipeline/worker.rs`.

pub mod alerts;
pub mod analysis;
pub mod app;
pub mod cli;
pub mod config;
pub mod demo;
pub mod disk;
pub mod habits;
pub mod handles;
pub mod index_snapshots;
pub mod metrics;
pub mod old_texts;
pub mod pictures;
pub mod pipeline;
pub mod plan;
pub mod schedule;
pub mod scrub;
mod served;
pub mod site;
mod slots;
pub mod verify;
mod visits;
pub mod watch;
