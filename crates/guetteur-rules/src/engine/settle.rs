//! From findings to one flag: which of them decides, and the words that are quoted for it.

use guetteur_model::{Basis, Category, Flag, Level, Span};

use super::body::BodyView;
use super::title::TitleView;
use super::{Finding, Stands};
use crate::zones::{Zone, split};

/// Passages quoted for one flag at most.
const MAX_EVIDENCE: usize = 4;

/// The finding that decides, and those that support it.
pub(super) struct Settled<'a> {
    level: Level,
    to_check: bool,
    rule: std::borrow::Cow<'a, str>,
    support: Vec<Finding<'a>>,
}

pub(super) fn settle<'a>(
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
    pub(super) fn flag(
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

/// Whether a body is an act with articles, as opposed to an unreadable scan or an empty page.
fn reads_as_an_act(folded: &str) -> bool {
    split(folded).iter().any(|segment| matches!(segment.zone, Zone::Article(_)))
}
