//! What a page offers in formats that are not read: a bulletin among it is left out with a word, so
//! that silence means that nothing was published.

use guetteur_model::{BulletinLink, LeftOut, LeftOutReason};

use super::describe::describe;
use super::left_out::left_out as told;
use super::{PageContext, Verdict, carries_number_or_day, file_stem, judge};
use crate::hint::Unit;
use crate::page::{Link, LinkKind, PageView};
use crate::words::plain;

/// What is told of the page's files of other formats, beside the bulletins `taken` from it. Each is
/// judged as if it were a PDF.
pub(super) fn left_out(
    view: &PageView,
    context: &PageContext,
    holds: Unit,
    taken: &[BulletinLink],
) -> Vec<LeftOut> {
    let unread = view.links.iter().filter(|link| link.kind == LinkKind::Unread && !link.in_menu);
    let lost = unread.filter(|link| !is_taken(link, view, context, taken));
    lost.filter_map(|link| {
        let reason = reason(link, view, context, holds, taken.is_empty())?;
        Some(told(link, view, reason))
    })
    .collect()
}

/// Why a file is left out; `None` for what nothing makes a bulletin or an act of one.
fn reason(
    link: &Link,
    view: &PageView,
    context: &PageContext,
    holds: Unit,
    alone: bool,
) -> Option<LeftOutReason> {
    let is_announced = context.announced.is_some() && alone;
    match judge(link, view, context, holds) {
        Verdict::Bulletin => Some(LeftOutReason::OtherFormat),
        Verdict::Unclear | Verdict::Other(LeftOutReason::SingleAct) if is_announced => {
            Some(LeftOutReason::OtherFormat)
        }
        Verdict::Unclear
            if context.is_leaf || (context.period.is_some() && carries_number_or_day(link)) =>
        {
            Some(LeftOutReason::OtherFormat)
        }
        Verdict::Other(reason) if context.is_leaf => Some(reason),
        Verdict::Unclear | Verdict::Other(_) => None,
    }
}

/// Whether the page offers the same as a PDF too.
fn is_taken(link: &Link, view: &PageView, context: &PageContext, taken: &[BulletinLink]) -> bool {
    let own = describe(link, view, context);
    let (stem, title) = (plain(&file_stem(link)), plain(&own.title));
    let same_days = |other: &BulletinLink| match (own.published_on, other.published_on) {
        (Some(own), Some(other)) => own == other,
        _ => true,
    };
    taken.iter().any(|other| {
        let file = plain(&crate::address::decode(&other.url));
        let same_file = file.rsplit('/').next().is_some_and(|name| {
            name.strip_suffix(".pdf").is_some_and(|name| !stem.is_empty() && name == stem)
        });
        let same_number =
            own.number.is_some() && own.number == other.number && own.series == other.series;
        same_file || (same_days(other) && (same_number || plain(&other.title) == title))
    })
}
