use guetteur_model::{Level, Stage};
use guetteur_store::{PassKind, PassOutcome, Store};

use crate::support::{Whole, act, at, claim, day, page, process, record};

pub(crate) async fn a_source_shows_its_passes_and_counts(store: Store) {
    assert!(store.source_states().await.expect("states").is_empty());
    let full = store.begin_pass("34", PassKind::Full, at(0)).await.expect("pass");
    let outcome = PassOutcome { requests: 9, found: 3, new: 3, error: None };
    store.finish_pass(full, &outcome, at(2)).await.expect("end");
    let daily = store.begin_pass("34", PassKind::Daily, at(60)).await.expect("pass");
    let error = Some("le site répond 503".to_owned());
    let outcome = PassOutcome { requests: 1, error: error.clone(), ..PassOutcome::default() };
    store.finish_pass(daily, &outcome, at(61)).await.expect("end");
    store.begin_pass("2A", PassKind::Quick, at(70)).await.expect("pass");

    record(&store, 3).await;
    let acts = [
        Whole::new(act(Some("1"), "Drones", 1, "a")).flag("drone", Level::Authorises),
        Whole::new(act(Some("2"), "Chasse", 1, "a")),
    ];
    process(&store, "pdf", &[page(1, "a")], &acts, 5).await;
    let given_up = claim(&store, Stage::Found, 6).await;
    store.fail(&given_up, "404", None, at(6)).await.expect("given up");

    let states = store.source_states().await.expect("states");
    let codes: Vec<&str> = states.iter().map(|state| &*state.code).collect();
    assert_eq!(codes, ["2A", "34"]);
    let state = &states[1];
    assert_eq!((state.last_ok_at, state.last_full_at), (Some(at(2)), Some(at(2))));
    assert_eq!((state.last_error.clone(), state.last_error_at), (error, Some(at(61))));
    assert_eq!(state.last_new_at, Some(at(0)));
    assert_eq!(state.last_published_on, Some(day("2026-01-03")));
    assert_eq!((state.bulletins, state.pending, state.failed), (3, 1, 1));
    assert_eq!((state.acts, state.flagged), (2, 1));
    assert_eq!((states[0].last_ok_at, states[0].bulletins), (None, 0));
}

pub(crate) async fn an_interrupted_pass_is_closed_by_the_next(store: Store) {
    store.begin_pass("34", PassKind::Daily, at(0)).await.expect("pass");
    let next = store.begin_pass("34", PassKind::Daily, at(60)).await.expect("pass");
    store.finish_pass(next, &PassOutcome::default(), at(61)).await.expect("end");
    let states = store.source_states().await.expect("states");
    assert_eq!(states[0].last_error.as_deref(), Some("interrupted"));
    assert_eq!(states[0].last_error_at, Some(at(60)));
    assert_eq!(states[0].last_ok_at, Some(at(61)));
}
