//! Which pages a new version of the reader calls into question.
//!
//! A page keeps the version of each part that had a say in it, and only of these. When a part's
//! version rises:
//!
//! | part | what is done again |
//! |---|---|
//! | `text` | the file's own text is looked through; pages recognised for want of text stay |
//! | `judge` | the same; a page that is given to OCR for the same reason as before stays |
//! | `ocr` | the pages that were given to OCR, and no others |

use guetteur_model::{Method, PageOrigin, ReaderVersions, TracedPage};

use crate::judge::Why;
use crate::protocol::Keep;

/// Versions of what this crate makes of a file. Raise the one whose change alters the text of
/// pages: what it had a say in is then read again (`guetteur reclassify --reread`).
pub const READER_VERSIONS: ReaderVersions = ReaderVersions { text: 7, judge: 4, ocr: 5 };

/// An OCR that must be done again whatever its version was.
const STALE: u32 = 0;

/// What is to be done for a page that is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// Nothing.
    Nothing,
    /// The file's own text is looked through again.
    Scan,
    /// OCR, for this reason.
    Recognise(Why),
}

/// What is to be done for a page of this origin.
#[must_use]
pub fn due(origin: &PageOrigin, current: ReaderVersions) -> Due {
    let other = |made: Option<u32>, now: u32| made.is_some_and(|made| made != now);
    if other(origin.text, current.text) || other(origin.judge, current.judge) {
        return Due::Scan;
    }
    match origin.ocr_reason.as_deref().map(str::parse::<Why>) {
        Some(Ok(why)) if origin.ocr != Some(current.ocr) => Due::Recognise(why),
        // The reason was not kept, or is no longer one: the judgement tells.
        Some(Err(_)) => Due::Scan,
        None if other(origin.ocr, current.ocr) => Due::Scan,
        _ => Due::Nothing,
    }
}

/// The origin of a page as the file itself gives it; `awaits` says why OCR is still to come.
#[must_use]
pub fn scanned(versions: ReaderVersions, awaits: Option<Why>) -> PageOrigin {
    PageOrigin {
        text: Some(versions.text),
        judge: Some(versions.judge),
        ocr: None,
        ocr_reason: awaits.map(|why| why.as_str().to_owned()),
    }
}

/// The origin of a page that was given to OCR for this reason.
#[must_use]
pub fn recognised(versions: ReaderVersions, why: Why) -> PageOrigin {
    PageOrigin {
        text: (why.keep() != Keep::Nothing).then_some(versions.text),
        judge: Some(versions.judge),
        ocr: Some(versions.ocr),
        ocr_reason: Some(why.as_str().to_owned()),
    }
}

/// `fresh` pages of a file, with what can be kept of the `stored` ones: pages recognised for the
/// same reason stay; where they must be recognised again, their text serves meanwhile.
#[must_use]
pub fn taking_over(
    stored: Vec<TracedPage>,
    fresh: Vec<TracedPage>,
    current: ReaderVersions,
) -> Vec<TracedPage> {
    let mut stored: std::collections::HashMap<u32, TracedPage> =
        stored.into_iter().map(|traced| (traced.page.number, traced)).collect();
    let take = |fresh: TracedPage| match stored.remove(&fresh.page.number) {
        Some(old) => kept(old, &fresh.origin, current).unwrap_or(fresh),
        None => fresh,
    };
    fresh.into_iter().map(take).collect()
}

fn kept(old: TracedPage, fresh: &PageOrigin, current: ReaderVersions) -> Option<TracedPage> {
    let why: Why = fresh.ocr_reason.as_deref()?.parse().ok()?;
    let ocr = old.origin.ocr?;
    if old.origin.ocr_reason.is_some() && old.origin.ocr_reason != fresh.ocr_reason {
        return None;
    }
    let origin = recognised(current, why);
    let same_text = old.origin.text.is_none() || old.origin.text == origin.text;
    if ocr == current.ocr && same_text {
        return Some(TracedPage { page: old.page, origin });
    }
    let has_words = matches!(old.page.method, Method::Ocr | Method::Both);
    let again = PageOrigin { ocr: Some(STALE), ..origin };
    has_words.then_some(TracedPage { page: old.page, origin: again })
}

#[cfg(test)]
mod tests {
    use guetteur_model::Page;

    use super::*;

    const NOW: ReaderVersions = ReaderVersions { text: 5, judge: 6, ocr: 7 };

    fn raised(part: &str) -> ReaderVersions {
        ReaderVersions {
            text: NOW.text + u32::from(part == "text"),
            judge: NOW.judge + u32::from(part == "judge"),
            ocr: NOW.ocr + u32::from(part == "ocr"),
        }
    }

    fn traced(number: u32, method: Method, text: &str, origin: PageOrigin) -> TracedPage {
        let text = text.to_owned();
        let page = Page { number, method, text, confidence: 1.0, ms: 0, note: None };
        TracedPage { page, origin }
    }

    #[test]
    fn a_raised_part_concerns_what_it_had_a_say_in() {
        use Due::{Nothing, Recognise, Scan};
        let text = scanned(NOW, None);
        let awaiting = scanned(NOW, Some(Why::Stamp));
        let scan = recognised(NOW, Why::NoText);
        let stamp = recognised(NOW, Why::Stamp);
        let unknown = PageOrigin { ocr_reason: None, ..scan.clone() };
        let cases = [
            (&text, [Nothing, Scan, Scan, Nothing]),
            (&awaiting, [Recognise(Why::Stamp), Scan, Scan, Recognise(Why::Stamp)]),
            (&scan, [Nothing, Nothing, Scan, Recognise(Why::NoText)]),
            (&stamp, [Nothing, Scan, Scan, Recognise(Why::Stamp)]),
            (&unknown, [Nothing, Nothing, Scan, Scan]),
            (&PageOrigin::default(), [Nothing; 4]),
        ];
        for (origin, expected) in cases {
            let found = ["none", "text", "judge", "ocr"].map(|part| due(origin, raised(part)));
            assert_eq!(found, expected, "{origin:?}");
        }
    }

    #[test]
    fn what_was_recognised_is_taken_over() {
        let stored = || {
            vec![
                traced(1, Method::Text, "old", scanned(NOW, None)),
                traced(2, Method::Ocr, "scan", recognised(NOW, Why::NoText)),
                traced(3, Method::Both, "stamp", recognised(NOW, Why::Stamp)),
                traced(4, Method::Failed, "", recognised(NOW, Why::NoText)),
            ]
        };
        let fresh = |now: ReaderVersions, third: Option<Why>| {
            vec![
                traced(1, Method::Text, "new", scanned(now, None)),
                traced(2, Method::Empty, "", scanned(now, Some(Why::NoText))),
                traced(3, Method::Text, "footer", scanned(now, third)),
                traced(4, Method::Empty, "", scanned(now, Some(Why::NoText))),
            ]
        };
        let outcome = |part: &str, third| {
            let now = raised(part);
            let pages = taking_over(stored(), fresh(now, third), now);
            let told = |traced: TracedPage| (traced.page.text, due(&traced.origin, now));
            pages.into_iter().map(told).collect::<Vec<_>>()
        };
        let page = |text: &str, due| (text.to_owned(), due);
        let (done, scan) = (Due::Nothing, Due::Recognise(Why::NoText));
        assert_eq!(
            outcome("judge", Some(Why::Stamp)),
            [page("new", done), page("scan", done), page("stamp", done), page("", done)],
        );
        assert_eq!(
            outcome("text", Some(Why::Stamp)),
            [
                page("new", done),
                page("scan", done),
                page("stamp", Due::Recognise(Why::Stamp)),
                page("", done)
            ],
            "the footer may read otherwise now"
        );
        assert_eq!(
            outcome("ocr", Some(Why::Stamp)),
            [
                page("new", done),
                page("scan", scan),
                page("stamp", Due::Recognise(Why::Stamp)),
                page("", scan)
            ],
            "old words serve meanwhile"
        );
        assert_eq!(outcome("judge", None)[2], page("footer", done), "judged otherwise");
        let other = outcome("judge", Some(Why::HiddenLayer));
        assert_eq!(other[2], page("footer", Due::Recognise(Why::HiddenLayer)));
    }
}
