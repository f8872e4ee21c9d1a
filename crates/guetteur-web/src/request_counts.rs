//! Counts of requests by address, in windows: a minute for what is dear, an hour for sign-ups.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Utc};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
/// Addresses counted apart; further ones share one count.
const MOST_ADDRESSES: usize = 100_000;

/// Requests of this minute, sign-ups and wrong tokens of this hour.
#[derive(Default)]
pub struct RequestCounts {
    dear: Mutex<Window>,
    sign_ups: Mutex<Window>,
    guesses: Mutex<Window>,
}

#[derive(Default)]
struct Window {
    nth: i64,
    counts: HashMap<IpAddr, u32>,
}

/// What an address may still ask.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Allowance {
    /// Requests in a window.
    pub(crate) limit: u32,
    /// Those left of this one.
    pub(crate) remaining: u32,
    /// Seconds until all is forgiven.
    pub(crate) reset: i64,
    /// Whether there were more.
    pub(crate) refused: bool,
}

impl RequestCounts {
    /// Counts a dear request.
    pub(crate) fn count(&self, address: IpAddr, limit: u32, now: DateTime<Utc>) -> Allowance {
        let mut window = self.dear.lock().unwrap_or_else(PoisonError::into_inner);
        window.count(address, limit, MINUTE, now)
    }

    /// Counts a sign-up; gives the seconds to wait when there were more than `limit` in this hour.
    pub(crate) fn sign_up(&self, client: IpAddr, limit: u32, now: DateTime<Utc>) -> Option<i64> {
        let mut window = self.sign_ups.lock().unwrap_or_else(PoisonError::into_inner);
        let allowance = window.count(client, limit, HOUR, now);
        allowance.refused.then_some(allowance.reset)
    }

    /// Counts a wrong token of the operator; gives how many of this hour there were.
    pub(crate) fn wrong_token(&self, client: IpAddr, now: DateTime<Utc>) -> u32 {
        let mut window = self.guesses.lock().unwrap_or_else(PoisonError::into_inner);
        let allowance = window.count(client, u32::MAX, HOUR, now);
        allowance.limit - allowance.remaining
    }
}

impl Window {
    /// Counts one more in the window of `seconds` that `now` is in.
    fn count(
        &mut self,
        address: IpAddr,
        limit: u32,
        seconds: i64,
        now: DateTime<Utc>,
    ) -> Allowance {
        let nth = now.timestamp().div_euclid(seconds);
        if self.nth != nth {
            *self = Self { nth, counts: HashMap::new() };
        }
        let known = self.counts.contains_key(&address);
        let shared = IpAddr::V6(Ipv6Addr::UNSPECIFIED);
        let key = if known || self.counts.len() < MOST_ADDRESSES { address } else { shared };
        let asked = self.counts.entry(key).or_default();
        *asked = asked.saturating_add(1);
        Allowance {
            limit,
            remaining: limit.saturating_sub(*asked),
            reset: seconds - now.timestamp().rem_euclid(seconds),
            refused: *asked > limit,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_has_its_count() {
        let counts = RequestCounts::default();
        let at = |text: &str| text.parse().expect("instant");
        let one: IpAddr = "192.0.2.1".parse().expect("address");
        let ask = |now| counts.count(one, 2, at(now));
        let first = ask("2026-08-14T10:00:15Z");
        assert_eq!(first, Allowance { limit: 2, remaining: 1, reset: 45, refused: false });
        assert!(!ask("2026-08-14T10:00:16Z").refused);
        assert!(ask("2026-08-14T10:00:59Z").refused);
        let other = "192.0.2.2".parse().expect("address");
        assert!(!counts.count(other, 2, at("2026-08-14T10:00:59Z")).refused);
        assert!(!ask("2026-08-14T10:01:00Z").refused, "a new minute");
    }
}
