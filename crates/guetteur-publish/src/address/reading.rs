//! An address read: what is not understood is said in words for the reader.

use chrono::NaiveDate;
use guetteur_model::Category;
use guetteur_model::dates::parse_french_date;
use guetteur_search::{Query, category_of, doubt_of, level_of};
use url::form_urlencoded;

use super::{Filters, Moment, add, excess, places, purpose_from_id};

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
            match (name.as_ref(), value.trim(), distance) {
                (_, "", _) => {}
                ("autour", town, Some((_, km))) if !town.ends_with("km") => {
                    filters.read_around(&format!("{town}-{km}"));
                }
                (name, value, _) => {
                    filters.read_pair(name, value);
                }
            }
        }
        let given = pairs.iter().filter(|(_, value)| !value.trim().is_empty());
        filters.misread.extend(excess::said(given.map(|(name, value)| (&**name, value.trim()))));
        if let (Some(from), Some(to)) = (filters.from, filters.to)
            && to < from
        {
            filters.misread.push(format!("du {from} au {to} : la fin précède le début"));
            (filters.from, filters.to) = (None, None);
        }
        filters
    }

    /// Whether an address may have a parameter of this name.
    pub(super) fn is_known(name: &str) -> bool {
        // « rayon » is read with « autour ».
        name == "rayon" || Self::default().read_pair(name, "?")
    }

    /// Reads a parameter whose value is not empty; `false` where there is none of its name.
    fn read_pair(&mut self, name: &str, value: &str) -> bool {
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
            _ => return false,
        }
        true
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
}

/// The day of a parameter that only some addresses have (`le=2026-07-14`), the last that is given.
///
/// # Errors
/// When it is no date, in words for the reader.
pub fn day_named(query: &str, name: &str) -> Result<Option<NaiveDate>, String> {
    let pairs = form_urlencoded::parse(query.as_bytes());
    let given = pairs.filter(|(other, value)| other == name && !value.trim().is_empty()).last();
    let Some((_, value)) = given else { return Ok(None) };
    let day = parse_french_date(value.trim());
    day.map(Some).ok_or_else(|| format!("« {value} » n’est pas une date (exemple : 2026-08-14)"))
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn a_period_that_ends_before_it_begins_is_none() {
        let filters = Filters::parse("du=2026-02-01&au=2026-01-01&categorie=drone");
        assert_eq!(filters.misread, ["du 2026-02-01 au 2026-01-01 : la fin précède le début"]);
        assert_eq!(filters.address("/recherche"), "/recherche?categorie=drone");
        assert_eq!(Filters::parse("du=2026-02-01&au=2026-02-01").misread, [""; 0], "a day");
    }
}
