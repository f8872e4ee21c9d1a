//! Simulated prefecture sites, bulletins with known truth, and the PDFs they are made of: what
//! `guetteur demo` shows, and what tests read.
//!
//! Nothing here knows how Guetteur finds, reads or cuts what it is given.

pub mod corpus;
pub mod pdf;
pub mod sites;
