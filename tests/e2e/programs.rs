//! What programs follow with a key: a webhook of theirs is signed with its own secret, and gets nothing
//! once the key is gone.

use chrono::TimeDelta;
use guetteur::config::{ApiKey, Config};
use guetteur_model::{Clock, Level};
use guetteur_notify::{Sent, sign, signing_key};
use guetteur_store::{Channel, Created, Frequency, NewSubscription};

use crate::support::desk::Desk;
use crate::support::receiver::Receiver;

fn keyed(config: &mut Config) {
    config.fetch.private_addresses = true;
    let key = Some("une clé assez longue".into());
    config.api_key = vec![ApiKey { name: "asso".to_owned(), key, ..ApiKey::default() }];
}

async fn subscribe(desk: &Desk, target: &str, secret: &str) {
    let now = desk.clock.now();
    let new = NewSubscription {
        channel: Channel::Webhook,
        target,
        query: "region=occitanie",
        frequency: Frequency::Immediate,
        renewals: false,
        still_watching: false,
        note: None,
        token: "jeton",
        api_key: "asso",
        secret: Some(secret),
        confirm: None,
        next_due_at: now,
    };
    let made = desk.app.store.create_subscription(&new, now).await.expect("noted");
    assert!(matches!(made, Created::Made(_)), "{made:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_of_a_program_is_told_what_its_list_holds() {
    let receiver = Receiver::start().await;
    let secret = guetteur_publish::subscribing::webhook_secret();
    let mut desk = Desk::new(keyed).await;
    let target = format!("{}/crochet", receiver.address);
    subscribe(&desk, &target, &secret).await;
    let news = [("Drones sur la plage", Some(("drone", Level::Authorises)))];
    desk.publish("1", &news).await;
    // The receivers of the settings are noted anew at each start: programs' own stay.
    assert_eq!(desk.round().await, Sent { sent: 1, ..Sent::default() });
    assert_eq!(desk.round().await, Sent::default());
    let received = receiver.take();
    let (id, at) = (received[0].header("webhook-id"), received[0].header("webhook-timestamp"));
    let key = signing_key(&secret).expect("as receivers read it");
    let signed = sign(&key, id, at.parse().expect("time"), &received[0].body);
    assert_eq!(received[0].header("webhook-signature"), signed);
    assert_eq!(received[0].json()["query"], "region=occitanie");

    // Where private addresses are not allowed (any more), nothing is sent to one; nor without the key.
    desk.app.config.fetch.private_addresses = false;
    desk.publish("2", &[("Drones sur le port", Some(("drone", Level::Authorises)))]).await;
    assert_eq!(desk.round().await, Sent { again: 1, ..Sent::default() });
    keyed(&mut desk.app.config);
    desk.app.config.api_key[0].name = "autre".to_owned();
    desk.clock.pass(TimeDelta::hours(1));
    assert_eq!(desk.round().await, Sent { again: 1, ..Sent::default() });
    assert!(receiver.is_idle());
    keyed(&mut desk.app.config);
    desk.clock.pass(TimeDelta::hours(6));
    assert_eq!(desk.round().await, Sent { sent: 1, ..Sent::default() });
}
