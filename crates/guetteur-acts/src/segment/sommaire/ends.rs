//! Where an entry ends: page counts, leaders, page numbers.

use std::collections::HashMap;

use super::super::page::{Line, PageView};
use super::Entry;
use super::line::{COUNTED, LEADERS, PAGED, folio_first, is_service, opens_sentence, row_cells};
use crate::parts::pattern;

pattern!(LONE_PAGE, r"(?s)\n\s*(\d{1,3})\s*$");

pattern!(TRAILING, r"(?s)[\s\p{L})](\d{1,3})\s*$");

/// Ends the span where the title ends: page counts and leaders do not belong to it.
pub(super) fn fit_span(entry: &mut Entry, pages: &[PageView<'_>]) {
    let Some(span) = &mut entry.span else { return };
    let Some(page) = pages.get(entry.on).filter(|p| p.number == span.page) else { return };
    let raw = page.chars(span.start, span.end);
    // Where each line of a title has its own leaders, these stand between.
    let last = entry.title.lines().next_back().filter(|last| last.len() > 3);
    if let Some(at) = last.and_then(|last| raw.rfind(last).map(|at| at + last.len())) {
        let text = &raw[..at];
        span.end = span.start + text.chars().count() as u32;
        span.text = text.to_owned();
        return;
    }
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
    for end in [&LEADERS, &PAGED, &LONE_PAGE] {
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

/// Page numbers by where their lines begin: index of the page, offset.
pub(super) type Folios = HashMap<(usize, u32), u32>;

/// Bare page numbers at the ends of lines (« title 12 »): they grow, most entries have one, and
/// another entry (a sentence, or a row of a table) or a service follows.
pub(super) fn page_numbers_at_line_ends(lines: &[(usize, &Line<'_>)]) -> Folios {
    let opens = |line: &Line<'_>| {
        opens_sentence(line) || row_cells(line.text).is_some() || is_service(line)
    };
    let found: Vec<(usize, u32, u32)> = lines
        .iter()
        .enumerate()
        .filter(|(i, _)| lines.get(i + 1).is_none_or(|(_, next)| opens(next)))
        .filter_map(|(_, (page, line))| {
            let number = TRAILING.captures(line.text)?.get(1)?.as_str().parse().ok()?;
            Some((*page, line.start, number))
        })
        .collect();
    let opened = lines.iter().filter(|(_, line)| opens_sentence(line)).count();
    let grow =
        found.is_sorted_by_key(|f| f.2) && found.first().map(|f| f.2) != found.last().map(|f| f.2);
    let most = found.len() > 1 && found.len() * 5 >= opened * 3;
    let folios = found.into_iter().map(|(page, start, number)| ((page, start), number));
    if grow && most { folios.collect() } else { Folios::new() }
}

/// Page numbers before the kinds of acts (« 3 Arrêté … »): most entries have one, and they grow. A
/// list that counts from one has ordinals.
pub(super) fn page_numbers_at_line_starts(lines: &[(usize, &Line<'_>)]) -> Folios {
    let read = |(page, line): &(usize, &Line<'_>)| {
        folio_first(line).map(|(folio, _)| ((*page, line.start), folio))
    };
    let found: Vec<((usize, u32), u32)> = lines.iter().filter_map(read).collect();
    let opened = lines.iter().filter(|(_, line)| opens_sentence(line)).count();
    let grow = found.is_sorted_by_key(|f| f.1) && found.first().map(|f| f.1) > Some(1);
    let most = found.len() > 1 && found.len() > opened;
    if grow && most { found.into_iter().collect() } else { Folios::new() }
}

/// Takes a bare page number off the end of the title.
pub(super) fn take_folio(entry: &mut Entry, folio: u32) {
    if let Some(found) = TRAILING.captures(&entry.title).and_then(|c| c.get(1)) {
        entry.title.truncate(found.start());
        entry.title.truncate(entry.title.trim_end().len());
        entry.page = Some(folio);
    }
}
