//! Pages kept while a site is walked, and a description of the site made of them: the way from a
//! site that was seen to a simulated one that proves the walker.

use std::collections::{BTreeMap, HashSet};
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use chrono::NaiveDate;
use guetteur_model::{BulletinLink, Failure, Source};
use scraper::{ElementRef, Html, Node};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::address::path_and_query;
use crate::discover::{PageResponse, PageSource};

/// Characters of a text that are kept: names of bulletins are shorter.
const LONGEST_TEXT: usize = 300;

/// A page as it was asked for and came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptPage {
    /// The address asked for.
    pub asked: Url,
    /// Where it was found, after redirects.
    pub url: Url,
    /// HTTP status.
    pub status: u16,
    /// `Content-Type`, when there was one.
    pub content_type: Option<String>,
    /// The decoded body; kept in a file of its own.
    #[serde(skip)]
    pub html: String,
}

/// Asks another source of pages, and keeps what came.
pub struct Recorder<'a> {
    pages: &'a dyn PageSource,
    kept: Mutex<Vec<KeptPage>>,
}

impl<'a> Recorder<'a> {
    /// Keeps what `pages` gives.
    #[must_use]
    pub fn new(pages: &'a dyn PageSource) -> Self {
        Self { pages, kept: Mutex::default() }
    }

    /// The pages so far, in the order in which they came.
    #[must_use]
    pub fn into_pages(self) -> Vec<KeptPage> {
        self.kept.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    fn keep(&self, asked: &Url, answer: &Result<PageResponse, Failure>) {
        let Ok(response) = answer else { return };
        let page = KeptPage {
            asked: asked.clone(),
            url: response.url.clone(),
            status: response.status,
            content_type: response.content_type.clone(),
            html: response.html.clone(),
        };
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).push(page);
    }
}

#[async_trait]
impl PageSource for Recorder<'_> {
    async fn get(&self, url: &Url) -> Result<PageResponse, Failure> {
        let answer = self.pages.get(url).await;
        self.keep(url, &answer);
        answer
    }

    async fn post_form(&self, url: &Url, form: &str) -> Result<PageResponse, Failure> {
        let answer = self.pages.post_form(url, form).await;
        // A select's page is kept under the address to which it led.
        if let Ok(response) = &answer {
            self.keep(&response.url, &answer);
        }
        answer
    }
}

/// The platform that a page shows: it says which shapes to expect.
#[must_use]
pub fn platform_of(html: &str) -> &'static str {
    const MARKS: &[(&str, &[&str])] = &[
        ("regions", &["news-list-item", "link-download"]),
        ("dsfr", &["fr-card", "fr-link", "fr-header"]),
        ("drupal", &["drupal", "views-row"]),
        ("spip", &["spip"]),
        ("typo3", &["typo3", "tx_"]),
        ("dims", &["dims_op"]),
        ("ez", &["ezpublish", "attribute-"]),
    ];
    let html = html.to_ascii_lowercase();
    let shows = |marks: &&(&str, &[&str])| marks.1.iter().any(|mark| html.contains(mark));
    MARKS.iter().find(shows).map_or("other", |(name, _)| name)
}

#[derive(Serialize)]
struct Spec<'a> {
    code: &'a str,
    name: &'a str,
    region: &'a str,
    base: String,
    root: String,
    observed: NaiveDate,
    notes: &'a str,
    provenance: String,
    pages: Vec<SpecPage>,
    bulletins: Vec<SpecBulletin<'a>>,
}

#[derive(Serialize)]
struct SpecPage {
    path: String,
    title: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    redirect_from: Vec<String>,
    blocks: [Raw; 1],
}

#[derive(Serialize)]
struct Raw {
    kind: &'static str,
    html: String,
}

#[derive(Serialize)]
struct SpecBulletin<'a> {
    url: &'a str,
    title: &'a str,
    date: Option<NaiveDate>,
    via: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<&'a str>,
}

/// A description of a site for `fixtures/sites`, as JSON: its pages thinned to what the walker reads,
/// and the bulletins that it found, to be checked by a human. `None` for a source without a root.
#[must_use]
pub fn describe_site(
    source: &Source,
    pages: &[KeptPage],
    bulletins: &[BulletinLink],
    observed: NaiveDate,
) -> Option<String> {
    let root = Url::parse(source.roots.first()?).ok()?;
    let host = |url: &Url| url.host_str().map(str::to_owned);
    let mut by_path: BTreeMap<String, SpecPage> = BTreeMap::new();
    let mut order = Vec::new();
    let is_page = |page: &&KeptPage| page.status == 200 && !page.html.is_empty();
    for page in pages.iter().filter(is_page).filter(|page| host(&page.url) == host(&root)) {
        let path = path_and_query(&page.url);
        let asked = path_and_query(&page.asked);
        let spec = by_path.entry(path.clone()).or_insert_with(|| {
            order.push(path.clone());
            let (title, html) = thinned(&page.html);
            let blocks = [Raw { kind: "raw", html }];
            SpecPage { path: path.clone(), title, redirect_from: Vec::new(), blocks }
        });
        if asked != path && !spec.redirect_from.contains(&asked) {
            spec.redirect_from.push(asked);
        }
    }
    let spec = Spec {
        code: &source.code,
        name: &source.name,
        region: &source.region,
        base: format!("{}://{}", root.scheme(), root.host_str()?),
        root: path_and_query(&root),
        observed,
        notes: "Recorded from the live site: say here what is odd, and add the decoys.",
        provenance: format!("recorded on {observed}, thinned"),
        pages: order.iter().filter_map(|path| by_path.remove(path)).collect(),
        bulletins: bulletins
            .iter()
            .map(|bulletin| SpecBulletin {
                url: &bulletin.url,
                title: &bulletin.title,
                date: bulletin.published_on,
                via: &bulletin.via,
                number: bulletin.number.as_deref(),
            })
            .collect(),
    };
    serde_json::to_string_pretty(&spec).ok()
}

/// A page's title and its body without what the walker does not read: styles, pictures, long texts,
/// the site's header and footer. Scripts stay only where they send the reader on.
fn thinned(html: &str) -> (String, String) {
    let mut document = guetteur_html::parse(html).document;
    let forwards = guetteur_html::forward(&document).is_some();
    let dropped = |name: &str| {
        matches!(name, "style" | "svg" | "link" | "header" | "footer" | "picture" | "video")
            || (name == "script" && !forwards)
    };
    let title = elements(&document)
        .find(|element| element.value().name() == "title")
        .map(|element| element.text().collect::<String>().trim().to_owned())
        .unwrap_or_default();
    let kept: HashSet<&str> = HashSet::from(["base", "meta"]);
    let head: String = elements(&document)
        .filter(|element| kept.contains(element.value().name()))
        .filter(|element| element.attr("href").is_some() || element.attr("content").is_some())
        .filter(|element| element.value().name() == "base" || element.attr("http-equiv").is_some())
        .map(|element| element.html())
        .collect();
    let ids: Vec<_> = document
        .tree
        .nodes()
        .filter(|node| match node.value() {
            Node::Comment(_) => true,
            Node::Element(element) => dropped(element.name()),
            _ => false,
        })
        .map(|node| node.id())
        .collect();
    for id in ids {
        if let Some(mut node) = document.tree.get_mut(id) {
            node.detach();
        }
    }
    for node in document.tree.values_mut() {
        if let Node::Text(text) = node {
            let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
            let open = text.starts_with(char::is_whitespace);
            let end = text.ends_with(char::is_whitespace) && !one_line.is_empty();
            let short: String = one_line.chars().take(LONGEST_TEXT).collect();
            let space = |is: bool| if is { " " } else { "" };
            text.text = format!("{}{short}{}", space(open), space(end)).into();
        }
    }
    let body = elements(&document).find(|element| element.value().name() == "body");
    (title, head + &body.map(|body| body.inner_html()).unwrap_or_default())
}

fn elements(document: &Html) -> impl Iterator<Item = ElementRef<'_>> {
    document.root_element().descendants().filter_map(ElementRef::wrap)
}
