//! When to try again: pure functions.

use std::time::{Duration, SystemTime};

/// Wait before try number `attempt` (from 1): the back-off doubles; what the site asks for wins
/// when it is longer.
pub(crate) fn wait_before(attempt: u32, backoff: Duration, asked: Option<Duration>) -> Duration {
    let own = backoff.saturating_mul(1 << (attempt - 1).min(10));
    own.max(asked.unwrap_or_default())
}

/// How long the value of a `Retry-After` header asks to wait: seconds, or until an HTTP date, from `now`.
#[must_use]
pub fn parse_retry_after(value: &str, now: SystemTime) -> Option<Duration> {
    let value = value.trim();
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let at = httpdate::parse_http_date(value).ok()?;
    Some(at.duration_since(now).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backs_off() {
        let second = Duration::from_secs(1);
        let cases =
            [(1, None, 1), (2, None, 2), (4, None, 8), (1, Some(30), 30), (6, Some(30), 32)];
        for (attempt, asked, expected) in cases {
            let wait = wait_before(attempt, second, asked.map(Duration::from_secs));
            assert_eq!(wait.as_secs(), expected, "try {attempt}, asked {asked:?}");
        }
    }

    #[test]
    fn reads_retry_after() {
        let now = httpdate::parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT").expect("date");
        let cases = [
            ("120", Some(120)),
            (" 0 ", Some(0)),
            ("Sun, 06 Nov 1994 08:50:37 GMT", Some(60)),
            ("Sun, 06 Nov 1994 08:00:00 GMT", Some(0)),
            ("demain", None),
            ("-5", None),
        ];
        for (value, expected) in cases {
            assert_eq!(parse_retry_after(value, now), expected.map(Duration::from_secs), "{value}");
        }
    }
}
