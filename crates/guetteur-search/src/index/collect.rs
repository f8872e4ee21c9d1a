//! One pass over the acts found: how many, the best of them, and the facets.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::{Column, StrColumn};
use tantivy::{DocAddress, DocId, Score, SegmentOrdinal, SegmentReader};

use crate::schema::LABEL_SEPARATOR;
use crate::{FacetCount, Facets, Sort};

/// Facet columns, in the order of [`Found::counts`].
const FACET_COLUMNS: [&str; 6] =
    ["prefecture_facet", "category", "level", "commune_facet", "beneficiary", "purpose"];

/// What the pass collects.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pass {
    pub(crate) sort: Sort,
    /// Best acts to keep.
    pub(crate) keep: usize,
    pub(crate) facets: bool,
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
    /// By facet column, then value.
    counts: [HashMap<String, usize>; FACET_COLUMNS.len()],
    years: HashMap<i64, usize>,
}

impl Found {
    /// The facets, sorted and cut.
    pub(crate) fn facets(self) -> Facets {
        let [prefecture, category, level, commune, beneficiary, purpose] =
            self.counts.map(by_count);
        let mut year: Vec<FacetCount> = self
            .years
            .into_iter()
            .map(|(year, count)| FacetCount { value: year.to_string(), label: None, count })
            .collect();
        year.sort_by(|a, b| b.value.cmp(&a.value));
        Facets { prefecture, category, level, year, commune, beneficiary, purpose }
    }

    fn add(&mut self, other: Self) {
        self.total += other.total;
        self.best.extend(other.best);
        for (mine, theirs) in self.counts.iter_mut().zip(other.counts) {
            for (value, count) in theirs {
                *mine.entry(value).or_default() += count;
            }
        }
        for (year, count) in other.years {
            *self.years.entry(year).or_default() += count;
        }
    }
}

fn by_count(counts: HashMap<String, usize>) -> Vec<FacetCount> {
    let mut sorted: Vec<(String, usize)> = counts.into_iter().collect();
    sorted.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    sorted.truncate(Facets::MAX_VALUES);
    sorted
        .into_iter()
        .map(|(value, count)| match value.split_once(LABEL_SEPARATOR) {
            Some((value, label)) => FacetCount {
                value: value.to_owned(),
                label: Some(label.to_owned()).filter(|label| !label.is_empty()),
                count,
            },
            None => FacetCount { value, label: None, count },
        })
        .collect()
}

impl Collector for Pass {
    type Fruit = Found;
    type Child = SegmentPass;

    fn for_segment(
        &self,
        segment: SegmentOrdinal,
        reader: &SegmentReader,
    ) -> tantivy::Result<SegmentPass> {
        let columns = reader.fast_fields();
        let mut facets = Vec::new();
        if self.facets {
            for (index, name) in FACET_COLUMNS.into_iter().enumerate() {
                if let Some(column) = columns.str(name)? {
                    let counts = vec![0; column.num_terms()];
                    facets.push(FacetPass { index, column, counts });
                }
            }
        }
        let sort_column = match self.sort {
            Sort::Effect => columns.column_opt::<i64>("valid_from")?,
            Sort::Relevance | Sort::Published => None,
        };
        Ok(SegmentPass {
            pass: *self,
            segment,
            act_id: columns.i64("act_id")?,
            published: columns.column_opt::<i64>("published")?,
            sort_column,
            year: if self.facets { columns.column_opt::<i64>("year")? } else { None },
            years: HashMap::new(),
            facets,
            total: 0,
            best: BinaryHeap::new(),
        })
    }

    fn requires_scoring(&self) -> bool {
        self.sort == Sort::Relevance && self.keep > 0
    }

    fn merge_fruits(&self, segments: Vec<tantivy::Result<Found>>) -> tantivy::Result<Found> {
        let mut all = Found::default();
        for found in segments {
            all.add(found?);
        }
        all.best.sort_unstable_by(|a, b| b.cmp(a));
        all.best.truncate(self.keep);
        Ok(all)
    }
}

struct FacetPass {
    /// In [`FACET_COLUMNS`].
    index: usize,
    column: StrColumn,
    /// By ordinal.
    counts: Vec<u32>,
}

/// The pass over one segment.
pub(crate) struct SegmentPass {
    pass: Pass,
    segment: SegmentOrdinal,
    act_id: Column<i64>,
    published: Option<Column<i64>>,
    sort_column: Option<Column<i64>>,
    year: Option<Column<i64>>,
    years: HashMap<i64, usize>,
    facets: Vec<FacetPass>,
    total: usize,
    /// The worst on top.
    best: BinaryHeap<Reverse<Best>>,
}

impl SegmentPass {
    fn published(&self, doc: DocId) -> i64 {
        self.published.as_ref().and_then(|column| column.first(doc)).unwrap_or(0)
    }

    fn sort_value(&self, doc: DocId, score: Score) -> u64 {
        let days = match self.pass.sort {
            Sort::Relevance => return ordered(score),
            Sort::Published => self.published(doc),
            Sort::Effect => self.sort_column.as_ref().and_then(|c| c.first(doc)).unwrap_or(0),
        };
        u64::try_from(days).unwrap_or(0)
    }

    fn rank(&mut self, doc: DocId, score: Score) {
        let value = self.sort_value(doc, score);
        let full = self.best.len() >= self.pass.keep;
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
}

/// A score (never negative) as an integer in the same order.
fn ordered(score: Score) -> u64 {
    score.max(0.0).to_bits().into()
}

impl SegmentCollector for SegmentPass {
    type Fruit = tantivy::Result<Found>;

    fn collect(&mut self, doc: DocId, score: Score) {
        self.total += 1;
        for facet in &mut self.facets {
            for ordinal in facet.column.term_ords(doc) {
                if let Some(count) = facet.counts.get_mut(ordinal as usize) {
                    *count += 1;
                }
            }
        }
        if let Some(year) = self.year.as_ref().and_then(|column| column.first(doc)) {
            *self.years.entry(year).or_default() += 1;
        }
        self.rank(doc, score);
    }

    fn harvest(self) -> tantivy::Result<Found> {
        let mut found = Found {
            total: self.total,
            best: self.best.into_iter().map(|Reverse(best)| best).collect(),
            years: self.years,
            ..Found::default()
        };
        for facet in self.facets {
            let counts = &mut found.counts[facet.index];
            for (ordinal, count) in facet.counts.into_iter().enumerate().filter(|(_, n)| *n > 0) {
                let mut value = String::new();
                facet.column.ord_to_str(ordinal as u64, &mut value)?;
                counts.insert(value, count as usize);
            }
        }
        Ok(found)
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
