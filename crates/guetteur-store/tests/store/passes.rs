use chrono::Days;
use guetteur_model::{Failure, FailureKind, Level, Stage};
use guetteur_store::{
    Fate, ListRole, Look, PassKind, PassOutcome, Rhythm, SourceFailure, SourceState, SourceStatus,
    Store,
};

use crate::support::{Whole, act, at, claim, day, link, page, process, record};

pub(crate) async fn a_source_shows_its_passes_and_counts(store: Store) {
    assert!(store.source_states().await.expect("states").is_empty());
    let full = store.begin_pass("34", PassKind::Full, at(0)).await.expect("pass");
    let outcome = PassOutcome { requests: 9, found: 3, new: 3, failure: None };
    store.finish_pass(full, &outcome, at(2)).await.expect("end");
    let daily = store.begin_pass("34", PassKind::Daily, at(60)).await.expect("pass");
    let failed = SourceFailure {
        failure: Failure::of_status(500),
        url: Some("https://www.herault.gouv.fr/raa".to_owned()),
        pages: 2,
    };
    let failure = Some(failed.clone());
    let outcome = PassOutcome { requests: 1, failure, ..PassOutcome::default() };
    store.finish_pass(daily, &outcome, at(61)).await.expect("end");
    store.begin_pass("2A", PassKind::Quick, at(70)).await.expect("pass");

    record(&store, 3).await;
    let acts = [
        Whole::new(act(Some("1"), "Drones", 1, "a")).flag("drone", Level::Authorises),
        Whole::new(act(Some("2"), "Chasse", 1, "a")),
    ];
    process(&store, "pdf", &[page(1, "a")], &acts, 5).await;
    let given_up = claim(&store, Stage::Found, 6).await;
    store
        .fail(&given_up, &Failure::of_status(404), Fate::GivenUp(None), at(6))
        .await
        .expect("given up");

    let states = store.source_states().await.expect("states");
    let codes: Vec<&str> = states.iter().map(|state| &*state.code).collect();
    assert_eq!(codes, ["2A", "34"]);
    let state = &states[1];
    assert_eq!((state.last_ok_at, state.last_full_at), (Some(at(2)), Some(at(2))));
    assert_eq!((state.last_failure.clone(), state.last_error_at), (Some(failed), Some(at(61))));
    assert_eq!(state.last_new_at, Some(at(0)));
    assert_eq!(state.last_published_on, Some(day("2026-01-03")));
    assert_eq!((state.bulletins, state.pending, state.failed), (3, 1, 1));
    assert_eq!((state.acts, state.flagged), (2, 1));
    assert_eq!((states[0].last_ok_at, states[0].bulletins), (None, 0));

    assert_eq!(store.source_health().await.expect("states"), states, "no way missed anything");
}

pub(crate) async fn an_interrupted_pass_is_closed_by_the_next(store: Store) {
    store.begin_pass("34", PassKind::Daily, at(0)).await.expect("pass");
    let next = store.begin_pass("34", PassKind::Daily, at(60)).await.expect("pass");
    store.finish_pass(next, &PassOutcome::default(), at(61)).await.expect("end");
    let states = store.source_states().await.expect("states");
    let kind = states[0].last_failure.as_ref().map(|failed| failed.failure.kind);
    assert_eq!(kind, Some(FailureKind::Interrupted));
    assert_eq!(states[0].last_error_at, Some(at(60)));
    assert_eq!(states[0].last_ok_at, Some(at(61)));
}

pub(crate) async fn a_source_has_a_rhythm(store: Store) {
    let weekly: Vec<_> = (0..15)
        .map(|week| (day("2026-01-05") + Days::new(week * 7)).to_string())
        .flat_map(|day| [link(&day, Some(&day)), link(&format!("{day}-2"), Some(&day))])
        .collect();
    store.record_found("34", &weekly, at(0)).await.expect("found");
    store.record_found("35", &weekly_but_few(), at(0)).await.expect("found");
    let states = store.source_states().await.expect("states");
    assert_eq!(states[0].rhythm, Some(Rhythm { usual_days: 7, longest_days: 7 }));
    assert_eq!(states[1].rhythm, None);
}

fn weekly_but_few() -> Vec<guetteur_model::BulletinLink> {
    vec![link("few", Some("2026-01-05")), link("few-2", Some("2026-01-12"))]
}

pub(crate) async fn looks_count_in_its_state(store: Store) {
    record(&store, 1).await;
    let pass = store.begin_pass("34", PassKind::Daily, at(0)).await.expect("pass");
    store.finish_pass(pass, &PassOutcome::default(), at(1)).await.expect("end");
    store
        .set_newest_list("34", ListRole::List, "https://www.herault.gouv.fr/raa")
        .await
        .expect("set");
    let list = store.newest_lists(None).await.expect("lists").remove(0);
    let refused = Look::Failed(Failure::of_status(403));
    store.note_look(&list, &refused, at(15)).await.expect("noted");
    store.note_look(&list, &refused, at(90)).await.expect("noted");
    let state = store.source_states().await.expect("states").remove(0);
    assert_eq!((state.looked_at, state.failing_since), (Some(at(90)), Some(at(15))));
    assert_eq!(SourceStatus::of(Some(&state), at(90)), SourceStatus::Blocked);
    let failed = state.failure(at(90)).expect("out of reach");
    assert_eq!(failed.failure, Failure::of_status(403));
    assert_eq!(failed.url.as_deref(), Some("https://www.herault.gouv.fr/raa"));
    assert_eq!(state.failure(at(60)), None, "less than an hour");
}

pub(crate) async fn old_passes_are_forgotten_but_for_those_that_say_something(store: Store) {
    let pass = async |kind, minutes, failed: bool| {
        let failure = failed.then(|| Failure::of_status(500).into());
        let outcome = PassOutcome { failure, ..PassOutcome::default() };
        let pass = store.begin_pass("34", kind, at(minutes)).await.expect("pass");
        store.finish_pass(pass, &outcome, at(minutes)).await.expect("end");
    };
    for minutes in 0..10 {
        pass(PassKind::Full, minutes, false).await;
        pass(PassKind::Daily, minutes, false).await;
        pass(PassKind::Daily, minutes, true).await;
    }
    let before = store.source_states().await.expect("states");
    // The first and the last full one, the last that succeeded, the last that failed.
    assert_eq!(store.forget_passes(at(100)).await.expect("forgotten"), 30 - 4);
    let after = store.source_states().await.expect("states");
    let state = |states: &[SourceState]| {
        (states[0].last_ok_at, states[0].last_full_at, states[0].last_error_at)
    };
    assert_eq!(state(&after), state(&before));
    assert_eq!(store.forget_passes(at(100)).await.expect("forgotten"), 0);
}

pub(crate) async fn since_when_a_source_fails_is_not_forgotten(store: Store) {
    let pass = async |source, minutes, failed: bool| {
        let failure = failed.then(|| Failure::of_status(500).into());
        let outcome = PassOutcome { failure, ..PassOutcome::default() };
        let pass = store.begin_pass(source, PassKind::Daily, at(minutes)).await.expect("pass");
        store.finish_pass(pass, &outcome, at(minutes)).await.expect("end");
    };
    for (source, minutes, failed) in [
        ("34", 0, true),
        ("34", 1, false),
        ("34", 2, true),
        ("34", 3, true),
        ("34", 4, true),
        ("35", 5, true),
        ("35", 6, true),
        ("36", 7, true),
        ("36", 8, false),
    ] {
        pass(source, minutes, failed).await;
    }
    let since = async || -> Vec<_> {
        let states = store.source_states().await.expect("states");
        states.into_iter().map(|state| state.failed_since).collect()
    };
    assert_eq!(since().await, [Some(at(2)), Some(at(5)), None]);
    // The first of 34, and the third of the failures after its success.
    assert_eq!(store.forget_passes(at(100)).await.expect("forgotten"), 2);
    assert_eq!(since().await, [Some(at(2)), Some(at(5)), None]);
}
