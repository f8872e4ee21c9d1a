//! Pages of one list: which page of it an address is, and what all of them have in common.

use std::sync::LazyLock;

use regex::Regex;
use url::Url;

use crate::address::{decode, page_key};
use crate::words::pattern;

/// As the common platform writes it, and as weblogs do: `/(offset)/10`, `/page/2/`.
static OFFSET: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)(?:/\(offset\)/(\d{1,6})|/page/(\d{1,3}))/?$"));

/// Whether a parameter says which page of a list it is: `page`, `debut_articles`,
/// `tx_raa[currentPage]`.
pub(super) fn is_page_parameter(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    let last = key.rsplit(|c: char| !c.is_ascii_alphanumeric()).find(|word| !word.is_empty());
    key.starts_with("debut_")
        || matches!(
            last.unwrap_or_default(),
            "page"
                | "p"
                | "offset"
                | "start"
                | "debut"
                | "pg"
                | "paged"
                | "currentpage"
                | "pagenum"
        )
}

/// A checksum over the other parameters, which differs from page to page.
fn is_checksum(key: &str) -> bool {
    key.eq_ignore_ascii_case("chash")
}

/// How far into a list an address is, when it says so.
pub(crate) fn offset(url: &Url) -> Option<u32> {
    let path = decode(url.path());
    if let Some(captures) = OFFSET.captures(&path) {
        return captures.iter().skip(1).flatten().next()?.as_str().parse().ok();
    }
    url.query_pairs()
        .find(|(key, _)| is_page_parameter(key))
        .and_then(|(_, value)| value.parse().ok())
}

/// What the pages of one list have in common.
pub(crate) fn list_key(url: &Url) -> String {
    let mut list = url.clone();
    let path = decode(url.path());
    let path = OFFSET.replace(&path, "").into_owned();
    list.set_path(&path);
    let query: Vec<String> = url
        .query_pairs()
        .filter(|(key, _)| !is_page_parameter(key) && !is_checksum(key))
        .map(|(key, value)| format!("{key}={value}"))
        .collect();
    list.set_query(None);
    format!("{}?{}", page_key(&list), query.join("&"))
}

/// The page of the same list at another offset, on the common platform.
pub(crate) fn at_offset(url: &Url, offset: u32) -> Option<Url> {
    let path = decode(url.path());
    let path = OFFSET.replace(&path, "");
    let mut other = url.clone();
    other.set_query(None);
    other.set_path(&if offset == 0 {
        path.into_owned()
    } else {
        format!("{path}/(offset)/{offset}")
    });
    (url.query().is_none()).then_some(other)
}
