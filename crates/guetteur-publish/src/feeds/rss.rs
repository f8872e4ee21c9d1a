//! RSS 2.0.

use atom_syndication::Link;
use rss::extension::atom::{AtomExtension, NAMESPACE};

use super::{Entry, Feed, clean};

/// Writes the feed as RSS 2.0.
#[must_use]
pub fn to_rss(feed: &Feed<'_>) -> String {
    let own = Link {
        rel: "self".to_owned(),
        href: feed.absolute(&feed.path),
        mime_type: Some("application/rss+xml".to_owned()),
        ..Link::default()
    };
    let channel = rss::Channel {
        title: clean(&feed.title),
        link: feed.absolute(&feed.page),
        description: clean(&feed.subtitle),
        language: Some("fr".to_owned()),
        last_build_date: Some(feed.updated().to_rfc2822()),
        generator: Some(format!("Guetteur {}", env!("CARGO_PKG_VERSION"))),
        docs: Some("https://www.rssboard.org/rss-specification".to_owned()),
        atom_ext: Some(AtomExtension { links: vec![own] }),
        namespaces: [("atom".to_owned(), NAMESPACE.to_owned())].into(),
        items: feed.entries.iter().map(|entry| item(feed, entry)).collect(),
        ..rss::Channel::default()
    };
    channel.to_string()
}

fn item(feed: &Feed<'_>, entry: &Entry<'_>) -> rss::Item {
    let act = entry.act;
    rss::Item {
        title: Some(entry.title()),
        link: Some(feed.absolute(&act.path())),
        guid: Some(rss::Guid { value: feed.act_id(act), permalink: false }),
        pub_date: Some(act.first_seen_at.to_rfc2822()),
        description: Some(clean(&entry.html)),
        categories: act
            .categories()
            .into_iter()
            .map(|(category, _)| rss::Category { name: category.to_string(), domain: None })
            .collect(),
        enclosure: act.pdf_path().zip(entry.pdf_bytes).map(|(pdf, bytes)| rss::Enclosure {
            url: feed.absolute(&pdf),
            length: bytes.to_string(),
            mime_type: "application/pdf".to_owned(),
        }),
        ..rss::Item::default()
    }
}
