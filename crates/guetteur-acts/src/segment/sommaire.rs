//! The sommaire: which acts a bulletin announces.
//!
//! All layouts go through one reader of lines. A line opens an entry (a number, a table row, a
//! kind of act), ends one (`(3 pages) Page 3`, dotted leaders, a lone page number), names a
//! service, or goes on with the entry before.

use std::ops::RangeInclusive;

use chrono::NaiveDate;
use guetteur_model::Span;
use guetteur_model::dates::find_dates;
use guetteur_model::fold::fold;

use super::lexicon::{ARTICLE_ANY, CITES, KIND, LETTERHEAD, ORGANISATION, SOMMAIRE, VERB};
use super::number;
use super::page::{Line, PageView, compact};
use crate::parts::pattern;

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
pattern!(OPEN_LEADERS, r"(?s)\s*(?:(?:[.·_]\s?){4,}|…[.…\s]*)\s*$");
pattern!(SIGNED, r"(?is)\s*[-–]\s*signature (?:au|du|le) \d[^;]{4,20}\.?$");
pattern!(LONE_PAGE, r"(?s)\n\s*(\d{1,3})\s*$");
pattern!(TRAILING, r"(?s)[\s\p{L})](\d{1,4})\s*$");
pattern!(ROW, r"^(20\d\d/\d{3,6}?)\s*(\d{2}[/.]\d{2}[/.]20\d\d)\s*(.*)$");
pattern!(CELLS, r"^(?i:n\s?°\s?)?(\S*\d\S*)\s+(\d{2}[/.]\d{2}[/.]20\d\d)\b\s*(.*)$");
pattern!(ONLY_PAGE, r"^page (\d{1,4})$");
pattern!(ONLY_DATE, r"^\d{2}[/.]\d{2}[/.]20\d\d$");
pattern!(ONLY_NUMBER, r"^(?i:n\s?°\s?)?[A-Za-z0-9_.]*\d*[A-Za-z0-9_.]*[-/][A-Za-z0-9_./-]*\d$");
pattern!(PAGE_CELL, r"\s(\d{1,3})$");
pattern!(
    OPEN_WORD,
    r"(?:\b(?:de|du|des|le|la|les|et|a|au|aux|en|par|sur|pour|modifiant|abrogeant|portant|l'|d')|[,'-])$"
);

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
            || lines.iter().filter(|(_, l)| COUNTED.is_match(l.text)).count() > 1
        {
            Style::Numbered
        } else {
            Style::Sentences
        };
        let mut reader = Reader {
            pages,
            style,
            entries: Vec::new(),
            open: None,
            service: None,
            fresh_service: false,
            cell: None,
            page: first,
        };
        for (page, line) in lines {
            reader.line(page, line);
        }
        reader.close();
        let mut entries = reader.entries;
        take_trailing_pages(&mut entries, pages.len() as u32);
        entries.retain(|entry| compact(&entry.title).len() > 3 || entry.number.is_some());
        (!entries.is_empty()).then_some(Self { entries, pages: first..=last, style })
    }
}

/// Page and line after the word « Sommaire », or the first page that has its lines.
fn locate(pages: &[PageView<'_>]) -> Option<(usize, usize)> {
    let titled = pages.iter().take(12).enumerate().find_map(|(p, page)| {
        let at = page.lines.iter().position(|l| SOMMAIRE.is_match(&l.folded))?;
        Some((p, at + 1))
    });
    titled.or_else(|| {
        let lists = |page: &PageView<'_>| {
            page.lines
                .iter()
                .filter(|l| COUNTED.is_match(l.text) || LEADERS.is_match(l.text))
                .count()
        };
        let p = pages.iter().take(4).position(|page| lists(page) >= 2 && !is_prose(page))?;
        let first = pages[p].lines.iter().position(|l| {
            opens_numbered(l).is_some() || KIND.is_match(&l.folded) || LEADERS.is_match(l.text)
        });
        Some((p, first.unwrap_or(0)))
    })
}

fn is_prose(page: &PageView<'_>) -> bool {
    page.lines.iter().any(|l| CITES.is_match(&l.folded) || ARTICLE_ANY.is_match(&l.folded))
}

/// Whether a page after the sommaire's first goes on with it.
fn continues(page: &PageView<'_>) -> bool {
    let footer = page.lines.iter().any(|l| number::in_footer(&l.folded).is_some());
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
        .filter(|l| COUNTED.is_match(l.text) || LEADERS.is_match(l.text) || PAGED.is_match(l.text))
        .count();
    let sentences = page.lines.iter().filter(|l| opens_sentence(l)).count();
    numbered.count() > 0 || ended > 0 || sentences > 1
}

fn opens_numbered(line: &Line<'_>) -> Option<(String, usize)> {
    number::leading(&line.folded)
}

fn opens_sentence(line: &Line<'_>) -> bool {
    let capital = line.text.chars().find(|c| c.is_alphabetic()).is_some_and(char::is_uppercase);
    capital && KIND.is_match(&line.folded)
}

struct Open {
    entry: Entry,
    /// Folded last line.
    last: String,
    /// Whether a bullet opened it.
    bulleted: bool,
    ended: bool,
}

struct Reader<'p, 'a> {
    pages: &'p [PageView<'a>],
    style: Style,
    entries: Vec<Entry>,
    open: Option<Open>,
    service: Option<String>,
    /// The line before named a service: this one may go on with it.
    fresh_service: bool,
    /// A number alone on its line, until the next line shows whether it is a cell.
    cell: Option<String>,
    /// Index of the page being read.
    page: usize,
}

impl Reader<'_, '_> {
    fn line(&mut self, page: usize, line: &Line<'_>) {
        self.page = page;
        if is_table_head(line) || self.take_lone_cell(line) {
            return;
        }
        if let Some((number, rest)) = opens_numbered(line) {
            let entry = Entry { number: Some(number), ..Entry::default() };
            let skip = line.folded[..rest.min(line.folded.len())].chars().count();
            return self.start(page, line, entry, skip);
        }
        if let Some(cells) = ROW.captures(line.text).or_else(|| CELLS.captures(line.text)) {
            let title = cells.get(3).map_or("", |m| m.as_str());
            let skip = line.text.chars().count() - title.chars().count();
            let entry = Entry {
                own_number: cells.get(1).map(|m| m.as_str().to_owned()),
                signed_on: cells
                    .get(2)
                    .and_then(|m| find_dates(m.as_str()).first().map(|d| d.date)),
                ..Entry::default()
            };
            self.start(page, line, entry, skip);
            return self.take_page_cell();
        }
        let listed = line.text.starts_with(['-', '–', '•', '*', '·', '\u{f0b7}', '→', '►']);
        match &self.open {
            Some(open) if !open.ended => {
                if self.style == Style::Sentences && self.begins_another(open, line, listed) {
                    self.start(page, line, Entry::default(), bullet(line.text));
                } else if self.style == Style::Sentences
                    && !open.entry.title.is_empty()
                    && closes(open, line)
                    && is_service(line)
                {
                    self.close();
                    self.name_service(line);
                } else {
                    self.push(page, line, 0);
                }
            }
            _ if self.style == Style::Numbered => {
                if listed {
                    self.start(page, line, Entry::default(), bullet(line.text));
                } else {
                    self.close();
                    self.name_service(line);
                }
            }
            _ => self.line_between(page, line, listed),
        }
    }

    /// In a sentence list, with no entry open.
    fn line_between(&mut self, page: usize, line: &Line<'_>, listed: bool) {
        self.close();
        let ends =
            LEADERS.is_match(line.text) || COUNTED.is_match(line.text) || PAGED.is_match(line.text);
        let says = opens_sentence(line) || VERB.is_match(&line.folded);
        let sentence = line.text.ends_with('.') && !is_service(line);
        if listed || ends || sentence || (says && !is_service(line)) || opens_sentence(line) {
            self.start(page, line, Entry::default(), bullet(line.text));
        } else if is_service(line) || line.folded.len() < 100 {
            self.name_service(line);
        }
    }

    fn begins_another(&self, open: &Open, line: &Line<'_>, listed: bool) -> bool {
        if open.entry.title.trim().is_empty() {
            return false;
        }
        let waits = OPEN_WORD.is_match(&open.last);
        listed
            && open.bulleted
            && !waits
            && line.text.chars().nth(1).is_some_and(char::is_whitespace)
            || opens_sentence(line) && !waits
            || is_sentence_end(&open.last)
                && (line.text.starts_with(char::is_uppercase) || KIND.is_match(&line.folded))
                && !is_service(line)
    }

    fn name_service(&mut self, line: &Line<'_>) {
        let text = line.text.trim_end_matches(':').trim();
        if text.chars().all(|c| c.is_ascii_digit()) || is_table_head(line) {
            return;
        }
        let goes_on = self.fresh_service && !line.after_blank && !line.folded.is_empty();
        match &mut self.service {
            Some(service) if goes_on && service.len() < 200 => {
                // Sentence lists name the office on a line of its own below the service.
                let wrapped = self.style == Style::Numbered
                    || service.chars().count() > 60
                    || OPEN_WORD.is_match(fold(service).trim_end());
                service.push_str(if wrapped { " " } else { " / " });
                service.push_str(text);
            }
            service => *service = Some(text.to_owned()),
        }
        self.fresh_service = true;
    }

    fn start(&mut self, page: usize, line: &Line<'_>, mut entry: Entry, skip: usize) {
        self.close();
        entry.service.clone_from(&self.service);
        entry.on = page;
        self.fresh_service = false;
        self.open = Some(Open { entry, last: String::new(), bulleted: skip > 0, ended: false });
        self.push(page, line, skip);
    }

    /// Cells that extraction put on lines of their own: « Page 3 » after « (2 pages) », or number
    /// and date of a table's row.
    fn take_lone_cell(&mut self, line: &Line<'_>) -> bool {
        if let Some(page) = ONLY_PAGE.captures(&line.folded) {
            let open = self.open.as_mut().filter(|o| o.ended && o.entry.page.is_none());
            let Some(open) = open else { return false };
            open.entry.page = page.get(1).and_then(|m| m.as_str().parse().ok());
            return true;
        }
        let dated = ONLY_DATE.is_match(line.text);
        if self.style == Style::Sentences && !dated && ONLY_NUMBER.is_match(line.text) {
            self.cell = Some(line.text.to_owned());
            return true;
        }
        let number = self.cell.take();
        if number.is_none() || !dated {
            return false;
        }
        self.close();
        let entry = Entry {
            own_number: number,
            signed_on: find_dates(line.text).first().map(|d| d.date),
            service: self.service.clone(),
            on: self.page,
            ..Entry::default()
        };
        self.fresh_service = false;
        self.open = Some(Open { entry, last: String::new(), bulleted: false, ended: false });
        true
    }

    /// The last cell of a row, which stands at the end of the title's first line.
    fn take_page_cell(&mut self) {
        let most = self.pages.len() as u32 + 20;
        let Some(open) = self.open.as_mut().filter(|o| o.entry.page.is_none()) else { return };
        let Some(found) = PAGE_CELL.captures(&open.entry.title) else { return };
        let page = found.get(1).and_then(|m| m.as_str().parse().ok()).filter(|p| *p <= most);
        let at = found.get(0).map_or(open.entry.title.len(), |m| m.start());
        if page.is_some() {
            open.entry.page = page;
            open.entry.cell = open.entry.title[at..].trim().len();
            open.entry.title.truncate(at);
        }
    }

    /// Adds the line, without its first `skip` characters, to the open entry.
    fn push(&mut self, page: usize, line: &Line<'_>, skip: usize) {
        let Some(open) = &mut self.open else { return };
        let text: &str = line.text.char_indices().nth(skip).map_or("", |(i, _)| &line.text[i..]);
        let lead = text.chars().take_while(|c| c.is_whitespace()).count();
        let start = line.start + (skip + lead) as u32;
        let text = text.trim();
        if open.entry.title.len() > 2_000 {
            return;
        }
        if !open.entry.title.is_empty() {
            open.entry.title.push('\n');
        }
        open.entry.title.push_str(text);
        open.last.clone_from(&line.folded);
        let number = self.pages[page].number;
        match &mut open.entry.span {
            Some(span) if span.page == number => span.end = line.end,
            Some(_) => {}
            None if text.is_empty() => {}
            None => {
                open.entry.span =
                    Some(Span { page: number, start, end: line.end, text: String::new() });
            }
        }
        open.ended = take_end(&mut open.entry);
    }

    fn close(&mut self) {
        let Some(open) = self.open.take() else { return };
        let mut entry = open.entry;
        if let Some(m) = OPEN_LEADERS.find(&entry.title) {
            entry.title.truncate(m.start());
        }
        if let Some(m) = SIGNED.find(&entry.title) {
            let day = find_dates(&fold(m.as_str())).first().map(|d| d.date);
            entry.signed_on = entry.signed_on.or(day);
            entry.title.truncate(m.start());
        }
        fit_span(&mut entry, self.pages);
        self.entries.push(entry);
    }
}

/// Ends the span where the title ends: page counts and leaders do not belong to it.
fn fit_span(entry: &mut Entry, pages: &[PageView<'_>]) {
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
fn take_end(entry: &mut Entry) -> bool {
    let from = entry.title.char_indices().rev().nth(60).map_or(0, |(i, _)| i);
    let tail = &entry.title[from..];
    let parse = |m: regex::Match<'_>| m.as_str().parse().ok();
    if let Some(found) = COUNTED.captures(tail) {
        entry.page_count = found.get(1).and_then(parse);
        entry.page = found.get(2).and_then(parse);
        let at = from + found.get(0).map_or(tail.len(), |m| m.start());
        entry.title.truncate(at);
        return true;
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
fn take_trailing_pages(entries: &mut [Entry], pages: u32) {
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

/// « … autorisation. », not « M. » or « St. ».
fn is_sentence_end(folded: &str) -> bool {
    let word = folded.strip_suffix('.').map(|l| l.rsplit(' ').next().unwrap_or_default());
    word.is_some_and(|w| w.len() > 3)
}

/// Whether the open entry looks finished before `line`.
fn closes(open: &Open, line: &Line<'_>) -> bool {
    open.last.ends_with(['.', ';']) || line.after_blank || is_capitals(line.text)
}

fn is_service(line: &Line<'_>) -> bool {
    let organisation = ORGANISATION.is_match(&line.folded) || is_capitals(line.text);
    organisation
        && line.folded.len() < 140
        && !opens_sentence(line)
        && !VERB.is_match(&line.folded)
        && !line.text.ends_with(['.', ';', ','])
        && (line.text.starts_with(char::is_uppercase)
            || LETTERHEAD.is_match(&line.folded)
            || line.text.starts_with(|c: char| c.is_ascii_digit()))
}

/// « Arrêté Date INTITULÉ Page », glued or not, and the word « Sommaire » again.
fn is_table_head(line: &Line<'_>) -> bool {
    let words = compact(&line.folded);
    let cell = ["arreten", "numero", "date", "dates", "intitule", "page", "pages", "objet"];
    // « (2⏎pages) » ends an entry.
    let closes = line.folded.ends_with(')');
    SOMMAIRE.is_match(&line.folded)
        || cell.contains(&words.as_str()) && !closes
        || words.contains("intitule") && words.len() < 60
        || words.contains("dates") && words.contains("pages") && words.len() < 60
}

fn is_capitals(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphabetic());
    let (upper, all) = letters.fold((0, 0), |(u, a), c| (u + usize::from(c.is_uppercase()), a + 1));
    all >= 4 && upper * 10 >= all * 8
}

/// Characters of the bullet that opens a line.
fn bullet(text: &str) -> usize {
    text.chars().take_while(|c| !c.is_alphanumeric() && !matches!(c, '«' | '"' | '(')).count()
}
