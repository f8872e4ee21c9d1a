//! Every state in every format: a reader who was told of an act sees what became of it.

use guetteur_model::{ActId, Level, When};
use guetteur_publish::{State, ToldAct};
use guetteur_store::Told;
use serde_json::Value;

use crate::exports::unzipped;
use crate::support::{SampleAct, SampleBulletin, Site, bulletins, drone, repealed};

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

/// A site whose one act is in `state`, told from the sommaire 20 hours ago.
async fn site_in(state: State) -> (Site, ActId) {
    let site = Site::empty().await;
    let id = site.announce(&bulletin(20, vec![known_drone()])).await[0];
    let read = async |act: SampleAct| site.read(&bulletin(10, vec![act])).await;
    match state {
        State::ToConfirm => {}
        State::Confirmed => read(known_drone()).await,
        State::Corrected => read(algorithm()).await,
        State::Withdrawn => read(fishing()).await,
        State::Restored => {
            read(fishing()).await;
            site.index().await;
            site.read_again(&bulletin(5, vec![known_drone()])).await;
        }
        State::Repealed | State::Suspended => {
            read(known_drone()).await;
            site.index().await;
            let title = match state {
                State::Repealed => "Arrêté abrogeant l’usage de drones",
                _ => "Arrêté portant suspension de l’usage de drones",
            };
            site.publish(&ending(title)).await;
        }
    }
    site.index().await;
    (site, id)
}

/// What a format must say of the act in each state: the row of the table.
struct Expected {
    mark: Option<&'static str>,
    id: &'static str,
    /// `STATUS` and `SEQUENCE` of its event; none for what was never borne out.
    event: Option<(&'static str, &'static str)>,
    /// When an entry of its own was published.
    told_again: Option<&'static str>,
}

fn expected(state: State) -> Expected {
    let row = |mark, id, event, told_again| Expected { mark, id, event, told_again };
    const READ: &str = "2026-08-14T00:00:00+00:00";
    const AGAIN: &str = "2026-08-14T05:00:00+00:00";
    const ENDED: &str = "2026-08-14T06:00:00+00:00";
    match state {
        State::ToConfirm => row(Some("À confirmer"), "to_confirm", Some(("TENTATIVE", "0")), None),
        State::Confirmed => row(None, "confirmed", Some(("CONFIRMED", "1")), None),
        State::Corrected => row(Some("Corrigé"), "corrected", Some(("CONFIRMED", "1")), Some(READ)),
        State::Withdrawn => row(Some("Alerte retirée"), "withdrawn", None, Some(READ)),
        State::Restored => {
            row(Some("Alerte rétablie"), "restored", Some(("CONFIRMED", "2")), Some(AGAIN))
        }
        State::Repealed => row(Some("Abrogé"), "repealed", Some(("CANCELLED", "2")), Some(ENDED)),
        State::Suspended => {
            row(Some("Suspendu"), "suspended", Some(("CANCELLED", "2")), Some(ENDED))
        }
    }
}

#[tokio::test]
async fn states_and_formats() {
    for state in State::ALL {
        let (site, id) = site_in(state).await;
        let expected = expected(state);
        on_the_page(&site, id, &expected).await;
        in_feeds(&site, id, &expected).await;
        in_the_calendar(&site, id, &expected).await;
        in_tables(&site, id, &expected).await;
        for_programs(&site, id, &expected).await;
        in_messages(&site, id, state, &expected).await;
    }
}

async fn on_the_page(site: &Site, id: ActId, expected: &Expected) {
    let page = site.get(&format!("/acte/{id}")).await;
    if let Some(mark) = expected.mark {
        let badge = format!("<span>{}</span>", mark.to_lowercase());
        assert!(page.text().contains(&badge), "{}: {}", expected.id, page.text());
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
            assert!(entry.links.iter().any(|link| link.href == page), "{format}");
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
    let Some((status, sequence)) = expected.event else {
        assert_eq!(event, None, "what was never borne out is no event");
        return;
    };
    let event = event.unwrap_or_else(|| panic!("{}: {text}", expected.id));
    assert!(event.contains(&format!("STATUS:{status}\r\n")), "{event}");
    assert!(event.contains(&format!("SEQUENCE:{sequence}\r\n")), "{event}");
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

/// What letters and posts put before the title, and what a webhook sends of the act.
async fn in_messages(site: &Site, id: ActId, state: State, expected: &Expected) {
    let what = match state {
        State::Withdrawn => Told::Withdrawn,
        State::Corrected => Told::Corrected,
        State::Restored => Told::Restored,
        _ => Told::New,
    };
    let catalogue = &site.state.catalogue;
    let acts = catalogue.acts_as_told(&[(id, what)]).await.expect("acts");
    let (act, what) = &acts[0];
    let told = ToldAct::new(act, *what, "https://guetteur.example");
    assert_eq!(told.mark, expected.mark);
    assert!(told.note.is_some(), "{}", expected.id);
    assert_eq!(act.to_value("").expect("JSON")["state"], expected.id);
}
