//! Which acts a figure is about, as its address says it: the filters of lists, over a period.

use chrono::{Datelike, Days, Months, NaiveDate};
use guetteur_figures::count::question::Scope;
use guetteur_figures::{Drawing, Ink};
use guetteur_model::Category;
use guetteur_publish::address::Filters;
use guetteur_publish::french;
use guetteur_search::Sort;
use serde::Serialize;

use super::book::Book;
use crate::error::WebError;
use crate::page_parts::Link;
use crate::state::AppState;
use crate::understood;

/// The days that a figure is about, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Period {
    pub(crate) from: NaiveDate,
    pub(crate) to: NaiveDate,
}

impl Period {
    /// What the address asks: days, else years, else the last twelve months.
    pub(crate) fn of(filters: &Filters, today: NaiveDate) -> Self {
        let (first, last) = (filters.years.iter().min(), filters.years.iter().max());
        let day = |year: Option<&i32>, month, day| NaiveDate::from_ymd_opt(*year?, month, day);
        let year_ago = today.checked_sub_months(Months::new(12)).unwrap_or(today) + Days::new(1);
        let (from, to) = match (filters.from, filters.to) {
            (None, None) => (day(first, 1, 1), day(last, 12, 31)),
            days => days,
        };
        let to = to.unwrap_or(today);
        let from = from.unwrap_or_else(|| if filters.to.is_some() { to } else { year_ago });
        Self { from: from.min(to), to }
    }

    /// `du 15 août 2025 au 14 août 2026`, `le 14 août 2026`.
    pub(crate) fn words(self) -> String {
        if self.from == self.to {
            return format!("le {}", french::day(self.from));
        }
        format!("du {} au {}", french::day(self.from), french::day(self.to))
    }

    /// Days, both ends counted.
    pub(crate) fn days(self) -> u64 {
        u64::try_from((self.to - self.from).num_days()).unwrap_or(0) + 1
    }
}

/// What a figure is asked: an address of the site.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    /// Without suffix nor query: `/carte`.
    pub(crate) path: &'static str,
    pub(crate) filters: Filters,
    pub(crate) period: Period,
    /// A parameter of its own: `mesure=jours`.
    pub(crate) own: Option<(&'static str, &'static str)>,
    /// The address as it was read, with what figures have no use for.
    pub(crate) read: Filters,
}

impl Asked {
    /// The address in another state.
    pub(crate) fn with(&self, change: impl FnOnce(&mut Filters)) -> String {
        self.address(&self.filters.with(change))
    }

    /// Refuses the address when it asks for another figure than is given. For files and programs: a
    /// page says what it left out ([`Self::notes`]).
    ///
    /// # Errors
    /// When it is not understood whole, in words that say what of it is.
    pub(crate) async fn whole(&self, state: &AppState) -> Result<(), WebError> {
        understood::whole(state, &self.read).await?;
        match self.without_effect() {
            ignored if ignored.is_empty() => Ok(()),
            ignored => Err(WebError::BadRequest(format!(
                "Ces nombres ne se filtrent pas ainsi : {}. Retirez ces filtres ; la recherche \
                 (/recherche) les connaît tous.",
                ignored.join(" ; ")
            ))),
        }
    }

    /// What of the address the figure leaves out, does not know, or took otherwise than it is written, a
    /// sentence each.
    ///
    /// # Errors
    /// When the index fails.
    pub(crate) async fn notes(&self, state: &AppState) -> Result<Vec<String>, WebError> {
        let without_effect = self.without_effect();
        let ignored = self.read.misread.iter().chain(&without_effect);
        let mut notes: Vec<String> =
            ignored.map(|what| format!("Ignoré dans l’adresse : {what}.")).collect();
        let unknown = understood::unknown(state, &self.read).await?;
        let unknown = unknown.into_iter().map(|value| value.words);
        let otherwise = self.read.guessed.iter().cloned().chain(unknown);
        notes.extend(otherwise.map(|what| format!("Dans l’adresse, {what}.")));
        Ok(notes)
    }

    /// Filters of lists that the figure does not have, and years that it does not count as lists do.
    fn without_effect(&self) -> Vec<String> {
        let asked = self.read.with(|filters| filters.order = Sort::Relevance).pairs();
        let kept = self.filters.pairs();
        let left = asked.into_iter().filter(|pair| !kept.contains(pair));
        let left =
            left.map(|(name, value)| format!("{name}={value} est sans effet sur ces nombres"));
        left.chain(years_not_as_in_lists(&self.read)).collect()
    }

    /// The address as it is.
    pub(crate) fn here(&self) -> String {
        self.address(&self.filters)
    }

    fn address(&self, filters: &Filters) -> String {
        let address = filters.address(self.path);
        match self.own {
            None => address,
            Some((name, value)) => {
                let joint = if address.contains('?') { '&' } else { '?' };
                format!("{address}{joint}{name}={value}")
            }
        }
    }

    /// The query of its address, with its `?`.
    pub(crate) fn query(&self) -> String {
        let address = self.here();
        address.find('?').map(|at| address[at..].to_owned()).unwrap_or_default()
    }

    /// What is asked of the ledger.
    pub(crate) fn scope(&self) -> Scope {
        Scope {
            categories: self.filters.categories.clone(),
            sources: self.filters.prefectures.clone(),
            from: Some(self.period.from),
            to: Some(self.period.to),
        }
    }

    /// One click each: the last twelve months, each year of which something was read, all of it.
    pub(crate) fn periods(&self, book: &Book, today: NaiveDate) -> Vec<Link> {
        const YEARS: i32 = 12;
        let oldest = book.spans.values().map(|span| span.first).min().unwrap_or(today);
        let bare = |f: &mut Filters| {
            (f.from, f.to) = (None, None);
            f.years.clear();
        };
        let asks_nothing = self.filters.from.is_none() && self.filters.to.is_none();
        let mut links = vec![Link {
            on: asks_nothing && self.filters.years.is_empty(),
            ..Link::new("12 derniers mois", self.with(bare))
        }];
        let first = oldest.year().max(today.year() - YEARS);
        links.extend((first..=today.year()).rev().map(|year| Link {
            on: asks_nothing && self.filters.years == [year],
            ..Link::new(
                year.to_string(),
                self.with(|f| {
                    bare(f);
                    f.years.push(year);
                }),
            )
        }));
        let all = |f: &mut Filters| {
            bare(f);
            (f.from, f.to) = (Some(oldest), Some(today));
        };
        let on = self.filters.from == Some(oldest) && self.filters.to == Some(today);
        links.push(Link { on, ..Link::new("tout", self.with(all)) });
        links
    }

    /// One click each: every category, and each.
    pub(crate) fn categories(&self) -> Vec<Link> {
        let all = Link {
            on: self.filters.categories.is_empty(),
            ..Link::new("toutes", self.with(|f| f.categories.clear()))
        };
        let each = Category::BUILT_IN.iter().filter_map(|(id, label)| {
            let category = Category::new(id).ok()?;
            let on = self.filters.categories == [category.clone()];
            let href = self.with(|f| f.categories = vec![category]);
            Some(Link { on, ..Link::new(*label, href) })
        });
        std::iter::once(all).chain(each).collect()
    }

    /// What a form of days and prefectures must carry along.
    pub(crate) fn hidden(&self) -> Vec<(&'static str, String)> {
        let carried = self.filters.with(|f| {
            (f.from, f.to) = (None, None);
            f.years.clear();
            f.prefectures.clear();
        });
        let mut pairs = carried.pairs();
        pairs.extend(self.own.map(|(name, value)| (name, value.to_owned())));
        pairs
    }
}

/// A colour of a drawing, and what it means.
#[derive(Serialize)]
pub(crate) struct Meaning {
    class: &'static str,
    words: String,
}

/// The legend of a drawing, for a page.
pub(crate) fn legend(drawing: &Drawing) -> Vec<Meaning> {
    let meaning =
        |(ink, words): &(Ink, String)| Meaning { class: ink.class(), words: words.clone() };
    drawing.legend.iter().map(meaning).collect()
}

/// A period has no gaps, and days come before years.
fn years_not_as_in_lists(filters: &Filters) -> Option<String> {
    let (first, last) = filters.years.iter().min().zip(filters.years.iter().max())?;
    if filters.from.is_some() || filters.to.is_some() {
        return Some("annee est sans effet à côté de du et au".to_owned());
    }
    let all = usize::try_from(last - first).unwrap_or(usize::MAX).saturating_add(1);
    (filters.years.len() < all)
        .then(|| format!("de {first} à {last}, les années qui manquent comptent aussi"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_is_days_or_years_or_the_last_twelve_months() {
        let today = "2026-08-14".parse().expect("day");
        let cases = [
            ("", "2025-08-15", "2026-08-14"),
            ("annee=2025", "2025-01-01", "2025-12-31"),
            ("annee=2026&annee=2024", "2024-01-01", "2026-12-31"),
            ("du=2025-03-01&au=2025-03-31", "2025-03-01", "2025-03-31"),
            ("du=2025-03-01", "2025-03-01", "2026-08-14"),
            ("au=2025-03-31", "2025-03-31", "2025-03-31"),
            ("du=2026-03-02&au=2026-03-01", "2025-08-15", "2026-08-14"),
        ];
        for (query, from, to) in cases {
            let period = Period::of(&Filters::parse(query), today);
            assert_eq!((&*period.from.to_string(), &*period.to.to_string()), (from, to), "{query}");
        }
    }
}
