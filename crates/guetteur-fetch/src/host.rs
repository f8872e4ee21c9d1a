//! One request at a time to a host, and a pause between two.

use std::collections::HashMap;
use std::sync::{Arc, Mutex as SyncMutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Mutex, OwnedMutexGuard};
use tokio::time::Instant;

use crate::robots::Rules;

/// What we know of a host while nobody else is asking it.
#[derive(Default)]
pub(crate) struct Host {
    /// Not before this instant.
    next_at: Option<Instant>,
    /// robots.txt and when it was read.
    pub(crate) robots: Option<(Rules, Instant)>,
}

/// The right to send a request to a host.
pub(crate) type Turn = OwnedMutexGuard<Host>;

impl Host {
    /// No further request before `pause` from now.
    pub(crate) fn rest(&mut self, pause: Duration) {
        let until = Instant::now() + pause;
        self.next_at = Some(self.next_at.map_or(until, |at| at.max(until)));
    }

    /// How long a caller would wait now.
    pub(crate) fn wait(&self) -> Duration {
        self.next_at.map_or(Duration::ZERO, |at| at.saturating_duration_since(Instant::now()))
    }
}

/// All hosts met so far.
#[derive(Default)]
pub(crate) struct Hosts(SyncMutex<HashMap<String, Arc<Mutex<Host>>>>);

impl Hosts {
    /// Waits for our turn at `name`, pause included.
    pub(crate) async fn turn(&self, name: &str) -> Turn {
        let host = {
            let mut hosts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            hosts.entry(name.to_owned()).or_default().clone()
        };
        let turn = host.lock_owned().await;
        tokio::time::sleep(turn.wait()).await;
        turn
    }
}
