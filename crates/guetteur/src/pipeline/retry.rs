//! When a failed bulletin is tried again: a pure function.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use guetteur_model::{FailureKind, Stage};

/// What a failure calls for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Remedy {
    /// Nothing: trying again cannot help.
    Never,
    /// Nothing for so long; the try does not count, for it was none.
    PutOff(Duration),
    /// Try later; the site may have said how much later.
    Later(Option<Duration>),
}

/// After trouble of our own machine, which is nobody's try.
const MENDING: Duration = Duration::from_mins(5);

/// What a failure at `stage` calls for, the site having asked to wait `asked`.
pub(super) fn remedy(stage: Stage, kind: FailureKind, asked: Option<Duration>) -> Remedy {
    match kind {
        FailureKind::Resting
        | FailureKind::Unanswered
        | FailureKind::Closed
        | FailureKind::Budget => Remedy::PutOff(asked.unwrap_or_default()),
        FailureKind::Machine | FailureKind::Interrupted => Remedy::PutOff(MENDING),
        // What came stays what it is: only we can do better with it.
        kind if stage != Stage::Found && !kind.is_ours() => Remedy::Never,
        // An error page in place of the PDF, a link ahead of its file: it may come yet.
        kind if kind.may_pass() => Remedy::Later(asked),
        _ => Remedy::Never,
    }
}

/// When what was given up is taken up once more: it has waited as long as it has failed then, at least
/// a day, at most thirty. `since`: when it came to the stage at which it fails.
pub(super) fn once_more(since: DateTime<Utc>, now: DateTime<Utc>) -> DateTime<Utc> {
    now + (now - since).clamp(TimeDelta::days(1), TimeDelta::days(30))
}

/// Five minutes, then four times longer each time, at most a day; never sooner than asked.
/// `None` after `max_attempts` tries, or when nothing helps.
pub(super) fn next_attempt(
    remedy: Remedy,
    attempts: u32,
    max_attempts: u32,
    now: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    let Remedy::Later(asked) = remedy else { return None };
    if attempts >= max_attempts {
        return None;
    }
    let minutes = 5_i64.saturating_mul(1 << (2 * attempts.saturating_sub(1)).min(20));
    let own = TimeDelta::minutes(minutes.min(24 * 60));
    let asked = asked.and_then(|asked| TimeDelta::from_std(asked).ok()).unwrap_or_default();
    Some(now + own.max(asked))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kind_decides() {
        let hour = Some(Duration::from_hours(1));
        let (fetch, read) = (Stage::Found, Stage::Fetched);
        let cases = [
            (fetch, FailureKind::NotFound, Remedy::Later(hour)),
            (fetch, FailureKind::WrongContent, Remedy::Later(hour)),
            (fetch, FailureKind::Unreachable, Remedy::Later(hour)),
            (fetch, FailureKind::Machine, Remedy::PutOff(MENDING)),
            (fetch, FailureKind::TooLarge, Remedy::Never),
            (fetch, FailureKind::Inward, Remedy::Never),
            (fetch, FailureKind::Resting, Remedy::PutOff(Duration::from_hours(1))),
            (fetch, FailureKind::Unanswered, Remedy::PutOff(Duration::from_hours(1))),
            (fetch, FailureKind::TimedOut, Remedy::Later(hour)),
            (fetch, FailureKind::Closed, Remedy::PutOff(Duration::from_hours(1))),
            (read, FailureKind::Budget, Remedy::PutOff(Duration::from_hours(1))),
            (read, FailureKind::Machine, Remedy::PutOff(MENDING)),
            (read, FailureKind::Unreadable, Remedy::Never),
            (read, FailureKind::Password, Remedy::Never),
            (read, FailureKind::WrongContent, Remedy::Never),
        ];
        for (stage, kind, expected) in cases {
            assert_eq!(remedy(stage, kind, hour), expected, "{stage}, {kind}");
        }
    }

    #[test]
    fn given_up_rows_are_taken_up_less_and_less_often() {
        let now: DateTime<Utc> = "2026-08-14T08:00:00Z".parse().expect("time");
        for (failed_for, waits) in [(0, 1), (1, 1), (2, 2), (9, 9), (400, 30)] {
            let at = once_more(now - TimeDelta::days(failed_for), now);
            assert_eq!(at - now, TimeDelta::days(waits), "{failed_for}");
        }
    }

    #[test]
    fn waits_longer_each_time_then_gives_up() {
        let now: DateTime<Utc> = "2026-08-14T08:00:00Z".parse().expect("time");
        let later = Remedy::Later(None);
        let asked = Remedy::Later(Some(Duration::from_hours(2)));
        let cases = [
            (later, 1, Some(5)),
            (later, 2, Some(20)),
            (later, 3, Some(80)),
            (later, 5, Some(1280)),
            (later, 6, None),
            (asked, 1, Some(120)),
            (asked, 4, Some(320)),
            (Remedy::Never, 1, None),
        ];
        for (remedy, attempts, expected) in cases {
            let at = next_attempt(remedy, attempts, 6, now);
            let expected = expected.map(|minutes| now + TimeDelta::minutes(minutes));
            assert_eq!(at, expected, "{remedy:?}, try {attempts}");
        }
        let much_later = next_attempt(later, 60, u32::MAX, now);
        assert_eq!(much_later, Some(now + TimeDelta::days(1)));
    }
}
