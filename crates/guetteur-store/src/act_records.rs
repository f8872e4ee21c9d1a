//! The reading side: what the site, the feeds, the exports and the search index ask. What the operator
//! masks (`masks.rs`) is covered here.

use crate::boxed;
use chrono::{DateTime, NaiveDate, Utc};
use futures::{Stream, TryStreamExt};
use guetteur_model::{
    Act, ActId, ActPage, BulletinId, Category, Facts, FileTimes, Flag, Level, Sha256,
};

use crate::store::read;
use crate::{Alert, BulletinRow, DocumentRow, Outcome, PdfChange, Review, Store, StoreError};

/// An act as stored.
#[derive(Debug, Clone, PartialEq)]
pub struct ActRecord {
    /// Permanent id.
    pub id: ActId,
    /// Its bulletin.
    pub bulletin_id: BulletinId,
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
    /// Since when each of [`Self::flags`] stands, in their order.
    pub flagged_at: Vec<DateTime<Utc>>,
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
    /// The alert raised from the sommaire before the act was read, if any.
    pub alert: Option<Alert>,
    /// The first of the same act in bulletins of its source, when this is another one: it counts
    /// there.
    pub repeats: Option<ActId>,
    /// When new versions of its PDF changed what is said of it, first to last.
    pub pdf_changes: Vec<PdfChange>,
    /// Whether a mask keeps the site from serving the PDF.
    pub withheld: bool,
    /// What courts decided about it, the first decided first.
    pub outcomes: Vec<Outcome>,
    /// What is known of when its PDF was put on line.
    pub sighting: Sighting,
    /// What an operator found of its flags and facts, which bear it already.
    pub reviews: Vec<Review>,
}

/// What is known of when a PDF was put on line: the words of others, and when we first had it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sighting {
    /// When the file says that it was made.
    pub file: FileTimes,
    /// `Last-Modified` of the last fetch, as the server wrote it.
    pub last_modified: Option<String>,
    /// When these bytes were first fetched for the bulletin.
    pub first_fetched_at: DateTime<Utc>,
    /// Whether the bulletin had another PDF before.
    pub replaces: bool,
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

/// Which acts. The default is all that are neither removed nor repeat another; an empty list restricts nothing.
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
    /// Only acts that name no commune.
    pub without_commune: bool,
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
    /// Removed and repeated acts too.
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

/// Figures of the whole database; acts removed or repeated are not counted.
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
    /// Highest revision given out.
    pub revision: i64,
}

impl Store {
    /// One act with all that its page shows; removed ones too.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn act(&self, id: ActId) -> Result<Option<ActView>, StoreError> {
        let Some(record) = self.acts_by_ids(&[id]).await?.pop() else { return Ok(None) };
        let Some(bulletin) = self.bulletin(record.bulletin_id).await? else { return Ok(None) };
        let Some(document) = self.document(record.document).await? else { return Ok(None) };
        let mut also_in = self.bulletins_of_document(record.document).await?;
        also_in.retain(|other| other.id != bulletin.id);
        Ok(Some(ActView { record, bulletin, document, also_in }))
    }

    /// Acts by id, in the order of `ids`; unknown ids are left out, removed acts are not.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn acts_by_ids(&self, ids: &[ActId]) -> Result<Vec<ActRecord>, StoreError> {
        let records =
            read!(self, "reading acts", |connection| sql::acts::by_ids(connection, &numbers(ids))
                .await)?;
        self.cover(records).await
    }

    /// The text of an act, page by page; empty when the act is unknown.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn act_text(&self, id: ActId) -> Result<Vec<ActPage>, StoreError> {
        let text = read!(self, "reading the text of an act", |connection| {
            sql::acts::text(connection, id.0).await
        })?;
        self.cover_text(id, text).await
    }

    /// Acts of a bulletin in their order, removed ones left out. For a duplicate, those of the
    /// bulletin that it repeats.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn acts_of_bulletin(&self, id: BulletinId) -> Result<Vec<ActRecord>, StoreError> {
        let records = read!(self, "reading the acts of a bulletin", |connection| {
            sql::acts::of_bulletin(connection, id.0).await
        })?;
        self.cover(records).await
    }

    /// Flags of an act in their order, each with the time since when it stands.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn flag_births(&self, act: ActId) -> Result<Vec<(Flag, DateTime<Utc>)>, StoreError> {
        let record = self.acts_by_ids(&[act]).await?.pop();
        Ok(record
            .map(|act| act.flags.into_iter().zip(act.flagged_at).collect())
            .unwrap_or_default())
    }

    /// Acts of a filter.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn list_acts(
        &self,
        filter: &ActFilter,
        order: ActOrder,
        limit: u32,
        offset: u64,
    ) -> Result<Vec<ActRecord>, StoreError> {
        let records = read!(self, "listing acts", |connection| {
            sql::acts::list(connection, filter, order, limit, offset).await
        })?;
        self.cover(records).await
    }

    /// How many acts `list_acts` would give without limit.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn count_acts(&self, filter: &ActFilter) -> Result<u64, StoreError> {
        read!(self, "counting acts", |connection| sql::acts::count(connection, filter).await)
    }

    /// Newest acts with a flag of one of `levels` (empty: of any).
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn recent_flagged(
        &self,
        limit: u32,
        levels: &[Level],
    ) -> Result<Vec<ActRecord>, StoreError> {
        let filter = ActFilter { levels: levels.to_vec(), flagged: true, ..ActFilter::default() };
        self.list_acts(&filter, ActOrder::Published, limit, 0).await
    }

    /// Flagged acts in force on `day`, newest publication first.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn acts_in_force(
        &self,
        day: NaiveDate,
        limit: u32,
    ) -> Result<Vec<ActRecord>, StoreError> {
        let filter = ActFilter { in_force_on: Some(day), flagged: true, ..ActFilter::default() };
        self.list_acts(&filter, ActOrder::Published, limit, 0).await
    }

    /// Figures of the whole database.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn totals(&self) -> Result<Totals, StoreError> {
        read!(self, "counting everything", |connection| sql::acts::totals(connection).await)
    }

    /// All acts of a filter by id, with flat memory. The stream owns a handle of the store.
    pub fn export_acts(
        &self,
        filter: ActFilter,
    ) -> impl Stream<Item = Result<ActRecord, StoreError>> + Send + use<> {
        let start = (self.clone(), filter, 0);
        futures::stream::try_unfold(start, |(store, filter, after)| async move {
            let batch = store.acts_after(&filter, after).await?;
            let Some(last) = batch.last().map(|record| record.id.0) else { return Ok(None) };
            let records = futures::stream::iter(batch.into_iter().map(Ok));
            Ok::<_, StoreError>(Some((records, (store, filter, last))))
        })
        .try_flatten()
    }

    /// Acts whose revision is above `revision`, in order of revision, with their text; removed
    /// ones too (`removed_at`), so that an index can drop them. Reading on from the last
    /// revision seen misses nothing, whoever writes at the same time.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn acts_changed_since(
        &self,
        revision: i64,
        limit: u32,
    ) -> Result<Vec<ActRecord>, StoreError> {
        let records = read!(self, "reading changed acts", |connection| {
            sql::acts::changed_since(connection, revision, limit).await
        })?;
        self.cover(records).await
    }

    async fn acts_after(
        &self,
        filter: &ActFilter,
        after: i64,
    ) -> Result<Vec<ActRecord>, StoreError> {
        let records = read!(self, "exporting acts", |connection| {
            sql::acts::after(connection, filter, after, EXPORT_BATCH).await
        })?;
        self.cover(records).await
    }
}

/// Ids as the database numbers them.
pub(crate) fn numbers(ids: &[ActId]) -> Vec<i64> {
    ids.iter().map(|id| id.0).collect()
}

/// Acts held in memory by an export.
const EXPORT_BATCH: u32 = 500;
