//! The index on disk: opening, following the database, searching.

use std::path::Path;

use crate::{IdOrder, IndexChange, SearchError, SearchRequest, SearchResults};

/// A full-text index in a directory.
pub struct SearchIndex {}

impl SearchIndex {
    /// Opens for reading and writing, creating the directory if need be.
    ///
    /// An index of another [`crate::INDEX_VERSION`] or a damaged one is thrown away: the new one is
    /// empty and its cursor 0, so the caller's normal feeding fills it again.
    ///
    /// # Errors
    /// [`SearchError::Locked`] while another process writes; disk errors.
    pub fn open(_dir: &Path) -> Result<Self, SearchError> {
        Ok(Self {})
    }

    /// Opens for reading, also while another process writes; commits of the writer are seen within
    /// a second.
    ///
    /// # Errors
    /// [`SearchError::NotBuilt`] when there is no index of this version.
    pub fn open_read_only(_dir: &Path) -> Result<Self, SearchError> {
        Ok(Self {})
    }

    /// Revision of the database that the last commit stands for; 0 for an empty index.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn cursor(&self) -> Result<i64, SearchError> {
        Ok(0)
    }

    /// Acts in the index.
    #[must_use]
    pub fn len(&self) -> usize {
        0
    }

    /// Whether the index holds no act.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Applies changes in order and commits them together with the cursor: all or nothing. Searches
    /// of this `SearchIndex` see them on return. Each commit costs some 50 ms: feed in batches
    /// (500 to 2,000 acts).
    ///
    /// # Errors
    /// [`SearchError::ReadOnly`]; disk errors, after which nothing of the batch is kept.
    pub fn apply(&self, _changes: &[IndexChange], _new_cursor: i64) -> Result<(), SearchError> {
        Ok(())
    }

    /// Empties the index and sets the cursor to 0 (`guetteur reindex`).
    ///
    /// # Errors
    /// As [`Self::apply`].
    pub fn clear(&self) -> Result<(), SearchError> {
        Ok(())
    }

    /// Searches.
    ///
    /// # Errors
    /// When the index cannot be read; never for what the query says.
    pub fn search(&self, request: &SearchRequest) -> Result<SearchResults, SearchError> {
        Ok(SearchResults { notes: request.query.notes().to_vec(), ..SearchResults::default() })
    }

    /// Ids of all acts found, for exports and feeds; `sort`, `offset`, `limit`, `facets` of the
    /// request do not count. 8 bytes an act.
    ///
    /// # Errors
    /// As [`Self::search`].
    pub fn ids(&self, _request: &SearchRequest, _order: IdOrder) -> Result<Vec<i64>, SearchError> {
        Ok(Vec::new())
    }

    /// Compares every file with its checksum (`guetteur doctor`); names of the damaged ones.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn damaged_files(&self) -> Result<Vec<String>, SearchError> {
        Ok(Vec::new())
    }
}
