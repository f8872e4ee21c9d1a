//! What is authorised at a place, added up by the index from what the acts themselves say.
//!
//! What an act does not say is counted as not said, never guessed. What it costs grows with the acts of
//! the place alone, some nanoseconds each: none of them is read.

use crate::boxed;
use std::collections::HashSet;

use chrono::{DateTime, Datelike, Days, NaiveDate};
use guetteur_model::{ActId, Category, Level};
use guetteur_search::{IdOrder, SearchRequest, Sums};

use crate::address::Filters;
use crate::catalogue::{Catalogue, CatalogueError};
use crate::french;
use crate::published::PublishedAct;

/// Days ahead that count as soon, as in [`crate::address::Moment::Soon`].
const SOON_DAYS: u64 = 7;

/// The authorisations of a place.
#[derive(Debug, Default, PartialEq)]
pub struct Standing {
    /// All of them.
    pub all: Sums,
    /// Those in force.
    pub now: Sums,
    /// Ids of those in force, published last first.
    pub in_force: Vec<ActId>,
    /// Ids of those that are in their days of effect, and that another act or a court ends.
    pub repealed: Vec<ActId>,
    /// Ids of those that take effect within seven days, from tomorrow on.
    pub soon: Vec<ActId>,
}

impl Standing {
    /// How many authorisations there are.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.all.acts
    }

    /// `2 autorisations sont en vigueur, et 1 ne donne pas de dates d’effet lues`: what is in force,
    /// and what may be.
    #[must_use]
    pub fn in_words(&self) -> String {
        let in_force = french::authorisations_in_force(self.in_force.len() as u64);
        match self.all.undated {
            0 => in_force,
            n => format!(
                "{in_force}, et {} pas de dates d’effet lues",
                french::count(n, "ne donne", "ne donnent")
            ),
        }
    }

    /// Those published in a month.
    #[must_use]
    pub fn in_month(&self, first: NaiveDate) -> u64 {
        first.with_day(1).and_then(|month| self.all.months.get(&month)).copied().unwrap_or(0)
    }

    /// Those published before a day that begins a month.
    #[must_use]
    pub fn before(&self, first: NaiveDate) -> u64 {
        self.all.months.range(..first).map(|(_, count)| count).sum()
    }

    /// Those without a day of publication.
    #[must_use]
    pub fn unpublished(&self) -> u64 {
        self.total() - self.all.months.values().sum::<u64>()
    }

    /// Services, those with most acts first.
    #[must_use]
    pub fn services(&self) -> Vec<(&str, u64)> {
        let all = self.all.beneficiaries.iter();
        let mut all: Vec<_> = all.map(|(name, n)| (name.as_str(), *n)).collect();
        all.sort_unstable_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        all
    }
}

/// The categories that an act authorises, each once.
pub fn authorised(act: &PublishedAct) -> impl Iterator<Item = &Category> {
    let all = act.by_category().into_iter();
    all.filter(|(_, level)| *level == Level::Authorises).map(|(category, _)| category)
}

impl Catalogue {
    /// Adds the authorisations of a list up.
    ///
    /// # Errors
    /// When index or database fail.
    #[boxed]
    pub async fn standing(&self, filters: &Filters) -> Result<Standing, CatalogueError> {
        let today = self.today();
        let authorisations = filters.with(|f| f.levels = vec![Level::Authorises]);
        let mut all = self.request(&authorisations);
        all.relax = false;
        let mut in_force = all.clone();
        in_force.filters.in_force_on = Some(today);
        let mut soon = all.clone();
        soon.today = today + Days::new(1);
        soon.filters.starts_before = Some(today + Days::new(SOON_DAYS));
        let (mut in_effect, mut begin) =
            (self.ids_of(in_force.clone()).await?, self.ids_of(soon).await?);
        let judged = self.judged(&all, today).await?;
        let repealed = self.repealed(in_effect.iter().chain(&begin).copied().collect()).await?;
        let gone = |id: &ActId| repealed.contains(id);
        let ended: Vec<ActId> = in_effect.iter().filter(|id| gone(id)).copied().collect();
        in_effect.retain(|id| !gone(id));
        begin.retain(|id| !gone(id));
        let sums_without = ended.clone();
        let ended: Vec<ActId> = ended.into_iter().chain(judged).collect();
        Ok(Standing {
            all: self.sums(all, Vec::new()).await?,
            now: self.sums(in_force, sums_without).await?,
            in_force: in_effect,
            repealed: ended,
            soon: begin,
        })
    }

    async fn ids_of(&self, request: SearchRequest) -> Result<Vec<ActId>, CatalogueError> {
        let index = self.index.clone();
        let ids = tokio::task::spawn_blocking(move || index.ids(&request, IdOrder::Published));
        Ok(ids.await??)
    }

    async fn sums(
        &self,
        request: SearchRequest,
        without: Vec<ActId>,
    ) -> Result<Sums, CatalogueError> {
        let index = self.index.clone();
        Ok(tokio::task::spawn_blocking(move || index.sums(&request, &without)).await??)
    }

    /// Those of a list that a court ended, and that would be in their days of effect: the index has
    /// them no more among those in force. Few acts are judged.
    async fn judged(
        &self,
        list: &SearchRequest,
        today: NaiveDate,
    ) -> Result<Vec<ActId>, CatalogueError> {
        let mut request = list.clone();
        request.filters.acts = self.store.acts_judged_since(DateTime::UNIX_EPOCH).await?;
        if request.filters.acts.is_empty() {
            return Ok(Vec::new());
        }
        let acts = self.acts(&self.ids_of(request).await?).await?;
        let would_hold = |act: &&PublishedAct| {
            let (from, to) = (act.facts.valid_from, act.facts.valid_to);
            let first = from.map(|from| from.date()).or(act.published_on());
            let dated = from.is_some() || to.is_some();
            dated
                && act.struck_by().is_some()
                && first.is_some_and(|first| first <= today)
                && to.is_none_or(|to| today <= to.date())
        };
        Ok(acts.iter().filter(would_hold).map(|act| act.id).collect())
    }

    /// Those of `ids` that another act ends before their time. Few acts are named by another: only
    /// they are read.
    async fn repealed(&self, ids: Vec<ActId>) -> Result<HashSet<ActId>, CatalogueError> {
        let named = self.store.changed_of(&ids).await?;
        let acts = self.acts(&named).await?;
        Ok(acts.iter().filter(|act| act.repeal.is_some()).map(|act| act.id).collect())
    }
}
