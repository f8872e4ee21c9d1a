//! What one act says, as values with the words they came from. One file a fact.

mod amends;
mod equipment;
mod legal;
mod notice;
mod parties;
mod places;
mod purposes;
mod retention;
#[cfg(test)]
mod tests;
mod traces;
mod validity;

use std::borrow::Cow;
use std::ops::Range;

use chrono::NaiveDate;
use guetteur_model::dates::{number_words, tokens};
use guetteur_model::{Act, Facts, Region, Span};

use crate::context::BulletinContext;
use crate::parts::{Parts, parts};
use crate::regions::heading_event;
use crate::text::ActText;
use guetteur_communes::departement_name;
use tokens::{Token, tokens};

/// Spans kept per fact: enough to prove it.
const MOST_EVIDENCE: usize = 12;

/// A passage that says what the act does.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    pub region: Region,
    /// Number of the article.
    pub article: Option<u32>,
    pub range: Range<usize>,
}

/// An act prepared for reading.
pub(crate) struct Reading<'a> {
    pub act: &'a Act,
    pub text: &'a ActText<'a>,
    pub parts: Parts,
    said: Vec<Part>,
    /// The words of each: several facts read them.
    said_words: Vec<Vec<Token<'a>>>,
    pub context: &'a BulletinContext<'a>,
    /// Département of the context, else of the act's number.
    pub departement: Option<String>,
}

impl<'a> Reading<'a> {
    fn new(act: &'a Act, text: &'a ActText<'a>, context: &'a BulletinContext<'a>) -> Self {
        let parts = parts(text);
        let said = said(text, &parts);
        let said_words = said.iter().map(|part| words_of(text, &part.range)).collect();
        Self { act, text, parts, said, said_words, context, departement: departement(act, context) }
    }

    /// The words of a range, without those of footers and stamps.
    pub(crate) fn words(&self, range: &Range<usize>) -> Cow<'_, [Token<'a>]> {
        match self.said.iter().position(|part| part.range == *range) {
            Some(i) => Cow::Borrowed(&self.said_words[i]),
            None => Cow::Owned(words_of(self.text, range)),
        }
    }

    /// Folded text of a range.
    pub(crate) fn slice(&self, range: &Range<usize>) -> &str {
        self.text.as_str().get(range.clone()).unwrap_or_default()
    }

    /// Title, what the heading says the act does, and articles: nothing else says it. An act of
    /// which no article could be read decides nothing that can be read.
    pub(crate) fn said(&self) -> &[Part] {
        &self.said
    }

    /// The ranges of [`Reading::said`], the title first.
    pub(crate) fn saying(&self) -> Vec<Range<usize>> {
        self.said.iter().map(|part| part.range.clone()).collect()
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

/// The last `bytes` of a text, or a little less.
pub(crate) fn tail(text: &str, bytes: usize) -> &str {
    let from = text.len().saturating_sub(bytes);
    let from = (from..=text.len()).find(|&i| text.is_char_boundary(i)).unwrap_or(text.len());
    &text[from..]
}

/// The first `bytes` of a text, or a little less.
pub(crate) fn head(text: &str, bytes: usize) -> &str {
    let to = (0..=bytes.min(text.len())).rev().find(|&i| text.is_char_boundary(i)).unwrap_or(0);
    &text[..to]
}

fn said(text: &ActText<'_>, parts: &Parts) -> Vec<Part> {
    let title = Part { region: Region::Title, article: None, range: text.title() };
    let heading = heading_event(text, parts).into_iter();
    let heading = heading.map(|range| Part { region: Region::Heading, article: None, range });
    let articles = parts.articles.iter().map(|article| Part {
        region: Region::Article,
        article: Some(article.number),
        range: article.range.clone(),
    });
    std::iter::once(title).chain(heading).chain(articles).collect()
}

fn words_of<'a>(text: &'a ActText<'_>, range: &Range<usize>) -> Vec<Token<'a>> {
    match &text.without_furniture(range)[..] {
        [whole] => tokens(text.as_str().get(whole.clone()).unwrap_or_default(), whole.start),
        pieces => pieces
            .iter()
            .flat_map(|piece| {
                tokens(text.as_str().get(piece.clone()).unwrap_or_default(), piece.start)
            })
            .collect(),
    }
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
    traces::signature(&reading, &mut facts);
    traces::complete(&reading, &mut facts);
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
