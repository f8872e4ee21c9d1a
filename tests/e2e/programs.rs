//! What programs follow with a key: a webhook of theirs is signed with its own secret, and gets nothing
//! once the key is gone.

use chrono::{DateTime, TimeDelta, Utc};
use guetteur::config::{ApiKey, Config};
use guetteur_model::{Clock, Level, SystemClock};
use guetteur_notify::{Sent, sign, signing_key};
use guetteur_store::{Channel, Created, Frequency, NewSubscription, Store};
use http::HeaderValue;
use reqwest::Method;

use serde_json::{Value, json};

use crate::support::desk::Desk;
use crate::support::receiver::{Received, Receiver};
use crate::support::{Service, World, news};

fn keyed(config: &mut Config) {
    config.fetch.private_addresses = true;
    let key = Some("une clé assez longue".into());
    config.api_key = vec![ApiKey { name: "asso".to_owned(), key, ..ApiKey::default() }];
}

#[track_caller]
fn assert_signed(received: &Received, secret: &str) {
    let (id, at) = (received.header("webhook-id"), received.header("webhook-timestamp"));
    let key = signing_key(secret).expect("as receivers read it");
    let signed = sign(&key, id, at.parse().expect("time"), &received.body);
    assert_eq!(received.header("webhook-signature"), signed);
}

async fn subscribe(desk: &Desk, target: &str, secret: &str) {
    follow(&desk.app.store, "region=occitanie", target, secret, desk.clock.now()).await;
}

async fn follow(store: &Store, query: &str, target: &str, secret: &str, now: DateTime<Utc>) {
    let new = NewSubscription {
        channel: Channel::Webhook,
        target,
        query,
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
    let made = store.create_subscription(&new, now).await.expect("noted");
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
    assert_signed(&received[0], &secret);
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

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_is_gone_is_told_nothing_more() {
    let receiver = Receiver::start().await;
    let secret = guetteur_publish::subscribing::webhook_secret();
    let desk = Desk::new(keyed).await;
    subscribe(&desk, &format!("{}/crochet", receiver.address), &secret).await;
    let drone = Some(("drone", Level::Authorises));
    desk.publish("1", &[("Drones sur la plage", drone)]).await;
    receiver.answer(&[410]);
    assert_eq!(desk.round().await, Sent { troubled: 1, ..Sent::default() });
    receiver.take();
    let kept = desk.app.store.subscriptions_of_key("asso").await.expect("all");
    assert_eq!(kept[0].suspended_at, Some(desk.clock.now()), "a program sees it");
    desk.publish("2", &[("Drones sur le port", drone)]).await;
    assert_eq!(desk.round().await, Sent::default());
    assert!(receiver.is_idle());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_asks_for_time_gets_it() {
    let receiver = Receiver::start().await;
    let secret = guetteur_publish::subscribing::webhook_secret();
    let desk = Desk::new(keyed).await;
    subscribe(&desk, &format!("{}/crochet", receiver.address), &secret).await;
    let drone = Some(("drone", Level::Authorises));
    // More than a message holds: the second waits with the first.
    let many: Vec<String> = (0..60).map(|nth| format!("Drones {nth}")).collect();
    let many: Vec<news::News<'_>> = many.iter().map(|title| (title.as_str(), drone)).collect();
    desk.publish("1", &many).await;
    receiver.answer_later(503, "1800");
    assert_eq!(desk.round().await, Sent { again: 1, ..Sent::default() });
    assert_eq!(receiver.take().len(), 1);
    desk.clock.pass(TimeDelta::minutes(29));
    assert_eq!(desk.round().await, Sent::default(), "half an hour");
    desk.clock.pass(TimeDelta::minutes(1));
    receiver.answer_later(429, "not a time");
    assert_eq!(desk.round().await, Sent { sent: 1, again: 1, troubled: 0 });
    receiver.take();
    desk.clock.pass(TimeDelta::minutes(5));
    assert_eq!(desk.round().await.sent, 1, "what is no time changes nothing");
}

/// Where the program has the same settings. No site answers.
fn keyed_world() -> World {
    let world = World::on("http://127.0.0.1:9");
    let settings = "[site]\nbase_url = 'https://guetteur.example'\n[sources]\nonly = ['34']\n[fetch]\n\
                    private_addresses = true\n[[api_key]]\nname = 'asso'\nkey = 'une clé assez longue'\n";
    std::fs::write(world.dir.path().join("guetteur.toml"), settings).expect("settings");
    world
}

/// Asks the API of a running site with the key.
async fn ask(site: &Service, method: Method, path: &str, body: Value) -> (u16, Value) {
    let client = reqwest::Client::builder().no_proxy().build().expect("client");
    let key = HeaderValue::from_bytes("Bearer une clé assez longue".as_bytes()).expect("header");
    let address = format!("{}/api/v1/subscriptions{path}", site.address);
    let request = client.request(method, address).header("authorization", key).json(&body);
    let answer = request.send().await.expect("an answer");
    let status = answer.status().as_u16();
    (status, answer.json().await.unwrap_or_default())
}

#[tokio::test(flavor = "multi_thread")]
async fn with_the_program_itself_a_webhook_is_made_told_and_ended() {
    let receiver = Receiver::start().await;
    let world = keyed_world();
    let site = world.serve(&["serve"]);
    let target = format!("{}/crochet", receiver.address);
    let new = json!({ "channel": "webhook", "target": target, "query": "region=occitanie" });
    let (status, made) = ask(&site, Method::POST, "", new.clone()).await;
    assert_eq!((status, &made["state"]), (201, &"active".into()), "{made}");
    let secret = made["secret"].as_str().expect("told once").to_owned();
    assert_eq!(ask(&site, Method::POST, "", new).await.0, 409);
    site.stop();

    let drone = Some(("drone", Level::Authorises));
    let publish = async |name: &str| {
        let store = Store::open(&world.database()).await.expect("store");
        news::publish(&store, name, &[("Drones sur la plage", drone)], SystemClock.now()).await;
        store.close().await;
        world.run(&["notify", "--json"]).ok().json()[0].clone()
    };
    let said = publish("1").await;
    assert_eq!((&said["queued"], &said["sent"]), (&1.into(), &1.into()), "{said}");
    let received = receiver.take();
    assert_signed(&received[0], &secret);
    let told = received[0].json();
    assert_eq!((&told["type"], &told["acts"][0]["told"]), (&"acts".into(), &"new".into()));
    assert_eq!(told["subscription"], made["id"]);
    assert_eq!(world.run(&["notify", "--json"]).ok().json()[0]["queued"], 0, "once");

    receiver.answer(&[410]);
    assert_eq!(publish("2").await["troubled"], 1);
    receiver.take();
    let site = world.serve(&["serve"]);
    let own = format!("/{}", made["id"]);
    let (_, kept) = ask(&site, Method::GET, &own, Value::Null).await;
    assert_eq!((&kept["state"], &kept["secret"]), (&"suspended".into(), &Value::Null));
    assert_eq!(ask(&site, Method::DELETE, &own, Value::Null).await.0, 204);
    assert_eq!(ask(&site, Method::GET, "", Value::Null).await.1["total"], 0);
    site.stop();
    assert_eq!(publish("3").await["queued"], 0);
    assert!(receiver.is_idle());
}

/// Of a list without the filter that fell away, its receiver would be told all of France.
#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_is_understood_no_more_tells_nothing_and_the_doctor_says_so() {
    let receiver = Receiver::start().await;
    let world = keyed_world();
    world.run(&["notify"]).ok();
    let store = Store::open(&world.database()).await.expect("store");
    let secret = guetteur_publish::subscribing::webhook_secret();
    let gone = "epci=999999999&niveau=tous";
    follow(&store, gone, &receiver.address, &secret, SystemClock.now()).await;
    let drone = Some(("drone", Level::Authorises));
    news::publish(&store, "1", &[("Drones sur la plage", drone)], SystemClock.now()).await;
    store.close().await;
    assert_eq!(world.run(&["notify", "--json"]).ok().json()[0]["queued"], 0);
    assert!(receiver.is_idle());
    let said = world.run(&["doctor", "--json"]).json();
    let lists = said.iter().find(|finding| finding["what"] == "listes suivies");
    assert!(lists.is_some_and(|finding| finding["ok"] == false), "{said:?}");
}
