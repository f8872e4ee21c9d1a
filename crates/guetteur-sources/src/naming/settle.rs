//! Which day is a bulletin's, where what is written disagrees: one impossible day does not win over
//! number, upload and page together.

use chrono::{Datelike, Days, NaiveDate};
use guetteur_model::dates::plausible_publication;

use crate::period::Period;

/// Days by which a bulletin's day and its upload, or its page, may differ without contradiction.
const APART: i64 = 62;

/// What else a page tells of a bulletin's day.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Witnesses<'a> {
    /// The day of upload, beside the link.
    pub(crate) uploaded: Option<NaiveDate>,
    /// The bulletin's number, which may hold its year.
    pub(crate) number: Option<&'a str>,
    /// What the page gathers.
    pub(crate) period: Option<&'a Period>,
    /// The present day.
    pub(crate) today: NaiveDate,
}

/// The day among what is written and its witnesses. What is written wins: it is the bulletin's own;
/// but a bulletin is not uploaded a week before its day, and a year that nobody else tells is a slip
/// of the pen (`12 janvier 2025` in January 2026).
pub(crate) fn settle(written: NaiveDate, witnesses: &Witnesses<'_>) -> Option<NaiveDate> {
    if let Some(uploaded) = witnesses.uploaded
        && written > uploaded + Days::new(7)
    {
        return Some(uploaded);
    }
    let years = witnesses.years(written);
    let for_it = years.iter().any(|(_, agrees)| *agrees);
    let against: Vec<i32> =
        years.iter().filter(|(_, agrees)| !agrees).map(|(year, _)| *year).collect();
    let Some(year) = against.first().copied().filter(|year| against.iter().all(|y| y == year))
    else {
        return Some(written);
    };
    if for_it || against.len() < 2 {
        return Some(written);
    }
    witnesses.uploaded.filter(|day| day.year() == year).or_else(|| witnesses.in_year(written, year))
}

/// The day of a title that its page contradicts: the same day in the page's year, where the month
/// is the page's.
pub(crate) fn in_year_of_page(written: NaiveDate, witnesses: &Witnesses<'_>) -> Option<NaiveDate> {
    let period = witnesses.period?;
    let year = period.year().filter(|year| *year != written.year())?;
    let month = (period.from.month(), period.to.month());
    let same_month = month.0 == month.1 && month.0 == written.month();
    witnesses.in_year(written, year).filter(|_| same_month)
}

impl Witnesses<'_> {
    /// The year that each witness tells, and whether it may be that of `written`.
    fn years(&self, written: NaiveDate) -> Vec<(i32, bool)> {
        let number = self.number.and_then(year_of).map(|year| (year, year == written.year()));
        let uploaded =
            self.uploaded.map(|day| (day.year(), (day - written).num_days().abs() <= APART));
        let page = self.period.and_then(|period| {
            let from = (period.from - written).num_days();
            Some((period.year()?, from <= APART && written <= period.to + Days::new(7)))
        });
        [number, uploaded, page].into_iter().flatten().collect()
    }

    fn in_year(&self, written: NaiveDate, year: i32) -> Option<NaiveDate> {
        let day = written.with_year(year)?;
        let allowed = self.period.is_none_or(|period| period.allows(day));
        (plausible_publication(day, self.today) && allowed).then_some(day)
    }
}

/// The year in a number: `26-2026-264`, `2026-243`.
fn year_of(number: &str) -> Option<i32> {
    let parts = number.split(['-', '.', '/', '_']);
    parts
        .filter(|part| part.len() == 4)
        .find_map(|part| part.parse().ok().filter(|year| (1990..2100).contains(year)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("day")
    }

    #[test]
    fn one_slip_does_not_win() {
        let year = Period::whole_year(2026);
        let january = Period::month(2026, 1);
        // written, uploaded, number, page, settled
        let cases = [
            ("2026-08-13", Some("2026-08-14"), Some("26-2026-264"), Some(&year), "2026-08-13"),
            ("2025-01-12", Some("2026-01-12"), Some("26-2026-003"), Some(&year), "2026-01-12"),
            ("2025-01-12", None, Some("26-2026-003"), Some(&january), "2026-01-12"),
            ("2025-08-12", None, Some("26-2026-203"), Some(&year), "2026-08-12"),
            ("2025-01-12", Some("2026-01-13"), None, Some(&january), "2026-01-13"),
            // Left over from the year before: number and upload agree with it.
            ("2025-12-30", Some("2026-01-02"), Some("26-2025-400"), Some(&year), "2025-12-30"),
            // One against one proves nothing.
            ("2025-06-12", None, Some("26-2026-003"), None, "2025-06-12"),
            ("2026-09-03", Some("2026-08-10"), None, None, "2026-08-10"),
        ];
        for (written, uploaded, number, period, expected) in cases {
            let today = day("2026-08-22");
            let witnesses = Witnesses { uploaded: uploaded.map(day), number, period, today };
            assert_eq!(
                settle(day(written), &witnesses),
                Some(day(expected)),
                "{written} {number:?}"
            );
        }
        let witnesses = Witnesses {
            uploaded: None,
            number: None,
            period: Some(&january),
            today: day("2026-02-01"),
        };
        assert_eq!(in_year_of_page(day("2025-01-12"), &witnesses), Some(day("2026-01-12")));
        assert_eq!(in_year_of_page(day("2025-02-12"), &witnesses), None);
        assert_eq!(in_year_of_page(day("2026-02-12"), &witnesses), None);
    }
}
