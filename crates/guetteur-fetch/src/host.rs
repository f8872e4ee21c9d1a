//! One request at a time to a host and to an address, and a pause between two.
//!
//! Dozens of `*.gouv.fr` names share one machine: what is polite to each name may still be a burst
//! for the machine behind them.

use std::collections::HashMap;
use std::future::Future;
use std::hash::Hash;
use std::net::IpAddr;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::{Arc, Mutex as SyncMutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Mutex, OwnedMutexGuard, OwnedSemaphorePermit};
use tokio::time::Instant;

use crate::robots::Rules;
use crate::shared_pause::SharedPause;

/// A name is looked up again after a day: sites move.
const LOOKED_UP_FOR: Duration = Duration::from_hours(24);

/// A pause, up to a quarter longer: requests that keep one beat find each other. `nth` is the
/// request's number, from which chance is made.
pub(crate) fn spread(pause: Duration, nth: u64) -> Duration {
    // SplitMix64's finisher: well mixed, and no generator to carry about.
    let mut mixed = nth.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed ^= mixed >> 27;
    pause + pause.mul_f64((mixed % 1024) as f64 / 4096.0)
}

/// Gives the address behind a host's name; `None` when there is none to be had.
pub type Resolver =
    Arc<dyn Fn(String) -> Pin<Box<dyn Future<Output = Option<IpAddr>> + Send>> + Send + Sync>;

/// The machine's own name service. Of several addresses always the same one is taken, so that
/// names that share them share a lane.
pub(crate) fn system_resolver() -> Resolver {
    Arc::new(|host| {
        Box::pin(async move {
            let found = tokio::net::lookup_host((host.as_str(), 443)).await.ok()?;
            found.map(|address| address.ip()).min()
        })
    })
}

/// Not before when the next request may go.
#[derive(Debug, Default)]
pub(crate) struct Pause(Option<Instant>);

impl Pause {
    /// No further request before `pause` from now.
    fn rest(&mut self, pause: Duration) {
        let until = Instant::now() + pause;
        self.0 = Some(self.0.map_or(until, |at| at.max(until)));
    }

    fn wait(&self) -> Duration {
        self.0.map_or(Duration::ZERO, |at| at.saturating_duration_since(Instant::now()))
    }
}

/// What we know of a host while nobody else is asking it.
#[derive(Default)]
pub(crate) struct Host {
    pause: Pause,
    /// Its address, and when it was looked up.
    address: Option<(IpAddr, Instant)>,
    /// robots.txt and when it was read.
    pub(crate) robots: Option<(Rules, Instant)>,
}

/// The right to send a request to a host and to the address behind it.
pub(crate) struct Turn {
    pub(crate) host: OwnedMutexGuard<Host>,
    lane: Option<OwnedMutexGuard<Pause>>,
    /// The same two, together with the other processes.
    shared: [Option<SharedPause>; 2],
    /// One of the requests that may be under way at once, from its start to the end of its body.
    pub(crate) slot: Option<OwnedSemaphorePermit>,
}

impl Turn {
    /// No further request to the host before `pause` from now, nor to its address before
    /// `address_pause`.
    pub(crate) fn rest(&mut self, pause: Duration, address_pause: Duration) {
        self.host.pause.rest(pause);
        if let Some(lane) = &mut self.lane {
            lane.rest(address_pause);
        }
        for (shared, pause) in self.shared.iter_mut().zip([pause, address_pause]) {
            if let Some(shared) = shared {
                shared.rest(pause);
            }
        }
    }

    /// How long a caller would wait now.
    pub(crate) fn wait(&mut self) -> Duration {
        let lane = self.lane.as_ref().map(|lane| lane.wait()).unwrap_or_default();
        let shared = self.shared.iter_mut().flatten().map(SharedPause::wait).max();
        self.host.pause.wait().max(lane).max(shared.unwrap_or_default())
    }
}

/// All hosts and addresses met so far.
pub(crate) struct Hosts {
    names: Shared<String, Host>,
    lanes: Shared<IpAddr, Pause>,
    /// `None`: names alone are paced (behind a proxy or a mirror the address is not the site's).
    resolver: Option<Resolver>,
    /// Where the processes of this machine keep their pauses together.
    pauses: Option<PathBuf>,
}

impl Hosts {
    pub(crate) fn new(resolver: Option<Resolver>, pauses: Option<PathBuf>) -> Self {
        Self { names: Shared::default(), lanes: Shared::default(), resolver, pauses }
    }

    /// Waits for our turn at `name`, pauses included. The name is taken first, so that those who
    /// wait for one name do not hold the address. A host behind a proxy is never looked up: its
    /// address is the proxy's matter, and asking for it would tell what the proxy hides.
    pub(crate) async fn turn(&self, name: &str, proxied: bool) -> Turn {
        let mut host = self.names.get(name.to_owned()).lock_owned().await;
        tokio::time::sleep(host.pause.wait()).await;
        let address = if proxied { None } else { self.address(&mut host, name).await };
        let lane = match address {
            Some(address) => Some(self.lanes.get(address).lock_owned().await),
            None => None,
        };
        let shared = [
            self.shared(Some(name.to_owned())).await,
            self.shared(address.map(|address| address.to_string())).await,
        ];
        let mut turn = Turn { host, lane, shared, slot: None };
        tokio::time::sleep(turn.wait()).await;
        turn
    }

    async fn shared(&self, key: Option<String>) -> Option<SharedPause> {
        SharedPause::take(self.pauses.as_deref()?, &key?).await
    }

    async fn address(&self, host: &mut Host, name: &str) -> Option<IpAddr> {
        let resolver = self.resolver.as_ref()?;
        if let Some((address, at)) = host.address
            && at.elapsed() < LOOKED_UP_FOR
        {
            return Some(address);
        }
        let address = resolver(name.to_owned()).await;
        // A failed look-up is tried again at the next request.
        host.address = address.map(|found| (found, Instant::now()));
        address
    }
}

/// Locks by key.
struct Shared<K, T>(SyncMutex<HashMap<K, Arc<Mutex<T>>>>);

impl<K, T> Default for Shared<K, T> {
    fn default() -> Self {
        Self(SyncMutex::default())
    }
}

impl<K: Eq + Hash, T: Default> Shared<K, T> {
    fn get(&self, key: K) -> Arc<Mutex<T>> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.entry(key).or_default().clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_are_spread_and_never_shorter() {
        let pause = Duration::from_secs(4);
        let spread: Vec<_> = (0..1000).map(|nth| spread(pause, nth)).collect();
        assert!(spread.iter().all(|s| (pause..pause * 5 / 4).contains(s)));
        let longer = spread.iter().filter(|s| **s > pause * 9 / 8).count();
        assert!((400..600).contains(&longer), "{longer} of 1000 in the upper half");
        assert_eq!(super::spread(Duration::ZERO, 7), Duration::ZERO);
    }
}
