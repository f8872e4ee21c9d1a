//! The words around a link: its block, its row, the heading above it.

use scraper::{ElementRef, Node};

use crate::naming::days;
use crate::words::plain;

/// Bytes of a label, of a title: more is no name. What is longer is cut, and ends in « … ».
const LONGEST_LABEL: usize = 600;
/// Bytes of text that are taken from one element, and nodes that are looked through for them.
const LONGEST_TEXT: usize = 8 << 10;
const MOST_NODES: usize = 4_000;

/// Text of an element, white space collapsed: its beginning, where it is no label but a page.
pub(super) fn text_of(element: ElementRef<'_>) -> String {
    let mut text = String::new();
    for node in element.descendants().take(MOST_NODES) {
        if let Some(piece) = node.value().as_text() {
            text.push_str(piece);
            if text.len() > LONGEST_TEXT {
                break;
            }
        }
    }
    collapse(&text)
}

/// A label of bearable length.
pub(super) fn shortened(text: &str) -> String {
    if text.len() <= LONGEST_LABEL {
        return text.to_owned();
    }
    let end = (0..=LONGEST_LABEL).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    format!("{}…", text[..end].trim_end())
}

/// Collapses white space, no-break spaces included.
pub(super) fn collapse(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The elements that hold this one, nearest first.
pub(super) fn ancestors(element: ElementRef<'_>) -> impl Iterator<Item = ElementRef<'_>> {
    element.ancestors().filter_map(ElementRef::wrap)
}

/// Whether the element has this exact class, or one that begins so when `prefix` ends in `-`.
pub(super) fn has_class(element: ElementRef<'_>, wanted: &str) -> bool {
    element
        .value()
        .classes()
        .any(|class| class == wanted || (wanted.ends_with('-') && class.starts_with(wanted)))
}

/// Whether the element stands in a menu, a header or a footer rather than in the content.
pub(super) fn in_menu(element: ElementRef<'_>) -> bool {
    const MENUS: &[&str] = &[
        "fr-sidemenu",
        "fr-sidemenu-",
        "fr-sidemenu__list",
        "fr-sidemenu__item",
        "fr-breadcrumb",
        "fr-header",
        "fr-header-",
        "fr-footer",
        "fr-footer-",
        "fr-nav",
        "fr-nav-",
        "fr-share",
        "fr-share-",
        "fr-skiplinks",
        "fr-follow",
        "breadcrumb",
        "breadcrumbs",
        "fil-ariane",
    ];
    let mut inside_content = false;
    for ancestor in ancestors(element) {
        match ancestor.value().name() {
            "nav" | "footer" | "aside" if !is_pager(ancestor) => return true,
            "header"
                if !inside_content
                    && !ancestors(ancestor)
                        .any(|a| matches!(a.value().name(), "main" | "article" | "section")) =>
            {
                return true;
            }
            "main" | "article" => inside_content = true,
            _ => {}
        }
        if MENUS.iter().any(|menu| has_class(ancestor, menu)) {
            return true;
        }
    }
    false
}

/// Whether the element is a pager.
pub(super) fn is_pager(element: ElementRef<'_>) -> bool {
    element.value().classes().any(|class| {
        class.contains("paginat")
            || class == "pager"
            || class.starts_with("pager-")
            || class.starts_with("pager_")
    }) || element.attr("aria-label").is_some_and(|label| plain(label).contains("pagination"))
}

/// The block that is about this link alone, if there is one: its line, cell row or card.
pub(super) fn block_of<'a>(link: ElementRef<'a>, href: &str) -> Option<ElementRef<'a>> {
    let mut block: Option<ElementRef<'a>> = None;
    for ancestor in ancestors(link) {
        let name = ancestor.value().name();
        match name {
            "body" | "main" | "html" | "ul" | "ol" | "table" | "tbody" | "form" | "nav" | "dl" => {
                break;
            }
            "tr" => return Some(ancestor),
            _ => {}
        }
        if has_other_link(ancestor, href) {
            break;
        }
        let inline = matches!(
            name,
            "span"
                | "b"
                | "strong"
                | "em"
                | "i"
                | "u"
                | "font"
                | "small"
                | "h1"
                | "h2"
                | "h3"
                | "h4"
                | "h5"
                | "h6"
                | "td"
                | "th"
        );
        if inline {
            continue;
        }
        let within_card = has_class(ancestor, "fr-card__")
            || ancestor.value().classes().any(|class| class.starts_with("fr-card__"));
        match block {
            Some(_) if has_class(ancestor, "fr-card") => return Some(ancestor),
            // A wrapper adds nothing of its own; a larger block may hold words about other things.
            Some(inner)
                if !is_wrapper(ancestor)
                    && !is_card_part(inner)
                    && !opens_with_heading(ancestor) =>
            {
                break;
            }
            _ => block = Some(ancestor),
        }
        if has_class(ancestor, "fr-card") || (name == "li" && !within_card) {
            return Some(ancestor);
        }
    }
    block
}

/// Whether the element is a heading and what stands under it.
fn opens_with_heading(element: ElementRef<'_>) -> bool {
    element.child_elements().next().is_some_and(is_heading)
}

fn is_heading(element: ElementRef<'_>) -> bool {
    matches!(element.value().name(), "h2" | "h3" | "h4" | "h5" | "h6")
}

fn is_card_part(element: ElementRef<'_>) -> bool {
    element.value().classes().any(|class| class.starts_with("fr-card__"))
}

/// Whether the element has one element child and nothing else to say but text.
fn is_wrapper(element: ElementRef<'_>) -> bool {
    element.children().filter(|child| child.value().is_element()).count() == 1
}

pub(super) fn has_other_link(element: ElementRef<'_>, href: &str) -> bool {
    element.descendants().any(|node| match node.value() {
        Node::Element(inner) if inner.name() == "a" => inner.attr("href").is_some_and(|other| {
            other != href && !other.starts_with('#') && !other.starts_with("javascript:")
        }),
        _ => false,
    })
}

/// The block's words before the link and all its words outside the link.
pub(super) fn words_around(block: ElementRef<'_>, link: ElementRef<'_>) -> (String, String) {
    let (mut before, mut all) = (String::new(), String::new());
    let mut seen = false;
    for node in block.descendants() {
        if node.id() == link.id() {
            seen = true;
            continue;
        }
        if all.len() > LONGEST_TEXT {
            break;
        }
        let Node::Text(text) = node.value() else { continue };
        if node.ancestors().any(|ancestor| ancestor.id() == link.id()) {
            continue;
        }
        let in_other_anchor =
            node.ancestors().take_while(|a| a.id() != block.id()).any(|ancestor| {
                ElementRef::wrap(ancestor)
                    .is_some_and(|e| e.value().name() == "a" && e.attr("href").is_some())
            });
        if !seen && !in_other_anchor {
            before.push(' ');
            before.push_str(text);
        }
        all.push(' ');
        all.push_str(text);
    }
    (collapse(&before), collapse(&all))
}

/// The words of a link's own line before and after it, up to the next link or line break: where a
/// block holds several links, each has the words that stand with it.
pub(super) fn words_in_line(link: ElementRef<'_>) -> (String, String) {
    let (mut before, mut after) = (Vec::new(), Vec::new());
    let (mut open_before, mut open_after) = (true, true);
    let mut inner = *link;
    loop {
        let back =
            inner.prev_siblings().map(|node| (node.value().as_text(), ElementRef::wrap(node)));
        open_before = open_before && collect(back, &mut before);
        let on = inner.next_siblings().map(|node| (node.value().as_text(), ElementRef::wrap(node)));
        open_after = open_after && collect(on, &mut after);
        match inner.parent() {
            Some(parent) if ElementRef::wrap(parent).is_some_and(is_inline) => inner = parent,
            _ => break,
        }
    }
    before.reverse();
    (collapse(&before.join(" ")), collapse(&after.join(" ")))
}

/// Takes the texts of siblings up to the end of the line; whether the line goes on.
fn collect<'a>(
    siblings: impl Iterator<Item = (Option<&'a scraper::node::Text>, Option<ElementRef<'a>>)>,
    texts: &mut Vec<String>,
) -> bool {
    for sibling in siblings {
        match sibling {
            (Some(text), _) => texts.push(text.to_string()),
            (_, Some(element)) if is_inline(element) && !has_other_link(element, "") => {
                texts.push(text_of(element));
            }
            (_, Some(_)) => return false,
            (None, None) => {}
        }
    }
    true
}

/// Whether the element stands within a line of text.
fn is_inline(element: ElementRef<'_>) -> bool {
    matches!(
        element.value().name(),
        "span"
            | "b"
            | "strong"
            | "em"
            | "i"
            | "u"
            | "font"
            | "small"
            | "sup"
            | "sub"
            | "abbr"
            | "img"
            | "time"
    )
}

/// The term that a link's definition is of.
pub(super) fn term_of(link: ElementRef<'_>) -> Option<String> {
    let definition = ancestors(link).take(4).find(|a| a.value().name() == "dd")?;
    let mut before = definition.prev_siblings().filter_map(ElementRef::wrap);
    before.find(|sibling| sibling.value().name() == "dt").map(text_of)
}

/// The heading of a link's block before it, when it has one.
pub(super) fn heading_in(block: ElementRef<'_>, link: ElementRef<'_>) -> Option<String> {
    block
        .descendants()
        .take_while(|node| node.id() != link.id())
        .filter_map(ElementRef::wrap)
        .filter(|element| is_heading(*element))
        .map(text_of)
        .find(|text| !text.is_empty())
}

/// A day that stands alone in an element of the link's block: its publication.
pub(super) fn day_in(block: ElementRef<'_>) -> Option<String> {
    block
        .descendants()
        .filter_map(ElementRef::wrap)
        .filter(|element| !matches!(element.value().name(), "a" | "td" | "th" | "h2" | "h3" | "h4"))
        .map(text_of)
        .find(|text| text.len() <= 30 && is_day_alone(&plain(text)))
}

/// Whether [`plain`] text is a day and nothing else of weight.
pub(super) fn is_day_alone(text: &str) -> bool {
    days(text).first().is_some_and(|day| day.end - day.start + 8 >= text.len())
}
