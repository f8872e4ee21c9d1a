//! When a source is due: cron in its own time zone, spread by a jitter of its own.

use chrono::{DateTime, TimeDelta, Utc};
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
    // Looked up from before the jitter: a time just past on the clock may still lie ahead.
    let local = (now - jitter).with_timezone(&timezone);
    schedule.after(&local).map(|at| at.with_timezone(&Utc) + jitter).find(|at| *at > now)
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
