//! Mends anchors whose markup swallows their attributes, and trims tags of absurd size.
//!
//! The common platform writes `<a id= class="…" href="…">` and `<a id="x class="…"" href="…">`;
//! hand-typed pages forget quotes around addresses with spaces. A parser that follows the standard
//! then loses the class or half of the address. An anchor that the standard reads as it was meant is
//! never touched.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;

use crate::pattern;
use crate::tags::{Attribute, Tag, Tags};

/// Attributes that a tag may have. The parser compares each with all before it.
const MOST_ATTRIBUTES: usize = 200;
/// Bytes that a value may have: more is a picture, or an attack.
const LONGEST_VALUE: usize = 64 << 10;

/// Rewrites the opening tags of broken anchors; leaves the rest as it is.
pub(crate) fn mend(html: &str) -> Cow<'_, str> {
    let mut mended = String::new();
    let mut copied = 0;
    let mut tags = Tags::of(html);
    while let Some(tag) = tags.next() {
        let (text, end) = if is_broken(html, &tag) {
            let end = end_of_broken(html, &tag);
            (rewritten(&html[tag.name.end..end - 1]), end)
        } else if is_absurd(&tag) {
            (trimmed(html, &tag), tag.range.end)
        } else {
            continue;
        };
        mended.push_str(&html[copied..tag.range.start]);
        mended.push_str(&text);
        copied = end;
        if end != tag.range.end {
            tags.resume(end);
        }
    }
    if copied == 0 {
        return Cow::Borrowed(html);
    }
    mended.push_str(&html[copied..]);
    Cow::Owned(mended)
}

/// Whether an anchor's quotes are wrong: the standard's reading gives attributes that nobody wrote.
fn is_broken(html: &str, tag: &Tag) -> bool {
    if !html[tag.name.clone()].eq_ignore_ascii_case("a") {
        return false;
    }
    let mut after_bare_address = false;
    tag.attributes.iter().any(|attribute| {
        let name = &html[attribute.name.clone()];
        let value = &html[attribute.value.clone()];
        let stray = name.contains(['"', '\'', '<'])
            // `href=/c/RAA n°1.pdf`: the rest of the address became attributes.
            || (after_bare_address && value.is_empty() && !is_attribute_name(name));
        let bare = attribute.quote.is_none() && !value.is_empty();
        after_bare_address =
            bare && name.eq_ignore_ascii_case("href") || (after_bare_address && value.is_empty());
        let swallows = match attribute.quote {
            Some(_) => ends_with_attribute(value),
            None => value.contains("=\"") || value.contains("='"),
        };
        stray || swallows
    })
}

/// Whether it could be an attribute without value: `download`, `data-x`.
fn is_attribute_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.len() > 3
        && name.bytes().all(|byte| byte.is_ascii_alphabetic() || b"-:@_".contains(&byte))
}

/// Whether a quoted value ends with the beginning of another attribute: a quote is missing.
fn ends_with_attribute(value: &str) -> bool {
    static NEXT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)(?:^|\s)(?:id|class|href|target|title|rel|style|type|download|onclick|data-[a-z-]+|aria-[a-z-]+)\s*=\s*$",
        )
    });
    // Only the end can match: a long value is not searched from its beginning.
    let start = value.len().saturating_sub(64);
    let start = (start..=value.len()).find(|at| value.is_char_boundary(*at)).unwrap_or(value.len());
    NEXT.is_match(&value[start..])
}

/// Where a broken anchor's tag ends: a value without its closing quote runs over the first `>`.
fn end_of_broken(html: &str, tag: &Tag) -> usize {
    let runs_over = tag.attributes.iter().find(|attribute| {
        let value = &html[attribute.value.clone()];
        attribute.quote.is_some() && ends_with_attribute(value) && value.contains('>')
    });
    let end = runs_over.and_then(|attribute| {
        Some(attribute.value.start + html[attribute.value.clone()].find('>')? + 1)
    });
    end.unwrap_or(tag.range.end)
}

/// The tag of a broken anchor, from what its author meant.
fn rewritten(attributes: &str) -> String {
    let lower = attributes.to_ascii_lowercase();
    let mut tag = "<a".to_owned();
    for name in
        ["href", "class", "title", "rel", "target", "type", "data-name", "data-href", "onclick"]
    {
        if let Some(value) = meant(attributes, &lower, name) {
            let quote = if value.contains('"') { '\'' } else { '"' };
            tag.push_str(&format!(" {name}={quote}{value}{quote}"));
        }
    }
    tag.push('>');
    tag
}

/// The value of an attribute, cut where another attribute begins. `lower` are the same attributes
/// in lower case.
fn meant<'a>(attributes: &'a str, lower: &str, name: &str) -> Option<&'a str> {
    static NEXT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r#"(?i)\s+(?:id|class|href|target|title|rel|style|type|download|onclick|data-[a-z-]+|aria-[a-z-]+)\s*="#,
        )
    });
    let mut from = 0;
    let start = loop {
        let at = from + lower.get(from..)?.find(name)?;
        let after = lower[at + name.len()..].trim_start();
        let free = at == 0
            || lower.as_bytes()[at - 1].is_ascii_whitespace()
            || matches!(lower.as_bytes()[at - 1], b'"' | b'\'');
        if free && after.starts_with('=') {
            break attributes.len() - after.len() + 1;
        }
        from = at + name.len();
    };
    let value = attributes[start..].trim_start();
    let (value, quoted) = match value.as_bytes().first()? {
        quote @ (b'"' | b'\'') => {
            let rest = &value[1..];
            (&rest[..rest.find(char::from(*quote)).unwrap_or(rest.len())], true)
        }
        _ => (value, false),
    };
    let value = NEXT.find(value).map_or(value, |next| &value[..next.start()]);
    let value = if quoted { value } else { value.trim_end_matches(['/', ' ']) };
    (!value.trim().is_empty()).then_some(value.trim())
}

fn is_absurd(tag: &Tag) -> bool {
    tag.attributes.len() > MOST_ATTRIBUTES || tag.attributes.iter().any(is_long)
}

fn is_long(attribute: &Attribute) -> bool {
    attribute.value.len() > LONGEST_VALUE
}

/// The tag with its first attributes, and without values that no page needs.
fn trimmed(html: &str, tag: &Tag) -> String {
    let mut text = format!("<{}", &html[tag.name.clone()]);
    for attribute in tag.attributes.iter().filter(|a| !is_long(a)).take(MOST_ATTRIBUTES) {
        let (name, value) = (&html[attribute.name.clone()], &html[attribute.value.clone()]);
        let quote = attribute.quote.map_or('"', char::from);
        text.push_str(&format!(" {name}={quote}{}{quote}", value.replace(quote, "&quot;")));
    }
    text.push('>');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mends() {
        let cases = [
            (
                r#"<a id= class="fr-link fr-link--download" href="/c/RAA n°1.pdf" target="_blank">"#,
                r#"<a href="/c/RAA n°1.pdf" class="fr-link fr-link--download" target="_blank">"#,
            ),
            (
                r#"<a id="38f class="fr-link"" href="/c/x.pdf">"#,
                r#"<a href="/c/x.pdf" class="fr-link">"#,
            ),
            (
                r#"<a class="fr-link href="/c/x.pdf" target="_blank">"#,
                r#"<a href="/c/x.pdf" class="fr-link" target="_blank">"#,
            ),
            (r#"<a href="/c/x.pdf target="_blank">"#, r#"<a href="/c/x.pdf" target="_blank">"#),
            (
                r#"<a href=/c/RAA n°1.pdf class="fr-link">"#,
                r#"<a href="/c/RAA n°1.pdf" class="fr-link">"#,
            ),
            (
                r#"<a class="k href="/c/X.pdf>un</a> <a href="/c/Y.pdf">deux</a>"#,
                r#"<a href="/c/X.pdf" class="k">un</a> <a href="/c/Y.pdf">deux</a>"#,
            ),
        ];
        for (given, expected) in cases {
            assert_eq!(mend(given), expected, "{given}");
        }
    }

    #[test]
    fn what_is_well_formed_stays() {
        let cases = [
            r#"<a href="/ok" id=5 target="_blank" title="l'été">"#,
            r#"<a href="/i?a=b&c=d" >"#,
            "<abbr id= class=x>",
            r#"<a title="RAA > novembre" href="/c/raa-11.pdf">Novembre</a>"#,
            r#"<a title='« a href="x" »' href="/c/a.pdf">a</a>"#,
            r#"<a title="class = « A »" data-x href=/c/b.pdf download>b</a>"#,
            r#"<a onclick="f('href=1')" href="/c/c.pdf">c</a>"#,
            "<A HREF='/c/d.pdf'\n  TITLE='un\ndeux'>d</A>",
            r#"<script>s = '<a id= class="x" href="/no">';</script>"#,
        ];
        for html in cases {
            assert!(matches!(mend(html), Cow::Borrowed(_)), "{html}");
        }
    }

    #[test]
    fn absurd_tags_are_trimmed() {
        let many: String = (0..5000).map(|n| format!(" a{n}")).collect();
        let long = "x".repeat(LONGEST_VALUE + 1);
        let html = format!("<p{many}>t</p><a title=\"{long}\" href=\"/c/x.pdf\">x</a>");
        let mended = mend(&html);
        assert!(mended.len() < 5_000, "{}", mended.len());
        assert!(mended.ends_with("<a href=\"/c/x.pdf\">x</a>"), "{mended}");
    }
}
