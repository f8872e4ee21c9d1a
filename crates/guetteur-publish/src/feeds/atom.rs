//! Atom (RFC 4287).

use std::collections::BTreeMap;

use atom_syndication as atom;
use atom_syndication::extension::Extension;

use super::{Content, Entry, Feed, THREADS, clean};

/// Writes the feed as Atom.
#[must_use]
pub fn to_atom(feed: &Feed) -> String {
    let document = atom::Feed {
        title: atom::Text::plain(clean(&feed.title)),
        subtitle: Some(atom::Text::plain(clean(&feed.about))),
        id: feed.id.clone(),
        updated: feed.updated().fixed_offset(),
        authors: vec![person(&feed.site)],
        generator: Some(atom::Generator {
            value: "Guetteur".to_owned(),
            version: Some(env!("CARGO_PKG_VERSION").to_owned()),
            uri: None,
        }),
        icon: Some(format!("{}/favicon.svg", feed.base_url)),
        links: links(feed),
        lang: Some("fr".to_owned()),
        namespaces: [("thr".to_owned(), THREADS.to_owned())].into(),
        entries: feed.entries.iter().map(written).collect(),
        ..atom::Feed::default()
    };
    document.to_string()
}

fn links(feed: &Feed) -> Vec<atom::Link> {
    const ATOM: &str = "application/atom+xml";
    let own = [link("self", &feed.address, ATOM), link("alternate", &feed.page, "text/html")];
    let pages = [("previous", &feed.previous), ("next", &feed.next)];
    let pages = pages.into_iter().filter_map(|(rel, page)| Some(link(rel, page.as_ref()?, ATOM)));
    let hub = feed.hub.iter().map(|hub| atom::Link {
        rel: "hub".to_owned(),
        href: hub.clone(),
        ..atom::Link::default()
    });
    own.into_iter().chain(pages).chain(hub).collect()
}

fn written(entry: &Entry) -> atom::Entry {
    // Some readers take the last link for the entry's address: the page, not the PDF that the acts
    // of a bulletin share.
    let pdf = entry.pdf.as_ref().map(|pdf| atom::Link {
        title: Some("PDF archivé, à la page de la preuve".to_owned()),
        length: pdf.bytes.map(|bytes| bytes.to_string()),
        ..link("enclosure", &pdf.address, "application/pdf")
    });
    let page = link("alternate", &entry.page, "text/html");
    let links = pdf.into_iter().chain([page]).collect();
    let (content_type, words) = match &entry.content {
        Content::Html(html) => ("html", html),
        Content::Text(text) => ("text", text),
    };
    atom::Entry {
        title: atom::Text::plain(clean(&entry.title)),
        id: entry.id.clone(),
        updated: entry.updated.fixed_offset(),
        published: Some(entry.published.fixed_offset()),
        authors: entry.author.iter().map(|name| person(name)).collect(),
        categories: entry
            .categories
            .iter()
            .map(|(id, name)| atom::Category {
                term: id.clone(),
                label: Some(name.clone()),
                scheme: None,
            })
            .collect(),
        links,
        summary: entry.summary.as_deref().map(|text| atom::Text::plain(clean(text))),
        content: Some(atom::Content {
            content_type: Some(content_type.to_owned()),
            value: Some(clean(words)),
            lang: Some("fr".to_owned()),
            ..atom::Content::default()
        }),
        extensions: entry.follows_up.iter().map(|first| in_reply_to(first, &entry.page)).collect(),
        ..atom::Entry::default()
    }
}

fn person(name: &str) -> atom::Person {
    atom::Person { name: clean(name), ..atom::Person::default() }
}

fn link(rel: &str, href: &str, media: &str) -> atom::Link {
    atom::Link {
        rel: rel.to_owned(),
        href: href.to_owned(),
        mime_type: Some(media.to_owned()),
        ..atom::Link::default()
    }
}

/// As the extensions of an entry are kept: by prefix, by name.
fn in_reply_to(first: &str, page: &str) -> (String, BTreeMap<String, Vec<Extension>>) {
    let page = page.split('#').next().unwrap_or(page);
    let attrs = [("ref", first), ("href", page), ("type", "text/html")];
    let extension = Extension {
        name: "thr:in-reply-to".to_owned(),
        value: None,
        attrs: attrs.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        children: BTreeMap::new(),
    };
    ("thr".to_owned(), [("in-reply-to".to_owned(), vec![extension])].into())
}
