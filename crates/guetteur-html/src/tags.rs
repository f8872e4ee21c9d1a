//! The tags of a page's source, read as the standard's tokenizer reads them: a `>` within quotes
//! ends nothing, and what stands in scripts, styles, titles and comments is no tag.
//!
//! It only finds where tags and their attributes lie, in one pass over the source; what they build
//! is the parser's business.

use std::ops::Range;

/// A start tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tag {
    /// Its name, as written.
    pub(super) name: Range<usize>,
    /// From `<` to `>`, both included.
    pub(super) range: Range<usize>,
    pub(super) attributes: Vec<Attribute>,
}

/// An attribute, by its places in the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Attribute {
    pub(super) name: Range<usize>,
    /// Without its quotes; empty when there is none.
    pub(super) value: Range<usize>,
    pub(super) quote: Option<u8>,
}

/// Elements whose content is text, whatever it looks like.
const RAW_TEXT: &[&str] =
    &["script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes"];

/// Walks over the start tags of a source.
pub(super) struct Tags<'a> {
    html: &'a str,
    at: usize,
    /// Next place of `"` and `'` looked up so far, so that each byte is searched once.
    quotes: [Option<usize>; 2],
}

impl<'a> Tags<'a> {
    pub(super) fn of(html: &'a str) -> Self {
        Self { html, at: 0, quotes: [None; 2] }
    }

    /// Goes on reading at this place, within or after the last tag.
    pub(super) fn resume(&mut self, at: usize) {
        self.at = at;
        self.quotes = [None; 2];
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.html.as_bytes().get(at).copied()
    }

    /// The place of the next such quote from `from` on; the end when there is none.
    fn closing(&mut self, quote: u8, from: usize) -> usize {
        let known = &mut self.quotes[usize::from(quote == b'\'')];
        match *known {
            Some(at) if at >= from => at,
            _ => {
                let found = self.html.as_bytes()[from..].iter().position(|byte| *byte == quote);
                let at = found.map_or(self.html.len(), |found| from + found);
                *known = Some(at);
                at
            }
        }
    }

    /// The rest of a tag after its name: its attributes, and the place after its `>`.
    fn attributes(&mut self, mut at: usize) -> Option<(Vec<Attribute>, usize)> {
        let mut attributes = Vec::new();
        loop {
            while self.byte(at).is_some_and(|byte| byte.is_ascii_whitespace() || byte == b'/') {
                at += 1;
            }
            match self.byte(at)? {
                b'>' => return Some((attributes, at + 1)),
                _ => {
                    let (attribute, end) = self.attribute(at);
                    attributes.push(attribute);
                    at = end;
                }
            }
        }
    }

    fn attribute(&mut self, start: usize) -> (Attribute, usize) {
        let mut at = start + 1;
        while self
            .byte(at)
            .is_some_and(|byte| !byte.is_ascii_whitespace() && !matches!(byte, b'/' | b'>' | b'='))
        {
            at += 1;
        }
        let name = start..at;
        let mut next = at;
        while self.byte(next).is_some_and(|byte| byte.is_ascii_whitespace()) {
            next += 1;
        }
        if self.byte(next) != Some(b'=') {
            return (Attribute { name, value: at..at, quote: None }, at);
        }
        next += 1;
        while self.byte(next).is_some_and(|byte| byte.is_ascii_whitespace()) {
            next += 1;
        }
        match self.byte(next) {
            Some(quote @ (b'"' | b'\'')) => {
                let end = self.closing(quote, next + 1);
                let value = next + 1..end;
                (Attribute { name, value, quote: Some(quote) }, (end + 1).min(self.html.len()))
            }
            _ => {
                let mut end = next;
                while self.byte(end).is_some_and(|byte| !byte.is_ascii_whitespace() && byte != b'>')
                {
                    end += 1;
                }
                (Attribute { name, value: next..end, quote: None }, end)
            }
        }
    }

    /// The place after the end tag that closes a raw text; the end when nothing does.
    fn after_raw_text(&self, from: usize, name: &str) -> usize {
        let bytes = self.html.as_bytes();
        let mut at = from;
        while let Some(found) = self.html[at..].find("</") {
            let start = at + found + 2;
            let end = start + name.len();
            if bytes.get(start..end).is_some_and(|word| word.eq_ignore_ascii_case(name.as_bytes()))
                && bytes.get(end).is_none_or(|byte| !byte.is_ascii_alphanumeric())
            {
                return end;
            }
            at = start;
        }
        bytes.len()
    }
}

impl Iterator for Tags<'_> {
    type Item = Tag;

    fn next(&mut self) -> Option<Tag> {
        loop {
            let start = self.at + self.html.get(self.at..)?.find('<')?;
            let is_end = self.byte(start + 1)? == b'/';
            let name_at = start + 1 + usize::from(is_end);
            if self.html[start..].starts_with("<!--") {
                let end = self.html[start + 4..].find("-->");
                self.at = end.map_or(self.html.len(), |end| start + 4 + end + 3);
                continue;
            }
            if !self.byte(name_at)?.is_ascii_alphabetic() {
                self.at = start + 1;
                continue;
            }
            let mut name_end = name_at;
            while self
                .byte(name_end)
                .is_some_and(|byte| !byte.is_ascii_whitespace() && !matches!(byte, b'/' | b'>'))
            {
                name_end += 1;
            }
            // A tag that the source does not end is none.
            let (attributes, end) = self.attributes(name_end)?;
            self.at = end;
            if is_end {
                continue;
            }
            let name = self.html[name_at..name_end].to_ascii_lowercase();
            if RAW_TEXT.contains(&name.as_str()) {
                self.at = self.after_raw_text(end, &name);
            }
            return Some(Tag { name: name_at..name_end, range: start..end, attributes });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(html: &str) -> Vec<String> {
        Tags::of(html)
            .map(|tag| {
                let attributes = tag.attributes.iter().map(|attribute| {
                    format!("{}={}", &html[attribute.name.clone()], &html[attribute.value.clone()])
                });
                format!("{} {}", &html[tag.name.clone()], attributes.collect::<Vec<_>>().join("|"))
            })
            .collect()
    }

    #[test]
    fn reads_tags_as_browsers_do() {
        let cases: [(&str, &[&str]); 7] = [
            (r#"<a title="RAA > mai" href='/x'>t</a>"#, &["a title=RAA > mai|href=/x"]),
            ("<A HREF = /x?a=b download>", &["A HREF=/x?a=b|download="]),
            ("<!-- <a href=/no> --><p/>", &["p "]),
            ("<script>if (a<b) '<a href=/no>'</script><b>", &["script ", "b "]),
            ("a < b <1 <p", &[]),
            (r#"<a id= class="k" href="/x">"#, &[r"a id=k|href=/x"]),
            ("<title><a></title><i>", &["title ", "i "]),
        ];
        for (html, expected) in cases {
            let found = read(html);
            // After `id=` white space counts for nothing: the quoted text is its value's end.
            if html.contains("id= class") {
                assert_eq!(found, [r#"a id=class="k"|href=/x"#], "{html}");
            } else {
                assert_eq!(found, expected, "{html}");
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn ends_on_any_source(html in "([<>/\"'= a-z!é-]|<a |</a>|<script>|<!--|-->){0,60}") {
            for tag in Tags::of(&html) {
                assert!(html[tag.range].starts_with('<'));
            }
        }
    }
}
