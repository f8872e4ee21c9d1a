//! What each rule is worth on the labelled acts of `fixtures/rules`: `measures.toml`, written anew
//! by `make eval` and held current by a test.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Deserialize;

use crate::evaluate::{Evaluation, ratio};

/// Counts of one rule on the labelled acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleMeasure {
    /// Acts that it flagged.
    pub given: usize,
    /// Those of them that the labels confirm.
    pub right: usize,
    /// Acts of its category. An act bears one flag a category, from the rule that says most: the
    /// rules of a category share these.
    pub labelled: usize,
}

impl RuleMeasure {
    /// Share of its flags that are right; 1 without flags.
    #[must_use]
    pub fn precision(&self) -> f64 {
        ratio(self.right, self.given)
    }

    /// Share of the acts of its category that it found; 1 when there are none.
    #[must_use]
    pub fn recall(&self) -> f64 {
        ratio(self.right, self.labelled)
    }
}

const FILE: &str = include_str!("../measures.toml");

/// By the rule's id; rules that flagged nothing are left out.
pub(crate) fn measures() -> BTreeMap<String, RuleMeasure> {
    toml::from_str(FILE).expect("measures.toml is written by `make eval` and tested")
}

impl Evaluation {
    /// The rules' measures as `measures.toml` holds them.
    #[must_use]
    pub fn measures(&self) -> String {
        let mut file = String::from(
            "# What each rule is worth on the labelled acts of fixtures/rules: flags given, flags\n\
             # right, acts of its category. Written by `make eval`; do not edit.\n",
        );
        for (rule, (right, given)) in &self.rules {
            let category = rule.split('/').next().unwrap_or_default();
            let score = self.categories.get(category).copied().unwrap_or_default();
            let labelled = score.hits + score.misses;
            let _ = write!(
                file,
                "\n[\"{rule}\"]\ngiven = {given}\nright = {right}\nlabelled = {labelled}\n"
            );
        }
        file
    }
}
