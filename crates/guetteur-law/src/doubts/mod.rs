//! What in an act may lack a basis in law: one file a family of doubts.
//!
//! Precision before recall: a doubt is raised on what an act says or plainly leaves out, only for
//! measures that it grants with certainty, and only by texts that were read (`state = "ok"`).

mod said;
mod silent;
mod time;

use std::ops::Range;

use chrono::NaiveDate;
use guetteur_model::{Category, Change, Facts, Flag, LegalDoubt, LegalDoubtKind, Level, Span};

use crate::library::Library;
use crate::sentences::sentences;
use crate::text::{LegalText, State};

/// An act as the law looks at it.
pub struct ActUnderLaw<'a> {
    /// What it says.
    pub facts: &'a Facts,
    /// What it is flagged as.
    pub flags: &'a [Flag],
    /// Its whole text, folded (`guetteur_model::fold`).
    pub text: &'a str,
    /// Where the title stands in `text`.
    pub title: Range<usize>,
    /// Where its articles stand in `text`, in order; empty when none could be read.
    pub articles: &'a [Range<usize>],
    /// The passage of its page that a range of `text` came from.
    pub span: &'a dyn Fn(Range<usize>) -> Option<Span>,
}

/// A measure that the act grants.
pub(crate) struct Measure<'a> {
    pub(crate) act: &'a ActUnderLaw<'a>,
    pub(crate) category: &'a Category,
    flag: &'a Flag,
    /// First and last day of effect, as far as the act gives them.
    pub(crate) days: Option<(NaiveDate, NaiveDate)>,
}

/// The doubts of law on an act, in the order of its flags and of [`LegalDoubtKind::ALL`]: one of a
/// kind for a measure. Linear in the act's text.
#[must_use]
pub fn legal_doubts(library: &Library, act: &ActUnderLaw<'_>) -> Vec<LegalDoubt> {
    let mut doubts: Vec<LegalDoubt> = Vec::new();
    for flag in act.flags.iter().filter(|f| f.level == Level::Authorises && !f.to_check) {
        let measure = Measure { act, category: &flag.category, flag, days: days(act.facts) };
        let mut found = time::without_basis(library, &measure).into_iter().collect::<Vec<_>>();
        let on = measure.reference_day();
        let texts = on.into_iter().flat_map(|day| library.about(measure.category, day));
        for text in texts.filter(|text| text.state == State::Ok) {
            found.extend(time::doubts(&measure, text));
            found.extend(said::doubts(library, &measure, text));
            found.extend(silent::doubts(&measure, text));
        }
        found.sort_by_key(|doubt| doubt.kind);
        found.dedup_by_key(|doubt| doubt.kind);
        doubts.extend(found);
    }
    doubts
}

/// First and last day of effect. An act without an end is taken for its first day.
fn days(facts: &Facts) -> Option<(NaiveDate, NaiveDate)> {
    let from = facts.valid_from?.date();
    let to = facts.valid_to.map_or(from, |to| to.date());
    (to >= from).then_some((from, to))
}

impl<'a> Measure<'a> {
    /// The day on which the texts are read: the first of effect, else the signature, else the
    /// publication.
    pub(crate) fn reference_day(&self) -> Option<NaiveDate> {
        let facts = self.act.facts;
        self.days.map(|(from, _)| from).or(facts.signed_on).or(facts.published_on)
    }

    /// Whether the act only changes another one, and need not say everything again.
    pub(crate) fn amends(&self) -> bool {
        let changes = |change| matches!(change, Change::Modifies | Change::Extends);
        self.act.facts.amends.iter().any(|reference| changes(reference.change))
    }

    /// The sentences of title and articles: what the act decides.
    pub(crate) fn sentences(&self) -> impl Iterator<Item = Range<usize>> + use<'a> {
        let act = self.act;
        std::iter::once(act.title.clone()).chain(act.articles.iter().cloned()).flat_map(
            move |part| {
                let text = act.text.get(part.clone()).unwrap_or_default();
                sentences(text).into_iter().map(move |s| part.start + s.start..part.start + s.end)
            },
        )
    }

    pub(crate) fn slice(&self, range: &Range<usize>) -> &'a str {
        self.act.text.get(range.clone()).unwrap_or_default()
    }

    /// The text of all articles.
    pub(crate) fn operative(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        let act = self.act;
        act.articles.iter().map(move |article| act.text.get(article.clone()).unwrap_or_default())
    }

    pub(crate) fn doubt(
        &self,
        kind: LegalDoubtKind,
        text: &LegalText,
        says: String,
        dispelled_by: &str,
        evidence: Vec<Span>,
    ) -> LegalDoubt {
        let evidence = if evidence.is_empty() {
            self.flag.evidence.iter().take(1).cloned().collect()
        } else {
            evidence
        };
        LegalDoubt {
            kind,
            category: self.category.clone(),
            text: text.id.clone(),
            says,
            dispelled_by: dispelled_by.to_owned(),
            evidence,
        }
    }

    /// The words of a fact.
    pub(crate) fn words_of(&self, facts: &[&str]) -> Vec<Span> {
        let spans = facts.iter().filter_map(|fact| self.act.facts.evidence.get(*fact));
        spans.flat_map(|spans| spans.iter().take(2)).cloned().collect()
    }

    /// The words of a range, as evidence.
    pub(crate) fn quoted(&self, range: Range<usize>) -> Vec<Span> {
        (self.act.span)(range).into_iter().collect()
    }
}
