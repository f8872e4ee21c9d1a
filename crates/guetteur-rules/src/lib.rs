//! Acts to flags with evidence, from rule files.
//!
//! A [`RuleSet`] holds the rules of `rules/*.toml` (one file a category, embedded) and those of a
//! user's folder ([`RuleSet::load_dir`]); [`RuleSet::classify`] turns an act's title and pages into
//! [`guetteur_model::Flag`]s. The operative part decides, citations do not: see `engine/`.
//!
//! This crate knows nothing of SQL, HTTP or PDFs, nor of how an act was cut out.
//!
//! To add a category: a file `rules/<id>.toml` with rules and examples
//! (`docs/writing-a-rule.md`), and labelled acts in `fixtures/rules/`. To add a way of saying what
//! a verb does: a line in `rules/langage.toml`. Neither needs code.

mod body;
mod compile;
mod engine;
mod error;
mod evaluate;
mod file;
mod folder;
mod format;
mod language;
mod measures;
mod pattern;
mod place;
mod ruleset;
mod selftest;
mod watchlist;
mod zones;

pub use body::FoldedBody;
pub use engine::ActInput;
pub use error::RulesError;
pub use evaluate::{Evaluation, Labelled, Outcome, Score, evaluate, read_labelled};
pub use file::LegalReference;
pub use measures::RuleMeasure;
pub use pattern::{PatternError, try_pattern};
pub use ruleset::{RuleInfo, RuleSet};
pub use selftest::{Failure, RuleReport, SelfTest};
