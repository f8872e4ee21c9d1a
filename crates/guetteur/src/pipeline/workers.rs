//! The workers of one process: how many there are, and when they are done.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use guetteur_model::Stage;
use tokio::task::JoinSet;

use super::events::Events;
use super::worker::{Rechecks, Worker};
use crate::app::{App, ArchiveWatch};

/// Longest wait for work in hand to be given back.
const STOP: Duration = Duration::from_secs(3);
/// Bulletins checked again at once.
const RECHECKS: usize = 2;

/// The workers of one process.
pub struct Workers {
    worker: Arc<Worker>,
    line: Line,
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
        let mut workers = Self::flagging(app, name, scope, events, Line::Whole);
        for _ in 0..fetchers {
            workers.spawn(Stage::Found, 1);
        }
        workers.add_readers();
        // Beside the fetchers: what is new never waits behind what is checked again.
        for _ in 0..RECHECKS {
            workers.tasks.spawn(Arc::clone(&workers.worker).recheck(rechecks));
        }
        workers
    }

    /// Starts a worker that cuts and flags what has been read, and asks no site for anything.
    #[must_use]
    pub fn start_flagging(
        app: Arc<App>,
        name: &str,
        scope: Option<Vec<String>>,
        events: Events,
    ) -> Self {
        Self::flagging(app, name, scope, events, Line::Read)
    }

    /// Starts workers that read what is archived, cut and flag it, and ask no site for anything.
    #[must_use]
    pub fn start_reading(
        app: Arc<App>,
        name: &str,
        scope: Option<Vec<String>>,
        events: Events,
    ) -> Self {
        let mut workers = Self::flagging(app, name, scope, events, Line::Archived);
        workers.add_readers();
        workers
    }

    fn add_readers(&mut self) {
        let cores = match self.worker.app.config.read.jobs {
            0 => std::thread::available_parallelism().map_or(1, usize::from),
            jobs => jobs,
        };
        // Two documents at a time, so that a long one does not hold up the others.
        let readers = cores.min(2);
        for _ in 0..readers {
            self.spawn(Stage::Fetched, cores.div_ceil(readers));
        }
    }

    fn flagging(
        app: Arc<App>,
        name: &str,
        scope: Option<Vec<String>>,
        events: Events,
        line: Line,
    ) -> Self {
        let archive = (line != Line::Read).then(ArchiveWatch::default);
        let worker = Worker::new(app, name, scope, events, archive);
        let mut workers = Self { worker, line, tasks: JoinSet::new() };
        workers.spawn(Stage::Read, 1);
        workers
    }

    fn spawn(&mut self, stage: Stage, jobs: usize) {
        self.tasks.spawn(Arc::clone(&self.worker).work(stage, jobs));
    }

    /// Says that there may be work: new bulletins were found.
    pub fn wake(&self) {
        self.worker.wake.notify_waiters();
    }

    /// As [`Workers::wake`], to be handed to others.
    pub fn waker(&self) -> impl Fn() + Clone + Send + 'static {
        let worker = Arc::clone(&self.worker);
        move || worker.wake.notify_waiters()
    }

    /// Waits until nothing is left to do now: what remains waits for its next attempt, for the day
    /// of its next check, for space on the disk, or for a machine that can recognise its pages.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn drained(&self) -> Result<()> {
        let worker = &self.worker;
        loop {
            let now = worker.app.clock.now();
            let (store, scope) = (&worker.app.store, worker.scope.as_deref());
            let backlog = store.backlog(scope, now).await?;
            let is_flagged = backlog.read == backlog.read_waiting;
            let found_due = (backlog.found + backlog.fetched_waiting + backlog.read_waiting)
                .saturating_sub(backlog.waiting);
            let paused = if worker.is_short_of_space() { found_due } else { 0 };
            let for_others = if worker.ocr_here.is_likely(now) { 0 } else { backlog.for_ocr };
            let done = match self.line {
                Line::Whole => {
                    backlog.pending() == backlog.waiting + for_others + paused
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
                () = worker.wake.notified() => {}
                () = tokio::time::sleep(Duration::from_millis(300)) => {}
            }
        }
    }

    /// Stops within [`STOP`]: work in hand is given back undone. What a locked database keeps from
    /// being given back is taken over when its lease ends.
    pub async fn stop(mut self) {
        self.worker.stop.cancel();
        let all = async { while self.tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(STOP, all).await.is_err() {
            tracing::warn!(left = self.tasks.len(), "stopped without giving all work back");
            self.tasks.shutdown().await;
        }
    }
}
