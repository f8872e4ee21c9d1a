//! At which hours a source publishes, learnt from when its bulletins were first seen.

use chrono::{DateTime, Datelike, TimeDelta, Timelike, Utc, Weekday};
use chrono_tz::Tz;

/// Fewer bulletins tell no habit.
const ENOUGH: u32 = 20;
/// How much longer one may wait at an hour at which a source never published.
const QUIET: i32 = 2;

/// Bulletins first seen by hour of the day, working days and week-ends apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Habits {
    seen: [[u32; 24]; 2],
}

impl Habits {
    /// From the instants at which bulletins were first seen, on the day of their publication.
    #[must_use]
    pub fn of(seen: impl IntoIterator<Item = DateTime<Utc>>, timezone: Tz) -> Self {
        let mut habits = Self::default();
        for at in seen {
            let (kind, hour) = cell(at, timezone);
            habits.seen[kind][hour] += 1;
        }
        habits
    }

    /// How long to wait at `now` before the next look: `usual`, and longer at an hour at which,
    /// as far as known, the source publishes nothing. What is seen in an hour may have been
    /// published at the end of the one before.
    #[must_use]
    pub fn pause(&self, usual: TimeDelta, now: DateTime<Utc>, timezone: Tz) -> TimeDelta {
        let known: u32 = self.seen.iter().flatten().sum();
        let (kind, hour) = cell(now, timezone);
        let around = self.seen[kind][hour] + self.seen[kind][(hour + 1) % 24];
        if known >= ENOUGH && around == 0 { usual * QUIET } else { usual }
    }
}

fn cell(at: DateTime<Utc>, timezone: Tz) -> (usize, usize) {
    let local = at.with_timezone(&timezone);
    let weekend = matches!(local.weekday(), Weekday::Sat | Weekday::Sun);
    (usize::from(weekend), local.hour() as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_without_bulletins_are_looked_at_less() {
        let at = |text: &str| -> DateTime<Utc> { text.parse().expect("time") };
        // Fridays at 16:20 in Paris.
        let fridays = (0..30).map(|week| at("2026-01-02T15:20:00Z") + TimeDelta::weeks(week));
        let habits = Habits::of(fridays.clone().take(12), Tz::Europe__Paris);
        let usual = TimeDelta::minutes(15);
        let pause = |h: &Habits, text| h.pause(usual, at(text), Tz::Europe__Paris).num_minutes();
        assert_eq!(pause(&habits, "2026-01-12T09:00:00Z"), 15, "too few to tell");
        let habits = Habits::of(fridays, Tz::Europe__Paris);
        let cases = [
            ("2026-01-12T15:05:00Z", 15, "its hour, on another working day"),
            ("2026-01-12T14:50:00Z", 15, "the hour before"),
            ("2026-01-12T09:00:00Z", 30, "never so early"),
            ("2026-01-11T15:05:00Z", 30, "never on a Sunday"),
        ];
        for (now, minutes, why) in cases {
            assert_eq!(pause(&habits, now), minutes, "{why}");
        }
    }
}
