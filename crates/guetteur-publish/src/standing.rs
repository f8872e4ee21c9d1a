//! What is authorised at a place, counted from what the acts themselves say.
//!
//! What an act does not say is counted as not said, never guessed.

use std::collections::{BTreeMap, HashMap};

use chrono::{Datelike, NaiveDate};
use guetteur_model::{ActId, Category, Level};

use crate::address::Filters;
use crate::catalogue::Catalogue;
use crate::catalogue::CatalogueError;
use crate::published::PublishedAct;

/// Days ahead that count as soon, as in [`crate::address::Moment::Soon`].
const SOON_DAYS: i64 = 7;

/// A sum over the acts that state a number.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Stated {
    /// Sum of the numbers stated.
    pub sum: u64,
    /// Acts that state one.
    pub acts: u64,
}

impl Stated {
    fn add(&mut self, number: Option<u32>) {
        if let Some(number) = number {
            self.sum += u64::from(number);
            self.acts += 1;
        }
    }
}

/// What acts of one category authorise.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Devices {
    /// Acts.
    pub acts: u64,
    /// Cameras, « au plus ».
    pub cameras: Stated,
    /// Aircraft.
    pub aircraft: Stated,
}

impl Devices {
    fn add(&mut self, act: &PublishedAct) {
        self.acts += 1;
        self.cameras.add(act.facts.cameras);
        self.aircraft.add(act.facts.aircraft);
    }
}

/// The authorisations of a place.
#[derive(Debug, Default, PartialEq)]
pub struct Standing {
    /// Authorisations.
    pub total: u64,
    /// Ids of those in force, in the order given.
    pub in_force: Vec<ActId>,
    /// Ids of those that are in their days of effect, and that another act repeals or suspends.
    pub repealed: Vec<ActId>,
    /// Of those in force, those whose end was not read.
    pub open_ended: u64,
    /// Ids of those that take effect within seven days, from tomorrow on.
    pub soon: Vec<ActId>,
    /// Those of which neither start nor end was read.
    pub undated: u64,
    /// By category, of those in force.
    pub devices_now: BTreeMap<Category, Devices>,
    /// By category, of all.
    pub devices: BTreeMap<Category, Devices>,
    /// By year and month of publication.
    pub months: BTreeMap<(i32, u32), u64>,
    /// By who may use the measure.
    pub services: HashMap<String, u64>,
    /// Those of which the notice is known.
    pub notice_known: u64,
    /// Of these, those published less than 48 hours before they took effect, or after.
    pub short_notice: u64,
}

impl Standing {
    /// Counts further authorisations.
    pub fn add(&mut self, acts: &[PublishedAct], today: NaiveDate) {
        acts.iter().for_each(|act| self.add_act(act, today));
    }

    fn add_act(&mut self, act: &PublishedAct, today: NaiveDate) {
        self.total += 1;
        let period = Period::of(act);
        let repealed = act.repeal.is_some();
        let in_force = !repealed && holds_on(act, today);
        match &period {
            Some(period) if repealed => {
                self.repealed.extend(period.holds_on(today).then_some(act.id));
            }
            None => self.undated += 1,
            Some(period) if in_force => {
                self.in_force.push(act.id);
                self.open_ended += u64::from(period.last.is_none());
            }
            Some(period) => {
                let days = (period.first - today).num_days();
                self.soon.extend((1..=SOON_DAYS).contains(&days).then_some(act.id));
            }
        }
        for category in authorised(act) {
            self.devices.entry(category.clone()).or_default().add(act);
            if in_force {
                self.devices_now.entry(category.clone()).or_default().add(act);
            }
        }
        if let Some(day) = act.published_on() {
            *self.months.entry((day.year(), day.month())).or_default() += 1;
        }
        if let Some(service) = &act.facts.beneficiary {
            *self.services.entry(service.clone()).or_default() += 1;
        }
        if let Some(hours) = act.facts.notice_hours {
            self.notice_known += 1;
            self.short_notice += u64::from(hours < 48.0);
        }
    }

    /// Those published in a month.
    pub fn in_month(&self, first: NaiveDate) -> u64 {
        self.months.get(&(first.year(), first.month())).copied().unwrap_or(0)
    }

    /// Those published before a day that begins a month.
    pub fn before(&self, first: NaiveDate) -> u64 {
        self.months.range(..(first.year(), first.month())).map(|(_, count)| count).sum()
    }

    /// Those without a day of publication.
    pub fn unpublished(&self) -> u64 {
        self.total - self.months.values().sum::<u64>()
    }

    /// Services, those with most acts first.
    pub fn services(&self) -> Vec<(&str, u64)> {
        let mut all: Vec<_> = self.services.iter().map(|(name, n)| (name.as_str(), *n)).collect();
        all.sort_unstable_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        all
    }
}

/// The categories that an act authorises, each once.
pub fn authorised(act: &PublishedAct) -> impl Iterator<Item = &Category> {
    let all = act.by_category().into_iter();
    all.filter(|(_, level)| *level == Level::Authorises).map(|(category, _)| category)
}

/// Days of effect, both included, as the index reads them: an end alone begins on the day of
/// publication, a start alone has no end.
#[derive(Debug, PartialEq, Eq)]
struct Period {
    first: NaiveDate,
    last: Option<NaiveDate>,
}

impl Period {
    fn of(act: &PublishedAct) -> Option<Self> {
        let day = |when: Option<guetteur_model::When>| when.map(|when| when.date());
        let (from, to) = (day(act.facts.valid_from), day(act.facts.valid_to));
        let first = from.or_else(|| to.and(act.published_on()))?;
        Some(Self { first, last: to })
    }

    fn holds_on(&self, today: NaiveDate) -> bool {
        self.first <= today && self.last.is_none_or(|last| today <= last)
    }
}

/// Whether `today` is one of its days of effect.
fn holds_on(act: &PublishedAct, today: NaiveDate) -> bool {
    Period::of(act).is_some_and(|period| period.holds_on(today))
}

impl Catalogue {
    /// Counts the authorisations of a list; some thousands are in memory one batch at a time.
    ///
    /// # Errors
    /// When index or database fail.
    pub async fn standing(&self, filters: &Filters) -> Result<Standing, CatalogueError> {
        const BATCH: usize = 500;
        let authorisations = filters.with(|f| f.levels = vec![Level::Authorises]);
        let mut standing = Standing::default();
        for batch in self.ids(&authorisations).await?.chunks(BATCH) {
            let acts = self.acts(batch).await?;
            standing.add(&acts, self.today());
        }
        Ok(standing)
    }
}

#[cfg(test)]
mod tests {
    use guetteur_model::{Facts, When};

    use super::*;
    use crate::published::sample::act_of as act;
    use crate::state::Repeal;

    fn period(from: Option<&str>, to: Option<&str>) -> Facts {
        let when = |day: Option<&str>| day.and_then(When::parse);
        Facts { valid_from: when(from), valid_to: when(to), ..Facts::default() }
    }

    fn standing(acts: &[PublishedAct]) -> Standing {
        let mut standing = Standing::default();
        standing.add(acts, "2026-08-14".parse().expect("day"));
        standing
    }

    #[test]
    fn what_is_repealed_is_not_in_force() {
        let days = || period(Some("2026-08-14"), Some("2026-08-16"));
        let over = period(Some("2026-08-01"), Some("2026-08-02"));
        let mut acts =
            [act(1, &["drone"], days()), act(2, &["drone"], days()), act(3, &["vsa"], over)];
        for act in &mut acts[1..] {
            let seen_at = act.first_seen_at;
            act.repeal = Some(Repeal { by: ActId(9), suspends: false, seen_at });
        }
        let standing = standing(&acts);
        assert_eq!((standing.in_force, standing.repealed), (vec![ActId(1)], vec![ActId(2)]));
        assert_eq!(standing.devices_now.values().map(|devices| devices.acts).sum::<u64>(), 1);
        assert_eq!(standing.devices.values().map(|devices| devices.acts).sum::<u64>(), 3);
    }

    #[test]
    fn in_force_soon_over_and_undated_are_told_apart() {
        let published = |to| Facts {
            published_on: Some("2026-08-01".parse().expect("day")),
            ..period(None, Some(to))
        };
        let acts = [
            act(1, &["drone"], period(Some("2026-08-14"), Some("2026-08-14"))),
            act(2, &["drone"], period(Some("2026-08-13T18:00:00+02:00"), None)),
            act(3, &["drone"], period(Some("2026-08-15"), Some("2026-08-16"))),
            act(4, &["drone"], period(Some("2026-08-21"), None)),
            act(5, &["drone"], period(Some("2026-08-22"), None)),
            act(6, &["drone"], period(Some("2026-08-01"), Some("2026-08-13"))),
            act(7, &["drone"], period(None, None)),
            act(8, &["drone"], published("2026-08-20")),
            act(9, &["drone"], period(None, Some("2026-08-20"))),
        ];
        let standing = standing(&acts);
        assert_eq!(standing.in_force, [1, 2, 8].map(ActId));
        assert_eq!(standing.open_ended, 1);
        assert_eq!(standing.soon, [3, 4].map(ActId));
        assert_eq!(standing.undated, 2, "no dates; an end without a beginning");
        assert_eq!((standing.total, standing.unpublished()), (9, 8));
    }

    #[test]
    fn what_acts_do_not_say_is_not_guessed() {
        let with = |cameras, aircraft| Facts {
            cameras,
            aircraft,
            notice_hours: cameras.map(f64::from),
            ..period(Some("2026-08-01"), Some("2026-08-31"))
        };
        let acts = [
            act(1, &["drone"], with(Some(2), Some(1))),
            act(2, &["drone"], with(Some(48), None)),
            act(3, &["drone", "vsa"], with(None, None)),
            act(4, &["videoprotection"], Facts { cameras: Some(30), ..Facts::default() }),
        ];
        let standing = standing(&acts);
        let of = |map: &BTreeMap<Category, Devices>, id| {
            map.get(&Category::new(id).expect("category")).copied().unwrap_or_default()
        };
        let drones = of(&standing.devices, "drone");
        assert_eq!(drones.acts, 3);
        assert_eq!(drones.cameras, Stated { sum: 50, acts: 2 });
        assert_eq!(drones.aircraft, Stated { sum: 1, acts: 1 });
        assert_eq!(of(&standing.devices, "vsa").cameras, Stated::default());
        assert_eq!(of(&standing.devices, "videoprotection").cameras.sum, 30);
        assert_eq!(of(&standing.devices_now, "videoprotection"), Devices::default());
        assert_eq!((standing.notice_known, standing.short_notice), (2, 1));
    }
}
