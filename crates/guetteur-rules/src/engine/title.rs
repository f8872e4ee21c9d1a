//! What a title says of a category.

use guetteur_model::fold::Folded;
use guetteur_model::{Level, Span};

use super::body::BodyView;
use super::{Finding, Stands, any, first};
use crate::body::trimmed;
use crate::file::{Place, WithoutVerb};
use crate::language::TitleVerbs;
use crate::pattern::{Haystack, Range};
use crate::ruleset::{CompiledCategory, CompiledRule, RuleSet};

pub(super) struct TitleFindings<'a> {
    pub(super) findings: Vec<Finding<'a>>,
    /// The title names the category while it is about something else (a delegation).
    pub(super) silenced: bool,
}

pub(super) struct TitleView<'a> {
    folded: Folded,
    pub(super) hay: Haystack<'a>,
    verbs: TitleVerbs,
    span: Option<&'a Span>,
    /// The words as printed, folded, when a span is known.
    printed: Option<Folded>,
    rules: &'a RuleSet,
    /// The act's folded text, empty when it is not known.
    pub(super) act: &'a str,
}

/// Underscores separate words in file names.
pub(super) fn spaced(folded: &Folded) -> String {
    folded.as_str().replace('_', " ")
}

impl<'a> TitleView<'a> {
    pub(super) fn new(
        rules: &'a RuleSet,
        title: &str,
        span: Option<&'a Span>,
        act: &'a str,
    ) -> Self {
        let folded = Folded::new(title);
        let hay = Haystack::new(spaced(&folded).into_bytes(), &rules.pieces, &rules.set);
        let verbs = rules.language.title_verbs(&hay);
        let printed = span.map(|span| Folded::new(&span.text));
        Self { folded, hay, verbs, span, printed, rules, act }
    }

    pub(super) fn findings<'r>(
        &self,
        category: &'r CompiledCategory,
        body: Option<&BodyView<'_, '_>>,
    ) -> TitleFindings<'r> {
        let whole = 0..self.hay.text.len();
        let mut out = TitleFindings { findings: Vec::new(), silenced: false };
        for rule in category.rules.iter().filter(|rule| rule.place != Place::Body) {
            let Some(measure) = first(&self.hay, &rule.any) else { continue };
            if any(&self.hay, &rule.unless) || self.excluded_anywhere(rule, body) {
                continue;
            }
            if !rule.any_subject && self.verbs.other_subject(&whole, &measure) {
                out.silenced = true;
                continue;
            }
            let verb = self.verbs.level(&whole, &measure);
            let Some((level, to_check)) = title_level(rule, verb) else { continue };
            out.findings.push(Finding {
                rule: rule.id.as_str().into(),
                level,
                to_check,
                stands: Stands::Title,
                words: vec![measure],
            });
        }
        out
    }

    fn excluded_anywhere(&self, rule: &CompiledRule, body: Option<&BodyView<'_, '_>>) -> bool {
        any(&self.hay, &rule.unless_anywhere)
            || body.is_some_and(|body| any(&body.hay, &rule.unless_anywhere))
    }

    /// The words of the title as printed on its page.
    pub(super) fn evidence(&self, measure: &Range, rule: &str) -> Vec<Span> {
        let (Some(span), Some(printed)) = (self.span, &self.printed) else { return Vec::new() };
        let (start, end) = if span.text.chars().count() as u32 + span.start != span.end {
            return vec![span.clone()];
        } else if printed.as_str() == self.folded.as_str() {
            trimmed(printed, measure)
        } else {
            let hay =
                Haystack::new(spaced(printed).into_bytes(), &self.rules.pieces, &self.rules.set);
            match self.rules.rule(rule).and_then(|rule| first(&hay, &rule.any)) {
                Some(found) => trimmed(printed, &found),
                None => return vec![span.clone()],
            }
        };
        let text = guetteur_model::fold::slice_chars(&span.text, start, end).to_owned();
        vec![Span { page: span.page, start: span.start + start, end: span.start + end, text }]
    }
}

fn title_level(rule: &CompiledRule, verb: Option<Level>) -> Option<(Level, bool)> {
    if rule.to_check {
        return Some((Level::Concerns, true));
    }
    if let Some(level) = rule.level.or(verb) {
        return Some((level, false));
    }
    match rule.without_verb {
        WithoutVerb::Authorises => Some((Level::Authorises, false)),
        WithoutVerb::Restricts => Some((Level::Restricts, false)),
        WithoutVerb::Concerns => Some((Level::Concerns, false)),
        WithoutVerb::ToCheck => Some((Level::Concerns, true)),
        WithoutVerb::Nothing => None,
    }
}
