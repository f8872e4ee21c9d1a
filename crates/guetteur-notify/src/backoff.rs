//! How long to wait after a try that failed.

use chrono::TimeDelta;

/// Minutes after the first, second… try.
const MINUTES: [i64; 11] = [1, 5, 15, 60, 180, 360, 720, 720, 720, 720, 720];

/// The pause after try number `attempts`; `None` when it was the last: after three days.
#[must_use]
pub(crate) fn pause(attempts: u32) -> Option<TimeDelta> {
    let nth = attempts.saturating_sub(1) as usize;
    MINUTES.get(nth).map(|minutes| TimeDelta::minutes(*minutes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn about_three_days_then_never() {
        let all: Vec<TimeDelta> = (1..).map_while(pause).collect();
        assert_eq!((all[0], pause(0)), (TimeDelta::minutes(1), pause(1)));
        assert!(all.is_sorted(), "{all:?}");
        let whole: TimeDelta = all.into_iter().sum();
        assert_eq!(whole.num_hours(), 70);
    }
}
