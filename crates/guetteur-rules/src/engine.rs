//! Classifying: the title and the operative part decide, the rest cites.
//!
//! For each category the engine gathers *findings*, each with the zone it stands in:
//!
//! 1. the title, by its governing verb ([`crate::language`]);
//! 2. the heading of the body, read as a title, but only with a verb shortly before the measure;
//! 3. sentences of articles that hold both the measure and a verb of grant or repeal; article 1
//!    goes before later ones;
//! 4. anything else in the body is a citation.
//!
//! A confident title stands. A title that says too little (`to_check`) is settled by the body; if
//! the body cannot be read it stays « à vérifier ».

use guetteur_model::fold::Folded;
use guetteur_model::{ActPage, Basis, Category, Flag, Level, Span};

use crate::body::{FoldedBody, trimmed};
use crate::file::{Place, WithoutVerb};
use crate::language::{ArticleVerbs, TitleVerbs, sentence};
use crate::pattern::{Haystack, Pattern, Range};
use crate::ruleset::{CompiledCategory, CompiledRule, RuleSet};
use crate::zones::{Segment, Zone, split};

/// Passages quoted for one flag at most.
const MAX_EVIDENCE: usize = 4;

/// An act to classify.
#[derive(Debug, Clone, Copy)]
pub struct ActInput<'a> {
    /// Title, joined and mended, or as extracted.
    pub title: &'a str,
    /// Where the title stands, when it stands on a page: evidence for what the title alone says.
    pub title_span: Option<&'a Span>,
    /// The act's text; empty when only the title is known.
    pub pages: &'a [ActPage],
}

impl RuleSet {
    /// The flags of an act: at most one per category, at the strongest level found.
    #[must_use]
    pub fn classify(&self, act: &ActInput<'_>) -> Vec<Flag> {
        self.classify_folded(act.title, act.title_span, &FoldedBody::new(act.pages))
    }

    /// The flags that a title alone justifies, without evidence spans.
    #[must_use]
    pub fn classify_title(&self, title: &str) -> Vec<Flag> {
        self.classify(&ActInput { title, title_span: None, pages: &[] })
    }

    /// The first word on an act that only a sommaire or a divider page announces, before its pages
    /// are read: the flags that its title justifies, marked [`Basis::Sommaire`]. They stand until
    /// the full reading replaces them; a title that says too little is « à vérifier ».
    #[must_use]
    pub fn classify_sommaire(&self, title: &str, title_span: Option<&Span>) -> Vec<Flag> {
        let flags = self.classify(&ActInput { title, title_span, pages: &[] });
        flags.into_iter().map(|flag| Flag { basis: Basis::Sommaire, ..flag }).collect()
    }

    /// The flags of a title and a text that has no pages; evidence counts from page 1.
    #[must_use]
    pub fn classify_text(&self, title: &str, text: &str) -> Vec<Flag> {
        let page = ActPage { number: 1, offset: 0, text: text.to_owned() };
        self.classify(&ActInput { title, title_span: None, pages: &[page] })
    }

    /// [`RuleSet::classify`] on a body that is folded already.
    #[must_use]
    pub fn classify_folded(
        &self,
        title: &str,
        title_span: Option<&Span>,
        body: &FoldedBody<'_>,
    ) -> Vec<Flag> {
        let body_matters = self.may_matter(body.as_str());
        if !body_matters && !self.title_may_matter(title) {
            return Vec::new();
        }
        let title = TitleView::new(self, title, title_span, body.as_str());
        let body = body_matters.then(|| BodyView::new(self, body));
        let mut flags: Vec<Flag> = Vec::new();
        for category in &self.categories {
            let Some(flag) = self.flag(category, &title, body.as_ref()) else { continue };
            merge(&mut flags, flag);
        }
        flags
    }

    /// Whether a folded text holds a word of any rule: one pass, and all that most pages cost.
    #[must_use]
    pub fn may_matter(&self, folded: &str) -> bool {
        self.signal.as_ref().is_some_and(|signal| signal.is_match(folded.as_bytes()))
    }

    fn title_may_matter(&self, title: &str) -> bool {
        let spaced = spaced(&Folded::new(title));
        self.title_signal.as_ref().is_some_and(|signal| signal.is_match(spaced.as_bytes()))
    }

    fn flag(
        &self,
        category: &CompiledCategory,
        title: &TitleView<'_>,
        body: Option<&BodyView<'_, '_>>,
    ) -> Option<Flag> {
        let body = body.filter(|body| {
            category.signals.iter().any(|p| body.hay.has(p))
                || category.cites.iter().any(|p| body.hay.has(p))
        });
        let from_title = title.findings(category, body);
        let mut findings = from_title.findings;
        if let Some(body) = body {
            findings.extend(body.findings(category, title, from_title.silenced));
        }
        settle(findings, title, body).map(|settled| settled.flag(&category.category, title, body))
    }
}

/// Whether a body is an act with articles, as opposed to an unreadable scan or an empty page.
fn reads_as_an_act(folded: &str) -> bool {
    split(folded).iter().any(|segment| matches!(segment.zone, Zone::Article(_)))
}

/// Two files may serve one category: the stronger flag stays.
fn merge(flags: &mut Vec<Flag>, flag: Flag) {
    match flags.iter_mut().find(|other| other.category == flag.category) {
        Some(other) => {
            if (flag.to_check, flag.level) < (other.to_check, other.level) {
                *other = flag;
            }
        }
        None => flags.push(flag),
    }
}

/// Where a finding stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stands {
    Title,
    Heading,
    Article(u32),
    Cited,
}

#[derive(Debug, Clone)]
struct Finding<'a> {
    rule: std::borrow::Cow<'a, str>,
    level: Level,
    to_check: bool,
    stands: Stands,
    /// The measure, and the verb where there is one apart.
    words: Vec<Range>,
}

struct TitleFindings<'a> {
    findings: Vec<Finding<'a>>,
    /// The title names the category while it is about something else (a delegation).
    silenced: bool,
}

struct TitleView<'a> {
    folded: Folded,
    hay: Haystack<'a>,
    verbs: TitleVerbs,
    span: Option<&'a Span>,
    /// The words as printed, folded, when a span is known.
    printed: Option<Folded>,
    rules: &'a RuleSet,
    /// The act's folded text, empty when it is not known.
    act: &'a str,
}

/// Underscores separate words in file names.
fn spaced(folded: &Folded) -> String {
    folded.as_str().replace('_', " ")
}

impl<'a> TitleView<'a> {
    fn new(rules: &'a RuleSet, title: &str, span: Option<&'a Span>, act: &'a str) -> Self {
        let folded = Folded::new(title);
        let hay = Haystack::new(spaced(&folded).into_bytes(), &rules.pieces, &rules.set);
        let verbs = rules.language.title_verbs(&hay);
        let printed = span.map(|span| Folded::new(&span.text));
        Self { folded, hay, verbs, span, printed, rules, act }
    }

    fn findings<'r>(
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
    fn evidence(&self, measure: &Range, rule: &str) -> Vec<Span> {
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

struct BodyView<'a, 'p> {
    body: &'a FoldedBody<'p>,
    hay: Haystack<'a>,
    segments: Vec<Segment>,
    heading_verbs: TitleVerbs,
    article_verbs: ArticleVerbs,
}

impl<'a, 'p> BodyView<'a, 'p> {
    fn new(rules: &'a RuleSet, body: &'a FoldedBody<'p>) -> Self {
        let hay = Haystack::new(body.as_str().as_bytes(), &rules.pieces, &rules.set);
        Self {
            segments: split(body.as_str()),
            heading_verbs: rules.language.title_verbs(&hay),
            article_verbs: rules.language.article_verbs(&hay),
            body,
            hay,
        }
    }

    fn has_articles(&self) -> bool {
        self.segments.iter().any(|segment| matches!(segment.zone, Zone::Article(_)))
    }

    fn segment(&self, range: &Range) -> Option<&Segment> {
        let at = self.segments.partition_point(|segment| segment.range.end <= range.start);
        self.segments.get(at)
    }

    fn findings<'r>(
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

/// The finding that decides, and those that support it.
struct Settled<'a> {
    level: Level,
    to_check: bool,
    rule: std::borrow::Cow<'a, str>,
    support: Vec<Finding<'a>>,
}

fn settle<'a>(
    findings: Vec<Finding<'a>>,
    title: &TitleView<'_>,
    body: Option<&BodyView<'_, '_>>,
) -> Option<Settled<'a>> {
    let strongest = |stands: &dyn Fn(Stands) -> bool, to_check: bool| {
        findings
            .iter()
            .filter(|f| stands(f.stands) && f.to_check == to_check)
            .min_by_key(|f| f.level)
            .cloned()
    };
    let by_title = strongest(&|s| s == Stands::Title, false);
    let by_heading = strongest(&|s| s == Stands::Heading, false);
    let by_first = strongest(&|s| matches!(s, Stands::Article(0 | 1)), false);
    let by_later = strongest(&|s| matches!(s, Stands::Article(2..)), false);
    let in_body = by_heading.or(by_first).or(by_later);
    let opaque = strongest(&|s| s == Stands::Title, true);
    let cited = strongest(&|s| s == Stands::Cited, false);
    let decided = match (by_title, in_body) {
        (Some(title), Some(body)) if title.level >= Level::Concerns && body.level < title.level => {
            body
        }
        (Some(title), _) => title,
        (None, Some(body)) => body,
        (None, None) => return unsettled(findings.clone(), opaque, cited, title, body),
    };
    let support = findings
        .into_iter()
        .filter(|f| f.stands != Stands::Cited || decided.stands == Stands::Cited)
        .filter(|f| f.level == decided.level)
        .collect();
    Some(Settled { level: decided.level, to_check: false, rule: decided.rule, support })
}

/// Neither title nor operative part decides.
fn unsettled<'a>(
    findings: Vec<Finding<'a>>,
    opaque: Option<Finding<'a>>,
    cited: Option<Finding<'a>>,
    title: &TitleView<'_>,
    body: Option<&BodyView<'_, '_>>,
) -> Option<Settled<'a>> {
    // A title that hints at the category is answered by readable articles that never name it.
    let answered = cited.is_none() && opaque.is_some() && reads_as_an_act(title.act);
    if let Some(opaque) = opaque.filter(|_| !answered) {
        let support = findings.into_iter().filter(|f| f.to_check).collect();
        return Some(Settled { level: opaque.level, to_check: true, rule: opaque.rule, support });
    }
    let cited = cited?;
    // The articles of a bad scan may be what decided: visas alone cannot say.
    let to_check = body.is_some_and(|body| !body.has_articles());
    let support = findings.into_iter().filter(|f| f.rule == cited.rule).collect();
    Some(Settled { level: cited.level, to_check, rule: cited.rule, support })
}

impl Settled<'_> {
    fn flag(
        self,
        category: &Category,
        title: &TitleView<'_>,
        body: Option<&BodyView<'_, '_>>,
    ) -> Flag {
        let mut evidence: Vec<Span> = Vec::new();
        let mut basis = Basis::Title;
        for finding in &self.support {
            let spans: Vec<Span> = match (finding.stands, body) {
                (Stands::Title, _) => title.evidence(&finding.words[0], &finding.rule),
                (_, Some(body)) => {
                    basis = Basis::Body;
                    finding.words.iter().flat_map(|words| body.body.spans(words)).collect()
                }
                (_, None) => Vec::new(),
            };
            for span in spans {
                add_evidence(&mut evidence, span);
            }
        }
        Flag {
            category: category.clone(),
            level: self.level,
            rule: self.rule.into_owned(),
            to_check: self.to_check,
            basis,
            evidence,
        }
    }
}

/// Adds `span` unless it is quoted already; a longer quotation replaces a shorter one inside it.
fn add_evidence(evidence: &mut Vec<Span>, span: Span) {
    let within = |a: &Span, b: &Span| a.page == b.page && a.start >= b.start && a.end <= b.end;
    if evidence.iter().any(|other| within(&span, other)) {
        return;
    }
    evidence.retain(|other| !within(other, &span));
    if evidence.len() < MAX_EVIDENCE {
        evidence.push(span);
    }
}

fn first(hay: &Haystack<'_>, patterns: &[Pattern]) -> Option<Range> {
    patterns.iter().find_map(|pattern| hay.find(pattern).into_iter().next())
}

fn any(hay: &Haystack<'_>, patterns: &[Pattern]) -> bool {
    patterns.iter().any(|pattern| hay.has(pattern))
}

fn all(hay: &Haystack<'_>, patterns: &[Pattern]) -> Vec<Range> {
    patterns.iter().flat_map(|pattern| hay.find(pattern)).collect()
}
