//! Acts found, counted by the values of each facet.

use std::sync::Arc;

use tantivy::columnar::{Cardinality, Column};
use tantivy::{DocId, SegmentReader};

use super::facet_values::FacetValues;
use super::flag_facets::{FlagCounts, FlagPass};
use crate::{FacetCount, Facets, Filters};

/// Facet columns, in the order of [`Counts::columns`].
const FACET_COLUMNS: [&str; 5] =
    ["prefecture_facet", "commune_facet", "beneficiary", "purpose", "doubt"];

/// Months counted: of the years 1900 to 2199; others are mistakes, counted at the ends.
const FIRST_MONTH: i64 = 1900 * 12;
const MONTHS: usize = 300 * 12;

/// Acts counted together: a block at a time is faster.
const BLOCK: usize = 128;

/// The values of each facet column.
#[derive(Default)]
pub(crate) struct FacetColumns {
    plain: [FacetValues; FACET_COLUMNS.len()],
    flags: FacetValues,
}

/// Number of a value, and acts that have it; ascending, none without any.
type Sparse = Vec<(u32, u32)>;

/// Acts found in one segment.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Counts {
    pub(crate) total: usize,
    /// By facet column.
    columns: [Sparse; FACET_COLUMNS.len()],
    flags: FlagCounts,
    /// From [`FIRST_MONTH`].
    months: Sparse,
}

impl Counts {
    /// About how many bytes they take.
    pub(crate) fn size(&self) -> usize {
        let pairs = self.columns.iter().map(Vec::len).sum::<usize>() + self.months.len();
        400 + pairs * size_of::<(u32, u32)>()
    }

    /// Takes back what was counted of acts that are gone.
    pub(crate) fn take_back(&mut self, gone: &Self) {
        self.total -= gone.total;
        for (mine, theirs) in self.columns.iter_mut().zip(&gone.columns) {
            take_back(mine, theirs);
        }
        self.flags.take_back(&gone.flags);
        take_back(&mut self.months, &gone.months);
    }
}

fn take_back(mine: &mut Sparse, theirs: &Sparse) {
    for (number, count) in theirs {
        if let Ok(at) = mine.binary_search_by_key(number, |(known, _)| *known) {
            mine[at].1 -= count;
        }
    }
    mine.retain(|(_, count)| *count > 0);
}

fn sparse(counts: impl Iterator<Item = (u32, u32)>) -> Sparse {
    let mut counted: Sparse = counts.filter(|(_, count)| *count > 0).collect();
    counted.sort_unstable();
    counted
}

/// Acts found in all segments.
#[derive(Debug, Default)]
pub(crate) struct Sum {
    pub(crate) total: usize,
    columns: [Vec<u32>; FACET_COLUMNS.len()],
    flags: FlagCounts,
    months: Vec<u32>,
}

impl Sum {
    pub(crate) fn add(&mut self, counts: &Counts) {
        self.total += counts.total;
        for (mine, theirs) in self.columns.iter_mut().zip(&counts.columns) {
            add(mine, theirs);
        }
        self.flags.add(&counts.flags);
        add(&mut self.months, &counts.months);
    }

    /// The facets, sorted and cut.
    pub(crate) fn facets(&self, values: &FacetColumns) -> Facets {
        let facet = |i: usize| values.plain[i].most_frequent(&self.columns[i]);
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
}

fn add(mine: &mut Vec<u32>, theirs: &Sparse) {
    let Some((last, _)) = theirs.last() else { return };
    mine.resize(mine.len().max(*last as usize + 1), 0);
    for (number, count) in theirs {
        mine[*number as usize] += count;
    }
}

/// What is counted: of flags as these filters ask, with these values; nothing but how many, without.
pub(crate) type Wanted<'v> = Option<(&'v FacetColumns, &'v Filters)>;

/// Counts the acts of one segment.
pub(crate) struct CountPass {
    total: usize,
    month: Option<Column<i64>>,
    months: Vec<u32>,
    facets: Vec<FacetPass>,
    flags: Option<FlagPass>,
    /// Acts whose facets are not counted yet.
    pending: Vec<DocId>,
}

impl CountPass {
    pub(crate) fn new(segment: &SegmentReader, wanted: Wanted<'_>) -> tantivy::Result<Self> {
        let mut pass = Self {
            total: 0,
            month: None,
            months: Vec::new(),
            facets: Vec::new(),
            flags: None,
            pending: Vec::with_capacity(BLOCK),
        };
        let Some((values, filters)) = wanted else { return Ok(pass) };
        let columns = segment.fast_fields();
        for (index, name) in FACET_COLUMNS.into_iter().enumerate() {
            if let Some(column) = columns.str(name)? {
                let numbers = values.plain[index].numbers(segment, &column)?;
                let counts = vec![0; numbers.len()];
                let column = column.ords().clone();
                pass.facets.push(FacetPass { index, column, numbers, counts });
            }
        }
        if let Some(column) = columns.str("flag")? {
            let numbers = values.flags.numbers(segment, &column)?;
            let column = column.ords().clone();
            pass.flags = Some(FlagPass::new(column, numbers, &values.flags, filters));
        }
        pass.month = columns.column_opt::<i64>("month")?;
        pass.months = vec![0; if pass.month.is_some() { MONTHS } else { 0 }];
        Ok(pass)
    }

    pub(crate) fn add(&mut self, doc: DocId) {
        self.total += 1;
        if self.month.is_some() || self.flags.is_some() || !self.facets.is_empty() {
            self.pending.push(doc);
            if self.pending.len() == BLOCK {
                self.count_pending();
            }
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

    pub(crate) fn harvest(mut self) -> Counts {
        self.count_pending();
        let mut counts = Counts {
            total: self.total,
            flags: self.flags.map(FlagPass::harvest).unwrap_or_default(),
            months: sparse((0..).zip(self.months)),
            ..Counts::default()
        };
        for facet in self.facets {
            let by_number = facet.numbers.iter().copied().zip(facet.counts);
            counts.columns[facet.index] = sparse(by_number);
        }
        counts
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
