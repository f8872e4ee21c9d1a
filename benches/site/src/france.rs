//! Who publishes how much, where and when: what makes generated acts look like France.
//!
//! A département's sources publish by the square root of its inhabitants, acts name a commune by its
//! inhabitants, and a day has more acts in summer, few at week-ends. So many acts a year are about
//! those of all prefectures together: more acts are more years, not more acts a day.

use std::collections::HashMap;

use chrono::{Datelike, Days, NaiveDate, Weekday};
use guetteur_communes::{communes, departement_of};
use guetteur_model::{Commune, Source};

use crate::dice::{Dice, Lots};

/// Acts of all prefectures in a year.
const ACTS_A_YEAR: u64 = 300_000;

/// Sources, their communes and the days.
pub(crate) struct France {
    sources: Lots<String>,
    communes: HashMap<String, Lots<Commune>>,
    departements: HashMap<String, String>,
    days: Lots<NaiveDate>,
}

impl France {
    /// For `acts` acts up to the day `last`.
    pub(crate) fn new(registry: &[Source], acts: u64, last: NaiveDate) -> Self {
        let mut inhabitants: HashMap<String, u64> = HashMap::new();
        let mut by_departement: HashMap<String, Vec<(Commune, u64)>> = HashMap::new();
        let mut all: Vec<_> = communes().iter().filter(|commune| commune.population > 0).collect();
        all.sort_by_key(|commune| commune.insee);
        for record in all {
            let departement = departement_of(record.insee).to_owned();
            let commune = Commune { insee: record.insee.to_owned(), name: record.name.to_owned() };
            *inhabitants.entry(departement.clone()).or_default() += u64::from(record.population);
            by_departement
                .entry(departement)
                .or_default()
                .push((commune, u64::from(record.population)));
        }
        let weight = |source: &Source| {
            let people = source.departement().and_then(|code| inhabitants.get(code));
            people.copied().unwrap_or(100_000).isqrt()
        };
        let departement = |source: &Source| {
            let code = source.departement().unwrap_or("75");
            (source.code.clone(), code.to_owned())
        };
        Self {
            sources: Lots::new(registry.iter().map(|source| (source.code.clone(), weight(source)))),
            communes: by_departement
                .into_iter()
                .map(|(code, communes)| (code, Lots::new(communes)))
                .collect(),
            departements: registry.iter().map(departement).collect(),
            days: Lots::new(days(acts, last)),
        }
    }

    /// Days of publication of `count` bulletins, in the order of time.
    pub(crate) fn days(&self, count: usize, dice: &mut Dice) -> Vec<NaiveDate> {
        let mut days: Vec<NaiveDate> = (0..count).map(|_| *self.days.draw(dice)).collect();
        days.sort_unstable();
        days
    }

    pub(crate) fn source(&self, dice: &mut Dice) -> &str {
        self.sources.draw(dice)
    }

    /// A commune of the département of a source.
    pub(crate) fn commune(&self, source: &str, dice: &mut Dice) -> Option<&Commune> {
        Some(self.communes.get(self.departements.get(source)?)?.draw(dice))
    }
}

fn days(acts: u64, last: NaiveDate) -> impl Iterator<Item = (NaiveDate, u64)> {
    let count = (acts * 365 / ACTS_A_YEAR).max(1);
    (0..count).map(move |back| {
        let day = last - Days::new(back);
        let weight = match (day.weekday(), day.month()) {
            (Weekday::Sat | Weekday::Sun, _) => 2,
            (_, 6..=8) => 14,
            _ => 10,
        };
        (day, weight)
    })
}
