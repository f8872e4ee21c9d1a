//! A workbook with typed cells. Rows lie in a temporary file until the end: memory stays flat.

use std::io::{self, Write};

use chrono::{Datelike, NaiveDate, Timelike};
use rust_xlsxwriter::{ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError};

use super::ExportError;
use super::columns::{COLUMNS, Cell};
use super::fit::fitting;
use crate::published::PublishedAct;

/// Rows of a worksheet, heading included.
const MAX_ROWS: u32 = 1_048_576;

pub(super) struct Book {
    workbook: Workbook,
    day: Format,
    instant: Format,
    next_row: u32,
}

impl Book {
    pub(super) fn new() -> Result<Self, XlsxError> {
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet_with_constant_memory()?;
        sheet.set_name("Actes")?;
        sheet.set_freeze_panes(1, 0)?;
        let heading = Format::new().set_bold().set_align(FormatAlign::Top);
        for (i, column) in COLUMNS.iter().enumerate() {
            sheet.set_column_width(i as u16, width(column.name))?;
            sheet.write_string_with_format(0, i as u16, column.name, &heading)?;
        }
        Ok(Self {
            workbook,
            day: Format::new().set_num_format("dd/mm/yyyy"),
            instant: Format::new().set_num_format("dd/mm/yyyy hh:mm"),
            next_row: 1,
        })
    }

    pub(super) fn push(
        &mut self,
        acts: &[PublishedAct],
        base_url: &str,
    ) -> Result<(), ExportError> {
        let sheet = self.workbook.worksheet_from_index(0)?;
        for act in acts {
            if self.next_row == MAX_ROWS - 1 {
                let note = "Suite non exportée : une feuille ne tient pas plus de lignes. \
                            Exportez en CSV.";
                sheet.write_string(self.next_row, 0, note)?;
            } else if self.next_row < MAX_ROWS - 1 {
                for (i, column) in COLUMNS.iter().enumerate() {
                    let cell = (column.value)(act, base_url);
                    write_cell(sheet, self.next_row, i as u16, &cell, &self.day, &self.instant)?;
                }
            }
            self.next_row = self.next_row.saturating_add(1).min(MAX_ROWS);
        }
        Ok(())
    }

    pub(super) fn finish(mut self, out: &mut dyn Write) -> Result<(), ExportError> {
        let sheet = self.workbook.worksheet_from_index(0)?;
        sheet.autofilter(0, 0, self.next_row.min(MAX_ROWS) - 1, COLUMNS.len() as u16 - 1)?;
        let mut file = tempfile::tempfile()?;
        self.workbook.save_to_writer(&mut file)?;
        io::Seek::rewind(&mut file)?;
        io::copy(&mut file, out)?;
        Ok(out.flush()?)
    }
}

fn width(name: &str) -> f64 {
    match name {
        "titre" | "preuve" => 60.0,
        "adresse" | "source" | "pdf_archive" | "pdf_sha256" | "recueil" => 30.0,
        _ => 16.0,
    }
}

/// Text is written as a string cell, which no program takes for a formula.
fn write_cell(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    cell: &Cell,
    day: &Format,
    instant: &Format,
) -> Result<(), XlsxError> {
    match cell {
        Cell::Empty => return Ok(()),
        Cell::Text(text) => {
            let text: String = text.chars().filter(|c| valid(*c)).collect();
            sheet.write_string(row, column, fitting(&text))?
        }
        Cell::Integer(n) => sheet.write_number(row, column, *n as f64)?,
        Cell::Number(n) => sheet.write_number(row, column, *n)?,
        Cell::Day(date) => sheet.write_datetime_with_format(row, column, excel(*date)?, day)?,
        Cell::Instant(at) => {
            let local = excel(at.date_naive())?.and_hms(at.hour() as u16, at.minute() as u8, 0)?;
            sheet.write_datetime_with_format(row, column, local, instant)?
        }
    };
    Ok(())
}

fn excel(date: NaiveDate) -> Result<ExcelDateTime, XlsxError> {
    ExcelDateTime::from_ymd(date.year() as u16, date.month() as u8, date.day() as u8)
}

/// Characters that XML 1.0 allows.
fn valid(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}
