//! Bulletins: what discovery found, and how far each has come.

use crate::boxed;
use std::collections::HashSet;

use chrono::{DateTime, NaiveDate, Utc};
use guetteur_model::{BulletinId, BulletinLink, Failure, Sha256, Stage};

use crate::store::{read, write};
use crate::{Store, StoreError};

/// One bulletin as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BulletinRow {
    /// Permanent id.
    pub id: BulletinId,
    /// Code of its source.
    pub source: String,
    /// Where the PDF is published.
    pub url: String,
    /// The link's text.
    pub title: String,
    /// Number as the prefecture writes it.
    pub number: Option<String>,
    /// Series of the number.
    pub series: Option<String>,
    /// Day of publication.
    pub published_on: Option<NaiveDate>,
    /// Page that listed it first.
    pub via: String,
    /// When a pass first saw it.
    pub first_seen_at: DateTime<Utc>,
    /// When a pass last saw it.
    pub last_seen_at: DateTime<Utc>,
    /// Since when it is no longer on its site.
    pub withdrawn_at: Option<DateTime<Utc>>,
    /// How far it has come.
    pub stage: Stage,
    /// Since when it stands there.
    pub stage_at: DateTime<Utc>,
    /// Tries of the present stage, the running one included.
    pub attempts: u32,
    /// Not before.
    pub next_attempt_at: Option<DateTime<Utc>>,
    /// Why the last try failed.
    pub failure: Option<Failure>,
    /// When it was given up.
    pub failed_at: Option<DateTime<Utc>>,
    /// The present version of its PDF.
    pub document: Option<Sha256>,
    /// Pages of that PDF.
    pub page_count: Option<u32>,
    /// The bulletin that holds the same PDF and owns its acts.
    pub duplicate_of: Option<BulletinId>,
    /// Pages of the PDF that belong to no act.
    pub outside_pages: Vec<u32>,
    /// Version of the rules that flagged it last.
    pub rules_version: Option<String>,
    /// Whether a mask keeps the site from serving its PDF, in any version.
    pub withheld: bool,
    /// Pages of it are known to await OCR.
    pub awaits_ocr: bool,
}

/// Which bulletins. The default is all; an empty list restricts nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BulletinFilter {
    /// Ids.
    pub ids: Vec<BulletinId>,
    /// Codes of sources.
    pub sources: Vec<String>,
    /// Stages.
    pub stages: Vec<Stage>,
    /// Given up or not.
    pub failed: Option<bool>,
    /// Only those whose last try failed and that will be tried again.
    pub to_retry: bool,
    /// Gone from their site or not.
    pub withdrawn: Option<bool>,
    /// First day of publication.
    pub published_from: Option<NaiveDate>,
    /// Last day of publication.
    pub published_to: Option<NaiveDate>,
}

/// What `record_found` did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FoundSummary {
    /// Bulletins added.
    pub new: u32,
    /// Bulletins that were there.
    pub known: u32,
}

/// A number of the sequence, for the search of gaps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BulletinNumber {
    /// Id of the bulletin.
    pub bulletin: BulletinId,
    /// Number as the prefecture writes it.
    pub number: Option<String>,
    /// Series of the number.
    pub series: Option<String>,
    /// Link text: some sites write the number only there.
    pub title: String,
    /// Day of publication.
    pub published_on: Option<NaiveDate>,
}

/// How a bulletin was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// Its site lists it.
    Listed,
    /// The national index has it.
    Indexed,
}

impl Store {
    /// Stores what a pass found; to find again adds nothing. The first listing wins, but the page
    /// (`via`) that gave it may correct itself; gaps are filled by any. A bulletin seen again is no
    /// longer withdrawn. An address that another source published first stays with that source.
    ///
    /// # Errors
    /// When the database fails; then nothing was stored.
    #[boxed]
    pub async fn record_found(
        &self,
        source: &str,
        links: &[BulletinLink],
        now: DateTime<Utc>,
    ) -> Result<FoundSummary, StoreError> {
        self.record(source, links, Way::Listed, now).await
    }

    /// Stores what the national index has of a source. It says nothing of what the site shows now,
    /// and what the site says of a bulletin is worth more.
    ///
    /// # Errors
    /// As [`Store::record_found`].
    #[boxed]
    pub async fn record_indexed(
        &self,
        source: &str,
        links: &[BulletinLink],
        now: DateTime<Utc>,
    ) -> Result<FoundSummary, StoreError> {
        self.record(source, links, Way::Indexed, now).await
    }

    async fn record(
        &self,
        source: &str,
        links: &[BulletinLink],
        way: Way,
        now: DateTime<Utc>,
    ) -> Result<FoundSummary, StoreError> {
        let mut seen = HashSet::new();
        let mut distinct: Vec<&BulletinLink> =
            links.iter().filter(|link| seen.insert(link.url.as_str())).collect();
        // Passes that find the same bulletins take their rows in the same order: no deadlock.
        distinct.sort_unstable_by_key(|link| link.url.as_str());
        let new = write!(self, "storing the bulletins found", |connection| {
            sql::bulletins::record(connection, source, &distinct, way, now).await
        })?;
        Ok::<_, StoreError>(FoundSummary { new, known: distinct.len() as u32 - new })
    }

    /// Bulletins, newest publication first, undated ones last.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn list_bulletins(
        &self,
        filter: &BulletinFilter,
        limit: u32,
        offset: u64,
    ) -> Result<Vec<BulletinRow>, StoreError> {
        let mut rows = read!(self, "listing bulletins", |connection| sql::bulletins::list(
            connection, filter, limit, offset
        )
        .await)?;
        self.cover_bulletins(&mut rows).await?;
        Ok(rows)
    }

    /// How many bulletins `list_bulletins` would give without limit.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn count_bulletins(&self, filter: &BulletinFilter) -> Result<u64, StoreError> {
        read!(self, "counting bulletins", |connection| sql::bulletins::count(connection, filter)
            .await)
    }

    /// One bulletin.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn bulletin(&self, id: BulletinId) -> Result<Option<BulletinRow>, StoreError> {
        let mut row = read!(self, "reading a bulletin", |connection| {
            sql::bulletins::by_id(connection, id.0).await
        })?;
        self.cover_bulletins(row.as_mut_slice()).await?;
        Ok(row)
    }

    pub(crate) async fn cover_bulletins(&self, rows: &mut [BulletinRow]) -> Result<(), StoreError> {
        let masks = self.masks_by_bulletin().await?;
        for row in rows {
            row.withheld = masks.cover(row.id, &mut row.title);
        }
        Ok(())
    }

    /// One bulletin by its address.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn bulletin_by_url(&self, url: &str) -> Result<Option<BulletinRow>, StoreError> {
        read!(self, "reading a bulletin", |connection| sql::bulletins::by_url(connection, url)
            .await)
    }

    /// Bulletins of a source published in `year`, or undated (their number may name the year), in
    /// order of publication.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn numbers(
        &self,
        source: &str,
        year: i32,
    ) -> Result<Vec<BulletinNumber>, StoreError> {
        let (Some(first), Some(last)) =
            (NaiveDate::from_ymd_opt(year, 1, 1), NaiveDate::from_ymd_opt(year, 12, 31))
        else {
            return Ok(Vec::new());
        };
        read!(self, "reading bulletin numbers", |connection| {
            sql::bulletins::numbers(connection, source, first, last).await
        })
    }
}
