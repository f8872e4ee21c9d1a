//! Where an entry ends: page counts, leaders, page numbers.

use super::super::page::PageView;
use super::{COUNTED, Entry, LEADERS, PAGED};
use crate::parts::pattern;

pattern!(LONE_PAGE, r"(?s)\n\s*(\d{1,3})\s*$");

pattern!(TRAILING, r"(?s)[\s\p{L})](\d{1,4})\s*$");

/// Ends the span where the title ends: page counts and leaders do not belong to it.
pub(super) fn fit_span(entry: &mut Entry, pages: &[PageView<'_>]) {
    let Some(span) = &mut entry.span else { return };
    let Some(page) = pages.get(entry.on).filter(|p| p.number == span.page) else { return };
    let raw = page.chars(span.start, span.end);
    let words = entry.cell + entry.title.chars().filter(|c| !c.is_whitespace()).count();
    let mut seen = 0;
    let mut len = 0;
    for (i, c) in raw.chars().enumerate() {
        if seen == words {
            break;
        }
        if !c.is_whitespace() {
            seen += 1;
            len = i + 1;
        }
    }
    span.end = span.start + len as u32;
    span.text = raw.chars().take(len).collect();
}

/// Takes page count and page off the end of the title. True when the entry ends there.
pub(super) fn take_end(entry: &mut Entry) -> bool {
    let from = entry.title.char_indices().rev().nth(60).map_or(0, |(i, _)| i);
    let tail = &entry.title[from..];
    let parse = |m: regex::Match<'_>| m.as_str().parse().ok();
    if let Some(found) = tail.contains('(').then(|| COUNTED.captures(tail)).flatten() {
        entry.page_count = found.get(1).and_then(parse);
        entry.page = found.get(2).and_then(parse);
        let at = from + found.get(0).map_or(tail.len(), |m| m.start());
        entry.title.truncate(at);
        return true;
    }
    if !tail.trim_end().ends_with(|c: char| c.is_ascii_digit()) {
        return false;
    }
    for end in [&PAGED, &LEADERS, &LONE_PAGE] {
        let Some(found) = end.captures(tail) else { continue };
        let at = from + found.get(0).map_or(tail.len(), |m| m.start());
        if at == 0 {
            continue;
        }
        entry.page = found.get(1).and_then(parse);
        entry.title.truncate(at);
        // Leaders longer than the tail that was looked at.
        if at == from && from > 0 {
            let kept = entry.title.trim_end_matches(['.', '…', '·', '_', ' ']).len();
            entry.title.truncate(kept);
        }
        return true;
    }
    false
}

/// Bare page numbers at the ends of titles, when nearly all have one and they grow (« title 12 »).
pub(super) fn take_trailing_pages(entries: &mut [Entry], pages: u32) {
    if entries.len() < 2 || entries.iter().any(|e| e.page.is_some()) {
        return;
    }
    let found: Vec<Option<(usize, u32)>> = entries
        .iter()
        .map(|e| {
            let number = TRAILING.captures(&e.title)?.get(1)?;
            let page: u32 = number.as_str().parse().ok()?;
            (page > 0 && page <= pages + 20).then_some((number.start(), page))
        })
        .collect();
    let numbers: Vec<u32> = found.iter().flatten().map(|f| f.1).collect();
    if numbers.len() * 10 < entries.len() * 8
        || !numbers.is_sorted()
        || numbers.first() == numbers.last()
    {
        return;
    }
    for (entry, found) in entries.iter_mut().zip(found) {
        if let Some((at, page)) = found {
            entry.page = Some(page);
            entry.title.truncate(at);
            entry.title.truncate(entry.title.trim_end().len());
            if let Some(span) = &mut entry.span {
                let kept = span
                    .text
                    .trim_end_matches(|c: char| c.is_ascii_digit())
                    .trim_end()
                    .chars()
                    .count();
                span.text = span.text.chars().take(kept).collect();
                span.end = span.start + kept as u32;
            }
        }
    }
}
