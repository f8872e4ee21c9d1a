//! What every page has: its head, and how it is sent.

use axum::response::Html;
use guetteur_publish::address::Filters;
use guetteur_publish::{Site, fields};
use minijinja::Value;
use minijinja::value::merge_maps;
use serde::Serialize;

use crate::error::WebError;
use crate::site_config::SiteConfig;
use crate::state::AppState;
use crate::templates;

/// Another format of the same list.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Alternate {
    /// `Atom`, `CSV`.
    pub(crate) name: &'static str,
    /// What it is for, in French.
    pub(crate) about: &'static str,
    /// Media type.
    pub(crate) media: &'static str,
    /// Address.
    pub(crate) href: String,
    /// Whether feed readers should find it by themselves.
    pub(crate) feed: bool,
}

/// The head of a page.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Head {
    /// Title, without the site's name.
    pub(crate) title: String,
    /// One sentence for search engines and previews.
    pub(crate) description: String,
    /// Canonical address, from `/`.
    pub(crate) path: String,
    /// Entry of the menu to mark.
    pub(crate) section: &'static str,
    /// Other formats of its list.
    pub(crate) alternates: Vec<Alternate>,
    /// Where its list can be had by mail, from `/`.
    pub(crate) follow: Option<String>,
    /// Picture for previews, from `/`.
    pub(crate) image: Option<String>,
    /// Whether search engines are asked to leave it out.
    pub(crate) noindex: bool,
}

impl Head {
    /// A page that search engines may show, without list.
    #[must_use]
    pub(crate) fn new(title: &str, path: &str) -> Self {
        Self {
            title: title.to_owned(),
            description: String::new(),
            path: path.to_owned(),
            section: "",
            alternates: Vec::new(),
            follow: None,
            image: None,
            noindex: false,
        }
    }
}

/// The formats of a list: suffix, name, use, media type, whether it is a feed.
const FORMATS: &[(&str, &str, &str, &str, bool)] = &[
    ("atom", "Atom", "s’abonner", "application/atom+xml", true),
    ("rss", "RSS", "s’abonner", "application/rss+xml", true),
    ("json", "JSON Feed", "s’abonner", "application/feed+json", true),
    ("ics", "iCal", "agenda des périodes en vigueur", "text/calendar", false),
    ("csv", "CSV", "tableur", "text/csv", false),
    (
        "xlsx",
        "XLSX",
        "tableur, dates typées",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        false,
    ),
    ("jsonl", "JSON Lines", "programmes", "application/jsonl", false),
    ("zip", "Paquet de données", "CSV décrits, par acte et par commune", "application/zip", false),
];

/// The other formats of the list at `path` (`/recherche`) in the state `filters`. Where the page
/// shows every level and a feed would not, the links keep to what is shown here.
#[must_use]
pub(crate) fn alternates(path: &str, filters: &Filters) -> Vec<Alternate> {
    let mut filters = filters.on_page(1);
    filters.order = guetteur_search::Sort::Relevance;
    FORMATS
        .iter()
        .map(|(suffix, name, about, media, feed)| Alternate {
            name,
            about,
            media,
            href: filters.address(&format!("{path}.{suffix}")),
            feed: *feed,
        })
        .collect()
}

/// The feeds of a page of notices, to be found by feed readers.
pub(crate) fn notice_feeds(feeds: [(&'static str, &'static str, &str); 2]) -> Vec<Alternate> {
    let alternate = |(name, media, href): (&'static str, &'static str, &str)| Alternate {
        name,
        about: "s’abonner",
        media,
        href: href.to_owned(),
        feed: true,
    };
    feeds.into_iter().map(alternate).collect()
}

/// The site as templates see it.
#[derive(Serialize)]
struct SiteView<'a> {
    #[serde(flatten)]
    site: &'a Site,
    #[serde(flatten)]
    config: &'a SiteConfig,
}

/// The text of a page.
///
/// # Errors
/// When the template lacks something: a mistake of ours.
pub(crate) fn filled(
    state: &AppState,
    template: &str,
    head: Head,
    body: Value,
) -> Result<String, minijinja::Error> {
    let site = SiteView { site: &state.catalogue.site, config: &state.site };
    templates::render(template, merge_maps([body, fields! { site, head }]))
}

/// Fills a page.
///
/// # Errors
/// When the template lacks something: a mistake of ours.
pub(crate) fn page(
    state: &AppState,
    template: &str,
    head: Head,
    body: Value,
) -> Result<Html<String>, WebError> {
    Ok(Html(filled(state, template, head, body)?))
}
