//! What those who follow a list get of it: its newest acts, and those that it told once and that
//! belong to it no more.

use crate::boxed;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use chrono::{DateTime, Days, Duration, Utc};
use guetteur_model::{ActId, Sha256};
use guetteur_search::{Hit, Place, SearchRequest, Subject};
use guetteur_store::{Alarm, AlertState};

use crate::address::Filters;
use crate::catalogue::{Catalogue, CatalogueError};
use crate::published::PublishedAct;
use crate::reading_on::ReadingOn;

/// Acts by publication.
const NEWEST: usize = 50;
/// Acts that are news though published somewhat earlier.
const LATE: usize = 100;
/// For so many days.
const NEWS_DAYS: i64 = 14;
/// Published at most so many days ago: a back-fill of old years must not flood those who follow.
const LATE_DAYS: u64 = 90;

/// What was found: an act, or the alert about it, in its place.
type Told = (Place, Subject);

fn told_hit(hit: &Hit) -> Told {
    (hit.place, hit.subject)
}

/// What is told of a list, published last first.
#[derive(Debug, Clone, Default)]
pub struct Followed {
    /// Acts that belong to it.
    pub acts: Vec<PublishedAct>,
    /// Acts whose first alert belonged to it, and that do not: withdrawn (in the words of the
    /// alert), or of another category or level once read.
    pub former: Vec<PublishedAct>,
    /// Sources of the list that could not be read, now or lately: that it tells nothing proves nothing.
    pub blind: Vec<Alarm>,
    /// Where the list goes on further back.
    pub next: Option<ReadingOn>,
    /// When the sources of the list were last read, in words.
    pub last_read: String,
    /// The sizes of their PDFs, in bytes.
    pub pdf_bytes: HashMap<Sha256, u64>,
}

impl Followed {
    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = &PublishedAct> {
        self.acts.iter().chain(&self.former)
    }

    /// When what is said of any of them last changed.
    #[must_use]
    pub fn last_change(&self) -> DateTime<Utc> {
        let events = self.all().flat_map(PublishedAct::events).map(|event| event.at);
        let blind = self.blind.iter().flat_map(|alarm| [Some(alarm.raised_at), alarm.over_at]);
        let changes = self.all().map(|act| act.updated_at).chain(events).chain(blind.flatten());
        crate::feeds::last_change(changes)
    }
}

impl Catalogue {
    /// What a list tells: the newest by publication, and what was seen, taken back or ended in the
    /// last two weeks though published somewhat earlier (a bulletin found late must still reach its
    /// subscribers).
    ///
    /// # Errors
    /// When index or database fail.
    #[boxed]
    pub async fn followed(
        &self,
        filters: &Filters,
        blind: Vec<Alarm>,
    ) -> Result<Followed, CatalogueError> {
        let (found, next) = self.first_page(filters).await?;
        Ok(Followed { blind, next, ..self.told(&found).await? })
    }

    /// What [`Catalogue::followed`] tells, and where the list goes on after it.
    async fn first_page(
        &self,
        filters: &Filters,
    ) -> Result<(Vec<Told>, Option<ReadingOn>), CatalogueError> {
        let since = self.now() - Duration::days(NEWS_DAYS);
        let request = |limit| {
            let mut request = self.plain_request(filters, limit);
            request.filters.withdrawn = true;
            request
        };
        let mut late = request(LATE);
        late.filters.seen_since = Some(since);
        let limit = self.today() - Days::new(LATE_DAYS);
        late.filters.from = Some(late.filters.from.map_or(limit, |from| from.max(limit)));
        let newest = self.search(request(NEWEST)).await?;
        let goes_on = newest.total > NEWEST;
        let mut found: Vec<Told> = newest.hits.iter().map(told_hit).collect();
        let last = found.last().map(|(place, _)| *place).filter(|_| goes_on);
        found.extend(self.search(late).await?.hits.iter().map(told_hit));
        found.extend(self.ended(request(LATE), since).await?.iter().map(told_hit));
        let next = last.map(|after| {
            let further = found.iter().filter(|(place, _)| *place < after);
            let told: BTreeSet<ActId> = further.map(|(place, _)| place.act).collect();
            ReadingOn { after, told: told.into_iter().collect() }
        });
        Ok((found, next))
    }

    /// A page of a list further back than [`Catalogue::followed`], which is the first: its acts by
    /// publication, from where its address says, or as many pages on as it says.
    ///
    /// # Errors
    /// When index or database fail.
    #[boxed]
    pub async fn followed_before(
        &self,
        filters: &Filters,
        page: u32,
        from: Option<ReadingOn>,
    ) -> Result<Followed, CatalogueError> {
        let (from, skip) = match from {
            Some(from) => (from, 0),
            None => {
                let Some(second) = self.first_page(filters).await?.1 else {
                    return Ok(Followed::default());
                };
                (second, NEWEST * (page as usize - 2))
            }
        };
        let mut request = self.plain_request(filters, NEWEST);
        request.filters.withdrawn = true;
        let index = Arc::clone(&self.index);
        let searched = tokio::task::spawn_blocking(move || {
            let found = index.following(&request, from.after, &from.told, (skip, NEWEST));
            found.map(|found| (found, from))
        });
        let (following, from) = searched.await??;
        let last = following.found.last().map(|(place, _)| *place);
        let next = last.filter(|_| following.goes_on);
        let next = next.map(|after| ReadingOn { after, ..from });
        Ok(Followed { next, ..self.told(&following.found).await? })
    }

    /// Sources of a list that could not be read, now or in the last two weeks, for
    /// [`Catalogue::followed`].
    ///
    /// # Errors
    /// When the database fails.
    #[boxed]
    pub async fn blind(&self, filters: &Filters) -> Result<Vec<Alarm>, CatalogueError> {
        let mut alarms = self.store.alarms(self.now() - Duration::days(NEWS_DAYS)).await?;
        alarms.retain(|alarm| self.concerns(alarm, filters));
        Ok(alarms)
    }

    /// Acts that a new one changes, or of which a court decided.
    async fn ended(
        &self,
        mut request: SearchRequest,
        since: DateTime<Utc>,
    ) -> Result<Vec<Hit>, CatalogueError> {
        request.filters.acts = self.store.acts_changed_by_new_ones(since).await?;
        request.filters.acts.extend(self.store.acts_judged_since(since).await?);
        if request.filters.acts.is_empty() {
            return Ok(Vec::new());
        }
        Ok(self.search(request).await?.hits)
    }

    async fn told(&self, found: &[Told]) -> Result<Followed, CatalogueError> {
        let of = |subject| -> HashSet<ActId> {
            found.iter().filter(|(_, of)| *of == subject).map(|(place, _)| place.act).collect()
        };
        let (belonging, alerts) = (of(Subject::Act), of(Subject::WithdrawnAlert));
        let ids: Vec<ActId> = belonging.union(&alerts).copied().collect();
        let mut followed = Followed::default();
        for record in self.store.acts_by_ids(&ids).await? {
            let state = record.alert.as_ref().map(|alert| alert.state);
            // A withdrawn alert comes in the place of its act.
            if alerts.contains(&record.id) && state == Some(AlertState::Withdrawn) {
                followed.former.extend(self.withdrawn(record));
            } else if record.removed_at.is_none() {
                let belongs = belonging.contains(&record.id);
                let acts = if belongs { &mut followed.acts } else { &mut followed.former };
                acts.push(self.published(record));
            }
        }
        for acts in [&mut followed.acts, &mut followed.former] {
            self.note_repeals(acts).await?;
            acts.sort_by_key(|act| std::cmp::Reverse((act.published_on(), act.id)));
        }
        let documents: HashSet<Sha256> = followed.all().filter_map(|act| act.pdf_sha256).collect();
        let documents: Vec<Sha256> = documents.into_iter().collect();
        followed.pdf_bytes = self.store.document_sizes(&documents).await?;
        Ok(followed)
    }
}
