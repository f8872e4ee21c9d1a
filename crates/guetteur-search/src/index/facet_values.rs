//! The values of the facet columns, numbered across segments.
//!
//! Each segment numbers its values for itself, and reading a value back from its dictionary costs
//! more than counting does. So the dictionary of a segment, which never changes, is read once, and
//! searches add up counts by our numbers.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tantivy::SegmentReader;
use tantivy::columnar::StrColumn;
use tantivy::index::SegmentId;

use crate::schema::LABEL_SEPARATOR;
use crate::{FacetCount, Facets};

/// Segments remembered; merged ones pile up until then.
const MAX_SEGMENTS: usize = 200;

/// The numbering of one facet's values.
#[derive(Default)]
pub(super) struct FacetValues(Mutex<Numbering>);

#[derive(Default)]
struct Numbering {
    values: Vec<Arc<str>>,
    numbers: HashMap<Arc<str>, u32>,
    /// For each segment, our number by its ordinal.
    segments: HashMap<SegmentId, Arc<[u32]>>,
}

impl FacetValues {
    /// Our numbers by the ordinals of a segment's column.
    pub(super) fn numbers(
        &self,
        segment: &SegmentReader,
        column: &StrColumn,
    ) -> tantivy::Result<Arc<[u32]>> {
        let mut numbering = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = numbering.segments.get(&segment.segment_id()) {
            return Ok(Arc::clone(known));
        }
        if numbering.segments.len() >= MAX_SEGMENTS {
            numbering.segments.clear();
        }
        let mut numbers = Vec::with_capacity(column.num_terms());
        let mut values = column.dictionary().stream()?;
        while values.advance() {
            numbers.push(numbering.number(&String::from_utf8_lossy(values.key())));
        }
        let numbers: Arc<[u32]> = numbers.into();
        numbering.segments.insert(segment.segment_id(), Arc::clone(&numbers));
        Ok(numbers)
    }

    /// The values by the ordinals of a segment's column.
    pub(super) fn values(&self, numbers: &[u32]) -> Vec<Arc<str>> {
        let numbering = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        numbers.iter().map(|number| Arc::clone(&numbering.values[*number as usize])).collect()
    }

    /// The most frequent values, of counts by our number.
    pub(super) fn most_frequent(&self, counts: &[u32]) -> Vec<FacetCount> {
        let numbering = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut counted: Vec<(u32, &str)> = counts
            .iter()
            .zip(&numbering.values)
            .filter(|(count, _)| **count > 0)
            .map(|(count, value)| (*count, &**value))
            .collect();
        let order = |a: &(u32, &str), b: &(u32, &str)| b.0.cmp(&a.0).then_with(|| a.1.cmp(b.1));
        // Communes are thousands, and few are shown.
        if counted.len() > Facets::MAX_VALUES {
            counted.select_nth_unstable_by(Facets::MAX_VALUES, order);
            counted.truncate(Facets::MAX_VALUES);
        }
        counted.sort_unstable_by(order);
        counted.into_iter().map(|(count, value)| facet_count(value, count)).collect()
    }
}

impl Numbering {
    fn number(&mut self, value: &str) -> u32 {
        if let Some(number) = self.numbers.get(value) {
            return *number;
        }
        let number = u32::try_from(self.values.len()).unwrap_or(u32::MAX);
        let value: Arc<str> = value.into();
        self.values.push(Arc::clone(&value));
        self.numbers.insert(value, number);
        number
    }
}

fn facet_count(value: &str, count: u32) -> FacetCount {
    let (value, label) = value.split_once(LABEL_SEPARATOR).unwrap_or((value, ""));
    FacetCount {
        value: value.to_owned(),
        label: Some(label.to_owned()).filter(|label| !label.is_empty()),
        count: count as usize,
    }
}
