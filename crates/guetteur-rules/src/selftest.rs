//! `guetteur rules test`: every rule against its own examples.

use std::fmt;

use guetteur_model::{Flag, Level};

use crate::engine::ActInput;
use crate::file::{Example, Expect};
use crate::ruleset::{CompiledCategory, RuleSet};

/// The result of all examples of all rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SelfTest {
    /// One report a rule, in the order of [`RuleSet::rules`].
    pub rules: Vec<RuleReport>,
}

/// The result of one rule's examples.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleReport {
    /// `drone/captation`.
    pub rule: String,
    /// File that holds it.
    pub origin: String,
    /// Examples that gave what they should.
    pub passed: usize,
    /// Those that did not.
    pub failures: Vec<Failure>,
}

/// An example that gave something else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Its title.
    pub title: String,
    /// What it should give, in French.
    pub expected: String,
    /// What it gave, in French.
    pub got: String,
}

impl SelfTest {
    /// Whether every example passed.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.rules.iter().all(|rule| rule.failures.is_empty())
    }

    /// Examples run and examples failed.
    #[must_use]
    pub fn counts(&self) -> (usize, usize) {
        let failed = self.rules.iter().map(|rule| rule.failures.len()).sum();
        (self.rules.iter().map(|rule| rule.passed).sum::<usize>() + failed, failed)
    }
}

impl fmt::Display for SelfTest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for rule in &self.rules {
            writeln!(f, "{rule}")?;
        }
        let (run, failed) = self.counts();
        write!(f, "{} règles, {run} exemples, {failed} en échec", self.rules.len())
    }
}

impl fmt::Display for RuleReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let run = self.passed + self.failures.len();
        let mark = match (run, self.failures.is_empty()) {
            (0, _) => "sans exemple",
            (_, true) => "ok",
            (_, false) => "ÉCHEC",
        };
        write!(f, "{mark:12} {} ({}/{run} exemples, {})", self.rule, self.passed, self.origin)?;
        for failure in &self.failures {
            write!(
                f,
                "\n    « {} »\n        attendu : {} ; obtenu : {}",
                failure.title, failure.expected, failure.got
            )?;
        }
        Ok(())
    }
}

impl RuleSet {
    /// Runs the examples of every rule.
    #[must_use]
    pub fn self_test(&self) -> SelfTest {
        let mut rules = Vec::new();
        for category in &self.categories {
            for rule in &category.rules {
                let failures: Vec<Failure> = rule
                    .examples
                    .iter()
                    .filter_map(|example| self.failure(category, example))
                    .collect();
                rules.push(RuleReport {
                    rule: rule.id.clone(),
                    origin: category.origin.clone(),
                    passed: rule.examples.len() - failures.len(),
                    failures,
                });
            }
        }
        SelfTest { rules }
    }

    fn failure(&self, category: &CompiledCategory, example: &Example) -> Option<Failure> {
        let flags = match &example.text {
            Some(text) => self.classify_text(&example.title, text),
            None => {
                self.classify(&ActInput { title: &example.title, title_span: None, pages: &[] })
            }
        };
        let flag = flags.into_iter().find(|flag| flag.category == category.category);
        let expected = match example.expect {
            Expect::Authorises => Some((Level::Authorises, false)),
            Expect::Restricts => Some((Level::Restricts, false)),
            Expect::Concerns => Some((Level::Concerns, false)),
            Expect::Mentions => Some((Level::Mentions, false)),
            Expect::ToCheck => Some((Level::Concerns, true)),
            Expect::Nothing => None,
        };
        let got = flag.as_ref().map(|flag| (flag.level, flag.to_check));
        // « à vérifier » is one answer, whatever the level that goes with it.
        let same = match (got, expected) {
            (Some((_, true)), Some((_, true))) => true,
            (got, expected) => got == expected,
        };
        (!same).then(|| Failure {
            title: example.title.clone(),
            expected: words(expected),
            got: match &flag {
                Some(flag) => format!("{} par {}", words(got), described(flag)),
                None => words(None),
            },
        })
    }
}

fn described(flag: &Flag) -> &str {
    &flag.rule
}

fn words(outcome: Option<(Level, bool)>) -> String {
    match outcome {
        None => "rien".to_owned(),
        Some((_, true)) => "à vérifier".to_owned(),
        Some((level, false)) => level.label().to_owned(),
    }
}
