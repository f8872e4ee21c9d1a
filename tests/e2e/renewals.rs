//! Authorisations of vidéoprotection that end soon, told to whoever asked for it.

use chrono::TimeDelta;
use guetteur_model::{Clock, Level};
use guetteur_notify::Sent;
use guetteur_store::{Frequency, Wish};

use crate::support::desk::Desk;
use crate::support::mail::MailServer;

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_comes_once_four_months_before_the_end_to_whoever_asked() {
    let mut server = MailServer::start();
    let desk = Desk::mailing(&server).await;
    let store = &desk.app.store;
    for address in ["oui@exemple.example", "non@exemple.example"] {
        desk.subscribe(address, Frequency::Immediate).await;
    }
    for subscription in store.confirmed_subscriptions().await.expect("subscriptions") {
        let wish = Wish {
            query: "prefecture=34",
            frequency: Frequency::Weekly,
            note: None,
            paused: false,
            renewals: subscription.target.starts_with("oui"),
            still_watching: false,
            next_due_at: desk.clock.now() + TimeDelta::days(9_000),
        };
        let token = subscription.token.expect("a token");
        store.change_subscription(&token, &wish, desk.clock.now()).await.expect("changed");
    }
    let news = [
        ("Vidéoprotection, mairie de Sète", Some(("videoprotection", Level::Authorises))),
        ("Drones sur la plage", Some(("drone", Level::Authorises))),
    ];
    desk.publish("1", &news).await;
    desk.round().await;
    server.take();

    // 14 August 2026 and five years, less 120 days: 16 April 2031.
    let until = |day: &str| {
        let day: chrono::DateTime<chrono::Utc> = format!("{day}T10:00:00Z").parse().expect("day");
        day - desk.clock.now()
    };
    desk.clock.pass(until("2031-04-15"));
    assert_eq!(desk.round().await, Sent::default(), "a day too early");
    desk.clock.pass(TimeDelta::days(1));
    assert_eq!(desk.round().await, Sent { sent: 1, ..Sent::default() });
    assert_eq!(desk.round().await, Sent::default(), "once");
    let letters = server.take();
    assert_eq!(letters[0]["to"], "oui@exemple.example");
    let text = letters[0]["plain"].as_str().expect("text").replace('\u{a0}', " ");
    assert!(text.contains("[Prend fin bientôt]"), "{text}");
    assert!(text.contains("mairie de Sète") && !text.contains("Drones sur la plage"), "{text}");
    assert!(text.contains("s’achève dans les quatre mois"), "{text}");
}
