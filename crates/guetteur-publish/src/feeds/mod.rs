//! Feeds of any list: Atom, RSS 2.0, JSON Feed, and an iCalendar of periods.
//!
//! All are written from the same [`Feed`]. To add a format: a file here with one function from
//! `&Feed` to text, and a suffix in [`crate::listing`].

mod atom;
mod ical;
mod json_feed;
mod notices;
mod rss;

use chrono::{DateTime, Utc};

pub use atom::to_atom;
pub use ical::to_ical;
pub use json_feed::to_json_feed;
pub use notices::{Notice, Notices};
pub use rss::to_rss;

use crate::alerts;
use crate::badge::Badge;
use crate::facts;
use crate::fields;
use crate::published::{PublishedAct, web_address};
use crate::templates;

/// A feed before it is written in one format or another.
pub struct Feed<'a> {
    /// Title.
    pub title: String,
    /// What it holds.
    pub subtitle: String,
    /// Name of the site, as author.
    pub site: &'a str,
    /// Host of the site, for identifiers.
    pub host: String,
    /// Base address of the site, without a slash at its end.
    pub base_url: &'a str,
    /// Own address, from `/`.
    pub path: String,
    /// The page with the same list, from `/`.
    pub page: String,
    /// Its entries.
    pub entries: Vec<Entry<'a>>,
}

/// One entry.
pub struct Entry<'a> {
    /// The act.
    pub act: &'a PublishedAct,
    /// The full content, HTML.
    pub html: String,
    /// Bytes of the archived PDF.
    pub pdf_bytes: Option<u64>,
}

impl<'a> Entry<'a> {
    /// The entry of an act.
    ///
    /// # Errors
    /// When the template fails: a mistake of ours.
    pub fn new(
        act: &'a PublishedAct,
        base_url: &str,
        pdf_bytes: Option<u64>,
    ) -> Result<Self, minijinja::Error> {
        let html = templates::render(
            "entry.html",
            fields! {
                act,
                base => base_url,
                path => act.path(),
                pdf => act.pdf_path(),
                source => web_address(&act.bulletin.url),
                badges => Badge::of(act),
                to_check => act.to_check(),
                alert_note => alerts::note(act),
                flags => act.flags,
                facts => facts::rows(act),
                sha => act.pdf_sha256.map(|sha| sha.to_string()),
                first_seen => crate::french::instant_in(act.first_seen_at, act.prefecture.zone),
            },
        )?;
        Ok(Self { act, html, pdf_bytes })
    }

    /// Title: what matters to whoever reads two hundred of them.
    #[must_use]
    pub fn title(&self) -> String {
        let act = self.act;
        let mut parts: Vec<String> =
            alerts::mark(act).map(|mark| format!("[{mark}]")).into_iter().collect();
        if let Some((category, level)) = act.categories().first() {
            parts.push(format!("[{} : {}]", category.label(), level.label()));
        }
        if act.to_check() && alerts::mark(act).is_none() {
            parts.push("[à vérifier]".to_owned());
        }
        parts.push(act.title.clone());
        parts.push(format!("— {}", act.prefecture.name));
        clean(&parts.join(" "))
    }

    /// The words that made the flag, or nothing.
    #[must_use]
    pub fn summary(&self) -> Option<String> {
        self.act.lead_evidence().map(|span| clean(&format!("« {} »", span.text)))
    }
}

impl Feed<'_> {
    /// Identifier of an act that outlives changes of address: a `tag:` URI (RFC 4151).
    #[must_use]
    pub fn act_id(&self, act: &PublishedAct) -> String {
        format!("tag:{},2026:acte:{}", self.host, act.id)
    }

    /// Identifier of the feed itself.
    #[must_use]
    pub fn id(&self) -> String {
        format!("tag:{},2026:flux:{}", self.host, self.page)
    }

    /// An address of the site in full.
    #[must_use]
    pub fn absolute(&self, path: &str) -> String {
        format!("{}{path}", self.base_url)
    }

    /// When its youngest entry changed; the year the project began when it is empty, so that an
    /// empty feed does not change by itself.
    #[must_use]
    pub fn updated(&self) -> DateTime<Utc> {
        let newest = self.entries.iter().map(|entry| entry.act.updated_at).max();
        newest.unwrap_or_else(|| DateTime::from_timestamp_nanos(1_767_225_600_000_000_000))
    }
}

/// `text` without the characters that XML 1.0 forbids even escaped.
#[must_use]
pub fn clean(text: &str) -> String {
    let allowed = |c: &char| matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    text.chars().filter(allowed).collect()
}
