//! Tables of contents that are published as files of their own, beside their bulletins.

use std::sync::LazyLock;

use guetteur_model::BulletinLink;
use regex::Regex;

use super::file_stem;
use crate::address::{document_key, normalise_url};
use crate::page::{Link, PageView};
use crate::words::{is_generic, pattern, plain};

/// Whether a link calls itself a table of contents, by its text or, where that says nothing, by its
/// file's name.
pub(super) fn is_contents(link: &Link) -> bool {
    static CONTENTS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"^(?:\W|telecharger|consulter|voir|le |la )*(?:sommaires?|tables? des matieres)\b|[\W_](?:sommaire|som)\W*$",
        )
    });
    let label = plain(&link.text);
    if CONTENTS.is_match(&label) {
        return true;
    }
    is_generic(&label) && CONTENTS.is_match(&plain(&file_stem(link)))
}

/// The address of the bulletin of which `own` is the table of contents: the one of its row, its
/// number, or its day.
pub(super) fn issue_of<'a>(
    own: &BulletinLink,
    link: &Link,
    view: &PageView,
    bulletins: &'a [BulletinLink],
) -> Option<&'a str> {
    let by_number = |bulletin: &&BulletinLink| {
        own.number.is_some() && bulletin.number == own.number && bulletin.series == own.series
    };
    let by_rank = |bulletin: &&BulletinLink| {
        own.number.is_some()
            && rank(bulletin) == rank(own)
            && bulletin.published_on == own.published_on
    };
    let by_day = |bulletin: &&BulletinLink| {
        own.number.is_none()
            && own.published_on.is_some()
            && bulletin.published_on == own.published_on
    };
    let in_row = |bulletin: &&BulletinLink| {
        link.row.as_ref().is_some_and(|row| {
            !row.name.is_empty()
                && view.links.iter().any(|other| {
                    other.row.as_ref() == Some(row)
                        && document_key(&normalise_url(&other.url)) == document_key(&bulletin.url)
                })
        })
    };
    let found = bulletins.iter().find(by_number);
    let found = found.or_else(|| bulletins.iter().find(in_row));
    let found = found.or_else(|| bulletins.iter().find(by_rank));
    // A day alone tells only where one bulletin has it.
    let alone = || {
        let mut of_day = bulletins.iter().filter(by_day);
        of_day.next().filter(|_| of_day.next().is_none())
    };
    found.or_else(alone).map(|bulletin| bulletin.url.as_str())
}

/// The last number of a bulletin's number: `26-2026-264` and `264` have the same.
fn rank(bulletin: &BulletinLink) -> Option<u32> {
    let number = bulletin.number.as_deref()?;
    number.rsplit(|c: char| !c.is_ascii_digit()).find(|digits| !digits.is_empty())?.parse().ok()
}
