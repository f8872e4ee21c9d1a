//! Pages to acts with facts and flags: the pure middle of the line, shared by the pipeline and by
//! `guetteur analyse`.

use guetteur_acts::{ACTS_VERSION, BulletinContext, Segmentation, extract_facts, segment};
use guetteur_model::{Act, Facts, Flag, Page};
use guetteur_rules::{ActInput, RuleSet};

/// An act with what it says and what it is about.
#[derive(Debug, Clone, PartialEq)]
pub struct AnalysedAct {
    /// The act.
    pub act: Act,
    /// Its facts.
    pub facts: Facts,
    /// Its flags.
    pub flags: Vec<Flag>,
}

/// A bulletin, cut and flagged.
#[derive(Debug, Clone, PartialEq)]
pub struct Analysis {
    /// Its acts, in order.
    pub acts: Vec<AnalysedAct>,
    /// Pages that belong to no act.
    pub outside: Vec<u32>,
}

/// Cuts `pages` into acts, reads their facts and flags them.
#[must_use]
pub fn analyse(pages: &[Page], context: &BulletinContext<'_>, rules: &RuleSet) -> Analysis {
    let Segmentation { acts, outside, .. } = segment(pages, context);
    let acts = acts
        .into_iter()
        .map(|act| {
            let facts = extract_facts(&act, context);
            let flags = rules.classify(&ActInput {
                title: &act.title,
                title_span: act.title_span.as_ref(),
                pages: &act.text,
            });
            AnalysedAct { act, facts, flags }
        })
        .collect();
    Analysis { acts, outside }
}

/// Changes whenever the cutting, the facts or the rules do: stored beside what they gave.
#[must_use]
pub fn analysis_version(rules: &RuleSet) -> String {
    format!("a{ACTS_VERSION}-r{}", rules.version())
}
