//! One pass over the acts found: how many, the best of them, and the facets; what is known of a
//! segment already is not looked for again.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::Column;
use tantivy::query::Weight;
use tantivy::{DocAddress, DocId, DocSet, Score, Searcher, SegmentOrdinal, SegmentReader};

use super::counts::{CountPass, Counts, Sum, Wanted};
use super::following::Place;
use super::memory::{Alive, Asked, Memory};
use crate::Sort;

/// Bytes of counts remembered, and of best acts.
const MOST_COUNTS: usize = 12_000_000;
const MOST_BEST: usize = 4_000_000;

/// What was found, by segment and question.
pub(crate) struct Answers {
    counts: Memory<Asked, Arc<KnownCounts>>,
    best: Memory<Asked, Arc<KnownBest>>,
}

impl Default for Answers {
    fn default() -> Self {
        Self { counts: Memory::new(MOST_COUNTS), best: Memory::new(MOST_BEST) }
    }
}

struct KnownCounts {
    alive: Alive,
    counts: Arc<Counts>,
}

struct KnownBest {
    /// State of the whole index for which the scores hold; without scores it does not matter.
    generation: u64,
    best: Arc<[Best]>,
}

/// What the pass collects.
pub(crate) struct Pass<'v> {
    pub(crate) sort: Sort,
    /// Best acts to keep.
    pub(crate) keep: usize,
    pub(crate) facets: Wanted<'v>,
    /// State of the whole index.
    pub(crate) generation: u64,
    /// Where answers are remembered, as what was asked.
    pub(crate) memory: Option<(&'v Answers, Arc<str>)>,
}

/// Rank of an act: sort value, day of publication, act id; larger is earlier.
type Key = (u64, i64, i64);

/// An act among the best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Best {
    key: Key,
    score_bits: u32,
    pub(crate) address: DocAddress,
}

impl Best {
    pub(crate) fn act_id(&self) -> i64 {
        self.key.2
    }

    pub(crate) fn place(&self) -> Place {
        Place::of(self.key.1, self.key.2)
    }

    pub(crate) fn score(&self) -> f32 {
        f32::from_bits(self.score_bits)
    }
}

/// What was found in one segment.
pub(crate) struct FoundInSegment {
    segment: SegmentOrdinal,
    counts: Arc<Counts>,
    best: Arc<[Best]>,
}

/// What was found in all.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) counts: Sum,
    /// Best first.
    pub(crate) best: Vec<Best>,
}

impl Pass<'_> {
    fn scores(&self) -> bool {
        self.sort == Sort::Relevance && self.keep > 0
    }

    fn asked(&self, segment: &SegmentReader, what: &str) -> Option<Asked> {
        let (_, question) = self.memory.as_ref()?;
        Some((segment.segment_id(), format!("{what}\n{question}").into()))
    }

    fn counts_key(&self, segment: &SegmentReader) -> Option<Asked> {
        self.asked(segment, if self.facets.is_some() { "facets" } else { "total" })
    }

    fn best_key(&self, segment: &SegmentReader) -> Option<Asked> {
        self.asked(segment, &format!("{} {}", self.sort, self.keep))
    }

    /// The answer as far as it is remembered of every segment.
    pub(crate) fn remembered(&self, searcher: &Searcher) -> Option<Found> {
        let (answers, _) = self.memory.as_ref()?;
        let of_segment = |(segment, reader): (u32, &SegmentReader)| {
            let known = answers.counts.get(&self.counts_key(reader)?)?;
            let counts = known.alive.is_of(reader).then(|| Arc::clone(&known.counts))?;
            Some(FoundInSegment { segment, counts, best: self.known_best(reader)? })
        };
        let found: Option<Vec<_>> = (0..).zip(searcher.segment_readers()).map(of_segment).collect();
        Some(self.merge(found?))
    }

    fn merge(&self, segments: Vec<FoundInSegment>) -> Found {
        let mut all = Found::default();
        for found in segments {
            all.counts.add(&found.counts);
            all.best.extend(found.best.iter().map(|best| Best {
                // A segment has its number in this state of the index only.
                address: DocAddress::new(found.segment, best.address.doc_id),
                ..*best
            }));
        }
        all.best.sort_unstable_by(|a, b| b.cmp(a));
        all.best.truncate(self.keep);
        all
    }

    /// What was counted before, without the acts deleted since.
    fn known_counts(
        &self,
        weight: &dyn Weight,
        segment: &SegmentReader,
    ) -> tantivy::Result<Option<Arc<Counts>>> {
        let Some(((answers, _), key)) = self.memory.as_ref().zip(self.counts_key(segment)) else {
            return Ok(None);
        };
        let Some(known) = answers.counts.get(&key) else { return Ok(None) };
        if known.alive.is_of(segment) {
            return Ok(Some(Arc::clone(&known.counts)));
        }
        // With many of them, counting what is left costs less.
        let Some(gone) = known.alive.gone(segment, segment.max_doc() as usize / 20) else {
            return Ok(None);
        };
        let mut pass = CountPass::new(segment, self.facets)?;
        let mut found = weight.scorer(segment, 1.0)?;
        for doc in gone {
            if found.doc() < doc {
                found.seek(doc);
            }
            if found.doc() == doc {
                pass.add(doc);
            }
        }
        let mut counts = (*known.counts).clone();
        counts.take_back(&pass.harvest());
        Ok(Some(self.keep_counts(segment, counts)))
    }

    fn keep_counts(&self, segment: &SegmentReader, counts: Counts) -> Arc<Counts> {
        let counts = Arc::new(counts);
        if let Some(((answers, _), key)) = self.memory.as_ref().zip(self.counts_key(segment)) {
            let size = counts.size() + key.1.len();
            let known = KnownCounts { alive: Alive::of(segment), counts: Arc::clone(&counts) };
            answers.counts.keep(key, Arc::new(known), size);
        }
        counts
    }

    /// The best acts as they were, while all of them are there, and their scores stand.
    fn known_best(&self, segment: &SegmentReader) -> Option<Arc<[Best]>> {
        if self.keep == 0 {
            return Some(Arc::default());
        }
        let (answers, _) = self.memory.as_ref()?;
        let known = answers.best.get(&self.best_key(segment)?)?;
        let there = |best: &Best| !segment.is_deleted(best.address.doc_id);
        let stands = !self.scores() || known.generation == self.generation;
        (stands && known.best.iter().all(there)).then(|| Arc::clone(&known.best))
    }

    fn keep_best(&self, segment: &SegmentReader, best: Vec<Best>) -> Arc<[Best]> {
        let best: Arc<[Best]> = best.into();
        if let Some(((answers, _), key)) = self.memory.as_ref().zip(self.best_key(segment)) {
            let size = best.len() * size_of::<Best>() + key.1.len();
            let known = KnownBest { generation: self.generation, best: Arc::clone(&best) };
            answers.best.keep(key, Arc::new(known), size);
        }
        best
    }
}

impl Collector for Pass<'_> {
    type Fruit = Found;
    type Child = SegmentPass;

    fn for_segment(
        &self,
        segment: SegmentOrdinal,
        reader: &SegmentReader,
    ) -> tantivy::Result<SegmentPass> {
        Ok(SegmentPass {
            segment,
            counts: Some(CountPass::new(reader, self.facets)?),
            ranking: Some(Ranking::new(self.sort, self.keep, segment, reader)?),
        })
    }

    fn requires_scoring(&self) -> bool {
        self.scores()
    }

    fn merge_fruits(&self, segments: Vec<FoundInSegment>) -> tantivy::Result<Found> {
        Ok(self.merge(segments))
    }

    fn collect_segment(
        &self,
        weight: &dyn Weight,
        ordinal: SegmentOrdinal,
        segment: &SegmentReader,
    ) -> tantivy::Result<FoundInSegment> {
        let counts = self.known_counts(weight, segment)?;
        let best = self.known_best(segment);
        if let (Some(counts), Some(best)) = (&counts, &best) {
            let (counts, best) = (Arc::clone(counts), Arc::clone(best));
            return Ok(FoundInSegment { segment: ordinal, counts, best });
        }
        let mut pass = self.for_segment(ordinal, segment)?;
        pass.counts.take_if(|_| counts.is_some());
        pass.ranking.take_if(|_| best.is_some());
        let alive = |doc| segment.alive_bitset().is_none_or(|alive| alive.is_alive(doc));
        if self.scores() && pass.ranking.is_some() {
            weight.for_each(segment, &mut |doc, score| {
                if alive(doc) {
                    pass.collect(doc, score);
                }
            })?;
        } else {
            weight.for_each_no_score(segment, &mut |docs| {
                docs.iter().filter(|doc| alive(**doc)).for_each(|doc| pass.collect(*doc, 0.0));
            })?;
        }
        let SegmentPass { counts: counted, ranking: ranked, .. } = pass;
        Ok(FoundInSegment {
            segment: ordinal,
            counts: counts.unwrap_or_else(|| {
                self.keep_counts(segment, counted.map(CountPass::harvest).unwrap_or_default())
            }),
            best: best.unwrap_or_else(|| {
                self.keep_best(segment, ranked.map(Ranking::harvest).unwrap_or_default())
            }),
        })
    }
}

/// The pass over one segment: what is known already is not collected.
pub(crate) struct SegmentPass {
    segment: SegmentOrdinal,
    counts: Option<CountPass>,
    ranking: Option<Ranking>,
}

impl SegmentCollector for SegmentPass {
    type Fruit = FoundInSegment;

    fn collect(&mut self, doc: DocId, score: Score) {
        if let Some(counts) = &mut self.counts {
            counts.add(doc);
        }
        if let Some(ranking) = &mut self.ranking {
            ranking.add(doc, score);
        }
    }

    fn harvest(self) -> FoundInSegment {
        FoundInSegment {
            segment: self.segment,
            counts: Arc::new(self.counts.map(CountPass::harvest).unwrap_or_default()),
            best: self.ranking.map(Ranking::harvest).unwrap_or_default().into(),
        }
    }
}

/// Keeps the best acts of a segment.
struct Ranking {
    sort: Sort,
    keep: usize,
    segment: SegmentOrdinal,
    act_id: Column<i64>,
    published: Option<Column<i64>>,
    sort_column: Option<Column<i64>>,
    /// The worst on top.
    best: BinaryHeap<Reverse<Best>>,
}

impl Ranking {
    fn new(
        sort: Sort,
        keep: usize,
        segment: SegmentOrdinal,
        reader: &SegmentReader,
    ) -> tantivy::Result<Self> {
        let columns = reader.fast_fields();
        let sort_column = match sort {
            Sort::Effect => columns.column_opt::<i64>("valid_from")?,
            Sort::Relevance | Sort::Published => None,
        };
        let act_id = columns.i64("act_id")?;
        let published = columns.column_opt::<i64>("published")?;
        let best = BinaryHeap::new();
        Ok(Self { sort, keep, segment, act_id, published, sort_column, best })
    }

    fn published(&self, doc: DocId) -> i64 {
        self.published.as_ref().and_then(|column| column.first(doc)).unwrap_or(0)
    }

    fn sort_value(&self, doc: DocId, score: Score) -> u64 {
        let days = match self.sort {
            Sort::Relevance => return ordered(score),
            Sort::Published => self.published(doc),
            Sort::Effect => self.sort_column.as_ref().and_then(|c| c.first(doc)).unwrap_or(0),
        };
        u64::try_from(days).unwrap_or(0)
    }

    fn add(&mut self, doc: DocId, score: Score) {
        if self.keep == 0 {
            return;
        }
        let value = self.sort_value(doc, score);
        let full = self.best.len() >= self.keep;
        if full && self.best.peek().is_none_or(|worst| value < worst.0.key.0) {
            return;
        }
        let key = (value, self.published(doc), self.act_id.first(doc).unwrap_or(0));
        let address = DocAddress::new(self.segment, doc);
        self.best.push(Reverse(Best { key, score_bits: score.to_bits(), address }));
        if full {
            self.best.pop();
        }
    }

    fn harvest(self) -> Vec<Best> {
        self.best.into_iter().map(|Reverse(best)| best).collect()
    }
}

/// A score (never negative) as an integer in the same order.
fn ordered(score: Score) -> u64 {
    score.max(0.0).to_bits().into()
}
