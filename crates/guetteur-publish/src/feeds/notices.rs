//! Feeds of notices that are no acts: trouble of sources, PDFs that changed. Atom, RSS 2.0, JSON Feed.

use atom_syndication as atom;
use chrono::{DateTime, Utc};
use rss::extension::atom::{AtomExtension, NAMESPACE};
use serde_json::{Value, json};

use super::clean;

/// One notice.
pub struct Notice {
    /// Identifier that does not change while the notice stands.
    pub id: String,
    /// Title.
    pub title: String,
    /// One sentence; plain text.
    pub text: String,
    /// The page about it, in full.
    pub page: String,
    /// When it came up or changed.
    pub at: DateTime<Utc>,
}

/// A feed of them; addresses in full.
pub struct Notices {
    /// Title.
    pub title: String,
    /// What it holds, in a sentence.
    pub about: String,
    /// Name of the site, as author.
    pub site: String,
    /// The page with the same notices.
    pub page: String,
    /// Own address.
    pub address: String,
    /// Its entries.
    pub notices: Vec<Notice>,
}

impl Notices {
    /// When the youngest came up; the year the project began when there is none.
    pub fn updated(&self) -> DateTime<Utc> {
        let newest = self.notices.iter().map(|notice| notice.at).max();
        newest.unwrap_or_else(|| DateTime::from_timestamp_nanos(1_767_225_600_000_000_000))
    }

    /// As Atom.
    #[must_use]
    pub fn to_atom(&self) -> String {
        let link = |rel: &str, href: &str, media: &str| atom::Link {
            rel: rel.to_owned(),
            href: href.to_owned(),
            mime_type: Some(media.to_owned()),
            ..atom::Link::default()
        };
        let entry = |notice: &Notice| atom::Entry {
            title: atom::Text::plain(clean(&notice.title)),
            id: notice.id.clone(),
            updated: notice.at.fixed_offset(),
            published: Some(notice.at.fixed_offset()),
            links: vec![link("alternate", &notice.page, "text/html")],
            content: Some(atom::Content {
                content_type: Some("text".to_owned()),
                value: Some(clean(&notice.text)),
                ..atom::Content::default()
            }),
            ..atom::Entry::default()
        };
        let feed = atom::Feed {
            title: atom::Text::plain(clean(&self.title)),
            subtitle: Some(atom::Text::plain(clean(&self.about))),
            id: self.address.clone(),
            updated: self.updated().fixed_offset(),
            authors: vec![atom::Person { name: clean(&self.site), ..atom::Person::default() }],
            links: vec![
                link("self", &self.address, "application/atom+xml"),
                link("alternate", &self.page, "text/html"),
            ],
            lang: Some("fr".to_owned()),
            entries: self.notices.iter().map(entry).collect(),
            ..atom::Feed::default()
        };
        feed.to_string()
    }

    /// As RSS 2.0.
    #[must_use]
    pub fn to_rss(&self) -> String {
        let own = atom::Link {
            rel: "self".to_owned(),
            href: self.address.clone(),
            mime_type: Some("application/rss+xml".to_owned()),
            ..atom::Link::default()
        };
        let item = |notice: &Notice| rss::Item {
            title: Some(clean(&notice.title)),
            link: Some(notice.page.clone()),
            guid: Some(rss::Guid { value: notice.id.clone(), permalink: false }),
            pub_date: Some(notice.at.to_rfc2822()),
            description: Some(escaped(&clean(&notice.text))),
            ..rss::Item::default()
        };
        let channel = rss::Channel {
            title: clean(&self.title),
            link: self.page.clone(),
            description: clean(&self.about),
            language: Some("fr".to_owned()),
            last_build_date: Some(self.updated().to_rfc2822()),
            atom_ext: Some(AtomExtension { links: vec![own] }),
            namespaces: [("atom".to_owned(), NAMESPACE.to_owned())].into(),
            items: self.notices.iter().map(item).collect(),
            ..rss::Channel::default()
        };
        channel.to_string()
    }

    /// As JSON Feed.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let item = |notice: &Notice| {
            json!({
                "id": notice.id,
                "url": notice.page,
                "title": notice.title,
                "content_text": notice.text,
                "date_published": notice.at.to_rfc3339(),
            })
        };
        json!({
            "version": "https://jsonfeed.org/version/1.1",
            "title": self.title,
            "description": self.about,
            "home_page_url": self.page,
            "feed_url": self.address,
            "language": "fr",
            "items": self.notices.iter().map(item).collect::<Vec<_>>(),
        })
    }
}

/// RSS takes a description for HTML.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
