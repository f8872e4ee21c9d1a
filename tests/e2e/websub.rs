//! A hub is told which feeds changed.

use chrono::TimeDelta;
use guetteur_model::{Clock, Level};
use guetteur_notify::Sent;

use crate::support::desk::Desk;
use crate::support::news;
use crate::support::receiver::{Received, Receiver};

const DRONE: Option<(&str, Level)> = Some(("drone", Level::Authorises));

/// An installation with a hub.
async fn with_hub(hub: &str) -> Desk {
    let hub = hub.parse().ok();
    Desk::new(|config| {
        config.fetch.private_addresses = true;
        config.site.websub_hub = hub;
    })
    .await
}

/// The addresses that a hub was told of.
fn pinged(receiver: &Receiver) -> Vec<String> {
    let told = |request: &Received| {
        assert_eq!(request.header("content-type"), "application/x-www-form-urlencoded");
        let form: Vec<(String, String)> =
            url::form_urlencoded::parse(request.body.as_bytes()).into_owned().collect();
        assert_eq!(form[0], ("hub.mode".to_owned(), "publish".to_owned()));
        assert_eq!(form[1].0, "hub.url");
        form[1].1.clone()
    };
    let mut addresses: Vec<String> = receiver.take().iter().map(told).collect();
    addresses.sort();
    addresses
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hub_is_told_which_feeds_changed_and_asked_again_when_it_fails() {
    let receiver = Receiver::start().await;
    let desk = with_hub(&format!("{}/hub", receiver.address)).await;
    assert_eq!(desk.round().await, Sent::default());
    desk.publish("one", &[("Drones", DRONE)]).await;
    // The feeds of all acts, of the category, of the prefecture.
    receiver.answer(&[202; 9]);
    assert_eq!(desk.round().await, Sent { sent: 3, ..Sent::default() });
    let lists = ["/prefecture/34.FORMAT", "/recherche.FORMAT", "/recherche.FORMAT?categorie=drone"];
    let mut expected: Vec<String> = lists
        .iter()
        .flat_map(|list| ["atom", "json", "rss"].map(|format| list.replace("FORMAT", format)))
        .map(|path| format!("https://guetteur.example{path}"))
        .collect();
    expected.sort();
    assert_eq!(pinged(&receiver), expected);
    assert_eq!(desk.round().await, Sent::default(), "nothing changed");

    desk.publish("two", &[("Chasse", None)]).await;
    assert_eq!(desk.round().await, Sent::default(), "these feeds hold no such act");
    desk.publish("three", &[("Drones encore", DRONE)]).await;
    receiver.answer(&[500, 500, 500]);
    assert_eq!(desk.round().await, Sent { again: 3, ..Sent::default() });
    assert_eq!(pinged(&receiver).len(), 3, "each list at its first feed");
    desk.clock.pass(TimeDelta::minutes(2));
    assert_eq!(desk.round().await, Sent { sent: 3, ..Sent::default() });
    assert_eq!(pinged(&receiver), expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hub_is_told_of_entries_that_change_in_place() {
    let receiver = Receiver::start().await;
    let desk = with_hub(&format!("{}/hub", receiver.address)).await;
    desk.round().await;
    let (store, now) = (&desk.app.store, desk.clock.now());
    let bulletin = news::fetch(store, "one", now).await;
    news::announce(store, bulletin, &[("Drones", DRONE)], now).await;
    assert_eq!(desk.round().await, Sent { sent: 3, ..Sent::default() });
    let told = pinged(&receiver);
    // « À confirmer » is gone from the entry: nobody is told, but the feed is another one.
    news::read(store, &[("Drones", DRONE), ("Chasse", None)], now).await;
    assert_eq!(desk.round().await, Sent { sent: 3, ..Sent::default() });
    assert_eq!(pinged(&receiver), told);
    // What only changes waits a minute; what is new after that comes with it.
    desk.publish("two", &[("Drones encore", DRONE)]).await;
    assert_eq!(desk.round().await, Sent::default());
    desk.clock.pass(TimeDelta::minutes(1));
    assert_eq!(desk.round().await, Sent { sent: 3, ..Sent::default() });
    assert_eq!(pinged(&receiver), told);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hub_that_never_answers_is_waited_for_once_a_round() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0").expect("port").local_addr();
    let desk = with_hub(&format!("http://{}/", closed.expect("address"))).await;
    desk.round().await;
    desk.publish("one", &[("Drones", DRONE)]).await;
    assert_eq!(desk.round().await, Sent { again: 1, ..Sent::default() });
    assert_eq!(desk.round().await, Sent::default(), "the others wait too");
}
