//! A worker: claim a row, hold its lease, do the stage, store, repeat.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use chrono::{DateTime, TimeDelta, Timelike, Utc};
use guetteur_model::{Failure, FailureKind, Method, Stage};
use guetteur_sources::Registry;
use guetteur_store::{BulletinRow, ClaimedBulletin, Fetched, StoreError};
use tokio::sync::{Notify, Semaphore};
use tokio_util::sync::CancellationToken;

use super::budget::OcrBudget;
use super::events::{Event, Events};
use super::read::Reading;
use super::recognise::OcrHere;
use super::retry::{Remedy, next_attempt, remedy};
use super::{announce, fetch, flag, read, recheck};
use crate::app::App;

/// Another machine's results, and retries that fall due, are noticed after so long.
const IDLE: Duration = Duration::from_secs(2);
/// PDFs whose own text is looked through at once: each takes a child and its memory.
const ANNOUNCED_AT_ONCE: usize = 2;
/// After a database error.
const PAUSE: Duration = Duration::from_secs(5);

/// When bulletins whose check is due are checked again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rechecks {
    /// At once.
    Now,
    /// While it is night at their source: by day a site is asked for news alone.
    AtNight,
}

/// Sources where it is night, from midnight to six.
fn asleep(registry: &Registry, now: DateTime<Utc>) -> Vec<String> {
    let asleep = registry.iter().filter(|s| now.with_timezone(&s.timezone).hour() < 6);
    asleep.map(|source| source.code.clone()).collect()
}

/// A stage that did not succeed.
#[derive(Debug)]
pub(super) struct StageFailure {
    pub(super) failure: Failure,
    pub(super) remedy: Remedy,
}

impl StageFailure {
    /// A failure at `stage`, with what its kind calls for; the site may have asked to wait.
    pub(super) fn of(stage: Stage, failure: Failure, asked: Option<Duration>) -> Self {
        Self { remedy: remedy(stage, failure.kind, asked), failure }
    }
}

/// What the workers of one process share.
pub(super) struct Worker {
    pub(super) app: Arc<App>,
    name: String,
    /// Codes of the sources that it works on; all if `None`.
    pub(super) scope: Option<Vec<String>>,
    events: Events,
    announcing: Semaphore,
    budget: OcrBudget,
    pub(super) ocr_here: OcrHere,
    pub(super) wake: Notify,
    pub(super) stop: CancellationToken,
}

/// Why held work came to no result of its own.
enum Interrupted {
    Stopping,
    LeaseLost,
}

impl Worker {
    pub(super) fn new(
        app: Arc<App>,
        name: &str,
        scope: Option<Vec<String>>,
        events: Events,
    ) -> Arc<Self> {
        let budget = OcrBudget::new(app.config.read.ocr_pages_per_day);
        Arc::new(Self {
            app,
            name: name.to_owned(),
            scope,
            events,
            announcing: Semaphore::new(ANNOUNCED_AT_ONCE),
            budget,
            ocr_here: OcrHere::default(),
            wake: Notify::new(),
            stop: CancellationToken::new(),
        })
    }

    /// Does `stage` for one bulletin after the other until stopped.
    pub(super) async fn work(self: Arc<Self>, stage: Stage, jobs: usize) {
        let lease = self.app.config.work.lease;
        while !self.stop.is_cancelled() {
            // Enabled before the claim, so that work arriving in between is not slept over.
            let mut woken = std::pin::pin!(self.wake.notified());
            woken.as_mut().enable();
            match self.claim(stage, lease).await {
                Ok(Some(claim)) => {
                    self.handle(claim, stage, jobs).await;
                    self.wake.notify_waiters();
                }
                Ok(None) => self.pause(woken, IDLE).await,
                Err(error) => {
                    tracing::error!(%error, "claiming work failed");
                    self.pause(std::future::pending(), PAUSE).await;
                }
            }
        }
    }

    async fn claim(
        &self,
        stage: Stage,
        lease: Duration,
    ) -> Result<Option<ClaimedBulletin>, StoreError> {
        let (store, scope, name) = (&self.app.store, self.scope.as_deref(), &self.name);
        let now = self.app.clock.now();
        if stage == Stage::Fetched && !self.ocr_here.is_likely(now) {
            return store.claim_without_ocr(scope, name, now, lease).await;
        }
        store.claim(&[stage], scope, name, now, lease).await
    }

    /// Checks bulletins again until stopped.
    pub(super) async fn recheck(self: Arc<Self>, when: Rechecks) {
        let lease = self.app.config.work.lease;
        while !self.stop.is_cancelled() {
            let mut woken = std::pin::pin!(self.wake.notified());
            woken.as_mut().enable();
            let now = self.app.clock.now();
            let scope = match when {
                Rechecks::Now => self.scope.clone(),
                Rechecks::AtNight => Some(asleep(&self.app.registry, now)),
            };
            let claimed = self.app.store.claim_recheck(scope.as_deref(), &self.name, now, lease);
            match claimed.await {
                Ok(Some(mut claim)) => {
                    if let Err(error) = self.check_again(&mut claim).await {
                        tracing::error!(bulletin = claim.bulletin.id, %error, "recheck failed");
                        self.pause(std::future::pending(), PAUSE).await;
                    }
                    self.wake.notify_waiters();
                }
                Ok(None) => self.pause(woken, IDLE).await,
                Err(error) => {
                    tracing::error!(%error, "claiming a check failed");
                    self.pause(std::future::pending(), PAUSE).await;
                }
            }
        }
    }

    async fn check_again(&self, claim: &mut ClaimedBulletin) -> Result<()> {
        let known = claim.clone();
        let Some(found) = self.hold(claim, recheck::recheck(&self.app, &known)).await else {
            return Ok(());
        };
        let now = self.app.clock.now();
        let outcome = self.app.store.complete_recheck(claim, &found, now).await?;
        let (source, url) = (known.bulletin.source, known.bulletin.url);
        self.events.send(Event::Rechecked { source, url, outcome });
        Ok(())
    }

    async fn pause(&self, woken: impl Future<Output = ()>, longest: Duration) {
        tokio::select! {
            () = woken => {}
            () = tokio::time::sleep(longest) => {}
            () = self.stop.cancelled() => {}
        }
    }

    async fn handle(&self, mut claim: ClaimedBulletin, stage: Stage, jobs: usize) {
        let id = claim.bulletin.id;
        if let Err(error) = self.attempt(&mut claim, stage, jobs).await {
            match error.downcast_ref::<StoreError>() {
                Some(StoreError::LeaseLost { .. }) => {
                    tracing::warn!(bulletin = id, "another worker took over");
                }
                // The database itself failed: the lease runs out and the row is tried again.
                Some(_) => tracing::error!(bulletin = id, %error, "storing failed"),
                None => {
                    let failure = Failure::new(FailureKind::Other, format!("{error:#}"));
                    let failure = StageFailure::of(stage, failure, None);
                    if let Err(error) = self.fail(&claim, failure).await {
                        tracing::error!(bulletin = id, %error, "storing a failure failed");
                    }
                }
            }
        }
    }

    async fn attempt(&self, claim: &mut ClaimedBulletin, stage: Stage, jobs: usize) -> Result<()> {
        // Tries that killed the whole process count too.
        if claim.bulletin.attempts > self.app.config.work.max_attempts {
            let known = claim.bulletin.failure.clone();
            let failure = known.unwrap_or_else(|| FailureKind::Interrupted.into());
            return self.fail(claim, StageFailure { failure, remedy: Remedy::GiveUp }).await;
        }
        match stage {
            Stage::Found => self.fetch(claim).await,
            Stage::Fetched => self.read(claim, jobs).await,
            Stage::Read => self.flag(claim).await,
            Stage::Flagged => Ok(()),
        }
    }

    async fn fetch(&self, claim: &mut ClaimedBulletin) -> Result<()> {
        let bulletin = claim.bulletin.clone();
        let Some(outcome) = self.hold(claim, fetch::fetch(&self.app, &bulletin)).await else {
            return Ok(());
        };
        match outcome {
            Ok(record) => {
                let fetched = fetch::store(&self.app, claim, &record).await?;
                let source = bulletin.source.clone();
                self.events.send(Event::Fetched { source, bytes: record.size_bytes });
                self.wake.notify_waiters();
                if fetched == Fetched::New {
                    self.announce(BulletinRow { document: Some(record.sha256), ..bulletin }).await;
                }
                Ok(())
            }
            Err(failure) => self.fail(claim, failure).await,
        }
    }

    /// Whatever goes wrong, the reading comes all the same.
    async fn announce(&self, bulletin: BulletinRow) {
        let work = async {
            let _turn = self.announcing.acquire().await;
            announce::announce(&self.app, &bulletin).await
        };
        let told = tokio::select! {
            told = work => told,
            () = self.stop.cancelled() => return,
        };
        match told {
            Ok(alerts) => self.told(&bulletin, alerts),
            Err(error) => tracing::error!(bulletin = bulletin.id, "first word: {error:#}"),
        }
    }

    fn told(&self, bulletin: &BulletinRow, alerts: usize) {
        if alerts > 0 {
            let (source, url) = (bulletin.source.clone(), bulletin.url.clone());
            self.events.send(Event::Announced { source, url, alerts: alerts as u32 });
        }
    }

    async fn read(&self, claim: &mut ClaimedBulletin, jobs: usize) -> Result<()> {
        let known = claim.clone();
        let Some(document) = known.bulletin.document else {
            anyhow::bail!("recueil {} : marqué récupéré sans document", known.bulletin.id);
        };
        let reading = Reading {
            app: &self.app,
            reader: &self.app.reader(jobs),
            jobs,
            budget: self.budget,
            ocr_here: &self.ocr_here,
            scope: self.scope.as_deref(),
            claim: &known,
            document,
            on_page: &|page| {
                let ocr = matches!(page.method, Method::Ocr | Method::Both);
                self.events.send(Event::Page { source: known.bulletin.source.clone(), ocr });
            },
            on_told: &|alerts| self.told(&known.bulletin, alerts),
        };
        let Some(outcome) = self.hold(claim, reading.read()).await else { return Ok(()) };
        match outcome? {
            Ok(outcome) => {
                if read::store(&self.app, claim, outcome).await? {
                    self.events.send(Event::Read { source: known.bulletin.source });
                }
                Ok(())
            }
            Err(failure) => self.fail(claim, failure).await,
        }
    }

    async fn flag(&self, claim: &mut ClaimedBulletin) -> Result<()> {
        let bulletin = claim.bulletin.clone();
        let Some(analysis) = self.hold(claim, flag::flag(&self.app, &bulletin)).await else {
            return Ok(());
        };
        let analysis = analysis?;
        let stored = flag::store(&self.app, claim, &analysis).await?;
        if bulletin.awaits_ocr {
            // Told once it is read to its end.
            return Ok(());
        }
        let flagged = analysis.acts.iter().filter(|act| !act.flags.is_empty()).count();
        self.events.send(Event::Flagged {
            source: bulletin.source,
            acts: analysis.acts.len() as u32,
            flagged: flagged as u32,
            rules: stored.rules,
        });
        Ok(())
    }

    /// Runs `work` while keeping the lease; `None` when we stop or the lease is lost.
    async fn hold<T>(
        &self,
        claim: &mut ClaimedBulletin,
        work: impl Future<Output = T>,
    ) -> Option<T> {
        let mut work = std::pin::pin!(work);
        let interrupted = loop {
            let lease = self.app.config.work.lease;
            tokio::select! {
                outcome = &mut work => return Some(outcome),
                () = self.stop.cancelled() => break Interrupted::Stopping,
                () = tokio::time::sleep(lease / 3) => {
                    let now = self.app.clock.now();
                    match self.app.store.renew_lease(claim, now, lease).await {
                        Ok(()) => {}
                        Err(StoreError::LeaseLost { .. }) => break Interrupted::LeaseLost,
                        // The next renewal may succeed; if none does, the lease runs out.
                        Err(error) => tracing::warn!(%error, "renewing a lease failed"),
                    }
                }
            }
        };
        match interrupted {
            Interrupted::Stopping => {
                if let Err(error) = self.app.store.release(claim).await {
                    tracing::warn!(%error, "giving work back failed; its lease will run out");
                }
            }
            Interrupted::LeaseLost => {
                tracing::warn!(bulletin = claim.bulletin.id, "another worker took over");
            }
        }
        None
    }

    async fn fail(&self, claim: &ClaimedBulletin, failure: StageFailure) -> Result<()> {
        let now = self.app.clock.now();
        let most = self.app.config.work.max_attempts;
        let put_off = match failure.remedy {
            Remedy::PutOff(wait) => TimeDelta::from_std(wait).ok().map(|wait| now + wait),
            _ => None,
        };
        let retry_at =
            put_off.or_else(|| next_attempt(failure.remedy, claim.bulletin.attempts, most, now));
        match put_off {
            Some(until) => self.app.store.postpone(claim, &failure.failure, until).await?,
            None => self.app.store.fail(claim, &failure.failure, retry_at, now).await?,
        }
        let bulletin = &claim.bulletin;
        let again = retry_at.is_some();
        self.events.send(Event::Failed {
            source: bulletin.source.clone(),
            bulletin: bulletin.id,
            url: bulletin.url.clone(),
            failure: failure.failure,
            again,
        });
        Ok(())
    }
}
