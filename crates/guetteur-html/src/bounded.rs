//! HTML to a tree, within limits: a page comes from outside, and the standard's algorithm takes
//! quadratic time on what nobody writes (elements nested thousands deep, formatting never closed).

use std::cell::{Cell, RefCell};
use std::time::{Duration, Instant};

use html5ever::buffer_queue::BufferQueue;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{
    Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts, TreeSink};
use html5ever::{LocalName, TokenizerResult};
use scraper::{Html, HtmlTreeSink};

use crate::Cut;
use crate::mend::mend;

/// Elements open at once: as many as browsers nest.
const DEEPEST: usize = 512;
/// Formatting elements open at once: each open one is opened again in every paragraph.
const MOST_FORMATTING: u32 = 48;
/// Tags of one page.
const MOST_TAGS: u32 = 400_000;
/// Longest time for the tree of one page.
const LONGEST: Duration = Duration::from_secs(10);
/// Tags between two looks at the clock.
const CLOCK_EVERY: u32 = 256;

/// Elements without content.
const VOID: &[&str] = &[
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr",
];
/// Elements that end a paragraph which nobody closed.
const ENDS_PARAGRAPH: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "center",
    "dd",
    "details",
    "dialog",
    "dir",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hgroup",
    "hr",
    "li",
    "listing",
    "main",
    "menu",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "ul",
];
/// Levels through which an element that nobody closed is looked for.
const NEAR: usize = 8;
const FORMATTING: &[&str] =
    &["b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"];
/// Kept at any depth: links, and what holds text alone, which the tokenizer must know of.
const KEPT: &[&str] = &[
    "a", "option", "script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes",
];

/// A page as a tree.
#[derive(Debug)]
pub struct Parsed {
    /// The tree; of a page that was cut, its beginning.
    pub document: Html,
    /// The limit that cut it.
    pub cut: Option<Cut>,
}

/// Reads a page, its broken anchors mended. Never fails: what is no HTML is a page of text.
#[must_use]
pub fn parse(html: &str) -> Parsed {
    parse_within(&mend(html), LONGEST)
}

fn parse_within(html: &str, longest: Duration) -> Parsed {
    let options = TreeBuilderOpts {
        // What stands in `<noscript>` is for us.
        scripting_enabled: false,
        ..TreeBuilderOpts::default()
    };
    let builder = TreeBuilder::new(HtmlTreeSink::new(Html::new_document()), options);
    let sink = Bounded {
        builder,
        open: RefCell::default(),
        formatting: Cell::new(0),
        tags: Cell::new(0),
        until: Instant::now() + longest,
        cut: Cell::new(None),
    };
    let tokenizer = Tokenizer::new(sink, TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(html));
    // Scripts are not run: the tokenizer goes on after each.
    while !matches!(tokenizer.feed(&input), TokenizerResult::Done) {}
    tokenizer.end();
    let cut = tokenizer.sink.cut.get();
    Parsed { document: tokenizer.sink.builder.sink.finish(), cut }
}

type Builder = TreeBuilder<<HtmlTreeSink as TreeSink>::Handle, HtmlTreeSink>;

/// Stands before the tree builder and withholds what would exceed a limit.
struct Bounded {
    builder: Builder,
    /// The elements that seem to be open, and whether the builder was shown them.
    open: RefCell<Vec<(LocalName, bool)>>,
    formatting: Cell<u32>,
    tags: Cell<u32>,
    until: Instant,
    cut: Cell<Option<Cut>>,
}

impl Bounded {
    /// Whether the builder is to see this tag.
    fn admits(&self, tag: &Tag) -> bool {
        let count = self.tags.get() + 1;
        self.tags.set(count);
        if count > MOST_TAGS {
            self.cut.set(Some(Cut::Tags(MOST_TAGS)));
        } else if count.is_multiple_of(CLOCK_EVERY) && Instant::now() > self.until {
            self.cut.set(Some(Cut::Time));
        }
        if self.cut.get().is_some() {
            return false;
        }
        match tag.kind {
            TagKind::StartTag => self.opens(tag),
            TagKind::EndTag => self.closes(tag),
        }
    }

    fn opens(&self, tag: &Tag) -> bool {
        let name = tag.name.as_ref();
        if VOID.contains(&name) {
            return true;
        }
        let mut open = self.open.borrow_mut();
        if let Some(at) = ended_by(name, &open) {
            open.truncate(at);
        }
        let formats = FORMATTING.contains(&name);
        let admitted = (open.len() < DEEPEST
            && !(formats && self.formatting.get() >= MOST_FORMATTING))
            || KEPT.contains(&name);
        if admitted && formats {
            self.formatting.set(self.formatting.get() + 1);
        }
        if open.len() < 2 * DEEPEST {
            open.push((tag.name.clone(), admitted));
        }
        admitted
    }

    fn closes(&self, tag: &Tag) -> bool {
        let mut open = self.open.borrow_mut();
        let at = open.iter().rposition(|(name, _)| *name == tag.name);
        let admitted = at.is_none_or(|at| open[at].1);
        if let Some(at) = at {
            open.truncate(at);
        }
        // Formatting outlives the paragraph that it stands in, until its own end.
        if admitted && FORMATTING.contains(&tag.name.as_ref()) {
            self.formatting.set(self.formatting.get().saturating_sub(1));
        }
        admitted
    }
}

/// From where on the open elements are ended by a tag of this name: people leave out the ends of
/// paragraphs, items and cells, and these do not nest.
fn ended_by(name: &str, open: &[(LocalName, bool)]) -> Option<usize> {
    let ends: &[&str] = match name {
        "li" => &["li"],
        "dt" | "dd" => &["dt", "dd"],
        "td" | "th" => &["td", "th"],
        "tr" => &["tr"],
        "thead" | "tbody" | "tfoot" => &["thead", "tbody", "tfoot"],
        "option" | "optgroup" => &["option"],
        _ => &[],
    };
    let is_cell = matches!(name, "td" | "th" | "tr" | "thead" | "tbody" | "tfoot");
    let mut end = None;
    for (at, (other, _)) in open.iter().enumerate().rev().take(NEAR) {
        let other = other.as_ref();
        if ends.contains(&other) {
            return Some(at);
        }
        if other == "p" && ENDS_PARAGRAPH.contains(&name) {
            end = Some(at);
        }
        let passes = match other {
            "table" | "template" | "svg" | "math" => false,
            "td" | "th" | "caption" | "button" | "object" => is_cell,
            "address" | "div" | "p" | "span" | "a" => true,
            other => is_cell || FORMATTING.contains(&other),
        };
        if !passes {
            break;
        }
    }
    end
}

impl TokenSink for Bounded {
    type Handle = <Builder as TokenSink>::Handle;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<Self::Handle> {
        let passes = match &token {
            Token::TagToken(tag) => self.admits(tag),
            Token::EOFToken => true,
            _ => self.cut.get().is_none(),
        };
        if passes { self.builder.process_token(token, line) } else { TokenSinkResult::Continue }
    }

    fn end(&self) {
        self.builder.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.builder.adjusted_current_node_present_but_not_in_html_namespace()
    }
}

#[cfg(test)]
mod tests {
    use scraper::ElementRef;

    use super::*;

    fn links(parsed: &Parsed) -> usize {
        let elements = parsed.document.root_element().descendants().filter_map(ElementRef::wrap);
        elements.filter(|element| element.value().name() == "a").count()
    }

    fn depth(parsed: &Parsed) -> usize {
        parsed.document.tree.nodes().map(|node| node.ancestors().count()).max().unwrap_or(0)
    }

    /// Each took from seconds to hours: the standard's algorithm looks through all open elements at
    /// each tag, and opens formatting anew in each paragraph.
    #[test]
    fn hostile_markup_takes_little_time() {
        let pages = [
            ("nested div", "<div>".repeat(60_000)),
            ("nested unknown", "<x>".repeat(60_000)),
            ("nested p in div", "<div><p>".repeat(30_000)),
            ("nested lists", "<ul><li>".repeat(30_000)),
            ("nested tables", "<table><tr><td>".repeat(20_000)),
            ("nested links", "<div><a href=/x>".repeat(20_000)),
            ("formatting", format!("<p>{}", "<b class=a><p>".repeat(20_000))),
            (
                "formatting, each another",
                (0..20_000).map(|n| format!("<font size={n}><p>t")).collect(),
            ),
            ("svg", "<svg><g>".repeat(30_000)),
            ("end tags", format!("{}{}", "<div>".repeat(600), "</span>".repeat(60_000))),
            ("templates", "<template>".repeat(20_000)),
            ("selects", "<select><option>".repeat(20_000)),
            ("one quote", "<a href=\"".repeat(20_000)),
            ("attributes", format!("<p {}>", "a b=c ".repeat(40_000))),
        ];
        for (name, page) in pages {
            let start = Instant::now();
            let parsed = parse(&page);
            assert!(start.elapsed() < Duration::from_secs(3), "{name}: {:?}", start.elapsed());
            assert!(depth(&parsed) < 3 * DEEPEST, "{name}: {}", depth(&parsed));
        }
    }

    #[test]
    fn links_survive_the_limits() {
        let deep = format!("{}<a href=/x>x</a>{}", "<div>".repeat(5_000), "</div>".repeat(5_000));
        assert_eq!(links(&parse(&deep)), 1);
        // Nobody closes these, and they do not nest.
        let list = format!("<ul>{}</ul>", "<li><p><a href=/x>x</a>".repeat(3_000));
        let parsed = parse(&list);
        assert_eq!((links(&parsed), parsed.cut), (3_000, None));
        assert!(depth(&parsed) < 20, "{}", depth(&parsed));
        let rows = format!("<table>{}", "<tr><td>1<td><a href=/x>x</a>".repeat(3_000));
        let parsed = parse(&rows);
        assert_eq!(links(&parsed), 3_000);
        assert!(depth(&parsed) < 20, "{}", depth(&parsed));
        let bold = "<p><b>Août</p></b><p><a href=/x>x</a></p>".repeat(500);
        let parsed = parse(&bold);
        let elements = parsed.document.root_element().descendants().filter_map(ElementRef::wrap);
        assert!(elements.filter(|element| element.value().name() == "b").count() >= 500);
    }

    #[test]
    fn a_cut_is_said() {
        let long = "<br>".repeat(MOST_TAGS as usize + 10);
        assert_eq!(parse(&long).cut, Some(Cut::Tags(MOST_TAGS)));
        let late = parse_within(&"<br>".repeat(1_000), Duration::ZERO);
        assert_eq!(late.cut, Some(Cut::Time));
    }

    #[test]
    fn what_is_for_people_without_scripts_is_read() {
        let parsed = parse("<body><noscript><a href=/x>x</a></noscript>");
        assert_eq!(links(&parsed), 1);
    }
}
