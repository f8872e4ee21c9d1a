//! A list read on from a place in it: pages that new acts do not shift.

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
    /// `sort`, `offset`, `limit`, `facets`, `relax` of the request do not count. 24 bytes an act of the whole
    /// list while it runs.
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
        let found = self.reader.searcher().search(&query, &AllPlaces);
        let mut found = found.map_err(SearchError::engine("search"))?;
        found.retain(|(at, _)| *at < place && !without.contains(&at.act));
        found.sort_unstable_by_key(|(at, _)| std::cmp::Reverse(*at));
        let end = skip + limit;
        Ok(Following {
            goes_on: found.len() > end,
            found: found.into_iter().take(end).skip(skip).collect(),
        })
    }
}

/// All acts found, and alerts, with their places.
struct AllPlaces;

impl Collector for AllPlaces {
    type Fruit = Vec<(Place, Subject)>;
    type Child = SegmentPlaces;

    fn for_segment(
        &self,
        _: SegmentOrdinal,
        reader: &SegmentReader,
    ) -> tantivy::Result<SegmentPlaces> {
        let columns = reader.fast_fields();
        Ok(SegmentPlaces {
            act_id: columns.i64("act_id")?,
            published: columns.column_opt::<i64>("published")?,
            withdrawn: columns.column_opt::<bool>("withdrawn")?,
            found: Vec::new(),
        })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(
        &self,
        segments: Vec<Vec<(Place, Subject)>>,
    ) -> tantivy::Result<Vec<(Place, Subject)>> {
        Ok(segments.concat())
    }
}

struct SegmentPlaces {
    act_id: Column<i64>,
    published: Option<Column<i64>>,
    withdrawn: Option<Column<bool>>,
    found: Vec<(Place, Subject)>,
}

impl SegmentCollector for SegmentPlaces {
    type Fruit = Vec<(Place, Subject)>;

    fn collect(&mut self, doc: DocId, _: Score) {
        let published = self.published.as_ref().and_then(|column| column.first(doc)).unwrap_or(0);
        let place = Place::of(published, self.act_id.first(doc).unwrap_or(0));
        let withdrawn = self.withdrawn.as_ref().and_then(|column| column.first(doc));
        let subject = if withdrawn == Some(true) { Subject::WithdrawnAlert } else { Subject::Act };
        self.found.push((place, subject));
    }

    fn harvest(self) -> Vec<(Place, Subject)> {
        self.found
    }
}
