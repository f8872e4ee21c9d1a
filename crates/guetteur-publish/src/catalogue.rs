//! From the store and the index to what readers see. The one file that knows their rows.

use crate::boxed;
use std::sync::Arc;

use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Europe::Paris;
use guetteur_archive::Archive;
use guetteur_communes::Region;
use guetteur_model::{ActId, Clock, LegalDoubtKind, Level, Source};
use guetteur_search::{
    IdOrder, Query, SearchError, SearchIndex, SearchRequest, SearchResults, Sort,
};
use guetteur_store::{ActRecord, AlertState, Store, StoreError, Told};

use crate::address::{Filters, Moment};
use crate::first_alert::FirstAlert;
use crate::french;
use crate::hour::ProofOfHour;
use crate::published::{BulletinRef, PublishedAct, Publisher};
use crate::site::Site;

/// Why the catalogue could not be read.
#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The index failed.
    #[error(transparent)]
    Search(#[from] SearchError),
    /// The search was stopped half-way.
    #[error("the search did not end: {0}")]
    Stopped(#[from] tokio::task::JoinError),
}

/// What is published: the handles that answers are made from. Clones share them.
#[derive(Clone)]
pub struct Catalogue {
    /// The database.
    pub store: Store,
    /// The full-text index.
    pub index: Arc<SearchIndex>,
    /// The archive of PDFs.
    pub archive: Archive,
    /// The registry of sources.
    pub registry: Arc<Vec<Source>>,
    /// The site that answers link to.
    pub site: Arc<Site>,
    /// The present.
    pub clock: Arc<dyn Clock>,
}

impl Catalogue {
    /// The present instant.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// The day it is in Paris.
    #[must_use]
    pub fn today(&self) -> NaiveDate {
        french::today(self.now())
    }

    /// The source of a code; case does not matter.
    #[must_use]
    pub fn source(&self, code: &str) -> Option<&Source> {
        self.registry.iter().find(|source| source.code.eq_ignore_ascii_case(code))
    }

    /// Who publishes under `code`, also when the registry no longer has it.
    #[must_use]
    pub fn publisher(&self, code: &str) -> Publisher {
        match self.source(code) {
            Some(source) => Publisher {
                code: source.code.clone(),
                name: source.name.clone(),
                region: source.region.clone(),
                zone: source.timezone,
            },
            None => Publisher {
                code: code.to_owned(),
                name: format!("Préfecture {code}"),
                region: String::new(),
                zone: Paris,
            },
        }
    }

    /// The act as the site shows it, but for what another act does to it
    /// ([`Catalogue::note_repeals`]).
    #[must_use]
    pub fn published(&self, record: ActRecord) -> PublishedAct {
        let told = record.flags.iter().zip(&record.flagged_at);
        let told = told.map(|(flag, at)| (flag.category.clone(), flag.level, *at));
        let announced = record.alert.iter().flat_map(|alert| {
            let flags = alert.content.flags.iter();
            flags.map(|flag| (flag.category.clone(), flag.level, alert.raised_at))
        });
        let flagged_at = told.chain(announced).collect();
        let prefecture = self.publisher(&record.source);
        let (seen, day) = (&record.sighting, record.published_on);
        let hour = ProofOfHour::of(seen, &record.facts, day, prefecture.zone);
        let ActRecord { act, facts, mut flags, .. } = record;
        flags.sort_by_key(|flag| flag.level);
        PublishedAct {
            id: record.id,
            title: act.title,
            number: act.number,
            own_number: act.own_number,
            kind: act.kind,
            service: act.service,
            signed_on: act.signed_on,
            signed_by: act.signed_by,
            capacity: act.capacity,
            pages: act.pages,
            facts,
            flags,
            prefecture,
            bulletin: BulletinRef {
                id: record.bulletin_id,
                title: record.bulletin_title,
                number: record.bulletin_number,
                url: record.bulletin_url,
                published_on: record.published_on,
            },
            pdf_sha256: Some(record.document),
            pdf_withheld: record.withheld,
            first_seen_at: record.first_seen_at,
            updated_at: record.updated_at,
            flagged_at,
            pdf_changes: record.pdf_changes,
            alert: record.alert.as_ref().map(FirstAlert::from),
            repeal: None,
            outcomes: record.outcomes,
            hour,
            reviews: record.reviews,
        }
    }

    /// Acts as the site shows them, with what other acts do to them.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn publish(
        &self,
        records: impl IntoIterator<Item = ActRecord>,
    ) -> Result<Vec<PublishedAct>, CatalogueError> {
        let records = records.into_iter();
        let mut acts: Vec<_> = records.map(|record| self.published(record)).collect();
        self.note_repeals(&mut acts).await?;
        Ok(acts)
    }

    /// An act as the site shows it, with what other acts do to it.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn publish_one(&self, record: ActRecord) -> Result<PublishedAct, CatalogueError> {
        let mut act = self.published(record);
        self.note_repeals(std::slice::from_mut(&mut act)).await?;
        Ok(act)
    }

    /// The withdrawn alert about an act as it was told, the act removed or not.
    pub(crate) fn withdrawn(&self, mut record: ActRecord) -> Option<PublishedAct> {
        let alert = record.alert.as_ref().filter(|a| a.state == AlertState::Withdrawn)?;
        record.act.title.clone_from(&alert.content.title);
        record.flags.clone_from(&alert.content.flags);
        Some(self.published(record))
    }

    /// Acts by id, in that order; those removed since are left out.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn acts(&self, ids: &[ActId]) -> Result<Vec<PublishedAct>, CatalogueError> {
        let records = self.store.acts_by_ids(ids).await?;
        self.publish(records.into_iter().filter(|record| record.removed_at.is_none())).await
    }

    /// Acts as they were told, in that order: a withdrawn alert with the words that announced it.
    /// Those removed since are left out.
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn acts_as_told(
        &self,
        told: &[(ActId, Told)],
    ) -> Result<Vec<(PublishedAct, Told)>, CatalogueError> {
        let ids: Vec<ActId> = told.iter().map(|(id, _)| *id).collect();
        let mut whats = told.iter();
        let mut acts = Vec::new();
        for record in self.store.acts_by_ids(&ids).await? {
            let Some((_, what)) = whats.find(|(id, _)| *id == record.id) else { continue };
            let act = match what {
                Told::Withdrawn => self.withdrawn(record),
                _ if record.removed_at.is_some() => None,
                _ => Some(self.published(record)),
            };
            acts.extend(act.map(|act| (act, *what)));
        }
        let (mut acts, whats): (Vec<_>, Vec<_>) = acts.into_iter().unzip();
        self.note_repeals(&mut acts).await?;
        Ok(acts.into_iter().zip(whats).collect())
    }

    /// What the index is asked for a list.
    #[must_use]
    pub fn request(&self, filters: &Filters) -> SearchRequest {
        let today = self.today();
        let mut request = SearchRequest::new(Query::parse(&filters.q), today);
        let narrow = &mut request.filters;
        narrow.prefectures = filters.prefectures.clone();
        narrow.categories = filters.categories.clone();
        narrow.levels = match filters.every_level && !filters.categories.is_empty() {
            true => Level::ALL.to_vec(),
            false => filters.levels.clone(),
        };
        narrow.regions = filters.regions.iter().map(Region::slug).collect();
        narrow.communes = filters.communes.clone();
        narrow.epcis = filters.epcis.iter().map(|epci| epci.siren.to_owned()).collect();
        narrow.around = filters.around.clone();
        narrow.years = filters.years.clone();
        narrow.beneficiaries = filters.beneficiaries.clone();
        narrow.purposes = filters.purposes.clone();
        narrow.doubts = match filters.any_doubt {
            true => LegalDoubtKind::ALL.to_vec(),
            false => filters.doubts.clone(),
        };
        narrow.from = filters.from;
        narrow.to = filters.to;
        for moment in &filters.moments {
            match moment {
                Moment::InForce => narrow.in_force_on = Some(today),
                Moment::Soon => narrow.starts_before = today.checked_add_days(Days::new(7)),
                Moment::ShortNotice => narrow.max_notice_hours = Some(48.0),
            }
        }
        request.sort = filters.order;
        request
    }

    /// Lets searches see all that the index holds by now.
    ///
    /// # Errors
    /// When the index cannot be read.
    #[boxed]
    pub async fn see_all(&self) -> Result<(), CatalogueError> {
        let index = self.index.clone();
        Ok(tokio::task::spawn_blocking(move || index.refresh()).await??)
    }

    /// Asks the index, off the threads that serve requests.
    ///
    /// # Errors
    /// When the index fails.
    #[boxed]
    pub async fn search(&self, request: SearchRequest) -> Result<SearchResults, CatalogueError> {
        let index = self.index.clone();
        Ok(tokio::task::spawn_blocking(move || index.search(&request)).await??)
    }

    /// Counts over a list, without its acts.
    ///
    /// # Errors
    /// When the index fails.
    #[boxed]
    pub async fn count(&self, filters: &Filters) -> Result<SearchResults, CatalogueError> {
        let mut request = self.request(filters);
        request.limit = 0;
        request.relax = false;
        self.search(request).await
    }

    /// Ids of all acts of a list, published last first.
    ///
    /// # Errors
    /// When the index fails.
    #[boxed]
    pub async fn ids(&self, filters: &Filters) -> Result<Vec<ActId>, CatalogueError> {
        let mut request = self.request(filters);
        request.relax = false;
        let index = self.index.clone();
        let ids = tokio::task::spawn_blocking(move || index.ids(&request, IdOrder::Published));
        Ok(ids.await??)
    }

    /// The newest acts of a list, by publication.
    ///
    /// # Errors
    /// When index or database fail.
    #[boxed]
    pub async fn newest(
        &self,
        filters: &Filters,
        limit: usize,
    ) -> Result<Vec<PublishedAct>, CatalogueError> {
        let request = self.plain_request(filters, limit);
        let hits = self.search(request).await?.hits;
        self.acts(&hits.iter().map(|hit| hit.act_id).collect::<Vec<_>>()).await
    }

    pub(crate) fn plain_request(&self, filters: &Filters, limit: usize) -> SearchRequest {
        let mut request = self.request(filters);
        request.sort = Sort::Published;
        request.limit = limit;
        request.facets = false;
        request.relax = false;
        request
    }
}
