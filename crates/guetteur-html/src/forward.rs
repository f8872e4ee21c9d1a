//! Where a page sends the browser by itself, and the one document that it shows.

use std::sync::LazyLock;

use encoding_rs::Encoding;
use regex::Regex;
use scraper::{ElementRef, Html};
use url::Url;

use crate::{Addresses, parse, pattern};

/// A longer script does more than forward.
const LONGEST_SCRIPT: usize = 4_096;

/// The address, as written, of `<meta http-equiv=refresh>` or of a short script that does nothing
/// but go elsewhere. A page that reloads itself names none.
#[must_use]
pub fn forward(document: &Html) -> Option<String> {
    let mut scripted = None;
    for element in document.root_element().descendants().filter_map(ElementRef::wrap) {
        match element.value().name() {
            "meta" => {
                if let Some(target) = refresh(element) {
                    return Some(target);
                }
            }
            "script" if scripted.is_none() => scripted = location(element),
            _ => {}
        }
    }
    scripted
}

/// The document behind a page that stands in its place: where it sends on, or the one PDF that it
/// shows in a frame. `url` is the page's own address, `encoding` the one in which it came.
#[must_use]
pub fn document_behind(html: &str, url: Url, encoding: &'static Encoding) -> Option<Url> {
    let document = parse(html).document;
    let mut addresses = Addresses::of(url, encoding);
    let mut shown = Vec::new();
    for element in document.root_element().descendants().filter_map(ElementRef::wrap) {
        let target = match element.value().name() {
            "base" => {
                addresses.note_base(element.attr("href").unwrap_or_default());
                None
            }
            "iframe" | "frame" | "embed" => element.attr("src"),
            "object" => element.attr("data"),
            _ => None,
        };
        shown.extend(target.filter(|target| target.to_ascii_lowercase().contains(".pdf")));
    }
    shown.dedup();
    let shown = if let [only] = shown[..] { Some(only.to_owned()) } else { None };
    let target = forward(&document).or(shown)?;
    addresses.join(&target).filter(|url| matches!(url.scheme(), "http" | "https"))
}

fn refresh(meta: ElementRef<'_>) -> Option<String> {
    // The standard also takes a comma, and an address without « url= ».
    static TARGET: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r#"(?i)^\s*\d*(?:\.\d*)?\s*[;,\s]\s*(?:url\s*=\s*)?['"]?\s*([^'"]+)"#)
    });
    let is_refresh =
        meta.attr("http-equiv").is_some_and(|value| value.trim().eq_ignore_ascii_case("refresh"));
    let content = meta.attr("content").filter(|_| is_refresh)?;
    let target = TARGET.captures(content)?[1].trim().to_owned();
    (!target.is_empty()).then_some(target)
}

fn location(script: ElementRef<'_>) -> Option<String> {
    static TARGET: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r#"(?:^|[\s;{(.])location(?:\.href)?\s*(?:=\s*|\.(?:replace|assign)\(\s*)['"]([^'"<>\s]+)['"]\s*[;)}\s]*"#,
        )
    });
    let text: String = script.text().collect();
    if text.len() > LONGEST_SCRIPT {
        return None;
    }
    Some(TARGET.captures(&text)?[1].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_behind_a_page() {
        let cases = [
            (r#"<meta http-equiv="refresh" content="0; url=y.pdf">"#, Some("https://a.fr/d/y.pdf")),
            ("<base href=/e/><embed src='y.pdf'>", Some("https://a.fr/e/y.pdf")),
            ("<object data='/y.PDF' type=application/pdf></object>", Some("https://a.fr/y.PDF")),
            ("<iframe src=/y.pdf></iframe><iframe src=/z.pdf></iframe>", None),
            ("<iframe src=/newsletter></iframe>", None),
            ("<h1>Page introuvable</h1><a href=/y.pdf>y</a>", None),
            ("<meta http-equiv=refresh content='0; url=mailto:x'>", None),
        ];
        for (html, expected) in cases {
            let page = Url::parse("https://a.fr/d/x").expect("url");
            let found = document_behind(html, page, encoding_rs::UTF_8).map(String::from);
            assert_eq!(found.as_deref(), expected, "{html}");
        }
    }

    #[test]
    fn forwards() {
        let cases = [
            (r#"<meta http-equiv="refresh" content="0; url=/c/x.pdf">"#, Some("/c/x.pdf")),
            (r#"<META HTTP-EQUIV=Refresh CONTENT="3;URL='/c/a b.pdf'">"#, Some("/c/a b.pdf")),
            (r#"<meta http-equiv="refresh" content="0,/c/x.pdf">"#, Some("/c/x.pdf")),
            (r#"<meta http-equiv="refresh" content="300">"#, None),
            (r#"<meta name="refresh" content="0; url=/c/x.pdf">"#, None),
            (r#"<script>window.location.href = "/c/x.pdf";</script>"#, Some("/c/x.pdf")),
            ("<body><script>location.replace('/c/x.pdf')</script>", Some("/c/x.pdf")),
            ("<script>document.location='/c/x.pdf'</script>", Some("/c/x.pdf")),
            ("<script>var allocation = '/c/x.pdf'; track(location.href)</script>", None),
            (
                r#"<noscript><meta http-equiv="refresh" content="0;url=/sans"></noscript>"#,
                Some("/sans"),
            ),
        ];
        for (html, expected) in cases {
            assert_eq!(forward(&parse(html).document).as_deref(), expected, "{html}");
        }
    }
}
