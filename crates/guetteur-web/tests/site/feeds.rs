use axum::http::StatusCode;
use feed_rs::parser;
use rss::validation::Validate as _;

use crate::support::Site;

async fn parsed(site: &Site, address: &str) -> feed_rs::model::Feed {
    let answer = site.get(address).await;
    assert_eq!(answer.status, StatusCode::OK, "{address}");
    parser::parse(answer.body.as_slice()).unwrap_or_else(|e| panic!("{address}: {e}"))
}

#[tokio::test]
async fn all_formats_hold_the_same_entries() {
    let site = Site::sample().await;
    let atom = parsed(&site, "/recherche.atom").await;
    let rss = parsed(&site, "/recherche.rss").await;
    let json = parsed(&site, "/recherche.json").await;
    let ids = |feed: &feed_rs::model::Feed| -> Vec<String> {
        feed.entries.iter().map(|entry| entry.id.clone()).collect()
    };
    // What authorises or restricts: not the hunt, not the citation, not the sensor.
    assert_eq!(ids(&atom).len(), 4);
    assert_eq!(ids(&atom), ids(&rss));
    assert_eq!(ids(&atom), ids(&json));
    assert!(ids(&atom)[0].starts_with("tag:guetteur.example,2026:acte:"));
    for feed in [&atom, &rss] {
        let entry = feed
            .entries
            .iter()
            .find(|e| e.title.as_ref().is_some_and(|t| t.content.contains("fête de la mer")))
            .expect("the drone act");
        let html = entry
            .content
            .as_ref()
            .and_then(|c| c.body.clone())
            .or_else(|| entry.summary.as_ref().map(|s| s.content.clone()));
        let html = html.expect("content");
        assert!(html.contains("2\u{a0}caméras au plus"), "{html}");
        assert!(html.contains("La captation, l’enregistrement"), "{html}");
        assert!(html.contains("https://guetteur.example/acte/"), "{html}");
        let title = &entry.title.as_ref().expect("title").content;
        assert!(title.starts_with("[Drones et hélicoptères : autorise]"), "{title}");
    }
    assert!(atom.entries.iter().any(|e| {
        e.links
            .iter()
            .any(|l| l.rel.as_deref() == Some("enclosure") && l.href.ends_with(".pdf#page=3"))
    }));
}

#[tokio::test]
async fn a_feed_says_which_list_it_is_and_when_its_source_was_read() {
    let site = Site::sample().await;
    for suffix in ["atom", "rss", "json"] {
        let feed = parsed(&site, &format!("/prefecture/34.{suffix}?categorie=drone")).await;
        let title = feed.title.expect("title").content;
        assert!(title.starts_with("Drones et hélicoptères, Préfecture de l'Hérault"), "{title}");
        let about = feed.description.expect("about").content;
        assert!(
            about.contains("Préfecture de l'Hérault : lue pour la dernière fois le"),
            "{about}"
        );
        let all = parsed(&site, &format!("/recherche.{suffix}")).await;
        let title = all.title.expect("title").content;
        assert!(title.starts_with("Toutes les préfectures"), "{title}");
        let about = all.description.expect("about").content;
        assert!(about.contains("sources suivies, dont"), "{about}");
    }
}

/// The validator of the `rss` crate: addresses, days, languages, lengths, as RSS 2.0 has them.
#[tokio::test]
async fn rss_is_valid() {
    let site = Site::sample().await;
    for address in [
        "/recherche.rss?niveau=tous",
        "/prefecture/34.rss",
        "/couverture.rss",
        "/modifications.rss",
    ] {
        let answer = site.get(address).await;
        let channel = rss::Channel::read_from(answer.body.as_slice()).expect(address);
        channel.validate().unwrap_or_else(|error| panic!("{address}: {error}"));
    }
}

#[tokio::test]
async fn levels_are_narrowed_only_where_nothing_is_asked() {
    let site = Site::sample().await;
    for (address, entries) in [
        ("/recherche.atom", 4),
        ("/recherche.atom?niveau=tous", 7),
        ("/recherche.atom?niveau=mentions", 1),
        ("/recherche.atom?categorie=drone", 2),
        ("/recherche.atom?q=sanglier", 1),
        ("/prefecture/34.rss", 2),
        ("/prefecture/974.atom", 0),
        ("/commune/34172.atom", 1),
    ] {
        assert_eq!(parsed(&site, address).await.entries.len(), entries, "{address}");
    }
    let subtitle = parsed(&site, "/recherche.atom").await.description.expect("subtitle").content;
    assert!(subtitle.contains("niveau=tous"), "{subtitle}");
}

#[tokio::test]
async fn a_reader_that_is_up_to_date_is_told_so() {
    let site = Site::sample().await;
    for address in
        ["/recherche.atom", "/prefecture/34.rss", "/recherche.json?q=drone", "/recherche.ics"]
    {
        let first = site.get(address).await;
        let tag = first.header("etag");
        let again = site.get_with(address, ("if-none-match", tag)).await;
        assert_eq!((again.status, again.body.len()), (StatusCode::NOT_MODIFIED, 0), "{address}");
        let modified = first.header("last-modified");
        let again = site.get_with(address, ("if-modified-since", modified)).await;
        assert_eq!(again.status, StatusCode::NOT_MODIFIED, "{address}");
    }
    let tag = site.get("/recherche.atom").await.header("etag").to_owned();
    let mut news = crate::support::bulletins().remove(1);
    news.url = "https://www.prefecturedepolice.fr/nouveau.pdf";
    news.acts[0].act.number = Some("2026-00900".into());
    site.publish(&news).await;
    site.index().await;
    let changed = site.get_with("/recherche.atom", ("if-none-match", &tag)).await;
    assert_eq!(changed.status, StatusCode::OK);
}

#[tokio::test]
async fn feeds_are_compressed() {
    let site = Site::sample().await;
    let zipped = site.get_with("/recherche.atom", ("accept-encoding", "gzip")).await;
    assert_eq!(zipped.header("content-encoding"), "gzip");
    assert!(zipped.header("etag").starts_with("W/"));
}

#[tokio::test]
async fn the_calendar_has_the_periods() {
    let site = Site::sample().await;
    let calendar = site.get("/recherche.ics?niveau=authorises").await;
    let text = calendar.text();
    assert_eq!(text.matches("BEGIN:VEVENT").count(), 2, "{text}");
    let hours = "DTSTART;TZID=Europe/Paris:20260814T180000\r\n\
                 DTEND;TZID=Europe/Paris:20260816T020000\r\n";
    assert!(text.contains(hours), "{text}");
    assert_eq!(text.matches("BEGIN:VTIMEZONE").count(), 1, "{text}");
    assert_eq!(text.matches("BEGIN:VALARM").count(), 2, "{text}");
    assert!(text.contains("DTSTART;VALUE=DATE:20260820\r\nDTEND;VALUE=DATE:20260824"), "{text}");
    assert!(text.split("\r\n").all(|line| line.len() <= 75));
}

#[tokio::test]
async fn the_opml_lists_the_feeds_of_a_region() {
    let site = Site::sample().await;
    let all = site.get("/flux.opml").await;
    assert_eq!(all.text().matches("<outline").count(), 5);
    let one = site.get("/flux.opml?region=Provence-Alpes-C%C3%B4te+d%27Azur").await;
    assert_eq!(one.text().matches("<outline").count(), 1);
    assert!(
        one.text().contains("xmlUrl=\"https://guetteur.example/prefecture/13.atom\""),
        "{}",
        one.text()
    );
}

#[tokio::test]
async fn sources_in_trouble_have_a_feed() {
    let site = Site::sample().await;
    for format in ["atom", "rss"] {
        let address = format!("/couverture.{format}");
        let answer = site.get(&address).await;
        let feed = parser::parse(answer.body.as_slice()).expect(format);
        let titles: Vec<String> = feed
            .entries
            .iter()
            .filter_map(|e| e.title.as_ref())
            .map(|t| t.content.clone())
            .collect();
        assert_eq!(titles, ["Préfecture des Bouches-du-Rhône : en échec"], "{format}");
        let again = site.get_with(&address, ("if-none-match", answer.header("etag"))).await;
        assert_eq!(again.status, 304, "{format}");
    }
    let page = site.get("/couverture").await;
    assert!(page.text().contains("<link rel=\"alternate\" type=\"application/atom+xml\""));
}

/// By which a subscriber finds the hub, in the headers and in each format; no other list names it.
#[tokio::test]
async fn feeds_of_which_a_hub_is_told_name_it() {
    let mut site = Site::sample().await;
    let plain = site.get("/recherche.atom").await;
    assert!(!plain.text().contains("rel=\"hub\"") && plain.header("link").is_empty());
    site.with_hub("https://hub.example/");
    for path in ["/recherche.{}", "/recherche.{}?categorie=drone", "/prefecture/34.{}"] {
        for format in ["atom", "rss", "json"] {
            let path = path.replace("{}", format);
            let answer = site.get(&path).await;
            let own = format!("<https://guetteur.example{path}>; rel=\"self\"");
            assert_eq!(
                answer.header("link"),
                format!("<https://hub.example/>; rel=\"hub\", {own}")
            );
            let body = answer.text();
            match format {
                "json" => assert!(
                    body.contains(r#""hubs":[{"type":"WebSub","url":"https://hub.example/"}]"#)
                ),
                _ => assert!(
                    body.contains("https://hub.example/") && body.contains("rel=\"hub\""),
                    "{body}"
                ),
            }
        }
    }
    for path in ["/recherche.atom?q=drone", "/commune/34172.rss", "/prefecture/34.ics"] {
        let answer = site.get(path).await;
        assert!(
            !answer.text().contains("hub.example") && answer.header("link").is_empty(),
            "{path}"
        );
    }
}
