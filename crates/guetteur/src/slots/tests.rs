//! A simulated week of all sources, undisturbed and with ten that hang, side by side: the plan and the
//! turns are the real ones, the time of tokio is moved on.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Timelike, Utc};
use guetteur_model::Source;
use guetteur_sources::Registry;
use guetteur_store::SourceState;
use tokio::task::JoinSet;

use super::*;
use crate::config::Watch;
use crate::plan::{Due, Plan, Went};

/// A request that hangs, its three further tries, and the pauses between: the defaults of the client,
/// without the rest that it gives to a host after a few such calls.
const HANGS_FOR: Duration = Duration::from_secs(4 * 300 + 14);
/// Sources that hang.
const HANGING: usize = 10;
/// From a bulletin that is seen to its first alert: the PDF is fetched and its sommaire read.
const FIRST_WORD: Duration = Duration::from_secs(20);
const WEEK: TimeDelta = TimeDelta::days(7);

fn monday() -> DateTime<Utc> {
    "2026-06-01T00:00:00Z".parse().expect("time")
}

/// What a source publishes in the week: twice a working day, mostly in office hours.
fn published(nth: usize) -> Vec<DateTime<Utc>> {
    let mut rng = fastrand::Rng::with_seed(nth as u64);
    let mut all = Vec::new();
    for day in 0..5 {
        for _ in 0..2 {
            let hour = if rng.u64(..10) == 0 { rng.u64(..24) } else { 7 + rng.u64(..10) };
            let at = TimeDelta::hours((day * 24 + hour) as i64)
                + TimeDelta::seconds(rng.u64(..3600) as i64);
            all.push(monday() + at);
        }
    }
    all
}

/// How long a visit of a site that answers takes.
fn takes(visit: Visit) -> Duration {
    match visit {
        Visit::Look => Duration::from_secs(3),
        Visit::Daily => Duration::from_secs(45),
        Visit::Full => Duration::from_secs(400),
    }
}

/// From publication to first alert of each bulletin of the sources that never hang.
async fn week(hanging: usize) -> Vec<TimeDelta> {
    let sources: Vec<Source> = Registry::builtin().expect("registry").iter().cloned().collect();
    let fresh = |source: &Source| SourceState {
        code: source.code.clone(),
        last_ok_at: Some(monday()),
        ..SourceState::default()
    };
    let states: Vec<SourceState> = sources.iter().map(fresh).collect();
    // Those that hang are spread over the list.
    let every = sources.len() / HANGING;
    let hangs = move |nth: usize| nth.is_multiple_of(every) && nth / every < hanging;
    let compared = |nth: usize| !(nth.is_multiple_of(every) && nth / every < HANGING);
    let mut plan = Plan::new(&Watch::default(), sources.clone(), &states, monday());
    let slots = Arc::new(Slots::new());
    let start = Instant::now();
    let now = move || monday() + TimeDelta::from_std(start.elapsed()).expect("time");
    let place = |code: &str| sources.iter().position(|source| source.code == code).expect("source");
    let mut waiting: Vec<Vec<DateTime<Utc>>> = (0..sources.len()).map(published).collect();
    let mut delays = Vec::new();
    let mut running = JoinSet::new();
    while now() < monday() + WEEK {
        for Due { source, visit, .. } in plan.due(now()) {
            let (slots, nth) = (Arc::clone(&slots), place(&source.code));
            let long = if hangs(nth) { HANGS_FOR } else { takes(visit) };
            running.spawn(async move {
                let begun = slots
                    .run(&source.code, visit, async {
                        let begun = now();
                        tokio::time::sleep(long).await;
                        begun
                    })
                    .await;
                (nth, source.code, visit, begun)
            });
        }
        let nap = plan.until_next(now()).min(Duration::from_secs(60)).max(Duration::from_millis(1));
        tokio::select! {
            () = tokio::time::sleep(nap) => {}
            Some(ended) = running.join_next() => {
                let (nth, code, visit, begun) = ended.expect("visit");
                let succeeded = begun.is_some() && !hangs(nth);
                let went = if succeeded { Went::Well } else { Went::Failed };
                plan.walked(&code, visit, went, now());
                let Some(begun) = begun.filter(|_| succeeded) else { continue };
                let alerted = now() + TimeDelta::from_std(FIRST_WORD).expect("time");
                waiting[nth].retain(|published| {
                    let seen = *published <= begun;
                    if seen && compared(nth) {
                        delays.push(alerted - *published);
                    }
                    !seen
                });
            }
        }
    }
    delays.sort_unstable();
    delays
}

fn at_percent(delays: &[TimeDelta], percent: usize) -> TimeDelta {
    delays[(delays.len() - 1) * percent / 100]
}

#[tokio::test(start_paused = true)]
async fn a_week_with_ten_sites_that_hang_is_as_quick_for_the_others() {
    let (calm, disturbed) = (week(0).await, week(HANGING).await);
    assert_eq!(calm.len(), disturbed.len(), "each bulletin is told");
    assert!(calm.len() > 900, "{}", calm.len());
    for percent in [50, 95] {
        let (before, after) = (at_percent(&calm, percent), at_percent(&disturbed, percent));
        eprintln!(
            "{percent} % of {} first alerts: within {} s undisturbed, {} s with {HANGING} that hang",
            calm.len(),
            before.num_seconds(),
            after.num_seconds()
        );
        assert!(
            after.num_seconds() * 10 <= before.num_seconds() * 12,
            "{percent}: {after} > {before}"
        );
    }
    assert!(at_percent(&calm, 50) < TimeDelta::minutes(15));
    assert_eq!(monday().hour(), 0);
}

#[tokio::test(start_paused = true)]
async fn slow_sources_wait_for_each_other_and_for_nobody_else() {
    let slots = Arc::new(Slots::new());
    let look = |code: String, long: u64| {
        let slots = Arc::clone(&slots);
        async move {
            let work = async { tokio::time::sleep(Duration::from_secs(long)).await };
            slots.run(&code, Visit::Look, work).await.is_some()
        }
    };
    let mut first = JoinSet::new();
    (0..16).for_each(|nth| drop(first.spawn(look(format!("slow {nth}"), 1000))));
    while first.join_next().await.is_some() {}
    let start = Instant::now();
    let mut second = JoinSet::new();
    (0..16).for_each(|nth| drop(second.spawn(look(format!("slow {nth}"), 1000))));
    tokio::task::yield_now().await;
    assert!(look("quick".to_owned(), 1).await);
    assert_eq!(start.elapsed().as_secs(), 1, "it does not wait");
    assert!(!look("slow 0".to_owned(), 1).await, "one visit of a source at a time");
    while second.join_next().await.is_some() {}
    assert!(start.elapsed().as_secs() >= 5000, "three at a time");
}
