//! A week in which nothing came, told to whoever asked for it.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use guetteur_model::{Clock, Failure, FailureKind, Level, SystemClock};
use guetteur_notify::Sent;
use guetteur_store::{
    Channel, Frequency, PassKind, PassOutcome, Settled, SignUp, SourceFailure, Store, Wish,
};

use crate::support::desk::Desk;
use crate::support::mail::MailServer;
use crate::support::office::Office;

/// A pass over a source, now.
async fn pass(desk: &Desk, source: &str, failure: Option<FailureKind>) {
    let (store, now) = (&desk.app.store, desk.clock.now());
    let failure = failure.map(|kind| SourceFailure::from(Failure::new(kind, "")));
    let pass = store.begin_pass(source, PassKind::Daily, now).await.expect("pass");
    let outcome = PassOutcome { failure, ..PassOutcome::default() };
    store.finish_pass(pass, &outcome, now).await.expect("end");
}

async fn wish(desk: &Desk, address: &str, frequency: Frequency) {
    let (store, now) = (&desk.app.store, desk.clock.now());
    desk.subscribe(address, frequency).await;
    let wish = Wish {
        query: "prefecture=34&prefecture=35",
        frequency,
        note: None,
        paused: false,
        renewals: false,
        still_watching: !address.starts_with("non"),
        next_due_at: guetteur_publish::subscribing::first_due(frequency, 7, now),
    };
    let token = format!("stop-{address}");
    store.change_subscription(&token, &wish, now).await.expect("changed").expect("there");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_of_cron_tells_it_too() {
    let mut office = Office::new(&[]).await;
    let store = Store::open(&office.world.database()).await.expect("store");
    let (now, then) = (SystemClock.now(), SystemClock.now() - TimeDelta::days(16));
    let (address, query) = ("a@b.example", "categorie=lapi");
    let (frequency, token, confirm) = (Frequency::Immediate, "jeton", "secret");
    let new =
        SignUp { address, query, frequency, renewals: false, still_watching: true, token, confirm };
    store.sign_up(new, then).await.expect("signed up");
    let lease = Duration::from_secs(60);
    let letter = store.claim_message(&[Channel::Mail], "test", now, lease).await.expect("claim");
    store.settle_message(&letter.expect("a letter"), &Settled::Sent, then).await.expect("sent");
    store.confirm_subscription(confirm, then, then).await.expect("confirmed");
    store.close().await;
    assert_eq!(office.run(&["notify"])[0]["sent"], 1);
    let letters = office.server.letters();
    let subject = letters[0]["headers"]["subject"].as_str().expect("subject");
    assert!(subject.contains("rien de nouveau"), "{subject}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quiet_week_is_told_on_monday_with_the_state_of_the_sources() {
    let mut server = MailServer::start();
    let desk = Desk::mailing(&server).await;
    let until = |day: &str| {
        let day: DateTime<Utc> = format!("{day}Z").parse().expect("day");
        desk.clock.pass(day - desk.clock.now());
    };
    // A Friday. Of the Ille-et-Vilaine nothing can be read from here on.
    until("2026-08-14T10:00:00");
    for address in ["oui@a.example", "resume@a.example", "non@a.example"] {
        let weekly = address.starts_with("resume");
        wish(&desk, address, if weekly { Frequency::Weekly } else { Frequency::Immediate }).await;
    }
    pass(&desk, "34", None).await;
    pass(&desk, "35", Some(FailureKind::SiteDown)).await;
    until("2026-08-17T05:00:00");
    desk.round().await;
    server.take();
    until("2026-08-24T03:00:00");
    pass(&desk, "34", None).await;
    pass(&desk, "35", Some(FailureKind::SiteDown)).await;
    desk.round().await;
    // That the source is blind was told at once, which is another letter.
    server.take();
    until("2026-08-24T04:59:00");
    assert_eq!(desk.round().await, Sent::default(), "before the hour");
    until("2026-08-24T05:00:00");
    assert_eq!(desk.round().await, Sent { sent: 2, ..Sent::default() });
    assert_eq!(desk.round().await, Sent::default(), "once");
    let letters = server.take();
    let mut to: Vec<&str> = letters.iter().filter_map(|letter| letter["to"].as_str()).collect();
    to.sort_unstable();
    assert_eq!(to, ["oui@a.example", "resume@a.example"]);
    let text = letters[0]["plain"].as_str().expect("text").replace('\u{a0}', " ");
    for says in [
        "Rien de nouveau cette semaine : Préfecture de l'Hérault",
        "2 sources surveillées",
        "- Préfecture de l'Hérault : Lue il y a 2",
        "ILLISIBLE : l’absence d’alerte n’y prouve rien",
        "/abonnement/stop-",
    ] {
        assert!(text.contains(says), "{says}: {text}");
    }
    let headers = &letters[0]["headers"];
    assert!(headers["list-unsubscribe"].is_string(), "{headers}");
    assert!(
        headers["subject"].as_str().is_some_and(|s| s.contains("rien de nouveau")),
        "{headers}"
    );

    // A week with an act: the act is told, by the digest too, and nothing beside it.
    until("2026-08-26T10:00:00");
    let news = [("Drones sur la plage", Some(("drone", Level::Authorises)))];
    desk.publish("1", &news).await;
    assert_eq!(desk.round().await, Sent { sent: 2, ..Sent::default() });
    server.take();
    until("2026-08-31T05:00:00");
    assert_eq!(desk.round().await, Sent { sent: 1, ..Sent::default() }, "the digest alone");
    let digest = server.take();
    assert_eq!(digest[0]["to"], "resume@a.example");
    assert!(digest[0]["plain"].as_str().is_some_and(|text| text.contains("Drones sur la plage")));
    desk.clock.pass(TimeDelta::days(7));
    assert_eq!(desk.round().await, Sent { sent: 2, ..Sent::default() }, "quiet again");
}
