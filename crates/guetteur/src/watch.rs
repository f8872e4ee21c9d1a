//! The main job: scheduler, workers, index and site in one process, with a clean stop.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use chrono::{DateTime, TimeDelta, Utc};
use cron::Schedule;
use guetteur_model::Source;
use guetteur_store::{Rechecked, SourceState};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::app::{App, Presence};
use crate::pipeline::{Event, Events, Follower, Workers, discover_source};
use crate::schedule::{next_due, parse};
use crate::site;

/// Sites walked at once.
const WALKS: usize = 8;
/// The clock is looked at again after so long at most: a laptop that slept must notice.
const NAP: Duration = Duration::from_mins(1);

/// Runs until asked to stop: the site first stops taking requests, then walks and workers give
/// their work back.
///
/// # Errors
/// When the address cannot be listened on, or the database fails at start.
pub async fn watch(app: Arc<App>, listener: TcpListener) -> Result<()> {
    let presence = Presence::announce(&app.config.data, &app.store).await?;
    let stop = CancellationToken::new();
    let (events, receiver) = Events::channel();
    let log = tokio::spawn(log_events(receiver));
    let workers = Workers::start(Arc::clone(&app), presence.name(), None, events.clone());
    let scheduler =
        tokio::spawn(schedule(Arc::clone(&app), workers.waker(), events, stop.child_token()));
    let served = site::serve(&app, listener, stop_requested()).await;
    stop.cancel();
    tracing::info!("stopping: work in hand is given back");
    let _ = scheduler.await;
    workers.stop().await;
    let _ = log.await;
    served
}

/// Walks each source when it is due.
async fn schedule(
    app: Arc<App>,
    wake: impl Fn() + Clone + Send + 'static,
    events: Events,
    stop: CancellationToken,
) {
    let mut plan = match Plan::new(&app).await {
        Ok(plan) => plan,
        Err(error) => {
            tracing::error!("planification impossible : {error:#}");
            return;
        }
    };
    let walks = Arc::new(Semaphore::new(WALKS));
    let mut running = JoinSet::new();
    loop {
        let now = app.clock.now();
        for (source, full) in plan.due(now) {
            let (app, events, walks) = (Arc::clone(&app), events.clone(), Arc::clone(&walks));
            let wake = wake.clone();
            running.spawn(async move {
                let _turn = walks.acquire().await;
                discover_source(&app, &source, None, full, &events).await;
                wake();
            });
        }
        let nap = plan.until_next(app.clock.now()).min(NAP);
        tokio::select! {
            () = tokio::time::sleep(nap) => {}
            () = stop.cancelled() => break,
            Some(_) = running.join_next() => {}
        }
    }
    // A walk stores nothing before its end: it can be dropped.
    running.shutdown().await;
}

/// When each source is due next.
struct Plan {
    daily: Schedule,
    full: Schedule,
    jitter_minutes: u64,
    entries: Vec<Entry>,
}

struct Entry {
    source: Source,
    daily_at: DateTime<Utc>,
    full_at: DateTime<Utc>,
}

impl Plan {
    async fn new(app: &App) -> Result<Self> {
        let settings = &app.config.watch;
        let states = app.store.source_states().await?;
        let now = app.clock.now();
        let mut plan = Self {
            daily: parse(&settings.schedule).context("watch.schedule")?,
            full: parse(&settings.full_schedule).context("watch.full_schedule")?,
            jitter_minutes: settings.jitter_minutes,
            entries: Vec::new(),
        };
        for source in app.sources(&[])? {
            let state = states.iter().find(|state| state.code == source.code);
            // Never looked at, or missed while we were down: now.
            let daily_at =
                if overdue(state, now) { now } else { plan.next(&plan.daily, &source, now) };
            let full_at = plan.next(&plan.full, &source, now);
            plan.entries.push(Entry { source, daily_at, full_at });
        }
        Ok(plan)
    }

    fn next(&self, schedule: &Schedule, source: &Source, now: DateTime<Utc>) -> DateTime<Utc> {
        next_due(schedule, source.timezone, &source.code, self.jitter_minutes, now)
            .unwrap_or(DateTime::<Utc>::MAX_UTC)
    }

    /// Sources due now, and whether in full; each is planned anew.
    fn due(&mut self, now: DateTime<Utc>) -> Vec<(Source, bool)> {
        let mut due = Vec::new();
        for i in 0..self.entries.len() {
            let entry = &self.entries[i];
            let full = entry.full_at <= now;
            if !full && entry.daily_at > now {
                continue;
            }
            let source = entry.source.clone();
            let daily_at = self.next(&self.daily, &source, now);
            let full_at = if full { self.next(&self.full, &source, now) } else { entry.full_at };
            self.entries[i] = Entry { source: source.clone(), daily_at, full_at };
            due.push((source, full));
        }
        due
    }

    fn until_next(&self, now: DateTime<Utc>) -> Duration {
        let next = self.entries.iter().map(|entry| entry.daily_at.min(entry.full_at)).min();
        next.and_then(|at| (at - now).to_std().ok()).unwrap_or(Duration::ZERO)
    }
}

/// Whether a source has had no success for a day.
fn overdue(state: Option<&SourceState>, now: DateTime<Utc>) -> bool {
    state.and_then(|state| state.last_ok_at).is_none_or(|at| now - at > TimeDelta::days(1))
}

/// Tells in the log what the workers do.
pub async fn log_events(mut events: UnboundedReceiver<Event>) {
    while let Some(event) = events.recv().await {
        match event {
            Event::Discovered { source, found, new, requests, error: None } => {
                tracing::info!(%source, found, new, requests, "site walked");
            }
            Event::Discovered { source, error: Some(error), .. } => {
                tracing::warn!(%source, "site not walked in full: {error}");
            }
            Event::Flagged { source, acts, flagged } => {
                tracing::info!(%source, acts, flagged, "bulletin analysed");
            }
            Event::Failed { source, url, reason, again } => {
                tracing::warn!(%source, %url, again, "{reason}");
            }
            Event::Rechecked { source, url, outcome: Rechecked::Changed } => {
                tracing::info!(%source, %url, "the PDF was replaced: the new version is read");
            }
            Event::Rechecked { source, url, outcome: Rechecked::Withdrawn } => {
                tracing::warn!(%source, %url, "the PDF is no longer on its site");
            }
            Event::Fetched { .. }
            | Event::Page { .. }
            | Event::Read { .. }
            | Event::Rechecked { .. } => {}
        }
    }
}

/// Waits for SIGINT (Ctrl-C) or SIGTERM.
pub async fn stop_requested() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = interrupt.await;
}

/// Keeps an index up to date until stopped.
pub(crate) async fn follow(follower: Follower, stop: CancellationToken) {
    loop {
        if let Err(error) = follower.catch_up().await {
            tracing::error!("indexation : {error:#}");
        }
        tokio::select! {
            () = tokio::time::sleep(Duration::from_secs(2)) => {}
            () = stop.cancelled() => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use guetteur_model::SourceKind;

    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("time")
    }

    #[test]
    fn a_due_source_is_planned_anew() {
        let source = Source {
            code: "34".into(),
            name: "Hérault".into(),
            region: "Occitanie".into(),
            kind: SourceKind::Departement,
            timezone: chrono_tz::Europe::Paris,
            roots: vec![],
            hint: None,
        };
        let now = at("2026-08-14T07:00:00Z");
        let mut plan = Plan {
            daily: parse("0 0 8 * * *").expect("cron"),
            full: parse("0 0 3 * * Sun").expect("cron"),
            jitter_minutes: 0,
            entries: vec![Entry { source, daily_at: now, full_at: at("2026-08-16T01:00:00Z") }],
        };
        let due = plan.due(now);
        assert_eq!((due.len(), due[0].1), (1, false));
        assert!(plan.due(now).is_empty(), "once");
        assert_eq!(plan.entries[0].daily_at, at("2026-08-15T06:00:00Z"));
        assert_eq!(plan.until_next(now), Duration::from_hours(23));
        let sunday = at("2026-08-16T06:30:00Z");
        assert!(plan.due(sunday)[0].1, "the full walk replaces the daily one");
        assert_eq!(plan.entries[0].full_at, at("2026-08-23T01:00:00Z"));
    }

    #[test]
    fn a_source_without_success_for_a_day_is_overdue() {
        let now = at("2026-08-14T07:00:00Z");
        let state =
            |last: Option<&str>| SourceState { last_ok_at: last.map(at), ..SourceState::default() };
        assert!(overdue(None, now));
        assert!(overdue(Some(&state(None)), now));
        assert!(overdue(Some(&state(Some("2026-08-13T06:59:00Z"))), now));
        assert!(!overdue(Some(&state(Some("2026-08-13T07:01:00Z"))), now));
    }
}
