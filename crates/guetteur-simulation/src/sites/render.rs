//! A page's description as HTML.

use super::markup::{Element, Markup, Writer, escape, path};
use super::spec::{BlockSpec, PageSpec, SiteSpec};

/// Renders a page.
#[must_use]
pub fn render(site: &SiteSpec, page: &PageSpec, markup: Markup) -> String {
    let mut writer = Writer::new(markup, &site.base);
    let old = page.doctype.is_some() || page.main.is_some();
    writer.raw(match page.doctype.as_deref() {
        Some(_) => "<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Strict//EN\" \"http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd\">\n<html xmlns=\"http://www.w3.org/1999/xhtml\">",
        None => "<!DOCTYPE html>\n<html lang=\"fr\">",
    });
    writer.raw(&format!(
        "<head><meta charset=\"utf-8\"><title>{}</title></head>\n<body>\n",
        escape(&page.title)
    ));
    if !old {
        header(site, &mut writer);
    }
    Body { site, page, nest: Nest::parse(page), writer: &mut writer }.write();
    if !old {
        footer(&mut writer);
    }
    writer.raw("</body></html>\n");
    writer.out
}

fn header(site: &SiteSpec, writer: &mut Writer) {
    writer.raw(
        "<header role=\"banner\" class=\"fr-header\"><nav class=\"fr-nav\" role=\"navigation\"><ul class=\"fr-nav__list\">\n\
         <li class=\"fr-nav__item\"><a class=\"fr-nav__link\" href=\"/Actualites\">Actualités 2026</a></li>\n\
         <li class=\"fr-nav__item\"><a class=\"fr-nav__link\" href=\"/Actions-de-l-Etat\">Actions de l'État</a></li>\n\
         <li class=\"fr-nav__item\"><a class=\"fr-nav__link\" href=\"/Demarches\">Démarches</a></li></ul></nav></header>\n",
    );
    writer.raw(&format!(
        "<nav role=\"navigation\" class=\"fr-breadcrumb\"><ol class=\"fr-breadcrumb__list\"><li><a class=\"fr-breadcrumb__link\" href=\"/\">Accueil</a></li>\
         <li><a class=\"fr-breadcrumb__link\" href=\"{}\">Recueil des actes administratifs</a></li></ol></nav>\n",
        writer.href(&site.root)
    ));
}

fn footer(writer: &mut Writer) {
    writer.raw(
        "<div class=\"fr-share\"><ul class=\"fr-share__group\"><li><a class=\"fr-share__link\" href=\"https://www.facebook.com/sharer.php\">Partager sur Facebook</a></li></ul></div>\n\
         <footer class=\"fr-footer\" role=\"contentinfo\"><ul class=\"fr-footer__content-list\"><li><a class=\"fr-footer__content-link\" href=\"https://legifrance.gouv.fr\">legifrance.gouv.fr</a></li>\
         <li><a class=\"fr-footer__bottom-link\" href=\"/Mentions-legales\">Mentions légales</a></li>\
         <li><a class=\"fr-footer__bottom-link\" href=\"/contenu/telechargement/1/1/file/Declaration_accessibilite_2026.pdf\">Accessibilité : partiellement conforme</a></li></ul></footer>\n",
    );
}

/// The elements around a page's blocks, read from the words of `nest`.
#[derive(Debug, Default)]
struct Nest {
    around: Vec<Element>,
    per_card: Option<Element>,
    in_body: bool,
    empty_lead: bool,
    has_main: bool,
    pager: Option<Vec<Element>>,
}

impl Nest {
    fn parse(page: &PageSpec) -> Self {
        let words = page.nest.as_deref().unwrap_or_default();
        let (words, pager) = words.split_once(';').map_or((words, None), |(w, p)| (w, Some(p)));
        let mut nest = Self {
            empty_lead: words.contains("after an empty div.fr-text--lead"),
            in_body: words.starts_with("body"),
            per_card: page.col.as_deref().map(Element::parse),
            pager: pager.and_then(|p| p.trim().strip_prefix("pager in ")).map(path),
            ..Self::default()
        };
        let bare: String = {
            let (mut depth, mut kept) = (0_u32, String::new());
            for c in words.chars() {
                match c {
                    '(' => depth += 1,
                    ')' => depth = depth.saturating_sub(1),
                    _ if depth == 0 => kept.push(c),
                    _ => {}
                }
            }
            kept
        };
        for part in bare.split('>').flat_map(|part| part.split(", then")) {
            let part = part.trim();
            if part.is_empty() || part == "body" || part == "h1" || part.starts_with("one ul") {
                continue;
            }
            if let Some(card) = part.strip_prefix("one ") {
                nest.per_card = Some(Element::parse(card.trim_end_matches(" per card")));
                continue;
            }
            nest.around.push(Element::parse(part));
        }
        nest.has_main = nest.around.iter().any(|element| element.tag == "main");
        nest
    }
}

struct Body<'a> {
    site: &'a SiteSpec,
    page: &'a PageSpec,
    nest: Nest,
    writer: &'a mut Writer,
}

impl Body<'_> {
    fn write(mut self) {
        let main = self.page.main.as_deref().map(Element::parse);
        let main = main.or_else(|| {
            (!self.nest.has_main && !self.nest.in_body && self.page.doctype.is_none())
                .then(|| Element::named("main"))
        });
        if let Some(main) = &main {
            self.writer.open(main);
        }
        let heading_in_section = self.page.blocks.iter().any(is_page_print);
        if let (Some(h1), false) = (&self.page.h1, heading_in_section) {
            self.writer.element(&Element::named("h1"), h1);
        }
        if self.nest.empty_lead {
            self.writer.raw("<div class=\"fr-text--lead\"></div>\n");
        }
        let around = std::mem::take(&mut self.nest.around);
        for element in &around {
            self.group_title(element);
            if element.tag == "tbody" && !self.page.thead.is_empty() {
                self.thead();
            }
            self.writer.open(element);
            if element.has_class("fr-text--lead")
                && let Some(text) = &self.page.lead_text
            {
                self.writer.element(&Element::named("p"), text);
            }
        }
        let in_list = around
            .last()
            .is_some_and(|element| matches!(element.tag.as_str(), "ul" | "ol" | "tbody"));
        self.blocks(in_list);
        for element in around.iter().rev() {
            self.writer.close(element);
        }
        if let Some(main) = &main {
            self.writer.close(main);
        }
    }

    fn thead(&mut self) {
        self.writer.raw("<thead><tr>");
        for cell in &self.page.thead {
            self.writer.element(&Element::named("th"), cell);
        }
        self.writer.raw("</tr></thead>");
    }

    fn group_title(&mut self, element: &Element) {
        let Some((tag, text)) =
            self.page.group_title.as_deref().and_then(|title| title.split_once(": "))
        else {
            return;
        };
        if element.has_class("fr-downloads-group") {
            self.writer.element(&Element::parse(tag), text);
        }
    }

    /// Blocks that stand in the same list share it.
    fn blocks(&mut self, in_list: bool) {
        let mut shared: Vec<Element> = Vec::new();
        for block in &self.page.blocks {
            let mut wrap = self.wrap_of(block);
            let list_end = wrap.iter().rposition(|element| {
                matches!(element.tag.as_str(), "ul" | "ol" | "tbody" | "table")
            });
            let mut list: Vec<Element> =
                list_end.map(|end| wrap.drain(..=end).collect()).unwrap_or_default();
            let first = wrap.first().map(|element| element.tag.as_str());
            if list.is_empty() && first == Some("li") && !in_list {
                list.push(Element::parse(self.page.list_tag.as_deref().unwrap_or("ul")));
            }
            if list.is_empty() && first == Some("tr") && !in_list {
                list.extend([Element::named("table"), Element::named("tbody")]);
            }
            if list != shared {
                self.close_all(&shared);
                for element in &list {
                    self.group_title(element);
                    self.writer.open(element);
                }
                shared = list;
            }
            self.block(block, &wrap);
        }
        self.close_all(&shared);
    }

    fn close_all(&mut self, elements: &[Element]) {
        for element in elements.iter().rev() {
            self.writer.close(element);
        }
    }

    fn wrap_of(&self, block: &BlockSpec) -> Vec<Element> {
        let mut wrap = match (&block.wrap, block.kind.as_str()) {
            (Some(wrap), _) => path(wrap),
            (None, "pager") => self
                .nest
                .pager
                .clone()
                .unwrap_or_else(|| path("nav.fr-pagination > ul.fr-pagination__list > li")),
            (None, "card") => self.nest.per_card.iter().cloned().collect(),
            (None, _) => Vec::new(),
        };
        if let (Some(class), Some(last)) = (&block.wrap_class, wrap.last_mut()) {
            last.set("class", class);
        }
        if block.kind == "pager"
            && let Some(first) = wrap.first_mut()
        {
            for (name, value) in &block.attrs {
                first.set(name, value);
            }
        }
        wrap
    }

    fn block(&mut self, block: &BlockSpec, wrap: &[Element]) {
        if let Some(heading) = &block.heading_before {
            let tag = heading.tag.split(',').next().unwrap_or("h2");
            self.writer.element(&Element::named(tag), &heading.text);
        }
        let cells = if block.row.is_empty() { 0 } else { 1 };
        for (index, element) in wrap.iter().enumerate() {
            self.writer.open(element);
            // The other cells come before the link's.
            if index + 1 == cells && element.tag == "tr" {
                for cell in &block.row {
                    self.writer.element(&Element::parse("td[valign=top]"), cell);
                }
            }
        }
        if is_page_print(block)
            && let Some(h1) = &self.page.h1
        {
            self.writer.element(&Element::named("h1"), h1);
        }
        let wrapper = Element::parse("div.enveloppe");
        let wrapped =
            self.writer.markup.extra_wrappers && matches!(block.kind.as_str(), "card" | "download");
        if wrapped && wrap.iter().all(|element| element.tag != "p") {
            self.writer.open(&wrapper);
        }
        match block.kind.as_str() {
            "card" => self.card(block),
            "download" => self.download(block),
            "select" => self.select(block),
            "pager" => self.pager(block),
            "raw" => self.raw(block),
            _ => self.link(block),
        }
        if wrapped && wrap.iter().all(|element| element.tag != "p") {
            self.writer.close(&wrapper);
        }
        self.close_all(wrap);
    }

    fn anchor(&self, block: &BlockSpec) -> Element {
        let mut anchor = Element::named("a");
        anchor.set_opt("id", block.id.as_deref());
        anchor.unquoted_id = block.unquoted_id;
        anchor.set_opt("class", block.class.as_deref().filter(|class| !class.is_empty()));
        anchor.set_opt("href", block.href.as_deref());
        anchor.set_opt("title", block.title_attr.as_deref());
        anchor.set_opt("target", block.target.as_deref());
        anchor.set_opt("rel", block.rel.as_deref());
        anchor.set_opt("aria-current", block.aria_current.as_deref());
        if block.kind != "pager" {
            for (name, value) in &block.attrs {
                anchor.set(name, value);
            }
        }
        anchor
    }

    fn card(&mut self, block: &BlockSpec) {
        let mut card = Element::named("div");
        card.set_opt("class", block.card_class.as_deref());
        card.set_opt("id", block.card_id.as_deref());
        card.unquoted_id = block.unquoted_id;
        let has_card = block.card_class.is_some();
        let mut tags = path(block.tag.as_deref().unwrap_or("h3.fr-card__title > a"));
        tags.pop();
        // `div.fr-card > a`: the link is the card's own child.
        tags.retain(|element| !(has_card && element.has_class("fr-card")));
        let body = has_card && block.card_body != Some(false) && !tags.is_empty();
        if has_card {
            self.writer.open(&card);
        }
        if body {
            self.writer.raw("<div class=\"fr-card__body\"><div class=\"fr-card__content\">");
        }
        for element in &tags {
            self.writer.open(element);
        }
        let anchor = self.anchor(&BlockSpec { unquoted_id: false, ..block.clone() });
        self.writer.element(&anchor, &block.text);
        self.close_all(&tags);
        if let Some(detail) = &block.detail {
            let around =
                path(block.detail_tag.as_deref().unwrap_or("div.fr-card__end > p.fr-card__detail"));
            around.iter().for_each(|element| self.writer.open(element));
            self.writer.text(detail);
            self.close_all(&around);
        }
        if body {
            self.writer.raw("</div></div>");
        }
        if let Some(logo) = &block.logo {
            self.writer.raw(&format!(
                "<div class=\"fr-card__header\"><p class=\"fr-logo\">{logo}</p></div>"
            ));
        }
        if has_card {
            self.writer.close(&card);
        }
    }

    fn download(&mut self, block: &BlockSpec) {
        if let Some(before) = &block.before {
            self.writer.text(&format!("{before} "));
        }
        if let Some(before) = &block.before_p {
            self.writer.element(&Element::named("p"), before);
        }
        if block.note.as_deref().is_some_and(|note| note.contains("four spaces")) {
            self.writer.raw("    ");
        }
        let anchor = self.anchor(block);
        self.writer.open(&anchor);
        if block.detail_note.is_some() {
            self.writer.raw(&format!("<span>{}</span><img src=\"/images/telecharger.png\" title=\"télécharger\" alt=\"télécharger\" />", escape(&block.text)));
        } else {
            self.writer.text(&block.text);
        }
        if let Some(detail) = &block.detail {
            let tag = block.detail_tag.as_deref();
            if block.detail_plain {
                self.writer.text(&format!(" {detail}"));
            } else {
                // A bare span is glued to the title.
                if tag != Some("span") {
                    self.writer.raw(" ");
                }
                let element = Element::parse(tag.unwrap_or("span.fr-link__detail"));
                self.writer.element(&element, detail);
            }
        }
        self.writer.close(&anchor);
    }

    fn link(&mut self, block: &BlockSpec) {
        let anchor = self.anchor(block);
        if block.inner.is_some() {
            self.writer.open(&anchor);
            self.writer.raw(&format!("<p class=\"num\">{}</p><p></p>", escape(&block.text)));
            self.writer.close(&anchor);
        } else {
            self.writer.element(&anchor, &block.text);
        }
    }

    fn pager(&mut self, block: &BlockSpec) {
        if block.note.as_deref().is_some_and(|note| note.starts_with("text only")) {
            self.writer.text(&block.text);
            return;
        }
        let anchor = self.anchor(block);
        self.writer.element(&anchor, &block.text);
    }

    fn select(&mut self, block: &BlockSpec) {
        if let Some(label) = &block.label {
            let mut element = Element::named("label");
            element.set_opt("class", label.class.as_deref());
            element.set("for", &label.for_id);
            self.writer.element(&element, &label.text);
        }
        let mut select = Element::named("select");
        select.set_opt("class", block.class.as_deref());
        select.set_opt("id", block.id.as_deref());
        select.set_opt("name", block.name.as_deref());
        self.writer.open(&select);
        for (value, text, title) in &block.options {
            let mut option = Element::named("option");
            option.set("value", value);
            option.set_opt("title", title.as_deref());
            self.writer.element(&option, text);
        }
        self.writer.close(&select);
    }

    /// Literal markup; only its href follows the hand.
    fn raw(&mut self, block: &BlockSpec) {
        let html = match &block.href {
            Some(href) => block.html.replace(href.as_str(), &self.writer.href(href)),
            None => block.html.clone(),
        };
        self.writer.raw(&html);
        self.writer.raw("\n");
        debug_assert!(!self.site.base.is_empty());
    }
}

/// The platform's button that downloads the page itself, beside the heading.
fn is_page_print(block: &BlockSpec) -> bool {
    block.wrap.as_deref() == Some("section")
        && block.note.as_deref().is_some_and(|note| note.contains("as the h1"))
}
