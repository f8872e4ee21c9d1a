//! Writing HTML from terse descriptions (`div#main.fr-container[role=main]`), in several hands.

use std::fmt::Write as _;

/// How the same facts are written: variations that must change nothing for a reader.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Markup {
    /// Attributes in reverse order.
    pub reverse_attributes: bool,
    /// An extra `div` around each block's link.
    pub extra_wrappers: bool,
    /// Headings one level further down.
    pub lower_headings: bool,
    /// Links with scheme and host.
    pub absolute_hrefs: bool,
    /// Accents and spaces of links percent-encoded, `&` as `&amp;`.
    pub encoded_hrefs: bool,
}

impl Markup {
    /// The plain hand and three others.
    pub const ALL: [Self; 4] = [
        Self {
            reverse_attributes: false,
            extra_wrappers: false,
            lower_headings: false,
            absolute_hrefs: false,
            encoded_hrefs: false,
        },
        Self {
            reverse_attributes: true,
            extra_wrappers: true,
            lower_headings: false,
            absolute_hrefs: false,
            encoded_hrefs: true,
        },
        Self {
            reverse_attributes: false,
            extra_wrappers: false,
            lower_headings: true,
            absolute_hrefs: true,
            encoded_hrefs: false,
        },
        Self {
            reverse_attributes: true,
            extra_wrappers: true,
            lower_headings: true,
            absolute_hrefs: true,
            encoded_hrefs: true,
        },
    ];
}

/// An element to be opened.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Element {
    pub(super) tag: String,
    pub(super) attributes: Vec<(String, String)>,
    /// `id` without quotes, as the platform writes it at times.
    pub(super) unquoted_id: bool,
}

impl Element {
    /// `div#main.fr-container[role=main]`.
    pub(super) fn parse(text: &str) -> Self {
        let text = text.trim();
        let end = text.find(['.', '#', '[']).unwrap_or(text.len());
        let mut element = Self::named(&text[..end]);
        let (mut classes, mut rest) = (Vec::new(), &text[end..]);
        while let Some(mark) = rest.chars().next() {
            let body = &rest[1..];
            let stop = if mark == '[' {
                body.find(']').unwrap_or(body.len())
            } else {
                body.find(['.', '#', '[']).unwrap_or(body.len())
            };
            match mark {
                '.' => classes.push(&body[..stop]),
                '#' => element.set("id", &body[..stop]),
                _ => {
                    let (name, value) = body[..stop].split_once('=').unwrap_or((&body[..stop], ""));
                    element.set(name, value);
                }
            }
            rest = body[stop..].trim_start_matches(']');
        }
        if !classes.is_empty() {
            element.set("class", &classes.join(" "));
        }
        element
    }

    pub(super) fn named(tag: &str) -> Self {
        Self { tag: tag.trim().to_owned(), ..Self::default() }
    }

    pub(super) fn set(&mut self, name: &str, value: &str) {
        self.attributes.retain(|(known, _)| known != name);
        self.attributes.push((name.to_owned(), value.to_owned()));
    }

    pub(super) fn set_opt(&mut self, name: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.set(name, value);
        }
    }

    pub(super) fn has_class(&self, class: &str) -> bool {
        self.attributes
            .iter()
            .any(|(name, value)| name == "class" && value.split(' ').any(|c| c == class))
    }
}

/// `a > b > c` as elements.
pub(super) fn path(text: &str) -> Vec<Element> {
    text.split('>').map(str::trim).filter(|part| !part.is_empty()).map(Element::parse).collect()
}

/// A page being written.
#[derive(Debug)]
pub(super) struct Writer {
    pub(super) out: String,
    pub(super) markup: Markup,
    pub(super) base: String,
}

impl Writer {
    pub(super) fn new(markup: Markup, base: &str) -> Self {
        Self { out: String::new(), markup, base: base.to_owned() }
    }

    pub(super) fn raw(&mut self, html: &str) {
        self.out.push_str(html);
    }

    pub(super) fn text(&mut self, text: &str) {
        self.out.push_str(&escape(text));
    }

    pub(super) fn open(&mut self, element: &Element) {
        let tag = self.tag(&element.tag);
        let _ = write!(self.out, "<{tag}");
        let mut attributes: Vec<&(String, String)> = element.attributes.iter().collect();
        if self.markup.reverse_attributes {
            attributes.reverse();
        }
        for (name, value) in attributes {
            if name == "href" {
                let _ = write!(self.out, " href=\"{}\"", self.href(value));
            } else if name == "id" && element.unquoted_id {
                let _ = write!(self.out, " id={value}");
            } else {
                let _ = write!(self.out, " {name}=\"{}\"", escape(value));
            }
        }
        self.out.push('>');
    }

    pub(super) fn close(&mut self, element: &Element) {
        let tag = self.tag(&element.tag);
        let _ = writeln!(self.out, "</{tag}>");
    }

    pub(super) fn element(&mut self, element: &Element, text: &str) {
        self.open(element);
        self.text(text);
        self.close(element);
    }

    fn tag(&self, tag: &str) -> String {
        match (
            self.markup.lower_headings,
            tag.strip_prefix('h').and_then(|level| level.parse::<u8>().ok()),
        ) {
            (true, Some(level)) if (2..6).contains(&level) => format!("h{}", level + 1),
            _ => tag.to_owned(),
        }
    }

    /// An href in the markup's spelling, as an attribute's value.
    pub(super) fn href(&self, href: &str) -> String {
        let mut href = href.to_owned();
        if self.markup.absolute_hrefs && href.starts_with('/') {
            href = format!("{}{href}", self.base);
        }
        if self.markup.encoded_hrefs {
            href = encode(&href).replace('&', "&amp;");
        }
        href.replace('"', "&quot;")
    }
}

/// Percent-encodes spaces and what is not ASCII.
fn encode(href: &str) -> String {
    let mut encoded = String::new();
    for byte in href.bytes() {
        if byte == b' ' || !byte.is_ascii() {
            let _ = write!(encoded, "%{byte:02x}");
        } else {
            encoded.push(char::from(byte));
        }
    }
    encoded
}

pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_elements_in_every_hand() {
        let element = Element::parse("a#x.b.c[target=_blank]");
        let mut link = element.clone();
        link.set("href", "/é a?x&y");
        let written: Vec<String> = Markup::ALL
            .iter()
            .map(|markup| {
                let mut writer = Writer::new(*markup, "https://h.fr");
                writer.open(&link);
                writer.out
            })
            .collect();
        assert_eq!(written[0], "<a id=\"x\" target=\"_blank\" class=\"b c\" href=\"/é a?x&y\">");
        assert_eq!(
            written[1],
            "<a href=\"/%c3%a9%20a?x&amp;y\" class=\"b c\" target=\"_blank\" id=\"x\">"
        );
        assert!(written[2].contains("href=\"https://h.fr/é a?x&y\""));
    }
}
