//! Texts without page breaks: the cover, the sommaire, the divider of the first act and the act stand
//! on one page. They are read as the pages that they were.

use std::collections::HashSet;

use guetteur_model::furniture::names_bulletin;

use super::cover::is_titled;
use super::lexicon::{ARTICLE_ANY, CITES, KIND};
use super::number;
use super::page::{Line, PageView, compact};
use super::sommaire::{ends_entry, locate};
use crate::parts::pattern;

// What the sheets of the State bear at their top.
pattern!(
    SHEET,
    r"^[^a-z]{0,6}(?:e[sxne]?|=?[mn])? ?pref[eè]te?(?:[^a-z]|d[eu'])|liberte|fraternite"
);

/// Lines of a letterhead in which its motto stands.
const LETTERHEAD: usize = 8;

/// The pages; the one that the sommaire stands on parted where its entries end and, below, where
/// pages end. Nothing changes where no act begins on that page. Without a sommaire it is the first
/// page that is parted, below what the cover says.
pub(crate) fn apart(pages: Vec<PageView<'_>>) -> Vec<PageView<'_>> {
    let listed = locate(&pages).map(|(p, line)| (p, body(&pages[p].lines, line)));
    let covered = || Some((0, pages.first().and_then(below_cover)));
    let Some((p, Some(body))) = listed.or_else(covered) else { return pages };
    let mut cuts = vec![body];
    cuts.extend(page_ends(&pages[p].lines, body));
    let mut parted = Vec::with_capacity(pages.len() + cuts.len());
    for (i, page) in pages.into_iter().enumerate() {
        if i == p { parted.extend(page.parted(&cuts)) } else { parted.push(page) }
    }
    parted
}

/// The first line below the sommaire that begins at `from`: after the last entry's page, where a
/// number comes again or an act cites its texts; else at the head of a sheet.
fn body(lines: &[Line<'_>], from: usize) -> Option<usize> {
    let mut known = HashSet::new();
    let mut again = |line: &Line<'_>| {
        number::leading(&line.folded).is_some_and(|(number, _)| !known.insert(number))
    };
    let act = lines
        .iter()
        .skip(from)
        .position(|line| again(line) || CITES.is_match(line) || ARTICLE_ANY.is_match(line));
    let entries = &lines[from..act.map_or(lines.len(), |act| from + act)];
    let sheet = || entries.iter().position(|line| SHEET.is_match(&line.folded));
    let at = if act.is_some() {
        let ended = entries.iter().rposition(|line| ends_entry(line.text)).map(|i| i + 1);
        from + ended.or_else(sheet).or_else(|| divider(entries))?
    } else {
        // A text cut off before its act cites anything: its letterhead has the motto.
        let at = sheet()?;
        let motto = |line: &Line<'_>| line.folded.contains("liberte");
        let listed = entries[..at].iter().any(|line| KIND.is_match(line));
        let below = entries[at..].iter().take(LETTERHEAD).any(motto);
        from + Some(at).filter(|_| listed && below)?
    };
    // The page's own number.
    let folio = lines.get(at).is_some_and(|line| folio(line).is_some());
    let at = at + usize::from(folio);
    (at > from && at < lines.len()).then_some(at)
}

/// The head of the sheet of the first act on a page that is the bulletin's cover above it.
fn below_cover(page: &PageView<'_>) -> Option<usize> {
    let cites = |line: &Line<'_>| CITES.is_match(line) || ARTICLE_ANY.is_match(line);
    let act = page.lines.iter().position(cites)?;
    let title = page.lines[..act].iter().rposition(|line| TITLED.is_match(&line.folded))?;
    let below = &page.lines[title + 1..act];
    let at = title + 1 + below.iter().position(|line| SHEET.is_match(&line.folded))?;
    is_titled(page).then_some(at)
}

// The bulletin's name, over one line or two.
pattern!(TITLED, r"^[^a-z]*(?:recueil\b|bulletin d|des actes|actes adm|administratifs?\b)");
/// Where the divider begins whose number comes right after `entries`: with the lines that name its
/// service as one of them did.
fn divider(entries: &[Line<'_>]) -> Option<usize> {
    const SERVICE: usize = 4;
    let joined = |lines: &[Line<'_>]| lines.iter().map(|l| compact(&l.folded)).collect::<String>();
    (1..=SERVICE.min(entries.len())).rev().map(|count| entries.len() - count).find(|&at| {
        let service = joined(&entries[at..]);
        entries[..at].iter().any(|line| compact(&line.folded) == service)
    })
}

/// The lines below `from` at which a page begins: behind a footer, or a page's number that goes on
/// from the one before.
fn page_ends(lines: &[Line<'_>], from: usize) -> Vec<usize> {
    let mut last = from.checked_sub(1).and_then(|i| folio(&lines[i]));
    let mut ends = Vec::new();
    for (i, line) in lines.iter().enumerate().skip(from) {
        let foot = number::in_footer_line(line).is_some() || names_bulletin(line.text);
        let own = folio(line).filter(|number| last.is_none_or(|last| last + 1 == *number));
        let numbered = |line: &Line<'_>| line.text.ends_with(|c: char| c.is_ascii_digit());
        // A footer's title may go on below.
        let wraps = |next: &Line<'_>| foot && !numbered(line) && numbered(next);
        let end = match lines.get(i + 1) {
            Some(next) if wraps(next) => i + 2,
            _ if foot || own.is_some() => i + 1,
            _ => continue,
        };
        last = own.or(last.map(|last| last + 1));
        if end < lines.len() && ends.last() != Some(&end) {
            ends.push(end);
        }
    }
    ends
}

fn folio(line: &Line<'_>) -> Option<u32> {
    (line.text.len() <= 3).then(|| line.text.parse().ok()).flatten()
}
