//! A link that says that it leads to the next page of its list, whatever parameter tells which.

use std::sync::LazyLock;

use regex::Regex;
use scraper::ElementRef;
use url::Url;

use super::around::text_of;
use crate::words::{pattern, plain};

/// Whether an element says so: `rel="next"`, « Page suivante », « Voir plus d’arrêtés ».
pub(super) fn says_next(element: ElementRef<'_>) -> bool {
    static NEXT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"^(?:page )?suivante?s?\b|^(?:voir|afficher|charger) (?:plus|davantage|la suite|les suivants)|^plus d[e'] ?(?:resultats|recueils|arretes|actes|documents)|^(?:recueils|arretes|actes) suivants",
        )
    });
    let rel = element.attr("rel").unwrap_or_default();
    if rel.split_ascii_whitespace().any(|token| token.eq_ignore_ascii_case("next")) {
        return true;
    }
    let words = [text_of(element)];
    let attributes = ["aria-label", "title"].into_iter().filter_map(|name| element.attr(name));
    let said = words.iter().map(String::as_str).chain(attributes);
    element.value().name() == "a" && said.map(plain).any(|said| NEXT.is_match(said.trim()))
}

/// The rank of the page at `url` in the list of which `here` is a page: the largest number that its
/// query has and ours has not, or has smaller. None where it is another page altogether.
pub(super) fn rank(here: &Url, url: &Url) -> Option<u32> {
    if here.host() != url.host() || here.path() != url.path() {
        return None;
    }
    let ours: Vec<(String, String)> = here.query_pairs().into_owned().collect();
    let further = url
        .query_pairs()
        .filter(|(key, value)| !ours.iter().any(|(known, same)| known == key && same == value));
    further.filter_map(|(_, value)| value.parse().ok()).max()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parameter_that_grows_is_the_rank() {
        let rank = |here: &str, url: &str| {
            let parse = |address: &str| Url::parse(address).expect("address");
            rank(&parse(here), &parse(url))
        };
        let cases = [
            ("https://a.fr/x", "https://a.fr/x?nb=4", Some(4)),
            ("https://a.fr/x?nb=4", "https://a.fr/x?nb=6", Some(6)),
            ("https://a.fr/x?an=2026&nb=4", "https://a.fr/x?an=2026&nb=6", Some(6)),
            ("https://a.fr/x", "https://a.fr/y?nb=4", None),
            ("https://a.fr/x", "https://a.fr/x?tri=date", None),
            ("https://a.fr/x", "https://b.fr/x?nb=4", None),
        ];
        for (here, url, expected) in cases {
            assert_eq!(rank(here, url), expected, "{here} {url}");
        }
    }
}
