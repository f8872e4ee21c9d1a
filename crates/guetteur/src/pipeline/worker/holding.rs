//! Work that holds a bulletin: its lease is kept meanwhile, and given back when we stop.

use std::future::Future;

use guetteur_store::{ClaimedBulletin, StoreError};

use super::Worker;

/// Why held work came to no result of its own.
enum Interrupted {
    Stopping,
    LeaseLost,
}

impl Worker {
    /// Keeps a lease until it is lost.
    async fn keep_lease(&self, claim: &mut ClaimedBulletin) {
        let lease = self.app.config.work.lease;
        loop {
            tokio::time::sleep(lease / 3).await;
            let now = self.app.clock.now();
            match self.app.store.renew_lease(claim, now, lease).await {
                Ok(()) => {}
                Err(StoreError::LeaseLost { .. }) => return,
                // The next renewal may succeed; if none does, the lease runs out.
                Err(error) => tracing::warn!(%error, "renewing a lease failed"),
            }
        }
    }

    /// Runs `work` while keeping the lease; `None` when we stop or the lease is lost. Both are polled
    /// together: the work may hold the connection that a renewal waits for.
    pub(super) async fn hold<T>(
        &self,
        claim: &mut ClaimedBulletin,
        work: impl Future<Output = T>,
    ) -> Option<T> {
        let interrupted = tokio::select! {
            outcome = work => return Some(outcome),
            () = self.stop.cancelled() => Interrupted::Stopping,
            () = self.keep_lease(claim) => Interrupted::LeaseLost,
        };
        match interrupted {
            Interrupted::Stopping => {
                if let Err(error) = self.app.store.release(claim).await {
                    tracing::warn!(%error, "giving work back failed; its lease will run out");
                }
            }
            Interrupted::LeaseLost => {
                tracing::warn!("another worker took over");
            }
        }
        None
    }
}
