//! The rules and the printed facts as the page « Méthode » shows them.

use serde::Serialize;

/// A rule as the page « Méthode » shows it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct RuleSheet {
    /// Id (`drone/captation`).
    pub id: String,
    /// Id of the category it flags.
    pub category: String,
    /// What it looks for, in plain French.
    pub about: String,
    /// The patterns, as written in the rule file.
    pub patterns: Vec<String>,
    /// Legal references.
    pub legal_refs: Vec<String>,
    /// Titles that it must flag.
    pub positives: Vec<String>,
    /// Titles that it must not flag.
    pub negatives: Vec<String>,
    /// What it is worth on labelled acts, where that is known.
    pub measure: Option<Measure>,
}

/// A fact that is printed of acts, as the page « Méthode » shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FactSheet {
    /// What readers call it.
    pub label: String,
    /// What it is worth on labelled acts.
    pub measure: Measure,
}

/// What a rule or a fact gave on labelled acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Measure {
    /// Flags or facts that it gave.
    pub given: usize,
    /// Those that the labels confirm.
    pub right: usize,
    /// Acts of its category, which its rules share; acts that state the fact.
    pub labelled: usize,
}
