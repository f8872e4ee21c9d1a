//! The `guetteur` binary.
fn main() {}
