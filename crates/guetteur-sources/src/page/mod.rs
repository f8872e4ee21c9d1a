//! A page as the walker sees it: its links, choices and pager, each with the words around it.

mod around;
mod elsewhere;
mod form;
mod next;
mod pager;
mod parse;
mod table;
mod target;

use guetteur_html::Cut;
use url::Url;

pub(crate) use pager::{at_offset, list_key, offset};

/// What an address leads to, judged by itself alone.
pub(crate) fn kind(url: &Url) -> LinkKind {
    target::kind(url, "", "")
}

/// The list to which a page belongs, by its path and query: the same for all pages of the list.
#[must_use]
pub fn list_of(path: &str) -> String {
    Url::parse("https://x/").and_then(|base| base.join(path)).map_or_else(
        |_| path.to_owned(),
        |url| list_key(&url)["x".len()..].trim_end_matches('?').to_owned(),
    )
}

/// A link of which only address and text are known.
pub(crate) fn plain_link(url: Url, text: &str) -> Link {
    Link {
        kind: kind(&url),
        text: text.to_owned(),
        detail: String::new(),
        before: String::new(),
        row: None,
        under: String::new(),
        in_menu: false,
        is_card: false,
        upload_name: String::new(),
        url,
    }
}

/// A page of a site, in typed blocks. Made by [`PageView::parse`], which knows no site.
#[derive(Debug, Clone, PartialEq)]
pub struct PageView {
    /// Where it was read, after redirects.
    pub url: Url,
    /// `<title>`.
    pub title: String,
    /// First `<h1>`, or empty.
    pub heading: String,
    /// The page's own « Publié le … », or empty.
    pub published: String,
    /// Links of the content and, marked so, of the menus, in page order.
    pub links: Vec<Link>,
    /// Options of selects that lead somewhere, in page order.
    pub choices: Vec<Choice>,
    /// Links to other pages of the same list.
    pub pager: Pager,
    /// Where the page sends the browser by itself: `<meta http-equiv=refresh>`, or a script that does
    /// nothing else.
    pub refresh: Option<Url>,
    /// Pages that it shows in frames, in page order.
    pub frames: Vec<Url>,
    /// The limit that cut the page: what comes after it was not read.
    pub cut: Option<Cut>,
}

impl PageView {
    /// A page of which nothing is known but its address.
    pub(crate) fn empty(url: Url) -> Self {
        Self {
            url,
            title: String::new(),
            heading: String::new(),
            published: String::new(),
            links: Vec::new(),
            choices: Vec::new(),
            pager: Pager::default(),
            refresh: None,
            frames: Vec::new(),
            cut: None,
        }
    }
}

/// What a link leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkKind {
    /// A PDF, or what is served as one.
    Document,
    /// A text, or an archive of files, in a format that is not read: `.docx`, `.zip`.
    Unread,
    /// A file that can be no bulletin: a picture, sound, data.
    OtherFile,
    /// Another page.
    Page,
}

/// A link and the words around it.
#[derive(Debug, Clone, PartialEq)]
pub struct Link {
    /// Absolute, as written.
    pub url: Url,
    /// What it leads to.
    pub kind: LinkKind,
    /// Its text, without « Télécharger », format, size and date.
    pub text: String,
    /// What stands with it and is not its text: size and date, attributes, other words of its card
    /// or line.
    pub detail: String,
    /// Words of its block before it: a generic link's name is there.
    pub before: String,
    /// Its table row.
    pub row: Option<Row>,
    /// The nearest heading above it, or empty.
    pub under: String,
    /// Whether it stands in a menu, a header or a footer.
    pub in_menu: bool,
    /// Whether it is a card's or a heading's link.
    pub is_card: bool,
    /// `data-name`, the file's name at upload.
    pub upload_name: String,
}

/// The other cells of a link's table row.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Row {
    /// The cell that names the document, or empty.
    pub name: String,
    /// The cell that dates its publication, or empty.
    pub day: String,
}

/// An option of a select.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// How to follow it.
    pub target: Target,
    /// Its text, or its title where that says more.
    pub text: String,
    /// The period that another select of its form has chosen (`2026`), or empty.
    pub under: String,
}

/// How a page is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// By its address.
    Get(Url),
    /// By posting a form of one field.
    Post {
        /// The form's action.
        url: Url,
        /// The form as it is sent, in the page's own encoding.
        form: String,
    },
}

/// Links to other pages of the same list.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Pager {
    /// Page, and how many items precede it (or which rank it has): a larger value is further.
    pub pages: Vec<(u32, Url)>,
    /// The pager shows further pages but links none of them.
    pub without_links: bool,
}

impl Pager {
    /// Whether there are other pages.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pages.is_empty() && !self.without_links
    }
}
