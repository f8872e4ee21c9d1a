//! From a query and its filters to what the engine runs.

mod filters;
mod units;

use std::sync::Arc;

use guetteur_model::Level;
use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, DisjunctionMaxQuery, EmptyQuery, Occur,
    Query as EngineQuery, RegexQuery, TermQuery,
};
use tantivy::schema::{Field, IndexRecordOption, Term};

use crate::Expansion;
use crate::analysis;
use crate::phrases::{PhraseMemory, RememberedPhrase};
use crate::query::{FieldTerm, Node};
use crate::schema::{Fields, flag_code};
use crate::snippet::Highlights;

pub(crate) use filters::{filter_clauses, withdrawn};

type Part = Box<dyn EngineQuery>;

/// What a word in the title counts beside the same word in the text.
const TITLE_BOOST: f32 = 2.0;
/// What a meaning counts beside the words typed.
const MEANT_BOOST: f32 = 0.5;
/// What a second way of saying the same counts beside the best.
const OTHER_WAYS: f32 = 0.1;
/// What a category counts in rank.
const CODE_SCORE: f32 = 8.0;
/// What being flagged counts in rank: among acts that have the words, those that authorise or restrict
/// surveillance come first.
const FLAGGED_SCORE: f32 = 2.0;
/// Words a query must have before one may be missing.
const MIN_WORDS_TO_RELAX: usize = 4;

/// A query for the engine, with what the answer says about it.
pub(crate) struct Compiled {
    /// All words.
    pub(crate) strict: Part,
    /// All words but one, when there are enough words.
    pub(crate) relaxed: Option<Part>,
    /// Whether matches differ in rank.
    pub(crate) ranked: bool,
    pub(crate) highlights: Highlights,
    pub(crate) expanded: Vec<Expansion>,
    pub(crate) notes: Vec<String>,
}

/// Compiles `root`.
pub(crate) fn compile(root: &Node, fields: &Fields, phrases: &Arc<PhraseMemory>) -> Compiled {
    let mut compiler = Compiler {
        fields,
        rows: Rows { fields, phrases },
        highlights: Highlights::default(),
        expanded: Vec::new(),
        notes: Vec::new(),
        negated: false,
        expanding: true,
        ranked: false,
    };
    let (strict, relaxed) = match root {
        Node::And(parts) => {
            let units = compiler.units(parts);
            let relaxed = units::relaxed(&units);
            (units::all_of(units), relaxed)
        }
        other => (compiler.node(other), None),
    };
    let Compiler { highlights, expanded, notes, ranked, .. } = compiler;
    Compiled { strict, relaxed, ranked, highlights, expanded, notes }
}

struct Compiler<'a> {
    fields: &'a Fields,
    rows: Rows<'a>,
    highlights: Highlights,
    expanded: Vec<Expansion>,
    notes: Vec<String>,
    /// Inside `SAUF`: nothing to highlight.
    negated: bool,
    /// Whether words are looked up in the vocabulary; not within its own queries.
    expanding: bool,
    ranked: bool,
}

impl Compiler<'_> {
    fn node(&mut self, node: &Node) -> Part {
        match node {
            Node::Everything => everything(),
            Node::Word(_) => {
                let units = self.units(std::slice::from_ref(node));
                units::all_of(units)
            }
            Node::Phrase(text) => self.phrase(self.fields.exact, text),
            Node::Near(text, distance) => self.near(text, *distance),
            Node::Prefix(text) => self.prefix(text),
            Node::Field(term) => filters::field(term, self.rows),
            Node::And(parts) => {
                let units = self.units(parts);
                units::all_of(units)
            }
            Node::Or(parts) => {
                let parts: Vec<Part> = parts.iter().map(|part| self.node(part)).collect();
                any_of(parts)
            }
            Node::Not(part) => {
                let excluded = self.excluded(part);
                Box::new(BooleanQuery::new(vec![
                    (Occur::Must, everything()),
                    (Occur::MustNot, excluded),
                ]))
            }
        }
    }

    /// What `SAUF` excludes: the words as typed, not their meanings.
    fn excluded(&mut self, part: &Node) -> Part {
        let outside = (self.negated, self.expanding);
        (self.negated, self.expanding) = (true, false);
        let query = self.node(part);
        (self.negated, self.expanding) = outside;
        query
    }

    /// A word in any form: one stem, or several in a row (`2025-00626`, `franco-italienne`).
    /// `None` for a stop word.
    fn word(&mut self, word: &str) -> Option<Part> {
        let stems = analysis::stems(word);
        if stems.is_empty() {
            return None;
        }
        self.ranked = true;
        if !self.negated {
            self.highlights.stems.extend(stems.iter().cloned());
        }
        let in_text = self.rows.of(self.fields.text, &stems, 0);
        let in_title = self.rows.of(self.fields.title, &stems, 0);
        Some(Box::new(BooleanQuery::new(vec![
            (Occur::Must, in_text),
            (Occur::Should, Box::new(BoostQuery::new(in_title, TITLE_BOOST))),
        ])))
    }

    /// Words as they stand.
    fn phrase(&mut self, field: Field, text: &str) -> Part {
        let words: Vec<String> = analysis::words(text).into_iter().map(|word| word.text).collect();
        if words.is_empty() {
            return everything();
        }
        self.ranked = true;
        if !self.negated {
            self.highlights.exact.extend(words.iter().cloned());
        }
        self.rows.of(field, &words, 0)
    }

    /// Stems close to each other.
    fn near(&mut self, text: &str, distance: u32) -> Part {
        let stems = analysis::stems(text);
        if stems.is_empty() {
            return everything();
        }
        self.ranked = true;
        if !self.negated {
            self.highlights.stems.extend(stems.iter().cloned());
        }
        self.rows.of(self.fields.text, &stems, distance)
    }

    /// The beginning of a word; of a compound (`vidéo-prot*`), its parts in one.
    fn prefix(&mut self, text: &str) -> Part {
        let joined: String = analysis::words(text).into_iter().map(|word| word.text).collect();
        let pattern = format!("{joined}.*");
        let safe = !joined.is_empty() && joined.chars().all(char::is_alphanumeric);
        let query = safe.then(|| RegexQuery::from_pattern(&pattern, self.fields.exact).ok());
        let Some(query) = query.flatten() else { return Box::new(EmptyQuery) };
        if !self.negated {
            self.highlights.prefixes.push(joined);
        }
        Box::new(query)
    }

    /// What a vocabulary entry means, as a query of its own.
    fn meaning(&mut self, node: &Node) -> Part {
        let outside = self.expanding;
        self.expanding = false;
        let query = self.node(node);
        self.expanding = outside;
        query
    }
}

/// Makes queries of words that stand together.
#[derive(Clone, Copy)]
struct Rows<'a> {
    fields: &'a Fields,
    phrases: &'a Arc<PhraseMemory>,
}

impl Rows<'_> {
    /// One term, or terms in a row with at most `distance` others between.
    fn of(self, field: Field, terms: &[String], distance: u32) -> Part {
        let mut engine_terms: Vec<Term> =
            terms.iter().map(|text| Term::from_field_text(field, text)).collect();
        if engine_terms.len() > 1 {
            return Box::new(RememberedPhrase::new(engine_terms, distance, self.phrases));
        }
        match engine_terms.pop() {
            Some(term) => Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs)),
            None => Box::new(EmptyQuery),
        }
    }
}

/// Everything, without weight.
fn everything() -> Part {
    unranked(Box::new(AllQuery))
}

fn unranked(query: Part) -> Part {
    Box::new(ConstScoreQuery::new(query, 0.0))
}

fn any_of(mut parts: Vec<Part>) -> Part {
    match parts.len() {
        0 => Box::new(EmptyQuery),
        1 => parts.remove(0),
        _ => Box::new(BooleanQuery::union(parts)),
    }
}

/// The query, acts that authorise or restrict something ranked higher.
pub(crate) fn flagged_first(query: Part, fields: &Fields) -> Part {
    let telling = [Level::Authorises, Level::Restricts];
    let levels = any_of(telling.iter().map(|level| code(fields.level, level.as_str())).collect());
    Box::new(BooleanQuery::new(vec![
        (Occur::Must, query),
        (Occur::Should, Box::new(ConstScoreQuery::new(levels, FLAGGED_SCORE))),
    ]))
}

/// Any of several ways to say one thing: the best counts, since saying it in many ways is not saying
/// more.
fn best_of(mut parts: Vec<Part>) -> Part {
    match parts.len() {
        0 => Box::new(EmptyQuery),
        1 => parts.remove(0),
        _ => Box::new(DisjunctionMaxQuery::with_tie_breaker(parts, OTHER_WAYS)),
    }
}

/// A code in a field, all matches alike.
fn code(field: Field, value: &str) -> Part {
    let term = Term::from_field_text(field, &value.to_lowercase());
    Box::new(ConstScoreQuery::new(
        Box::new(TermQuery::new(term, IndexRecordOption::Basic)),
        CODE_SCORE,
    ))
}

/// Flags of these categories at these levels: one flag must have both.
fn flags<'c>(fields: &Fields, categories: impl Iterator<Item = &'c str>, levels: &[Level]) -> Part {
    let pairs = categories.flat_map(|c| levels.iter().map(move |level| flag_code(c, *level)));
    any_of(pairs.map(|pair| code(fields.flag, &pair)).collect())
}

/// The category and level fields of one conjunction, which are about one and the same flag.
fn flag_pair<'n>(parts: &'n [Node]) -> Option<(&'n Node, &'n Node, FlagPair<'n>)> {
    let category = parts.iter().find(|n| matches!(n, Node::Field(FieldTerm::Category(_))))?;
    let level = parts.iter().find(|n| matches!(n, Node::Field(FieldTerm::Level(_))))?;
    match (category, level) {
        (Node::Field(FieldTerm::Category(categories)), Node::Field(FieldTerm::Level(levels))) => {
            Some((category, level, FlagPair { categories, levels }))
        }
        _ => None,
    }
}

struct FlagPair<'n> {
    categories: &'n [guetteur_model::Category],
    levels: &'n [Level],
}
