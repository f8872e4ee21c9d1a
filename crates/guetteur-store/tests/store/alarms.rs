use std::time::Duration;

use chrono::TimeDelta;
use guetteur_model::{AlarmId, Failure, FailureKind, Stage};
use guetteur_store::{
    About, Alarm, AlarmKind, AlarmTold, Channel, ClaimedMessage, Fate, Frequency, MessageKind,
    PassKind, PassOutcome, Receiver, Settled, SignUp, SourceFailure, Store, Subscription, Wrong,
};

use crate::support::{at, claim, record, try_claim};

const KINDS: &[AlarmKind] = AlarmKind::ALL;

fn blind(source: &str, since: i64) -> Wrong {
    Wrong { kind: AlarmKind::Blind, subject: source.to_owned(), since: at(since) }
}

async fn open(store: &Store) -> Vec<Alarm> {
    let mut open = store.alarms(at(100_000)).await.expect("alarms");
    open.sort_by_key(|alarm| alarm.id);
    open
}

async fn subscriber(store: &Store, address: &str) -> Subscription {
    let new = SignUp {
        address,
        query: "",
        frequency: Frequency::Weekly,
        renewals: false,
        still_watching: false,
        token: address,
        confirm: address,
    };
    store.sign_up(new, at(0)).await.expect("signed up");
    let letter = next(store, 0).await.expect("to confirm");
    store.settle_message(&letter, &Settled::Sent, at(0)).await.expect("sent");
    let confirmed = store.confirm_subscription(address, at(0), at(0)).await.expect("confirmed");
    confirmed.expect("there")
}

async fn next(store: &Store, minutes: i64) -> Option<ClaimedMessage> {
    let lease = Duration::from_secs(60);
    store.claim_message(&[Channel::Mail], "w", at(minutes), lease).await.expect("claim")
}

pub(crate) async fn an_alarm_is_raised_once_and_ended_once(store: Store) {
    let set = async |wrong: &[Wrong], minutes| {
        store.set_alarms(KINDS, wrong, at(minutes)).await.expect("set")
    };
    assert_eq!(set(&[blind("34", 0), blind("35", 5)], 10).await, (2, 0));
    assert_eq!(set(&[blind("34", 7), blind("35", 5)], 11).await, (0, 0), "they last");
    assert_eq!(set(&[blind("35", 5)], 12).await, (0, 1));
    let all = store.alarms(at(12)).await.expect("alarms");
    let ended = all.iter().find(|alarm| alarm.subject == "34").expect("kept for a while");
    assert_eq!((ended.since, ended.raised_at, ended.over_at), (at(0), at(10), Some(at(12))));
    assert_eq!(store.alarms(at(13)).await.expect("alarms").len(), 1, "the open one alone");
    assert_eq!(set(&[blind("34", 20), blind("35", 5)], 30).await, (1, 0), "a new one");
    // Other kinds are left alone.
    let silent = store.set_alarms(&[AlarmKind::Silent], &[], at(31)).await.expect("set");
    assert_eq!((silent, open(&store).await.len()), ((0, 0), 2));
}

pub(crate) async fn nobody_is_told_twice(store: Store) {
    let (one, other) = (subscriber(&store, "a@b.example").await, subscriber(&store, "c").await);
    store.set_alarms(KINDS, &[blind("34", 0)], at(10)).await.expect("set");
    let id = open(&store).await[0].id;
    let (raised, over) = ([(id, AlarmTold::Raised)], [(id, AlarmTold::Over)]);
    let tell = async |subscription: &Subscription, told: &[(AlarmId, AlarmTold)], minutes| {
        let pause = TimeDelta::zero();
        store.tell_alarms(subscription.id, told, pause, at(minutes)).await.expect("told")
    };
    assert!(!tell(&one, &over, 10).await, "who did not hear of it need not hear that it is over");
    // Two machines at once.
    let (first, second) = tokio::join!(tell(&one, &raised, 11), tell(&one, &raised, 11));
    assert_eq!(u32::from(first) + u32::from(second), 1);
    assert!(!tell(&one, &raised, 12).await);
    assert!(tell(&one, &over, 13).await && !tell(&one, &over, 14).await);
    // As many as there are, and more than a statement takes.
    let many: Vec<AlarmId> = (0..40_000).map(AlarmId).collect();
    assert_eq!(store.alarms_by_ids(&many).await.expect("read"), open(&store).await);
    let known = store.told_alarms(&many).await.expect("known");
    assert_eq!(known[&one.id].len(), 2);
    assert_eq!(known.get(&other.id), None);
    let letters =
        [next(&store, 20).await, next(&store, 20).await].map(|letter| letter.expect("two"));
    assert!(letters.iter().all(|letter| letter.kind == MessageKind::Alarm));
    assert_eq!(letters[0].payload.alarms, raised);
    assert_eq!(next(&store, 20).await, None);
    assert!(store.unsubscribe("a@b.example").await.expect("gone"), "with what it was told");
}

pub(crate) async fn many_alarms_are_one_letter(store: Store) {
    let reader = subscriber(&store, "a@b.example").await;
    let raised = async |wrong: &[Wrong], minutes| {
        store.set_alarms(KINDS, wrong, at(minutes)).await.expect("set");
        let told: Vec<_> =
            open(&store).await.into_iter().map(|alarm| (alarm.id, AlarmTold::Raised)).collect();
        let hour = TimeDelta::hours(1);
        store.tell_alarms(reader.id, &told, hour, at(minutes)).await.expect("told")
    };
    assert!(raised(&[blind("34", 0), blind("35", 0)], 10).await);
    let three = [blind("34", 0), blind("35", 0), blind("36", 0), blind("37", 0)];
    assert!(!raised(&three, 30).await, "within the hour");
    assert!(raised(&three, 70).await);
    let letters = [next(&store, 80).await, next(&store, 80).await];
    let counts = letters.map(|letter| letter.expect("two").payload.alarms.len());
    assert_eq!(counts, [2, 2]);
}

pub(crate) async fn what_is_tried_once_more_is_still_given_up(store: Store) {
    record(&store, 2).await;
    let first = claim(&store, Stage::Found, 0).await;
    store
        .fail(&first, &Failure::of_status(404), Fate::GivenUp(Some(at(100))), at(5))
        .await
        .expect("failed");
    let given_up = async || store.given_up().await.expect("given up");
    assert_eq!(given_up().await, [(first.bulletin.id, at(5))]);
    let wrong =
        Wrong { kind: AlarmKind::GivenUp, subject: first.bulletin.id.to_string(), since: at(5) };
    store.set_alarms(KINDS, &[wrong], at(6)).await.expect("set");
    assert_eq!(store.take_up_again(2, at(100)).await.expect("again"), 1);
    assert_eq!(given_up().await.len(), 1, "told once, not at each further try");
    let again = try_claim(&store, Stage::Found, 100).await.expect("due");
    let again = match again.bulletin.id == first.bulletin.id {
        true => again,
        false => claim(&store, Stage::Found, 100).await,
    };
    let fetched = crate::support::fetched("there after all");
    store.complete_fetch(&again, &fetched, at(101)).await.expect("fetched");
    assert_eq!(given_up().await, []);
}

pub(crate) async fn the_operator_is_a_receiver_of_the_settings(store: Store) {
    let reader = subscriber(&store, "a@b.example").await;
    let operator = |address: &str| Receiver {
        target: address.to_owned(),
        query: "alarms".to_owned(),
        about: About::Alarms,
    };
    let set = async |receivers: &[Receiver]| {
        store.configure_receivers(Channel::Mail, receivers, at(1)).await.expect("configured");
        let all = store.confirmed_subscriptions().await.expect("all");
        all.into_iter().map(|one| (one.target, one.about)).collect::<Vec<_>>()
    };
    let of = |address: &str, about| (address.to_owned(), about);
    let both = [of("a@b.example", About::Acts), of("a@b.example", About::Alarms)];
    assert_eq!(set(&[operator("a@b.example")]).await, both, "who may be a reader too");
    assert_eq!(store.due_subscriptions(at(9)).await.expect("due").len(), 1, "acts are no alarms");
    let other = [of("a@b.example", About::Acts), of("x@b.example", About::Alarms)];
    assert_eq!(set(&[operator("x@b.example")]).await, other);
    assert_eq!(set(&[]).await, [of(&reader.target, About::Acts)], "readers stay");
}

pub(crate) async fn a_source_says_since_when_it_fails(store: Store) {
    let failed = async |minutes| {
        let failure = SourceFailure::from(Failure::new(FailureKind::SiteDown, "500"));
        let outcome = PassOutcome { failure: Some(failure), ..PassOutcome::default() };
        let pass = store.begin_pass("34", PassKind::Daily, at(minutes)).await.expect("pass");
        store.finish_pass(pass, &outcome, at(minutes)).await.expect("end");
    };
    let since = async || store.source_health().await.expect("states")[0].failed_since;
    for minutes in [1, 2] {
        failed(minutes).await;
        assert_eq!(since().await, Some(at(1)), "never read");
    }
    let pass = store.begin_pass("34", PassKind::Daily, at(3)).await.expect("pass");
    store.finish_pass(pass, &PassOutcome::default(), at(3)).await.expect("end");
    assert_eq!(since().await, None);
    failed(4).await;
    failed(5).await;
    assert_eq!(since().await, Some(at(4)));
}
