//! Divider pages and footers of the national tool.

use guetteur_model::Span;
use guetteur_model::fold::{Folded, fold, slice_chars};
use guetteur_model::furniture::{FOOTER_HYPHENS, names_bulletin};

use super::label;
use super::lexicon::{ARTICLE_ANY, CITES};
use super::number;
use super::page::PageView;
use super::similar::Words;
use super::sommaire::Entry;

/// A page that announces an act: service, number, title.
#[derive(Debug)]
pub(crate) struct Divider {
    /// Index of the page.
    pub page: usize,
    /// Number as it stands there.
    pub number: Option<String>,
    /// Service above the number.
    pub service: Option<String>,
    /// Where the title stands, with its words; `None` when the page has none.
    pub title: Option<Span>,
}

/// Longest divider page, in lines.
const LINES: usize = 18;

/// Reads a page as a divider.
pub(crate) fn read(index: usize, page: &PageView<'_>, entries: &[Entry]) -> Option<Divider> {
    // Where no act has a number, none stands in a footer either: a title cites it.
    let numbered = entries.is_empty() || entries.iter().any(|e| e.number.is_some());
    let foot = footer_line(page, numbered).unwrap_or(page.lines.len());
    if foot > LINES || foot == 0 {
        return None;
    }
    let lines = &page.lines[..foot];
    if lines.iter().any(|l| CITES.is_match(l) || ARTICLE_ANY.is_match(l)) {
        return None;
    }
    let Some(at) = lines.iter().position(|l| label::alone(l).is_some()) else {
        return without_number(index, page, foot, entries);
    };
    let service = lines[..at].iter().map(|l| l.text).collect::<Vec<_>>().join(" ");
    Some(Divider {
        page: index,
        number: label::alone(&lines[at]),
        service: (!service.is_empty()).then_some(service),
        title: title_span(page, at + 1, foot),
    })
}

/// Some prefectures give no numbers: the page repeats the words of an entry and has no others.
fn without_number(
    index: usize,
    page: &PageView<'_>,
    foot: usize,
    entries: &[Entry],
) -> Option<Divider> {
    let words = Words::of(&page.joined(0, foot));
    let (entry, start) = entries.iter().filter(|e| e.number.is_none()).find_map(|entry| {
        let title = Words::of(&fold(&entry.title));
        let alike = title.len() > 2 && title.shared_with(&words) > 0.85;
        let start = (0..foot).find(|&i| title.starts_like(&page.lines[i].folded))?;
        (alike && words.len() <= title.len() + 12).then_some((entry, start))
    })?;
    let service = page.lines[..start].iter().map(|l| l.text).collect::<Vec<_>>().join(" ");
    Some(Divider {
        page: index,
        number: None,
        service: if service.is_empty() { entry.service.clone() } else { Some(service) },
        title: title_span(page, start, foot),
    })
}

fn title_span(page: &PageView<'_>, from: usize, until: usize) -> Option<Span> {
    let lines = page.lines.get(from..until)?;
    // A slip of the template prints the name of a field after the title.
    let last =
        lines.iter().rposition(|l| !l.text.starts_with('{') && !is_folio(l.text, page.number))?;
    let (start, end) = (lines[0].start, lines[last].end);
    let text = page.chars(start, end).to_owned();
    Some(Span { page: page.number, start, end, text })
}

fn is_folio(text: &str, page: u32) -> bool {
    text.len() <= 4 && text.parse() == Ok(page)
}

/// Index of the line where the footer starts; titles of ten lines stand in it again.
fn footer_line(page: &PageView<'_>, numbered: bool) -> Option<usize> {
    let last = page.lines.len().saturating_sub(4);
    (0..page.lines.len().min(2 * LINES)).find(|&i| {
        let line = &page.lines[i];
        let ends = || line.folded.contains(" - - ") || names_bulletin(line.text);
        let footer = || number::in_footer_line(line).is_some() || wrapped_footer(page, i).is_some();
        numbered && footer() || i >= last && ends()
    })
}

/// A service so long that the number fell on the second line.
fn wrapped_footer(page: &PageView<'_>, i: usize) -> Option<String> {
    let next = page.lines.get(i + 1)?;
    let hyphens = page.lines[i].hyphens + next.hyphens;
    let may = hyphens >= FOOTER_HYPHENS && page.lines[i].folded.len() > 60;
    let may = may && number::in_footer_line(next).is_none();
    may.then(|| number::in_footer(&page.joined(i, 2)).map(|(number, ..)| number)).flatten()
}

/// `service - number - title   page`, at the foot of every page of the national tool.
#[derive(Debug)]
pub(crate) struct Footer {
    /// Number.
    pub number: String,
    /// Lines of the page on which service and number stand.
    lines: (usize, usize),
}

impl Footer {
    /// Where the title stands; `None` when there is none.
    pub(crate) fn title(&self, page: &PageView<'_>) -> Option<Span> {
        footer_title(page, self.lines.0, self.lines.1)
    }
}

/// Lines from the end among which a footer begins.
const FOOT: usize = 12;

/// The footer of a page; the text frame of a scan may stand before or after the scan.
pub(crate) fn footer(page: &PageView<'_>) -> Option<Footer> {
    let count = page.lines.len();
    let near = (0..count.min(3)).chain(count.saturating_sub(FOOT).max(3.min(count))..count);
    near.into_iter().find_map(|i| {
        let single = number::in_footer_line(&page.lines[i]).map(|number| (number, i));
        let (number, last) =
            single.or_else(|| wrapped_footer(page, i).map(|number| (number, i + 1)))?;
        Some(Footer { number, lines: (i, last) })
    })
}

/// From the number to the page's own number: the title may go on with the next line.
fn footer_title(page: &PageView<'_>, first: usize, last: usize) -> Option<Span> {
    let folio = |i: usize| {
        let digits = page.lines[i].text.rsplit(|c: char| !c.is_ascii_digit()).next();
        digits.filter(|d| !d.is_empty() && d.parse() == Ok(page.number))
    };
    let until = (first..page.lines.len().min(last + 3)).find(|&i| i >= last && folio(i).is_some());
    let last = until.unwrap_or(last);
    let start = page.lines[first].start;
    let raw = page.chars(start, page.lines[last].end);
    let folded = Folded::new(raw);
    let (_, _, after) = number::in_footer(folded.as_str())?;
    let skipped = folded.as_str()[after..].find(|c: char| c.is_alphanumeric())?;
    let (from, _) = folded.span(after + skipped, after + skipped + 1);
    let words = slice_chars(raw, from, u32::MAX);
    let text = folio(last).and_then(|f| words.strip_suffix(f)).unwrap_or(words).trim_end();
    let len = text.chars().count() as u32;
    let (start, text) = (start + from, text.to_owned());
    (len > 3).then_some(Span { page: page.number, start, end: start + len, text })
}
