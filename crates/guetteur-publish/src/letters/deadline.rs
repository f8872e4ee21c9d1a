//! The last day on which an act may be contested.
//!
//! The time is free (« délai franc »): neither the day that starts it nor the day on which it expires
//! counts, so that the day after is the last one; from a Saturday, a Sunday or a holiday it goes on to
//! the next working day (texts `ce-289818` and `ce-472836` of `guetteur-law`).

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};

/// Months after publication in which an annulment may be asked for (text `cja-r421-1`).
const MONTHS_TO_CONTEST: u32 = 2;
/// Holidays of one date, as month and day (Code du travail, art. L. 3133-1).
const FIXED: [(u32, u32); 8] =
    [(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)];
/// Holidays that follow Easter, in days after it: its Monday, Ascension, the Monday of Pentecost.
const AFTER_EASTER: [u64; 3] = [1, 39, 50];

/// The last day on which the annulment of an act published on `day` may be asked for.
#[must_use]
pub(super) fn last_day_to_contest(day: NaiveDate) -> Option<NaiveDate> {
    let expires = day.checked_add_months(Months::new(MONTHS_TO_CONTEST))?;
    let after = expires.iter_days().skip(1);
    after.take(7).find(|day| is_working(*day))
}

fn is_working(day: NaiveDate) -> bool {
    let easter = easter(day.year());
    let moves = |after| easter.and_then(|easter| easter.checked_add_days(Days::new(after)));
    !matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
        && !FIXED.contains(&(day.month(), day.day()))
        && !AFTER_EASTER.into_iter().any(|after| moves(after) == Some(day))
}

/// Easter Sunday of the Gregorian calendar (the anonymous algorithm of Meeus, *Astronomical
/// Algorithms*, chapter 8).
fn easter(year: i32) -> Option<NaiveDate> {
    let (a, b, c) = (year % 19, year / 100, year % 100);
    let (d, e) = (b / 4, b % 4);
    let g = (8 * b + 13) / 25;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let n = h + l - 7 * m + 114;
    NaiveDate::from_ymd_opt(year, u32::try_from(n / 31).ok()?, u32::try_from(n % 31 + 1).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_is_free_and_ends_on_a_working_day() {
        for (published, last) in [
            // A Wednesday: 13 October expires, the 14th is the last.
            ("2026-08-13", "2026-10-14"),
            // 11 October is a Sunday.
            ("2026-08-10", "2026-10-12"),
            // 11 November is a holiday.
            ("2026-09-10", "2026-11-12"),
            // Saturday, then Easter and its Monday, 2027-03-29.
            ("2027-01-26", "2027-03-30"),
            // February has no 31st.
            ("2026-12-31", "2027-03-01"),
            // Christmas is a Friday, the next working day a Monday.
            ("2026-10-24", "2026-12-28"),
        ] {
            let day = |text: &str| text.parse::<NaiveDate>().expect("day");
            assert_eq!(last_day_to_contest(day(published)), Some(day(last)), "{published}");
        }
        let sundays = [(2024, 3, 31), (2025, 4, 20), (2026, 4, 5), (2027, 3, 28), (2038, 4, 25)];
        for (year, month, day) in sundays {
            assert_eq!(easter(year), NaiveDate::from_ymd_opt(year, month, day));
        }
    }
}
