//! Feeds: Atom, RSS 2.0 and JSON Feed of anything that has entries, and a calendar of periods.
//!
//! A [`Feed`] knows neither acts nor sources: whoever has something to tell makes [`Entry`]s of it
//! (acts: `acts.rs`), and each format writes them all.

mod acts;
mod alarms;
mod atom;
mod events;
pub(crate) mod ical;
mod json_feed;
mod rss;

use chrono::{DateTime, Utc};
use serde_json::Value;

pub use atom::to_atom;
pub use ical::to_ical;
pub use json_feed::to_json_feed;
pub use rss::to_rss;

use crate::site::Site;

/// A feed before it is written in one format or another. Addresses are in full.
#[derive(Debug, Clone, PartialEq)]
pub struct Feed {
    /// Identifier of the feed itself, which does not change.
    pub id: String,
    /// Title.
    pub title: String,
    /// What it holds, in a sentence or two.
    pub about: String,
    /// Name of the site, as author.
    pub site: String,
    /// Base address of the site, without a slash at its end.
    pub base_url: String,
    /// Own address.
    pub address: String,
    /// The page that shows the same.
    pub page: String,
    /// The same list further back, and further on (RFC 5005): addresses of the same format.
    pub next: Option<String>,
    /// See [`Feed::next`].
    pub previous: Option<String>,
    /// The hub (WebSub) that is told when it changes.
    pub hub: Option<String>,
    /// Its entries.
    pub entries: Vec<Entry>,
}

/// Something to be told, whatever it is. Addresses are in full.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Identifier that outlives changes of address: see [`Site::tag`].
    pub id: String,
    /// Title.
    pub title: String,
    /// The page about it.
    pub page: String,
    /// When it entered the feed.
    pub published: DateTime<Utc>,
    /// When what is said of it last changed.
    pub updated: DateTime<Utc>,
    /// Who published it, where it is not the site.
    pub author: Option<String>,
    /// What it is about: an id (`drone`) with its name for readers.
    pub categories: Vec<(String, String)>,
    /// One sentence, plain text.
    pub summary: Option<String>,
    /// What there is to say.
    pub content: Content,
    /// A PDF that goes with it.
    pub pdf: Option<Pdf>,
    /// Where it was first published, when that may be followed.
    pub original: Option<String>,
    /// The id of the entry that it follows up.
    pub follows_up: Option<String>,
    /// The same for programs, beside the members that JSON Feed knows.
    pub data: Option<Value>,
}

/// The words of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// HTML.
    Html(String),
    /// Plain text.
    Text(String),
}

/// A PDF that goes with an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pdf {
    /// Its address.
    pub address: String,
    /// Its size, where known.
    pub bytes: Option<u64>,
}

impl Entry {
    /// Something told in a sentence or two of plain text, which came up at a time and stays so.
    #[must_use]
    pub fn of_text(
        id: String,
        title: String,
        text: String,
        page: String,
        at: DateTime<Utc>,
    ) -> Self {
        Self {
            id,
            title,
            page,
            published: at,
            updated: at,
            author: None,
            categories: Vec::new(),
            summary: None,
            content: Content::Text(text),
            pdf: None,
            original: None,
            follows_up: None,
            data: None,
        }
    }
}

impl Feed {
    /// A feed without entries; `page` and `address` are paths of the site.
    #[must_use]
    pub fn new(site: &Site, title: &str, about: String, page: &str, address: &str) -> Self {
        Self {
            id: site.tag("flux", page),
            title: format!("{title} – {}", site.title),
            about,
            site: site.title.clone(),
            base_url: site.base_url.clone(),
            address: site.absolute(address),
            page: site.absolute(page),
            next: None,
            previous: None,
            hub: None,
            entries: Vec::new(),
        }
    }

    /// When its youngest entry changed.
    #[must_use]
    pub fn updated(&self) -> DateTime<Utc> {
        last_change(self.entries.iter().map(|entry| entry.updated))
    }
}

/// The last of some changes; the year the project began when there is none, so that an empty feed
/// does not change by itself.
#[must_use]
pub fn last_change(changes: impl Iterator<Item = DateTime<Utc>>) -> DateTime<Utc> {
    changes.max().unwrap_or_else(|| DateTime::from_timestamp_nanos(1_767_225_600_000_000_000))
}

/// RFC 4685: by which an entry says which one it answers; readers that know no threads skip it.
const THREADS: &str = "http://purl.org/syndication/thread/1.0";

/// `text` without the characters that XML 1.0 forbids even escaped.
fn clean(text: &str) -> String {
    let allowed = |c: &char| matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    text.chars().filter(allowed).collect()
}

#[cfg(test)]
mod tests;
