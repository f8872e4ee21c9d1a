//! A list read on from a place in it: pages that new acts do not shift.

use std::cmp::Reverse;
use std::collections::HashSet;
use std::sync::Arc;

use chrono::NaiveDate;
use guetteur_model::ActId;
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::Column;
use tantivy::{DocId, Score, SegmentOrdinal, SegmentReader};

use super::SearchIndex;
use crate::{SearchError, SearchRequest, Subject, compile};

/// A place in the order of [`crate::Sort::Published`]: the larger comes first, acts without a day last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Day of publication.
    pub published_on: Option<NaiveDate>,
    /// The act.
    pub act: ActId,
}

impl Place {
    /// The place of the columns of an act.
    pub(super) fn of(published: i64, act_id: i64) -> Self {
        let day = i32::try_from(published).ok().filter(|day| *day > 0);
        Self {
            published_on: day.and_then(NaiveDate::from_num_days_from_ce_opt),
            act: ActId(act_id),
        }
    }
}

/// What follows a place in a list.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Following {
    /// Acts, and alerts about them, in order.
    pub found: Vec<(Place, Subject)>,
    /// Whether more comes after them.
    pub goes_on: bool,
}

impl SearchIndex {
    /// The acts of a list that come after `place`, `without` some: `limit` of them after the first `skip`.
    /// `sort`, `offset`, `limit`, `facets`, `relax` of the request do not count. Memory grows with `skip` and
    /// `limit`, not with the list.
    ///
    /// # Errors
    /// As [`Self::search`].
    pub fn following(
        &self,
        request: &SearchRequest,
        place: Place,
        without: &[ActId],
        (skip, limit): (usize, usize),
    ) -> Result<Following, SearchError> {
        let compiled = compile::compile(request.query.root(), &self.fields, &self.phrases);
        let query = self.narrowed(compiled.strict, request, request.filters.withdrawn);
        let end = skip.saturating_add(limit);
        // One more tells whether the list goes on.
        let after = After {
            place,
            without: Arc::new(without.iter().copied().collect()),
            most: end.saturating_add(1),
        };
        let found = self.reader.searcher().search(&query, &after);
        let found = found.map_err(SearchError::engine("search"))?;
        Ok(Following {
            goes_on: found.len() > end,
            found: found.into_iter().take(end).skip(skip).collect(),
        })
    }
}

/// The first `most` acts, and alerts, after a place, without some.
struct After {
    place: Place,
    without: Arc<HashSet<ActId>>,
    most: usize,
}

impl Collector for After {
    type Fruit = Vec<(Place, Subject)>;
    type Child = SegmentAfter;

    fn for_segment(
        &self,
        _: SegmentOrdinal,
        reader: &SegmentReader,
    ) -> tantivy::Result<SegmentAfter> {
        let columns = reader.fast_fields();
        Ok(SegmentAfter {
            act_id: columns.i64("act_id")?,
            published: columns.column_opt::<i64>("published")?,
            withdrawn: columns.column_opt::<bool>("withdrawn")?,
            place: self.place,
            without: Arc::clone(&self.without),
            first: First::new(self.most),
        })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(
        &self,
        segments: Vec<Vec<(Place, Subject)>>,
    ) -> tantivy::Result<Vec<(Place, Subject)>> {
        let mut first = First::new(self.most);
        segments.into_iter().flatten().for_each(|one| first.push(one));
        Ok(first.in_order())
    }
}

struct SegmentAfter {
    act_id: Column<i64>,
    published: Option<Column<i64>>,
    withdrawn: Option<Column<bool>>,
    place: Place,
    without: Arc<HashSet<ActId>>,
    first: First,
}

impl SegmentCollector for SegmentAfter {
    type Fruit = Vec<(Place, Subject)>;

    fn collect(&mut self, doc: DocId, _: Score) {
        let published = self.published.as_ref().and_then(|column| column.first(doc)).unwrap_or(0);
        let place = Place::of(published, self.act_id.first(doc).unwrap_or(0));
        if place >= self.place || self.without.contains(&place.act) {
            return;
        }
        let withdrawn = self.withdrawn.as_ref().and_then(|column| column.first(doc));
        let subject = if withdrawn == Some(true) { Subject::WithdrawnAlert } else { Subject::Act };
        self.first.push((place, subject));
    }

    fn harvest(self) -> Vec<(Place, Subject)> {
        self.first.in_order()
    }
}

/// The first `most` of what is pushed, in the order of [`Place`]: the largest. Twice as many are held at
/// a time. The engine's `TopNComputer` makes room for all of them at once, and `most` comes from an address.
struct First {
    most: usize,
    held: Vec<(Place, Subject)>,
    /// The last that counts, once there are enough.
    last: Option<Place>,
}

impl First {
    fn new(most: usize) -> Self {
        Self { most, held: Vec::new(), last: None }
    }

    fn push(&mut self, one: (Place, Subject)) {
        if self.last.is_some_and(|last| one.0 < last) {
            return;
        }
        self.held.push(one);
        if self.held.len() >= self.most.saturating_mul(2) {
            self.held.select_nth_unstable_by_key(self.most - 1, |(at, _)| Reverse(*at));
            self.held.truncate(self.most);
            self.last = self.held.last().map(|(at, _)| *at);
        }
    }

    fn in_order(mut self) -> Vec<(Place, Subject)> {
        self.held.sort_unstable_by_key(|(at, _)| Reverse(*at));
        self.held.truncate(self.most);
        self.held
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn the_first_are_those_of_a_sorted_list(ids in proptest::collection::vec(0_i64..500, 0..300), most in 1_usize..40) {
            let of = |id: i64| (Place::of(id % 7, id), Subject::Act);
            let mut first = First::new(most);
            ids.iter().for_each(|id| first.push(of(*id)));
            let mut sorted: Vec<Place> = ids.iter().map(|id| of(*id).0).collect();
            sorted.sort_unstable_by_key(|at| Reverse(*at));
            sorted.truncate(most);
            let found: Vec<Place> = first.in_order().into_iter().map(|(at, _)| at).collect();
            proptest::prop_assert_eq!(found, sorted);
        }
    }
}
