//! Which acts are found, and no more of them.

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::Column;
use tantivy::{DocId, Score, SegmentOrdinal, SegmentReader};

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
