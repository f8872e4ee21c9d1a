//! The main job: scheduler, workers, index, alerts and site in one process, with a clean stop.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use chrono::TimeDelta;
use guetteur_model::Failure;
use guetteur_store::{Rechecked, SourceFailure};
use tokio::net::TcpListener;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::app::{App, Presence};
use crate::habits::Habits;
use crate::old_texts::pack_beside;
use crate::pipeline::{Event, Events, Follower, Rechecks, Workers};
use crate::plan::Plan;
use crate::visits::Visits;
use crate::{metrics, scrub, site};

/// Habits are those of the last three months.
const HABITS_OF: TimeDelta = TimeDelta::days(90);
/// The clock is looked at again after so long at most: a laptop that slept must notice.
const NAP: Duration = Duration::from_mins(1);

/// Runs until asked to stop: the site first stops taking requests, then walks and workers give
/// their work back.
///
/// # Errors
/// When the address cannot be listened on, or the database fails at start.
pub async fn watch(app: Arc<App>, listener: TcpListener) -> Result<()> {
    let presence = Presence::begin(&app.config.data, &app.store).await?;
    let stop = CancellationToken::new();
    metrics::start(&app, stop.child_token()).await?;
    let upkeep = tokio::spawn(keep_up(Arc::clone(&app), stop.child_token()));
    let (events, receiver) = Events::channel();
    let log = tokio::spawn(log_events(receiver));
    let workers =
        Workers::start(Arc::clone(&app), presence.name(), None, events.clone(), Rechecks::AtNight);
    let visits = Visits::new(&app, presence.name(), events)?;
    let scheduler = tokio::spawn(schedule(visits, workers.waker(), stop.child_token()));
    let packing = tokio::spawn(pack_beside(app.store.clone(), stop.child_token()));
    let served = site::serve(&app, listener, stop_requested(), Some(presence.name())).await;
    stop.cancel();
    tracing::info!("stopping: work in hand is given back");
    // A locked database holds it; a visit stores nothing before its end.
    let _ = tokio::time::timeout(Duration::from_secs(1), async {
        let _ = tokio::join!(scheduler, upkeep);
    })
    .await;
    workers.stop().await;
    let _ = tokio::join!(packing, log);
    give_back(&app, presence.name()).await;
    served
}

/// Visits that were cut short: the next process need not wait until their leases end.
async fn give_back(app: &App, worker: &str) {
    // As above: the leases end by themselves, too.
    let released = app.store.release_worker(worker);
    if let Ok(Err(error)) = tokio::time::timeout(Duration::from_secs(1), released).await {
        tracing::warn!(%error, "visits under way stay claimed until their leases end");
    }
}

/// What an installation needs beside its work: a look at the archive each minute, old rows forgotten
/// each day.
async fn keep_up(app: Arc<App>, stop: CancellationToken) {
    let step = TimeDelta::from_std(NAP).unwrap_or(TimeDelta::MAX);
    let (mut damage_at, mut forget_at) = (app.clock.now(), app.clock.now());
    loop {
        let now = app.clock.now();
        if let Err(error) = scrub::scrub(&app, step).await {
            tracing::warn!(error = format!("{error:#}"), "the archive could not be checked");
        }
        if damage_at <= now {
            if let Err(error) = scrub::look_at_damage(&app).await {
                tracing::warn!(error = format!("{error:#}"), "damage could not be looked at");
            }
            damage_at = now + scrub::damage_is_looked_at_every();
        }
        if forget_at <= now {
            forget(&app).await;
            forget_at = now + TimeDelta::days(1);
        }
        tokio::select! {
            () = tokio::time::sleep(NAP) => {}
            () = stop.cancelled() => return,
        }
    }
}

/// Forgets walks that say nothing any more.
async fn forget(app: &App) {
    let days = app.config.work.keep_passes_days;
    if days == 0 {
        return;
    }
    match app.store.forget_passes(app.clock.now() - TimeDelta::days(days.into())).await {
        Ok(0) => {}
        Ok(passes) => tracing::info!(passes, "old walks are forgotten"),
        Err(error) => tracing::warn!(%error, "old walks could not be forgotten"),
    }
}

/// Visits each source when it is due.
async fn schedule(
    visits: Visits,
    wake: impl Fn() + Clone + Send + 'static,
    stop: CancellationToken,
) {
    let app = Arc::clone(&visits.app);
    let visits = Arc::new(visits);
    let mut plan = match plan(&app).await {
        Ok(plan) => plan,
        Err(error) => {
            tracing::error!(error = format!("{error:#}"), "nothing can be scheduled");
            return;
        }
    };
    let mut learnt_at = app.clock.now();
    let mut running = JoinSet::new();
    loop {
        let now = app.clock.now();
        take_up_again(&app).await;
        if now - learnt_at > TimeDelta::days(1) {
            learn(&app, &mut plan).await;
            learnt_at = now;
        }
        for due in plan.due(now) {
            let (visits, wake) = (Arc::clone(&visits), wake.clone());
            running.spawn(async move {
                let went = visits.make(&due).await;
                wake();
                (due.source.code, due.visit, went)
            });
        }
        let nap = plan.until_next(app.clock.now()).min(NAP);
        tokio::select! {
            () = tokio::time::sleep(nap) => {}
            () = stop.cancelled() => break,
            Some(ended) = running.join_next() => {
                if let Ok((code, visit, went)) = ended {
                    plan.walked(&code, visit, went, app.clock.now());
                }
            }
        }
    }
    // A visit stores nothing before its end: it can be dropped.
    running.shutdown().await;
}

/// One more try for what was given up days ago.
async fn take_up_again(app: &App) {
    let tries = app.config.work.max_attempts.saturating_sub(1);
    match app.store.take_up_again(tries, app.clock.now()).await {
        Ok(0) => {}
        Ok(bulletins) => tracing::info!(bulletins, "given up before, tried once more"),
        Err(error) => tracing::warn!(%error, "what was given up stays so for now"),
    }
}

async fn plan(app: &App) -> Result<Plan> {
    let states = app.store.source_states().await?;
    let mut plan = Plan::new(&app.config.watch, app.sources(&[])?, &states, app.clock.now());
    learn(app, &mut plan).await;
    Ok(plan)
}

/// Teaches the plan the hours at which sources published lately.
async fn learn(app: &App, plan: &mut Plan) {
    match app.store.seen_fresh(app.clock.now() - HABITS_OF).await {
        Ok(seen) => plan.learn(|source| {
            let own = seen.iter().filter(|(code, _)| *code == source.code);
            Habits::of(own.map(|(_, at)| *at), source.timezone)
        }),
        Err(error) => tracing::warn!("the sources' habits are not known: {error}"),
    }
}

/// Tells in the log what the workers do.
pub async fn log_events(mut events: UnboundedReceiver<Event>) {
    while let Some(event) = events.recv().await {
        match event {
            Event::Discovered { source, found, new, requests, failure: None } => {
                tracing::info!(source, found, new, requests, "site walked");
            }
            Event::Discovered { source, failure: Some(failed), .. } => {
                let SourceFailure { failure: Failure { kind, detail }, url, pages } = failed;
                tracing::warn!(source, url, %kind, detail, pages, "site not walked in full");
            }
            Event::Flagged { source, acts, flagged, .. } => {
                tracing::info!(%source, acts, flagged, "bulletin analysed");
            }
            Event::AlertsRaised { source, url, alerts } => {
                tracing::info!(%source, %url, alerts, "first alerts, to be confirmed");
            }
            Event::Failed { source, bulletin, url, failure: Failure { kind, detail }, again } => {
                tracing::warn!(source, %bulletin, url, %kind, detail, again, "bulletin failed");
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

/// Ends with SIGINT (Ctrl-C) or SIGTERM. Signals are handled from the call on, not only once the
/// answer is awaited: what comes while we start must not kill.
pub fn stop_requested() -> impl Future<Output = ()> + Send {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        // Terminals and log rotation send it; unhandled, it kills. Tokio's handler stays when this is
        // dropped, and does nothing: settings are read at start.
        drop(signal(SignalKind::hangup()));
        let mut asked = [SignalKind::interrupt(), SignalKind::terminate()].map(signal);
        async move {
            let [interrupt, terminate] = asked.each_mut();
            tokio::select! {
                () = received(interrupt) => {}
                () = received(terminate) => {}
            }
        }
    }
    #[cfg(not(unix))]
    async {
        let _ = tokio::signal::ctrl_c().await;
    }
}

/// Waits for a signal; for ever where the system gives us no handler.
#[cfg(unix)]
async fn received(signal: &mut std::io::Result<tokio::signal::unix::Signal>) {
    match signal {
        Ok(signal) => drop(signal.recv().await),
        Err(_) => std::future::pending().await,
    }
}

/// Keeps an index up to date until stopped.
pub(crate) async fn follow(follower: Follower, stop: CancellationToken) {
    loop {
        if let Err(error) = follower.catch_up().await {
            tracing::error!(error = format!("{error:#}"), "indexing failed");
        }
        tokio::select! {
            () = tokio::time::sleep(Duration::from_secs(2)) => {}
            () = stop.cancelled() => return,
        }
    }
}
