//! Of which database an index is: the same number may mean another change elsewhere, and after a backup took
//! the place of a database.

use std::sync::{MutexGuard, PoisonError};

use super::SearchIndex;
use crate::SearchError;

/// What an index holds, or can follow: the changes of a database, up to one of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// Which life of which database its numbers belong to; empty where nobody can tell.
    pub lineage: String,
    /// The last change.
    pub revision: i64,
}

impl Origin {
    /// Whether what comes from here lies on the way of `database`: of no other one that is known, and not
    /// ahead of it.
    #[must_use]
    pub fn leads_to(&self, database: &Self) -> bool {
        let told = !self.lineage.is_empty() && !database.lineage.is_empty();
        !(told && self.lineage != database.lineage) && self.revision <= database.revision
    }
}

impl SearchIndex {
    pub(super) fn lineage(&self) -> MutexGuard<'_, String> {
        self.lineage.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Before it follows `database`: what was fed from another one, or from what this one has lost, is
    /// thrown away. Gives whether it was: the index is empty then, and its cursor 0.
    ///
    /// # Errors
    /// As [`Self::apply`].
    pub fn follow_from(&self, database: &Origin) -> Result<bool, SearchError> {
        let revision = self.cursor()?;
        let lineage = std::mem::replace(&mut *self.lineage(), database.lineage.clone());
        let known = Origin { lineage, revision };
        if !known.leads_to(database) {
            self.clear()?;
            return Ok(true);
        }
        if known.lineage != database.lineage {
            self.apply(&[], revision)?;
        }
        Ok(false)
    }
}

#[cfg(test)]
mod tests {
    use guetteur_model::ActId;

    use super::*;
    use crate::{ActDocument, IndexChange};

    #[test]
    fn what_comes_from_another_database_or_a_lost_future_is_thrown_away() {
        let folder = tempfile::tempdir().expect("folder");
        let open = || SearchIndex::open(folder.path()).expect("opened");
        let fed = |index: &SearchIndex, cursor| {
            let act = ActDocument { title: "Arrêté".to_owned(), ..ActDocument::default() };
            let change = IndexChange { act_id: ActId(cursor), rows: vec![act] };
            index.apply(&[change], cursor).expect("applied");
        };
        let index = open();
        fed(&index, 5);
        let follow = |index: &SearchIndex, lineage: &str, revision| {
            let database = Origin { lineage: lineage.to_owned(), revision };
            let emptied = index.follow_from(&database).expect("followed");
            (emptied, index.len(), index.cursor().expect("cursor"))
        };
        // Fed before there were lineages, or from SQLite, which has none.
        for lineage in ["", "a", "a", "", "b"] {
            assert_eq!(follow(&index, lineage, 5), (false, 1, 5), "{lineage}");
        }
        drop(index);
        let index = open();
        assert_eq!(follow(&index, "b", 5), (false, 1, 5), "it is remembered");
        assert_eq!(follow(&index, "c", 9), (true, 0, 0), "another one");
        assert_eq!(follow(&index, "c", 9), (false, 0, 0));
        fed(&index, 9);
        assert_eq!(follow(&index, "c", 8), (true, 0, 0), "the database was set back");
    }
}
