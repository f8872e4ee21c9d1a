//! Lines to entries.

use guetteur_model::Span;
use guetteur_model::dates::find_dates;
use guetteur_model::fold::fold;

use super::super::lexicon::{KIND, LETTERHEAD, ORGANISATION, SOMMAIRE, VERB};
use super::super::page::{Line, PageView, compact};
use super::ends::{fit_span, take_end};
use super::{Entry, Style, is_counted, is_led, is_paged, opens_numbered, opens_sentence};
use crate::parts::pattern;

pattern!(OPEN_LEADERS, r"(?s)\s*(?:(?:[.·_]\s?){4,}|…[.…\s]*)\s*$");

pattern!(SIGNED, r"(?is)\s*[-–]\s*signature (?:au|du|le) \d[^;]{4,20}\.?$");

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

struct Open {
    entry: Entry,
    /// Folded last line.
    last: String,
    /// Whether a bullet opened it.
    bulleted: bool,
    ended: bool,
}

pub(super) struct Reader<'p, 'a> {
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

impl<'p, 'a> Reader<'p, 'a> {
    pub(super) fn new(pages: &'p [PageView<'a>], style: Style, page: usize) -> Self {
        Self {
            pages,
            style,
            entries: Vec::new(),
            open: None,
            service: None,
            fresh_service: false,
            cell: None,
            page,
        }
    }

    /// The entries, the last one closed.
    pub(super) fn entries(mut self) -> Vec<Entry> {
        self.close();
        self.entries
    }

    pub(super) fn line(&mut self, page: usize, line: &Line<'_>) {
        self.page = page;
        if is_table_head(line) || self.take_lone_cell(line) {
            return;
        }
        if let Some((number, rest)) = opens_numbered(line) {
            let entry = Entry { number: Some(number), ..Entry::default() };
            let skip = line.folded[..rest.min(line.folded.len())].chars().count();
            return self.start(page, line, entry, skip);
        }
        let cells = || ROW.captures(line.text).or_else(|| CELLS.captures(line.text));
        let dated = line.text.contains("/20") || line.text.contains(".20");
        if let Some(cells) = dated.then(cells).flatten() {
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
        let ends = is_led(line.text) || is_counted(line.text) || is_paged(line.text);
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
                && (line.text.starts_with(char::is_uppercase) || KIND.is_match(line))
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
            || LETTERHEAD.is_match(line)
            || line.text.starts_with(|c: char| c.is_ascii_digit()))
}

/// « Arrêté Date INTITULÉ Page », glued or not, and the word « Sommaire » again.
fn is_table_head(line: &Line<'_>) -> bool {
    let words = compact(&line.folded);
    let cell = ["arreten", "numero", "date", "dates", "intitule", "page", "pages", "objet"];
    // « (2⏎pages) » ends an entry.
    let closes = line.folded.ends_with(')');
    SOMMAIRE.is_match(line)
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
