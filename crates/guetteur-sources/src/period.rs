//! The span of time that a page gathers, read from its label and its address.

use std::sync::LazyLock;

use chrono::{Datelike, Days, Months, NaiveDate};
use guetteur_model::dates::month_number;
use regex::Regex;

use crate::naming::days;
use crate::words::{is_archive, pattern, tokens};

/// A span of days, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Period {
    pub(crate) from: NaiveDate,
    pub(crate) to: NaiveDate,
    /// Rank among the slices of one year (`2026 - 2`), which are not halves.
    pub(crate) slice: u32,
}

impl Period {
    fn new(from: NaiveDate, to: NaiveDate) -> Self {
        Self { from, to, slice: 0 }
    }

    /// `2026`.
    pub(crate) fn whole_year(year: i32) -> Self {
        Self::new(start_of(year, 1), last_of(year, 12))
    }

    /// `août 2026`; `month` from 1.
    pub(crate) fn month(year: i32, month: u32) -> Self {
        Self::new(start_of(year, month), last_of(year, month))
    }

    fn months(year: i32, first: u32, last: u32) -> Self {
        let end_year = if last < first { year + 1 } else { year };
        Self::new(start_of(year, first), last_of(end_year, last))
    }

    /// The year, when the period lies within one.
    pub(crate) fn year(&self) -> Option<i32> {
        (self.from.year() == self.to.year()).then_some(self.from.year())
    }

    /// Whether a bulletin of that day may be listed here. The list of a month takes in what was left
    /// over from the weeks before it, never what comes after it; longer ones prove nothing.
    pub(crate) fn allows(&self, day: NaiveDate) -> bool {
        let length = (self.to - self.from).num_days();
        length > 31 || (self.from <= day + Days::new(62) && day <= self.to + Days::new(2))
    }

    /// Newest first.
    pub(crate) fn order(
        &self,
    ) -> (std::cmp::Reverse<NaiveDate>, std::cmp::Reverse<NaiveDate>, std::cmp::Reverse<u32>) {
        (std::cmp::Reverse(self.to), std::cmp::Reverse(self.from), std::cmp::Reverse(self.slice))
    }

    fn join(self, other: Self) -> Self {
        Self {
            from: self.from.min(other.from),
            to: self.to.max(other.to),
            slice: self.slice.max(other.slice),
        }
    }
}

fn start_of(year: i32, month: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, 1).unwrap_or(NaiveDate::MIN)
}

fn last_of(year: i32, month: u32) -> NaiveDate {
    start_of(year, month)
        .checked_add_months(Months::new(1))
        .and_then(|day| day.pred_opt())
        .unwrap_or(NaiveDate::MAX)
}

/// The period that a link announces. Label and address should agree; where they name two years, no
/// one knows which is wrong (`Année 2021` leading to `Annee-2022`), and the span takes in both.
pub(crate) fn announced(label: &str, slug: &str, within: Option<&Period>) -> Option<Period> {
    let from_label = read(label, within);
    let from_slug = read(slug, within);
    match (from_label, from_slug) {
        (Some(a), Some(b)) if a.year() != b.year() && a.year().is_some() && b.year().is_some() => {
            Some(a.join(b))
        }
        (Some(a), _) => Some(a),
        (None, slug) => slug,
    }
}

static YEAR: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?:^|[^\d])((?:19[89]|20\d)\d)(?:[^\d]|$)"));
static YEARS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"\b((?:19[89]|20\d)\d) (?:a |au |et |/ ?|- ?)?((?:19[89]|20\d)\d)\b")
});

/// Reads a period from [`crate::words::plain`] text; months and quarters without a year take it
/// from `within`.
pub(crate) fn read(text: &str, within: Option<&Period>) -> Option<Period> {
    let text = text.replace(['-', '_'], " ");
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some(bounded) = open_ended(&text) {
        return Some(bounded);
    }
    if let Some(captures) = YEARS.captures(&text) {
        let (a, b): (i32, i32) = (captures[1].parse().ok()?, captures[2].parse().ok()?);
        if a < b {
            return Some(Period::new(start_of(a, 1), last_of(b, 12)));
        }
    }
    let own_year = YEAR.captures(&text).and_then(|captures| captures[1].parse().ok());
    let year: Option<i32> = own_year.or_else(|| within.and_then(Period::year));
    part_of_year(&text, year?, own_year.is_some())
}

/// `à partir du 28 avril 2015`, `avant le 1er novembre 2012`.
fn open_ended(text: &str) -> Option<Period> {
    static SINCE: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"\b(?:a partir d[ue]|depuis(?: le)?|a compter d[ue]) "));
    static BEFORE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"\b(?:avant(?: le)?|jusqu'?(?: ?au| ?a| ?en)?|anterieur\w* (?:a|au)) ")
    });
    let day_or_year = |rest: &str| {
        days(rest).first().filter(|found| found.start < 4).map(|found| found.date).or_else(|| {
            let year = YEAR
                .captures(rest)
                .filter(|captures| captures.get(1).is_some_and(|m| m.start() < 4))?;
            Some(start_of(year[1].parse().ok()?, 1))
        })
    };
    if let Some(found) = SINCE.find(text) {
        let from = day_or_year(&text[found.end()..])?;
        return Some(Period::new(from, NaiveDate::MAX));
    }
    let found = BEFORE.find(text)?;
    let to = day_or_year(&text[found.end()..])?;
    Some(Period::new(start_of(1900, 1), to))
}

fn part_of_year(text: &str, year: i32, own_year: bool) -> Option<Period> {
    if let Some(exact) = days_of_month(text, year) {
        return Some(exact);
    }
    if let Some(week) = week_of(text, year) {
        return Some(week);
    }
    if let Some((rank, months)) = division(text) {
        let first = (rank - 1) * months + 1;
        return Some(Period::months(year, first, first + months - 1));
    }
    let named: Vec<u32> = tokens(text).filter_map(month_number).collect();
    match named[..] {
        [] => {}
        [only] => return Some(Period::month(year, only)),
        [first, .., last] => return Some(Period::months(year, first, last)),
    }
    if let Some(month) = numeric_month(text) {
        return Some(Period::month(year, month));
    }
    if !own_year {
        return None;
    }
    let mut whole = Period::whole_year(year);
    whole.slice = slice_of_year(text).unwrap_or(0);
    Some(whole)
}

/// `du 1er au 15 août`, `1ère quinzaine d'août`.
fn days_of_month(text: &str, year: i32) -> Option<Period> {
    static RANGE: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"\b(\d{1,2})(?:er)?(?: ([a-z]+))? au (\d{1,2}) ([a-z]+)\b"));
    static HALF: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"\b(1|2|premiere|deuxieme|seconde) ?(?:ere|re|e|eme|nde)? quinzaine (?:de |d')([a-z]+)",
        )
    });
    if let Some(captures) = RANGE.captures(text) {
        let month = month_number(&captures[4])?;
        let first_month = captures.get(2).and_then(|m| month_number(m.as_str())).unwrap_or(month);
        let from = NaiveDate::from_ymd_opt(year, first_month, captures[1].parse().ok()?)?;
        let to = NaiveDate::from_ymd_opt(year, month, captures[3].parse().ok()?)?;
        return (from <= to).then(|| Period::new(from, to));
    }
    let captures = HALF.captures(text)?;
    let month = month_number(&captures[2])?;
    let middle = start_of(year, month) + Days::new(14);
    Some(if captures[1].starts_with(['1', 'p']) {
        Period::new(start_of(year, month), middle)
    } else {
        Period::new(middle + Days::new(1), last_of(year, month))
    })
}

/// `Semaine 33`, as calendars count them (ISO 8601).
fn week_of(text: &str, year: i32) -> Option<Period> {
    static WEEK: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"\bsemaine (?:n ?° ?|numero )?(\d{1,2})\b"));
    let week = WEEK.captures(text)?[1].parse().ok()?;
    let monday = NaiveDate::from_isoywd_opt(year, week, chrono::Weekday::Mon)?;
    Some(Period::new(monday, monday + Days::new(6)))
}

/// Rank and length in months of a quarter, a half-year…: `3ème trimestre`, `T3`, `S2`.
fn division(text: &str) -> Option<(u32, u32)> {
    static DIVISION: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"\b(?:(\d)|(premier)|(deuxieme|second)|(troisieme)|(quatrieme)) ?(?:er|ere|e|eme|nd|nde)? ?(trim|sem(?:estre)?\b|quadri)|\b(trimestre|semestre|quadrimestre|t|s) ?(?:n°)? ?(\d)\b",
        )
    });
    let captures = DIVISION.captures(text)?;
    let rank: u32 = if let Some(digit) = captures.get(1).or_else(|| captures.get(8)) {
        digit.as_str().parse().ok()?
    } else {
        (2..=5).find(|group| captures.get(*group).is_some())? as u32 - 1
    };
    let word = captures.get(6).or_else(|| captures.get(7))?.as_str();
    let months = match word.as_bytes()[0] {
        b't' => 3,
        b's' => 6,
        _ => 4,
    };
    (rank >= 1 && rank * months <= 12).then_some((rank, months))
}

/// `08`, `08 2026`, `2026 08`, `08/2026`: two digits, since `2026 - 2` is a slice.
fn numeric_month(text: &str) -> Option<u32> {
    static MONTH: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"^(?:raa |recueils? |mois )*(?:(\d\d)[ /.]*(?:20\d\d)?|20\d\d[ /.]+(\d\d))$")
    });
    let captures = MONTH.captures(text)?;
    let month = captures.get(1).or_else(|| captures.get(2))?.as_str().parse().ok()?;
    (1..=12).contains(&month).then_some(month)
}

/// `2026 - 2`, `RAA 2026 n° 101 à 200`: a slice of a year's series, in the order of its first
/// number.
fn slice_of_year(text: &str) -> Option<u32> {
    static SLICE: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"\b20\d\d (\d)$|\bn?°? ?(\d{1,4}) (?:a|au) (?:n° ?)?\d{1,4}\b"));
    let captures = SLICE.captures(text)?;
    captures.get(1).or_else(|| captures.get(2))?.as_str().parse().ok()
}

/// Whether the text gives a range of numbers: a slice, not one bulletin.
pub(crate) fn is_number_range(text: &str) -> bool {
    static RANGE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"\bn?°? ?(?:[\d-]+-)?(\d{1,4}) (?:a|au) (?:n° ?)?(?:[\d-]+-)?(\d{1,4})\b(?: [a-z]+)?",
        )
    });
    RANGE.captures(text).is_some_and(|captures| {
        let whole = &captures[0];
        !tokens(whole).any(|token| month_number(token).is_some())
    })
}

/// Whether the label opens an archive whose years it does not tell.
pub(crate) fn is_undated_archive(label: &str, slug: &str) -> bool {
    is_archive(label) || is_archive(slug)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::plain;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("day")
    }

    #[test]
    fn reads() {
        let year = Period::whole_year(2026);
        let cases = [
            ("RAA 2026", "2026-01-01", "2026-12-31"),
            ("08-AOUT", "2026-08-01", "2026-08-31"),
            ("08.-Aout-2026", "2026-08-01", "2026-08-31"),
            ("RAA du mois d'août 2025", "2025-08-01", "2025-08-31"),
            ("RAA 2026 - de janvier à juillet", "2026-01-01", "2026-07-31"),
            ("3ème trimestre", "2026-07-01", "2026-09-30"),
            ("2nd semestre 2025", "2025-07-01", "2025-12-31"),
            ("Premier semestre 2026", "2026-01-01", "2026-06-30"),
            ("T2 2026", "2026-04-01", "2026-06-30"),
            ("Recueils 2016 à 2022", "2016-01-01", "2022-12-31"),
            ("RAA-2015-2021", "2015-01-01", "2021-12-31"),
            ("Archives (avant le 1er novembre 2012)", "1900-01-01", "2012-11-01"),
            ("2026 - 2", "2026-01-01", "2026-12-31"),
            ("2026-08", "2026-08-01", "2026-08-31"),
            ("08", "2026-08-01", "2026-08-31"),
            ("du 1er au 15 août", "2026-08-01", "2026-08-15"),
            ("2ème quinzaine d'août 2026", "2026-08-16", "2026-08-31"),
            ("Semaine n°33", "2026-08-10", "2026-08-16"),
            ("Semaine 1 - 2026", "2025-12-29", "2026-01-04"),
            ("août/septembre 2026", "2026-08-01", "2026-09-30"),
            ("septembre 2026", "2026-09-01", "2026-09-30"),
            ("2026-Recueils-des-actes", "2026-01-01", "2026-12-31"),
        ];
        for (label, from, to) in cases {
            let period = read(&plain(label), Some(&year)).expect(label);
            assert_eq!((period.from, period.to), (day(from), day(to)), "{label}");
        }
        let open = read(&plain("Recueils (à partir du 28 avril 2015)"), None).expect("open");
        assert_eq!((open.from, open.to), (day("2015-04-28"), NaiveDate::MAX));
        for label in ["Recueil des actes administratifs", "Août", "FAQ", "12", ""] {
            assert_eq!(read(&plain(label), None), None, "{label}");
        }
    }

    #[test]
    fn slices_follow_each_other() {
        let slice = |label: &str| read(&plain(label), None).expect(label);
        assert!(slice("2026 - 2").order() < slice("2026 - 1").order());
        assert!(slice("2026 - 1").order() < slice("2025 - 2").order());
        assert!(slice("RAA 2026 n°101 à 200").order() < slice("RAA 2026 n°1 à 100").order());
        assert!(
            is_number_range(&plain("RAA n°1 à 50"))
                && !is_number_range(&plain("du 1er au 15 août"))
        );
        assert!(!is_number_range(&plain("du 14 au 16 août 2026")));
    }

    #[test]
    fn label_and_address_disagree() {
        let span = announced("annee 2021", "annee-2022", None).expect("span");
        assert_eq!((span.from, span.to), (day("2021-01-01"), day("2022-12-31")));
    }

    proptest::proptest! {
        #[test]
        fn never_panics(text in "\\PC{0,40}|[0-9 a-z°'-]{0,30}") {
            if let Some(period) = read(&plain(&text), Some(&Period::whole_year(2026))) {
                assert!(period.from <= period.to);
            }
        }
    }
}
