//! Simulated prefecture sites, a PDF builder with known truth, and throw-away databases, for tests and the demo

pub mod corpus;
pub mod db;
pub mod pdf;
pub mod sites;
