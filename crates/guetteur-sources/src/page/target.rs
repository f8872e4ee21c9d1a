//! What an address leads to, and how a select's option is followed.

use std::sync::LazyLock;

use guetteur_html::Addresses;
use regex::Regex;
use scraper::ElementRef;
use url::Url;

use super::form::Form;
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
        r"(?i)\b(docx?|xlsx?|ods|odt|odp|zip|7z|rar|jpe?g|png|csv|pptx?|mp[34]|rtf|ics|kml|gpx|xml)\s*[-–:]\s*\d[\d\s,.]*\s*(?:[kmg][ob]|octets?)\b",
    )
});
/// Formats in which a bulletin may be published that is then not read.
const UNREAD_FORMATS: &[&str] = &[
    "doc", "docx", "docm", "odt", "rtf", "epub", "xls", "xlsx", "ods", "ppt", "pptx", "odp", "zip",
    "7z", "rar", "tar", "gz", "tgz", "bz2", "xz",
];
const OTHER_FORMATS: &[&str] = &[
    "jpg", "jpeg", "png", "gif", "svg", "webp", "csv", "mp3", "mp4", "ics", "kml", "gpx", "xml",
    "json", "txt",
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

/// What is kept in a format, in lower case; `None` for what is none.
fn kind_of_format(format: &str) -> Option<LinkKind> {
    match format {
        "pdf" => Some(LinkKind::Document),
        text if UNREAD_FORMATS.contains(&text) => Some(LinkKind::Unread),
        other if OTHER_FORMATS.contains(&other) => Some(LinkKind::OtherFile),
        _ => None,
    }
}

/// What a file is by its name, in lower case.
fn kind_of_name(name: &str) -> Option<LinkKind> {
    name.rsplit_once('.').and_then(|(_, format)| kind_of_format(format))
}

/// What the link leads to, by its address, class and words.
pub(super) fn kind(url: &Url, class: &str, words: &str) -> LinkKind {
    let path = decode(url.path()).to_ascii_lowercase();
    // Hand-typed addresses end in a space or a slash: `/x.pdf%20`, `/x.pdf/`.
    let path = path.trim_end_matches(|c: char| c == '/' || c.is_whitespace());
    if let Some(kind) = path.rsplit('/').next().and_then(kind_of_name) {
        return kind;
    }
    let told = OTHER_DETAIL.captures(words).map(|told| told[1].to_ascii_lowercase());
    if let Some(format) = told {
        return kind_of_format(&format).unwrap_or(LinkKind::OtherFile);
    }
    let query = url.query().unwrap_or_default().to_ascii_lowercase();
    let in_query = |wanted| {
        let names = |value: &str| kind_of_name(&value.trim_end().to_ascii_lowercase());
        url.query_pairs().any(|(_, value)| names(&value) == Some(wanted))
    };
    if let Some(kind) = [LinkKind::Document, LinkKind::Unread].into_iter().find(|k| in_query(*k)) {
        return kind;
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

/// What the element itself says that it leads to: `type="application/pdf"`, `download="raa.zip"`.
pub(super) fn announced_kind(element: ElementRef<'_>) -> Option<LinkKind> {
    let is_pdf = |kind: &str| kind.trim().eq_ignore_ascii_case("application/pdf");
    let by_type = element.attr("type").is_some_and(is_pdf).then_some(LinkKind::Document);
    let by_file = || kind_of_name(&element.attr("download")?.trim().to_ascii_lowercase());
    by_type.or_else(by_file)
}

/// How an option is followed. Its value is a path from the site's root, with or without its slash;
/// only a value that is no path has to be posted as the form says.
pub(super) fn option_target(
    addresses: &Addresses,
    value: &str,
    form: Option<&Form<'_>>,
    select: ElementRef<'_>,
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
    let form = form?;
    let fields = form.fields(select, value)?;
    if form.posts {
        return Some(Target::Post {
            url: addresses.join(form.action)?,
            form: addresses.form(&fields),
        });
    }
    addresses.with_fields(form.action, &fields).map(Target::Get)
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
        assert_eq!(kind_of("/contenu/telechargement/1/2/file/x.jpg", "", ""), LinkKind::OtherFile);
        for address in ["/x.xlsx", "/RAA.zip", "/c/n1.7Z", "/raa.docx/", "/x.php?f=RAA-n1.odt"] {
            assert_eq!(kind_of(address, "", ""), LinkKind::Unread, "{address}");
        }
        assert_eq!(kind_of("/i.php?op=doc_file_download&id=1", "", ""), LinkKind::Document);
        assert_eq!(kind_of("/x", "fr-link--download", ""), LinkKind::Document);
        for address in ["/x.pdf%20", "/x.pdf/", "/x.php?f=y.pdf", "/x?n=1&f=RAA%20n%C2%B01.PDF"] {
            assert_eq!(kind_of(address, "", ""), LinkKind::Document, "{address}");
        }
        assert_eq!(kind_of("/get.aspx?id=36", "", ""), LinkKind::Page);
        assert_eq!(kind_of("/x", "", "JPG - 12 ko"), LinkKind::OtherFile);
        assert_eq!(kind_of("/contenu/telechargement/1/2", "", "ZIP - 3 Mo"), LinkKind::Unread);
        assert_eq!(kind_of("/Publications/RAA-n-1.-Janvier", "", ""), LinkKind::Page);
    }

    /// Where the last option of the last select of a page leads.
    fn last_option(html: &str) -> Option<Target> {
        let page = Url::parse("https://a.fr/Publications/RAA").expect("url");
        let page = Addresses::of(page, guetteur_html::UTF_8);
        let document = scraper::Html::parse_document(html);
        let all = document.root_element().descendants().filter_map(ElementRef::wrap);
        let select = all.filter(|e| e.value().name() == "select").last().expect("a select");
        let options = select.descendants().filter_map(ElementRef::wrap);
        let option = options.filter(|e| e.value().name() == "option").last().expect("an option");
        let value = option.attr("value").unwrap_or_default();
        option_target(&page, value, Form::around(select).as_ref(), select)
    }

    #[test]
    fn options() {
        let get = |text: &str| Some(Target::Get(Url::parse(text).expect("url")));
        assert_eq!(
            last_option("<select><option value='Publications/RAA/2026'>2026</select>"),
            get("https://a.fr/Publications/RAA/2026")
        );
        let empty = "<form method=post><select name=n><option value=''>Année</select></form>";
        assert_eq!(last_option(empty), None);
        let sent = "<form action=/voir><select name=n><option value=12>2026</select></form>";
        assert_eq!(last_option(sent), get("https://a.fr/voir?n=12"));
        let posted = "<form method=POST><select name=n><option value=12>2026</select></form>";
        assert!(matches!(last_option(posted), Some(Target::Post { form, .. }) if form == "n=12"));
    }

    #[test]
    fn a_form_is_sent_with_its_other_fields() {
        let form = "<form action='/voir?x=1'><input type=hidden name=id value=7><input name=q>\
                    <input type=checkbox name=pdf value=1><input type=submit name=ok value=OK>\
                    <select name=an><option value=2025>2025<option value=2026 selected>2026</select>\
                    <select name=mois><option value=1>Janvier<option value=8>Août</select></form>";
        let expected = Url::parse("https://a.fr/voir?id=7&an=2026&mois=8").expect("url");
        assert_eq!(last_option(form), Some(Target::Get(expected)));
    }
}
