//! Addresses: one spelling for each, and which of them belong to a source's site.

use url::{Host, Url};

/// The one spelling of an address under which it is stored and compared: absolute, without
/// fragment, spaces and non-ASCII letters percent-encoded, percent-encodings in upper case and
/// none where a plain letter would do.
///
/// Prefectures link the same PDF with raw spaces, `°` and accents on one page and encoded on the
/// next; comparing the spellings would count it twice.
#[must_use]
pub fn normalise_url(url: &Url) -> String {
    let mut url = url.clone();
    url.set_fragment(None);
    let text: String = url.into();
    let (start, rest) = text.split_at(text.find("://").map_or(0, |at| at + 3));
    let mut normalised = start.to_owned();
    let bytes = rest.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let encoded = (bytes[at] == b'%').then(|| rest.get(at + 1..at + 3)).flatten();
        let value = encoded.and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match value {
            Some(byte) if is_plain(byte) => {
                normalised.push(char::from(byte));
                at += 3;
            }
            Some(byte) => {
                normalised.push_str(&format!("%{byte:02X}"));
                at += 3;
            }
            None if bytes[at] == b'%' && rest[at + 1..].bytes().take(2).any(|b| b == b'%') => {
                // Left alone it would become an encoding with what follows: `%%610` is no `%a0`.
                normalised.push_str("%25");
                at += 1;
            }
            None => {
                // `Url` gives ASCII only.
                normalised.push(char::from(bytes[at]));
                at += 1;
            }
        }
    }
    normalised
}

/// Characters that need no percent-encoding in a path and mean the same with it.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~'()!*,".contains(&byte)
}

/// [`normalise_url`] of an address still in text, such as one from a national index.
#[must_use]
pub fn normalise(text: &str) -> Option<String> {
    Url::parse(text.trim()).ok().map(|url| normalise_url(&url))
}

/// Path and query, as [`guetteur_model::BulletinLink::via`] names a page.
#[must_use]
pub(crate) fn path_and_query(url: &Url) -> String {
    let normalised = normalise_url(url);
    let after_scheme = normalised.find("://").map_or(0, |at| at + 3);
    let path =
        normalised[after_scheme..].find('/').map_or("/", |at| &normalised[after_scheme + at..]);
    path.to_owned()
}

/// The key under which a page is visited once: `/index.php/…` is the old spelling of `/…` on the
/// common platform, `http` of `https`, and a trailing slash changes nothing.
pub(crate) fn page_key(url: &Url) -> String {
    let normalised = normalise_url(url);
    let without_scheme = normalised.split_once("://").map_or(normalised.as_str(), |(_, rest)| rest);
    without_scheme.replacen("/index.php/", "/", 1).trim_end_matches('/').to_owned()
}

/// The key under which a document is one: its normalised address without the scheme, since sites
/// link the same file under http on one page and under https on the next.
pub(crate) fn document_key(normalised: &str) -> String {
    normalised.split_once("://").map_or(normalised, |(_, rest)| rest).to_owned()
}

/// The last segment of the path, decoded: on the common platform it repeats the page's title.
pub(crate) fn slug(url: &Url) -> String {
    let segment = url
        .path_segments()
        .and_then(|segments| segments.rev().find(|segment| !segment.is_empty()))
        .unwrap_or_default();
    decode(segment)
}

/// Percent-decoding that never fails: what is not UTF-8 becomes `\u{fffd}`.
pub(crate) fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = (bytes[at] == b'%').then(|| text.get(at + 1..at + 3)).flatten();
        if let Some(byte) = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            decoded.push(byte);
            at += 3;
        } else {
            decoded.push(bytes[at]);
            at += 1;
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

/// The family of hosts that one site's pages may come from: `mc.moselle.gouv.fr` and
/// `www.moselle.gouv.fr` are one, `www.herault.gouv.fr` and `www.gard.gouv.fr` are not.
pub(crate) fn host_family(url: &Url) -> String {
    match url.host() {
        Some(Host::Domain(domain)) => {
            let labels: Vec<&str> = domain.split('.').collect();
            // `gouv.fr` is a public suffix: what is registered is the label before it.
            let keep = if domain.ends_with(".gouv.fr") { 3 } else { 2 };
            labels[labels.len().saturating_sub(keep)..].join(".")
        }
        Some(host) => host.to_string(),
        None => String::new(),
    }
}

/// Whether the address lies on a State host, where a site may keep its PDFs.
pub(crate) fn is_state_host(url: &Url) -> bool {
    url.host_str().is_some_and(|host| host.ends_with(".gouv.fr"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_spelling() {
        let cases = [
            ("https://a.fr/%%610", "https://a.fr/%25a0"),
            (
                "https://a.fr/f/RAA n°194 du 13 août 2026.pdf#page=2",
                "https://a.fr/f/RAA%20n%C2%B0194%20du%2013%20ao%C3%BBt%202026.pdf",
            ),
            ("https://a.fr/f/RAA%20n%c2%b0194.pdf", "https://a.fr/f/RAA%20n%C2%B0194.pdf"),
            ("https://a.fr/x/%28offset%29/10", "https://a.fr/x/(offset)/10"),
            ("HTTPS://A.fr:443/%7Ex", "https://a.fr/~x"),
            ("https://a.fr/i.php?a=1&b=%c3%a9", "https://a.fr/i.php?a=1&b=%C3%A9"),
            ("https://a.fr/100%", "https://a.fr/100%"),
            ("https://a.fr/a%2Fb", "https://a.fr/a%2Fb"),
        ];
        for (given, expected) in cases {
            assert_eq!(normalise(given).as_deref(), Some(expected), "{given}");
            assert_eq!(normalise(expected).as_deref(), Some(expected), "{expected} again");
        }
    }

    #[test]
    fn families() {
        let family = |text: &str| host_family(&Url::parse(text).expect("url"));
        assert_eq!(family("https://mc.moselle.gouv.fr/x"), family("https://www.moselle.gouv.fr/"));
        assert_ne!(family("https://www.gard.gouv.fr/x"), family("https://www.moselle.gouv.fr/"));
        assert_eq!(family("http://127.0.0.1:80/x"), "127.0.0.1");
    }

    #[test]
    fn keys_and_paths() {
        let url = |text: &str| Url::parse(text).expect("url");
        assert_eq!(page_key(&url("http://a.fr/index.php/X/")), page_key(&url("https://a.fr/X#t")));
        assert_eq!(path_and_query(&url("https://a.fr/é?q=1#x")), "/%C3%A9?q=1");
        assert_eq!(slug(&url("https://a.fr/x/Ao%C3%BBt-2026/")), "Août-2026");
    }

    proptest::proptest! {
        #[test]
        fn normalising_twice_changes_nothing(path in "\\PC{0,30}|[%0-9a-fé ]{0,20}") {
            if let Ok(url) = Url::parse(&format!("https://a.fr/{path}")) {
                let once = normalise_url(&url);
                let again = Url::parse(&once).map(|url| normalise_url(&url));
                assert_eq!(again.as_deref(), Ok(once.as_str()));
            }
        }
    }
}
