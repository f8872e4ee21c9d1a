//! When a failed bulletin is tried again: a pure function.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use guetteur_model::{FailureKind, Stage};

/// What a failure calls for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Remedy {
    /// Nothing: trying again cannot help.
    GiveUp,
    /// Nothing for so long; the try does not count, for it was none.
    PutOff(Duration),
    /// Try later; the site may have said how much later.
    Later(Option<Duration>),
}

/// What a failure at `stage` calls for, the site having asked to wait `asked`.
pub(super) fn remedy(stage: Stage, kind: FailureKind, asked: Option<Duration>) -> Remedy {
    match kind {
        FailureKind::Resting | FailureKind::Closed | FailureKind::Budget => {
            Remedy::PutOff(asked.unwrap_or_default())
        }
        // What came stays what it is: only we can do better with it.
        kind if stage != Stage::Found && !kind.is_ours() => Remedy::GiveUp,
        // An error page in place of the PDF, a link ahead of its file: it may come yet.
        kind if kind.may_pass() => Remedy::Later(asked),
        _ => Remedy::GiveUp,
    }
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
            (fetch, FailureKind::Machine, Remedy::Later(hour)),
            (fetch, FailureKind::TooLarge, Remedy::GiveUp),
            (fetch, FailureKind::Inward, Remedy::GiveUp),
            (fetch, FailureKind::Resting, Remedy::PutOff(Duration::from_hours(1))),
            (fetch, FailureKind::Closed, Remedy::PutOff(Duration::from_hours(1))),
            (read, FailureKind::Budget, Remedy::PutOff(Duration::from_hours(1))),
            (read, FailureKind::Machine, Remedy::Later(hour)),
            (read, FailureKind::Unreadable, Remedy::GiveUp),
            (read, FailureKind::Password, Remedy::GiveUp),
            (read, FailureKind::WrongContent, Remedy::GiveUp),
        ];
        for (stage, kind, expected) in cases {
            assert_eq!(remedy(stage, kind, hour), expected, "{stage}, {kind}");
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
            (Remedy::GiveUp, 1, None),
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
