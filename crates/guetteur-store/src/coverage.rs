//! How well a source is covered: pure functions over what the database knows.
//!
//! « Rien trouvé » and « pas regardé » are different states, and a gap in the numbers is a bulletin
//! that nobody saw.

use std::collections::BTreeMap;
use std::fmt;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::Serialize;

use crate::{BulletinNumber, Rhythm, SourceFailure, SourceState};

/// State of a source, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum SourceStatus {
    /// Looked at lately, with bulletins.
    Ok,
    /// The last success is older than [`LATE_AFTER`].
    Late,
    /// Looked at lately, but nothing new was published for far longer than its [`crate::Rhythm`].
    Silent,
    /// The site refuses us.
    Blocked,
    /// The last pass failed or found nothing, or its newest list has been out of reach since.
    Broken,
    /// Never looked at.
    Never,
}

/// A source without success for so long is late: it is walked every night.
pub const LATE_AFTER: TimeDelta = TimeDelta::hours(72);

/// A list that could not be had for so long, between two passes, is more than a hiccup.
pub const FAILING_AFTER: TimeDelta = TimeDelta::hours(1);

impl SourceStatus {
    /// All, best first.
    pub const ALL: [Self; 6] =
        [Self::Ok, Self::Late, Self::Silent, Self::Blocked, Self::Broken, Self::Never];

    /// From what the database knows; `None` is a source without a row.
    #[must_use]
    pub fn of(state: Option<&SourceState>, now: DateTime<Utc>) -> Self {
        let Some(state) = state else { return Self::Never };
        if state.last_ok_at.is_none() && state.last_error_at.is_none() {
            return Self::Never;
        }
        if let Some(failed) = state.failure(now) {
            let refused = failed.failure.kind.is_refusal();
            return if refused { Self::Blocked } else { Self::Broken };
        }
        if state.last_ok_at.is_none_or(|ok| now - ok > LATE_AFTER) {
            return Self::Late;
        }
        let pause = Rhythm::silent_after(state.rhythm);
        let quiet = state.last_published_on.is_some_and(|day| now.date_naive() - day > pause);
        if quiet { Self::Silent } else { Self::Ok }
    }

    /// The stable id.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Late => "late",
            Self::Silent => "silent",
            Self::Blocked => "blocked",
            Self::Broken => "broken",
            Self::Never => "never",
        }
    }
}

impl SourceState {
    /// Why the source is failing: its last pass did, or its newest list has been out of reach for
    /// an hour since.
    #[must_use]
    pub fn failure(&self, now: DateTime<Utc>) -> Option<&SourceFailure> {
        let pass = match (self.last_ok_at, self.last_error_at) {
            (None, Some(_)) => true,
            (Some(ok), Some(error)) => error > ok,
            (_, None) => false,
        };
        if pass {
            return self.last_failure.as_ref();
        }
        let out_of_reach = self.failing_since.is_some_and(|since| {
            now - since > FAILING_AFTER && self.last_ok_at.is_none_or(|ok| since > ok)
        });
        self.look_failure.as_ref().filter(|_| out_of_reach)
    }
}

impl fmt::Display for SourceStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Numbers of one series that we hold, with the days on which they came out.
type Held = BTreeMap<u32, Vec<Option<NaiveDate>>>;

/// Numbers missing from the sequences of one source and one year, as the prefecture would write
/// them (`26-2025-041`, `spécial 12`).
///
/// Only what can be told is told: a series whose numbers start again (monthly numbering), are dates,
/// or of which we hold fewer than half, has no gaps worth the name.
#[must_use]
pub fn missing_numbers(numbers: &[BulletinNumber]) -> Vec<String> {
    let mut series: BTreeMap<(&str, &str), Held> = BTreeMap::new();
    let mut widths: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for bulletin in numbers {
        let Some((prefix, value, width)) = bulletin.number.as_deref().and_then(split) else {
            continue;
        };
        let key = (without_part(bulletin.series.as_deref().unwrap_or_default()), prefix);
        series.entry(key).or_default().entry(value).or_default().push(bulletin.published_on);
        widths.entry(key).and_modify(|least| *least = width.min(*least)).or_insert(width);
    }
    let mut missing = Vec::new();
    for ((name, prefix), held) in series {
        let (Some(first), Some(last)) = (held.keys().next(), held.keys().last()) else { continue };
        let span = (last - first + 1) as usize;
        if held.len() * 2 < span || held.values().any(|days| starts_again(days)) {
            continue;
        }
        let width = widths.get(&(name, prefix)).copied().unwrap_or(1);
        let gaps = (*first..*last).filter(|n| !held.contains_key(n));
        missing.extend(gaps.map(|n| {
            let number = format!("{prefix}{n:0width$}");
            if name.is_empty() { number } else { format!("{name} {number}") }
        }));
    }
    missing
}

/// A bulletin in parts (`special partie 2`) has the number of the whole.
fn without_part(series: &str) -> &str {
    let part = ["partie", "tome", "volume", "fascicule"].iter().find_map(|word| series.find(word));
    part.map_or(series, |at| series[..at].trim_end())
}

/// `26-2025-040` → (`26-2025-`, 40, 3). A last part of more than four digits is a date or an id.
fn split(number: &str) -> Option<(&str, u32, usize)> {
    // « 12 bis » stands beside 12, not in the place of 13.
    let number = ["bis", "ter", "quater"]
        .iter()
        .find_map(|suffix| number.strip_suffix(suffix))
        .map_or(number, |rest| rest.trim_end_matches([' ', '-', '_']));
    let digits = number.len() - number.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    if !(1..=4).contains(&digits) {
        return None;
    }
    let (prefix, tail) = number.split_at(number.len() - digits);
    let value = tail.parse().ok()?;
    Some((prefix, value, digits))
}

/// Parts of one bulletin come out together; the same number weeks apart is another count.
fn starts_again(days: &[Option<NaiveDate>]) -> bool {
    let known = || days.iter().flatten();
    match (known().min(), known().max()) {
        (Some(first), Some(last)) => *last - *first > TimeDelta::days(10),
        _ => days.len() > 4,
    }
}

#[cfg(test)]
mod tests {
    use guetteur_model::FailureKind::{
        Challenge, Empty, Other, Refused, Robots, SiteDown, Unreachable,
    };
    use guetteur_model::{Failure, FailureKind};

    use super::*;

    fn number(text: &str, series: Option<&str>, day: Option<&str>) -> BulletinNumber {
        BulletinNumber {
            bulletin: 1,
            number: Some(text.to_owned()),
            series: series.map(str::to_owned),
            title: String::new(),
            published_on: day.map(|day| day.parse().expect("day")),
        }
    }

    #[test]
    fn gaps_by_series() {
        let ordinary = ["26-2025-040", "26-2025-042", "26-2025-043"].map(|n| number(n, None, None));
        assert_eq!(missing_numbers(&ordinary), ["26-2025-041"]);
        let mixed = [
            number("1", Some("spécial"), None),
            number("3", Some("spécial"), None),
            number("7", None, None),
            number("8", None, None),
        ];
        assert_eq!(missing_numbers(&mixed), ["spécial 2"]);
        let sparse = ["1", "341", "342"].map(|n| number(n, None, None));
        assert!(missing_numbers(&sparse).is_empty(), "fewer than half are held");
        let monthly = [
            number("1", None, Some("2026-07-02")),
            number("3", None, Some("2026-07-20")),
            number("1", None, Some("2026-08-02")),
        ];
        assert!(missing_numbers(&monthly).is_empty(), "the count starts again");
        let dated = ["20260814", "20260816"].map(|n| number(n, None, None));
        assert!(missing_numbers(&dated).is_empty());
        let parts = [
            number("210", None, Some("2026-08-13")),
            number("212", None, Some("2026-08-14")),
            number("212", None, Some("2026-08-14")),
        ];
        assert_eq!(missing_numbers(&parts), ["211"]);
        let in_parts = [
            number("30", None, None),
            number("31", Some("partie 1"), None),
            number("31", Some("partie 2"), None),
            number("33", None, None),
            number("4", Some("special partie 1"), None),
            number("5", Some("special"), None),
        ];
        assert_eq!(missing_numbers(&in_parts), ["32"]);
        let twice = ["7", "8bis", "9 bis", "11-ter"].map(|n| number(n, None, None));
        assert_eq!(missing_numbers(&twice), ["10"]);
    }

    #[test]
    fn nothing_found_is_not_not_looked() {
        let now: DateTime<Utc> = "2026-08-14T10:00:00Z".parse().expect("instant");
        let at = |hours| Some(now - TimeDelta::hours(hours));
        let failed = |kind: FailureKind| Some(SourceFailure::from(Failure::new(kind, "")));
        let state = |ok, error, why, newest: Option<&str>| SourceState {
            last_ok_at: ok,
            last_error_at: error,
            last_failure: failed(why),
            last_published_on: newest.map(|day| day.parse().expect("day")),
            ..SourceState::default()
        };
        let reached = SourceState {
            look_failure: failed(Challenge),
            ..state(at(8), None, Other, Some("2026-08-07"))
        };
        let daily = Rhythm { usual_days: 1, longest_days: 3 };
        let weekly = Rhythm { usual_days: 7, longest_days: 7 };
        let cases = [
            (None, SourceStatus::Never),
            (Some(state(None, None, Other, None)), SourceStatus::Never),
            (Some(state(at(1), at(2), SiteDown, Some("2026-08-13"))), SourceStatus::Ok),
            (Some(state(at(1), None, Other, Some("2026-07-01"))), SourceStatus::Silent),
            (Some(state(at(100), None, Other, Some("2026-08-13"))), SourceStatus::Late),
            (Some(state(at(2), at(1), Empty, None)), SourceStatus::Broken),
            (Some(state(None, at(1), Refused, None)), SourceStatus::Blocked),
            (Some(state(None, at(1), Robots, None)), SourceStatus::Blocked),
            // « Connection refused » is a closed port.
            (Some(state(None, at(1), Unreachable, None)), SourceStatus::Broken),
            (Some(SourceState { failing_since: at(2), ..reached.clone() }), SourceStatus::Blocked),
            (Some(SourceState { failing_since: at(9), ..reached.clone() }), SourceStatus::Ok),
            (
                Some(SourceState {
                    failing_since: Some(now - TimeDelta::minutes(20)),
                    ..reached.clone()
                }),
                SourceStatus::Ok,
            ),
            (Some(SourceState { rhythm: Some(weekly), ..reached.clone() }), SourceStatus::Ok),
            (Some(SourceState { rhythm: Some(daily), ..reached }), SourceStatus::Silent),
        ];
        for (state, expected) in cases {
            assert_eq!(SourceStatus::of(state.as_ref(), now), expected, "{state:?}");
        }
    }
}
