//! A worker: claim a row, hold its lease, do the stage, store, repeat.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use chrono::{DateTime, TimeDelta, Timelike, Utc};
use guetteur_model::{Failure, FailureKind, Method, Stage};
use guetteur_sources::Registry;
use guetteur_store::{BulletinRow, ClaimedBulletin, Fate, FetchOutcome, StoreError};
use tokio::sync::{Notify, Semaphore};
use tokio_util::sync::CancellationToken;
use tracing::Instrument;

use super::budget::OcrBudget;
use super::events::{Event, Events};
use super::read::ReadTask;
use super::recognise::OcrHere;
use super::retry::{Remedy, next_attempt, once_more, remedy};
use super::sharing::Sharing;
use super::{fetch, first_alerts, flag, read, recheck};
use crate::app::{App, ArchiveWatch};
use crate::disk::FreeSpace;

mod holding;

/// Another machine's results, and retries that fall due, are noticed after so long.
const IDLE: Duration = Duration::from_secs(2);
/// PDFs whose own text is looked through at once: each takes a child and its memory.
const LOOKED_THROUGH_AT_ONCE: usize = 2;
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
    looking_through: Semaphore,
    budget: OcrBudget,
    space: FreeSpace,
    /// `None`: nothing that it does needs the archive.
    archive: Option<ArchiveWatch>,
    sharing: Sharing,
    pub(super) ocr_here: OcrHere,
    pub(super) wake: Notify,
    pub(super) stop: CancellationToken,
}

impl Worker {
    pub(super) fn new(
        app: Arc<App>,
        name: &str,
        scope: Option<Vec<String>>,
        events: Events,
        archive: Option<ArchiveWatch>,
    ) -> Arc<Self> {
        let budget = OcrBudget::new(app.config.read.ocr_pages_per_day);
        let sharing = Sharing::new(&app.registry);
        Arc::new(Self {
            app,
            name: name.to_owned(),
            scope,
            events,
            looking_through: Semaphore::new(LOOKED_THROUGH_AT_ONCE),
            budget,
            space: FreeSpace::default(),
            archive,
            sharing,
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

    /// Whether nothing is fetched now, so that what is archived can still be worked on.
    pub(super) fn is_short_of_space(&self) -> bool {
        self.space.is_short(&self.app.written_folders(), self.app.config.work.min_free_mb)
    }

    /// A worker that does not see the archive would fail at every bulletin.
    async fn sees_archive(&self) -> bool {
        match &self.archive {
            None => true,
            Some(archive) => archive.is_own(&self.app).await,
        }
    }

    async fn claim(
        &self,
        stage: Stage,
        lease: Duration,
    ) -> Result<Option<ClaimedBulletin>, StoreError> {
        if !self.sees_archive().await || (stage == Stage::Found && self.is_short_of_space()) {
            return Ok(None);
        }
        let (store, scope, name) = (&self.app.store, self.scope.as_deref(), &self.name);
        let now = self.app.clock.now();
        if stage == Stage::Fetched && !self.ocr_here.is_likely(now) {
            return store.claim_without_ocr(scope, name, now, lease).await;
        }
        if stage != Stage::Found {
            return store.claim(&[stage], scope, name, now, lease).await;
        }
        let _claiming = self.sharing.claiming.lock().await;
        let free = self.sharing.free(scope);
        let claimed = store.claim(&[stage], free.as_deref().or(scope), name, now, lease).await?;
        if let Some(claim) = &claimed {
            self.sharing.begin(&claim.bulletin);
        }
        Ok(claimed)
    }

    async fn claim_recheck(
        &self,
        scope: Option<&[String]>,
        now: DateTime<Utc>,
        lease: Duration,
    ) -> Result<Option<ClaimedBulletin>, StoreError> {
        if !self.sees_archive().await {
            return Ok(None);
        }
        self.app.store.claim_recheck(scope, &self.name, now, lease).await
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
            let claimed = self.claim_recheck(scope.as_deref(), now, lease);
            match claimed.await {
                Ok(Some(mut claim)) => {
                    let BulletinRow { id, source, url, .. } = &claim.bulletin;
                    let span = tracing::info_span!("recheck", source, %id, url);
                    if let Err(error) = self.check_again(&mut claim).instrument(span).await {
                        tracing::error!(bulletin = %claim.bulletin.id, %error, "recheck failed");
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

    /// All that is logged of a bulletin bears its source, id and address.
    async fn handle(&self, claim: ClaimedBulletin, stage: Stage, jobs: usize) {
        let BulletinRow { id, source, url, .. } = &claim.bulletin;
        let span = tracing::info_span!("bulletin", source, %id, url, %stage);
        self.handle_claim(claim, stage, jobs).instrument(span).await;
    }

    async fn handle_claim(&self, mut claim: ClaimedBulletin, stage: Stage, jobs: usize) {
        if let Err(error) = self.attempt(&mut claim, stage, jobs).await {
            match error.downcast_ref::<StoreError>() {
                Some(StoreError::LeaseLost { .. }) => {
                    tracing::warn!("another worker took over");
                }
                // The database itself failed: the lease runs out and the row is tried again.
                Some(_) => tracing::error!(%error, "storing failed"),
                None => {
                    let failure = Failure::new(FailureKind::Other, format!("{error:#}"));
                    let failure = StageFailure::of(stage, failure, None);
                    if let Err(error) = self.fail(&claim, failure).await {
                        tracing::error!(%error, "storing a failure failed");
                    }
                }
            }
        }
    }

    async fn attempt(&self, claim: &mut ClaimedBulletin, stage: Stage, jobs: usize) -> Result<()> {
        match stage {
            Stage::Found => self.fetch(claim).await,
            Stage::Fetched => self.read(claim, jobs).await,
            Stage::Read => self.flag(claim).await,
            Stage::Flagged => Ok(()),
        }
    }

    async fn fetch(&self, claim: &mut ClaimedBulletin) -> Result<()> {
        let bulletin = claim.bulletin.clone();
        let held = self.hold(claim, fetch::fetch(&self.app, &bulletin)).await;
        self.sharing.end(bulletin.id);
        self.wake.notify_waiters();
        let Some(outcome) = held else { return Ok(()) };
        match outcome {
            Ok(record) => {
                let fetched = fetch::store(&self.app, claim, &record).await?;
                let source = bulletin.source.clone();
                self.events.send(Event::Fetched { source, bytes: record.size_bytes });
                self.wake.notify_waiters();
                if fetched == FetchOutcome::New {
                    self.raise_first_alerts(BulletinRow {
                        document: Some(record.sha256),
                        ..bulletin
                    })
                    .await;
                }
                Ok(())
            }
            Err(failure) => self.fail(claim, failure).await,
        }
    }

    /// Whatever goes wrong, the reading comes all the same.
    async fn raise_first_alerts(&self, bulletin: BulletinRow) {
        let work = async {
            let _turn = self.looking_through.acquire().await;
            first_alerts::raise(&self.app, &bulletin).await
        };
        let told = tokio::select! {
            told = work => told,
            () = self.stop.cancelled() => return,
        };
        match told {
            Ok(alerts) => self.told(&bulletin, alerts),
            Err(error) => tracing::error!(error = format!("{error:#}"), "no first alerts"),
        }
    }

    fn told(&self, bulletin: &BulletinRow, alerts: usize) {
        if alerts > 0 {
            let (source, url) = (bulletin.source.clone(), bulletin.url.clone());
            self.events.send(Event::AlertsRaised { source, url, alerts: alerts as u32 });
        }
    }

    async fn read(&self, claim: &mut ClaimedBulletin, jobs: usize) -> Result<()> {
        let known = claim.clone();
        let Some(document) = known.bulletin.document else {
            anyhow::bail!("recueil {} : marqué récupéré sans document", known.bulletin.id);
        };
        let reading = ReadTask {
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

    async fn fail(&self, claim: &ClaimedBulletin, failure: StageFailure) -> Result<()> {
        let now = self.app.clock.now();
        let most = self.app.config.work.max_attempts;
        let put_off = match failure.remedy {
            Remedy::PutOff(wait) => TimeDelta::from_std(wait).ok().map(|wait| now + wait),
            _ => None,
        };
        let bulletin = &claim.bulletin;
        let fate = match next_attempt(failure.remedy, bulletin.attempts, most, now) {
            Some(at) => Fate::Later(at),
            None if failure.remedy == Remedy::Never => Fate::GivenUp(None),
            None => Fate::GivenUp(Some(once_more(bulletin.stage_at, now))),
        };
        match put_off {
            Some(until) => self.app.store.postpone(claim, &failure.failure, until).await?,
            None => self.app.store.fail(claim, &failure.failure, fate, now).await?,
        }
        let again = put_off.is_some() || matches!(fate, Fate::Later(_));
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
