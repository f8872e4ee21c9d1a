//! Visits that are due, made: so many at once, each by one machine.

use std::future::Future;
use std::sync::Arc;

use guetteur_model::Source;
use guetteur_store::{StoreError, VisitClaim};
use tokio::sync::Semaphore;

use crate::app::App;
use crate::pipeline::{Events, discover_source, look_at};
use crate::plan::{Due, Visit};

/// Sites walked at once.
const WALKS: usize = 8;
/// Sites looked at at once. Looks are short: they do not queue behind walks.
const LOOKS: usize = 16;

/// What visits are made with.
pub(crate) struct Visits {
    pub(crate) app: Arc<App>,
    worker: String,
    events: Events,
    walks: Semaphore,
    looks: Semaphore,
}

impl Visits {
    /// Made as the worker `worker`.
    pub(crate) fn new(app: &Arc<App>, worker: &str, events: Events) -> Self {
        Self {
            app: Arc::clone(app),
            worker: worker.to_owned(),
            events,
            walks: Semaphore::new(WALKS),
            looks: Semaphore::new(LOOKS),
        }
    }

    /// Makes a visit, unless another machine does or did; whether it went well.
    pub(crate) async fn make(&self, due: &Due) -> bool {
        let limit = if due.visit == Visit::Look { &self.looks } else { &self.walks };
        let _turn = limit.acquire().await;
        let code = &due.source.code;
        match self.claim(due).await {
            Ok(VisitClaim::Mine) => {}
            Ok(VisitClaim::Done) => return true,
            // It is asked for again in a while, should that machine die.
            Ok(VisitClaim::Held) => return false,
            // Nor could what is found be kept.
            Err(error) => {
                tracing::warn!(source = code, %error, "a visit could not be claimed");
                return false;
            }
        }
        let succeeded = self.hold(due, self.visit(&due.source, due.visit)).await;
        if let Err(error) = self.app.store.end_visit(code, &self.worker).await {
            tracing::warn!(source = code, %error, "a visit stays claimed until its lease ends");
        }
        succeeded
    }

    async fn claim(&self, due: &Due) -> Result<VisitClaim, StoreError> {
        let (app, code) = (&self.app, &due.source.code);
        let (now, lease) = (app.clock.now(), app.config.work.lease);
        app.store.claim_visit(code, due.visit, &self.worker, due.not_since, now, lease).await
    }

    /// Keeps the claim while `visit` lasts.
    async fn hold(&self, due: &Due, visit: impl Future<Output = bool>) -> bool {
        let renew = async {
            loop {
                tokio::time::sleep(self.app.config.work.lease / 3).await;
                if let Err(error) = self.claim(due).await {
                    tracing::warn!(source = due.source.code, %error, "a visit may lose its claim");
                }
            }
        };
        tokio::select! {
            succeeded = visit => succeeded,
            () = renew => false,
        }
    }

    async fn visit(&self, source: &Source, visit: Visit) -> bool {
        let (app, events) = (&*self.app, &self.events);
        match visit {
            Visit::Look => {
                let looked = look_at(app, source, events).await;
                if let Err(error) = &looked {
                    let error = format!("{error:#}");
                    tracing::error!(source = source.code, error, "look failed");
                }
                looked.is_ok()
            }
            Visit::Daily => discover_source(app, source, None, false, events).await,
            Visit::Full => discover_source(app, source, None, true, events).await,
        }
    }
}
