//! CSV in two dialects, formulas defused.

use std::borrow::Cow;
use std::io::Write;

use super::columns::{Cell, Kind};
use super::fit::fitting;
use super::{ExportError, Table};
use crate::published::PublishedAct;

/// By it French Excel knows UTF-8.
const BOM: &[u8] = "\u{feff}".as_bytes();

/// For whom the CSV is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    /// A double click in French Excel: BOM, `;`, decimal comma.
    FrenchExcel,
    /// Programs.
    Rfc4180,
}

impl Dialect {
    fn writer<W: Write>(self, out: W) -> csv::Writer<W> {
        let delimiter = match self {
            Self::FrenchExcel => b';',
            Self::Rfc4180 => b',',
        };
        // For programs each cell comes as it is to be written.
        let quotes = match self {
            Self::FrenchExcel => csv::QuoteStyle::Necessary,
            Self::Rfc4180 => csv::QuoteStyle::Never,
        };
        csv::WriterBuilder::new()
            .delimiter(delimiter)
            .quote_style(quotes)
            .terminator(csv::Terminator::CRLF)
            .from_writer(out)
    }

    pub(super) fn write_header(self, table: Table, out: &mut dyn Write) -> Result<(), ExportError> {
        if self == Self::FrenchExcel {
            out.write_all(BOM)?;
        }
        let mut writer = self.writer(out);
        writer.write_record(table.headings().iter().map(|(name, _)| name))?;
        Ok(writer.flush()?)
    }

    pub(super) fn write_rows(
        self,
        table: Table,
        acts: &[PublishedAct],
        base_url: &str,
        out: &mut dyn Write,
    ) -> Result<(), ExportError> {
        let mut writer = self.writer(out);
        let headings = table.headings();
        table.rows(acts, base_url, |row| {
            for (cell, (_, kind)) in row.zip(&headings) {
                writer.write_field(self.written(cell, *kind))?;
            }
            writer.write_record(None::<&[u8]>)
        })?;
        Ok(writer.flush()?)
    }

    /// A cell of a column. For programs all words are quoted: LibreOffice can be told to take what is quoted
    /// for text, and readers see what is a number and what a code.
    fn written(self, cell: Cell, kind: Kind) -> String {
        let words = matches!(kind, Kind::Text | Kind::DayOrInstant) && cell != Cell::Empty;
        let shown = self.show(cell);
        match words && self == Self::Rfc4180 {
            true => format!("\"{}\"", shown.replace('"', "\"\"")),
            false => shown,
        }
    }

    fn show(self, cell: Cell) -> String {
        match cell {
            Cell::Empty => String::new(),
            Cell::Text(text) if self == Self::Rfc4180 => defused(&text).into_owned(),
            Cell::Text(text) => fitting(&defused(&text)).into_owned(),
            Cell::Integer(n) => n.to_string(),
            Cell::Number(n) if self == Self::FrenchExcel => n.to_string().replace('.', ","),
            // With its point also where it is whole: by the first lines the column is one of numbers.
            Cell::Number(n) => format!("{n:?}"),
            Cell::Day(day) => day.to_string(),
            Cell::Instant(at) => at.format("%Y-%m-%dT%H:%M:%S%:z").to_string(),
        }
    }
}

/// A table for French Excel.
///
/// # Errors
/// When `out` cannot be written.
pub fn write_csv<R: IntoIterator<Item = Cell>>(
    names: &[&str],
    rows: impl IntoIterator<Item = R>,
    out: &mut dyn Write,
) -> Result<(), ExportError> {
    out.write_all(BOM)?;
    let names = names.iter().map(|name| Cell::Text((*name).to_owned()));
    append_csv([names], out)?;
    append_csv(rows, out)
}

/// More rows of such a table.
///
/// # Errors
/// When `out` cannot be written.
pub fn append_csv<R: IntoIterator<Item = Cell>>(
    rows: impl IntoIterator<Item = R>,
    out: &mut dyn Write,
) -> Result<(), ExportError> {
    let dialect = Dialect::FrenchExcel;
    let mut writer = dialect.writer(out);
    for row in rows {
        writer.write_record(row.into_iter().map(|cell| dialect.show(cell)))?;
    }
    Ok(writer.flush()?)
}

/// Text that no spreadsheet takes for a formula: a leading apostrophe where it begins like one
/// (`=` `+` `-` `@`, their full-width forms, tab, line ends), or does so after blanks.
#[must_use]
pub fn defused(text: &str) -> Cow<'_, str> {
    let risky = |c: char| matches!(c, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠');
    let begins_with_control = text.starts_with(['\t', '\r', '\n', '\0']);
    if begins_with_control || text.trim_start().starts_with(risky) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_defused() {
        let formulas = [
            "=1+1",
            "=cmd|'/C calc'!A0",
            "+33 1",
            "-2+3",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "\n=1",
            " =1",
            "\u{a0}=1",
            "＝1",
            "=HYPERLINK(\"http://x\";\"y\")",
            "-",
        ];
        for formula in formulas {
            assert_eq!(defused(formula), format!("'{formula}"), "{formula:?}");
        }
        for plain in ["", "Arrêté n° 1", "a=b", "'=1", "2025-00626", "«=1»"] {
            assert_eq!(defused(plain), plain);
        }
    }

    #[test]
    fn numbers_follow_the_dialect() {
        assert_eq!(Dialect::FrenchExcel.show(Cell::Number(-3.5)), "-3,5");
        assert_eq!(Dialect::Rfc4180.show(Cell::Number(-3.5)), "-3.5");
        assert_eq!(Dialect::FrenchExcel.show(Cell::Number(36.0)), "36");
        assert_eq!(Dialect::Rfc4180.show(Cell::Number(36.0)), "36.0");
    }

    #[test]
    fn programs_get_words_in_quotes_and_long_ones_whole() {
        let text = |text: &str| Cell::Text(text.to_owned());
        let written = |cell, kind| Dialect::Rfc4180.written(cell, kind);
        assert_eq!(written(text("01"), Kind::Text), "\"01\"");
        assert_eq!(written(text("« a » \"b\",\n"), Kind::Text), "\"« a » \"\"b\"\",\n\"");
        let day = Cell::Day("2026-08-14".parse().expect("day"));
        assert_eq!(written(day.clone(), Kind::Day), "2026-08-14");
        assert_eq!(written(day, Kind::DayOrInstant), "\"2026-08-14\"", "others have hours");
        assert_eq!(written(Cell::Empty, Kind::Text), "", "nothing, as against an empty text");
        assert_eq!(written(Cell::Integer(1), Kind::Integer), "1");
        let long = "é".repeat(40_000);
        assert_eq!(written(text(&long), Kind::Text).chars().count(), 40_002);
        assert!(Dialect::FrenchExcel.written(text(&long), Kind::Text).contains("coupé"));
    }
}
