//! Every state in every format: a reader who was told of an act sees what became of it.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use guetteur_model::{ActId, FixedClock, Level, Ruling, When};
use guetteur_notify::{Composed, Mastodon, Notifier, Settings, Webhook, compose};
use guetteur_publish::State;
use guetteur_store::{
    About, Channel, Frequency, MessageKind, NewOutcome, Receiver, Settled, SignUp, Told,
};
use serde_json::Value;

use crate::exports::unzipped;
use crate::support::{SampleAct, SampleBulletin, Site, bulletins, drone, now, repealed};

const NUMBER: &str = "34-2026-08-12-00003";

fn bulletin(seen_hours_ago: i64, acts: Vec<SampleAct>) -> SampleBulletin {
    let first = bulletins().remove(0);
    SampleBulletin { seen_hours_ago, acts, ..first }
}

/// The same act as the drone act, which turns out to open a season of fishing.
fn fishing() -> SampleAct {
    let mut act = SampleAct::new(NUMBER, "Arrêté ouvrant la pêche à la truite", 3, &["Pêche.", ""]);
    act.facts.valid_from = When::parse("2026-09-01");
    act
}

/// The same act, about something else that is watched.
fn algorithm() -> SampleAct {
    let text = "est autorisé le traitement algorithmique des images";
    let act =
        SampleAct::new(NUMBER, "Arrêté autorisant un traitement algorithmique", 3, &[text, ""]);
    let act = act.flag("vsa", Level::Authorises, text);
    act.facts(|facts| facts.valid_from = When::parse("2026-08-20"))
}

fn known_drone() -> SampleAct {
    let mut act = drone();
    act.identity.keys = vec![NUMBER.to_owned()];
    act
}

/// The same act, for longer.
fn prolonged() -> SampleAct {
    known_drone().facts(|facts| facts.valid_to = When::parse("2026-08-18T02:00:00+02:00"))
}

fn ending(title: &str) -> SampleBulletin {
    let text = "L’arrêté est abrogé.";
    let act = SampleAct::new("34-2026-08-13-00001", title, 1, &[text]);
    let mut act = act.flag("drone", Level::Restricts, text);
    act.facts.amends = vec![repealed(NUMBER)];
    act.identity.references = vec![NUMBER.to_owned()];
    let number = Some("34-2026-212");
    let url = "https://www.herault.gouv.fr/content/RAA%20212.pdf";
    SampleBulletin { url, number, ..bulletin(4, vec![act]) }
}

const MASTODON: &str = "https://social.example";

/// Somebody follows the list in each way, since before the act was told.
async fn follow(site: &Site) {
    let (store, at) = (&site.state.catalogue.store, now() - TimeDelta::hours(21));
    for (channel, name) in [(Channel::Webhook, "collectif"), (Channel::Mastodon, MASTODON)] {
        let (target, query) = (name.to_owned(), "categorie=drone".to_owned());
        let receivers = [Receiver { target, query, about: About::Acts }];
        store.configure_receivers(channel, &receivers, at).await.expect("noted");
    }
    let new = SignUp {
        address: "a@b.example",
        query: "categorie=drone",
        frequency: Frequency::Immediate,
        renewals: false,
        still_watching: false,
        token: "stop",
        confirm: "confirm",
    };
    store.sign_up(new, at).await.expect("signed up");
    store.confirm_subscription("confirm", at, at).await.expect("confirmed");
}

/// Queues, and gives in words, what subscribers are told so many hours ago: by way.
async fn told(site: &Site, hours_ago: i64) -> Vec<(Told, Composed)> {
    let mut catalogue = site.state.catalogue.clone();
    let at = now() - TimeDelta::hours(hours_ago);
    catalogue.clock = Arc::new(FixedClock(at));
    let webhook = Webhook {
        name: "collectif".to_owned(),
        url: "https://collectif.example/".to_owned(),
        key: b"secret".to_vec(),
        query: "categorie=drone".to_owned(),
        about: About::Acts,
    };
    let account = Mastodon {
        name: MASTODON.to_owned(),
        instance: MASTODON.to_owned(),
        token: "jeton".to_owned(),
        query: "categorie=drone".to_owned(),
        visibility: "public".to_owned(),
    };
    let settings =
        Settings { webhooks: vec![webhook], mastodon: vec![account], ..Settings::default() };
    let notifier = Notifier::new(catalogue.clone(), settings, "test".to_owned()).await;
    notifier.expect("notifier").queue().await.expect("queued");
    let (store, lease) = (&catalogue.store, std::time::Duration::from_secs(60));
    let mut told = Vec::new();
    while let Some(message) =
        store.claim_message(Channel::ALL, "test", at, lease).await.expect("claimed")
    {
        store.settle_message(&message, &Settled::Sent, at).await.expect("settled");
        if message.kind == MessageKind::Alert {
            let (_, what) = message.payload.acts[0];
            let composed = compose(&catalogue, &message).await.expect("in words");
            told.push((what, composed.expect("something to say")));
        }
    }
    told
}

/// A site whose one act is in `state`, told from the sommaire 20 hours ago, with what those who
/// follow it were told last.
async fn site_in(state: State) -> (Site, ActId, Vec<(Told, Composed)>) {
    let site = Site::empty().await;
    follow(&site).await;
    let id = site.announce(&bulletin(20, vec![known_drone()])).await[0];
    let first = told(&site, 19).await;
    assert_eq!(first.len(), 3, "each way");
    let read = async |act: SampleAct| site.read(&bulletin(10, vec![act])).await;
    match state {
        State::ToConfirm => return (site, id, first),
        State::Confirmed => read(known_drone()).await,
        State::Corrected => read(algorithm()).await,
        State::Withdrawn => read(fishing()).await,
        State::Restored => {
            read(fishing()).await;
            site.index().await;
            told(&site, 9).await;
            site.read_again(&bulletin(5, vec![known_drone()])).await;
        }
        State::Repealed | State::Suspended => {
            read(known_drone()).await;
            site.index().await;
            assert_eq!(told(&site, 9).await, [], "a plain confirmation is not told");
            let title = match state {
                State::Repealed => "Arrêté abrogeant l’usage de drones",
                _ => "Arrêté portant suspension de l’usage de drones",
            };
            site.publish(&ending(title)).await;
        }
        State::Changed => {
            read(known_drone()).await;
            site.index().await;
            told(&site, 9).await;
            site.replace_pdf(&bulletin(5, vec![prolonged()])).await;
        }
        State::Annulled => {
            read(known_drone()).await;
            site.index().await;
            let decision = NewOutcome {
                act: id,
                court: "Tribunal administratif de Montpellier".into(),
                number: "2603001".into(),
                decided_on: "2026-08-14".parse().expect("day"),
                ruling: Ruling::Annulled,
                ground: None,
                source: None,
                note: None,
            };
            let at = "2026-08-14T06:00:00Z".parse().expect("instant");
            site.state.catalogue.store.record_outcome(&decision, at).await.expect("recorded");
        }
    }
    site.index().await;
    let last = told(&site, 3).await;
    (site, id, last)
}

/// What a format must say of the act in each state: the row of the table.
struct Expected {
    mark: Option<&'static str>,
    id: &'static str,
    /// `STATUS` of its event, and when it last changed: `SEQUENCE`; none for what was never borne out.
    event: Option<(&'static str, &'static str)>,
    /// When an entry of its own was published.
    told_again: Option<&'static str>,
}

fn expected(state: State) -> Expected {
    let row = |mark, id, event, told_again| Expected { mark, id, event, told_again };
    const TOLD: &str = "2026-08-13T14:00:00+00:00";
    const READ: &str = "2026-08-14T00:00:00+00:00";
    const AGAIN: &str = "2026-08-14T05:00:00+00:00";
    const ENDED: &str = "2026-08-14T06:00:00+00:00";
    match state {
        State::ToConfirm => row(Some("À confirmer"), "to_confirm", Some(("TENTATIVE", TOLD)), None),
        State::Confirmed => row(None, "confirmed", Some(("CONFIRMED", READ)), None),
        State::Corrected => {
            row(Some("Corrigé"), "corrected", Some(("CONFIRMED", READ)), Some(READ))
        }
        State::Withdrawn => row(Some("Alerte retirée"), "withdrawn", None, Some(READ)),
        State::Restored => {
            row(Some("Alerte rétablie"), "restored", Some(("CONFIRMED", AGAIN)), Some(AGAIN))
        }
        State::Repealed => row(Some("Abrogé"), "repealed", Some(("CANCELLED", ENDED)), Some(ENDED)),
        State::Suspended => {
            row(Some("Suspendu"), "suspended", Some(("CANCELLED", ENDED)), Some(ENDED))
        }
        State::Changed => row(Some("Modifié"), "changed", Some(("CONFIRMED", AGAIN)), Some(AGAIN)),
        State::Annulled => row(Some("Annulé"), "annulled", Some(("CANCELLED", ENDED)), Some(ENDED)),
    }
}

#[tokio::test]
async fn states_and_formats() {
    for state in State::ALL {
        let (site, id, told) = site_in(state).await;
        let expected = expected(state);
        on_the_page(&site, id, &expected).await;
        in_feeds(&site, id, &expected).await;
        keep_feeds(&site, state).await;
        in_the_calendar(&site, id, &expected).await;
        in_tables(&site, id, &expected).await;
        for_programs(&site, id, &expected).await;
        in_messages(&told, id, state, &expected);
    }
}

async fn on_the_page(site: &Site, id: ActId, expected: &Expected) {
    let page = site.get(&format!("/acte/{id}")).await;
    if let Some(mark) = expected.mark {
        let badge = format!("<span>{}</span>", mark.to_lowercase());
        assert!(page.text().contains(&badge), "{}: {}", expected.id, page.text());
    }
}

/// `GUETTEUR_FEEDS=folder` keeps the feeds, for `make check-readers`.
async fn keep_feeds(site: &Site, state: State) {
    let Ok(folder) = std::env::var("GUETTEUR_FEEDS") else { return };
    let folder = std::path::Path::new(&folder).join(state.id());
    std::fs::create_dir_all(&folder).expect("folder");
    for format in ["atom", "rss", "json", "ics"] {
        let answer = site.get(&format!("/recherche.{format}?categorie=drone")).await;
        let path = folder.join(format!("recherche.{format}"));
        std::fs::write(path, &answer.body).expect("written");
    }
}

/// In the list that told the first alert, whatever its category is now.
async fn in_feeds(site: &Site, id: ActId, expected: &Expected) {
    let list = "/recherche.{}?categorie=drone";
    let own = format!("tag:guetteur.example,2026:acte:{id}");
    for format in ["atom", "rss", "json"] {
        let answer = site.get(&list.replace("{}", format)).await;
        let feed = feed_rs::parser::parse(answer.body.as_slice()).expect(format);
        let title = |id: &str| {
            let entry = feed.entries.iter().find(|entry| entry.id == id);
            entry.map(|entry| entry.title.as_ref().expect("title").content.clone())
        };
        let entry = title(&own).expect("the entry of the act");
        let marked = expected
            .mark
            .map_or(entry.starts_with("[Drones"), |mark| entry.starts_with(&format!("[{mark}]")));
        assert!(marked, "{format}, {}: {entry}", expected.id);
        let again = feed.entries.iter().filter(|e| e.id.starts_with(&format!("{own}:")));
        let last = again.max_by_key(|entry| entry.published);
        let at = last.and_then(|entry| entry.published).map(|at| at.to_rfc3339());
        assert_eq!(at.as_deref(), expected.told_again, "{format}, {}", expected.id);
        if let (Some(entry), Some(mark)) = (last, expected.mark) {
            let words = &entry.title.as_ref().expect("title").content;
            assert!(words.starts_with(&format!("[{mark}]")), "{format}: {words}");
            let page = format!("https://guetteur.example/acte/{id}");
            let apart = |href: &str| href.starts_with(&format!("{page}#"));
            assert!(entry.links.iter().any(|link| apart(&link.href)), "{format}: its own link");
            assert!(answer.text().contains(&own), "{format}: the first entry is named");
        }
    }
    let answer = site.get(&list.replace("{}", "atom")).await;
    let feed: atom_syndication::Feed = answer.text().parse().expect("Atom");
    for entry in &feed.entries {
        assert_eq!(entry.links.last().expect("a link").rel, "alternate", "the page comes last");
        let enclosed = entry.links.iter().any(|link| link.rel == "enclosure");
        assert!(!enclosed || expected.id != "to_confirm", "no PDF while to confirm");
        if let (Some(mark), true) = (expected.mark, entry.id == own) {
            let summary = entry.summary.as_ref().expect("summary");
            assert!(summary.value.starts_with(mark), "{}", summary.value);
        }
    }
}

async fn in_the_calendar(site: &Site, id: ActId, expected: &Expected) {
    let calendar = site.get("/recherche.ics").await;
    let text = calendar.text().replace("\r\n ", "");
    let uid = format!("UID:acte-{id}@");
    let event = text.split("BEGIN:VEVENT").find(|event| event.contains(&uid));
    let Some((status, changed_at)) = expected.event else {
        assert_eq!(event, None, "what was never borne out is no event");
        return;
    };
    let event = event.unwrap_or_else(|| panic!("{}: {text}", expected.id));
    assert!(event.contains(&format!("STATUS:{status}\r\n")), "{event}");
    let changed_at: DateTime<Utc> = changed_at.parse().expect("instant");
    let sequence = format!("SEQUENCE:{}\r\n", changed_at.timestamp());
    assert!(event.contains(&sequence), "{sequence}{event}");
    let marked = expected.mark.is_none_or(|mark| event.contains(&format!("SUMMARY:[{mark}] ")));
    assert!(marked, "{event}");
}

async fn in_tables(site: &Site, id: ActId, expected: &Expected) {
    let list = "/recherche.{}?niveau=tous";
    let answer = site.get(&format!("{}&format=rfc4180", list.replace("{}", "csv"))).await;
    let mut reader = csv::Reader::from_reader(answer.body.as_slice());
    let names = reader.headers().expect("headers").clone();
    let column = |name| names.iter().position(|n| n == name).expect("column");
    let rows: Vec<_> = reader.records().map(|row| row.expect("row")).collect();
    let row = rows.iter().find(|row| row[column("id")] == id.to_string()).expect("the act");
    assert_eq!(&row[column("etat")], expected.id);
    assert_eq!(&row[column("a_verifier")] == "oui", expected.id == "to_confirm");

    let files = unzipped(&site.get(&list.replace("{}", "xlsx")).await.body);
    let said = |word: &str| files.values().any(|file| String::from_utf8_lossy(file).contains(word));
    assert!(said("etat") && said(&format!(">{}<", expected.id)), "XLSX: {}", expected.id);

    let lines = site.get(&list.replace("{}", "jsonl")).await;
    let lines = lines.text().lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    let act = lines.into_iter().find(|act| act["id"] == id.0).expect("the act");
    assert_eq!(act["state"], expected.id);
}

async fn for_programs(site: &Site, id: ActId, expected: &Expected) {
    let answer = site.get(&format!("/api/v1/acts/{id}")).await;
    let act: Value = serde_json::from_slice(&answer.body).expect("JSON");
    assert_eq!(act["state"], expected.id);
}

/// What letters and posts say, and what a webhook sends of the act, as they leave. Of an act that is
/// ended, the one that ends it is told too.
fn in_messages(told: &[(Told, Composed)], id: ActId, state: State, expected: &Expected) {
    let page = format!("https://guetteur.example/acte/{id}");
    let Some(what) = (match state {
        State::ToConfirm => Some(Told::New),
        State::Confirmed => None,
        State::Corrected => Some(Told::Corrected),
        State::Withdrawn => Some(Told::Withdrawn),
        State::Restored => Some(Told::Restored),
        State::Repealed => Some(Told::Repealed),
        State::Suspended => Some(Told::Suspended),
        State::Changed => Some(Told::Changed),
        State::Annulled => Some(Told::Annulled),
    }) else {
        assert_eq!(told, [], "a plain confirmation is not told");
        return;
    };
    let mark = expected.mark.expect("told again for something");
    let mut ways = BTreeSet::new();
    for (first, composed) in told {
        match composed {
            Composed::Letter(letter) => {
                let marked = format!("[{mark}]");
                let single =
                    letter.subject.starts_with(&marked) || letter.subject.contains("2 actes");
                assert!(single && letter.text.contains(&marked), "{}", letter.subject);
                assert!(letter.text.contains(&page) && letter.html.contains(mark));
                assert!(letter.text.contains(&format!("{mark} ")), "with what it means");
                ways.insert("mail");
            }
            Composed::Json(json) => {
                let body: Value = serde_json::from_str(json).expect("JSON");
                let acts = body["acts"].as_array().expect("acts");
                let act = acts.iter().find(|act| act["act"]["id"] == id.0).expect("the act");
                assert_eq!(act["told"], what.as_str());
                assert_eq!(act["act"]["state"], expected.id);
                assert!(act["note"].as_str().is_some_and(|note| note.starts_with(mark)), "{act}");
                ways.insert("webhook");
            }
            Composed::Post(post) if *first == what => {
                assert!(post.starts_with(&format!("[{mark}]")) && post.ends_with(&page), "{post}");
                ways.insert("post");
            }
            Composed::Post(_) => {}
        }
    }
    assert_eq!(ways.len(), 3, "{}: {told:?}", expected.id);
}

#[tokio::test]
async fn what_is_flagged_later_enters_late_and_a_changed_pdf_is_told_where_it_was() {
    let site = Site::empty().await;
    let plain = SampleAct { flags: Vec::new(), ..known_drone() };
    site.publish(&bulletin(20, vec![plain])).await;
    site.index().await;
    let published = async |list: &str| -> Vec<String> {
        let answer = site.get(list).await;
        let feed = feed_rs::parser::parse(answer.body.as_slice()).expect("feed");
        let at = |entry: &feed_rs::model::Entry| entry.published.map(|at| at.to_rfc3339());
        feed.entries.iter().filter_map(at).collect()
    };
    assert_eq!(published("/recherche.atom?categorie=drone").await, [""; 0]);
    // A rule has learnt.
    site.read_again(&bulletin(6, vec![known_drone()])).await;
    site.index().await;
    let entered = ["2026-08-14T04:00:00+00:00"];
    assert_eq!(published("/recherche.atom?categorie=drone").await, entered);
    assert_eq!(published("/recherche.rss?categorie=drone").await, entered);
    let first_seen = ["2026-08-13T14:00:00+00:00"];
    assert_eq!(published("/recherche.atom?q=captation").await, first_seen);
    let entry = site.get("/recherche.atom?categorie=drone").await;
    assert!(entry.text().contains("Vu pour la première fois le 13 août 2026"));
    // The new version of the PDF is about something else: whoever was told hears of it.
    site.replace_pdf(&bulletin(5, vec![algorithm()])).await;
    site.index().await;
    let entry = site.get("/recherche.atom?categorie=drone").await;
    assert!(entry.text().contains("[Modifié]") && entry.text().contains(":version:1"));
}
