//! The reading side: what the site, the feeds, the exports and the search index ask.

use chrono::{DateTime, NaiveDate, Utc};
use futures::Stream;
use guetteur_model::{Act, ActPage, Category, Facts, Flag, Level, Sha256};

use crate::{BulletinRow, DocumentRow, Store, StoreError};

/// An act as stored.
#[derive(Debug, Clone, PartialEq)]
pub struct ActRecord {
    /// Permanent id.
    pub id: i64,
    /// Its bulletin.
    pub bulletin_id: i64,
    /// Code of the source that published it.
    pub source: String,
    /// Codes of other sources that published the same PDF.
    pub also_sources: Vec<String>,
    /// Address of the bulletin.
    pub bulletin_url: String,
    /// Title of the bulletin.
    pub bulletin_title: String,
    /// Number of the bulletin.
    pub bulletin_number: Option<String>,
    /// The PDF it stands in.
    pub document: Sha256,
    /// Place in the bulletin, from 0.
    pub position: u32,
    /// The act. `text` is empty except from [`Store::acts_changed_since`]; see
    /// [`Store::act_text`].
    pub act: Act,
    /// Its facts.
    pub facts: Facts,
    /// Its flags, in the order given.
    pub flags: Vec<Flag>,
    /// Day of publication.
    pub published_on: Option<NaiveDate>,
    /// When Guetteur first held it.
    pub first_seen_at: DateTime<Utc>,
    /// When what readers see last changed.
    pub updated_at: DateTime<Utc>,
    /// Since when it is no longer in its bulletin.
    pub removed_at: Option<DateTime<Utc>>,
    /// Number of its last change among all changes.
    pub revision: i64,
}

/// An act with all that its page shows.
#[derive(Debug, Clone, PartialEq)]
pub struct ActView {
    /// The act.
    pub record: ActRecord,
    /// Its bulletin.
    pub bulletin: BulletinRow,
    /// Its PDF.
    pub document: DocumentRow,
    /// Other bulletins that hold the same PDF.
    pub also_in: Vec<BulletinRow>,
}

/// Which acts. The default is all that are not removed; an empty list restricts nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ActFilter {
    /// Codes of sources.
    pub sources: Vec<String>,
    /// At least one flag of one of these categories…
    pub categories: Vec<Category>,
    /// … and, the same flag, of one of these levels.
    pub levels: Vec<Level>,
    /// INSEE codes of communes.
    pub communes: Vec<String>,
    /// First day of publication.
    pub published_from: Option<NaiveDate>,
    /// Last day of publication.
    pub published_to: Option<NaiveDate>,
    /// In force on that day: it began (or was published) by then, and its known end is not before.
    pub in_force_on: Option<NaiveDate>,
    /// Changed at that time or since.
    pub updated_since: Option<DateTime<Utc>>,
    /// With any flag.
    pub flagged: bool,
    /// Removed acts too.
    pub removed: bool,
}

/// In which order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum ActOrder {
    /// Newest publication first, undated ones last.
    #[default]
    Published,
    /// Latest change first: what a feed shows.
    Updated,
}

/// Figures of the whole database; removed acts are not counted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Totals {
    /// Bulletins known.
    pub bulletins: u64,
    /// PDFs in the archive.
    pub documents: u64,
    /// Their pages.
    pub pages: u64,
    /// Acts.
    pub acts: u64,
    /// Acts with at least one flag.
    pub flagged: u64,
    /// Acts by category of flag, whatever the level, by id of category.
    pub by_category: Vec<(Category, u64)>,
    /// Highest revision given out.
    pub revision: i64,
}

impl Store {
    /// One act with all that its page shows; removed ones too.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn act(&self, id: i64) -> Result<Option<ActView>, StoreError> {
        todo!()
    }

    /// Acts by id, in the order of `ids`; unknown ids are left out, removed acts are not.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn acts_by_ids(&self, ids: &[i64]) -> Result<Vec<ActRecord>, StoreError> {
        todo!()
    }

    /// The text of an act, page by page; empty when the act is unknown.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn act_text(&self, id: i64) -> Result<Vec<ActPage>, StoreError> {
        todo!()
    }

    /// Acts of a bulletin in their order, removed ones left out. For a duplicate, those of the
    /// bulletin that it repeats.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn acts_of_bulletin(&self, id: i64) -> Result<Vec<ActRecord>, StoreError> {
        todo!()
    }

    /// Acts of a filter.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn list_acts(
        &self,
        filter: &ActFilter,
        order: ActOrder,
        limit: u32,
        offset: u64,
    ) -> Result<Vec<ActRecord>, StoreError> {
        todo!()
    }

    /// How many acts `list_acts` would give without limit.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn count_acts(&self, filter: &ActFilter) -> Result<u64, StoreError> {
        todo!()
    }

    /// Newest acts with a flag of one of `levels` (empty: of any).
    ///
    /// # Errors
    /// When the database fails.
    pub async fn recent_flagged(
        &self,
        limit: u32,
        levels: &[Level],
    ) -> Result<Vec<ActRecord>, StoreError> {
        todo!()
    }

    /// Flagged acts in force on `day`, newest publication first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn acts_in_force(
        &self,
        day: NaiveDate,
        limit: u32,
    ) -> Result<Vec<ActRecord>, StoreError> {
        todo!()
    }

    /// Figures of the whole database.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn totals(&self) -> Result<Totals, StoreError> {
        todo!()
    }

    /// All acts of a filter by id, with flat memory. The stream owns a handle of the store.
    pub fn export_acts(
        &self,
        filter: ActFilter,
    ) -> impl Stream<Item = Result<ActRecord, StoreError>> + Send + use<> {
        futures::stream::empty()
    }

    /// Acts whose revision is above `revision`, in order of revision, with their text; removed
    /// ones too (`removed_at`), so that an index can drop them. Reading on from the last
    /// revision seen misses nothing, whoever writes at the same time.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn acts_changed_since(
        &self,
        revision: i64,
        limit: u32,
    ) -> Result<Vec<ActRecord>, StoreError> {
        todo!()
    }
}
