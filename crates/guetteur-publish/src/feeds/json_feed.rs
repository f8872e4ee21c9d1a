//! JSON Feed 1.1; what programs want beside its members is under `_guetteur`.

use serde_json::{Value, json};

use super::{Content, Entry, Feed};

/// Writes the feed as JSON Feed.
#[must_use]
pub fn to_json_feed(feed: &Feed) -> String {
    let mut document = json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "description": feed.about,
        "home_page_url": feed.page,
        "feed_url": feed.address,
        "favicon": format!("{}/favicon.svg", feed.base_url),
        "language": "fr",
        "authors": [{ "name": feed.site, "url": format!("{}/", feed.base_url) }],
        "items": feed.entries.iter().map(item).collect::<Vec<_>>(),
    });
    if let Some(next) = &feed.next {
        document["next_url"] = json!(next);
    }
    if let Some(hub) = &feed.hub {
        document["hubs"] = json!([{ "type": "WebSub", "url": hub }]);
    }
    document.to_string()
}

fn item(entry: &Entry) -> Value {
    let attachment = entry.pdf.as_ref().map(|pdf| {
        let mut attachment = json!({ "url": pdf.address, "mime_type": "application/pdf" });
        if let Some(bytes) = pdf.bytes {
            attachment["size_in_bytes"] = bytes.into();
        }
        attachment
    });
    let mut item = json!({
        "id": entry.id,
        "url": entry.page,
        "title": entry.title,
        "date_published": entry.published.to_rfc3339(),
        "date_modified": entry.updated.to_rfc3339(),
        "tags": entry.categories.iter().map(|(id, _)| id).collect::<Vec<_>>(),
        "attachments": Vec::from_iter(attachment),
    });
    let (member, words) = match &entry.content {
        Content::Html(html) => ("content_html", html),
        Content::Text(text) => ("content_text", text),
    };
    item[member] = json!(words);
    let optional = [
        ("authors", entry.author.as_ref().map(|name| json!([{ "name": name }]))),
        ("summary", entry.summary.as_ref().map(|text| json!(text))),
        ("external_url", entry.original.as_ref().map(|url| json!(url))),
        ("_guetteur", entry.data.clone()),
    ];
    for (member, value) in optional {
        if let Some(value) = value {
            item[member] = value;
        }
    }
    item
}
