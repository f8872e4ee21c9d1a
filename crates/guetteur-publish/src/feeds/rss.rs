//! RSS 2.0.

use std::collections::BTreeMap;

use atom_syndication::Link;
use rss::extension::Extension;
use rss::extension::atom::{AtomExtension, NAMESPACE};

use super::{Content, Entry, Feed, THREADS, clean};

/// Writes the feed as RSS 2.0.
#[must_use]
pub fn to_rss(feed: &Feed) -> String {
    let own = Link {
        rel: "self".to_owned(),
        href: feed.address.clone(),
        mime_type: Some("application/rss+xml".to_owned()),
        ..Link::default()
    };
    let channel = rss::Channel {
        title: clean(&feed.title),
        link: feed.page.clone(),
        description: clean(&feed.about),
        language: Some("fr".to_owned()),
        last_build_date: Some(feed.updated().to_rfc2822()),
        generator: Some(format!("Guetteur {}", env!("CARGO_PKG_VERSION"))),
        docs: Some("https://www.rssboard.org/rss-specification".to_owned()),
        atom_ext: Some(AtomExtension { links: vec![own] }),
        namespaces: [("atom", NAMESPACE), ("thr", THREADS)]
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
        extensions: entry.follows_up.iter().map(|first| in_reply_to(first)).collect(),
        ..rss::Item::default()
    }
}

/// As the extensions of an item are kept: by prefix, by name.
fn in_reply_to(first: &str) -> (String, BTreeMap<String, Vec<Extension>>) {
    let extension = Extension {
        name: "thr:in-reply-to".to_owned(),
        attrs: [("ref".to_owned(), first.to_owned())].into(),
        ..Extension::default()
    };
    ("thr".to_owned(), [("in-reply-to".to_owned(), vec![extension])].into())
}
