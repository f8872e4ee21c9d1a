use std::collections::HashSet;

use guetteur_model::{BulletinId, Failure, FailureKind, Stage};
use guetteur_store::{Backlog, BulletinFilter, Fate, OcrRank, Store, StoreError};

use crate::support::{LEASE, at, claim, fetched, link, record, try_claim};

/// Ten workers, two hundred bulletins: each is handed out once.
pub(crate) async fn no_bulletin_is_handed_out_twice(store: Store) {
    record(&store, 200).await;
    let workers = (0..10).map(|number| {
        let store = store.clone();
        tokio::spawn(async move {
            let worker = format!("worker-{number}");
            let mut got = Vec::new();
            while let Some(claimed) =
                store.claim(&[Stage::Found], None, &worker, at(0), LEASE).await.expect("claim")
            {
                assert_eq!(claimed.worker, worker);
                got.push(claimed.bulletin.id);
            }
            got
        })
    });
    let mut all = Vec::new();
    for worker in workers.collect::<Vec<_>>() {
        all.extend(worker.await.expect("worker"));
    }
    assert_eq!(all.len(), 200);
    assert_eq!(all.into_iter().collect::<HashSet<_>>().len(), 200);
}

pub(crate) async fn newest_first_and_fewest_attempts(store: Store) {
    record(&store, 3).await;
    store.record_found("34", &[link("undated", None)], at(0)).await.expect("recorded");
    let failed = claim(&store, Stage::Found, 0).await;
    assert_eq!(failed.bulletin.title, "Recueil 002");
    store.fail(&failed, &Failure::of_status(500), Fate::Later(at(0)), at(0)).await.expect("failed");
    let mut titles = Vec::new();
    while let Some(claimed) = try_claim(&store, Stage::Found, 1).await {
        titles.push((claimed.bulletin.title, claimed.bulletin.attempts));
    }
    let expected = [("000", 1), ("undated", 1), ("002", 2)];
    let expected = expected.map(|(name, attempts)| (format!("Recueil {name}"), attempts));
    assert_eq!(titles[0], ("Recueil 001".to_owned(), 1));
    assert_eq!(titles[1..], expected);
}

pub(crate) async fn stages_and_sources_are_respected(store: Store) {
    record(&store, 1).await;
    store.record_found("2A", &[link("x", Some("2020-01-01"))], at(0)).await.expect("recorded");
    let take = async |stages: &[Stage], sources: Option<&[String]>| {
        let claimed = store.claim(stages, sources, "w", at(0), LEASE).await.expect("claim");
        claimed.map(|claimed| claimed.bulletin.source)
    };
    assert_eq!(take(&[Stage::Fetched, Stage::Read], None).await, None);
    assert_eq!(take(&[Stage::Found], Some(&[])).await, None);
    assert_eq!(take(&[Stage::Found], Some(&["75".into()])).await, None);
    assert_eq!(take(&[Stage::Found], Some(&["2A".into()])).await.as_deref(), Some("2A"));
    assert_eq!(take(&[Stage::Read, Stage::Found], None).await.as_deref(), Some("34"));
    assert_eq!(take(&[Stage::Found], None).await, None);
}

pub(crate) async fn a_lease_runs_out(store: Store) {
    record(&store, 1).await;
    let mut first = claim(&store, Stage::Found, 0).await;
    assert_eq!(first.lease_until, at(10));
    assert_eq!(try_claim(&store, Stage::Found, 9).await, None);
    store.renew_lease(&mut first, at(9), LEASE).await.expect("renewed");
    assert_eq!(first.lease_until, at(19));
    assert_eq!(try_claim(&store, Stage::Found, 18).await, None);

    let second = claim(&store, Stage::Found, 19).await;
    assert_eq!(second.bulletin.id, first.bulletin.id);
    assert_eq!(second.bulletin.attempts, 1, "a try without an end does not count");
    let lost = store.renew_lease(&mut first, at(19), LEASE).await;
    assert!(matches!(lost, Err(StoreError::LeaseLost { .. })), "{lost:?}");
}

/// Both claims bear the same worker's name: the name alone is no proof.
pub(crate) async fn late_answers_are_refused(store: Store) {
    record(&store, 1).await;
    let late = claim(&store, Stage::Found, 0).await;
    let present = claim(&store, Stage::Found, 10).await;
    let refused = |result: Result<(), StoreError>| match result {
        Err(StoreError::LeaseLost { bulletin, .. }) => assert_eq!(bulletin, late.bulletin.id.0),
        other => panic!("{other:?}"),
    };
    refused(store.fail(&late, &Failure::of_status(404), Fate::GivenUp(None), at(11)).await);
    refused(store.release(&late).await);
    refused(store.complete_fetch(&late, &fetched("late"), at(11)).await.map(drop));
    let totals = store.totals().await.expect("totals");
    assert_eq!(totals.documents, 0, "nothing of the late answer was written");

    store.complete_fetch(&present, &fetched("pdf"), at(11)).await.expect("fetched");
    refused(store.complete_fetch(&present, &fetched("pdf"), at(12)).await.map(drop));
}

pub(crate) async fn failures_wait_then_give_up(store: Store) {
    record(&store, 1).await;
    let first = claim(&store, Stage::Found, 0).await;
    store
        .fail(&first, &FailureKind::TimedOut.into(), Fate::Later(at(30)), at(1))
        .await
        .expect("failed");
    assert_eq!(try_claim(&store, Stage::Found, 29).await, None);
    let row = store.bulletin(first.bulletin.id).await.expect("read").expect("there");
    assert_eq!(row.failure, Some(FailureKind::TimedOut.into()));
    assert_eq!((row.next_attempt_at, row.failed_at), (Some(at(30)), None));

    let minute = chrono::TimeDelta::minutes(1);
    let pace = |now| store.pace(at(now), minute);
    assert!(!pace(29).await.expect("pace").is_stalled(), "its time has not come");
    assert!(!pace(30).await.expect("pace").is_stalled(), "it has just come");
    assert!(pace(32).await.expect("pace").is_stalled(), "nobody took it");

    let backlog = store.backlog(None, at(29)).await.expect("backlog");
    assert_eq!((backlog.pending(), backlog.waiting), (1, 1), "its time has not come");
    assert_eq!(store.backlog(None, at(30)).await.expect("backlog").waiting, 0, "it has");

    let to_retry = BulletinFilter { to_retry: true, ..BulletinFilter::default() };
    assert_eq!(store.count_bulletins(&to_retry).await.expect("count"), 1);

    let second = claim(&store, Stage::Found, 30).await;
    store
        .fail(&second, &Failure::of_status(404), Fate::GivenUp(None), at(31))
        .await
        .expect("given up");
    assert_eq!(try_claim(&store, Stage::Found, 9999).await, None);
    let backlog = store.backlog(None, at(31)).await.expect("backlog");
    assert_eq!(backlog, Backlog { failed: 1, ..Backlog::default() });

    assert_eq!(store.count_bulletins(&to_retry).await.expect("count"), 0, "given up");
    let other = BulletinFilter { sources: vec!["75".into()], ..BulletinFilter::default() };
    assert_eq!(store.retry_failed(&other).await.expect("retry"), 0);
    let other = BulletinFilter {
        ids: vec![BulletinId(first.bulletin.id.0 + 1)],
        ..BulletinFilter::default()
    };
    assert_eq!(store.retry_failed(&other).await.expect("retry"), 0);
    assert_eq!(store.retry_failed(&BulletinFilter::default()).await.expect("retry"), 1);
    let third = claim(&store, Stage::Found, 32).await;
    assert_eq!(third.bulletin.attempts, 1);
    store.complete_fetch(&third, &fetched("pdf"), at(32)).await.expect("fetched");
    let row = store.bulletin(first.bulletin.id).await.expect("read").expect("there");
    assert_eq!((row.failure, row.failed_at, row.attempts), (None, None, 0));
}

/// However often the process dies, by signal (its next self gives the lease back) or with its
/// machine (the lease runs out): the bulletin keeps all its tries.
pub(crate) async fn a_process_that_dies_is_not_held_against_it(store: Store) {
    record(&store, 1).await;
    for round in 0..20 {
        let claimed = claim(&store, Stage::Found, 60 * round).await;
        assert_eq!(claimed.bulletin.attempts, 1, "round {round}");
        if round % 2 == 0 {
            assert_eq!(store.release_worker("w").await.expect("released"), 1);
        }
    }
}

/// What was given up is taken up again at its time, for one try.
pub(crate) async fn what_was_given_up_is_taken_up_again(store: Store) {
    record(&store, 2).await;
    let gone = Failure::of_status(404);
    let first = claim(&store, Stage::Found, 0).await;
    store.fail(&first, &gone, Fate::GivenUp(Some(at(1_000))), at(0)).await.expect("given up");
    let never = claim(&store, Stage::Found, 0).await;
    store.fail(&never, &gone, Fate::GivenUp(None), at(0)).await.expect("given up");
    assert_eq!(store.take_up_again(5, at(999)).await.expect("none"), 0);
    assert_eq!(try_claim(&store, Stage::Found, 999).await, None);
    assert_eq!(store.take_up_again(5, at(1_000)).await.expect("one"), 1);
    let again = claim(&store, Stage::Found, 1_000).await;
    assert_eq!((again.bulletin.id, again.bulletin.attempts), (first.bulletin.id, 6));
    assert_eq!(again.bulletin.failure, Some(gone), "what it failed by is still told");
}

pub(crate) async fn release_does_not_count(store: Store) {
    record(&store, 1).await;
    let first = claim(&store, Stage::Found, 0).await;
    let backlog = store.backlog(Some(&["34".into()]), at(0)).await.expect("backlog");
    assert_eq!((backlog.found, backlog.leased, backlog.pending()), (1, 1, 1));
    store.release(&first).await.expect("released");
    let second = claim(&store, Stage::Found, 0).await;
    assert_eq!(second.bulletin.attempts, 1);
    assert_eq!(store.backlog(Some(&[]), at(0)).await.expect("backlog"), Backlog::default());
}

pub(crate) async fn to_put_off_does_not_count(store: Store) {
    record(&store, 1).await;
    for round in 0..9 {
        let claimed = claim(&store, Stage::Found, 60 * round).await;
        assert_eq!(claimed.bulletin.attempts, 1);
        let failure = Failure::new(FailureKind::Resting, at(60 * (round + 1)).to_rfc3339());
        store.postpone(&claimed, &failure, at(60 * (round + 1))).await.expect("put off");
        assert!(try_claim(&store, Stage::Found, 60 * round + 59).await.is_none());
    }
    let row = claim(&store, Stage::Found, 600).await.bulletin;
    let failure = Failure::new(FailureKind::Resting, at(540).to_rfc3339());
    assert_eq!((row.failure, row.failed_at), (Some(failure), None));
}

/// What a restart does: the leases of the former self are given back, those of others stay.
pub(crate) async fn a_killed_process_takes_its_work_up_again(store: Store) {
    record(&store, 3).await;
    let mine = claim(&store, Stage::Found, 0).await;
    store.complete_fetch(&mine, &fetched("pdf"), at(0)).await.expect("fetched");
    claim(&store, Stage::Fetched, 0).await;
    claim(&store, Stage::Found, 0).await;
    store.claim(&[Stage::Found], None, "other", at(0), LEASE).await.expect("claim");

    let reopened = Store::open(&url_of(&store)).await;
    let store = reopened.unwrap_or(store);
    assert_eq!(store.release_worker("w").await.expect("released"), 2);
    let read = claim(&store, Stage::Fetched, 1).await;
    assert_eq!(read.bulletin.id, mine.bulletin.id, "it goes on after the fetch");
    assert_eq!(read.bulletin.attempts, 1, "the try that was killed does not count");
    claim(&store, Stage::Found, 1).await;
    assert_eq!(try_claim(&store, Stage::Found, 1).await, None);
}

/// The location of a test database has no password to hide: it is its address.
fn url_of(store: &Store) -> String {
    store.location().to_owned()
}

pub(crate) async fn what_awaits_ocr_is_left_to_those_who_can(store: Store) {
    record(&store, 2).await;
    for content in ["scan", "text"] {
        let found = claim(&store, Stage::Found, 0).await;
        store.complete_fetch(&found, &fetched(content), at(0)).await.expect("fetched");
    }
    let scan = claim(&store, Stage::Fetched, 1).await;
    store.rank_reading(&scan, OcrRank::Urgent).await.expect("ranked");
    store
        .postpone(&scan, &Failure::new(FailureKind::Machine, "tesseract"), at(1))
        .await
        .expect("given back");
    let backlog = store.backlog(None, at(1)).await.expect("backlog");
    assert_eq!((backlog.fetched, backlog.for_ocr), (2, 1));

    let claimed = async || store.claim_without_ocr(None, "w", at(1), LEASE).await.expect("claim");
    let text = claimed().await.expect("due");
    assert_ne!(text.bulletin.id, scan.bulletin.id);
    assert_eq!(claimed().await, None);
    assert_eq!(claim(&store, Stage::Fetched, 1).await.bulletin.id, scan.bulletin.id, "for others");
    assert_eq!(store.backlog(None, at(1)).await.expect("backlog").for_ocr, 0, "it is held");
}
