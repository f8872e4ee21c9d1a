//! Every state of a list is its address: reading the query string, and writing it back.
//!
//! To add a filter: a field of [`Filters`], one arm in [`Filters::read_pair`], one line in
//! [`Filters::pairs`], and its use in `listing.rs`.

mod excess;
mod kept;
mod places;

use chrono::NaiveDate;
use guetteur_communes::{Around, Epci, Region};
use guetteur_model::dates::parse_french_date;
use guetteur_model::{Category, LegalDoubtKind, Level, Purpose};
use guetteur_search::{Query, Sort, category_of, doubt_of, level_of};
use serde::Deserialize;
use serde::de::value::{Error as ValueError, StrDeserializer};
use url::form_urlencoded;

use crate::reading_on::ReadingOn;

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
    /// Reads a query string (without `?`). What is not understood is said, not an error: an
    /// address typed by hand still answers.
    #[must_use]
    pub fn parse(query: &str) -> Self {
        let mut filters = Self { page: 1, ..Self::default() };
        let pairs: Vec<_> = form_urlencoded::parse(query.as_bytes()).collect();
        // A form asks for the town and for the distance apart, and carries along what was asked before.
        let distance = pairs.iter().find(|(name, value)| name == "rayon" && !value.is_empty());
        for (name, value) in &pairs {
            match (name.as_ref(), distance) {
                ("autour", Some((_, km))) if !value.is_empty() && !value.ends_with("km") => {
                    filters.read_around(&format!("{}-{km}", value.trim()));
                }
                _ => filters.read_pair(name, value.trim()),
            }
        }
        let given = pairs.iter().filter(|(_, value)| !value.trim().is_empty());
        filters.misread.extend(excess::said(given.map(|(name, value)| (&**name, value.trim()))));
        filters
    }

    fn read_pair(&mut self, name: &str, value: &str) {
        if value.is_empty() {
            return;
        }
        match name {
            // One too many is kept: whoever reads the query says that it is too long.
            "q" => {
                let shown = value.chars().filter(|c| !c.is_control());
                self.q = shown.take(Query::MAX_CHARS + 1).collect();
            }
            "prefecture" => add(&mut self.prefectures, places::code_of_source(value)),
            "region" => self.read_region(value),
            "epci" => self.read_epci(value),
            "autour" => self.read_around(value),
            "commune" => self.read_commune(value),
            "categorie" => self.read_category(value),
            "niveau" if value == "tous" => self.every_level = true,
            "niveau" => self.read_level(value),
            "du" => self.from = self.read_date(value),
            "au" => self.to = self.read_date(value),
            "quand" => match Moment::ALL.iter().find(|(_, id, _)| *id == value) {
                Some((moment, ..)) => add(&mut self.moments, *moment),
                None => self.misread.push(format!("filtre « {value} » inconnu")),
            },
            "annee" => match value.parse() {
                Ok(year) if (1900..2200).contains(&year) => add(&mut self.years, year),
                _ => self.misread.push(format!("année « {value} » inconnue")),
            },
            "beneficiaire" => add(&mut self.beneficiaries, value.to_owned()),
            "finalite" => match purpose_from_id(value) {
                Some(purpose) => add(&mut self.purposes, purpose),
                None => self.misread.push(format!("finalité « {value} » inconnue")),
            },
            "doute" if value == "tous" => self.any_doubt = true,
            "doute" => self.read_doubt(value),
            "tri" => match value.parse() {
                Ok(order) => self.order = order,
                Err(_) => self.misread.push(format!("tri « {value} » inconnu")),
            },
            "page" => match value.parse() {
                Ok(page) if (1..=100_000).contains(&page) => self.page = page,
                _ => self.misread.push(format!("page « {value} » inconnue")),
            },
            "suite" => match value.parse() {
                Ok(place) => self.reading_on = Some(place),
                Err(_) => self.misread.push(format!("suite « {value} » inconnue")),
            },
            _ => {}
        }
    }

    /// An id that is none of ours may be that of a watch list.
    fn read_category(&mut self, value: &str) {
        let category = match (Category::new(value), category_of(value)) {
            (Ok(id), None) => id,
            (Ok(id), Some(meant)) if id == meant => id,
            (_, Some(meant)) => {
                self.guessed.push(format!("catégorie « {value} » comprise comme « {meant} »"));
                meant
            }
            (Err(_), None) => {
                return self.misread.push(format!("catégorie « {value} » inconnue"));
            }
        };
        add(&mut self.categories, category);
    }

    fn read_doubt(&mut self, value: &str) {
        let Some(kind) = doubt_of(value) else {
            return self.misread.push(format!("doute « {value} » inconnu"));
        };
        if kind.as_str() != value {
            let id = kind.as_str();
            self.guessed.push(format!("doute « {value} » compris comme « {id} »"));
        }
        add(&mut self.doubts, kind);
    }

    fn read_level(&mut self, value: &str) {
        let Some(level) = level_of(value) else {
            return self.misread.push(format!("niveau « {value} » inconnu"));
        };
        if level.as_str() != value {
            self.guessed.push(format!("niveau « {value} » compris comme « {level} »"));
        }
        add(&mut self.levels, level);
    }

    fn read_date(&mut self, value: &str) -> Option<NaiveDate> {
        let date = parse_french_date(value);
        if date.is_none() {
            self.misread.push(format!("« {value} » n’est pas une date (exemple : 2026-08-14)"));
        }
        date
    }

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

/// The day of a parameter that only some addresses have (`le=2026-07-14`), the first that is given.
///
/// # Errors
/// When it is no date, in words for the reader.
pub fn day_named(query: &str, name: &str) -> Result<Option<NaiveDate>, String> {
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    let given = pairs.find(|(other, value)| other == name && !value.trim().is_empty());
    let Some((_, value)) = given else { return Ok(None) };
    let day = parse_french_date(value.trim());
    day.map(Some).ok_or_else(|| format!("« {value} » n’est pas une date (exemple : 2026-08-14)"))
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
    fn what_is_not_understood_is_said_and_left_out() {
        let filters = Filters::parse(
            "categorie=DRONE%3Cb%3E&niveau=fort&du=demain&tri=&page=-1&quand=hier&doute=fort&inconnu=1",
        );
        assert_eq!(filters.misread.len(), 6, "{:?}", filters.misread);
        assert_eq!(filters.address("/recherche"), "/recherche");
        assert!(filters.is_empty());
    }

    #[test]
    fn words_of_the_query_language_are_understood_and_said() {
        let filters = Filters::parse("niveau=Autorise&categorie=drones&categorie=ma-liste");
        assert_eq!(filters.guessed.len(), 2, "{:?}", filters.guessed);
        assert_eq!(filters.misread, [""; 0]);
        let written = "/recherche?categorie=drone&categorie=ma-liste&niveau=authorises";
        assert_eq!(filters.address("/recherche"), written);
    }

    #[test]
    fn french_dates_are_understood() {
        let filters = Filters::parse("du=14/08/2026&au=1er+septembre+2026");
        assert_eq!(filters.from, NaiveDate::from_ymd_opt(2026, 8, 14));
        assert_eq!(filters.to, NaiveDate::from_ymd_opt(2026, 9, 1));
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
