//! Mending misspelt words from the words that the index knows.

use guetteur_model::fold::fold;
use tantivy::Searcher;
use tantivy::query::FuzzyTermQuery;
use tantivy::schema::{Field, Term};

use crate::query::Node;
use crate::vocabulary::spellings;
use crate::{Query, analysis};

/// Shorter words have too many neighbours.
const MIN_CHARS: usize = 4;

/// The query with the words that no act has replaced by the nearest that acts have; `None` when
/// nothing is to mend.
pub(crate) fn suggestion(
    query: &Query,
    searcher: &Searcher,
    exact: Field,
) -> tantivy::Result<Option<String>> {
    let mut words = Vec::new();
    collect_words(query.root(), &mut words);
    let mut mended = query.text().to_owned();
    for word in words {
        if let Some(better) = nearest(word, searcher, exact)? {
            mended = mended.replacen(word, &better, 1);
        }
    }
    Ok(Some(mended).filter(|mended| mended != query.text()))
}

fn collect_words<'n>(node: &'n Node, words: &mut Vec<&'n str>) {
    match node {
        Node::Word(word) => words.push(word),
        Node::And(parts) | Node::Or(parts) => {
            parts.iter().for_each(|part| collect_words(part, words));
        }
        _ => {}
    }
}

/// The nearest known word; among equals the most frequent.
fn nearest(word: &str, searcher: &Searcher, exact: Field) -> tantivy::Result<Option<String>> {
    let [single] = &analysis::words(word)[..] else { return Ok(None) };
    let typed = single.text.as_str();
    let length = typed.chars().count();
    let known = Term::from_field_text(exact, typed);
    let letters = typed.chars().all(char::is_alphabetic);
    if length < MIN_CHARS || !letters || searcher.doc_freq(&known)? > 0 {
        return Ok(None);
    }
    let stems = analysis::stems(typed);
    if spellings().iter().any(|spelling| analysis::stems(spelling) == stems) {
        return Ok(None);
    }
    let distance = if length < 7 { 1 } else { 2 };
    let mut best: Option<(usize, u64, String)> = None;
    let mut consider = |candidate: String, frequency: u64| {
        let apart = strsim::osa_distance(typed, &fold(&candidate));
        let nearer = best.as_ref().is_none_or(|(other_apart, other_frequency, _)| {
            (apart, std::cmp::Reverse(frequency))
                < (*other_apart, std::cmp::Reverse(*other_frequency))
        });
        if apart > 0 && apart <= distance.into() && nearer {
            best = Some((apart, frequency, candidate));
        }
    };
    let automaton = FuzzyTermQuery::new(known, distance, true).automaton()?;
    for segment in searcher.segment_readers() {
        let index = segment.inverted_index(exact)?;
        let mut terms = index.terms().search(&automaton).into_stream()?;
        while terms.advance() {
            let frequency = terms.value().doc_freq.into();
            if let Ok(term) = std::str::from_utf8(terms.key()) {
                consider(term.to_owned(), frequency);
            }
        }
    }
    // The vocabulary's words carry accents, and are what people look for.
    for spelling in spellings() {
        consider(spelling.clone(), u64::MAX);
    }
    Ok(best.map(|(_, _, word)| word))
}
