//! The reading side: what the site, the feeds, the exports and the search index ask. What the operator
//! masks (`masks.rs`) is covered here.

use crate::boxed;
use chrono::{DateTime, NaiveDate, Utc};
use guetteur_model::{Act, ActId, ActPage, BulletinId, Facts, FileTimes, Flag, Sha256};

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

    /// Figures of the whole database.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn totals(&self) -> Result<Totals, StoreError> {
        read!(self, "counting everything", |connection| sql::acts::totals(connection).await)
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
}

/// Ids as the database numbers them.
pub(crate) fn numbers(ids: &[ActId]) -> Vec<i64> {
    ids.iter().map(|id| id.0).collect()
}
