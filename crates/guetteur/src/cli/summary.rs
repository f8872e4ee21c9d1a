//! What a crawl did, source by source.

use std::collections::BTreeMap;

use anyhow::Result;
use guetteur_model::FailureKind;
use guetteur_publish::failure_words;
use guetteur_store::{Rechecked, RuleChange};
use serde::Serialize;

use super::output;
use crate::pipeline::Event;

/// Reasons shown in the table; the JSON has all.
const SHOWN: usize = 3;

/// What happened to one source.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct SourceSummary {
    code: String,
    /// Bulletins seen on the site.
    found: u32,
    /// Of those, unknown before.
    new: u32,
    requests: u32,
    /// Why the site could not be walked in full: the kind, and in words.
    failure: Option<FailureKind>,
    error: Option<String>,
    /// PDFs fetched.
    fetched: u32,
    /// Bulletins read.
    read: u32,
    pages: u32,
    ocr_pages: u32,
    acts: u32,
    /// Acts with at least one flag.
    flagged: u32,
    /// PDFs asked again: all, those replaced by others, those gone.
    rechecked: u32,
    changed: u32,
    withdrawn: u32,
    /// Bulletins whose last try failed, by address.
    failed: u32,
    failures: Vec<FailureLine>,
    /// Flags that came and went, by rule.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    rules: BTreeMap<String, RuleChange>,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
struct FailureLine {
    url: String,
    failure: FailureKind,
    reason: String,
    /// Whether it will be tried again later.
    again: bool,
}

/// What happened, gathered from events.
#[derive(Debug, Default)]
pub(super) struct Summary {
    sources: BTreeMap<String, SourceSummary>,
    tells_rules: bool,
}

impl Summary {
    /// The sources of `codes`, with nothing done yet.
    pub(super) fn of<'a>(codes: impl IntoIterator<Item = &'a str>) -> Self {
        let empty =
            |code: &str| SourceSummary { code: code.to_owned(), ..SourceSummary::default() };
        let sources = codes.into_iter().map(|code| (code.to_owned(), empty(code))).collect();
        Self { sources, tells_rules: false }
    }

    /// With the flags that came and went, by rule.
    pub(super) fn telling_rules(self) -> Self {
        Self { tells_rules: true, ..self }
    }

    fn source(&mut self, code: String) -> &mut SourceSummary {
        let fresh = SourceSummary { code: code.clone(), ..SourceSummary::default() };
        self.sources.entry(code).or_insert(fresh)
    }

    /// Adds what an event says.
    pub(super) fn see(&mut self, event: Event) {
        match event {
            Event::Discovered { source, found, new, requests, failure } => {
                let summary = self.source(source);
                summary.found += found;
                summary.new += new;
                summary.requests += requests;
                summary.failure = failure.as_ref().map(|failed| failed.failure.kind);
                summary.error = failure.as_ref().map(failure_words::of_source);
            }
            Event::Fetched { source, .. } => self.source(source).fetched += 1,
            Event::AlertsRaised { .. } => {}
            Event::Page { source, ocr } => {
                let summary = self.source(source);
                summary.pages += 1;
                summary.ocr_pages += u32::from(ocr);
            }
            Event::Read { source } => self.source(source).read += 1,
            Event::Flagged { source, acts, flagged, rules } => {
                let tells_rules = self.tells_rules;
                let summary = self.source(source);
                summary.acts += acts;
                summary.flagged += flagged;
                for (rule, change) in rules.into_iter().filter(|_| tells_rules) {
                    *summary.rules.entry(rule).or_default() += change;
                }
            }
            Event::Rechecked { source, outcome, .. } => {
                let summary = self.source(source);
                summary.rechecked += 1;
                summary.changed += u32::from(outcome == Rechecked::Changed);
                summary.withdrawn += u32::from(outcome == Rechecked::Withdrawn);
            }
            Event::Failed { source, url, failure, again, .. } => {
                let failures = &mut self.source(source).failures;
                failures.retain(|failure| failure.url != url);
                let reason = failure_words::sentence(&failure);
                failures.push(FailureLine { url, failure: failure.kind, reason, again });
            }
        }
    }

    /// Prints: a JSON line per source, or a table with the reasons below.
    pub(super) fn print(mut self, json: bool) -> Result<()> {
        for summary in self.sources.values_mut() {
            summary.failed = summary.failures.len() as u32;
        }
        if json {
            return self.sources.values().try_for_each(output::json_line);
        }
        let header =
            ["source", "trouvés", "nouveaux", "lus", "pages", "OCR", "actes", "signalés", "échecs"];
        let rows: Vec<_> = self.sources.values().map(row).collect();
        output::line(&output::table(&header, &rows))?;
        for line in self.rule_lines() {
            output::line(&line)?;
        }
        for summary in self.sources.values() {
            for reason in reasons(summary) {
                output::line(&format!("{} : {reason}", summary.code))?;
            }
        }
        Ok(())
    }

    /// « drone/captation : 12 signalements de plus, 3 de moins ».
    fn rule_lines(&self) -> Vec<String> {
        let mut rules: BTreeMap<&str, RuleChange> = BTreeMap::new();
        for (rule, change) in self.sources.values().flat_map(|summary| &summary.rules) {
            *rules.entry(rule).or_default() += *change;
        }
        let line = |(rule, change): (&str, RuleChange)| {
            format!("{rule} : {} signalements de plus, {} de moins", change.gained, change.lost)
        };
        rules.into_iter().map(line).collect()
    }

    /// Sources that gave nothing at all. (A page that failed beside others is told, but the work
    /// as a whole was done.)
    pub(super) fn without_result(&self) -> Vec<&str> {
        let failed = |summary: &&SourceSummary| summary.error.is_some() && summary.found == 0;
        self.sources.values().filter(failed).map(|summary| summary.code.as_str()).collect()
    }
}

fn row(summary: &SourceSummary) -> Vec<String> {
    let numbers = [
        summary.found,
        summary.new,
        summary.read,
        summary.pages,
        summary.ocr_pages,
        summary.acts,
        summary.flagged,
        summary.failed,
    ];
    std::iter::once(summary.code.clone()).chain(numbers.map(|n| n.to_string())).collect()
}

fn reasons(summary: &SourceSummary) -> Vec<String> {
    let mut lines: Vec<String> = summary.error.iter().cloned().collect();
    let failures = summary.failures.iter().map(|failure| {
        let fate = if failure.again { "nouvel essai plus tard" } else { "abandonné" };
        format!("{} : {} [{fate}]", failure.url, failure.reason)
    });
    lines.extend(failures.take(SHOWN));
    if summary.failures.len() > SHOWN {
        lines.push(format!("et {} autres échecs", summary.failures.len() - SHOWN));
    }
    lines
}

#[cfg(test)]
mod tests {
    use guetteur_model::Failure;

    use super::*;

    #[test]
    fn adds_up() {
        let mut summary = Summary::of(["34"]);
        let source = || "34".to_owned();
        let rules = BTreeMap::from([("drone/captation".into(), RuleChange { gained: 3, lost: 1 })]);
        let failed = |again| Event::Failed {
            source: source(),
            bulletin: guetteur_model::BulletinId(1),
            url: "https://a/1.pdf".into(),
            failure: Failure::of_status(404),
            again,
        };
        for event in [
            Event::Discovered { source: source(), found: 3, new: 2, requests: 4, failure: None },
            Event::Fetched { source: source(), bytes: 10 },
            Event::Page { source: source(), ocr: true },
            Event::Page { source: source(), ocr: false },
            Event::Read { source: source() },
            Event::Flagged { source: source(), acts: 5, flagged: 2, rules: rules.clone() },
            failed(true),
            failed(false),
        ] {
            summary.see(event);
        }
        assert!(summary.without_result().is_empty());
        summary.see(Event::Discovered {
            source: "75".into(),
            found: 0,
            new: 0,
            requests: 1,
            failure: Some(Failure::of_status(500).into()),
        });
        assert_eq!(summary.without_result(), ["75"]);
        let mut telling = Summary::of([]).telling_rules();
        for code in ["34", "30"] {
            let source = code.to_owned();
            telling.see(Event::Flagged { source, acts: 5, flagged: 2, rules: rules.clone() });
        }
        assert_eq!(telling.rule_lines(), ["drone/captation : 6 signalements de plus, 2 de moins"]);
        let source = &summary.sources["34"];
        let got = (source.found, source.new, source.pages, source.ocr_pages, source.acts);
        assert_eq!(got, (3, 2, 2, 1, 5));
        assert_eq!(source.failures.len(), 1, "the last try of a bulletin counts");
        assert_eq!(reasons(source), ["https://a/1.pdf : introuvable (404) [abandonné]"]);
        assert!(summary.rule_lines().is_empty(), "only who asks is told");
    }
}
