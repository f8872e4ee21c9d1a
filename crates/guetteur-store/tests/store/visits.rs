use guetteur_store::{Store, VisitClaim, VisitKind};

use crate::support::{LEASE, at};

async fn claimed(
    store: &Store,
    kind: VisitKind,
    worker: &str,
    not_since: i64,
    now: i64,
) -> VisitClaim {
    store.claim_visit("34", kind, worker, at(not_since), at(now), LEASE).await.expect("claim")
}

pub(crate) async fn one_machine_visits_a_source(store: Store) {
    use VisitClaim::{Done, Held, Mine};
    use VisitKind::{Daily, Full, Look};
    assert_eq!(claimed(&store, Daily, "a", -30, 0).await, Mine);
    assert_eq!(claimed(&store, Daily, "b", -30, 1).await, Held(at(10)));
    assert_eq!(claimed(&store, Daily, "a", -30, 5).await, Mine, "it holds on");
    let held = claimed(&store, Look, "b", -30, 12).await;
    assert_eq!(held, Held(at(15)), "the lease is the renewed one");
    store.end_visit("34", "b", true).await.expect("not its own");
    assert_eq!(claimed(&store, Look, "b", 20, 12).await, Held(at(15)));
    store.end_visit("34", "a", true).await.expect("ended");
    assert_eq!(claimed(&store, Daily, "b", -30, 13).await, Done);
    assert_eq!(claimed(&store, Look, "b", 4, 13).await, Done, "a walk is a look");
    assert_eq!(claimed(&store, Look, "b", 6, 13).await, Mine);
    store.end_visit("34", "b", true).await.expect("ended");
    assert_eq!(claimed(&store, Daily, "c", 4, 14).await, Done, "a look is no walk");
    assert_eq!(claimed(&store, Full, "c", -1000, 14).await, Mine, "nor a daily walk a full one");
    store.end_visit("34", "c", true).await.expect("ended");
    assert_eq!(claimed(&store, Daily, "b", 13, 15).await, Done, "which is a daily one");
    assert_eq!(
        claimed(&store, Full, "c", 13, 15).await,
        Mine,
        "its own failures are its own matter"
    );
}

pub(crate) async fn a_dead_machine_holds_nothing(store: Store) {
    use VisitClaim::{Held, Mine};
    use VisitKind::Full;
    assert_eq!(claimed(&store, Full, "a", -30, 0).await, Mine);
    assert_eq!(claimed(&store, Full, "b", -30, 9).await, Held(at(10)));
    assert_eq!(claimed(&store, Full, "b", -30, 10).await, Mine, "its lease ran out");
    assert_eq!(store.release_worker("b").await.expect("buried"), 1);
    assert_eq!(claimed(&store, Full, "a", -30, 11).await, Mine);
}

pub(crate) async fn a_visit_that_failed_is_made_again(store: Store) {
    use VisitClaim::{Done, Mine};
    use VisitKind::Daily;
    assert_eq!(claimed(&store, Daily, "a", -30, 0).await, Mine);
    store.end_visit("34", "a", false).await.expect("failed");
    assert_eq!(claimed(&store, Daily, "b", -30, 1).await, Mine, "after a restart, say");
    store.end_visit("34", "a", false).await.expect("late");
    store.end_visit("34", "b", true).await.expect("ended");
    assert_eq!(claimed(&store, Daily, "a", -30, 2).await, Done);
}

pub(crate) async fn two_that_start_together(store: Store) {
    let claims = (0..8).map(|nth| {
        let (store, worker) = (store.clone(), format!("w{nth}"));
        tokio::spawn(async move { claimed(&store, VisitKind::Look, &worker, -1, 0).await })
    });
    let mut mine = 0;
    for claim in claims.collect::<Vec<_>>() {
        mine += u32::from(claim.await.expect("claim") == VisitClaim::Mine);
    }
    assert_eq!(mine, 1);
}
