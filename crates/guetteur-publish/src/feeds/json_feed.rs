//! JSON Feed 1.1, each item with the act's facts and flags under `_guetteur`.

use serde_json::{Value, json};

use super::{Entry, Feed};

/// Writes the feed as JSON Feed.
#[must_use]
pub fn to_json_feed(feed: &Feed<'_>) -> Value {
    json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "description": feed.subtitle,
        "home_page_url": feed.absolute(&feed.page),
        "feed_url": feed.absolute(&feed.path),
        "favicon": feed.absolute("/favicon.svg"),
        "language": "fr",
        "authors": [{ "name": feed.site, "url": feed.absolute("/") }],
        "items": feed.entries.iter().map(|entry| item(feed, entry)).collect::<Vec<_>>(),
    })
}

fn item(feed: &Feed<'_>, entry: &Entry<'_>) -> Value {
    let act = entry.act;
    let attachments: Vec<Value> = act
        .pdf_path()
        .into_iter()
        .map(|pdf| {
            let mut attachment =
                json!({ "url": feed.absolute(&pdf), "mime_type": "application/pdf" });
            if let Some(bytes) = entry.pdf_bytes {
                attachment["size_in_bytes"] = bytes.into();
            }
            attachment
        })
        .collect();
    let mut item = json!({
        "id": feed.act_id(act),
        "url": feed.absolute(&act.path()),
        "title": entry.title(),
        "content_html": entry.html,
        "date_published": act.first_seen_at.to_rfc3339(),
        "date_modified": act.updated_at.to_rfc3339(),
        "authors": [{ "name": act.prefecture.name }],
        "tags": act.categories().iter().map(|(c, _)| c.as_str()).collect::<Vec<_>>(),
        "attachments": attachments,
        "_guetteur": act.to_json(feed.base_url),
    });
    if let Some(summary) = entry.summary() {
        item["summary"] = summary.into();
    }
    if let Some(url) = crate::published::web_address(&act.bulletin.url) {
        item["external_url"] = url.into();
    }
    item
}
