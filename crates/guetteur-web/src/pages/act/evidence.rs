//! The passages that prove what is said of an act, and the flags and facts with their quotations.

use guetteur_model::{Basis, Flag, Span, restore_lost_glyphs};
use guetteur_publish::PublishedAct;
use guetteur_publish::facts::{self, FactRow};
use serde::Serialize;

use crate::marked_text::{Passage, Proves};
use crate::page_parts::Link;
use crate::pages::method::rule_address;

/// The passages that prove something, numbered once each for their anchors.
pub(super) struct Evidence {
    pub(super) passages: Vec<Passage>,
}

#[derive(Serialize)]
struct Quote {
    text: String,
    page: u32,
    anchor: usize,
    /// Whether the passage stands in the text on this page.
    shown: bool,
}

#[derive(Serialize)]
pub(super) struct FlagView {
    label: String,
    level_label: &'static str,
    to_check: bool,
    rule: String,
    /// Where « Méthode » shows the rule, while it is loaded.
    rule_href: Option<String>,
    basis: &'static str,
    quotes: Vec<Quote>,
}

#[derive(Serialize)]
pub(super) struct FactView {
    label: &'static str,
    value: String,
    to_check: bool,
    quotes: Vec<Quote>,
    links: Vec<Link>,
}

impl Evidence {
    pub(super) fn of(act: &PublishedAct) -> Self {
        let mut evidence = Self { passages: Vec::new() };
        for span in act.flags.iter().flat_map(|flag| &flag.evidence) {
            evidence.add(Proves::Flag, span);
        }
        for span in facts::rows(act).iter().flat_map(|row| &row.quotes) {
            evidence.add(Proves::Fact, span);
        }
        evidence
    }

    fn add(&mut self, proves: Proves, span: &Span) {
        if !self.passages.iter().any(|passage| passage.span == *span) {
            let anchor = self.passages.len() + 1;
            self.passages.push(Passage { anchor, proves, span: span.clone() });
        }
    }

    /// Each wording once a page.
    fn quotes(&self, spans: &[Span], shown: &[u32]) -> Vec<Quote> {
        let mut quotes: Vec<Quote> = Vec::new();
        for span in spans {
            let text = short(&span.text);
            if quotes.iter().any(|quote| quote.page == span.page && quote.text == text) {
                continue;
            }
            let anchor = self.passages.iter().find(|p| p.span == *span).map(|p| p.anchor);
            quotes.push(Quote {
                text,
                page: span.page,
                anchor: anchor.unwrap_or_default(),
                shown: anchor.is_some() && shown.contains(&span.page),
            });
        }
        quotes
    }

    pub(super) fn flags(&self, act: &PublishedAct, known: &[&str], shown: &[u32]) -> Vec<FlagView> {
        let view = |flag: &Flag| FlagView {
            label: flag.category.label().to_owned(),
            level_label: flag.level.label(),
            to_check: flag.to_check,
            rule: flag.rule.clone(),
            rule_href: known.contains(&flag.rule.as_str()).then(|| rule_address(&flag.rule)),
            basis: match flag.basis {
                Basis::Sommaire => "le sommaire",
                Basis::Title => "le titre",
                Basis::Body => "le corps de l’acte",
            },
            quotes: self.quotes(&flag.evidence, shown),
        };
        act.flags.iter().map(view).collect()
    }

    pub(super) fn facts(&self, act: &PublishedAct, shown: &[u32]) -> Vec<FactView> {
        let view = |row: FactRow| FactView {
            label: row.label,
            value: row.value,
            to_check: row.to_check,
            links: if row.key == "communes" { commune_links(act) } else { Vec::new() },
            quotes: self.quotes(&row.quotes, shown),
        };
        facts::rows(act).into_iter().map(view).collect()
    }
}

fn commune_links(act: &PublishedAct) -> Vec<Link> {
    let communes = act.facts.communes.iter().take(20);
    communes
        .map(|c| Link::new(format!("tout sur {}", c.name), format!("/commune/{}", c.insee)))
        .collect()
}

/// A quotation long enough to recognise, its lost glyphs restored.
fn short(text: &str) -> String {
    const LONGEST: usize = 400;
    let flat = restore_lost_glyphs(text).split_whitespace().collect::<Vec<_>>().join(" ");
    if flat.chars().count() <= LONGEST {
        return flat;
    }
    flat.chars().take(LONGEST).chain(['…']).collect()
}
