//! Cells of tables that extraction tore off.

use guetteur_model::dates::find_dates;

use super::super::super::page::Line;
use super::super::Entry;
use super::super::line::is_day;
use super::{EntryReader, Open};
use crate::parts::pattern;

pattern!(ONLY_PAGE, r"^(?:page|p\.) ?(\d{1,4})$");

pattern!(ONLY_NUMBER, r"^(?i:n\s?°\s?)?[A-Za-z0-9_.]*\d*[A-Za-z0-9_.]*[-/][A-Za-z0-9_./-]*\d$");

pattern!(PAGE_CELL, r"\s(\d{1,3})$");

impl EntryReader<'_, '_> {
    /// Cells that extraction put on lines of their own: « Page 3 » after « (2 pages) », or number
    /// and date of a table's row.
    pub(super) fn take_lone_cell(&mut self, line: &Line<'_>) -> bool {
        if let Some(page) = ONLY_PAGE.captures(&line.folded) {
            let open = self.open.as_mut().filter(|o| o.ended && o.entry.page.is_none());
            let Some(open) = open else { return false };
            open.entry.page = page.get(1).and_then(|m| m.as_str().parse().ok());
            return true;
        }
        let dated = is_day(line);
        if self.dated && !dated && ONLY_NUMBER.is_match(line.text) {
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
        self.open = Some(Open {
            entry,
            last: String::new(),
            bulleted: false,
            labelled: false,
            ended: false,
        });
        true
    }

    /// The last cell of a row, which stands at the end of the title's first line.
    pub(super) fn take_page_cell(&mut self) {
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
}
