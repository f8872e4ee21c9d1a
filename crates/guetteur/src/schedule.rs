//! When a source is due: cron in its own time zone, spread by a jitter of its own.

use chrono::{DateTime, NaiveDateTime, TimeDelta, Timelike, Utc};
use chrono_tz::Tz;
use cron::Schedule;
use guetteur_model::Sha256;

/// The next time after `now` at which `code` is due. The jitter of a source is always the same, so
/// that two sources stay apart and one source keeps its rhythm.
#[must_use]
pub fn next_due(
    schedule: &Schedule,
    timezone: Tz,
    code: &str,
    jitter_minutes: u64,
    now: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    let jitter = jitter(code, jitter_minutes);
    // Looked up from before the jitter: a time just past on the clock may still lie ahead. And from
    // an hour earlier on the wall: when the clocks go back, that hour comes twice.
    let wall = (now - jitter).with_timezone(&timezone).naive_local() - TimeDelta::hours(1);
    schedule
        .after(&wall.and_utc())
        .filter_map(|at| on_the_clock(at.naive_utc(), timezone))
        .map(|at| at + jitter)
        .find(|at| *at > now)
}

/// When a wall clock shows this time. One that it skips (the night on which summer time begins) is
/// the instant at which it skips: the cron library would leave that run out.
fn on_the_clock(wall: NaiveDateTime, timezone: Tz) -> Option<DateTime<Utc>> {
    let shown = |wall: NaiveDateTime| wall.and_local_timezone(timezone).earliest();
    if let Some(at) = shown(wall) {
        return Some(at.to_utc());
    }
    // No clock skips more than a day; none is set to the half minute.
    (1..=24 * 60).find_map(|minutes| {
        let after = shown(wall.with_second(0)? + TimeDelta::minutes(minutes))?;
        Some(after.to_utc())
    })
}

/// Less than `minutes`, always the same for a source.
pub(crate) fn jitter(code: &str, minutes: u64) -> TimeDelta {
    let digest = Sha256::of(code.as_bytes()).to_string();
    let number = u64::from_str_radix(&digest[..12], 16).unwrap_or(0);
    TimeDelta::seconds((number % (minutes * 60).max(1)) as i64)
}

#[cfg(test)]
mod tests {
    use std::str::FromStr;

    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("time")
    }

    #[test]
    fn due_in_the_source_s_own_time() {
        let daily = Schedule::from_str("0 0 8 * * *").expect("cron");
        let cases = [
            // Winter, summer, La Réunion, and the day the clocks change.
            (Tz::Europe__Paris, "2026-01-10T00:00:00Z", "2026-01-10T07:00:00Z"),
            (Tz::Europe__Paris, "2026-07-10T07:00:00Z", "2026-07-11T06:00:00Z"),
            (Tz::Indian__Reunion, "2026-01-10T00:00:00Z", "2026-01-10T04:00:00Z"),
            (Tz::Europe__Paris, "2026-03-28T08:00:00Z", "2026-03-29T06:00:00Z"),
        ];
        for (timezone, now, expected) in cases {
            let due = next_due(&daily, timezone, "34", 0, at(now));
            assert_eq!(due, Some(at(expected)), "{timezone} {now}");
        }
    }

    /// On 29 March 2026 clocks in Paris go from 2:00 to 3:00, on 25 October from 3:00 back to 2:00.
    #[test]
    fn hours_that_the_clock_skips_or_repeats() {
        let nightly = Schedule::from_str("0 30 2 * * *").expect("cron");
        let due = |now: &str| next_due(&nightly, Tz::Europe__Paris, "34", 0, at(now));
        assert_eq!(due("2026-03-28T12:00:00Z"), Some(at("2026-03-29T01:00:00Z")), "3:00 instead");
        assert_eq!(due("2026-03-29T01:00:00Z"), Some(at("2026-03-30T00:30:00Z")));
        assert_eq!(due("2026-10-24T12:00:00Z"), Some(at("2026-10-25T00:30:00Z")), "once");
        assert_eq!(due("2026-10-25T00:30:00Z"), Some(at("2026-10-26T01:30:00Z")));
        let weekly = Schedule::from_str("0 15 2 * * Sun").expect("cron");
        let due = next_due(&weekly, Tz::Europe__Paris, "34", 0, at("2026-03-28T12:00:00Z"));
        assert_eq!(due, Some(at("2026-03-29T01:00:00Z")));
    }

    #[test]
    fn jitter_spreads_and_is_steady() {
        let daily = Schedule::from_str("0 0 8 * * *").expect("cron");
        let due = |code: &str, now: &str| {
            next_due(&daily, Tz::Europe__Paris, code, 30, at(now)).expect("due")
        };
        let codes = ["01", "2A", "34", "75", "974"];
        let mut times: Vec<_> = codes.iter().map(|c| due(c, "2026-01-10T00:00:00Z")).collect();
        for time in &times {
            assert!(*time >= at("2026-01-10T07:00:00Z") && *time < at("2026-01-10T07:30:00Z"));
        }
        times.dedup();
        assert_eq!(times.len(), codes.len());
        // Asked again at the very moment, the next is tomorrow, same minute.
        let first = due("34", "2026-01-10T00:00:00Z");
        let again = next_due(&daily, Tz::Europe__Paris, "34", 30, first).expect("due");
        assert_eq!(again - first, TimeDelta::days(1));
    }
}
