//! Acts by month of publication, as bars.

use chrono::{Datelike, Days, Months, NaiveDate};
use guetteur_figures::{Bar, Drawing, bars};
use guetteur_model::dates::month_label;
use guetteur_publish::address::Filters;
use guetteur_search::FacetCount;

use super::Chart;
use super::table::{Entry, Table, column};

/// A month of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Month(NaiveDate);

impl Month {
    /// The month of a day.
    pub(crate) fn of(day: NaiveDate) -> Self {
        Self(day.with_day(1).unwrap_or(day))
    }

    /// The `count` months up to that of `today`, oldest first.
    pub(crate) fn up_to(today: NaiveDate, count: u32) -> Vec<Self> {
        let back = Months::new(count.saturating_sub(1));
        Self::range(today.checked_sub_months(back).unwrap_or(today), today)
    }

    /// The months from that of `from` to that of `to`.
    pub(crate) fn range(from: NaiveDate, to: NaiveDate) -> Vec<Self> {
        let last = Self::of(to);
        let next = |month: &Self| month.0.checked_add_months(Months::new(1)).map(Self);
        let months = std::iter::successors(Some(Self::of(from)), next);
        months.take_while(|month| *month <= last).collect()
    }

    /// First and last day.
    pub(crate) fn days(self) -> (NaiveDate, NaiveDate) {
        let next = self.0.checked_add_months(Months::new(1)).unwrap_or(self.0);
        (self.0, next - Days::new(1))
    }

    /// The address of what `filters` keep of it.
    pub(crate) fn list(self, filters: &Filters) -> String {
        let (from, to) = self.days();
        filters.with(|f| (f.from, f.to) = (Some(from), Some(to))).address("/recherche")
    }

    /// `2026-08`, as the facet of months has it.
    pub(crate) fn id(self) -> String {
        self.0.format("%Y-%m").to_string()
    }

    /// `août 2026`.
    pub(crate) fn name(self) -> String {
        format!("{} {}", month_label(self.0.month()).unwrap_or_default(), self.0.year())
    }

    /// What stands under the bar of the `nth` of `count` months: the month in short rows, the year at
    /// its January in long ones.
    pub(crate) fn tick(self, nth: usize, count: usize) -> Option<String> {
        const SHORT: [&str; 12] = [
            "janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.",
            "nov.", "déc.",
        ];
        let in_year = self.0.month0();
        if count <= 12 {
            return Some(SHORT[in_year as usize].to_owned());
        }
        let room_before_january = nth == 0 && in_year < 9;
        (in_year == 0 || room_before_january).then(|| self.0.year().to_string())
    }
}

/// The last `back` months up to `today`, of the counts that the index gives by month for the list
/// `filters`. Each bar leads to its acts.
pub(crate) fn chart(
    title: &str,
    filters: &Filters,
    by_month: &[FacetCount],
    today: NaiveDate,
    back: u32,
) -> Chart {
    let counted = Month::up_to(today, back).into_iter().map(|month| {
        let id = month.id();
        let count = by_month.iter().find(|facet| facet.value == id).map_or(0, |f| f.count as u64);
        (month, count, month.list(filters))
    });
    of_counts(title, counted.collect())
}

/// Bars of months with their counts and where these can be checked, oldest first.
pub(crate) fn drawing(title: &str, counted: &[(Month, u64, String)]) -> Drawing {
    let bar = |(nth, (month, count, href)): (usize, &(Month, u64, String))| Bar {
        name: month.name(),
        tick: month.tick(nth, counted.len()),
        value: *count,
        href: Some(href.clone()),
    };
    bars("mois", title, &counted.iter().enumerate().map(bar).collect::<Vec<_>>())
}

/// A chart of months with their counts and where these can be checked, oldest first.
pub(crate) fn of_counts(title: &str, counted: Vec<(Month, u64, String)>) -> Chart {
    let row = |(month, count, href): (Month, u64, String)| {
        vec![
            Entry::text(month.name()),
            Entry::text(month.id()),
            Entry::count(count).link_unless_zero(href),
        ]
    };
    let drawing = drawing(title, &counted);
    let columns =
        vec![column("mois", "Mois"), column("mois_iso", "AAAA-MM"), column("actes", "Actes")];
    let rows = counted.into_iter().rev().map(row).collect();
    Chart { drawing, table: Table { caption: title.to_owned(), columns, rows }, credit: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("day")
    }

    #[test]
    fn the_last_months_with_their_days() {
        let today = day("2026-03-31");
        let counts = [FacetCount { value: "2026-02".into(), label: None, count: 7 }];
        let chart = chart("Actes", &Filters { page: 1, ..Filters::default() }, &counts, today, 3);
        let rows: Vec<String> = String::from_utf8(chart.table.to_csv().expect("written"))
            .expect("UTF-8")
            .lines()
            .skip(1)
            .map(str::to_owned)
            .collect();
        assert_eq!(
            rows,
            ["mars 2026;2026-03;0", "février 2026;2026-02;7", "janvier 2026;2026-01;0"]
        );
        let link = chart.table.rows[1][2].href.as_deref();
        assert_eq!(link, Some("/recherche?du=2026-02-01&au=2026-02-28"));
    }

    #[test]
    fn long_rows_tell_years() {
        let months = Month::range(day("2024-11-15"), day("2026-02-01"));
        let ticks: Vec<String> =
            months.iter().enumerate().filter_map(|(i, m)| m.tick(i, months.len())).collect();
        assert_eq!(ticks, ["2025", "2026"], "the first January is too near to the start");
    }
}
