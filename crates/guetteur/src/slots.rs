//! How many sites are visited at once, and that those which hang keep nobody waiting.

use std::collections::HashSet;
use std::future::Future;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::Instant;

use crate::plan::Visit;

/// Sites walked at once.
const WALKS: usize = 8;
/// Sites looked at at once. Looks are short: they do not queue behind walks.
const LOOKS: usize = 16;
/// Of both, those whose last visit was slow.
const SLOW: usize = 3;
/// A look that takes longer, or a walk that takes as many times longer as it has pages at most, is slow.
const LONG_LOOK: Duration = Duration::from_secs(60);
const LONG_WALK: Duration = Duration::from_secs(15 * 60);

/// The turns of all visits.
pub(crate) struct Slots {
    walks: Semaphore,
    looks: Semaphore,
    slow: Semaphore,
    slow_sources: Mutex<HashSet<String>>,
    under_way: Mutex<HashSet<String>>,
}

impl Slots {
    /// All are free.
    pub(crate) fn new() -> Self {
        Self {
            walks: Semaphore::new(WALKS),
            looks: Semaphore::new(LOOKS),
            slow: Semaphore::new(SLOW),
            slow_sources: Mutex::default(),
            under_way: Mutex::default(),
        }
    }

    /// Makes a visit of the source `code` when it is its turn; `None`, and nothing done, while another
    /// of that source waits or is under way.
    pub(crate) async fn run<T>(
        &self,
        code: &str,
        visit: Visit,
        work: impl Future<Output = T>,
    ) -> Option<T> {
        let _under_way = self.enter(code)?;
        let slow = lock(&self.slow_sources).contains(code);
        let _slow = match slow {
            true => Some(self.slow.acquire().await),
            false => None,
        };
        let (limit, long) = match visit {
            Visit::Look => (&self.looks, LONG_LOOK),
            Visit::Daily | Visit::Full => (&self.walks, LONG_WALK),
        };
        let _turn = limit.acquire().await;
        let start = Instant::now();
        let done = work.await;
        let mut slow = lock(&self.slow_sources);
        if start.elapsed() > long {
            slow.insert(code.to_owned());
        } else {
            slow.remove(code);
        }
        Some(done)
    }

    fn enter(&self, code: &str) -> Option<UnderWay<'_>> {
        let entered = lock(&self.under_way).insert(code.to_owned());
        entered.then(|| UnderWay { slots: self, code: code.to_owned() })
    }
}

/// A source with a visit; dropped, it has none.
struct UnderWay<'a> {
    slots: &'a Slots,
    code: String,
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        lock(&self.slots.under_way).remove(&self.code);
    }
}

fn lock(codes: &Mutex<HashSet<String>>) -> std::sync::MutexGuard<'_, HashSet<String>> {
    codes.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
