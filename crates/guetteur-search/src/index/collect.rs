//! One pass over the acts found: how many, the best of them, and the facets.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::{Cardinality, Column};
use tantivy::{DocAddress, DocId, Score, SegmentOrdinal, SegmentReader};

use super::facet_values::FacetValues;
use super::flag_facets::{FlagCounts, FlagPass};
use crate::{FacetCount, Facets, Filters, Sort};

/// Facet columns, in the order of [`Found::counts`].
const FACET_COLUMNS: [&str; 5] =
    ["prefecture_facet", "commune_facet", "beneficiary", "purpose", "doubt"];

/// The values of each facet column.
#[derive(Default)]
pub(crate) struct FacetColumns {
    plain: [FacetValues; FACET_COLUMNS.len()],
    flags: FacetValues,
}

/// Months counted: of the years 1900 to 2199; others are mistakes, counted at the ends.
const FIRST_MONTH: i64 = 1900 * 12;
const MONTHS: usize = 300 * 12;

/// Acts whose facets are counted together.
const BLOCK: usize = 128;

/// What the pass collects.
#[derive(Clone, Copy)]
pub(crate) struct Pass<'v> {
    pub(crate) sort: Sort,
    /// Best acts to keep.
    pub(crate) keep: usize,
    /// Count facets, with these values, of flags as these filters ask.
    pub(crate) facets: Option<(&'v FacetColumns, &'v Filters)>,
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

    pub(crate) fn score(&self) -> f32 {
        f32::from_bits(self.score_bits)
    }
}

/// What was found, in one segment or in all.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) total: usize,
    /// Best first once merged.
    pub(crate) best: Vec<Best>,
    /// By facet column, then number of the value.
    counts: [Vec<u32>; FACET_COLUMNS.len()],
    flags: FlagCounts,
    /// From [`FIRST_MONTH`].
    months: Vec<u32>,
}

impl Found {
    /// The facets, sorted and cut.
    pub(crate) fn facets(&self, values: &FacetColumns) -> Facets {
        let facet = |i: usize| values.plain[i].most_frequent(&self.counts[i]);
        let mut facets = Facets {
            prefecture: facet(0),
            commune: facet(1),
            beneficiary: facet(2),
            purpose: facet(3),
            doubt: facet(4),
            year: self.periods(12, |year| year.to_string()),
            month: self.periods(1, |month| format!("{}-{:02}", month / 12, month % 12 + 1)),
            ..Facets::default()
        };
        self.flags.fill(&mut facets, &values.flags);
        facets
    }

    /// Counts of every `length` months that have any, latest first.
    fn periods(&self, length: usize, name: impl Fn(i64) -> String) -> Vec<FacetCount> {
        let counts = self.months.chunks(length).map(|months| months.iter().sum::<u32>());
        let named = (FIRST_MONTH / length as i64..).zip(counts).filter(|(_, count)| *count > 0);
        let count =
            |(at, n): (i64, u32)| FacetCount { value: name(at), label: None, count: n as usize };
        let mut periods: Vec<FacetCount> = named.map(count).collect();
        periods.reverse();
        periods.truncate(Facets::MAX_VALUES);
        periods
    }

    fn add(&mut self, other: Self) {
        self.total += other.total;
        self.best.extend(other.best);
        for (mine, theirs) in self.counts.iter_mut().zip(&other.counts) {
            add_counts(mine, theirs);
        }
        self.flags.add(other.flags);
        add_counts(&mut self.months, &other.months);
    }
}

pub(super) fn add_counts(mine: &mut Vec<u32>, theirs: &[u32]) {
    mine.resize(mine.len().max(theirs.len()), 0);
    for (mine, theirs) in mine.iter_mut().zip(theirs) {
        *mine += theirs;
    }
}

/// Adds counts by the ordinals of a segment to counts by our numbers.
pub(super) fn add_by_number(mine: &mut Vec<u32>, numbers: &[u32], counts: &[u32]) {
    for (number, count) in numbers.iter().zip(counts) {
        let number = *number as usize;
        mine.resize(mine.len().max(number + 1), 0);
        mine[number] += count;
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
        let columns = reader.fast_fields();
        let mut facets = Vec::new();
        let mut flags = None;
        let mut month = None;
        if let Some((values, filters)) = self.facets {
            for (index, name) in FACET_COLUMNS.into_iter().enumerate() {
                if let Some(column) = columns.str(name)? {
                    let numbers = values.plain[index].numbers(reader, &column)?;
                    let counts = vec![0; numbers.len()];
                    let column = column.ords().clone();
                    facets.push(FacetPass { index, column, numbers, counts });
                }
            }
            if let Some(column) = columns.str("flag")? {
                let numbers = values.flags.numbers(reader, &column)?;
                let column = column.ords().clone();
                flags = Some(FlagPass::new(column, numbers, &values.flags, filters));
            }
            month = columns.column_opt::<i64>("month")?;
        }
        let sort_column = match self.sort {
            Sort::Effect => columns.column_opt::<i64>("valid_from")?,
            Sort::Relevance | Sort::Published => None,
        };
        Ok(SegmentPass {
            sort: self.sort,
            keep: self.keep,
            segment,
            act_id: columns.i64("act_id")?,
            published: columns.column_opt::<i64>("published")?,
            sort_column,
            month,
            months: vec![0; MONTHS],
            facets,
            flags,
            pending: Vec::with_capacity(BLOCK),
            total: 0,
            best: BinaryHeap::new(),
        })
    }

    fn requires_scoring(&self) -> bool {
        self.sort == Sort::Relevance && self.keep > 0
    }

    fn merge_fruits(&self, segments: Vec<Found>) -> tantivy::Result<Found> {
        let mut all = Found::default();
        segments.into_iter().for_each(|found| all.add(found));
        all.best.sort_unstable_by(|a, b| b.cmp(a));
        all.best.truncate(self.keep);
        Ok(all)
    }
}

struct FacetPass {
    /// In [`FACET_COLUMNS`].
    index: usize,
    column: Column<u64>,
    /// Number of the value by ordinal.
    numbers: Arc<[u32]>,
    /// By ordinal.
    counts: Vec<u32>,
}

impl FacetPass {
    fn count(&mut self, docs: &[DocId]) {
        if self.column.get_cardinality() == Cardinality::Multivalued {
            for doc in docs {
                for ordinal in self.column.values_for_doc(*doc) {
                    self.counts[ordinal as usize] += 1;
                }
            }
            return;
        }
        let mut ordinals = [None; BLOCK];
        self.column.first_vals(docs, &mut ordinals[..docs.len()]);
        for ordinal in ordinals.into_iter().flatten() {
            self.counts[ordinal as usize] += 1;
        }
    }
}

/// The pass over one segment.
pub(crate) struct SegmentPass {
    sort: Sort,
    keep: usize,
    segment: SegmentOrdinal,
    act_id: Column<i64>,
    published: Option<Column<i64>>,
    sort_column: Option<Column<i64>>,
    month: Option<Column<i64>>,
    months: Vec<u32>,
    facets: Vec<FacetPass>,
    flags: Option<FlagPass>,
    /// Acts whose facets are not counted yet: a block at a time is faster.
    pending: Vec<DocId>,
    total: usize,
    /// The worst on top.
    best: BinaryHeap<Reverse<Best>>,
}

impl SegmentPass {
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

    fn rank(&mut self, doc: DocId, score: Score) {
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

    fn count_pending(&mut self) {
        for facet in &mut self.facets {
            facet.count(&self.pending);
        }
        if let Some(flags) = &mut self.flags {
            flags.count(&self.pending);
        }
        if let Some(column) = &self.month {
            let mut months = [None; BLOCK];
            column.first_vals(&self.pending, &mut months[..self.pending.len()]);
            for month in months.into_iter().flatten() {
                let since = usize::try_from(month - FIRST_MONTH).unwrap_or(0);
                self.months[since.min(MONTHS - 1)] += 1;
            }
        }
        self.pending.clear();
    }
}

/// A score (never negative) as an integer in the same order.
fn ordered(score: Score) -> u64 {
    score.max(0.0).to_bits().into()
}

impl SegmentCollector for SegmentPass {
    type Fruit = Found;

    fn collect(&mut self, doc: DocId, score: Score) {
        self.total += 1;
        if self.month.is_some() || self.flags.is_some() || !self.facets.is_empty() {
            self.pending.push(doc);
            if self.pending.len() == BLOCK {
                self.count_pending();
            }
        }
        self.rank(doc, score);
    }

    fn harvest(mut self) -> Found {
        self.count_pending();
        let mut found = Found {
            total: self.total,
            best: self.best.into_iter().map(|Reverse(best)| best).collect(),
            flags: self.flags.map(FlagPass::harvest).unwrap_or_default(),
            months: self.months,
            ..Found::default()
        };
        for facet in self.facets {
            add_by_number(&mut found.counts[facet.index], &facet.numbers, &facet.counts);
        }
        found
    }
}

/// All acts found: day of publication and act id.
pub(crate) struct AllIds;

impl Collector for AllIds {
    type Fruit = Vec<(i64, i64)>;
    type Child = SegmentIds;

    fn for_segment(
        &self,
        _: SegmentOrdinal,
        reader: &SegmentReader,
    ) -> tantivy::Result<SegmentIds> {
        let columns = reader.fast_fields();
        Ok(SegmentIds {
            act_id: columns.i64("act_id")?,
            published: columns.column_opt::<i64>("published")?,
            found: Vec::new(),
        })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, segments: Vec<Vec<(i64, i64)>>) -> tantivy::Result<Vec<(i64, i64)>> {
        Ok(segments.concat())
    }
}

/// [`AllIds`] of one segment.
pub(crate) struct SegmentIds {
    act_id: Column<i64>,
    published: Option<Column<i64>>,
    found: Vec<(i64, i64)>,
}

impl SegmentCollector for SegmentIds {
    type Fruit = Vec<(i64, i64)>;

    fn collect(&mut self, doc: DocId, _: Score) {
        let published = self.published.as_ref().and_then(|column| column.first(doc)).unwrap_or(0);
        self.found.push((published, self.act_id.first(doc).unwrap_or(0)));
    }

    fn harvest(self) -> Vec<(i64, i64)> {
        self.found
    }
}
