//! Atom (RFC 4287).

use atom_syndication as atom;

use super::{Entry, Feed, clean};

/// Writes the feed as Atom.
#[must_use]
pub fn to_atom(feed: &Feed<'_>) -> String {
    let author = || atom::Person { name: clean(feed.site), ..atom::Person::default() };
    let document = atom::Feed {
        title: atom::Text::plain(clean(&feed.title)),
        subtitle: Some(atom::Text::plain(clean(&feed.subtitle))),
        id: feed.id(),
        updated: feed.updated().fixed_offset(),
        authors: vec![author()],
        generator: Some(atom::Generator {
            value: "Guetteur".to_owned(),
            version: Some(env!("CARGO_PKG_VERSION").to_owned()),
            uri: None,
        }),
        icon: Some(feed.absolute("/favicon.svg")),
        links: vec![
            link("self", feed.absolute(&feed.path), "application/atom+xml"),
            link("alternate", feed.absolute(&feed.page), "text/html"),
        ],
        lang: Some("fr".to_owned()),
        entries: feed.entries.iter().map(|e| entry(feed, e)).collect(),
        ..atom::Feed::default()
    };
    document.to_string()
}

fn entry(feed: &Feed<'_>, entry: &Entry<'_>) -> atom::Entry {
    let act = entry.act;
    let mut links = vec![link("alternate", feed.absolute(&act.path()), "text/html")];
    if let Some(pdf) = act.pdf_path() {
        links.push(atom::Link {
            title: Some("PDF archivé, à la page de la preuve".to_owned()),
            length: entry.pdf_bytes.map(|bytes| bytes.to_string()),
            ..link("enclosure", feed.absolute(&pdf), "application/pdf")
        });
    }
    atom::Entry {
        title: atom::Text::plain(entry.title()),
        id: feed.act_id(act),
        updated: act.updated_at.fixed_offset(),
        published: Some(act.first_seen_at.fixed_offset()),
        authors: vec![atom::Person {
            name: clean(&act.prefecture.name),
            ..atom::Person::default()
        }],
        categories: act
            .categories()
            .into_iter()
            .map(|(category, _)| atom::Category {
                term: category.to_string(),
                label: Some(category.label().to_owned()),
                scheme: None,
            })
            .collect(),
        links,
        summary: entry.summary().map(atom::Text::plain),
        content: Some(atom::Content {
            content_type: Some("html".to_owned()),
            value: Some(clean(&entry.html)),
            lang: Some("fr".to_owned()),
            ..atom::Content::default()
        }),
        ..atom::Entry::default()
    }
}

fn link(rel: &str, href: String, media: &str) -> atom::Link {
    atom::Link {
        rel: rel.to_owned(),
        href,
        mime_type: Some(media.to_owned()),
        ..atom::Link::default()
    }
}
