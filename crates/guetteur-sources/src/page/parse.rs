//! HTML to [`PageView`].

use std::sync::LazyLock;
use std::time::{Duration, Instant};

use guetteur_html::{Addresses, Cut, Encoding, UTF_8, forward};
use regex::Regex;
use scraper::ElementRef;
use url::Url;

use super::around::{
    ancestors, block_of, collapse, day_in, has_class, heading_in, in_menu, is_pager, shortened,
    term_of, text_of, words_around, words_in_line,
};
use super::elsewhere::{self, gone_to};
use super::form::Form;
use super::next;
use super::pager::{is_page_parameter, list_key, offset};
use super::table::row_of;
use super::target::{
    announced_kind, kind, option_target, scripted, split_detail, without_invitation,
};
use super::{Choice, Link, LinkKind, PageView};
use crate::address::page_key;
use crate::period;
use crate::words::{pattern, plain};

/// Links that one page may list. The longest list seen is a year of six hundred bulletins.
const MOST_LINKS: usize = 5_000;
/// Frames of one page that are looked into.
const MOST_FRAMES: usize = 3;
/// Nodes of an element that are looked through for its first words.
const NEAR: usize = 40;
/// Longest time for the words around the links of one page.
const LONGEST: Duration = Duration::from_secs(10);

impl PageView {
    /// Reads a page in UTF-8. `url` is where it was found after redirects. Never fails: a page that
    /// is no HTML has no links.
    #[must_use]
    pub fn parse(html: &str, url: &Url) -> Self {
        Self::parse_in(html, url, UTF_8)
    }

    /// [`PageView::parse`] of a page that came in another encoding: the queries of its addresses are
    /// written in it.
    #[must_use]
    pub fn parse_in(html: &str, url: &Url, encoding: &'static Encoding) -> Self {
        let parsed = guetteur_html::parse(html);
        let mut reader = Reader::new(Addresses::of(url.clone(), encoding));
        reader.view.cut = parsed.cut;
        let until = Instant::now() + LONGEST;
        let root = parsed.document.root_element();
        for element in root.descendants().filter_map(ElementRef::wrap) {
            if reader.view.links.len() + reader.shown.len() >= MOST_LINKS {
                reader.view.cut = Some(Cut::Links(MOST_LINKS));
                break;
            }
            if Instant::now() > until {
                reader.view.cut = Some(Cut::Time);
                break;
            }
            reader.read(element);
        }
        reader.view.refresh =
            forward(&parsed.document).and_then(|target| reader.addresses.join(&target));
        reader.finish()
    }
}

struct Reader {
    addresses: Addresses,
    view: PageView,
    /// Documents that the page shows or offers without an anchor.
    shown: Vec<Link>,
    under: String,
    pager_words: String,
}

impl Reader {
    fn new(addresses: Addresses) -> Self {
        let view = PageView::empty(addresses.page().clone());
        let (under, pager_words) = (String::new(), String::new());
        Self { addresses, view, shown: Vec::new(), under, pager_words }
    }

    fn read(&mut self, element: ElementRef<'_>) {
        match element.value().name() {
            "base" => {
                if let Some(href) = element.attr("href") {
                    self.addresses.note_base(href);
                }
            }
            "title" if self.view.title.is_empty() => self.view.title = shortened(&text_of(element)),
            "h1" if self.view.heading.is_empty() => {
                self.view.heading = shortened(&text_of(element));
            }
            "h2" | "h3" | "h4" | "h5" | "h6" | "caption" | "summary" | "legend" => {
                self.read_heading(element);
            }
            "p" | "td" | "th" | "div" | "li" => {
                self.read_bold_heading(element);
                self.read_published(element);
            }
            "span" | "time" => self.read_published(element),
            "a" => self.read_anchor(element),
            "link" => self.read_next(element),
            "iframe" | "frame" => self.read_frame(element),
            "select" => self.read_select(element),
            "nav" | "ul" if is_pager(element) => self.pager_words = plain(&text_of(element)),
            _ => {}
        }
        self.read_elsewhere(element);
    }

    /// A document that the page shows in a frame, or opens by a form, a button, a script.
    fn read_elsewhere(&mut self, element: ElementRef<'_>) {
        if element.value().name() == "a" {
            return;
        }
        for (href, text) in elsewhere::targets(element) {
            let url = self.addresses.join(&href).filter(|url| url.has_host());
            let Some(url) = url.map(|url| elsewhere::in_viewer(&url).unwrap_or(url)) else {
                continue;
            };
            let url = self.own_scheme(url);
            let kind = match kind(&url, "", "") {
                LinkKind::Page => announced_kind(element),
                kind => Some(kind),
            };
            if let Some(kind @ (LinkKind::Document | LinkKind::Unread)) = kind {
                let link = self.link(element, "", url, text);
                self.shown.push(Link { kind, ..link });
                return;
            }
        }
        self.read_button_of_pager(element);
        let page = elsewhere::page_target(element);
        let url = page.as_ref().and_then(|(href, _)| self.addresses.join(href));
        if let (Some((_, text)), Some(url)) = (page, url.filter(Url::has_host)) {
            let url = self.own_scheme(url);
            let link = self.link(element, "", url, text);
            self.shown.push(link);
        }
    }

    /// `<button name="page" value="2">` in a form.
    fn read_button_of_pager(&mut self, element: ElementRef<'_>) {
        let named = element.attr("name").zip(element.attr("value"));
        let is_button = matches!(element.value().name(), "button" | "input");
        let Some((name, value)) = named.filter(|(name, _)| is_button && is_page_parameter(name))
        else {
            return;
        };
        let form = Form::around(element).filter(|form| !form.posts);
        let fields = form.as_ref().and_then(|form| form.fields(element, value));
        let url = form
            .zip(fields)
            .and_then(|(form, fields)| self.addresses.with_fields(form.action, &fields));
        let rank = value.parse().ok().filter(|_| !name.is_empty());
        self.view.pager.pages.extend(rank.zip(url));
    }

    /// A page that this one shows in a frame.
    fn read_frame(&mut self, element: ElementRef<'_>) {
        let url = element.attr("src").and_then(|src| self.addresses.join(src.trim()));
        let Some(url) = url.filter(|url| url.has_host()).map(|url| self.own_scheme(url)) else {
            return;
        };
        if kind(&url, "", "") == LinkKind::Page
            && !self.view.frames.contains(&url)
            && self.view.frames.len() < MOST_FRAMES
        {
            self.view.frames.push(url);
        }
    }

    /// `<link rel="next">`: the pager of those whose pager a script draws.
    fn read_next(&mut self, element: ElementRef<'_>) {
        let url = element.attr("href").and_then(|href| self.addresses.join(href.trim()));
        let Some(url) = url.filter(Url::has_host).map(|url| self.own_scheme(url)) else { return };
        self.view.pager.pages.extend(self.next_rank(element, &url).map(|rank| (rank, url)));
    }

    fn next_rank(&self, element: ElementRef<'_>, url: &Url) -> Option<u32> {
        next::rank(&self.view.url, url).filter(|_| next::says_next(element))
    }

    /// Old links of a site to itself still say http.
    fn own_scheme(&self, mut url: Url) -> Url {
        let page = self.addresses.page();
        if url.host() == page.host() && url.scheme() != page.scheme() && url.port().is_none() {
            let _ = url.set_scheme(page.scheme());
        }
        url
    }

    fn read_heading(&mut self, element: ElementRef<'_>) {
        let links =
            element.descendants().filter_map(ElementRef::wrap).any(|e| e.attr("href").is_some());
        if !links {
            self.under = shortened(&text_of(element));
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
        if !self.view.published.is_empty() {
            return;
        }
        let near = element.descendants().take(NEAR).filter_map(|node| node.value().as_text());
        let first = near.map(|text| text.trim()).find(|text| !text.is_empty());
        if first.is_some_and(|text| plain(&shortened(text)).starts_with("publie")) {
            let text = text_of(element);
            let in_card = ancestors(element).any(|a| has_class(a, "fr-card"));
            if text.len() < 60 && !in_card {
                self.view.published = text;
            }
        }
    }

    fn read_anchor(&mut self, element: ElementRef<'_>) {
        let href = element.attr("href").unwrap_or_default().trim();
        let scripted_href = href.starts_with("javascript:") || href.is_empty() || href == "#";
        let url = if scripted_href {
            elsewhere::data_target(element)
                .or_else(|| scripted(element.attr("onclick").filter(|s| !s.is_empty())?))
                .or_else(|| scripted(href))
                .or_else(|| gone_to(element.attr("onclick")?))
                .or_else(|| gone_to(href))
                .and_then(|target| self.addresses.join(&target))
        } else if href.starts_with('#') {
            None
        } else {
            self.addresses.join(href)
        };
        let Some(url) = url.filter(|url| matches!(url.scheme(), "http" | "https")) else {
            return;
        };
        let url = self.own_scheme(elsewhere::in_viewer(&url).unwrap_or(url));
        let rank = self.pager_link(element, &url).or_else(|| self.next_rank(element, &url));
        if let Some(page) = rank {
            self.view.pager.pages.push((page, url));
            return;
        }
        let link = self.link(element, href, url, name_of(element));
        self.view.links.push(link);
    }

    fn link(&self, element: ElementRef<'_>, href: &str, url: Url, name: String) -> Link {
        let title = shortened(element.attr("title").unwrap_or_default());
        let class = element.attr("class").unwrap_or_default();
        let (text, own_detail) = split_detail(&name);
        let block = block_of(element, href);
        let (before, around) = words_beside(element, block);
        let kind = match kind(&url, class, &format!("{name} {title}")) {
            LinkKind::Page => announced_kind(element).unwrap_or(LinkKind::Page),
            kind => kind,
        };
        let in_heading = ancestors(element)
            .take(2)
            .any(|a| matches!(a.value().name(), "h2" | "h3" | "h4" | "h5"));
        Link {
            kind,
            text: shortened(without_invitation(&text)),
            detail: collapse(&format!("{own_detail} {title} {around}")),
            before: shortened(&split_detail(&before).0),
            row: block.filter(|b| b.value().name() == "tr").map(|row| row_of(row, element)),
            under: self.under.clone(),
            in_menu: in_menu(element),
            is_card: in_heading
                || has_class(element, "fr-card__link")
                || block.is_some_and(|b| has_class(b, "fr-card")),
            upload_name: shortened(element.attr("data-name").unwrap_or_default()),
            url,
        }
    }

    /// The rank of a pager's link: `/(offset)/10`, `?page=2`, or the number that it shows.
    fn pager_link(&self, element: ElementRef<'_>, url: &Url) -> Option<u32> {
        let here = offset(&self.view.url);
        let there = offset(url);
        let same_list = list_key(url) == list_key(&self.view.url);
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
        let form = Form::around(select);
        let beside = form.as_ref().map(|form| form.chosen_beside(select)).unwrap_or_default();
        let names_year = |text: &&String| period::read(&plain(text), None).is_some();
        let under = beside.iter().find(names_year).cloned().unwrap_or_default();
        for option in select
            .descendants()
            .filter_map(ElementRef::wrap)
            .filter(|e| e.value().name() == "option")
        {
            let value = option.attr("value").unwrap_or_default();
            let target = option_target(&self.addresses, value, form.as_ref(), select);
            let Some(target) = target else { continue };
            if self.view.choices.len() >= MOST_LINKS {
                self.view.cut = Some(Cut::Links(MOST_LINKS));
                return;
            }
            let mut text = text_of(option);
            if text.is_empty() {
                text = collapse(option.attr("title").unwrap_or_default());
            }
            let (text, under) = (shortened(&text), under.clone());
            self.view.choices.push(Choice { target, text, under });
        }
    }

    fn finish(mut self) -> PageView {
        static FURTHER: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b2\b|\bsuivant"));
        let here = page_key(&self.view.url);
        self.view.pager.pages.retain(|(_, url)| page_key(url) != here);
        self.view.pager.pages.sort();
        self.view.pager.pages.dedup();
        self.view.pager.without_links = self.view.pager.pages.is_empty()
            && FURTHER.is_match(&self.pager_words)
            && offset(&self.view.url).is_none();
        // An anchor says more of a document than the frame that shows it.
        self.view.links.append(&mut self.shown);
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
