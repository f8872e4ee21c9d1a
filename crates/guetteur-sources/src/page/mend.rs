//! Mends anchors whose markup swallows their attributes.
//!
//! The common platform writes `<a id= class="…" href="…">` and `<a id="x class="…"" href="…">`;
//! hand-typed pages forget quotes around addresses with spaces. A parser that follows the standard
//! then loses the class or half of the address.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;

use crate::words::pattern;

static ANCHOR: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)<a\s([^>]*)>"));
static WELL_FORMED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r#"^\s*(?:[\w:-]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'=<>`]+))?(?:\s+|$))*/?\s*$"#)
});

/// Rewrites the opening tags of broken anchors; leaves the rest as it is.
pub(crate) fn mend_anchors(html: &str) -> Cow<'_, str> {
    ANCHOR.replace_all(html, |captures: &regex::Captures<'_>| {
        let attributes = &captures[1];
        // A well-formed tag with a swallowed attribute still shows an `=` inside a value.
        if WELL_FORMED.is_match(attributes) && !swallows(attributes) {
            return captures[0].to_owned();
        }
        let mut tag = "<a".to_owned();
        for name in ["href", "class", "title", "rel", "target", "data-name", "onclick"] {
            if let Some(value) = attribute(attributes, name) {
                let quote = if value.contains('"') { '\'' } else { '"' };
                tag.push_str(&format!(" {name}={quote}{value}{quote}"));
            }
        }
        tag.push('>');
        tag
    })
}

/// Whether a quoted value holds the beginning of another attribute: a quote is missing.
fn swallows(attributes: &str) -> bool {
    static SWALLOWED: LazyLock<Regex> =
        LazyLock::new(|| pattern(r#"=\s*"[^"]*\s(?:class|href|target|title|rel)=""#));
    SWALLOWED.is_match(attributes)
}

/// The value of an attribute, cut where another attribute begins.
fn attribute<'a>(attributes: &'a str, name: &str) -> Option<&'a str> {
    static NEXT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r#"(?i)\s+(?:id|class|href|target|title|rel|style|type|download|onclick|data-[a-z-]+|aria-[a-z-]+)\s*="#,
        )
    });
    let lower = attributes.to_ascii_lowercase();
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
                r#"<a href="/ok" id=5 target="_blank" title="l'été">"#,
                r#"<a href="/ok" id=5 target="_blank" title="l'été">"#,
            ),
            (r#"<a href="/i?a=b&c=d" >"#, r#"<a href="/i?a=b&c=d" >"#),
            ("<abbr id= class=x>", "<abbr id= class=x>"),
        ];
        for (given, expected) in cases {
            assert_eq!(mend_anchors(given), expected, "{given}");
        }
    }
}
