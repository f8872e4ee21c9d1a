use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use guetteur_model::{ActId, Level, Ruling};
use guetteur_store::{
    About, Channel, ClaimedMessage, Created, FORGOTTEN_AFTER, Frequency, LETTERS_A_DAY,
    LETTERS_A_DAY_TO_ALL, MessageKind, MessageState, NewMessage, NewOutcome, NewSubscription,
    PassKind, PassOutcome, Payload, Receiver, Recorded, Settled, SignUp, Store, Subscription,
    Telling, Told, Wish,
};

use crate::support::{Whole, act, at, cut_again, day, link, page, process, record};

const LEASE: Duration = Duration::from_secs(600);
const MAIL: &[Channel] = &[Channel::Mail];

async fn sign_up(store: &Store, address: &str, query: &str, nth: u32, now: DateTime<Utc>) {
    let (token, confirm) = (format!("token {nth}"), format!("confirm {nth}"));
    let new = SignUp {
        address,
        query,
        frequency: Frequency::Daily,
        renewals: false,
        still_watching: false,
        token: &token,
        confirm: &confirm,
    };
    store.sign_up(new, now).await.expect("signed up");
}

/// A subscription that a program makes.
fn by_webhook() -> NewSubscription<'static> {
    NewSubscription {
        channel: Channel::Webhook,
        target: "https://a.example/crochet",
        query: "categorie=drone",
        frequency: Frequency::Daily,
        renewals: false,
        still_watching: false,
        note: Some("le collectif"),
        token: "token 1",
        api_key: "asso",
        secret: Some("whsec_a"),
        confirm: None,
        next_due_at: at(10),
    }
}

async fn confirmed(store: &Store, address: &str, nth: u32, minutes: i64) -> Subscription {
    sign_up(store, address, "categorie=drone", nth, at(minutes)).await;
    let letter = claim(store, minutes).await.expect("a letter");
    assert!(store.settle_message(&letter, &Settled::Sent, at(minutes)).await.expect("settled"));
    let confirm = format!("confirm {nth}");
    let confirmed = store.confirm_subscription(&confirm, at(minutes), at(minutes)).await;
    confirmed.expect("confirmed").expect("there")
}

async fn claim(store: &Store, minutes: i64) -> Option<ClaimedMessage> {
    store.claim_message(MAIL, "w", at(minutes), LEASE).await.expect("claim")
}

async fn count(store: &Store, state: MessageState) -> u64 {
    let counts = store.count_messages().await.expect("counts");
    counts.into_iter().find(|(of, _)| *of == state).expect("each state").1
}

fn telling(subscription: &Subscription, to: i64, acts: &[ActId]) -> Telling {
    let told: Vec<(ActId, Told)> = acts.iter().map(|act| (*act, Told::New)).collect();
    Telling {
        subscription: subscription.id,
        from_revision: subscription.told_revision,
        to_revision: to,
        next_due_at: at(1000),
        messages: vec![NewMessage {
            dedupe_key: format!("alert:{}:{to}", subscription.id),
            payload: Payload { acts: told.clone(), ..Payload::default() },
        }],
        told,
    }
}

async fn tell(store: &Store, telling: &Telling, minutes: i64) -> bool {
    let moved = store.tell(std::slice::from_ref(telling), at(minutes)).await;
    moved.expect("told").contains(&telling.subscription)
}

async fn one_act(store: &Store, minutes: i64) -> ActId {
    record(store, 1).await;
    let text = "texte de la page";
    let whole = Whole::new(act(Some("1"), "a", 1, text)).flag("drone", Level::Authorises);
    process(store, "pdf", &[page(1, text)], &[whole], minutes).await.1.ids[0]
}

pub(crate) async fn nobody_is_subscribed_by_another(store: Store) {
    sign_up(&store, "a@b.example", "categorie=drone", 1, at(0)).await;
    let letter = claim(&store, 0).await.expect("a letter");
    assert_eq!(letter.kind, MessageKind::Confirmation);
    assert_eq!(letter.payload.confirm.as_deref(), Some("confirm 1"));
    assert!(store.due_subscriptions(at(1)).await.expect("due").is_empty(), "not confirmed");
    let pending = store.subscription_to_confirm("confirm 1").await.expect("read").expect("there");
    assert_eq!((pending.confirmed_at, pending.target.as_str()), (None, "a@b.example"));
    assert!(store.subscription_to_confirm("confirm 2").await.expect("read").is_none());
    assert!(store.confirm_subscription("x\0", at(1), at(1)).await.expect("read").is_none());

    one_act(&store, 1).await;
    let revision = store.totals().await.expect("totals").revision;
    let stands = store.confirm_subscription("confirm 1", at(5), at(2)).await.expect("ok");
    let stands = stands.expect("there");
    assert_eq!(stands.confirmed_at, Some(at(2)));
    assert_eq!(stands.told_revision, revision, "what was there is not told");
    let again = store.confirm_subscription("confirm 1", at(9), at(9)).await.expect("ok");
    assert_eq!(again.as_ref(), Some(&stands), "a second click changes nothing");
    assert!(store.due_subscriptions(at(4)).await.expect("due").is_empty());
    assert_eq!(store.due_subscriptions(at(5)).await.expect("due"), [stands]);
}

pub(crate) async fn a_letter_sent_keeps_no_secret(store: Store) {
    sign_up(&store, "a@b.example", "", 1, at(0)).await;
    let letter = claim(&store, 0).await.expect("a letter");
    store.settle_message(&letter, &Settled::Sent, at(0)).await.expect("settled");
    assert!(claim(&store, 10_000).await.is_none(), "sent once");
    assert_eq!(count(&store, MessageState::Sent).await, 1);
}

pub(crate) async fn a_mailbox_is_not_flooded(store: Store) {
    for nth in 0..20 {
        sign_up(&store, "a@b.example", &format!("q={nth}"), nth, at(0)).await;
    }
    sign_up(&store, "other@b.example", "q=1", 99, at(0)).await;
    let mut letters = Vec::new();
    while let Some(letter) = claim(&store, 0).await {
        letters.push(letter.subscription.target);
    }
    let of = |address: &str| letters.iter().filter(|to| *to == address).count() as i64;
    assert_eq!((of("a@b.example"), of("other@b.example")), (LETTERS_A_DAY, 1));
    for nth in 0..20 {
        sign_up(&store, &format!("a+{nth}@b.example"), "q=1", 200 + nth, at(1)).await;
    }
    assert_eq!(claim(&store, 1).await, None, "tags are of one mailbox");
    sign_up(&store, "a@b.example", "q=3", 100, at(24 * 60 + 1)).await;
    assert!(claim(&store, 24 * 60 + 1).await.is_some(), "a new day");
}

pub(crate) async fn nor_are_all_of_them(store: Store) {
    let most = u32::try_from(LETTERS_A_DAY_TO_ALL).expect("small");
    for nth in 0..most + 5 {
        sign_up(&store, &format!("a{nth}@b.example"), "q=1", nth, at(0)).await;
    }
    assert_eq!(count(&store, MessageState::Pending).await, u64::from(most));
}

pub(crate) async fn to_sign_up_again_changes_nothing_that_stands(store: Store) {
    let stands = confirmed(&store, "a@b.example", 1, 0).await;
    let new = SignUp {
        address: "a@b.example",
        query: "categorie=drone",
        frequency: Frequency::Weekly,
        renewals: true,
        still_watching: true,
        token: "token 2",
        confirm: "confirm 2",
    };
    store.sign_up(new, at(1)).await.expect("signed up");
    let letter = claim(&store, 1).await.expect("a letter");
    assert_eq!((letter.kind, &letter.payload.confirm), (MessageKind::Reminder, &None));
    assert_eq!(letter.subscription, stands);
    assert!(store.subscription_to_confirm("confirm 2").await.expect("read").is_none());
}

pub(crate) async fn to_unsubscribe_leaves_nothing(store: Store) {
    let id = one_act(&store, 0).await;
    let stands = confirmed(&store, "a@b.example", 1, 1).await;
    let to = stands.told_revision + 1;
    assert!(tell(&store, &telling(&stands, to, &[id]), 2).await);
    assert!(!store.unsubscribe("token 9").await.expect("unknown"));
    assert!(store.unsubscribe("token 1").await.expect("gone"));
    assert!(!store.unsubscribe("token 1").await.expect("gone already"));
    assert!(store.subscription_by_token("token 1").await.expect("read").is_none());
    assert!(store.told(&[id]).await.expect("told").is_empty());
    for state in MessageState::ALL {
        assert_eq!(count(&store, *state).await, 0, "{state:?}");
    }
    sign_up(&store, "a@b.example", "categorie=drone", 3, at(3)).await;
    assert!(claim(&store, 3).await.is_some(), "welcome back");
}

pub(crate) async fn what_nobody_confirms_is_forgotten(store: Store) {
    sign_up(&store, "a@b.example", "q=1", 1, at(0)).await;
    confirmed(&store, "c@d.example", 2, 0).await;
    let late = at(0) + FORGOTTEN_AFTER;
    assert_eq!(store.forget_subscriptions(late).await.expect("forgotten"), 0);
    assert_eq!(
        store.forget_subscriptions(late + TimeDelta::seconds(1)).await.expect("forgotten"),
        1
    );
    assert!(store.subscription_to_confirm("confirm 1").await.expect("read").is_none());
    assert!(store.subscription_to_confirm("confirm 2").await.expect("read").is_some());
}

fn wish(query: &'static str, frequency: Frequency, paused: bool) -> Wish<'static> {
    Wish {
        query,
        frequency,
        note: Some("pour la réunion"),
        paused,
        renewals: true,
        still_watching: true,
        next_due_at: at(20),
    }
}

pub(crate) async fn subscribers_change_what_they_follow(store: Store) {
    let stands = confirmed(&store, "a@b.example", 1, 0).await;
    let weekly = wish("categorie=vsa", Frequency::Weekly, true);
    let changed = store.change_subscription("token 1", &weekly, at(2)).await.expect("changed");
    let changed = changed.expect("there");
    assert_eq!((changed.query.as_str(), changed.frequency), ("categorie=vsa", Frequency::Weekly));
    assert_eq!(
        (changed.paused_at, changed.note.as_deref()),
        (Some(at(2)), Some("pour la réunion"))
    );
    assert_eq!(changed.told_revision, stands.told_revision);
    assert!(store.due_subscriptions(at(30)).await.expect("due").is_empty(), "paused");
    assert_eq!(store.confirmed_subscriptions().await.expect("all"), [], "nor is it told of alarms");
    one_act(&store, 3).await;
    let back = wish("categorie=vsa", Frequency::Immediate, false);
    let back = store.change_subscription("token 1", &back, at(4)).await.expect("changed");
    let back = back.expect("there");
    assert_eq!(back.paused_at, None);
    assert_eq!(back.told_revision, store.totals().await.expect("totals").revision);
    assert_eq!(
        store.waiting_subscriptions(at(10)).await.expect("waiting"),
        std::slice::from_ref(&back)
    );
    assert_eq!(store.due_subscriptions(at(30)).await.expect("due"), [back]);
    assert!(store.change_subscription("token 9", &weekly, at(5)).await.expect("none").is_none());
}

pub(crate) async fn renewals_are_told_once_to_whoever_asked(store: Store) {
    let id = one_act(&store, 0).await;
    let stands = confirmed(&store, "a@b.example", 1, 1).await;
    assert!(!stands.renewals);
    let tell =
        async |minutes| store.tell_endings(stands.id, &[id], at(minutes)).await.expect("asked");
    assert!(!tell(2).await, "not asked for");
    let wish = wish("categorie=drone", Frequency::Weekly, false);
    let changed = store.change_subscription("token 1", &wish, at(3)).await.expect("changed");
    assert!(changed.expect("there").renewals);
    assert!(tell(4).await);
    assert!(!tell(5).await, "told already");
    let letter = claim(&store, 6).await.expect("a letter");
    assert_eq!(
        (letter.kind, &*letter.payload.acts),
        (MessageKind::Alert, &[(id, Told::Ending)][..])
    );
    assert!(claim(&store, 6).await.is_none());
    let paused = Wish { paused: true, ..wish };
    store.change_subscription("token 1", &paused, at(7)).await.expect("changed");
    assert!(!store.tell_endings(stands.id, &[ActId(99)], at(8)).await.expect("paused"));
}

pub(crate) async fn a_quiet_week_is_told_once_to_whoever_asked(store: Store) {
    let stands = confirmed(&store, "a@b.example", 1, 0).await;
    claim(&store, 0).await;
    let day = |days: i64| at(0) + TimeDelta::days(days);
    let tell = async |week_end: i64, now: i64| {
        store.tell_still_watching(stands.id, day(week_end), day(now)).await.expect("told")
    };
    assert!(!tell(8, 8).await, "it was not asked for");
    let wish = wish("categorie=drone", Frequency::Daily, false);
    let change = async |wish: &Wish<'_>| {
        store.change_subscription("token 1", wish, at(0)).await.expect("changed").expect("there")
    };
    assert!(change(&wish).await.still_watching);
    assert!(!tell(6, 6).await, "it was not held all the week");
    assert!(tell(8, 8).await);
    assert!(!tell(8, 9).await, "once a week");
    assert!(!tell(8, 14).await);
    let letter = claim(&store, 8 * 24 * 60).await.expect("a letter");
    assert_eq!((letter.kind, letter.subscription.id), (MessageKind::StillWatching, stands.id));
    assert!(tell(15, 15).await, "the week after");
    // An act is told on the 16th day.
    let act = one_act(&store, 0).await;
    let telling = telling(&stands, 1, &[act]);
    assert!(self::tell(&store, &telling, 16 * 24 * 60).await);
    assert!(!tell(22, 22).await, "a week with an alert");
    assert!(tell(29, 29).await);
    let paused = Wish { paused: true, ..wish };
    change(&paused).await;
    assert!(!tell(36, 36).await, "in a pause nothing is sent");
}

pub(crate) async fn programs_keep_their_own(store: Store) {
    let new = by_webhook();
    let made = store.create_subscription(&new, at(0)).await.expect("noted");
    let Created::Made(made) = made else { panic!("{made:?}") };
    assert_eq!((made.confirmed_at, made.secret.as_deref()), (Some(at(0)), Some("whsec_a")));
    let twice = NewSubscription { token: "token 2", api_key: "autre", ..new };
    assert_eq!(store.create_subscription(&twice, at(1)).await.expect("asked"), Created::Exists);
    let of = async |key: &str| store.subscriptions_of_key(key).await.expect("read");
    assert_eq!(of("asso").await, std::slice::from_ref(&*made));
    assert_eq!(of("autre").await, []);
    let by_id = async |key: &str| store.subscription_of_key(key, made.id).await.expect("read");
    assert_eq!((by_id("asso").await, by_id("autre").await), (Some(*made.clone()), None));
    // What the settings name, or name no more, is another matter.
    store.configure_receivers(Channel::Webhook, &[], at(2)).await.expect("configured");
    assert_eq!(store.due_subscriptions(at(10)).await.expect("due"), [*made]);

    let letter = NewSubscription {
        channel: Channel::Mail,
        target: "a@b.example",
        token: "token 3",
        secret: None,
        confirm: Some("confirm 3"),
        ..new
    };
    let asked = store.create_subscription(&letter, at(3)).await.expect("noted");
    assert!(matches!(&asked, Created::Made(made) if made.confirmed_at.is_none()), "{asked:?}");
    assert_eq!(claim(&store, 3).await.expect("letter").kind, MessageKind::Confirmation);
    let confirmed = store.confirm_subscription("confirm 3", at(4), at(4)).await.expect("ok");
    assert_eq!(confirmed.expect("there").api_key.as_deref(), Some("asso"));
    let queries: Vec<String> = (0..LETTERS_A_DAY).map(|nth| format!("q={nth}")).collect();
    let mut refused = 0;
    for (nth, query) in queries.iter().enumerate() {
        let (token, confirm) = (format!("t{nth}"), format!("c{nth}"));
        let more = NewSubscription { query, token: &token, confirm: Some(&confirm), ..letter };
        let became = store.create_subscription(&more, at(5)).await.expect("asked");
        refused += u32::from(became == Created::TooManyLetters);
    }
    assert_eq!(refused, 1, "a mailbox is not flooded by programs either");
    assert_eq!(of("asso").await.len(), 1 + LETTERS_A_DAY as usize, "of which nothing is kept");
    assert!(store.unsubscribe("token 1").await.expect("ended"));
    assert!(of("asso").await.iter().all(|one| one.channel == Channel::Mail));
}

pub(crate) async fn a_link_shows_all_of_an_address_for_a_while(store: Store) {
    confirmed(&store, "a@b.example", 1, 0).await;
    sign_up(&store, "a@b.example", "q=not+confirmed", 2, at(0)).await;
    claim(&store, 0).await.expect("a letter");
    store.send_link("a@b.example", "secret", at(60), at(1)).await.expect("queued");
    store.send_link("nobody@b.example", "other", at(60), at(1)).await.expect("told nobody");
    let letter = claim(&store, 1).await.expect("a letter");
    assert_eq!(letter.kind, MessageKind::Link);
    assert_eq!(letter.payload.confirm.as_deref(), Some("secret"));
    assert!(claim(&store, 1).await.is_none());
    let held = async |secret: &str, minutes| {
        store.subscriptions_by_link(secret, at(minutes)).await.expect("read").len()
    };
    assert_eq!((held("secret", 59).await, held("secret", 60).await, held("x", 1).await), (1, 0, 0));
    for nth in 0..20 {
        store.send_link("a@b.example", &nth.to_string(), at(60), at(2)).await.expect("queued");
    }
    let mut letters = 0;
    while claim(&store, 2).await.is_some() {
        letters += 1;
    }
    assert!(letters < LETTERS_A_DAY, "no flood: {letters}");
    store.unsubscribe("token 1").await.expect("gone");
    store.unsubscribe("token 2").await.expect("gone");
    confirmed(&store, "a@b.example", 7, 3).await;
    assert_eq!(held("secret", 4).await, 0, "links go with the last subscription");
}

pub(crate) async fn a_mark_moves_once_with_its_messages(store: Store) {
    let id = one_act(&store, 0).await;
    let stands = confirmed(&store, "a@b.example", 1, 1).await;
    let first = telling(&stands, stands.told_revision + 5, &[id]);
    let second = telling(&stands, stands.told_revision + 6, &[id]);
    let (one, two) = tokio::join!(tell(&store, &first, 2), tell(&store, &second, 2));
    assert!(one ^ two, "another machine comes too late");
    assert_eq!(count(&store, MessageState::Pending).await, 1);
    let told = store.told(&[id, ActId(999)]).await.expect("told");
    assert_eq!(told[&stands.id][&id], [(Told::New, at(2))].into());

    // A message that is there already takes the whole step back.
    let now = store.due_subscriptions(at(1000)).await.expect("due").remove(0);
    let mut twice = telling(&now, now.told_revision + 1, &[]);
    let key = if now.told_revision == first.to_revision { &first } else { &second };
    twice.messages.clone_from(&key.messages);
    assert!(store.tell(&[twice], at(3)).await.is_err());
    let after = store.due_subscriptions(at(1000)).await.expect("due").remove(0);
    assert_eq!(after.told_revision, now.told_revision);
}

pub(crate) async fn no_message_is_handed_out_twice(store: Store) {
    for nth in 0..20 {
        sign_up(&store, &format!("{nth}@b.example"), "q=1", nth, at(0)).await;
    }
    let workers = (0..4).map(|nth| {
        let store = store.clone();
        tokio::spawn(async move {
            let (name, mut ids) = (format!("w{nth}"), Vec::new());
            while let Some(message) =
                store.claim_message(MAIL, &name, at(0), LEASE).await.expect("claim")
            {
                ids.push(message.id);
            }
            ids
        })
    });
    let mut ids = Vec::new();
    for worker in workers.collect::<Vec<_>>() {
        ids.extend(worker.await.expect("worker"));
    }
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!((ids.len(), all), (20, 20));
}

pub(crate) async fn a_message_that_may_have_left_says_so(store: Store) {
    sign_up(&store, "a@b.example", "q=1", 1, at(0)).await;
    assert!(
        store.claim_message(&[Channel::Webhook], "w", at(0), LEASE).await.expect("ok").is_none()
    );
    let lost = claim(&store, 0).await.expect("a letter");
    assert_eq!((lost.attempts, lost.sending_at), (1, None));
    assert!(store.mark_sending(&lost, at(1)).await.expect("marked"));
    assert!(claim(&store, 9).await.is_none(), "leased");
    assert_eq!(store.release_worker("w").await.expect("released"), 1, "it was killed");
    let found = claim(&store, 9).await.expect("taken over");
    assert_eq!((found.attempts, found.sending_at), (2, Some(at(1))));
    assert!(!store.mark_sending(&lost, at(9)).await.expect("late"), "the first lost it");
    assert!(!store.settle_message(&lost, &Settled::Sent, at(9)).await.expect("late"));

    let unsure = Settled::Unsure("coupure".to_owned());
    assert!(store.settle_message(&found, &unsure, at(10)).await.expect("settled"));
    assert!(claim(&store, 10_000).await.is_none(), "not sent again by itself");
    let trouble = store.troubled_messages().await.expect("troubles").remove(0);
    assert_eq!((trouble.state, trouble.error.as_str()), (MessageState::Unsure, "coupure"));
    assert!(store.send_again(trouble.id, at(11)).await.expect("again"));
    assert!(!store.send_again(trouble.id, at(11)).await.expect("once"));
    let again = claim(&store, 11).await.expect("the operator wants it");
    assert_eq!((again.attempts, again.sending_at), (1, None));
}

pub(crate) async fn failures_of_messages_wait_and_end(store: Store) {
    sign_up(&store, "a@b.example", "q=1", 1, at(0)).await;
    let first = claim(&store, 0).await.expect("a letter");
    store.mark_sending(&first, at(0)).await.expect("marked");
    let again =
        |may_have_left| Settled::Again { error: "451".to_owned(), at: at(5), may_have_left };
    store.settle_message(&first, &again(false), at(0)).await.expect("settled");
    assert!(claim(&store, 4).await.is_none());
    let second = claim(&store, 5).await.expect("due");
    assert_eq!((second.attempts, second.sending_at), (2, None), "it had not left");
    store.mark_sending(&second, at(6)).await.expect("marked");
    store.settle_message(&second, &again(true), at(6)).await.expect("settled");
    let third = claim(&store, 6).await.expect("due");
    assert_eq!(third.sending_at, Some(at(6)), "it may have");
    store.settle_message(&third, &Settled::Failed("550".into()), at(7)).await.expect("settled");
    assert_eq!(count(&store, MessageState::Failed).await, 1);

    sign_up(&store, "a@b.example", "q=2", 2, at(8)).await;
    assert_eq!(
        store.suspend(Channel::Mail, "a@b.example", "550", at(8)).await.expect("suspended"),
        2
    );
    assert!(claim(&store, 9).await.is_none(), "nothing is sent to who refuses");
    assert_eq!(
        store.suspend(Channel::Mail, "a@b.example", "550", at(8)).await.expect("suspended"),
        0
    );
}

pub(crate) async fn a_receiver_that_is_gone_is_suspended_alone(store: Store) {
    let url = by_webhook().target;
    store.create_subscription(&by_webhook(), at(0)).await.expect("made");
    let other = NewSubscription { target: "https://b.example/", token: "t", ..by_webhook() };
    store.create_subscription(&other, at(0)).await.expect("made");
    // A mailbox is no receiver, whatever it is called.
    assert_eq!(store.suspend(Channel::Mail, url, "410", at(1)).await.expect("none"), 0);
    assert_eq!(store.suspend(Channel::Webhook, url, "410", at(1)).await.expect("suspended"), 1);
    let due = store.due_subscriptions(at(11)).await.expect("due");
    let due: Vec<_> = due.iter().map(|one| one.target.as_str()).collect();
    assert_eq!(due, ["https://b.example/"]);
    let all = store.subscriptions_of_key("asso").await.expect("all");
    assert_eq!(all[0].suspended_at, Some(at(1)));
    assert_eq!(store.forget_subscriptions(at(31 * 24 * 60)).await.expect("forgot"), 1);
}

pub(crate) async fn a_suspended_mailbox_may_come_back(store: Store) {
    confirmed(&store, "a@b.example", 1, 0).await;
    store.suspend(Channel::Mail, "a@b.example", "550", at(1)).await.expect("suspended");
    assert!(store.due_subscriptions(at(9)).await.expect("due").is_empty());
    sign_up(&store, "a@b.example", "categorie=drone", 2, at(2)).await;
    assert_eq!(claim(&store, 2).await.expect("letter").kind, MessageKind::Confirmation);
    let back = store.confirm_subscription("confirm 2", at(3), at(3)).await.expect("ok");
    assert_eq!(back.expect("there").suspended_at, None);
    assert_eq!(store.due_subscriptions(at(9)).await.expect("due").len(), 1);
}

pub(crate) async fn receivers_are_those_of_the_settings(store: Store) {
    let webhook = Channel::Webhook;
    let receiver = |name: &str, query: &str| {
        let (target, query) = (name.to_owned(), query.to_owned());
        Receiver { target, query, about: About::Acts }
    };
    let set = async |receivers: &[Receiver], minutes| {
        store.configure_receivers(webhook, receivers, at(minutes)).await.expect("configured");
        let due = store.due_subscriptions(at(1000)).await.expect("due");
        due.into_iter().map(|s| (s.target, s.query, s.told_revision)).collect::<Vec<_>>()
    };
    set(&[receiver("a", "q=1")], 0).await;
    one_act(&store, 1).await;
    let now = set(&[receiver("a", "q=2"), receiver("b", "q=1")], 2).await;
    let revision = store.totals().await.expect("totals").revision;
    let expected = [("a", "q=2", 0), ("b", "q=1", revision)];
    assert_eq!(now, expected.map(|(name, query, mark)| (name.into(), query.into(), mark)));
    assert_eq!(set(&[receiver("b", "q=1")], 3).await.len(), 1, "a is no longer named");
}

/// Bulletins of 2016, shown by their site for the first time at `minute`.
async fn shown(store: &Store, names: &[&str], minute: i64) {
    let links: Vec<_> = names.iter().map(|name| link(name, Some("2016-09-01"))).collect();
    store.record_found("34", &links, at(minute)).await.expect("recorded");
    for name in names {
        let drones = act(Some(name), &format!("Arrêté {name}"), 1, "texte de la page");
        let acts = [Whole::new(drones).flag("drone", Level::Authorises)];
        process(store, name, &[page(1, "texte de la page")], &acts, minute).await;
    }
}

pub(crate) async fn what_comes_out_under_our_eyes_is_told_whatever_its_day(store: Store) {
    let appeared = async |revision| {
        let recent = day("2026-07-01");
        let changes = store.act_changes(revision, i64::MAX, recent, 10).await.expect("changes");
        changes.into_iter().map(|change| change.appeared_at).collect::<Vec<_>>()
    };
    let revision = async || store.totals().await.expect("totals").revision;
    shown(&store, &["1"], 0).await;
    assert_eq!(appeared(0).await, [], "no full pass yet: all is old");
    let pass = store.begin_pass("34", PassKind::Full, at(1)).await.expect("pass");
    shown(&store, &["2"], 2).await;
    store.finish_pass(pass, &PassOutcome::default(), at(2)).await.expect("end");
    assert_eq!(appeared(0).await, [], "the full pass itself is a back-fill");

    let before = revision().await;
    shown(&store, &["3"], 60).await;
    assert_eq!(appeared(before).await, [Some(at(60))], "one that bears a wrong day");
    let before = revision().await;
    shown(&store, &["4", "5", "6", "7"], 120).await;
    assert_eq!(appeared(before).await, [], "a site puts old years on line");
    let long_after = day("2026-09-02");
    let late = store.act_changes(0, i64::MAX, long_after, 10).await.expect("changes");
    assert!(late.is_empty(), "old news");

    // The national index tells nothing of when a site shows what it has.
    let before = revision().await;
    store.record_indexed("34", &[link("8", Some("2016-09-02"))], at(180)).await.expect("indexed");
    let acts = [Whole::new(act(Some("8"), "a", 1, "texte")).flag("drone", Level::Authorises)];
    process(&store, "8", &[page(1, "texte")], &acts, 180).await;
    assert_eq!(appeared(before).await, []);
}

pub(crate) async fn changes_are_told_with_what_decides(store: Store) {
    let id = one_act(&store, 1).await;
    let recent = day("2025-12-01");
    let changes = store.act_changes(0, 100, recent, 10).await.expect("changes");
    let change = &changes[0];
    assert_eq!((change.id, change.first_seen_at, change.flagged_at), (id, at(1), Some(at(1))));
    assert_eq!(change.alert, None);
    for (after, to, recent) in
        [(change.revision, 100, recent), (0, 0, recent), (0, 100, day("2026-01-02"))]
    {
        let none = store.act_changes(after, to, recent, 10).await.expect("changes");
        assert!(none.is_empty(), "{after} {to} {recent}");
    }
    let judged = NewOutcome {
        act: id,
        court: "Tribunal administratif de Nîmes".to_owned(),
        number: "2603001".to_owned(),
        decided_on: day("2026-08-10"),
        ruling: Ruling::Suspended,
        ground: None,
        source: None,
        note: None,
    };
    let old = async || {
        let all = store.act_changes(0, 100, day("2026-01-02"), 10).await.expect("changes");
        all.into_iter().map(|change| change.id).collect::<Vec<_>>()
    };
    let Recorded::New(outcome) = store.record_outcome(&judged, at(2)).await.expect("recorded")
    else {
        panic!("it was not known");
    };
    assert_eq!(old().await, [id], "a court takes its time");
    let reader = confirmed(&store, "a@b.example", 1, 2).await;
    assert!(store.forget_outcome(outcome, at(3)).await.expect("forgotten"));
    assert_eq!(old().await, []);
    let told = Telling {
        told: vec![(id, Told::Suspended)],
        ..telling(&reader, reader.told_revision, &[id])
    };
    store.tell(&[told], at(3)).await.expect("told");
    assert_eq!(old().await, [id], "who heard of it hears that it is no more so");
    let text = "texte de la page";
    let mentioned = Whole::new(act(Some("1"), "a", 1, text)).flag("drone", Level::Mentions);
    cut_again(&store, &[mentioned], 2).await;
    let after = store.act_changes(0, 100, recent, 10).await.expect("changes");
    assert_eq!((after.len(), after[0].flagged_at), (1, None), "no flag calls for an alert");
}

/// Single acts without a day: a few that come out are news, a hundred at once are old ones.
pub(crate) async fn single_acts_put_on_line_undated_are_no_news(store: Store) {
    let appear = async |count: usize, from: usize, minute: i64| {
        let names: Vec<String> = (from..from + count).map(|nth| format!("u{nth}")).collect();
        let links: Vec<_> = names.iter().map(|name| link(name, None)).collect();
        store.record_found("34", &links, at(minute)).await.expect("recorded");
        let before = store.totals().await.expect("totals").revision;
        let acts = [Whole::new(act(Some(&names[0]), "Arrêté", 1, "texte de la page"))
            .flag("drone", Level::Authorises)];
        process(&store, &names[0], &[page(1, "texte de la page")], &acts, minute).await;
        let changes = store.act_changes(before, i64::MAX, day("2026-07-01"), 10).await;
        let change = changes.expect("changes").remove(0);
        assert_eq!(change.signed_on, Some(day("2026-08-30")), "it says how old it is");
        change.appeared_at
    };
    let pass = store.begin_pass("34", PassKind::Full, at(0)).await.expect("pass");
    assert_eq!(appear(1, 0, 1).await, None, "the first pass is a back-fill");
    store.finish_pass(pass, &PassOutcome::default(), at(1)).await.expect("end");
    assert_eq!(appear(2, 1, 60).await, Some(at(60)));
    assert_eq!(appear(100, 10, 120).await, None, "old years are put on line");
}
