//! What one act says, as values with the words they came from. One file a fact.

mod amends;
mod equipment;
mod legal;
mod notice;
mod number_words;
mod parties;
mod places;
mod purposes;
mod retention;
#[cfg(test)]
mod tests;
mod tokens;
mod validity;

use std::borrow::Cow;
use std::ops::Range;

use chrono::NaiveDate;
use guetteur_model::{Act, Facts, Span};

use crate::context::BulletinContext;
use crate::parts::{Parts, parts};
use crate::text::ActText;
use guetteur_communes::departement_name;
use tokens::{Token, tokens};

/// Spans kept per fact: enough to prove it.
const MOST_EVIDENCE: usize = 12;

/// An act prepared for reading.
pub(crate) struct Reading<'a> {
    pub act: &'a Act,
    pub text: &'a ActText<'a>,
    pub parts: Parts,
    /// The parts that say what the act does, in words: several facts read them.
    said: Vec<(Range<usize>, Vec<Token<'a>>)>,
    pub context: &'a BulletinContext<'a>,
    /// Département of the context, else of the act's number.
    pub departement: Option<String>,
}

impl<'a> Reading<'a> {
    fn new(act: &'a Act, text: &'a ActText<'a>, context: &'a BulletinContext<'a>) -> Self {
        let parts = parts(text);
        let said = saying(text, &parts)
            .into_iter()
            .map(|range| {
                let words = tokens(&text.as_str()[range.clone()], range.start);
                (range, words)
            })
            .collect();
        Self { act, text, parts, said, context, departement: departement(act, context) }
    }

    /// The words of a range.
    pub(crate) fn words(&self, range: &Range<usize>) -> Cow<'_, [Token<'a>]> {
        match self.said.iter().find(|(said, _)| said == range) {
            Some((_, words)) => Cow::Borrowed(words),
            None => Cow::Owned(tokens(
                self.text.as_str().get(range.clone()).unwrap_or_default(),
                range.start,
            )),
        }
    }

    /// Folded text of a range.
    pub(crate) fn slice(&self, range: &Range<usize>) -> &str {
        self.text.as_str().get(range.clone()).unwrap_or_default()
    }

    /// Title and articles, the parts that say what the act does; without articles the whole text.
    pub(crate) fn saying(&self) -> Vec<Range<usize>> {
        self.said.iter().map(|(range, _)| range.clone()).collect()
    }

    /// The title and the heading of the act: what it does in one sentence.
    pub(crate) fn headline(&self) -> Range<usize> {
        0..self.parts.heading.end
    }

    /// The day that undated words refer to: signature, else publication.
    pub(crate) fn reference_day(&self) -> Option<NaiveDate> {
        self.act.signed_on.or(self.context.published_on)
    }
}

fn saying(text: &ActText<'_>, parts: &Parts) -> Vec<Range<usize>> {
    let title = text.title();
    let mut ranges = vec![title.clone()];
    if parts.articles.is_empty() {
        ranges.push(title.end..parts.ending.start.max(title.end));
    } else {
        ranges.extend(parts.articles.iter().map(|article| article.range.clone()));
    }
    ranges
}

/// `text` up to the semicolon, and to `most` characters: a pattern that counted them would cost
/// more than all others.
pub(crate) fn clause(text: &str, most: usize) -> &str {
    let near = text.char_indices().nth(most).map_or(text, |(i, _)| &text[..i]);
    near.split(';').next().unwrap_or_default()
}

/// Notes the words of a fact.
pub(crate) fn note(facts: &mut Facts, field: &str, span: Option<Span>) {
    let Some(span) = span else { return };
    let spans = facts.evidence.entry(field.to_owned()).or_default();
    if spans.len() < MOST_EVIDENCE && !spans.contains(&span) {
        spans.push(span);
    }
}

/// Reads the facts of an act. Absent is better than guessed: a fact that the act does not state is
/// left out. Linear in the act's text, of which the first megabyte is read.
#[must_use]
pub fn extract_facts(act: &Act, context: &BulletinContext<'_>) -> Facts {
    let text = ActText::new(act);
    let reading = Reading::new(act, &text, context);
    let mut facts =
        Facts { published_on: context.published_on, signed_on: act.signed_on, ..Facts::default() };
    legal::read(&reading, &mut facts);
    validity::read(&reading, &mut facts);
    purposes::read(&reading, &mut facts);
    parties::read(&reading, &mut facts);
    equipment::read(&reading, &mut facts);
    retention::read(&reading, &mut facts);
    amends::read(&reading, &mut facts);
    // After the acts that it amends: their *Vu* may name the place.
    places::read(&reading, &mut facts);
    facts
}

/// `26` of the context or of `26-2025-02-19-00002`.
fn departement(act: &Act, context: &BulletinContext<'_>) -> Option<String> {
    if let Some(departement) = context.departement {
        return Some(departement.to_owned());
    }
    let prefix = act.number.as_deref()?.split('-').next()?;
    let code = match prefix.strip_prefix(['D', 'R']).unwrap_or(prefix) {
        one if one.len() == 1 => format!("0{one}"),
        code => code.to_owned(),
    };
    (departement_name(&code).is_some() && !prefix.starts_with('R')).then_some(code)
}
