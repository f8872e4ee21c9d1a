//! What a body says of a category: heading, articles, citations.

use guetteur_model::Level;

use super::title::TitleView;
use super::{Finding, Stands, all, any};
use crate::body::FoldedBody;
use crate::file::Place;
use crate::language::{ArticleVerbs, TitleVerbs, sentence};
use crate::pattern::{Haystack, Range};
use crate::ruleset::{CompiledCategory, CompiledRule, RuleSet};
use crate::zones::{Segment, Zone, split};

pub(super) struct BodyView<'a, 'p> {
    pub(super) body: &'a FoldedBody<'p>,
    pub(super) hay: Haystack<'a>,
    segments: Vec<Segment>,
    heading_verbs: TitleVerbs,
    article_verbs: ArticleVerbs,
}

impl<'a, 'p> BodyView<'a, 'p> {
    pub(super) fn new(rules: &'a RuleSet, body: &'a FoldedBody<'p>) -> Self {
        let hay = Haystack::new(body.as_str().as_bytes(), &rules.pieces, &rules.set);
        Self {
            segments: split(body.as_str()),
            heading_verbs: rules.language.title_verbs(&hay),
            article_verbs: rules.language.article_verbs(&hay),
            body,
            hay,
        }
    }

    pub(super) fn has_articles(&self) -> bool {
        self.segments.iter().any(|segment| matches!(segment.zone, Zone::Article(_)))
    }

    fn segment(&self, range: &Range) -> Option<&Segment> {
        let at = self.segments.partition_point(|segment| segment.range.end <= range.start);
        self.segments.get(at)
    }

    pub(super) fn findings<'r>(
        &self,
        category: &'r CompiledCategory,
        title: &TitleView<'_>,
        silenced: bool,
    ) -> Vec<Finding<'r>> {
        let mut found = Vec::new();
        for rule in category.rules.iter().filter(|rule| rule.place != Place::Title) {
            if any(&self.hay, &rule.unless_anywhere) || any(&title.hay, &rule.unless_anywhere) {
                continue;
            }
            let unless = all(&self.hay, &rule.unless);
            for measure in rule.any.iter().flat_map(|pattern| self.hay.find(pattern)) {
                found.extend(self.finding(rule, measure, &unless, silenced));
            }
        }
        let cited = all(&self.hay, &category.cites);
        found.extend(cited.into_iter().take(1).map(|words| Finding {
            rule: format!("{}/citation", category.category).into(),
            level: Level::Mentions,
            to_check: false,
            stands: Stands::Cited,
            words: vec![words],
        }));
        found
    }

    fn finding<'r>(
        &self,
        rule: &'r CompiledRule,
        measure: Range,
        unless: &[Range],
        silenced: bool,
    ) -> Option<Finding<'r>> {
        let segment = self.segment(&measure)?;
        let around = sentence(&self.hay.text, &segment.range, &measure);
        if unless.iter().any(|r| r.start >= around.start && r.end <= around.end) {
            return None;
        }
        let whole = measure.end <= segment.range.end;
        let decided = if silenced || rule.to_check || !whole {
            None
        } else if segment.zone == Zone::Heading {
            self.heading_level(rule, &segment.range, &measure)
        } else if segment.zone.operative() {
            self.article_verbs.level(&around).map(|(level, verb)| {
                let number = if let Zone::Article(number) = segment.zone { number } else { 0 };
                (rule.level.unwrap_or(level), Stands::Article(number), Some(verb))
            })
        } else {
            None
        };
        let (level, stands, verb) = decided.unwrap_or((Level::Mentions, Stands::Cited, None));
        let mut words = vec![measure];
        words.extend(verb.filter(|verb| verb.start < words[0].start || verb.end > words[0].end));
        words.sort_unstable_by_key(|range| range.start);
        Some(Finding { rule: rule.id.as_str().into(), level, to_check: false, stands, words })
    }

    /// A heading is letterhead and title run together: its verb stands shortly before the measure.
    fn heading_level(
        &self,
        rule: &CompiledRule,
        heading: &Range,
        measure: &Range,
    ) -> Option<(Level, Stands, Option<Range>)> {
        const REACH: usize = 220;
        let near = heading.start.max(measure.start.saturating_sub(REACH))..measure.end;
        if !rule.any_subject && self.heading_verbs.other_subject(&near, measure) {
            return None;
        }
        let level = self.heading_verbs.level(&near, measure)?;
        Some((rule.level.unwrap_or(level), Stands::Heading, None))
    }
}
