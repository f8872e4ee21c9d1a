//! Scoring against labelled acts: precision and recall per category, level, per-rule precision.
//!
//! A flag counts as found when it is confident: not `to_check`, and more than a citation
//! (`mentions`). Lines marked `loose` are left out; lines marked `needs_body` are scored when they
//! have a `text`, otherwise only checked for a confident answer that nobody can give.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use guetteur_model::Level;
use serde::Deserialize;

use crate::error::RulesError;
use crate::ruleset::RuleSet;

/// A labelled act, as a line of `fixtures/rules/*.jsonl`. Keys that scoring does not need
/// (prefecture, date, notes) are skipped.
#[derive(Debug, Clone, Deserialize)]
pub struct Labelled {
    /// Id, unique in its file.
    pub id: String,
    /// Title.
    pub title: String,
    /// The same title as damaged by extraction: both must give the same answer.
    #[serde(default)]
    pub title_raw: Option<String>,
    /// The act's text, where the label needs it.
    #[serde(default)]
    pub text: Option<String>,
    /// Categories; empty when the act is of none.
    pub categories: Vec<String>,
    /// Level, the same for all categories.
    #[serde(default)]
    pub level: Option<Level>,
    /// The title alone cannot decide.
    #[serde(default)]
    pub needs_body: bool,
    /// Looks like a hit and is none.
    #[serde(default)]
    pub hard_negative: bool,
    /// Nearest label only.
    #[serde(default)]
    pub loose: bool,
    /// Written by us, not found in a bulletin.
    #[serde(default)]
    pub synthetic: bool,
}

/// Hits and errors.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Score {
    /// Right.
    pub hits: usize,
    /// Flagged and should not be.
    pub false_alarms: usize,
    /// Not flagged and should be.
    pub misses: usize,
}

impl Score {
    /// Share of the flags that are right; 1 without flags.
    #[must_use]
    pub fn precision(&self) -> f64 {
        ratio(self.hits, self.hits + self.false_alarms)
    }

    /// Share of the labels that are found; 1 without labels.
    #[must_use]
    pub fn recall(&self) -> f64 {
        ratio(self.hits, self.hits + self.misses)
    }
}

pub(crate) fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}

/// One disagreement with the labels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Id of the line.
    pub id: String,
    /// Title as classified.
    pub title: String,
    /// What the label says: `drone authorises`, `drone -`.
    pub expected: String,
    /// What came out, with its rule.
    pub got: String,
}

/// The result of an evaluation.
#[derive(Debug, Clone, Default)]
pub struct Evaluation {
    /// Titles and acts scored (a line with `title_raw` counts twice).
    pub scored: usize,
    /// Lines left out as `loose`.
    pub left_out: usize,
    /// Per category.
    pub categories: BTreeMap<String, Score>,
    /// Per category: levels right, levels known.
    pub levels: BTreeMap<String, (usize, usize)>,
    /// Per rule: flags right, flags given.
    pub rules: BTreeMap<String, (usize, usize)>,
    /// Lines `needs_body` without a text: answered « à vérifier » or not at all, and all of them.
    pub undecidable: (usize, usize),
    /// False alarms, misses and wrong levels.
    pub errors: Vec<Outcome>,
}

/// Reads a `.jsonl` file of labelled acts.
///
/// # Errors
/// When the file cannot be read or a line is not a labelled act.
pub fn read_labelled(path: &Path) -> Result<Vec<Labelled>, RulesError> {
    let text = std::fs::read_to_string(path)
        .map_err(|source| RulesError::Read { path: path.to_owned(), source })?;
    text.lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(index, line)| {
            serde_json::from_str(line).map_err(|error| RulesError::Labelled {
                file: path.display().to_string(),
                line: index + 1,
                message: error.to_string(),
            })
        })
        .collect()
}

/// Scores `rules` on `lines`.
#[must_use]
pub fn evaluate(rules: &RuleSet, lines: &[Labelled]) -> Evaluation {
    let mut evaluation = Evaluation::default();
    for line in lines {
        if line.loose {
            evaluation.left_out += 1;
            continue;
        }
        for title in std::iter::once(&line.title).chain(&line.title_raw) {
            evaluation.score(rules, line, title);
        }
    }
    evaluation
}

struct Found {
    level: Level,
    rule: String,
}

impl Evaluation {
    fn score(&mut self, rules: &RuleSet, line: &Labelled, title: &str) {
        let flags = match &line.text {
            Some(text) => rules.classify_text(title, text),
            None => rules.classify_title(title),
        };
        let found: BTreeMap<String, Found> = flags
            .into_iter()
            .filter(|flag| !flag.to_check && flag.level < Level::Mentions)
            .map(|flag| (flag.category.to_string(), Found { level: flag.level, rule: flag.rule }))
            .collect();
        if line.needs_body && line.text.is_none() {
            self.undecidable.1 += 1;
            self.undecidable.0 += usize::from(found.is_empty());
            return;
        }
        self.scored += 1;
        for category in line.categories.iter().filter(|c| !found.contains_key(*c)) {
            self.categories.entry(category.clone()).or_default().misses += 1;
            self.error(line, title, category, None);
        }
        for (category, found) in &found {
            let right = line.categories.contains(category);
            let rule = self.rules.entry(found.rule.clone()).or_default();
            rule.1 += 1;
            rule.0 += usize::from(right);
            let score = self.categories.entry(category.clone()).or_default();
            if right {
                score.hits += 1;
                self.score_level(line, title, category, found);
            } else {
                score.false_alarms += 1;
                self.error(line, title, category, Some(found));
            }
        }
    }

    fn score_level(&mut self, line: &Labelled, title: &str, category: &str, found: &Found) {
        let Some(level) = line.level else { return };
        let counts = self.levels.entry(category.to_owned()).or_default();
        counts.1 += 1;
        if level == found.level {
            counts.0 += 1;
        } else {
            self.error(line, title, category, Some(found));
        }
    }

    fn error(&mut self, line: &Labelled, title: &str, category: &str, found: Option<&Found>) {
        let labelled = line.categories.iter().any(|c| c == category);
        let expected = match (labelled, line.level) {
            (true, Some(level)) => format!("{category} {level}"),
            (true, None) => category.to_owned(),
            (false, _) => format!("pas {category}"),
        };
        let got = found.map_or_else(|| "rien".to_owned(), |f| format!("{} ({})", f.level, f.rule));
        self.errors.push(Outcome { id: line.id.clone(), title: title.to_owned(), expected, got });
    }
}

impl fmt::Display for Evaluation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} titres ou actes notés, {} laissés de côté ; à vérifier : {}/{} sans réponse hâtive",
            self.scored, self.left_out, self.undecidable.0, self.undecidable.1
        )?;
        writeln!(
            f,
            "{:16} {:>6} {:>6} {:>6} {:>10} {:>7} {:>8}",
            "catégorie", "justes", "fausses", "ratées", "précision", "rappel", "niveau"
        )?;
        for (category, score) in &self.categories {
            let (right, known) = self.levels.get(category).copied().unwrap_or_default();
            writeln!(
                f,
                "{category:16} {:>6} {:>7} {:>6} {:>10.3} {:>7.3} {:>8.3}",
                score.hits,
                score.false_alarms,
                score.misses,
                score.precision(),
                score.recall(),
                ratio(right, known)
            )?;
        }
        for error in &self.errors {
            writeln!(
                f,
                "  {} attendu {}, obtenu {} : {}",
                error.id, error.expected, error.got, error.title
            )?;
        }
        Ok(())
    }
}
