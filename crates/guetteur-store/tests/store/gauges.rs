use guetteur_model::{Failure, FailureKind, Stage};
use guetteur_store::{AlarmKind, Fate, PassKind, PassOutcome, SourceFailure, Store, Wrong};

use crate::support::{at, claim, fetched, record};

pub(crate) async fn what_is_measured(store: Store) {
    let empty = store.gauges(at(0)).await.expect("measured");
    assert_eq!((empty.stages.len(), empty.given_up, empty.documents), (3, 0, 0));
    assert!(empty.stages.iter().all(|gauge| gauge.due == 0 && gauge.oldest_at.is_none()));
    assert!(empty.database_bytes > 0);

    record(&store, 4).await;
    let first = claim(&store, Stage::Found, 1).await;
    store.complete_fetch(&first, &fetched("a"), at(2)).await.expect("fetched");
    let gone = claim(&store, Stage::Found, 2).await;
    store.fail(&gone, &Failure::of_status(404), Fate::GivenUp(None), at(3)).await.expect("failed");
    let later = claim(&store, Stage::Found, 3).await;
    store
        .fail(&later, &Failure::of_status(500), Fate::Later(at(500)), at(3))
        .await
        .expect("failed");
    let pass = store.begin_pass("34", PassKind::Daily, at(4)).await.expect("pass");
    let failure = Some(SourceFailure::from(Failure::new(FailureKind::TimedOut, "")));
    let outcome = PassOutcome { failure, ..PassOutcome::default() };
    store.finish_pass(pass, &outcome, at(5)).await.expect("end");
    let wrong = Wrong { kind: AlarmKind::Blind, subject: "34".to_owned(), since: at(0) };
    store.set_alarms(AlarmKind::ALL, &[wrong], at(5)).await.expect("alarm");

    let gauges = store.gauges(at(10)).await.expect("measured");
    let stages = gauges.stages.iter().map(|gauge| (gauge.stage, gauge.due, gauge.oldest_at));
    let expected =
        [(Stage::Found, 1, Some(at(0))), (Stage::Fetched, 1, Some(at(2))), (Stage::Read, 0, None)];
    assert_eq!(stages.collect::<Vec<_>>(), expected);
    assert_eq!((gauges.given_up, gauges.documents), (1, 1));
    let failures: Vec<_> =
        gauges.failures.iter().map(|gauge| (&*gauge.source, gauge.kind, gauge.passes)).collect();
    assert_eq!(failures, [("34", FailureKind::TimedOut, 1)]);
    let blind = gauges.alarms.iter().find(|(kind, _)| *kind == AlarmKind::Blind);
    assert_eq!(blind, Some(&(AlarmKind::Blind, 1)));
    let tomorrow = store.gauges(at(24 * 60 + 10)).await.expect("measured");
    assert!(tomorrow.failures.is_empty(), "of the last day");
}
