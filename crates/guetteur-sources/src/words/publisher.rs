//! Whose bulletins a label speaks of: a region's, a département's.

use std::sync::LazyLock;

use regex::Regex;

use super::lists::REGIONS;
use super::pattern;

/// Whether a page's label says that it gathers a region's (or a defence zone's) bulletins.
pub(crate) fn names_region(text: &str) -> bool {
    static REGION: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"\bregion\b|\bregiona(l|le|ux|les)\b|\bsgar\b|\bzone de defense\b|\bzona(l|ux)\b|\binterdepartementa",
        )
    });
    let text_with_spaces = text.replace('-', " ");
    REGION.is_match(text)
        || REGIONS.iter().any(|region| contains_words(&text_with_spaces, &region.replace('-', " ")))
}

/// Whether a page's label says that it gathers a département's bulletins.
pub(crate) fn names_departement(text: &str, own: &str) -> bool {
    static DEPARTEMENT: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"\bdepartement(al|ale|aux|ales)?\b"));
    DEPARTEMENT.is_match(text)
        || (!own.is_empty() && contains_words(&without_regions(text), &own.replace('-', " ")))
}

/// The text without names of regions: `Rhône` is no département in `Auvergne-Rhône-Alpes`.
fn without_regions(text: &str) -> String {
    REGIONS
        .iter()
        .fold(text.replace('-', " "), |text, region| text.replace(&region.replace('-', " "), "@"))
}

/// Whether `words` stand in `text` with nothing glued to them.
fn contains_words(text: &str, words: &str) -> bool {
    text.match_indices(words).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + words.len()..].chars().next();
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    })
}
