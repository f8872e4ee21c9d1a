//! The index on disk: opening, following the database, searching.

mod collect;
mod counts;
mod facet_values;
mod flag_facets;
mod following;
mod hits;
mod ids;
mod memory;
mod open;
mod origin;
mod sieve;
mod snapshot;
mod suggest;
mod sums;

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use guetteur_model::ActId;
use tantivy::query::{BooleanQuery, Occur, Query as EngineQuery};
use tantivy::schema::Term;
use tantivy::{Index, IndexReader, IndexWriter, ReloadPolicy, Searcher};

use crate::compile;
use crate::phrases::PhraseMemory;
use crate::schema::Fields;
use crate::{
    Facets, IdOrder, IndexChange, Query, SearchError, SearchRequest, SearchResults, Sort, Sums,
};
use collect::{Answers, Pass};
use counts::{FacetColumns, Wanted};
pub use following::{Following, Place};
use ids::AllIds;
use open::Share;
pub use origin::Origin;
pub use sieve::Sieve;
use sums::SumPass;

/// Fewer acts than this, and misspelt words are looked for.
const FEW: usize = 3;

/// A full-text index in a directory.
pub struct SearchIndex {
    dir: PathBuf,
    index: Index,
    fields: Fields,
    reader: IndexReader,
    /// `None` when opened read-only.
    writer: Option<Mutex<IndexWriter>>,
    /// Whose revisions the cursor counts.
    lineage: Mutex<String>,
    facet_values: FacetColumns,
    phrases: Arc<PhraseMemory>,
    answers: Answers,
}

impl SearchIndex {
    /// Opens for reading and writing, creating the directory if need be.
    ///
    /// An index of another [`crate::INDEX_VERSION`] or a damaged one is thrown away: the new one is
    /// empty and its cursor 0, so the caller's normal feeding fills it again.
    ///
    /// # Errors
    /// [`SearchError::Locked`] while another process writes; disk errors.
    pub fn open(dir: &Path) -> Result<Self, SearchError> {
        let (index, writer) = open::for_writing(dir, Share::BESIDE_OTHERS)?;
        Self::with(dir, index, Some(writer))
    }

    /// Like [`Self::open`], to be fed as fast as the machine can (`guetteur reindex`): both cores, half a
    /// gigabyte.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_alone(dir: &Path) -> Result<Self, SearchError> {
        let (index, writer) = open::for_writing(dir, Share::ALONE)?;
        Self::with(dir, index, Some(writer))
    }

    /// Opens for reading, also while another process writes; commits of the writer are seen within
    /// a second, or at once after [`Self::refresh`].
    ///
    /// # Errors
    /// [`SearchError::NotBuilt`] when there is no index of this version.
    pub fn open_read_only(dir: &Path) -> Result<Self, SearchError> {
        let not_built = |why| SearchError::NotBuilt { dir: dir.to_owned(), why };
        let index = open::existing(dir).map_err(not_built)?;
        Self::with(dir, index, None)
    }

    fn with(dir: &Path, index: Index, writer: Option<IndexWriter>) -> Result<Self, SearchError> {
        let policy = match writer {
            Some(_) => ReloadPolicy::Manual,
            None => ReloadPolicy::OnCommitWithDelay,
        };
        let reader = index
            .reader_builder()
            .reload_policy(policy)
            .try_into()
            .map_err(SearchError::engine("open"))?;
        let (fields, _) = Fields::new();
        let lineage = open::payload(&index).map(|payload| payload.lineage).unwrap_or_default();
        Ok(Self {
            dir: dir.to_owned(),
            index,
            fields,
            reader,
            writer: writer.map(Mutex::new),
            lineage: Mutex::new(lineage),
            facet_values: FacetColumns::default(),
            phrases: Arc::default(),
            answers: Answers::default(),
        })
    }

    /// Revision of the database that the last commit stands for; 0 for an empty index.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn cursor(&self) -> Result<i64, SearchError> {
        let payload = open::payload(&self.index);
        let not_built = |why| SearchError::NotBuilt { dir: self.dir.clone(), why };
        payload.map(|payload| payload.cursor).map_err(not_built)
    }

    /// Number of the state that searches see: another one once they see other acts. It says nothing
    /// between two processes.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.reader.searcher().generation().generation_id()
    }

    /// Acts in the index.
    #[must_use]
    pub fn len(&self) -> usize {
        usize::try_from(self.reader.searcher().num_docs()).unwrap_or(usize::MAX)
    }

    /// Whether the index holds no act.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Sees the commits of another process now. Without any, the generation stays: what is kept by it
    /// (feeds) is kept.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn refresh(&self) -> Result<(), SearchError> {
        if self.sees_all().map_err(SearchError::engine("open"))? {
            return Ok(());
        }
        self.reader.reload().map_err(SearchError::engine("open"))
    }

    fn sees_all(&self) -> tantivy::Result<bool> {
        let there = self.index.searchable_segment_metas()?;
        let there: HashSet<_> = there.iter().map(|s| (s.id(), s.delete_opstamp())).collect();
        let searcher = self.reader.searcher();
        let seen = searcher.segment_readers().iter();
        Ok(there == seen.map(|s| (s.segment_id(), s.delete_opstamp())).collect())
    }

    /// Applies changes in order and commits them together with the cursor: all or nothing. Searches
    /// of this `SearchIndex` see them on return. Each commit syncs to disk: feed in batches
    /// (500 to 2,000 acts).
    ///
    /// # Errors
    /// [`SearchError::ReadOnly`]; disk errors, after which nothing of the batch is kept.
    pub fn apply(&self, changes: &[IndexChange], new_cursor: i64) -> Result<(), SearchError> {
        self.write(Some(new_cursor), |writer| self.change(writer, changes))
    }

    /// Takes changes over without committing them: the next [`Self::apply`] does, or nothing. Of a long
    /// back-log, so many commits fewer.
    ///
    /// # Errors
    /// As [`Self::apply`]; nothing since the last commit is kept then.
    pub fn take_over(&self, changes: &[IndexChange]) -> Result<(), SearchError> {
        self.write(None, |writer| self.change(writer, changes))
    }

    fn change(&self, writer: &mut IndexWriter, changes: &[IndexChange]) -> tantivy::Result<()> {
        for change in changes {
            writer.delete_term(Term::from_field_i64(self.fields.act_id, change.act_id.0));
            for row in &change.rows {
                writer.add_document(self.fields.row(change.act_id, row))?;
            }
        }
        Ok(())
    }

    /// Empties the index and sets the cursor to 0 (`guetteur reindex`).
    ///
    /// # Errors
    /// As [`Self::apply`].
    pub fn clear(&self) -> Result<(), SearchError> {
        self.write(Some(0), |writer| writer.delete_all_documents().map(|_| ()))
    }

    /// Writes, and commits with a cursor where one is given.
    fn write(
        &self,
        cursor: Option<i64>,
        change: impl FnOnce(&mut IndexWriter) -> tantivy::Result<()>,
    ) -> Result<(), SearchError> {
        let Some(writer) = &self.writer else {
            return Err(SearchError::ReadOnly { dir: self.dir.clone() });
        };
        let mut writer = writer.lock().unwrap_or_else(PoisonError::into_inner);
        let written =
            change(&mut writer).map_err(SearchError::engine("write to")).and_then(
                |()| match cursor {
                    Some(cursor) => open::commit(&mut writer, cursor, self.lineage().clone()),
                    None => Ok(()),
                },
            );
        if written.is_err() {
            writer.rollback().map_err(SearchError::engine("roll back"))?;
        }
        written?;
        if cursor.is_some() { self.refresh() } else { Ok(()) }
    }

    /// Searches.
    ///
    /// # Errors
    /// When the index cannot be read; never for what the query says.
    pub fn search(&self, request: &SearchRequest) -> Result<SearchResults, SearchError> {
        self.find(&self.reader.searcher(), request).map_err(SearchError::engine("search"))
    }

    fn find(&self, searcher: &Searcher, request: &SearchRequest) -> tantivy::Result<SearchResults> {
        let mut compiled = compile::compile(request.query.root(), &self.fields, &self.phrases);
        let offset = request.offset.min(SearchRequest::MAX_WINDOW);
        let limit = request.limit.min(SearchRequest::MAX_WINDOW - offset);
        let ranked = compiled.ranked && request.sort == Sort::Relevance;
        let sort = match request.sort {
            Sort::Relevance if !ranked => Sort::Published,
            sort => sort,
        };
        let keep = if limit == 0 { 0 } else { offset + limit };
        let facets = request.facets.then_some((&self.facet_values, &request.filters));
        let run = |query, relaxed| {
            let pass = self.pass(searcher, request, sort, keep, facets, relaxed);
            if let Some(found) = pass.remembered(searcher) {
                return Ok(found);
            }
            let query = if ranked { compile::flagged_first(query, &self.fields) } else { query };
            searcher.search(&self.narrowed(query, request, request.filters.withdrawn), &pass)
        };
        let mut found = run(compiled.strict.box_clone(), false)?;
        let suggestion = match found.counts.total < FEW {
            true => self.suggestion(searcher, request, found.counts.total)?,
            false => None,
        };
        if found.counts.total == 0
            && let Some(relaxed) = compiled.relaxed.take().filter(|_| request.relax)
        {
            found = run(relaxed, true)?;
            if found.counts.total > 0 {
                compiled.notes.push(RELAXED.to_owned());
            }
        }
        let hits = self.hits(searcher, &found, offset, &compiled.highlights)?;
        let facets = match request.facets {
            true => found.counts.facets(&self.facet_values),
            false => Facets::default(),
        };
        let notes = notes(request, compiled.notes);
        let expanded = compiled.expanded;
        let total = found.counts.total;
        Ok(SearchResults { total, hits, facets, suggestion, expanded, notes })
    }

    /// The pass for a request, with what it is remembered as.
    fn pass<'s>(
        &'s self,
        searcher: &Searcher,
        request: &SearchRequest,
        sort: Sort,
        keep: usize,
        facets: Wanted<'s>,
        relaxed: bool,
    ) -> Pass<'s> {
        let question = request.question().map(|question| format!("{question} {relaxed}").into());
        Pass {
            sort,
            keep,
            facets,
            generation: searcher.generation().generation_id(),
            memory: question.map(|question| (&self.answers, question)),
        }
    }

    /// The query with its misspelt words mended, if that finds more acts `than` so many.
    fn suggestion(
        &self,
        searcher: &Searcher,
        request: &SearchRequest,
        than: usize,
    ) -> tantivy::Result<Option<String>> {
        let mended = suggest::suggestion(&request.query, searcher, self.fields.exact)?;
        let Some(mended) = mended else { return Ok(None) };
        let query = Query::parse(&mended);
        let asked = SearchRequest { query, ..request.clone() };
        let pass = self.pass(searcher, &asked, Sort::Published, 0, None, false);
        if let Some(found) = pass.remembered(searcher) {
            return Ok((found.counts.total > than).then_some(mended));
        }
        let withdrawn = request.filters.withdrawn;
        let compiled = compile::compile(asked.query.root(), &self.fields, &self.phrases);
        let query = self.narrowed(compiled.strict, request, withdrawn);
        let finds = searcher.search(&query, &pass)?.counts.total;
        Ok((finds > than).then_some(mended))
    }

    /// The query with the request's filters; `withdrawn` alerts among what it finds, or not.
    fn narrowed(
        &self,
        query: Box<dyn EngineQuery>,
        request: &SearchRequest,
        withdrawn: bool,
    ) -> Box<dyn EngineQuery> {
        let filters = compile::filter_clauses(request, &self.fields);
        let clauses = std::iter::once(query).chain(filters).map(|part| (Occur::Must, part));
        let without = (!withdrawn).then(|| (Occur::MustNot, compile::withdrawn(&self.fields)));
        Box::new(BooleanQuery::new(clauses.chain(without).collect()))
    }

    /// Ids of all acts found, for exports and feeds; `sort`, `offset`, `limit`, `facets` of the
    /// request do not count, and withdrawn alerts are never among them. 16 bytes an act while it runs.
    ///
    /// # Errors
    /// As [`Self::search`].
    pub fn ids(&self, request: &SearchRequest, order: IdOrder) -> Result<Vec<ActId>, SearchError> {
        let compiled = compile::compile(request.query.root(), &self.fields, &self.phrases);
        let searcher = self.reader.searcher();
        let run = |query| searcher.search(&self.narrowed(query, request, false), &AllIds);
        let mut found = run(compiled.strict).map_err(SearchError::engine("search"))?;
        if found.is_empty()
            && let Some(relaxed) = compiled.relaxed.filter(|_| request.relax)
        {
            found = run(relaxed).map_err(SearchError::engine("search"))?;
        }
        match order {
            IdOrder::ActId => found.sort_unstable_by_key(|(_, act_id)| *act_id),
            IdOrder::Published => found.sort_unstable_by(|a, b| b.cmp(a)),
        }
        Ok(found.into_iter().map(|(_, act_id)| ActId(act_id)).collect())
    }

    /// What the acts found add up to, those `without` left out; `sort`, `offset`, `limit`, `facets` and
    /// `relax` of the request do not count.
    ///
    /// # Errors
    /// As [`Self::search`].
    pub fn sums(&self, request: &SearchRequest, without: &[ActId]) -> Result<Sums, SearchError> {
        let compiled = compile::compile(request.query.root(), &self.fields, &self.phrases);
        let query = self.narrowed(compiled.strict, request, false);
        let summed = self.reader.searcher().search(&query, &SumPass::new(without));
        summed.map_err(SearchError::engine("search"))
    }

    /// Compares every file with its checksum (`guetteur doctor`); names of the damaged ones.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn damaged_files(&self) -> Result<Vec<String>, SearchError> {
        let damaged = self.index.validate_checksum().map_err(SearchError::engine("check"))?;
        let mut names: Vec<String> =
            damaged.into_iter().map(|path| path.display().to_string()).collect();
        names.sort();
        Ok(names)
    }
}

/// Said when a word was let go.
const RELAXED: &str =
    "Aucun acte ne contient tous ces mots : voici ceux auxquels il n'en manque qu'un.";

/// What the parser and the vocabulary have to say, each thing once.
fn notes(request: &SearchRequest, more: Vec<String>) -> Vec<String> {
    let mut notes = request.query.notes().to_vec();
    for note in more {
        if !notes.contains(&note) {
            notes.push(note);
        }
    }
    notes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ActDocument;

    fn changes(ids: std::ops::Range<i64>, title: &str) -> Vec<IndexChange> {
        let act = || ActDocument { title: title.to_owned(), ..ActDocument::default() };
        ids.map(|id| IndexChange { act_id: ActId(id), rows: vec![act()] }).collect()
    }

    #[test]
    fn a_search_that_began_before_a_change_spoils_no_count() {
        let dir = tempfile::tempdir().expect("a directory");
        let index = SearchIndex::open(dir.path()).expect("created");
        index.apply(&changes(0..100, "Arrêté drone"), 1).expect("applied");
        let before = index.reader.searcher();
        index.apply(&changes(0..3, "Arrêté voirie"), 2).expect("applied");
        let after = index.reader.searcher();
        let today = chrono::NaiveDate::from_ymd_opt(2026, 8, 14).expect("a day");
        let request = SearchRequest::new(Query::parse("drone"), today);
        let total = |searcher| index.find(searcher, &request).expect("searched").total;
        let asked = [total(&after), total(&before), total(&after), total(&before)];
        assert_eq!(asked, [97, 100, 97, 100]);
    }

    #[test]
    fn looked_at_anew_without_a_change_the_state_is_the_same() {
        let dir = tempfile::tempdir().expect("a directory");
        let index = SearchIndex::open(dir.path()).expect("created");
        index.apply(&changes(0..10, "Arrêté drone"), 1).expect("applied");
        let other = SearchIndex::open_read_only(dir.path()).expect("opened");
        let known = other.generation();
        other.refresh().expect("looked");
        assert_eq!(other.generation(), known);
        for (step, change) in [(2, changes(0..1, "Arrêté voirie")), (3, changes(10..11, "Avis"))]
        {
            let known = other.generation();
            index.apply(&change, step).expect("applied");
            other.refresh().expect("looked");
            assert!(other.generation() > known, "{step}");
        }
        let gone = IndexChange { act_id: ActId(1), rows: Vec::new() };
        let known = other.generation();
        index.apply(&[gone], 4).expect("applied");
        other.refresh().expect("looked");
        assert!(other.generation() > known, "an act that is gone is a change");
    }
}
