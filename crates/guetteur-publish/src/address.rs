//! Every state of a list is its address: reading the query string, and writing it back.
//!
//! To add a filter: a field of [`Filters`], one arm in `Filters::read_pair` (`reading.rs`), one
//! line in [`Filters::pairs`], and its use in `listing.rs`.

mod excess;
mod kept;
mod places;
mod reading;

use chrono::NaiveDate;
use guetteur_communes::{Around, Epci, Region};
use guetteur_model::{Category, LegalDoubtKind, Level, Purpose};
use guetteur_search::Sort;
use serde::Deserialize;
use serde::de::value::{Error as ValueError, StrDeserializer};
use url::form_urlencoded;

use crate::reading_on::ReadingOn;

pub use reading::day_named;

/// The orders of a list with their `tri` and the words shown.
pub const ORDERS: [(Sort, &str); 3] = [
    (Sort::Relevance, "pertinence"),
    (Sort::Published, "publication"),
    (Sort::Effect, "début d’effet"),
];

/// One-click filters on the period of effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Moment {
    /// In force today.
    InForce,
    /// Takes effect within seven days.
    Soon,
    /// Published less than 48 hours before it takes effect, or after.
    ShortNotice,
}

impl Moment {
    /// All, with the value of `quand` and the words shown.
    pub const ALL: [(Self, &'static str, &'static str); 3] = [
        (Self::InForce, "en-vigueur", "en vigueur aujourd’hui"),
        (Self::Soon, "bientot", "prend effet sous 7 jours"),
        (Self::ShortNotice, "preavis-court", "moins de 48 h de préavis"),
    ];

    fn id(self) -> &'static str {
        Self::ALL.iter().find(|(moment, ..)| *moment == self).map_or("", |(_, id, _)| id)
    }
}

/// What a list is asked to show. Repeated parameters mean "or".
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Filters {
    /// Words, in the query language of the search.
    pub q: String,
    /// Codes of sources (`34`, `ppparis`).
    pub prefectures: Vec<String>,
    /// Régions: all that is published in them.
    pub regions: Vec<Region>,
    /// Categories of flags.
    pub categories: Vec<Category>,
    /// Levels of flags.
    pub levels: Vec<Level>,
    /// `niveau=tous`: every level and acts without a flag, in feeds too.
    pub every_level: bool,
    /// INSEE codes of communes.
    pub communes: Vec<String>,
    /// Inter-municipalities: acts that name one of their communes.
    pub epcis: Vec<Epci>,
    /// Acts that name a commune near a town.
    pub around: Vec<Around>,
    /// Published on or after.
    pub from: Option<NaiveDate>,
    /// Published on or before.
    pub to: Option<NaiveDate>,
    /// Years of publication.
    pub years: Vec<i32>,
    /// Who may use the measure, as the facet writes it.
    pub beneficiaries: Vec<String>,
    /// Purposes of art. L. 242-5 CSI.
    pub purposes: Vec<Purpose>,
    /// Doubts of law.
    pub doubts: Vec<LegalDoubtKind>,
    /// `doute=tous`: acts with any doubt of law.
    pub any_doubt: bool,
    /// One-click filters, all of which must hold.
    pub moments: Vec<Moment>,
    /// Order.
    pub order: Sort,
    /// Page, from 1.
    pub page: u32,
    /// Where a page of a feed begins.
    pub reading_on: Option<ReadingOn>,
    /// What of the address was not understood, in words for the reader.
    pub misread: Vec<String>,
    /// What was understood though it is not written as addresses write it, in words for the reader.
    /// Programs are told to write it as it should be: they cannot see how they were understood.
    pub guessed: Vec<String>,
}

impl Filters {
    /// The parameters that this state needs, in a fixed order: one state, one address.
    #[must_use]
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = Vec::new();
        if !self.q.is_empty() {
            pairs.push(("q", self.q.clone()));
        }
        pairs.extend(self.prefectures.iter().map(|code| ("prefecture", code.clone())));
        pairs.extend(self.regions.iter().map(|region| ("region", region.slug())));
        pairs.extend(self.categories.iter().map(|c| ("categorie", c.to_string())));
        if self.every_level {
            pairs.push(("niveau", "tous".to_owned()));
        }
        pairs.extend(self.levels.iter().map(|level| ("niveau", level.to_string())));
        pairs.extend(self.communes.iter().map(|insee| ("commune", insee.clone())));
        pairs.extend(self.epcis.iter().map(|epci| ("epci", epci.siren.to_owned())));
        pairs.extend(self.around.iter().map(|around| ("autour", around.to_string())));
        pairs.extend(self.from.map(|date| ("du", date.to_string())));
        pairs.extend(self.to.map(|date| ("au", date.to_string())));
        pairs.extend(self.years.iter().map(|year| ("annee", year.to_string())));
        pairs.extend(self.beneficiaries.iter().map(|name| ("beneficiaire", name.clone())));
        pairs.extend(self.purposes.iter().map(|p| ("finalite", purpose_id(*p))));
        if self.any_doubt {
            pairs.push(("doute", "tous".to_owned()));
        }
        pairs.extend(self.doubts.iter().map(|kind| ("doute", kind.as_str().to_owned())));
        pairs.extend(self.moments.iter().map(|moment| ("quand", moment.id().to_owned())));
        if self.order != Sort::Relevance {
            pairs.push(("tri", self.order.to_string()));
        }
        if self.page > 1 {
            pairs.push(("page", self.page.to_string()));
        }
        pairs.extend(self.reading_on.iter().map(|place| ("suite", place.to_string())));
        pairs
    }

    /// `path?…`, or `path` alone when nothing is filtered.
    #[must_use]
    pub fn address(&self, path: &str) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(self.pairs());
        match query.finish() {
            query if query.is_empty() => path.to_owned(),
            query => format!("{path}?{query}"),
        }
    }

    /// The same list on another page.
    #[must_use]
    pub fn on_page(&self, page: u32) -> Self {
        Self { page, reading_on: None, misread: Vec::new(), guessed: Vec::new(), ..self.clone() }
    }

    /// The same state changed by `change`, back on its first page.
    #[must_use]
    pub fn with(&self, change: impl FnOnce(&mut Self)) -> Self {
        let mut filters = self.on_page(1);
        change(&mut filters);
        filters
    }

    /// Whether anything is asked at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.on_page(1).with(|f| f.order = Sort::Relevance).pairs().is_empty()
    }

    /// Acts with a flag that is more than a mention.
    #[must_use]
    pub fn findings() -> Self {
        let levels = Level::ALL.into_iter().filter(|level| *level != Level::Mentions).collect();
        Self { levels, page: 1, ..Self::default() }
    }

    /// What an alert shows: with no words and no level asked, `authorises` and `restricts` only.
    #[must_use]
    pub fn for_alerts(&self) -> Self {
        let mut filters = self.on_page(1);
        if filters.levels.is_empty() && !filters.every_level && filters.q.is_empty() {
            filters.levels = Level::ALL.into_iter().filter(|level| level.alerts()).collect();
        }
        filters
    }
}

/// The id of a purpose in addresses and JSON: `persons-and-property`.
#[must_use]
pub fn purpose_id(purpose: Purpose) -> String {
    serde_json::to_value(purpose)
        .ok()
        .and_then(|v| v.as_str().map(str::to_owned))
        .unwrap_or_default()
}

/// The purpose of an id.
#[must_use]
pub fn purpose_from_id(id: &str) -> Option<Purpose> {
    Purpose::deserialize(StrDeserializer::<ValueError>::new(id)).ok()
}

fn add<T: PartialEq>(values: &mut Vec<T>, value: T) {
    if values.len() < excess::MOST_VALUES && !values.contains(&value) {
        values.push(value);
    }
}

/// Adds `value` when absent, takes it away when present: what a click on a facet does.
pub fn toggle<T: PartialEq>(values: &mut Vec<T>, value: T) {
    match values.iter().position(|v| *v == value) {
        Some(i) => drop(values.remove(i)),
        None => values.push(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_survives_a_round_trip() {
        let query = "q=drone+%22gare+du+Nord%22&prefecture=34&prefecture=ppparis&region=occitanie&categorie=drone\
                     &niveau=authorises&commune=34172&epci=243400017&autour=34172-20km&du=2026-01-01&au=2026-02-01\
                     &annee=2026&beneficiaire=RATP\
                     &finalite=borders&doute=tous&doute=no-basis&quand=en-vigueur&tri=publication&page=3\
                     &suite=2026-08-13.1234.7a-1";
        let filters = Filters::parse(query);
        assert_eq!(filters.misread, [""; 0]);
        assert_eq!(filters.address("/recherche"), format!("/recherche?{query}"));
    }

    #[test]
    fn alerts_narrow_only_what_was_left_open() {
        let levels = |query| Filters::parse(query).for_alerts().levels;
        assert_eq!(levels(""), [Level::Authorises, Level::Restricts]);
        assert_eq!(levels("categorie=drone"), [Level::Authorises, Level::Restricts]);
        assert_eq!(levels("niveau=mentions"), [Level::Mentions]);
        assert_eq!(levels("niveau=tous"), []);
        assert_eq!(levels("q=chasse"), []);
    }

    proptest::proptest! {
        #[test]
        fn reading_never_panics_and_writing_is_stable(query in "\\PC{0,60}|[a-z0-9=&%+;-]{0,80}") {
            let once = Filters::parse(&query).address("/recherche");
            let again = Filters::parse(once.split_once('?').map_or("", |(_, q)| q));
            proptest::prop_assert_eq!(again.address("/recherche"), once);
        }
    }
}
