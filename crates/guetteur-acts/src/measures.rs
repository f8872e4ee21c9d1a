//! What each printed fact is worth on labelled acts: `fact-measures.toml`, written anew by
//! `make eval` and held current by a test.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Counts of one fact on the labelled acts of `fixtures/facts`. A fact to check is not given.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FactMeasure {
    /// Acts for which it was printed.
    pub given: usize,
    /// Those of them where the label says the same.
    pub right: usize,
    /// Acts that state it.
    pub labelled: usize,
}

impl FactMeasure {
    /// Share of what was printed that is right; 1 when nothing was.
    #[must_use]
    pub fn precision(&self) -> f64 {
        share(self.right, self.given)
    }

    /// Share of what the acts state that was printed rightly; 1 when they state nothing.
    #[must_use]
    pub fn recall(&self) -> f64 {
        share(self.right, self.labelled)
    }
}

fn share(right: usize, all: usize) -> f64 {
    if all == 0 { 1.0 } else { right as f64 / all as f64 }
}

/// By the name of the fact's field in `guetteur_model::Facts`.
#[must_use]
pub fn fact_measures() -> BTreeMap<String, FactMeasure> {
    toml::from_str(include_str!("../fact-measures.toml"))
        .expect("fact-measures.toml is written by `make eval` and tested")
}
