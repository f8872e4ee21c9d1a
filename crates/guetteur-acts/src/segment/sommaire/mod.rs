//! The sommaire: which acts a bulletin announces.
//!
//! All layouts go through one reader of lines. A line opens an entry (a number, a table row, a
//! kind of act), ends one (`(3 pages) Page 3`, dotted leaders, a lone page number), names a
//! service, or goes on with the entry before.

mod ends;
mod line;
mod reader;

use std::ops::RangeInclusive;

use chrono::NaiveDate;
use guetteur_model::Span;

use super::cover::is_titled;
use super::lexicon::{ARTICLE_ANY, CITES, KIND, SOMMAIRE, VERB};
use super::number;
use super::page::{Line, PageView};
use ends::{page_numbers_at_line_ends, page_numbers_at_line_starts};
use line::{
    NUMBERED_KIND, ends_with_page, is_cited, is_counted, is_day, is_led, is_listed, is_service,
    opens_numbered, opens_sentence, paged_service, without_leaders,
};
use reader::EntryReader;

/// One line of the sommaire.
#[derive(Debug, Clone, Default)]
pub(crate) struct Entry {
    /// Number in the bulletin.
    pub number: Option<String>,
    /// Title with its line breaks.
    pub title: String,
    /// Where the title stands; its part on the first page when it goes over two.
    pub span: Option<Span>,
    /// Service heading above it.
    pub service: Option<String>,
    /// Page as printed, which may be offset from the PDF's.
    pub page: Option<u32>,
    /// Pages as printed, without the divider.
    pub page_count: Option<u32>,
    /// Day in a table cell.
    pub signed_on: Option<NaiveDate>,
    /// The act's own number in a table cell.
    pub own_number: Option<String>,
    /// Index of the page of the sommaire.
    pub on: usize,
    /// Characters of a page number that stands inside the span.
    pub cell: usize,
}

/// Style of the lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    /// `26-2025-02-19-00002 - Arrêté … (3 pages) Page 3`.
    Numbered,
    /// Sentences, with or without leaders and pages; table rows.
    Sentences,
}

/// The sommaire of a bulletin.
#[derive(Debug)]
pub(crate) struct Sommaire {
    /// Its lines.
    pub entries: Vec<Entry>,
    /// Indices of its pages.
    pub pages: RangeInclusive<usize>,
    /// Style of its lines.
    pub style: Style,
}

impl Sommaire {
    /// Finds and reads the sommaire.
    pub(crate) fn read(pages: &[PageView<'_>]) -> Option<Self> {
        let (first, line) = locate(pages)?;
        let mut last = first;
        while pages.get(last + 1).is_some_and(continues) {
            last += 1;
        }
        let lines: Vec<(usize, &Line<'_>)> = (first..=last)
            .flat_map(|p| {
                let from = if p == first { line } else { 0 };
                let view = &pages[p];
                let count = view.lines.len();
                let last_line = view.lines.last().map(|l| l.folded.as_str());
                let folio = last_line == Some(view.number.to_string().as_str());
                let until = if folio { count - 1 } else { count };
                view.lines[from.min(until)..until].iter().map(move |line| (p, line))
            })
            .collect();
        let counted = lines.iter().filter(|(_, l)| is_counted(l.text)).count();
        let numbered = lines.iter().enumerate().any(|(i, (_, line))| {
            let last = i.checked_sub(1).map_or("", |before| lines[before].1.folded.as_str());
            opens_numbered(line).is_some_and(|(_, rest)| !is_cited(last, &line.folded, rest))
        });
        let style = if numbered || counted > 1 { Style::Numbered } else { Style::Sentences };
        // The marks of the national tool behind sentences without its numbers.
        let read = |style| (style, entries_of(pages, &lines, style, first, counted));
        let (style, entries) = match read(style) {
            (Style::Numbered, none) if none.is_empty() => read(Style::Sentences),
            found => found,
        };
        (!entries.is_empty()).then_some(Self { entries, pages: first..=last, style })
    }
}

/// The entries of these lines, of which `counted` end with a count of pages.
fn entries_of(
    pages: &[PageView<'_>],
    lines: &[(usize, &Line<'_>)],
    style: Style,
    first: usize,
    counted: usize,
) -> Vec<Entry> {
    let mut reader = EntryReader::new(pages, style, first);
    if style == Style::Sentences {
        let ends: Vec<&Line<'_>> =
            lines.iter().map(|(_, l)| *l).filter(|l| ends_with_page(l.text)).collect();
        let served = lines.iter().any(|(_, line)| paged_service(line).is_some());
        let services_alone = ends.iter().all(|line| paged_service(line).is_some());
        reader.paged_services = served && services_alone && counted == 0;
        let ended = if reader.paged_services { 0 } else { counted + ends.len() };
        // Beside pages that a word announces, bare ones are read where they are as many.
        let folios = page_numbers_at_line_ends(lines);
        if folios.len() >= 2 * ended && !reader.paged_services {
            reader.folios = folios;
        }
        if ended == 0 {
            reader.leading_folios = page_numbers_at_line_starts(lines);
        }
        let opened = lines.iter().filter(|(_, l)| opens_sentence(l)).count();
        reader.dated = lines.iter().any(|(_, line)| is_day(line));
        reader.paged = (ended + reader.folios.len()) * 5 >= opened.max(1) * 3;
    }
    let ahead = pages_ahead(lines);
    for (&(page, line), ahead) in lines.iter().zip(ahead) {
        reader.line(page, line, ahead);
    }
    let mut entries = reader.entries();
    let says =
        |title: &str| title.matches(char::is_alphanumeric).take(4).map(str::len).sum::<usize>() > 3;
    entries.retain(|entry| entry.number.is_some() || says(&entry.title));
    entries
}

/// Whether an entry ends with this line: « (3 pages) Page 3 », dotted leaders.
pub(super) fn ends_entry(text: &str) -> bool {
    is_counted(text) || ends_with_page(text)
}

/// For each line the page that the next leaders below it give.
fn pages_ahead(lines: &[(usize, &Line<'_>)]) -> Vec<Option<u32>> {
    let mut next = None;
    let mut ahead: Vec<Option<u32>> = Vec::with_capacity(lines.len());
    for (_, line) in lines.iter().rev() {
        ahead.push(next);
        next = without_leaders(line).map(|(_, page)| page).or(next);
    }
    ahead.reverse();
    ahead
}

/// Page and line after the word « Sommaire », or the first page that has its lines, or the cover that
/// lists the acts. Behind the text of an act it is an annex's.
pub(super) fn locate(pages: &[PageView<'_>]) -> Option<(usize, usize)> {
    let before_acts = pages.iter().take(12).position(is_prose).map_or(12, |p| p + 1);
    let pages = &pages[..before_acts.min(pages.len())];
    let titled = pages.iter().enumerate().find_map(|(p, page)| {
        let at = page.lines.iter().position(|l| SOMMAIRE.is_match(l))?;
        let cites = |l: &Line<'_>| CITES.is_match(l) || ARTICLE_ANY.is_match(l);
        (!page.lines[..at].iter().any(cites)).then_some((p, at + 1))
    });
    let led = || {
        let lists = |page: &PageView<'_>| {
            page.lines.iter().filter(|l| is_counted(l.text) || is_led(l.text)).count()
        };
        let p = pages.iter().take(4).position(|page| lists(page) >= 2 && !is_prose(page))?;
        let first = pages[p]
            .lines
            .iter()
            .position(|l| opens_numbered(l).is_some() || KIND.is_match(l) || is_led(l.text));
        Some((p, first.unwrap_or(0)))
    };
    let mut opening = pages.iter().take(4).enumerate();
    titled
        .or_else(led)
        .or_else(|| opening.clone().find_map(listed_on_cover))
        .or_else(|| opening.find_map(listed_untitled))
}

/// The first of the acts that a page lists behind dashes without a word above, or the service over it.
fn listed_untitled((p, page): (usize, &PageView<'_>)) -> Option<(usize, usize)> {
    const ACTS: usize = 2;
    let lists = |i: &usize| {
        let line = &page.lines[*i];
        is_listed(line) && opens_sentence(line) && VERB.is_match(&page.joined(*i, 2))
    };
    let mut listed = (0..page.lines.len()).filter(lists);
    let first = listed.next().filter(|_| listed.nth(ACTS - 2).is_some() && !is_prose(page))?;
    let service = first.checked_sub(1).filter(|&above| is_service(&page.lines[above]));
    Some((p, service.unwrap_or(first)))
}

/// The first act that a cover lists without a word above: its kind and number, and what it does.
fn listed_on_cover((p, page): (usize, &PageView<'_>)) -> Option<(usize, usize)> {
    if is_prose(page) {
        return None;
    }
    let lists = |i: &usize| {
        let line = &page.lines[*i];
        opens_sentence(line)
            && NUMBERED_KIND.is_match(&line.folded)
            && VERB.is_match(&page.joined(*i, 2))
    };
    let line = (0..page.lines.len()).find(lists)?;
    is_titled(page).then_some((p, line))
}

fn is_prose(page: &PageView<'_>) -> bool {
    page.lines.iter().any(|l| CITES.is_match(l) || ARTICLE_ANY.is_match(l))
}

/// Whether a page after the sommaire's first goes on with it.
fn continues(page: &PageView<'_>) -> bool {
    let footer = page.lines.iter().any(|l| number::in_footer_line(l).is_some());
    let letterhead = page
        .lines
        .iter()
        .any(|l| l.folded.contains("fraternite") || l.folded.contains("republique f"));
    if footer || letterhead || is_prose(page) {
        return false;
    }
    let numbered =
        page.lines.iter().filter(|l| opens_numbered(l).is_some_and(|(_, r)| r < l.folded.len()));
    let ended = page.lines.iter().filter(|l| is_counted(l.text) || ends_with_page(l.text)).count();
    let sentences = page.lines.iter().filter(|l| opens_sentence(l)).count();
    numbered.count() > 0 || ended > 0 || sentences > 1
}
