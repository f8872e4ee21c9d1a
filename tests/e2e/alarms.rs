//! A source that cannot be read, told to those who rely on it and to the operator.

use chrono::TimeDelta;
use guetteur::config::{MastodonAccount, Visibility, Webhook};
use guetteur_model::{Clock, Failure, FailureKind, SystemClock};
use guetteur_notify::{Sent, Tls};
use guetteur_store::{About, Frequency, PassKind, PassOutcome, SourceFailure, Store};
use serde_json::Value;

use crate::feeds::get;
use crate::support::desk::Desk;
use crate::support::mail::MailServer;
use crate::support::office::Office;
use crate::support::own_sites;
use crate::support::receiver::{MOST_CHARACTERS, Received, Receiver};

/// A pass over the Hérault that ended so long ago, well or not.
async fn pass(store: &Store, clock: &dyn Clock, ago: TimeDelta, failure: Option<FailureKind>) {
    pass_over(store, clock, "34", ago, failure).await;
}

async fn pass_over(
    store: &Store,
    clock: &dyn Clock,
    source: &str,
    ago: TimeDelta,
    failure: Option<FailureKind>,
) {
    let at = clock.now() - ago;
    let failure = failure.map(|kind| SourceFailure::from(Failure::new(kind, "")));
    let pass = store.begin_pass(source, PassKind::Daily, at).await.expect("pass");
    let outcome = PassOutcome { failure, ..PassOutcome::default() };
    store.finish_pass(pass, &outcome, at).await.expect("end");
}

fn hours(hours: i64) -> TimeDelta {
    TimeDelta::hours(hours)
}

fn subjects(letters: &[Value]) -> Vec<String> {
    letters.iter().map(|letter| letter["headers"]["subject"].to_string()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn subscribers_and_operator_hear_of_it_once_and_when_it_is_over() {
    let (mut server, receiver) = (MailServer::start(), Receiver::start().await);
    let port = server.port;
    let url = receiver.address.clone();
    let desk = Desk::new(|config| {
        config.fetch.private_addresses = true;
        config.mail.server = Some("localhost".to_owned());
        config.mail.port = port;
        config.mail.tls = Tls::None;
        config.mail.from = "Guetteur <alertes@guetteur.example>".to_owned();
        config.mail.operator = Some("moi@guetteur.example".to_owned());
        let webhook = |name: &str, query: &str, about| Webhook {
            name: name.to_owned(),
            url: url.parse().ok(),
            secret: Some("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".into()),
            query: query.to_owned(),
            about,
        };
        config.webhook = vec![
            webhook("collectif", "prefecture=34", About::Acts),
            webhook("ailleurs", "prefecture=35", About::Acts),
            webhook("de garde", "", About::Alarms),
        ];
    })
    .await;
    let (store, clock) = (&desk.app.store, &*desk.clock);
    desk.subscribe("lectrice@exemple.example", Frequency::Weekly).await;
    server.take();
    pass(store, clock, hours(1), None).await;
    assert_eq!(desk.round().await, Sent::default());

    // The site goes down; the operator hears of it after six hours.
    clock.pass(hours(5));
    pass(store, clock, hours(0), Some(FailureKind::SiteDown)).await;
    assert_eq!(desk.round().await, Sent::default());
    clock.pass(hours(6));
    assert_eq!(desk.round().await, Sent { sent: 2, ..Sent::default() });
    let letters = server.take();
    assert_eq!(letters[0]["to"], "moi@guetteur.example");
    let text = letters[0]["plain"].as_str().expect("text");
    assert!(text.contains("la lecture échoue") && text.contains("en panne"), "{text}");
    let told = receiver.take().remove(0).json();
    assert_eq!((&told["type"], &told["alarms"][0]["kind"]), (&"alarms".into(), &"failing".into()));
    assert_eq!(told["alarms"][0]["source"]["code"], "34");

    // After three days without a reading, subscribers do, digest or not.
    clock.pass(hours(72 - 12) - TimeDelta::minutes(1));
    assert_eq!(desk.round().await, Sent::default(), "a minute before");
    clock.pass(TimeDelta::minutes(1));
    assert_eq!(desk.round().await, Sent { sent: 2, ..Sent::default() });
    assert_eq!(desk.round().await, Sent::default(), "once");
    let letters = server.take();
    assert_eq!(letters[0]["to"], "lectrice@exemple.example");
    for part in ["plain", "html"] {
        let text = letters[0][part].as_str().expect("part").replace('\u{a0}', " ");
        for expected in [
            "Préfecture de l'Hérault : pas lue depuis 3 jours",
            "l’absence d’alerte ne prouve rien",
            "le site est en panne",
            "https://guetteur.example/abonnement/stop-lectrice@exemple.example",
        ] {
            let text = text.replace("&#x27;", "'").replace("&#39;", "'");
            assert!(text.contains(expected), "no {expected} in {text}");
        }
    }
    let received = receiver.take();
    assert_eq!(received.len(), 1, "who follows Ille-et-Vilaine is not concerned");
    let told = received[0].json();
    assert_eq!(
        (&told["query"], &told["alarms"][0]["told"]),
        (&"prefecture=34".into(), &"raised".into())
    );

    // A second machine, or a restart, tells nobody again; whoever comes meanwhile is told.
    desk.subscribe("tard@exemple.example", Frequency::Immediate).await;
    assert_eq!(subjects(&server.take()).len(), 1, "the letter to confirm");
    desk.round().await;
    assert_eq!(server.take()[0]["to"], "tard@exemple.example");

    // It is back.
    clock.pass(hours(2));
    pass(store, clock, hours(0), None).await;
    assert_eq!(desk.round().await, Sent { sent: 5, ..Sent::default() });
    let letters = server.take();
    let mut to: Vec<&str> = letters.iter().filter_map(|letter| letter["to"].as_str()).collect();
    to.sort_unstable();
    let readers = ["lectrice@exemple.example", "moi@guetteur.example", "tard@exemple.example"];
    assert_eq!(to, readers);
    let back = |letter: &&Value| letter["plain"].as_str().expect("text").contains("de nouveau lu");
    assert_eq!(letters.iter().filter(back).count(), 2);
    assert_eq!(receiver.take().len(), 2);
    clock.pass(hours(2));
    assert_eq!(desk.round().await, Sent::default());
}

/// Three accounts: of a prefecture, of a commune of another one, of all of France.
async fn posting(receiver: &Receiver) -> Desk {
    let account = |name: &str, query: &str| MastodonAccount {
        name: name.to_owned(),
        instance: receiver.address.parse().ok(),
        token: Some(name.into()),
        query: query.to_owned(),
        visibility: Visibility::Public,
    };
    Desk::new(|config| {
        config.fetch.private_addresses = true;
        config.mastodon_account = vec![
            account("herault", "categorie=drone&prefecture=34"),
            account("rennes", "commune=35238"),
            account("france", "categorie=drone"),
        ];
    })
    .await
}

/// What each account posted, in the order of their names.
fn posts(receiver: &Receiver) -> Vec<(String, String)> {
    let post = |received: Received| {
        let account = received.header("authorization").trim_start_matches("Bearer ").to_owned();
        let status = received.json()["status"].as_str().expect("status").to_owned();
        (account, status.replace('\u{a0}', " "))
    };
    let mut posts: Vec<_> = receiver.take().into_iter().map(post).collect();
    posts.sort();
    posts
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_posts_of_its_places_at_once_and_of_france_once_a_day() {
    let receiver = Receiver::start().await;
    let desk = posting(&receiver).await;
    let (store, clock) = (&desk.app.store, &*desk.clock);
    let pass =
        async |source: &str, failure| pass_over(store, clock, source, hours(0), failure).await;
    let down = Some(FailureKind::SiteDown);
    pass("34", None).await;
    pass("35", None).await;
    assert_eq!(desk.round().await, Sent::default());
    clock.pass(hours(1));
    pass("34", down).await;
    clock.pass(hours(71));
    assert_eq!(desk.round().await.sent, 2);
    let told = posts(&receiver);
    let accounts: Vec<&str> = told.iter().map(|(account, _)| &**account).collect();
    assert_eq!(accounts, ["france", "herault"], "Rennes is read");
    for (_, status) in &told {
        assert!(
            status.starts_with("Préfecture de l'Hérault : pas lue depuis 3 jours\n"),
            "{status}"
        );
        assert!(status.ends_with("\nhttps://guetteur.example/prefecture/34"), "{status}");
    }
    assert_eq!(desk.round().await, Sent::default(), "once");

    // Another one, hours later: its own account hears of it, France does not yet.
    pass("35", down).await;
    clock.pass(hours(5));
    assert_eq!(desk.round().await.sent, 1);
    let told = posts(&receiver);
    assert_eq!(told[0].0, "rennes");
    assert!(told[0].1.contains("absence d’alerte ne prouve rien"), "{told:?}");
    pass("34", None).await;
    assert_eq!(desk.round().await.sent, 1, "over, for who was told");
    let told = posts(&receiver);
    assert_eq!(told[0].0, "herault");
    assert!(told[0].1.starts_with("Préfecture de l'Hérault : de nouveau lue"), "{told:?}");

    // A day after its post, all that came up meanwhile, in one.
    clock.pass(hours(18));
    assert_eq!(desk.round().await, Sent::default());
    clock.pass(hours(1));
    assert_eq!(desk.round().await.sent, 1);
    let (account, status) = posts(&receiver).remove(0);
    assert_eq!(account, "france");
    for line in [
        "1 préfecture que nous ne pouvons pas lire, 1 de nouveau lue :",
        "L’absence d’alerte ne prouve rien.",
        "https://guetteur.example/couverture",
    ] {
        assert!(status.lines().any(|of| of == line), "no « {line} » in {status}");
    }
    assert!(status.chars().count() <= MOST_CHARACTERS, "{status}");
}

#[tokio::test(flavor = "multi_thread")]
async fn given_up_bulletins_are_told_to_the_operator_together() {
    let mut server = MailServer::start();
    let port = server.port;
    let desk = Desk::new(|config| {
        config.mail.server = Some("localhost".to_owned());
        config.mail.port = port;
        config.mail.tls = Tls::None;
        config.mail.from = "Guetteur <alertes@guetteur.example>".to_owned();
        config.mail.operator = Some("moi@guetteur.example".to_owned());
    })
    .await;
    let (store, now) = (&desk.app.store, desk.clock.now());
    for name in ["a", "b", "c"] {
        crate::support::news::give_up(store, name, now).await;
    }
    assert_eq!(desk.round().await, Sent { sent: 1, ..Sent::default() });
    let text = server.take()[0]["plain"].as_str().expect("text").replace('\u{a0}', " ");
    for expected in ["3 recueils abandonnés", "https://www.herault.gouv.fr/b.pdf", "introuvable"] {
        assert!(text.contains(expected), "no {expected} in {text}");
    }
    assert_eq!(desk.round().await, Sent::default());
}

/// The real program: `watch` on sites that are down tells mailbox and feed, and so does `notify` after
/// a crawl that found them back.
#[tokio::test(flavor = "multi_thread")]
async fn the_program_tells_a_blind_source_by_letter_and_feed() {
    let mut office = Office::new(&["a@b.example".to_owned()]).await;
    office.run(&["notify"]);
    office.server.take();
    let store = Store::open(&office.world.database()).await.expect("store");
    pass(&store, &SystemClock, hours(80), None).await;
    pass(&store, &SystemClock, hours(50), Some(FailureKind::SiteDown)).await;
    store.close().await;

    let watch = office.world.serve(&["watch"]);
    office.server.wait_for_letters(1);
    let letter = office.server.take().remove(0);
    let text = letter["plain"].as_str().expect("text").replace('\u{a0}', " ");
    assert!(text.contains("pas lue depuis 3 jours"), "{text}");
    let feed = async |path: &str| {
        get(&format!("{}{path}", watch.address)).await.text().await.expect("text")
    };
    for path in ["/prefecture/34.atom", "/recherche.rss?prefecture=34", "/recherche.json"] {
        assert!(feed(path).await.contains("absence d’alerte ne prouve rien"), "{path}");
    }
    assert!(!feed("/prefecture/35.atom").await.contains("ne prouve rien"));
    watch.stop();

    // Its bulletins were put into the database without their PDFs.
    let adopted = office.world.command(&["archive", "adopt"]).output().expect("adopt");
    assert!(adopted.status.success(), "{}", String::from_utf8_lossy(&adopted.stderr));
    let sites = own_sites();
    let crawl =
        office.world.command(&["crawl", "34"]).env("GUETTEUR_MIRROR", &sites.mirror).output();
    assert!(crawl.expect("crawl").status.success());
    office.run(&["notify"]);
    let letters = office.server.take();
    let over = letters
        .iter()
        .any(|letter| letter["headers"]["subject"].to_string().contains("de nouveau lue"));
    assert!(over, "{:?}", subjects(&letters));
}
