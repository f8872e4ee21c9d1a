//! HTML to [`PageView`].

use std::sync::LazyLock;

use regex::Regex;
use scraper::{ElementRef, Html};
use url::Url;

use super::around::{
    ancestors, block_of, collapse, day_in, has_class, heading_in, in_menu, is_pager, row_of,
    term_of, text_of, words_around, words_in_line,
};
use super::target::{kind, option_target, scripted, split_detail, without_invitation};
use super::{Choice, Link, PageView, Pager, mend_anchors};
use crate::address::{decode, page_key};
use crate::words::{pattern, plain};

impl PageView {
    /// Reads a page. `url` is where it was found after redirects. Never fails: a page that is no
    /// HTML has no links.
    #[must_use]
    pub fn parse(html: &str, url: &Url) -> Self {
        let mended = mend_anchors(html);
        let document = Html::parse_document(&mended);
        let mut reader = Reader::new(url);
        for element in document.root_element().descendants().filter_map(ElementRef::wrap) {
            reader.read(element);
        }
        reader.finish()
    }
}

struct Reader<'a> {
    url: &'a Url,
    base: Url,
    view: PageView,
    under: String,
    pager_words: String,
}

impl<'a> Reader<'a> {
    fn new(url: &'a Url) -> Self {
        let view = PageView {
            url: url.clone(),
            title: String::new(),
            heading: String::new(),
            published: String::new(),
            links: Vec::new(),
            choices: Vec::new(),
            pager: Pager::default(),
            refresh: None,
        };
        Self { url, base: url.clone(), view, under: String::new(), pager_words: String::new() }
    }

    fn read(&mut self, element: ElementRef<'_>) {
        match element.value().name() {
            "base" => {
                if let Some(base) = element.attr("href").and_then(|href| self.url.join(href).ok()) {
                    self.base = base;
                }
            }
            "title" if self.view.title.is_empty() => self.view.title = text_of(element),
            "h1" if self.view.heading.is_empty() => self.view.heading = text_of(element),
            "h2" | "h3" | "h4" | "h5" | "h6" | "caption" | "summary" | "legend" => {
                self.read_heading(element);
            }
            "p" | "td" | "th" | "div" | "li" => {
                self.read_bold_heading(element);
                self.read_published(element);
            }
            "span" | "time" => self.read_published(element),
            "meta" => self.read_refresh(element),
            "a" => self.read_anchor(element),
            "select" => self.read_select(element),
            "nav" | "ul" if is_pager(element) => self.pager_words = plain(&text_of(element)),
            _ => {}
        }
    }

    fn read_heading(&mut self, element: ElementRef<'_>) {
        let links =
            element.descendants().filter_map(ElementRef::wrap).any(|e| e.attr("href").is_some());
        if !links {
            self.under = text_of(element);
        }
    }

    /// `<p><b>Août 2026</b></p>`: months are often only set in bold.
    fn read_bold_heading(&mut self, element: ElementRef<'_>) {
        let Some(bold) = element.child_elements().next() else { return };
        if !matches!(bold.value().name(), "b" | "strong") {
            return;
        }
        let text = text_of(element);
        if !text.is_empty()
            && text.len() <= 60
            && text == text_of(bold)
            && !bold.descendants().filter_map(ElementRef::wrap).any(|e| e.value().name() == "a")
        {
            self.under = text;
        }
    }

    /// `Publié le 19/08/2026` outside any card.
    fn read_published(&mut self, element: ElementRef<'_>) {
        let starts = element.text().find(|text| !text.trim().is_empty());
        let starts = starts.is_some_and(|text| plain(text).starts_with("publie"));
        if starts && self.view.published.is_empty() {
            let text = text_of(element);
            let in_card = ancestors(element).any(|a| has_class(a, "fr-card"));
            if text.len() < 60 && !in_card {
                self.view.published = text;
            }
        }
    }

    fn read_refresh(&mut self, element: ElementRef<'_>) {
        static TARGET: LazyLock<Regex> =
            LazyLock::new(|| pattern(r#"(?i)^\s*\d+\s*;\s*url\s*=\s*['"]?([^'"]+)"#));
        if element.attr("http-equiv").is_some_and(|value| value.eq_ignore_ascii_case("refresh")) {
            let content = element.attr("content").unwrap_or_default();
            self.view.refresh =
                TARGET.captures(content).and_then(|captures| self.base.join(&captures[1]).ok());
        }
    }

    fn read_anchor(&mut self, element: ElementRef<'_>) {
        let href = element.attr("href").unwrap_or_default().trim();
        let scripted_href = href.starts_with("javascript:") || href.is_empty() || href == "#";
        let url = if scripted_href {
            let script = element.attr("onclick").filter(|s| !s.is_empty()).unwrap_or(href);
            scripted(&self.base, script)
        } else if href.starts_with('#') {
            None
        } else {
            self.base.join(href).ok()
        };
        let Some(mut url) = url.filter(|url| matches!(url.scheme(), "http" | "https")) else {
            return;
        };
        if url.host() == self.url.host()
            && url.scheme() != self.url.scheme()
            && url.port().is_none()
        {
            // Old links of a site to itself still say http.
            let _ = url.set_scheme(self.url.scheme());
        }
        if let Some(page) = self.pager_link(element, &url) {
            self.view.pager.pages.push((page, url));
            return;
        }
        let link = self.link(element, href, url);
        self.view.links.push(link);
    }

    fn link(&self, element: ElementRef<'_>, href: &str, url: Url) -> Link {
        let title = element.attr("title").unwrap_or_default();
        let class = element.attr("class").unwrap_or_default();
        let (text, own_detail) = split_detail(&name_of(element));
        let block = block_of(element, href);
        let (before, around) = words_beside(element, block);
        let kind = kind(&url, class, &format!("{own_detail} {title}"));
        let in_heading = ancestors(element)
            .take(2)
            .any(|a| matches!(a.value().name(), "h2" | "h3" | "h4" | "h5"));
        Link {
            kind,
            text: without_invitation(&text).to_owned(),
            detail: collapse(&format!("{own_detail} {title} {around}")),
            before: split_detail(&before).0,
            row: block.filter(|b| b.value().name() == "tr").map(|row| row_of(row, element)),
            under: self.under.clone(),
            in_menu: in_menu(element),
            is_card: in_heading
                || has_class(element, "fr-card__link")
                || block.is_some_and(|b| has_class(b, "fr-card")),
            upload_name: element.attr("data-name").unwrap_or_default().to_owned(),
            url,
        }
    }

    /// The rank of a pager's link: `/(offset)/10`, `?page=2`, or the number that it shows.
    fn pager_link(&self, element: ElementRef<'_>, url: &Url) -> Option<u32> {
        let here = offset(self.url);
        let there = offset(url);
        let same_list = list_key(url) == list_key(self.url);
        let inside = ancestors(element).any(is_pager);
        if !same_list || (!inside && there.is_none()) {
            return None;
        }
        if let Some(rank) = there {
            return Some(rank);
        }
        // The first page has no offset in its address.
        (here.is_some() || inside).then_some(0)
    }

    fn read_select(&mut self, select: ElementRef<'_>) {
        if in_menu(select) {
            return;
        }
        let form = ancestors(select).find(|ancestor| ancestor.value().name() == "form");
        let form = form
            .map(|form| (form.attr("method").unwrap_or("get"), form.attr("action").unwrap_or("")));
        for option in select
            .descendants()
            .filter_map(ElementRef::wrap)
            .filter(|e| e.value().name() == "option")
        {
            let value = option.attr("value").unwrap_or_default();
            let Some(target) = option_target(self.url, value, form, select.attr("name")) else {
                continue;
            };
            let mut text = text_of(option);
            if text.is_empty() {
                text = collapse(option.attr("title").unwrap_or_default());
            }
            self.view.choices.push(Choice { target, text });
        }
    }

    fn finish(mut self) -> PageView {
        static FURTHER: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b2\b|\bsuivant"));
        let here = page_key(self.url);
        self.view.pager.pages.retain(|(_, url)| page_key(url) != here);
        self.view.pager.pages.sort();
        self.view.pager.pages.dedup();
        self.view.pager.without_links = self.view.pager.pages.is_empty()
            && FURTHER.is_match(&self.pager_words)
            && offset(self.url).is_none();
        self.view
    }
}

/// What a link says: its text, or what its image stands for.
fn name_of(element: ElementRef<'_>) -> String {
    let text = text_of(element);
    if !text.is_empty() {
        return text;
    }
    let images = element.descendants().filter_map(ElementRef::wrap);
    let alt = images.filter_map(|image| image.attr("alt")).map(collapse);
    // « PDF », « Icône » name the picture, not the document.
    alt.into_iter().find(|alt| alt.bytes().any(|b| b.is_ascii_digit())).unwrap_or_default()
}

/// The words that name a link from outside it, and all that stand with it.
fn words_beside(element: ElementRef<'_>, block: Option<ElementRef<'_>>) -> (String, String) {
    let (mut before, mut around) = match block {
        Some(block) => words_around(block, element),
        None => {
            let (before, after) = words_in_line(element);
            let around = collapse(&format!("{before} {after}"));
            (before, around)
        }
    };
    if let Some(heading) = block.and_then(|block| heading_in(block, element)) {
        before = heading;
    }
    if let Some(term) = term_of(element) {
        before = collapse(&format!("{term} {before}"));
    }
    if let Some(day) = block.and_then(day_in) {
        around = format!("publié le {day} {around}");
    }
    (before, around)
}

static OFFSET: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)/\(offset\)/(\d{1,6})/?$"));

/// Whether a parameter says which page of a list it is: `page`, `debut_articles`,
/// `tx_raa[currentPage]`.
fn is_page_parameter(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    let last = key.rsplit(|c: char| !c.is_ascii_alphanumeric()).find(|word| !word.is_empty());
    key.starts_with("debut_")
        || matches!(
            last.unwrap_or_default(),
            "page"
                | "p"
                | "offset"
                | "start"
                | "debut"
                | "pg"
                | "paged"
                | "currentpage"
                | "pagenum"
        )
}

/// A checksum over the other parameters, which differs from page to page.
fn is_checksum(key: &str) -> bool {
    key.eq_ignore_ascii_case("chash")
}

/// How far into a list an address is, when it says so.
pub(crate) fn offset(url: &Url) -> Option<u32> {
    let path = decode(url.path());
    if let Some(captures) = OFFSET.captures(&path) {
        return captures[1].parse().ok();
    }
    url.query_pairs()
        .find(|(key, _)| is_page_parameter(key))
        .and_then(|(_, value)| value.parse().ok())
}

/// What the pages of one list have in common.
pub(crate) fn list_key(url: &Url) -> String {
    let mut list = url.clone();
    let path = decode(url.path());
    let path = OFFSET.replace(&path, "").into_owned();
    list.set_path(&path);
    let query: Vec<String> = url
        .query_pairs()
        .filter(|(key, _)| !is_page_parameter(key) && !is_checksum(key))
        .map(|(key, value)| format!("{key}={value}"))
        .collect();
    list.set_query(None);
    format!("{}?{}", page_key(&list), query.join("&"))
}

/// The page of the same list at another offset, on the common platform.
pub(crate) fn at_offset(url: &Url, offset: u32) -> Option<Url> {
    let path = decode(url.path());
    let path = OFFSET.replace(&path, "");
    let mut other = url.clone();
    other.set_query(None);
    other.set_path(&if offset == 0 {
        path.into_owned()
    } else {
        format!("{path}/(offset)/{offset}")
    });
    (url.query().is_none()).then_some(other)
}
