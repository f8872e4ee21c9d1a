//! Every format tells the same of the same entry, whatever it is about.

use super::*;

const AT: &str = "2026-08-14T10:00:00Z";

/// A feed of one entry that is no act, with characters that mark-up and XML mind.
fn feed() -> Feed {
    let site = Site { base_url: "https://guetteur.example".into(), ..Site::default() };
    let mut feed =
        Feed::new(&site, "Essai", "Un essai.".into(), "/modifications", "/modifications.atom");
    feed.entries.push(Entry {
        id: site.tag("essai", 1),
        title: "A < B & C\u{1}".into(),
        page: site.absolute("/recueil/1"),
        published: AT.parse().expect("instant"),
        updated: "2026-08-15T10:00:00Z".parse().expect("instant"),
        author: None,
        categories: Vec::new(),
        summary: None,
        content: Content::Text("1 < 2 & 3 > 2\u{8}".into()),
        pdf: Some(Pdf { address: site.absolute("/archive/a.pdf"), bytes: None }),
        original: None,
        follows_up: Some(site.tag("essai", 0)),
        data: None,
    });
    feed
}

#[test]
fn atom_tells_it() {
    let read: atom_syndication::Feed = to_atom(&feed()).parse().expect("Atom");
    assert_eq!(read.id, "tag:guetteur.example,2026:flux:/modifications");
    assert_eq!(read.updated.to_rfc3339(), "2026-08-15T10:00:00+00:00");
    let entry = &read.entries[0];
    assert_eq!(entry.id, "tag:guetteur.example,2026:essai:1");
    assert_eq!(entry.title.value, "A < B & C");
    let content = entry.content.as_ref().expect("content");
    assert_eq!(content.content_type.as_deref(), Some("text"));
    assert_eq!(content.value.as_deref(), Some("1 < 2 & 3 > 2"));
    let enclosure = entry.links.iter().find(|link| link.rel == "enclosure").expect("enclosure");
    assert_eq!(enclosure.length, None);
}

#[test]
fn rss_tells_it_as_html() {
    let channel = ::rss::Channel::read_from(to_rss(&feed()).as_bytes()).expect("RSS");
    let item = &channel.items[0];
    assert_eq!(item.title.as_deref(), Some("A < B & C"));
    assert_eq!(item.description.as_deref(), Some("1 &lt; 2 &amp; 3 &gt; 2"));
    assert_eq!(item.pub_date.as_deref(), Some("Fri, 14 Aug 2026 10:00:00 +0000"));
    assert_eq!(item.enclosure, None, "RSS wants a length");
}

#[test]
fn json_feed_tells_it_with_what_programs_want() {
    let mut feed = feed();
    feed.entries[0].data = Some(serde_json::json!({ "genre": "essai" }));
    let read: Value = serde_json::from_str(&to_json_feed(&feed)).expect("JSON");
    let item = &read["items"][0];
    assert_eq!(item["content_text"], "1 < 2 & 3 > 2\u{8}");
    assert_eq!(item["attachments"][0]["url"], "https://guetteur.example/archive/a.pdf");
    assert_eq!(item["_guetteur"]["genre"], "essai");
    let absent = ["content_html", "authors", "summary", "external_url"];
    assert!(absent.iter().all(|member| item.get(member).is_none()), "{item}");
}

#[test]
fn an_empty_feed_does_not_change_by_itself() {
    let empty = Feed { entries: Vec::new(), ..feed() };
    assert_eq!(empty.updated().to_rfc3339(), "2026-01-01T00:00:00+00:00");
}
