//! What is remembered of segments is what a search of the whole index finds, however acts are moved
//! about; and sums are those of the acts themselves.

use fastrand::Rng;
use std::collections::BTreeMap;

use chrono::NaiveDate;
use guetteur_model::{ActId, Category, Commune, Level};
use guetteur_search::{
    ActDocument, Filters, IdOrder, IndexChange, IndexedFlag, Query, SearchIndex, SearchRequest,
    Sort, Stated, Sums,
};

use crate::corpus::day;

/// What is drawn by lot, the same at each run.
struct Dice(Rng);

impl Dice {
    fn below(&mut self, n: u32) -> u32 {
        self.0.u32(..n)
    }

    fn of<'t>(&mut self, choices: &[&'t str]) -> &'t str {
        choices[self.0.usize(..choices.len())]
    }

    fn maybe<T>(&mut self, value: T) -> Option<T> {
        (self.below(3) > 0).then_some(value)
    }

    fn day(&mut self) -> NaiveDate {
        let days = self.below(120);
        day("2025-08-01") + chrono::Days::new(days.into())
    }

    fn act(&mut self) -> ActDocument {
        let levels = [Level::Authorises, Level::Restricts, Level::Mentions];
        let flags = (0..self.below(3)).map(|_| IndexedFlag {
            category: Category::new(self.of(&["drone", "lapi", "vsa"])).expect("category"),
            level: levels[self.0.usize(..3)],
            to_check: false,
        });
        let flags = flags.collect();
        let commune = self.of(&["34172", "30189"]).to_owned();
        let from = self.day();
        let (cameras, aircraft, notice) = (self.below(9), self.below(3), self.below(100));
        ActDocument {
            title: format!("Arrêté {} drone {}", self.below(9), self.of(&["caméras", "forage"])),
            prefecture: self.of(&["34", "30", "2A"]).to_owned(),
            communes: self
                .maybe(Commune { name: commune.clone(), insee: commune })
                .into_iter()
                .collect(),
            flags,
            beneficiary: self.maybe("la police".to_owned()),
            published_on: self.maybe(from),
            valid_from: self.maybe(from),
            valid_to: self.maybe(from + chrono::Days::new(10)),
            notice_hours: self.maybe(notice.into()),
            cameras: self.maybe(cameras),
            aircraft: self.maybe(aircraft),
            ..ActDocument::default()
        }
    }
}

fn requests() -> Vec<SearchRequest> {
    let today = day("2025-10-17");
    let plain =
        |text: &str| SearchRequest { limit: 5, ..SearchRequest::new(Query::parse(text), today) };
    let narrowed = |narrow: &dyn Fn(&mut Filters)| {
        let mut request = plain("");
        narrow(&mut request.filters);
        request
    };
    vec![
        plain(""),
        plain("drone"),
        plain("caméras OU forage"),
        SearchRequest { sort: Sort::Published, facets: false, ..plain("drone") },
        SearchRequest { sort: Sort::Effect, offset: 3, ..plain("drone") },
        SearchRequest { limit: 0, ..plain("") },
        narrowed(&|f| f.levels = vec![Level::Authorises]),
        narrowed(&|f| f.categories = vec![Category::new("drone").expect("category")]),
        narrowed(&|f| f.in_force_on = Some(today)),
        narrowed(&|f| f.starts_before = Some(today + chrono::Days::new(7))),
        narrowed(&|f| f.prefectures = vec!["2a".to_owned()]),
        narrowed(&|f| f.without_commune = true),
    ]
}

/// What the acts of `request` add up to, act by act.
fn added_up(acts: &BTreeMap<i64, ActDocument>, found: &[ActId]) -> Sums {
    let mut sums = Sums::default();
    for id in found {
        let act = &acts[&id.0];
        sums.acts += 1;
        let begins = act.valid_from.is_some() || act.valid_to.and(act.published_on).is_some();
        sums.undated += u64::from(!begins);
        sums.open_ended += u64::from(begins && act.valid_to.is_none());
        if let Some(month) = act.published_on.and_then(|day| chrono::Datelike::with_day(&day, 1)) {
            *sums.months.entry(month).or_default() += 1;
        }
        if let Some(name) = &act.beneficiary {
            *sums.beneficiaries.entry(name.clone()).or_default() += 1;
        }
        sums.notice_known += u64::from(act.notice_hours.is_some());
        sums.short_notice += u64::from(act.notice_hours.is_some_and(|hours| hours < 48.0));
        let mut categories: Vec<&Category> = act
            .flags
            .iter()
            .filter(|flag| flag.level == Level::Authorises)
            .map(|flag| &flag.category)
            .collect();
        categories.sort();
        categories.dedup();
        for category in categories {
            let devices = sums.devices.entry(category.clone()).or_default();
            devices.acts += 1;
            let state = |stated: &mut Stated, number: Option<u32>| {
                stated.sum += u64::from(number.unwrap_or(0));
                stated.acts += u64::from(number.is_some());
            };
            state(&mut devices.cameras, act.cameras);
            state(&mut devices.aircraft, act.aircraft);
        }
    }
    sums
}

#[test]
fn what_is_remembered_is_what_a_whole_search_finds() {
    let dir = tempfile::tempdir().expect("a directory");
    let index = SearchIndex::open(dir.path()).expect("created");
    let mut dice = Dice(Rng::with_seed(3));
    let mut acts: BTreeMap<i64, ActDocument> = BTreeMap::new();
    let mut known = 0;
    for step in 1..=60 {
        // Mostly new ones, as in life; now and then many are changed at once.
        let changed = if step % 10 == 0 { 40 } else { 1 + dice.below(8) };
        let mut changes: BTreeMap<i64, Option<ActDocument>> = BTreeMap::new();
        for _ in 0..changed {
            let new = dice.below(3) > 0;
            known += u32::from(new);
            let id = if new { known } else { dice.below(known + 1) };
            let act = (dice.below(8) > 0).then(|| dice.act());
            changes.insert(id.into(), act);
        }
        let change = |(id, act): (&i64, &Option<ActDocument>)| IndexChange {
            act_id: ActId(*id),
            rows: act.clone().into_iter().collect(),
        };
        index.apply(&changes.iter().map(change).collect::<Vec<_>>(), step).expect("applied");
        for (id, act) in changes {
            match act {
                Some(act) => drop(acts.insert(id, act)),
                None => drop(acts.remove(&id)),
            }
        }
        let whole = SearchIndex::open_read_only(dir.path()).expect("opened");
        for request in requests() {
            let expected = whole.search(&request).expect("searched");
            for time in ["after a change", "once more"] {
                let found = index.search(&request).expect("searched");
                assert_eq!(found, expected, "step {step}, {time}: {request:?}");
            }
            let ids = index.ids(&request, IdOrder::Published).expect("ids");
            assert_eq!(ids.len(), expected.total);
            let without = ids.first().copied().into_iter().collect::<Vec<_>>();
            for (without, counted) in [(&[][..], &ids[..]), (&without, &ids[without.len()..])] {
                let sums = index.sums(&request, without).expect("summed");
                assert_eq!(sums, added_up(&acts, counted), "step {step}: {request:?}");
            }
        }
    }
    assert!(acts.len() > 100, "{}", acts.len());
}
