//! How many letters a provider gets: what follows the `@` of the addresses. Who sends more than a provider
//! likes is refused for the next ones too.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

/// After it said that there were too many, a provider gets nothing for so long.
const HELD: TimeDelta = TimeDelta::minutes(5);

/// The letters of the running minute, by provider.
#[derive(Default)]
pub(crate) struct Providers(Mutex<HashMap<String, Minute>>);

struct Minute {
    began: DateTime<Utc>,
    sent: u32,
    /// Letters put off in this minute: each full portion waits a minute more.
    put_off: u32,
    held_until: Option<DateTime<Utc>>,
}

/// The provider of an address, in small letters.
pub(crate) fn provider(address: &str) -> String {
    address.rsplit('@').next().unwrap_or_default().to_lowercase()
}

impl Providers {
    /// Counts a letter that leaves now; or says until when it must wait, where the provider has had
    /// `limit` letters in this minute (0: no limit) or is held.
    pub(crate) fn leave(
        &self,
        address: &str,
        limit: u32,
        now: DateTime<Utc>,
    ) -> Result<(), DateTime<Utc>> {
        let mut providers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = || Minute { began: now, sent: 0, put_off: 0, held_until: None };
        let minute = providers.entry(provider(address)).or_insert_with(fresh);
        if let Some(until) = minute.held_until.filter(|until| *until > now) {
            return Err(until);
        }
        if now - minute.began >= TimeDelta::minutes(1) {
            *minute = fresh();
        }
        if limit > 0 && minute.sent >= limit {
            let portions = 1 + minute.put_off / limit;
            minute.put_off += 1;
            return Err(minute.began + TimeDelta::minutes(portions.into()));
        }
        minute.sent += 1;
        Ok(())
    }

    /// Sends this provider nothing for a while.
    pub(crate) fn hold(&self, address: &str, now: DateTime<Utc>) {
        let mut providers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(minute) = providers.get_mut(&provider(address)) {
            minute.held_until = Some(now + HELD);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_provider_gets_so_many_a_minute_and_the_others_theirs() {
        let providers = Providers::default();
        let at = |seconds: i64| DateTime::from_timestamp(1_786_000_000 + seconds, 0).expect("time");
        let leave = |address, seconds| providers.leave(address, 2, at(seconds));
        assert_eq!(leave("a@Big.example", 0), Ok(()));
        assert_eq!(leave("b@big.example", 1), Ok(()));
        for minutes in [1, 1, 2, 2, 3] {
            assert_eq!(leave("c@big.example", 2), Err(at(60 * minutes)));
        }
        assert_eq!(leave("c@other.example", 2), Ok(()));
        assert_eq!(leave("c@big.example", 60), Ok(()));
        providers.hold("c@big.example", at(61));
        assert_eq!(leave("d@big.example", 62), Err(at(361)));
        assert_eq!(leave("d@big.example", 361), Ok(()));
        for _ in 0..100 {
            assert_eq!(providers.leave("a@free.example", 0, at(0)), Ok(()), "no limit");
        }
    }
}
