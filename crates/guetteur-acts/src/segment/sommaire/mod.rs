//! The sommaire: which acts a bulletin announces.
//!
//! All layouts go through one reader of lines. A line opens an entry (a number, a table row, a
//! kind of act), ends one (`(3 pages) Page 3`, dotted leaders, a lone page number), names a
//! service, or goes on with the entry before.

mod ends;
mod reader;

use std::ops::RangeInclusive;

use chrono::NaiveDate;
use guetteur_model::Span;

use super::lexicon::{ARTICLE_ANY, CITES, KIND, SOMMAIRE};
use super::number;
use super::page::{Line, PageView, compact};
use crate::parts::pattern;
use ends::take_trailing_pages;
use reader::Reader;
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

pattern!(COUNTED, r"(?is)\s*\(\s*(\d{1,4})\s*pages?\s*\)\s*(?:page\s*(\d{1,4}))?\s*\.?$");

pattern!(PAGED, r"(?is)(?:\s|\.|…)page\s*(\d{1,4})\s*$");

pattern!(LEADERS, r"(?s)\s*(?:(?:[.·_]\s?){3,}|…[.…\s]*)\s*(?:p(?:age|\.)?\s*)?(\d{1,4})\s*$");

/// « (3 pages) Page 3 » at the end.
fn is_counted(text: &str) -> bool {
    text.contains('(') && COUNTED.is_match(text)
}

/// « ....... 3 » at the end.
fn is_led(text: &str) -> bool {
    text.ends_with(|c: char| c.is_ascii_digit()) && LEADERS.is_match(text)
}

/// « page 3 » at the end.
fn is_paged(text: &str) -> bool {
    text.ends_with(|c: char| c.is_ascii_digit()) && PAGED.is_match(text)
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
        let style = if lines.iter().any(|(_, l)| opens_numbered(l).is_some())
            || lines.iter().filter(|(_, l)| is_counted(l.text)).count() > 1
        {
            Style::Numbered
        } else {
            Style::Sentences
        };
        let mut reader = Reader::new(pages, style, first);
        for (page, line) in lines {
            reader.line(page, line);
        }
        let mut entries = reader.entries();
        take_trailing_pages(&mut entries, pages.len() as u32);
        entries.retain(|entry| compact(&entry.title).len() > 3 || entry.number.is_some());
        (!entries.is_empty()).then_some(Self { entries, pages: first..=last, style })
    }
}

/// Page and line after the word « Sommaire », or the first page that has its lines.
fn locate(pages: &[PageView<'_>]) -> Option<(usize, usize)> {
    let titled = pages.iter().take(12).enumerate().find_map(|(p, page)| {
        let at = page.lines.iter().position(|l| SOMMAIRE.is_match(l))?;
        Some((p, at + 1))
    });
    titled.or_else(|| {
        let lists = |page: &PageView<'_>| {
            page.lines.iter().filter(|l| is_counted(l.text) || is_led(l.text)).count()
        };
        let p = pages.iter().take(4).position(|page| lists(page) >= 2 && !is_prose(page))?;
        let first = pages[p]
            .lines
            .iter()
            .position(|l| opens_numbered(l).is_some() || KIND.is_match(l) || is_led(l.text));
        Some((p, first.unwrap_or(0)))
    })
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
    let ended = page
        .lines
        .iter()
        .filter(|l| is_counted(l.text) || is_led(l.text) || is_paged(l.text))
        .count();
    let sentences = page.lines.iter().filter(|l| opens_sentence(l)).count();
    numbered.count() > 0 || ended > 0 || sentences > 1
}

fn opens_numbered(line: &Line<'_>) -> Option<(String, usize)> {
    number::leading(&line.folded)
}

fn opens_sentence(line: &Line<'_>) -> bool {
    let capital = line.text.chars().find(|c| c.is_alphabetic()).is_some_and(char::is_uppercase);
    capital && KIND.is_match(line)
}
