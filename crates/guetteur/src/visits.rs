//! Visits that are due, made: each by one machine.

use std::future::Future;
use std::sync::Arc;

use crate::app::App;
use crate::pipeline::{Events, discover_source, look_at};
use crate::plan::{Due, Visit};
use crate::slots::Slots;
use anyhow::Result;
use guetteur_model::Source;
use guetteur_notify::Pinger;
use guetteur_store::{StoreError, VisitClaim};

/// What visits are made with.
pub(crate) struct Visits {
    pub(crate) app: Arc<App>,
    worker: String,
    events: Events,
    slots: Slots,
    pinger: Option<Pinger>,
}

impl Visits {
    /// Made as the worker `worker`.
    ///
    /// # Errors
    /// When a setting cannot be used.
    pub(crate) fn new(app: &Arc<App>, worker: &str, events: Events) -> Result<Self> {
        let settings = crate::alerts::settings(&app.config)?;
        let ping = app.config.watch.ping_url.as_ref();
        let pinger = ping.map(|url| Pinger::new(url.to_string(), &settings)).transpose()?;
        Ok(Self {
            pinger,
            app: Arc::clone(app),
            worker: worker.to_owned(),
            events,
            slots: Slots::new(),
        })
    }

    /// Makes a visit, unless another machine does or did; whether it need not be made again soon.
    pub(crate) async fn make(&self, due: &Due) -> bool {
        let made = self.slots.run(&due.source.code, due.visit, self.claimed(due)).await;
        // The next look is soon enough; a walk that found a visit under way is made later.
        made.unwrap_or(due.visit == Visit::Look)
    }

    async fn claimed(&self, due: &Due) -> bool {
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
        if let (Some(pinger), true) = (&self.pinger, succeeded && due.visit != Visit::Look) {
            pinger.ping(self.app.clock.now()).await;
        }
        succeeded
    }

    async fn claim(&self, due: &Due) -> std::result::Result<VisitClaim, StoreError> {
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
