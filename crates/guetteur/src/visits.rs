//! Visits that are due, made: each by one machine.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use crate::app::App;
use crate::pipeline::{Events, discover_source, look_at};
use crate::plan::{Due, Visit, Went};
use crate::slots::Slots;
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
    pub(crate) fn new(app: &Arc<App>, worker: &str, events: Events) -> anyhow::Result<Self> {
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

    /// Makes a visit, unless another machine does or did; tells how it went.
    pub(crate) async fn make(&self, due: &Due) -> Went {
        let made = self.slots.run(&due.source.code, due.visit, self.claimed(due)).await;
        // A walk that found a visit under way is made later.
        made.unwrap_or(Went::Failed)
    }

    async fn claimed(&self, due: &Due) -> Went {
        let code = &due.source.code;
        match self.claim(due).await {
            Ok(VisitClaim::Mine) => {}
            Ok(VisitClaim::Done) => return Went::Well,
            Ok(VisitClaim::Held(until)) => return Went::Held(until),
            // Nor could what is found be kept.
            Err(error) => {
                tracing::warn!(source = code, %error, "a visit could not be claimed");
                return Went::Failed;
            }
        }
        let every = self.app.config.work.lease / 3;
        let visit = self.visit(&due.source, due.visit);
        let succeeded = hold(code, every, || self.claim(due), visit).await;
        if let Err(error) = self.app.store.end_visit(code, &self.worker, succeeded).await {
            tracing::warn!(source = code, %error, "a visit stays claimed until its lease ends");
        }
        if let (Some(pinger), true) = (&self.pinger, succeeded && due.visit != Visit::Look) {
            pinger.ping(self.app.clock.now()).await;
        }
        if succeeded { Went::Well } else { Went::Failed }
    }

    async fn claim(&self, due: &Due) -> Result<VisitClaim, StoreError> {
        let (app, code) = (&self.app, &due.source.code);
        let (now, lease) = (app.clock.now(), app.config.work.lease);
        app.store.claim_visit(code, due.visit, &self.worker, due.not_since, now, lease).await
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

/// Claims anew `every` so often while `visit` lasts. It ends, not made, when another machine took it
/// over: this one was cut off from the database for as long as its lease.
async fn hold<C: Future<Output = Result<VisitClaim, StoreError>>>(
    code: &str,
    every: Duration,
    claim: impl Fn() -> C,
    visit: impl Future<Output = bool>,
) -> bool {
    let lost = async {
        loop {
            tokio::time::sleep(every).await;
            match claim().await {
                Ok(VisitClaim::Mine) => {}
                Ok(VisitClaim::Held(_) | VisitClaim::Done) => return,
                Err(error) => {
                    tracing::warn!(source = code, %error, "a visit may lose its claim");
                }
            }
        }
    };
    tokio::select! {
        succeeded = visit => succeeded,
        () = lost => {
            tracing::warn!(source = code, "another machine took the visit over: it ends here");
            false
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use chrono::DateTime;

    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    /// A visit of five minutes, claimed anew each minute, with these answers.
    async fn held(answers: Vec<Result<VisitClaim, StoreError>>) -> bool {
        let answers = RefCell::new(answers.into_iter());
        let claim =
            || std::future::ready(answers.borrow_mut().next().unwrap_or(Ok(VisitClaim::Mine)));
        let visit = async {
            tokio::time::sleep(5 * MINUTE).await;
            true
        };
        hold("34", MINUTE, claim, visit).await
    }

    #[tokio::test(start_paused = true)]
    async fn a_visit_ends_when_another_machine_has_it() {
        use VisitClaim::{Done, Held, Mine};
        let broken = || StoreError::Damaged { location: "db".to_owned(), said: "no".to_owned() };
        assert!(held(vec![Ok(Mine), Ok(Mine)]).await);
        assert!(held(vec![Err(broken()), Ok(Mine)]).await, "the lease may still stand");
        assert!(!held(vec![Ok(Mine), Ok(Held(DateTime::UNIX_EPOCH))]).await);
        assert!(!held(vec![Err(broken()), Ok(Done)]).await, "made meanwhile");
    }
}
