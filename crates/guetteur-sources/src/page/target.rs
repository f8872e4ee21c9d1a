//! What an address leads to, and how a select's option is followed.

use std::sync::LazyLock;

use guetteur_html::Addresses;
use regex::Regex;
use scraper::ElementRef;
use url::Url;

use super::{LinkKind, Target};
use crate::address::decode;
use crate::words::pattern;

/// Format, size and perhaps date, as the platform appends them to a link's text.
static PDF_DETAIL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)[-–(\s]*(?:format\s+)?pdf\s*[-–:,(]*\s*\d[\d\s\u{a0}\u{202f},.]*\s*(?:[kmg][ob]|octets?|o)\b.*$",
    )
});
static OTHER_DETAIL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:docx?|xlsx?|ods|odt|odp|zip|jpe?g|png|csv|pptx?|mp[34]|rtf|ics|kml|gpx|xml)\s*[-–:]\s*\d[\d\s,.]*\s*(?:[kmg][ob]|octets?)\b",
    )
});
const OTHER_FORMATS: &[&str] = &[
    "doc", "docx", "xls", "xlsx", "ods", "odt", "odp", "zip", "jpg", "jpeg", "png", "gif", "svg",
    "webp", "csv", "ppt", "pptx", "mp3", "mp4", "rtf", "ics", "kml", "gpx", "xml", "json", "txt",
    "epub",
];

/// Splits a link's text into what it says and the format, size and date after it.
pub(super) fn split_detail(text: &str) -> (String, String) {
    let Some(found) = PDF_DETAIL.find(text) else {
        return (text.trim().to_owned(), String::new());
    };
    // `x.pdf - 0,5 Mo`: the extension belongs to the name.
    if text[..found.start()].ends_with('.') {
        let end = found.start() + "pdf".len();
        return (text[..end].trim().to_owned(), text[end..].trim().to_owned());
    }
    (text[..found.start()].trim().to_owned(), found.as_str().trim().to_owned())
}

/// Removes the invitation to download, which is not part of a name.
pub(super) fn without_invitation(text: &str) -> &str {
    static INVITATION: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?i)^\s*t[ée]l[ée]charge(?:r|z|ment)\s*(?:[:\-–]\s*)?"));
    INVITATION.find(text).map_or(text, |found| &text[found.end()..]).trim()
}

/// What the link leads to, by its address, class and words.
pub(super) fn kind(url: &Url, class: &str, words: &str) -> LinkKind {
    let path = decode(url.path()).to_ascii_lowercase();
    // Hand-typed addresses end in a space or a slash: `/x.pdf%20`, `/x.pdf/`.
    let path = path.trim_end_matches(|c: char| c == '/' || c.is_whitespace());
    let extension = path.rsplit('/').next().and_then(|name| name.rsplit_once('.')).map(|(_, e)| e);
    match extension {
        Some("pdf") => return LinkKind::Document,
        Some(other) if OTHER_FORMATS.contains(&other) => return LinkKind::OtherFile,
        _ => {}
    }
    if OTHER_DETAIL.is_match(words) {
        return LinkKind::OtherFile;
    }
    let query = url.query().unwrap_or_default().to_ascii_lowercase();
    if url.query_pairs().any(|(_, value)| value.trim_end().to_ascii_lowercase().ends_with(".pdf")) {
        return LinkKind::Document;
    }
    let by_address = ["/telechargement/", "/content/download/", "/download/"]
        .iter()
        .any(|part| path.contains(part))
        || query.contains("download");
    let by_class = class.split_whitespace().any(|token| token.contains("download"));
    if by_address || by_class || PDF_DETAIL.is_match(words) {
        LinkKind::Document
    } else {
        LinkKind::Page
    }
}

/// Whether the element itself says that it leads to a PDF: `type="application/pdf"`,
/// `download="raa.pdf"`.
pub(super) fn announces_pdf(element: ElementRef<'_>) -> bool {
    let is = |name, test: &dyn Fn(&str) -> bool| element.attr(name).is_some_and(test);
    is("type", &|kind| kind.trim().eq_ignore_ascii_case("application/pdf"))
        || is("download", &|file| file.trim().to_ascii_lowercase().ends_with(".pdf"))
}

/// How an option is followed. Its value is a path from the site's root, with or without its slash;
/// only a value that is no path has to be posted as the form says.
pub(super) fn option_target(
    addresses: &Addresses,
    value: &str,
    form: Option<(&str, &str)>,
    name: Option<&str>,
) -> Option<Target> {
    let value = value.trim();
    if value.is_empty() || value.starts_with('#') || value.starts_with("javascript:") {
        return None;
    }
    if value.contains('/') || value.to_ascii_lowercase().ends_with(".pdf") {
        let rooted = if value.contains("://") || value.starts_with('/') {
            value.to_owned()
        } else {
            format!("/{value}")
        };
        return addresses.join(&rooted).map(Target::Get);
    }
    let (method, action) = form?;
    let name = name.filter(|name| !name.is_empty())?;
    if method.eq_ignore_ascii_case("post") {
        let form = addresses.form(name, value);
        return Some(Target::Post { url: addresses.join(action)?, form });
    }
    addresses.with_field(action, name, value).map(Target::Get)
}

/// The address in a script, where that is all there is: `onclick="window.open('/c/x.pdf')"`.
pub(super) fn scripted(script: &str) -> Option<String> {
    static QUOTED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r#"(?i)['"]([^'"]+\.pdf[^'"]*|[^'"]*/telechargement/[^'"]+|[^'"]*/download/[^'"]+)['"]"#,
        )
    });
    Some(QUOTED.captures(script)?[1].trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn details_are_split_off() {
        let cases = [
            ("RAA n°1 PDF - 0,19 Mb - 20/08/2026", "RAA n°1", "PDF - 0,19 Mb - 20/08/2026"),
            (
                "RAA du 20 aout 2026PDF - 0,19 Mb - 20/08/2026",
                "RAA du 20 aout 2026",
                "PDF - 0,19 Mb - 20/08/2026",
            ),
            ("recueil-75 PDF - 8\u{a0}487,18 ko", "recueil-75", "PDF - 8\u{a0}487,18 ko"),
            ("recueil-40-special.pdf", "recueil-40-special.pdf", ""),
            ("x.pdf - 0,5 Mo", "x.pdf", "- 0,5 Mo"),
            ("RAA (format pdf - 2 Mo)", "RAA", "(format pdf - 2 Mo)"),
        ];
        for (text, name, detail) in cases {
            assert_eq!(split_detail(text), (name.to_owned(), detail.to_owned()), "{text}");
        }
        assert_eq!(without_invitation("Télécharger RAA n°1"), "RAA n°1");
        assert_eq!(without_invitation("Télécharger : RAA"), "RAA");
    }

    #[test]
    fn kinds() {
        let kind_of = |path: &str, class: &str, words: &str| {
            kind(&Url::parse("https://a.fr").and_then(|u| u.join(path)).expect("url"), class, words)
        };
        assert_eq!(kind_of("/c/x.PDF", "", ""), LinkKind::Document);
        assert_eq!(kind_of("/contenu/telechargement/1/2/file/x", "", ""), LinkKind::Document);
        assert_eq!(kind_of("/contenu/telechargement/1/2/file/x.xlsx", "", ""), LinkKind::OtherFile);
        assert_eq!(kind_of("/i.php?op=doc_file_download&id=1", "", ""), LinkKind::Document);
        assert_eq!(kind_of("/x", "fr-link--download", ""), LinkKind::Document);
        for address in ["/x.pdf%20", "/x.pdf/", "/x.php?f=y.pdf", "/x?n=1&f=RAA%20n%C2%B01.PDF"] {
            assert_eq!(kind_of(address, "", ""), LinkKind::Document, "{address}");
        }
        assert_eq!(kind_of("/get.aspx?id=36", "", ""), LinkKind::Page);
        assert_eq!(kind_of("/x", "", "XLS - 12 ko"), LinkKind::OtherFile);
        assert_eq!(kind_of("/Publications/RAA-n-1.-Janvier", "", ""), LinkKind::Page);
    }

    #[test]
    fn options() {
        let page = Url::parse("https://a.fr/Publications/RAA").expect("url");
        let page = Addresses::of(page, guetteur_html::UTF_8);
        let get = |text: &str| Some(Target::Get(Url::parse(text).expect("url")));
        assert_eq!(
            option_target(&page, "Publications/RAA/2026", None, None),
            get("https://a.fr/Publications/RAA/2026")
        );
        assert_eq!(option_target(&page, "", Some(("post", "")), Some("n")), None);
        assert_eq!(
            option_target(&page, "12", Some(("get", "/voir")), Some("n")),
            get("https://a.fr/voir?n=12")
        );
        assert!(matches!(
            option_target(&page, "12", Some(("POST", "")), Some("n")),
            Some(Target::Post { .. })
        ));
    }
}
