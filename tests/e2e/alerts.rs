//! Alerts, from an act to the mailbox, the receiver and the post: a real mail server, a real receiver.

use chrono::TimeDelta;
use guetteur::config::{Mastodon, MastodonAccount, Visibility, Webhook};
use guetteur_model::{Clock, Level, Ruling};
use guetteur_notify::{Outcome, Sent, Tls, sign, signing_key};
use guetteur_store::{About, Frequency, MessageState, NewOutcome, Recorded};
use serde_json::Value;

use crate::support::desk::Desk;
use crate::support::mail::{CERTIFICATE, MailServer};
use crate::support::news;
use crate::support::receiver::{MOST_CHARACTERS, Receiver};

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const DRONE: Option<(&str, Level)> = Some(("drone", Level::Authorises));

fn subjects(letters: &[Value]) -> Vec<&str> {
    letters.iter().map(|letter| letter["headers"]["subject"].as_str().expect("subject")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_up_is_confirmed_by_letter_and_told_in_a_digest() {
    let mut server = MailServer::start();
    let desk = Desk::mailing(&server).await;
    desk.publish("before", &[("Drones avant l’abonnement", DRONE)]).await;
    desk.subscribe("jeanne@exemple.example", Frequency::Daily).await;
    let letters = server.take();
    assert_eq!(subjects(&letters), ["Guetteur : Confirmer votre abonnement"]);
    assert_eq!(letters[0]["to"], "jeanne@exemple.example");
    let link = "https://guetteur.example/abonnement/confirmer/confirm-jeanne@exemple.example";
    for part in ["plain", "html"] {
        let text = letters[0][part].as_str().expect("part");
        assert!(text.contains(link) && text.contains("Drones et hélicoptères"), "{text}");
    }
    assert_eq!(letters[0]["headers"]["list-unsubscribe"], Value::Null);

    let other = Some(("videoprotection", Level::Authorises));
    let acts = [("Captation d’images à <Sète>", DRONE), ("Caméras", other), ("Survol", DRONE)];
    let ids = desk.publish("one", &acts).await;
    assert_eq!(desk.round().await, Sent::default(), "digests come in the morning");
    desk.clock.pass(TimeDelta::hours(19) - TimeDelta::seconds(1));
    assert_eq!(desk.round().await, Sent::default(), "a second before seven");
    desk.clock.pass(TimeDelta::seconds(1));
    assert_eq!(desk.round().await, Sent { sent: 1, ..Sent::default() });
    let letters = server.take();
    assert_eq!(subjects(&letters), ["Guetteur : 2 actes : Drones et hélicoptères"]);
    let headers = &letters[0]["headers"];
    let stop = "https://guetteur.example/abonnement/stop-jeanne@exemple.example";
    assert_eq!(headers["list-unsubscribe"], format!("<{stop}>"));
    assert_eq!(headers["list-unsubscribe-post"], "List-Unsubscribe=One-Click");
    assert_eq!(headers["auto-submitted"], "auto-generated");
    assert!(headers["message-id"].as_str().expect("id").ends_with("@guetteur.example>"));
    for part in ["plain", "html"] {
        let text = letters[0][part].as_str().expect("part");
        let act = format!("https://guetteur.example/acte/{}", ids[0]);
        for expected in [&act, stop, "Survol", "Préfecture de l", "14 août 2026", ".pdf#page=1"] {
            assert!(text.contains(expected), "no {expected} in {text}");
        }
        for unexpected in ["Caméras", "avant l’abonnement"] {
            assert!(!text.contains(unexpected), "{unexpected} in {text}");
        }
    }
    assert!(letters[0]["html"].as_str().expect("html").contains("&lt;Sète&gt;"));

    desk.clock.pass(TimeDelta::days(1));
    assert_eq!(desk.round().await, Sent::default(), "nothing new, no letter");
    assert!(desk.app.store.unsubscribe("stop-jeanne@exemple.example").await.expect("gone"));
    desk.publish("two", &[("Encore", DRONE)]).await;
    desk.clock.pass(TimeDelta::days(1));
    assert_eq!(desk.round().await, Sent::default());
}

#[tokio::test(flavor = "multi_thread")]
async fn first_alerts_are_mended_where_they_were_told() {
    let mut server = MailServer::start();
    let desk = Desk::mailing(&server).await;
    desk.subscribe("a@b.example", Frequency::Immediate).await;
    server.take();
    let (store, now) = (&desk.app.store, desk.clock.now());
    let bulletin = news::fetch(store, "one", now).await;
    let told = [("Drones un", DRONE), ("Drones deux", DRONE), ("Drones trois", DRONE)];
    news::announce(store, bulletin, &told, now).await;
    desk.round().await;
    let letters = server.take();
    let text = letters[0]["plain"].as_str().expect("text");
    assert_eq!(text.matches("[À confirmer]").count(), 3, "{text}");

    // The first is as told, the second does something else, the third does nothing.
    let vsa = Some(("vsa", Level::Authorises));
    news::read(store, &[("Drones un", DRONE), ("Drones deux", vsa), ("Drones trois", None)], now)
        .await;
    assert_eq!(desk.round().await, Sent::default(), "letters are ten minutes apart");
    desk.clock.pass(TimeDelta::minutes(10));
    desk.round().await;
    let letters = server.take();
    let text = letters[0]["plain"].as_str().expect("text");
    assert_eq!((letters.len(), text.matches("[Corrigé]").count()), (1, 1), "{text}");
    assert_eq!(text.matches("[Alerte retirée]").count(), 1, "{text}");
    assert!(!text.contains("Drones un"), "what was right is not told again: {text}");
    desk.clock.pass(TimeDelta::minutes(10));
    assert_eq!(desk.round().await, Sent::default());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_indexed_late_is_told_and_once() {
    let mut server = MailServer::start();
    let desk = Desk::mailing(&server).await;
    desk.subscribe("a@b.example", Frequency::Immediate).await;
    server.take();
    let id = desk.publish("one", &[("Drones", DRONE)]).await[0];
    let notifier = desk.notifier().await;
    for _ in 0..3 {
        desk.clock.pass(TimeDelta::hours(1));
        assert_eq!(notifier.queue().await.expect("queued"), 0, "not indexed");
    }
    desk.follow().await;
    let other = desk.notifier().await;
    let (one, two) = tokio::join!(notifier.queue(), other.queue());
    assert_eq!(one.expect("queued") + two.expect("queued"), 1, "two machines, one message");
    let mask =
        guetteur_store::NewMask { act: id, passage: "Drones", reason: None, keeps_pdf: true };
    desk.app.store.lay_mask(mask, desk.clock.now()).await.expect("masked");
    desk.clock.pass(TimeDelta::hours(1));
    assert_eq!(desk.round().await, Sent { sent: 1, ..Sent::default() });
    let letters = server.take();
    assert_eq!(letters.len(), 1);
    let text = letters[0]["plain"].as_str().expect("text");
    assert!(text.contains('█') && !text.contains("Drones\n"), "masked meanwhile: {text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_wait_or_end_by_what_they_say() {
    let mut server = MailServer::start();
    let desk = Desk::mailing(&server).await;
    let now = desk.clock.now();
    for address in ["refuse@b.example", "policy@b.example", "busy@b.example", "fine@b.example"] {
        news::sign_up(&desk.app.store, address, Frequency::Daily, now).await;
    }
    assert_eq!(desk.round().await, Sent { sent: 1, again: 2, troubled: 1 });
    let troubles = desk.app.store.troubled_messages().await.expect("troubles");
    let of = |address: &str| troubles.iter().find(|t| t.target == address).expect("told");
    assert_eq!(of("refuse@b.example").state, MessageState::Failed);
    assert!(of("refuse@b.example").error.contains("5.1.1"), "{troubles:?}");
    assert_eq!(of("policy@b.example").state, MessageState::Pending, "it is us that are refused");
    let suspended = desk.app.store.subscription_by_token("stop-refuse@b.example").await;
    assert!(suspended.expect("read").expect("there").suspended_at.is_some());

    desk.clock.pass(TimeDelta::minutes(1));
    assert_eq!(desk.round().await, Sent { sent: 1, again: 1, troubled: 0 });
    let to: Vec<Value> = server.take().iter().map(|letter| letter["to"].clone()).collect();
    assert_eq!(to, ["fine@b.example", "busy@b.example"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn tls_from_the_start_or_on_demand_with_a_login() {
    for (tls, options) in [("starttls", &["--login"][..]), ("implicit", &["--implicit", "--login"])]
    {
        let mut server = MailServer::start_with_tls(options);
        let mut desk = Desk::mailing(&server).await;
        let mail = &mut desk.app.config.mail;
        mail.tls = Tls::parse(tls).expect("a way");
        (mail.user, mail.password) = (Some("jeanne".to_owned()), Some("sesame".into()));
        let now = desk.clock.now();
        news::sign_up(&desk.app.store, "a@b.example", Frequency::Daily, now).await;
        assert_eq!(desk.round().await.again, 1, "{tls}: nobody vouches for the certificate");
        desk.app.config.mail.authority = Some(CERTIFICATE.into());
        desk.clock.pass(TimeDelta::minutes(1));
        assert_eq!(desk.round().await.sent, 1, "{tls}");
        let letters = server.take();
        assert_eq!((&letters[0]["tls"], &letters[0]["user"]), (&true.into(), &"jeanne".into()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn webhooks_are_signed_and_tried_again() {
    let receiver = Receiver::start().await;
    let url = format!("{}/crochet", receiver.address);
    let desk = Desk::new(|config| {
        config.fetch.private_addresses = true;
        config.webhook = vec![Webhook {
            name: "collectif".to_owned(),
            url: url.parse().ok(),
            secret: Some(SECRET.into()),
            query: "categorie=drone".to_owned(),
            about: About::Acts,
        }];
    })
    .await;
    desk.publish("before", &[("Drones d’avant", DRONE)]).await;
    assert_eq!(desk.round().await, Sent::default(), "it begins now");
    let id = desk.publish("one", &[("Drones", DRONE), ("Chasse", None)]).await[0];
    receiver.answer(&[500, 429]);
    assert_eq!(desk.round().await, Sent { again: 1, ..Sent::default() });
    desk.clock.pass(TimeDelta::minutes(1));
    assert_eq!(desk.round().await, Sent { again: 1, ..Sent::default() });
    desk.clock.pass(TimeDelta::minutes(4));
    assert_eq!(desk.round().await, Sent::default(), "five minutes after the second");
    desk.clock.pass(TimeDelta::minutes(1));
    assert_eq!(desk.round().await, Sent { sent: 1, ..Sent::default() });
    let received = receiver.take();
    assert_eq!(received.len(), 3);
    for request in &received {
        let (id, at) = (request.header("webhook-id"), request.header("webhook-timestamp"));
        let signed = sign(
            &signing_key(SECRET).expect("key"),
            id,
            at.parse().expect("seconds"),
            &request.body,
        );
        assert_eq!(request.header("webhook-signature"), signed);
        assert_eq!((request.path.as_str(), id), ("/crochet", received[0].header("webhook-id")));
        assert_eq!(request.header("idempotency-key"), id);
    }
    let json = received[2].json();
    assert_eq!(json["acts"].as_array().expect("acts").len(), 1);
    assert_eq!(json["acts"][0]["act"]["id"], id.0);
    assert_eq!(json["acts"][0]["told"], "new");
    assert_eq!(json["acts"][0]["act"]["url"], format!("https://guetteur.example/acte/{id}"));

    desk.publish("two", &[("Drones encore", DRONE)]).await;
    receiver.answer(&[410]);
    assert_eq!(desk.round().await, Sent { troubled: 1, ..Sent::default() }, "gone for good");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_post_is_never_there_twice() {
    let receiver = Receiver::start().await;
    let instance = format!("{}/", receiver.address);
    let desk = Desk::new(|config| {
        config.fetch.private_addresses = true;
        config.mastodon = Mastodon {
            instance: instance.parse().ok(),
            token: Some("jeton".into()),
            query: "categorie=drone".to_owned(),
            visibility: Visibility::Public,
        };
    })
    .await;
    desk.round().await;
    let ids = desk.publish("one", &[("Drones un", DRONE), ("Drones deux", DRONE)]).await;
    // The first may have been posted: the key tells the server.
    receiver.answer(&[502, 200]);
    assert_eq!(desk.round().await, Sent { sent: 1, again: 1, troubled: 0 });
    desk.clock.pass(TimeDelta::minutes(1));
    assert_eq!(desk.round().await, Sent { sent: 1, ..Sent::default() });
    let received = receiver.take();
    let keys: Vec<&str> =
        received.iter().map(|request| request.header("idempotency-key")).collect();
    assert_eq!(keys.len(), 3);
    assert!(keys[0] == keys[2] && keys[0] != keys[1], "{keys:?}");
    assert_eq!(received[0].path, "/api/v1/statuses");
    assert_eq!(received[0].header("authorization"), "Bearer jeton");
    let post = received[0].json();
    assert_eq!(post["visibility"], "public");
    let status = post["status"].as_str().expect("status");
    assert!(status.ends_with(&format!("https://guetteur.example/acte/{}", ids[0])), "{status}");

    // After an hour the server has forgotten the key: it is left alone, and said.
    desk.publish("two", &[("Drones trois", DRONE)]).await;
    receiver.answer(&[504, 504]);
    desk.round().await;
    desk.clock.pass(TimeDelta::minutes(1));
    assert_eq!(desk.round().await.again, 1);
    desk.clock.pass(TimeDelta::minutes(54));
    assert_eq!(desk.round().await, Sent { troubled: 1, ..Sent::default() });
    assert_eq!(receiver.take().len(), 2);
    assert_eq!(desk.count(MessageState::Unsure).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn accounts_post_each_its_list_within_the_limits_of_their_instance() {
    let receiver = Receiver::start().await;
    let instance = receiver.address.clone();
    let account = |name: &str, query: &str| MastodonAccount {
        name: name.to_owned(),
        instance: instance.parse().ok(),
        token: Some(name.into()),
        query: query.to_owned(),
        visibility: Visibility::Public,
    };
    let desk = Desk::new(|config| {
        config.fetch.private_addresses = true;
        config.mastodon_account =
            vec![account("drones", "categorie=drone"), account("vsa", "categorie=vsa")];
    })
    .await;
    desk.round().await;
    let long = format!("Drones {}", "à Sète ".repeat(80));
    let vsa = Some(("vsa", Level::Authorises));
    desk.publish("one", &[(&long, DRONE), ("Gare", vsa)]).await;
    assert_eq!(desk.round().await, Sent { sent: 2, ..Sent::default() });
    let posts = receiver.take();
    let of = |token: &str| {
        let bearer = format!("Bearer {token}");
        let post = posts.iter().find(|post| post.header("authorization") == bearer);
        post.expect("posted").json()["status"].as_str().expect("status").to_owned()
    };
    let drones = of("drones");
    assert!(drones.contains('…') && drones.chars().count() <= MOST_CHARACTERS, "{drones}");
    assert!(of("vsa").contains("Gare"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_message_goes_each_way_and_is_told_to_nobody_else() {
    let (mut server, receiver) = (MailServer::start(), Receiver::start().await);
    let address = receiver.address.clone();
    let mut desk = Desk::mailing(&server).await;
    let config = &mut desk.app.config;
    config.fetch.private_addresses = true;
    config.webhook = vec![Webhook {
        name: "collectif".to_owned(),
        url: address.parse().ok(),
        secret: Some(SECRET.into()),
        query: String::new(),
        about: About::Acts,
    }];
    config.mastodon.instance = address.parse().ok();
    config.mastodon.token = Some("jeton".into());
    let notifier = desk.notifier().await;
    let tried = notifier.test(Some("a@b.example")).await.expect("tried");
    assert!(tried.iter().all(|(_, outcome)| *outcome == Outcome::Sent), "{tried:?}");
    let ways: Vec<&str> = tried.iter().map(|(way, _)| way.as_str()).collect();
    let account = format!("mastodon {address}");
    assert_eq!(ways, ["mail a@b.example", "webhook collectif", &account]);
    let letters = server.take();
    assert_eq!(subjects(&letters), ["Guetteur : message d’essai"]);
    let received = receiver.take();
    let (id, at) = (received[0].header("webhook-id"), received[0].header("webhook-timestamp"));
    let key = signing_key(SECRET).expect("key");
    let signed = sign(&key, id, at.parse().expect("seconds"), &received[0].body);
    assert_eq!(received[0].header("webhook-signature"), signed);
    assert_eq!(received[0].json()["type"], "test");
    assert_eq!(received[1].json()["visibility"], "direct", "nobody else sees it");
    let refused = notifier.test(Some("refuse@b.example")).await.expect("tried");
    assert!(matches!(&refused[0].1, Outcome::Refused(said) if said.contains("boîte inexistante")));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_starts_within_a_day_does_not_wait_for_the_next_letter() {
    let mut server = MailServer::start();
    let desk = Desk::mailing(&server).await;
    desk.subscribe("a@b.example", Frequency::Immediate).await;
    server.take();
    desk.publish("one", &[("Drones un", DRONE)]).await;
    assert_eq!(desk.round().await.sent, 1);
    desk.publish("two", &[("Drones deux", DRONE)]).await;
    assert_eq!(desk.round().await, Sent::default(), "ten minutes apart");
    let now = desk.clock.now();
    let start = guetteur_model::When::parse("2026-08-15T08:00:00+02:00");
    news::publish_from(&desk.app.store, "three", &[("Drones trois", DRONE)], start, now).await;
    assert_eq!(desk.round().await.sent, 1, "it starts tomorrow");
    let letters = server.take();
    let text = letters[1]["plain"].as_str().expect("text");
    assert!(text.contains("Drones trois") && text.contains("Drones deux"), "{text}");
    assert!(text.contains("/sauf/"), "{text}");
    assert!(text.contains("sources suivies, dont"), "when they were read: {text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_gets_its_letters_minute_by_minute() {
    let mut server = MailServer::start();
    let mut desk = Desk::mailing(&server).await;
    desk.app.config.mail.per_provider = 2;
    for nth in 0..5 {
        desk.subscribe(&format!("a{nth}@big.example"), Frequency::Immediate).await;
    }
    desk.subscribe("b@small.example", Frequency::Immediate).await;
    server.take();
    desk.publish("one", &[("Drones", DRONE)]).await;
    desk.follow().await;
    let notifier = desk.notifier().await;
    notifier.queue().await.expect("queued");
    for sent in [3, 0, 2, 1] {
        assert_eq!(notifier.send().await.expect("sent").sent, sent);
        let wait = if sent == 3 { TimeDelta::seconds(59) } else { TimeDelta::minutes(1) };
        desk.clock.pass(wait);
    }
    assert_eq!(server.take().len(), 6, "each one once");
    assert_eq!(desk.count(MessageState::Pending).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_court_decides_months_later_is_told_to_whoever_was_told_of_the_act() {
    let mut server = MailServer::start();
    let desk = Desk::mailing(&server).await;
    desk.subscribe("a@b.example", Frequency::Immediate).await;
    server.take();
    let act = desk.publish("one", &[("Drones", DRONE), ("Survol", DRONE)]).await[0];
    assert_eq!(desk.round().await.sent, 1);
    server.take();
    desk.clock.pass(TimeDelta::days(200));
    assert_eq!(desk.round().await, Sent::default());
    let told = async |server: &mut MailServer| {
        let sent = desk.round().await.sent;
        desk.clock.pass(TimeDelta::days(1));
        assert_eq!(desk.round().await, Sent::default(), "once");
        let mut letters = server.take();
        assert_eq!((sent, letters.len()), (1, 1));
        let subject = subjects(&letters)[0].to_owned();
        (subject, letters.remove(0)["plain"].as_str().expect("text").to_owned())
    };
    let decide = async |number: &str, on: &str, ruling| {
        let new = NewOutcome {
            act,
            court: "Tribunal administratif de Montpellier".to_owned(),
            number: number.to_owned(),
            decided_on: on.parse().expect("day"),
            ruling,
            ground: None,
            source: None,
            note: None,
        };
        desk.app.store.record_outcome(&new, desk.clock.now()).await.expect("recorded")
    };
    decide("2603001", "2027-03-01", Ruling::Suspended).await;
    let (subject, text) = told(&mut server).await;
    assert!(subject.contains("[Suspendu]") && !text.contains("Survol"), "{subject}: {text}");
    decide("2603002", "2027-03-10", Ruling::Lifted).await;
    let (subject, text) = told(&mut server).await;
    assert!(subject.contains("[Maintenu]"), "{subject}");
    assert!(text.contains("Suspension levée : Tribunal administratif de Montpellier"), "{text}");
    let Recorded::New(appeal) = decide("27BX1", "2027-09-01", Ruling::Annulled).await else {
        panic!("it was not known");
    };
    assert!(told(&mut server).await.0.contains("[Annulé]"));
    // It was recorded of the wrong act.
    assert!(desk.app.store.forget_outcome(appeal, desk.clock.now()).await.expect("forgotten"));
    assert!(told(&mut server).await.0.contains("[Maintenu]"));
}

/// An account that posts all acts about drones, a webhook that gets them.
async fn following(receiver: &Receiver, webhook: &str) -> Desk {
    let instance = format!("{}/", receiver.address);
    let desk = Desk::new(|config| {
        config.fetch.private_addresses = true;
        config.mastodon = Mastodon {
            instance: instance.parse().ok(),
            token: Some("jeton".into()),
            query: "categorie=drone".to_owned(),
            visibility: Visibility::Public,
        };
        config.webhook = vec![Webhook {
            name: "collectif".to_owned(),
            url: webhook.parse().ok(),
            secret: Some(SECRET.into()),
            query: "categorie=drone".to_owned(),
            about: About::Acts,
        }];
    })
    .await;
    desk.round().await;
    desk
}

#[tokio::test(flavor = "multi_thread")]
async fn to_stop_gives_back_what_is_not_under_way() {
    let receiver = Receiver::start().await;
    let desk = following(&receiver, &format!("{}/crochet", receiver.address)).await;
    let acts = [("Drones", DRONE); 40];
    desk.publish("one", &acts).await;
    desk.follow().await;
    let one_came = async {
        while receiver.is_idle() {
            tokio::task::yield_now().await;
        }
    };
    desk.notifier().await.run(one_came).await;
    assert!(desk.count(MessageState::Pending).await > 20, "it does not go on to the end");
    let other = desk.notifier().await.send().await.expect("sent");
    assert!(other.sent > 20, "nobody waits for a lease: {other:?}");
    assert_eq!(receiver.take().len(), 41, "each once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_without_answer_is_waited_for_once_a_round() {
    let receiver = Receiver::start().await;
    // Nobody listens there any more.
    let closed = std::net::TcpListener::bind("127.0.0.1:0").expect("port").local_addr();
    let desk = following(&receiver, &format!("http://{}/", closed.expect("address"))).await;
    let notifier = desk.notifier().await;
    for name in ["one", "two", "three"] {
        desk.publish(name, &[("Drones", DRONE)]).await;
        desk.follow().await;
        notifier.queue().await.expect("queued");
    }
    let sent = notifier.send().await.expect("sent");
    assert_eq!(sent, Sent { sent: 3, again: 1, troubled: 0 }, "posts go on");
    assert_eq!(notifier.send().await.expect("sent"), Sent::default());
    desk.clock.pass(TimeDelta::minutes(1));
    assert_eq!(notifier.send().await.expect("sent").again, 1);
}
