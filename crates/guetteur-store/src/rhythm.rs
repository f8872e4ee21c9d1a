//! How often a source publishes: learnt from its days of publication.

use chrono::{NaiveDate, TimeDelta};
use serde::Serialize;

/// Fewer days of publication tell no rhythm.
const ENOUGH_DAYS: usize = 10;
/// Days of publication that tell the present rhythm: older ones are another year's.
pub(crate) const DAYS_KEPT: i64 = 60;
/// Without a rhythm: prefectures publish every few days, all year round.
const UNKNOWN_PAUSE: TimeDelta = TimeDelta::days(21);
/// A pause that is odd for nobody: a long week-end.
const LONG_WEEKEND: TimeDelta = TimeDelta::days(5);

/// Pauses between days of publication.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Rhythm {
    /// Days from one day of publication to the next, half of the time at most.
    pub usual_days: u32,
    /// Days that nineteen pauses in twenty do not exceed.
    pub longest_days: u32,
}

impl Rhythm {
    /// From distinct days of publication, in any order; `None` when they are too few.
    #[must_use]
    pub fn of(days: &[NaiveDate]) -> Option<Self> {
        if days.len() < ENOUGH_DAYS {
            return None;
        }
        let mut days = days.to_vec();
        days.sort_unstable();
        let pauses =
            days.windows(2).map(|pair| (pair[1] - pair[0]).num_days().unsigned_abs() as u32);
        let mut pauses: Vec<u32> = pauses.filter(|pause| *pause > 0).collect();
        pauses.sort_unstable();
        let at = |share: usize| pauses.get(pauses.len() * share / 100).or(pauses.last()).copied();
        Some(Self { usual_days: at(50)?, longest_days: at(95)? })
    }

    /// The pause after which a source of this rhythm, or of none that is known, is silent: twice
    /// its longest, and never a long week-end.
    #[must_use]
    pub fn silent_after(rhythm: Option<Self>) -> TimeDelta {
        rhythm.map_or(UNKNOWN_PAUSE, |rhythm| {
            TimeDelta::days(2 * i64::from(rhythm.longest_days)).max(LONG_WEEKEND)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn learnt_from_days() {
        let start: NaiveDate = "2026-01-05".parse().expect("Monday");
        let days = |steps: &[u64]| -> Vec<NaiveDate> {
            let mut day = start;
            steps
                .iter()
                .map(|step| {
                    day = day + chrono::Days::new(*step);
                    day
                })
                .collect()
        };
        let daily: Vec<u64> = (0..40).map(|i| if i % 5 == 0 { 3 } else { 1 }).collect();
        let weekly = vec![7; 20];
        let rare: Vec<u64> = (0..12).map(|i| if i == 6 { 40 } else { 14 }).collect();
        for (steps, expected, silent) in [
            (daily, Some((1, 3)), 6),
            (weekly, Some((7, 7)), 14),
            (rare, Some((14, 40)), 80),
            (vec![1; 5], None, 21),
            (vec![1; 30], Some((1, 1)), 5),
        ] {
            let rhythm = Rhythm::of(&days(&steps));
            assert_eq!(rhythm.map(|r| (r.usual_days, r.longest_days)), expected);
            assert_eq!(Rhythm::silent_after(rhythm), TimeDelta::days(silent), "{steps:?}");
        }
    }
}
