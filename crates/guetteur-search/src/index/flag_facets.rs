//! Categories and levels of the acts found, counted from one column: their flags.
//!
//! Which flags count follows what is asked (see [`Facets`]), so that a count is what a click gives.

use std::collections::BTreeMap;
use std::sync::Arc;

use guetteur_model::Level;
use tantivy::DocId;
use tantivy::columnar::Column;

use super::facet_values::FacetValues;
use crate::{FacetCount, Facets, Filters};

/// Acts by category and by level.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct FlagCounts {
    categories: BTreeMap<String, u32>,
    levels: [u32; Level::ALL.len()],
    /// By number of the flag's value.
    flags: Vec<u32>,
}

impl FlagCounts {
    pub(super) fn add(&mut self, other: &Self) {
        for (category, count) in &other.categories {
            *self.categories.entry(category.clone()).or_default() += count;
        }
        for (mine, theirs) in self.levels.iter_mut().zip(other.levels) {
            *mine += theirs;
        }
        self.flags.resize(self.flags.len().max(other.flags.len()), 0);
        for (mine, theirs) in self.flags.iter_mut().zip(&other.flags) {
            *mine += theirs;
        }
    }

    /// Takes back what was counted of acts that are gone.
    pub(super) fn take_back(&mut self, gone: &Self) {
        for (category, count) in &gone.categories {
            self.categories.entry(category.clone()).and_modify(|mine| *mine -= count);
        }
        for (mine, theirs) in self.levels.iter_mut().zip(gone.levels) {
            *mine -= theirs;
        }
        for (mine, theirs) in self.flags.iter_mut().zip(&gone.flags) {
            *mine -= theirs;
        }
    }

    /// Sets the facets that come from flags.
    pub(super) fn fill(&self, facets: &mut Facets, values: &FacetValues) {
        let count = |value: &str, count: u32| FacetCount {
            value: value.to_owned(),
            label: None,
            count: count as usize,
        };
        let counted = |mut counts: Vec<FacetCount>| {
            counts.retain(|facet| facet.count > 0);
            counts.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value)));
            counts.truncate(Facets::MAX_VALUES);
            counts
        };
        facets.category = counted(self.categories.iter().map(|(id, n)| count(id, *n)).collect());
        let levels = Level::ALL.iter().zip(self.levels);
        facets.level = counted(levels.map(|(level, n)| count(level.as_str(), n)).collect());
        facets.flag = values.most_frequent(&self.flags);
    }
}

/// A flag of a segment's dictionary.
struct FlagValue {
    /// In [`FlagPass::categories`].
    category: usize,
    level: usize,
    counts_for_category: bool,
    counts_for_level: bool,
}

/// The pass over the flags of one segment.
pub(super) struct FlagPass {
    column: Column<u64>,
    /// Number of the value by ordinal.
    numbers: Arc<[u32]>,
    values: Vec<FlagValue>,
    categories: Vec<(String, u32)>,
    levels: [u32; Level::ALL.len()],
    /// By ordinal.
    counts: Vec<u32>,
}

impl FlagPass {
    pub(super) fn new(
        column: Column<u64>,
        numbers: Arc<[u32]>,
        values: &FacetValues,
        filters: &Filters,
    ) -> Self {
        let mut categories: Vec<(String, u32)> = Vec::new();
        let value = |code: &Arc<str>| {
            let (id, level) = code.split_once('/').unwrap_or((code, ""));
            // The dictionary is sorted: one category's flags follow each other.
            if categories.last().is_none_or(|(last, _)| last != id) {
                categories.push((id.to_owned(), 0));
            }
            let level = Level::ALL.iter().position(|l| l.as_str() == level).unwrap_or_default();
            let asked = filters.categories.iter().any(|category| category.as_str() == id);
            FlagValue {
                category: categories.len() - 1,
                level,
                counts_for_category: filters.levels_of_categories().contains(&Level::ALL[level]),
                counts_for_level: asked || filters.categories.is_empty(),
            }
        };
        let values: Vec<FlagValue> = values.values(&numbers).iter().map(value).collect();
        let counts = vec![0; numbers.len()];
        Self { column, numbers, values, categories, levels: Default::default(), counts }
    }

    pub(super) fn count(&mut self, docs: &[DocId]) {
        for doc in docs {
            let mut last = usize::MAX;
            let mut levels = [false; Level::ALL.len()];
            for ordinal in self.column.values_for_doc(*doc) {
                let ordinal = ordinal as usize;
                let value = &self.values[ordinal];
                self.counts[ordinal] += 1;
                if value.counts_for_category && value.category != last {
                    last = value.category;
                    self.categories[last].1 += 1;
                }
                levels[value.level] |= value.counts_for_level;
            }
            for (count, has) in self.levels.iter_mut().zip(levels) {
                *count += u32::from(has);
            }
        }
    }

    pub(super) fn harvest(self) -> FlagCounts {
        let mut flags = Vec::new();
        for (number, count) in self.numbers.iter().zip(&self.counts) {
            let number = *number as usize;
            flags.resize(flags.len().max(number + 1), 0);
            flags[number] += count;
        }
        let categories = self.categories.into_iter().filter(|(_, n)| *n > 0).collect();
        FlagCounts { categories, levels: self.levels, flags }
    }
}
