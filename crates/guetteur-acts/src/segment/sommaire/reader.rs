//! Lines to entries.

mod cells;

use guetteur_model::Span;
use guetteur_model::dates::find_dates;
use guetteur_model::fold::fold;
use guetteur_model::furniture::names_bulletin;

use super::super::label;
use super::super::lexicon::{IMPRINT, KIND, VERB};
use super::super::number;
use super::super::page::{Line, PageView};
use super::ends::{Folios, fit_span, take_end, take_folio};
use super::line::{
    CITES_NEXT, HEADS, OPEN_WORD, bullet, ends_with_page, is_capitals, is_cited, is_counted,
    is_listed, is_rubric, is_sentence_end, is_service, is_table_head, opens_numbered,
    opens_sentence, paged_service, row_cells, without_leaders,
};
use super::{Entry, Style};
use crate::parts::pattern;
use crate::title::is_designation;

pattern!(OPEN_LEADERS, r"(?s)\s*(?:(?:[.·_]\s?){4,}|…[.…\s]*)\s*$");

pattern!(SIGNED, r"(?is)(?:\s*[-–]\s*|\s*\n\s*)signature (?:au|du|le) \d[^;]{4,20}\.?$");

// A remark on the entry before it.
pattern!(
    REMARK,
    r"^[^a-z0-9]{0,3}(?:(?:cette|cet|ce|ces) |(?:annule|abroge) et remplace|modifie\b)"
);
// Lines that name a service where nothing ends the entry before them.
pattern!(
    OFFICE,
    r"^(?:direction|services? (?:de|du|interm|depart)|prefecture|sous-prefecture|secretariat general|agence|cabinet|delegation (?:territ|depart)|centre hospitalier|academie|rectorat|dd[a-z]{1,6} -|dr[a-z]{2,6} -)"
);

struct Open {
    entry: Entry,
    /// Folded last line.
    last: String,
    /// Whether a bullet opened it.
    bulleted: bool,
    /// Whether a number behind a label opened it.
    labelled: bool,
    ended: bool,
}

pub(super) struct EntryReader<'p, 'a> {
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
    /// Bare page numbers at the ends of lines.
    pub(super) folios: Folios,
    /// Page numbers before the kinds of acts.
    pub(super) leading_folios: Folios,
    /// Entries end with their pages: until then nothing but the kind of an act ends one.
    pub(super) paged: bool,
    /// Days stand on lines of their own, and so may numbers.
    pub(super) dated: bool,
    /// Services have pages and entries none: « Cabinet p 4 ».
    pub(super) paged_services: bool,
    /// The page that the leaders of the service name.
    service_page: Option<u32>,
    /// The line before was the bulletin's own.
    imprint: bool,
}

impl<'p, 'a> EntryReader<'p, 'a> {
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
            folios: Folios::new(),
            leading_folios: Folios::new(),
            paged: false,
            dated: false,
            paged_services: false,
            service_page: None,
            imprint: false,
        }
    }

    /// The entries, the last one closed.
    pub(super) fn entries(mut self) -> Vec<Entry> {
        self.close();
        self.entries
    }

    /// Reads a line; `ahead` is the page that the next leaders give.
    pub(super) fn line(&mut self, page: usize, line: &Line<'_>, ahead: Option<u32>) {
        self.page = page;
        if self.passes_over(line) || self.take_lone_cell(line) {
            return;
        }
        if let Some((number, rest)) =
            opens_numbered(line).filter(|(_, rest)| !self.cites(line, *rest))
        {
            let entry = Entry { number: Some(number), ..Entry::default() };
            let skip = line.folded[..rest.min(line.folded.len())].chars().count();
            return self.start(page, line, entry, skip);
        }
        if self.take_labelled(page, line) {
            return;
        }
        if let Some((own, skip)) = label::own(line).filter(|_| !self.waits()) {
            return self.start(
                page,
                line,
                Entry { own_number: Some(own), ..Entry::default() },
                skip,
            );
        }
        if let Some(service) = paged_service(line).filter(|_| self.paged_services && !self.waits())
        {
            self.close();
            return self.name_service(&service);
        }
        if let Some(&folio) = self.leading_folios.get(&(page, line.start)) {
            let figures = line.text.bytes().take_while(u8::is_ascii_digit).count();
            let entry = Entry { page: Some(folio), ..Entry::default() };
            return self.start(page, line, entry, figures);
        }
        if let Some(cells) = row_cells(line.text) {
            let title = cells.get(3).map_or("", |m| m.as_str());
            let skip = line.text.chars().count() - title.chars().count();
            let entry = Entry {
                own_number: cells.get(1).map(|m| number::unbroken(m.as_str())),
                signed_on: cells
                    .get(2)
                    .and_then(|m| find_dates(m.as_str()).first().map(|d| d.date)),
                ..Entry::default()
            };
            self.start(page, line, entry, skip);
            return self.take_page_cell();
        }
        if self.style == Style::Sentences && self.goes_on_led(page, line, ahead) {
            return;
        }
        match &self.open {
            Some(open) if !open.ended => {
                if self.style == Style::Sentences && self.begins_another(open, line) {
                    self.start(page, line, Entry::default(), bullet(line));
                } else if self.style == Style::Sentences && self.is_closed_by(open, line) {
                    self.close();
                    self.name_service(line);
                } else {
                    self.push(page, line, 0);
                }
            }
            _ if self.style == Style::Numbered => {
                if is_listed(line) || stands_unnumbered(line) {
                    self.start(page, line, Entry::default(), bullet(line));
                } else {
                    self.close();
                    self.name_service(line);
                }
            }
            _ => self.line_between(page, line),
        }
    }

    /// Whether the open entry goes on with whatever comes.
    fn waits(&self) -> bool {
        let open = self.open.as_ref().filter(|open| !open.ended);
        open.is_some_and(|open| open.entry.title.is_empty() || OPEN_WORD.is_match(&open.last))
    }

    /// Heads of tables, and what the bulletin says of itself.
    fn passes_over(&mut self, line: &Line<'_>) -> bool {
        let waits = self.open.as_ref().is_some_and(|o| !o.ended && OPEN_WORD.is_match(&o.last));
        let goes_on = self.imprint && !line.text.starts_with(char::is_uppercase);
        let remarks =
            |o: &Open| !o.ended && is_sentence_end(&o.last) && REMARK.is_match(&line.folded);
        let remark = self.open.as_ref().is_some_and(remarks);
        let bulletin = names_bulletin(line.text);
        let says = bulletin || IMPRINT.is_match(line) || remark || goes_on && !is_listed(line);
        self.imprint = !waits && says;
        if self.imprint {
            self.close();
        }
        self.imprint || is_table_head(line)
    }

    /// « N° d'acte : 54-… – Arrêté … »: an entry, unless an entry is open that begins otherwise and
    /// so may cite that number. Where sentences are the style, the kind of an act opens one anyway.
    fn take_labelled(&mut self, page: usize, line: &Line<'_>) -> bool {
        let Some(found) = label::read(line) else { return false };
        let open = self.open.as_ref().filter(|open| !open.ended);
        let cited = open.is_some_and(|open| {
            let alike = open.labelled && !open.entry.title.is_empty() && found.opens;
            !alike || OPEN_WORD.is_match(&open.last) || CITES_NEXT.is_match(&open.last)
        });
        if cited || found.kind && self.style == Style::Sentences {
            return false;
        }
        self.start(
            page,
            line,
            Entry { number: Some(found.number), ..Entry::default() },
            found.skip,
        );
        if let Some(open) = &mut self.open {
            open.labelled = true;
        }
        true
    }

    /// Whether a number at the start of a line is another act's, which the open entry cites.
    fn cites(&self, line: &Line<'_>, rest: usize) -> bool {
        let open = self.open.as_ref().filter(|o| !o.ended && !o.entry.title.is_empty());
        open.is_some_and(|open| is_cited(&open.last, &line.folded, rest))
    }

    /// Tables of contents made by a word processor: each line has leaders, and services too.
    fn goes_on_led(&mut self, page: usize, line: &Line<'_>, ahead: Option<u32>) -> bool {
        let Some((words, folio)) = without_leaders(line) else { return false };
        let open = match &self.open {
            Some(open) if !open.ended => return false,
            open => open.as_ref(),
        };
        if words.folded.is_empty() {
            return true;
        }
        let opens = opens_sentence(&words);
        let heads = ahead == Some(folio);
        let service = !opens
            && (is_service(&words) && (heads || is_capitals(words.text))
                || heads && is_rubric(&words));
        let goes_on = open.is_some_and(|open| {
            let same = open.entry.page == Some(folio);
            is_designation(&open.entry.title) || same && words.text.starts_with(char::is_lowercase)
        });
        let office = self.fresh_service && self.service_page == Some(folio);
        if !opens && goes_on && !service {
            self.push(page, line, 0);
        } else if service || !opens && office && !VERB.is_match(&words.folded) {
            self.close();
            self.name_service(&words);
            self.service_page = Some(folio);
        } else {
            return false;
        }
        true
    }

    /// In a sentence list, with no entry open.
    fn line_between(&mut self, page: usize, line: &Line<'_>) {
        self.close();
        let ends = ends_with_page(line.text)
            || is_counted(line.text)
            || self.folios.contains_key(&(page, line.start));
        let says = opens_sentence(line) || VERB.is_match(&line.folded);
        let sentence = line.text.ends_with('.') && !is_service(line);
        // The kind of an act is missing: the line is too long for a service.
        let sentence = sentence || self.paged && line.folded.len() > 50 && !is_service(line);
        if is_listed(line)
            || ends
            || sentence
            || (says && !is_service(line))
            || opens_sentence(line)
        {
            self.start(page, line, Entry::default(), bullet(line));
        } else if is_service(line) || line.folded.len() < 100 {
            self.name_service(line);
        }
    }

    fn begins_another(&self, open: &Open, line: &Line<'_>) -> bool {
        if open.entry.title.trim().is_empty() {
            return false;
        }
        let waits = OPEN_WORD.is_match(&open.last);
        let item = is_listed(line) && open.bulleted && !open.last.ends_with(':');
        item && !waits && line.text.chars().nth(1).is_some_and(char::is_whitespace)
            || opens_sentence(line) && !waits && (!self.paged || HEADS.is_match(&line.folded))
            || !self.paged
                && is_sentence_end(&open.last)
                && (line.text.starts_with(char::is_uppercase) || KIND.is_match(line))
                && !is_service(line)
    }

    /// Whether `line` names a service below an entry that looks finished.
    fn is_closed_by(&self, open: &Open, line: &Line<'_>) -> bool {
        let capitals = is_capitals(line.text);
        let finished = if self.paged {
            line.after_blank && capitals
        } else {
            let office = OFFICE.is_match(&line.folded) && !open.last.ends_with(',');
            open.last.ends_with(['.', ';']) || line.after_blank || capitals || office
        };
        !open.entry.title.is_empty()
            && finished
            && !OPEN_WORD.is_match(&open.last)
            && is_service(line)
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
        let bulleted = is_listed(line);
        self.open =
            Some(Open { entry, last: String::new(), bulleted, labelled: false, ended: false });
        self.push(page, line, skip);
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
        open.ended = take_end(&mut open.entry) || line.folded.starts_with("signature ");
        let folio = self.folios.get(&(page, line.start)).filter(|_| !open.ended);
        if let Some(folio) = folio {
            take_folio(&mut open.entry, *folio);
            open.ended = true;
        }
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

/// Among numbered entries, an act without a number: its kind, and what it does or its pages. « ARRÊTÉS
/// PORTANT DÉLÉGATION » is a rubric.
fn stands_unnumbered(line: &Line<'_>) -> bool {
    let rubric = || is_capitals(line.text) || line.folded.starts_with("arretes ");
    let says = || is_counted(line.text) || VERB.is_match(&line.folded) && !rubric();
    opens_sentence(line) && HEADS.is_match(&line.folded) && says()
}
