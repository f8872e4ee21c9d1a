//! Workers: claim a row, hold its lease, do the stage, store, repeat.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use chrono::{DateTime, TimeDelta, Timelike, Utc};
use guetteur_model::{Method, Stage};
use guetteur_sources::Registry;
use guetteur_store::{BulletinRow, ClaimedBulletin, Fetched, Rechecked, RuleChange, StoreError};
use tokio::sync::{Notify, Semaphore, mpsc};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::budget::OcrBudget;
use super::read::Reading;
use super::recognise::OcrHere;
use super::retry::{Remedy, next_attempt};
use super::{announce, fetch, flag, read, recheck};
use crate::app::App;

/// Another machine's results, and retries that fall due, are noticed after so long.
const IDLE: Duration = Duration::from_secs(2);
/// Bulletins checked again at once.
const RECHECKS: usize = 2;
/// PDFs whose own text is looked through at once: each takes a child and its memory.
const ANNOUNCED_AT_ONCE: usize = 2;
/// After a database error.
const PAUSE: Duration = Duration::from_secs(5);

/// What happened, for progress and summaries. `source` is a code of the registry.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields of an event are what its sentence says")]
pub enum Event {
    /// A site was walked: bulletins found, those of them unknown, requests; why not in full.
    Discovered { source: String, found: u32, new: u32, requests: u32, error: Option<String> },
    /// A PDF of so many bytes came into the archive.
    Fetched { source: String, bytes: u64 },
    /// Acts told from the sommaire of a fresh bulletin raised so many alerts.
    Announced { source: String, url: String, alerts: u32 },
    /// One page was read.
    Page { source: String, ocr: bool },
    /// A bulletin was read.
    Read { source: String },
    /// A bulletin was cut into acts, some of them flagged; by rule, the flags that came and went.
    Flagged { source: String, acts: u32, flagged: u32, rules: BTreeMap<String, RuleChange> },
    /// The address of a bulletin was asked again.
    Rechecked { source: String, url: String, outcome: Rechecked },
    /// A stage failed; `again` says whether it will be tried again.
    Failed { source: String, url: String, reason: String, again: bool },
}

/// Where events go. Nobody need listen.
#[derive(Debug, Clone)]
pub struct Events(mpsc::UnboundedSender<Event>);

impl Events {
    /// A channel of events.
    #[must_use]
    pub fn channel() -> (Self, mpsc::UnboundedReceiver<Event>) {
        let (sender, receiver) = mpsc::unbounded_channel();
        (Self(sender), receiver)
    }

    /// Tells.
    pub fn send(&self, event: Event) {
        let _ = self.0.send(event);
    }
}

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
    pub(super) message: String,
    pub(super) remedy: Remedy,
}

/// The workers of one process.
pub struct Workers {
    shared: Arc<Shared>,
    tasks: JoinSet<()>,
}

/// How much of the line these workers do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Line {
    /// All of it.
    Whole,
    /// What needs no site: reading what is archived, cutting and flagging.
    Archived,
    /// Cutting and flagging what is read.
    Read,
}

struct Shared {
    app: Arc<App>,
    name: String,
    scope: Option<Vec<String>>,
    line: Line,
    events: Events,
    announcing: Semaphore,
    budget: OcrBudget,
    ocr_here: OcrHere,
    wake: Notify,
    stop: CancellationToken,
}

impl Workers {
    /// Starts workers under `name`, on all sources or on those of `scope`.
    #[must_use]
    pub fn start(
        app: Arc<App>,
        name: &str,
        scope: Option<Vec<String>>,
        events: Events,
        rechecks: Rechecks,
    ) -> Self {
        let fetchers = app.config.work.fetchers.max(1);
        let (shared, mut tasks) = Self::flagging(app, name, scope, events, Line::Whole);
        for _ in 0..fetchers {
            tasks.spawn(Arc::clone(&shared).work(Stage::Found, 1));
        }
        Self::add_readers(&shared, &mut tasks);
        // Beside the fetchers: what is new never waits behind what is checked again.
        for _ in 0..RECHECKS {
            tasks.spawn(Arc::clone(&shared).recheck(rechecks));
        }
        Self { shared, tasks }
    }

    /// Starts a worker that cuts and flags what has been read, and asks no site for anything.
    #[must_use]
    pub fn start_flagging(
        app: Arc<App>,
        name: &str,
        scope: Option<Vec<String>>,
        events: Events,
    ) -> Self {
        let (shared, tasks) = Self::flagging(app, name, scope, events, Line::Read);
        Self { shared, tasks }
    }

    /// Starts workers that read what is archived, cut and flag it, and ask no site for anything.
    #[must_use]
    pub fn start_reading(
        app: Arc<App>,
        name: &str,
        scope: Option<Vec<String>>,
        events: Events,
    ) -> Self {
        let (shared, mut tasks) = Self::flagging(app, name, scope, events, Line::Archived);
        Self::add_readers(&shared, &mut tasks);
        Self { shared, tasks }
    }

    fn add_readers(shared: &Arc<Shared>, tasks: &mut JoinSet<()>) {
        let cores = match shared.app.config.read.jobs {
            0 => std::thread::available_parallelism().map_or(1, usize::from),
            jobs => jobs,
        };
        // Two documents at a time, so that a long one does not hold up the others.
        let readers = cores.min(2);
        for _ in 0..readers {
            tasks.spawn(Arc::clone(shared).work(Stage::Fetched, cores.div_ceil(readers)));
        }
    }

    fn flagging(
        app: Arc<App>,
        name: &str,
        scope: Option<Vec<String>>,
        events: Events,
        line: Line,
    ) -> (Arc<Shared>, JoinSet<()>) {
        let budget = OcrBudget::new(app.config.read.ocr_pages_per_day);
        let shared = Arc::new(Shared {
            app,
            name: name.to_owned(),
            scope,
            line,
            events,
            announcing: Semaphore::new(ANNOUNCED_AT_ONCE),
            budget,
            ocr_here: OcrHere::default(),
            wake: Notify::new(),
            stop: CancellationToken::new(),
        });
        let mut tasks = JoinSet::new();
        tasks.spawn(Arc::clone(&shared).work(Stage::Read, 1));
        (shared, tasks)
    }

    /// Says that there may be work: new bulletins were found.
    pub fn wake(&self) {
        self.shared.wake.notify_waiters();
    }

    /// As [`Workers::wake`], to be handed to others.
    pub fn waker(&self) -> impl Fn() + Clone + Send + 'static {
        let shared = Arc::clone(&self.shared);
        move || shared.wake.notify_waiters()
    }

    /// Waits until nothing is left to do now: what remains waits for its next attempt, for the day
    /// of its next check, or for a machine that can recognise its pages.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn drained(&self) -> Result<()> {
        let shared = &self.shared;
        loop {
            let now = shared.app.clock.now();
            let (store, scope) = (&shared.app.store, shared.scope.as_deref());
            let backlog = store.backlog(scope, now).await?;
            let is_flagged = backlog.read == backlog.read_waiting;
            let for_others = if shared.ocr_here.is_likely(now) { 0 } else { backlog.for_ocr };
            let done = match shared.line {
                Line::Whole => {
                    backlog.pending() == backlog.waiting + for_others
                        && store.rechecks_due(scope, now).await? == 0
                }
                Line::Archived => {
                    is_flagged && backlog.fetched == backlog.fetched_waiting + for_others
                }
                Line::Read => is_flagged,
            };
            if done {
                return Ok(());
            }
            tokio::select! {
                () = shared.wake.notified() => {}
                () = tokio::time::sleep(Duration::from_millis(300)) => {}
            }
        }
    }

    /// Stops: work in hand is given back undone.
    pub async fn stop(mut self) {
        self.shared.stop.cancel();
        while self.tasks.join_next().await.is_some() {}
    }
}

/// Why held work came to no result of its own.
enum Interrupted {
    Stopping,
    LeaseLost,
}

impl Shared {
    async fn work(self: Arc<Self>, stage: Stage, jobs: usize) {
        let lease = Duration::from_secs(self.app.config.work.lease_s);
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

    async fn recheck(self: Arc<Self>, when: Rechecks) {
        let lease = Duration::from_secs(self.app.config.work.lease_s);
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
                    let message = format!("erreur interne : {error:#}");
                    tracing::error!(bulletin = id, "{message}");
                    let failure = StageFailure { message, remedy: Remedy::Later(None) };
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
            let message = claim.bulletin.last_error.clone();
            let message = message.unwrap_or_else(|| "interrompu à chaque essai".to_owned());
            return self.fail(claim, StageFailure { message, remedy: Remedy::GiveUp }).await;
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
            let lease = Duration::from_secs(self.app.config.work.lease_s);
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
            Some(until) => self.app.store.postpone(claim, &failure.message, until).await?,
            None => self.app.store.fail(claim, &failure.message, retry_at, now).await?,
        }
        let bulletin = &claim.bulletin;
        let again = retry_at.is_some();
        tracing::info!(bulletin = bulletin.id, again, "{}", failure.message);
        self.events.send(Event::Failed {
            source: bulletin.source.clone(),
            url: bulletin.url.clone(),
            reason: failure.message,
            again,
        });
        Ok(())
    }
}
