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

mod body;
mod settle;
mod title;

use guetteur_model::fold::Folded;
use guetteur_model::{ActPage, Basis, Flag, Level, Span};

use crate::body::FoldedBody;
use crate::pattern::{Haystack, Pattern, Range};
use crate::ruleset::{CompiledCategory, RuleSet};
use body::BodyView;
use title::{TitleView, spaced};

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
        settle::settle(findings, title, body)
            .map(|settled| settled.flag(&category.category, title, body))
    }
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

fn first(hay: &Haystack<'_>, patterns: &[Pattern]) -> Option<Range> {
    patterns.iter().find_map(|pattern| hay.find(pattern).into_iter().next())
}

fn any(hay: &Haystack<'_>, patterns: &[Pattern]) -> bool {
    patterns.iter().any(|pattern| hay.has(pattern))
}

fn all(hay: &Haystack<'_>, patterns: &[Pattern]) -> Vec<Range> {
    patterns.iter().flat_map(|pattern| hay.find(pattern)).collect()
}
