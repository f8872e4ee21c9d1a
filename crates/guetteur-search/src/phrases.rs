//! Phrases whose matches are remembered.
//!
//! To find a phrase the engine compares the places of its words in every act that has them all. Few
//! phrases are typed: most come from the vocabulary, the same ones whenever somebody types their word.
//! A segment never changes, so it is searched once for a phrase, and remembered is which acts have it,
//! and how often. Scores are computed anew: they follow the whole index.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use tantivy::fieldnorm::FieldNormReader;
use tantivy::index::SegmentId;
use tantivy::query::{Bm25Weight, EnableScoring, Explanation, PhraseQuery, Query, Scorer, Weight};
use tantivy::schema::Term;
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED};

/// Matches held, of all phrases: 32 MB. What is over it begins anew.
const MOST_MATCHES: usize = 4_000_000;
/// What a phrase costs beside its matches, in matches.
const OVERHEAD: usize = 32;

/// Terms in a row, with at most so many others between.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Phrase {
    terms: Vec<Term>,
    distance: u32,
}

impl Phrase {
    fn query(&self) -> PhraseQuery {
        let mut query = PhraseQuery::new(self.terms.clone());
        query.set_slop(self.distance);
        query
    }
}

/// The matches of phrases, by segment.
#[derive(Default)]
pub(crate) struct PhraseMemory(Mutex<Remembered>);

#[derive(Default)]
struct Remembered {
    matches: HashMap<(SegmentId, Phrase), Arc<Matches>>,
    held: usize,
}

/// A phrase in a segment: the acts that have it, ascending, each with how often.
#[derive(Debug, Default, PartialEq, Eq)]
struct Matches {
    docs: Vec<DocId>,
    counts: Vec<u32>,
}

impl PhraseMemory {
    fn get(&self, key: &(SegmentId, Phrase)) -> Option<Arc<Matches>> {
        let remembered = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        remembered.matches.get(key).map(Arc::clone)
    }

    fn keep(&self, key: (SegmentId, Phrase), matches: Arc<Matches>) {
        let mut remembered = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let size = matches.docs.len() + OVERHEAD;
        if remembered.held + size > MOST_MATCHES {
            *remembered = Remembered::default();
        }
        if remembered.matches.insert(key, matches).is_none() {
            remembered.held += size;
        }
    }
}

/// A [`PhraseQuery`] that remembers: same acts, same scores.
#[derive(Clone)]
pub(crate) struct RememberedPhrase {
    phrase: Phrase,
    memory: Arc<PhraseMemory>,
}

impl RememberedPhrase {
    /// Two terms or more of one field.
    pub(crate) fn new(terms: Vec<Term>, distance: u32, memory: &Arc<PhraseMemory>) -> Self {
        Self { phrase: Phrase { terms, distance }, memory: Arc::clone(memory) }
    }
}

impl fmt::Debug for RememberedPhrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.phrase.fmt(f)
    }
}

impl Query for RememberedPhrase {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let query = self.phrase.query();
        let Some(searcher) = scoring.searcher() else { return query.weight(scoring) };
        Ok(Box::new(PhraseWeight {
            engine: query.weight(EnableScoring::enabled_from_searcher(searcher))?,
            bm25: Bm25Weight::for_terms(searcher, &self.phrase.terms)?,
            scored: scoring.is_scoring_enabled(),
            phrase: self.phrase.clone(),
            memory: Arc::clone(&self.memory),
        }))
    }

    fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a Term, bool)) {
        self.phrase.terms.iter().for_each(|term| visitor(term, true));
    }
}

struct PhraseWeight {
    phrase: Phrase,
    memory: Arc<PhraseMemory>,
    /// The engine's own, which looks at places.
    engine: Box<dyn Weight>,
    bm25: Bm25Weight,
    scored: bool,
}

impl PhraseWeight {
    fn matches(&self, segment: &SegmentReader) -> tantivy::Result<Arc<Matches>> {
        let key = (segment.segment_id(), self.phrase.clone());
        if let Some(known) = self.memory.get(&key) {
            return Ok(known);
        }
        let norms = self.norms(segment)?;
        let mut scorer = self.engine.scorer(segment, 1.0)?;
        let mut matches = Matches::default();
        while scorer.doc() != TERMINATED {
            let doc = scorer.doc();
            matches.docs.push(doc);
            matches.counts.push(self.count(norm(&norms, doc), scorer.score()));
            scorer.advance();
        }
        let matches = Arc::new(matches);
        self.memory.keep(key, Arc::clone(&matches));
        Ok(matches)
    }

    /// How often an act has the phrase. The engine tells it in the score alone, which grows with it.
    fn count(&self, norm: u8, score: Score) -> u32 {
        let counts = 1..u32::from(u16::MAX);
        counts.into_iter().find(|n| self.bm25.score(norm, *n) >= score).unwrap_or(1)
    }

    fn norms(&self, segment: &SegmentReader) -> tantivy::Result<Option<FieldNormReader>> {
        segment.fieldnorms_readers().get_field(self.phrase.terms[0].field())
    }
}

/// The length of an act's field, as the engine codes it; 1 where lengths are not kept.
fn norm(norms: &Option<FieldNormReader>, doc: DocId) -> u8 {
    norms.as_ref().map_or(1, |norms| norms.fieldnorm_id(doc))
}

impl Weight for PhraseWeight {
    fn scorer(&self, segment: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        Ok(Box::new(PhraseScorer {
            matches: self.matches(segment)?,
            at: 0,
            norms: self.norms(segment)?,
            bm25: self.scored.then(|| self.bm25.boost_by(boost)),
        }))
    }

    fn explain(&self, segment: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        self.engine.explain(segment, doc)
    }
}

struct PhraseScorer {
    matches: Arc<Matches>,
    at: usize,
    norms: Option<FieldNormReader>,
    bm25: Option<Bm25Weight>,
}

impl DocSet for PhraseScorer {
    fn advance(&mut self) -> DocId {
        self.at += 1;
        self.doc()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        // Targets are near: doubling steps find the range to halve.
        let docs = self.matches.docs.get(self.at..).unwrap_or_default();
        let mut reach = 1;
        while docs.get(reach).is_some_and(|doc| *doc < target) {
            reach *= 2;
        }
        let near = &docs[..docs.len().min(reach + 1)];
        self.at += near.partition_point(|doc| *doc < target);
        self.doc()
    }

    fn doc(&self) -> DocId {
        self.matches.docs.get(self.at).copied().unwrap_or(TERMINATED)
    }

    fn size_hint(&self) -> u32 {
        u32::try_from(self.matches.docs.len()).unwrap_or(u32::MAX)
    }
}

impl Scorer for PhraseScorer {
    fn score(&mut self) -> Score {
        let Some(bm25) = &self.bm25 else { return 1.0 };
        let count = self.matches.counts.get(self.at).copied().unwrap_or_default();
        bm25.score(norm(&self.norms, self.doc()), count)
    }
}

#[cfg(test)]
mod tests {
    use tantivy::collector::TopDocs;
    use tantivy::schema::{Schema, TEXT};
    use tantivy::{Index, IndexWriter, Searcher, doc};

    use super::*;

    /// Three segments of texts drawn from few words, one act of each deleted.
    fn index() -> (Index, tantivy::schema::Field) {
        let mut schema = Schema::builder();
        let text = schema.add_text_field("text", TEXT);
        let index = Index::create_in_ram(schema.build());
        let mut writer: IndexWriter = index.writer_with_num_threads(1, 15_000_000).expect("writer");
        writer.set_merge_policy(Box::new(tantivy::merge_policy::NoMergePolicy));
        let mut rng = fastrand::Rng::with_seed(1);
        for segment in 0..3 {
            for n in 0..60 {
                let words =
                    (0..4 + n % 9).map(|_| ["captation", "images", "drone", "vol"][rng.usize(..4)]);
                let words: Vec<&str> = words.collect();
                let name = format!("only{segment}n{n}");
                writer
                    .add_document(doc!(text => format!("{} {name}", words.join(" "))))
                    .expect("row");
            }
            writer.commit().expect("commit");
            writer.delete_term(Term::from_field_text(text, &format!("only{segment}n7")));
        }
        writer.commit().expect("commit");
        (index, text)
    }

    fn found(searcher: &Searcher, query: &dyn Query) -> Vec<(Score, tantivy::DocAddress)> {
        searcher.search(query, &TopDocs::with_limit(1_000).order_by_score()).expect("search")
    }

    #[test]
    fn same_acts_and_scores_as_the_engine_the_first_time_and_later() {
        let (index, text) = index();
        let searcher = index.reader().expect("reader").searcher();
        assert_eq!(searcher.segment_readers().len(), 3);
        let memory = Arc::new(PhraseMemory::default());
        let word = |word: &str| Term::from_field_text(text, word);
        for (words, distance) in [
            (vec!["captation", "images"], 0),
            (vec!["captation", "images"], 3),
            (vec!["captation", "images", "drone"], 5),
            (vec!["drone", "drone"], 0),
            (vec!["drone", "absent"], 0),
        ] {
            let phrase = Phrase { terms: words.iter().map(|w| word(w)).collect(), distance };
            let expected = found(&searcher, &phrase.query());
            let ours = RememberedPhrase::new(phrase.terms.clone(), distance, &memory);
            for time in 0..2 {
                assert_eq!(found(&searcher, &ours), expected, "{phrase:?}, time {time}");
            }
            let both = |part: Box<dyn Query>| {
                tantivy::query::BooleanQuery::intersection(vec![
                    Box::new(tantivy::query::TermQuery::new(word("vol"), Default::default())),
                    part,
                ])
            };
            let sought = found(&searcher, &both(Box::new(ours)));
            assert_eq!(sought, found(&searcher, &both(Box::new(phrase.query()))), "{phrase:?}");
        }
        let known = memory.0.lock().expect("memory").matches.len();
        assert_eq!(known, 5 * 3, "each phrase once in each segment");
    }

    #[test]
    fn what_is_over_the_limit_begins_anew() {
        let memory = PhraseMemory::default();
        let key = |n| {
            let term = Term::from_field_u64(tantivy::schema::Field::from_field_id(0), n);
            (SegmentId::generate_random(), Phrase { terms: vec![term], distance: 0 })
        };
        let docs = vec![0; MOST_MATCHES / 2];
        let matches = Arc::new(Matches { counts: docs.clone(), docs });
        let first = key(0);
        memory.keep(first.clone(), Arc::clone(&matches));
        assert!(memory.get(&first).is_some());
        memory.keep(key(1), matches);
        assert!(memory.get(&first).is_none());
        assert_eq!(memory.0.lock().expect("memory").matches.len(), 1);
    }
}
