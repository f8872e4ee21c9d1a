//! The acts of a page of results, as they are shown.

use guetteur_model::ActId;
use tantivy::schema::Value;
use tantivy::{Searcher, TantivyDocument};

use super::SearchIndex;
use super::collect::{Best, Found};
use crate::snippet::{Finder, Highlights};
use crate::{Hit, Snippet, Subject};

impl SearchIndex {
    pub(super) fn hits(
        &self,
        searcher: &Searcher,
        found: &Found,
        offset: usize,
        highlights: &Highlights,
    ) -> tantivy::Result<Vec<Hit>> {
        let mut finder = Finder::new(highlights);
        let page = found.best.iter().skip(offset);
        page.map(|best| self.hit(searcher, best, &mut finder)).collect()
    }

    fn hit(
        &self,
        searcher: &Searcher,
        best: &Best,
        finder: &mut Finder<'_>,
    ) -> tantivy::Result<Hit> {
        let row: TantivyDocument = searcher.doc(best.address)?;
        let stored = |field| row.get_first(field).and_then(|value| value.as_str()).unwrap_or("");
        let segment = searcher.segment_reader(best.address.segment_ord).fast_fields();
        let withdrawn = segment.column_opt::<bool>("withdrawn")?;
        let withdrawn = withdrawn.and_then(|column| column.first(best.address.doc_id));
        Ok(Hit {
            act_id: ActId(best.act_id()),
            place: best.place(),
            subject: match withdrawn {
                Some(true) => Subject::WithdrawnAlert,
                _ => Subject::Act,
            },
            score: best.score(),
            title: finder.whole(stored(self.fields.stored_title)),
            snippet: match stored(self.fields.stored_body) {
                "" => Snippet::default(),
                body => finder.passage(body),
            },
        })
    }
}
