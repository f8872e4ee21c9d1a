//! RSS 2.0.

use std::collections::BTreeMap;

use rss::extension::Extension;

use super::{Content, Entry, Feed, THREADS, clean};

/// The namespace of Atom, whose `link rel="self"` a channel carries.
const ATOM: &str = "http://www.w3.org/2005/Atom";

/// The extensions of an item or of a channel: by prefix, by name.
type Extensions = (String, BTreeMap<String, Vec<Extension>>);

/// Writes the feed as RSS 2.0.
#[must_use]
pub fn to_rss(feed: &Feed) -> String {
    let pages = [
        ("self", Some(&feed.address)),
        ("previous", feed.previous.as_ref()),
        ("next", feed.next.as_ref()),
    ];
    let links = pages.into_iter().filter_map(|(rel, page)| {
        let attrs = [("rel", rel), ("href", page?), ("type", "application/rss+xml")];
        Some(element("atom:link", &attrs))
    });
    let hub = feed.hub.iter().map(|hub| element("atom:link", &[("rel", "hub"), ("href", hub)]));
    let links = BTreeMap::from([("link".to_owned(), links.chain(hub).collect())]);
    let channel = rss::Channel {
        title: clean(&feed.title),
        link: feed.page.clone(),
        description: clean(&feed.about),
        language: Some("fr".to_owned()),
        last_build_date: Some(feed.updated().to_rfc2822()),
        generator: Some(format!("Guetteur {}", env!("CARGO_PKG_VERSION"))),
        docs: Some("https://www.rssboard.org/rss-specification".to_owned()),
        extensions: [("atom".to_owned(), links)].into(),
        namespaces: [("atom", ATOM), ("thr", THREADS)]
            .map(|(prefix, name)| (prefix.to_owned(), name.to_owned()))
            .into(),
        items: feed.entries.iter().map(item).collect(),
        ..rss::Channel::default()
    };
    channel.to_string()
}

fn item(entry: &Entry) -> rss::Item {
    // RSS takes a description for HTML.
    let description = match &entry.content {
        Content::Html(html) => clean(html),
        Content::Text(text) => {
            clean(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
        }
    };
    // It wants the length of an enclosure.
    let enclosure = entry.pdf.as_ref().and_then(|pdf| {
        Some(rss::Enclosure {
            url: pdf.address.clone(),
            length: pdf.bytes?.to_string(),
            mime_type: "application/pdf".to_owned(),
        })
    });
    rss::Item {
        title: Some(clean(&entry.title)),
        link: Some(entry.page.clone()),
        guid: Some(rss::Guid { value: entry.id.clone(), permalink: false }),
        pub_date: Some(entry.published.to_rfc2822()),
        description: Some(description),
        categories: entry
            .categories
            .iter()
            .map(|(id, _)| rss::Category { name: id.clone(), domain: None })
            .collect(),
        enclosure,
        extensions: entry
            .follows_up
            .iter()
            .map(|first| extension("thr", "in-reply-to", &[("ref", first)]))
            .collect(),
        ..rss::Item::default()
    }
}

/// `<prefix:name …>` with these attributes.
fn extension(prefix: &str, name: &str, attrs: &[(&str, &str)]) -> Extensions {
    let element = element(&format!("{prefix}:{name}"), attrs);
    (prefix.to_owned(), [(name.to_owned(), vec![element])].into())
}

fn element(name: &str, attrs: &[(&str, &str)]) -> Extension {
    Extension {
        name: name.to_owned(),
        attrs: attrs.iter().map(|&(key, value)| (key.to_owned(), value.to_owned())).collect(),
        ..Extension::default()
    }
}
