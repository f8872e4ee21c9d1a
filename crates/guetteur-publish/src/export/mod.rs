//! Exports: one line an act (CSV, XLSX, JSON Lines), one line an act × commune, both tables as a data
//! package, with flat memory over any size; all of it as an SQLite file (`database.rs`); and the evidence of
//! one act (`bundle.rs`).
//!
//! [`Exporter`] takes acts in batches and writes to any `Write`: the site streams it, the command
//! line writes it to stdout. What the columns mean is `columns.rs`. To add a format: a variant of
//! [`Format`] and a file beside `csv.rs`.

pub mod bundle;
mod columns;
mod communes;
mod csv;
mod database;
mod fit;
mod jsonl;
mod package;
mod schema;
mod xlsx;

use std::io::{self, Write};
use std::str::FromStr;

pub use columns::{COLUMNS, Cell, Column, Kind, SEPARATOR};
pub use communes::{COMMUNE_COLUMNS, CommuneColumn};
pub use csv::{append_csv, defused, write_csv};
pub use database::{database_layout, write_database};
pub use schema::table_schema;

use crate::published::PublishedAct;

/// What an export is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// CSV as French Excel opens it: UTF-8 with BOM, `;`, decimal comma.
    Csv,
    /// CSV of RFC 4180: UTF-8, `,`, decimal point, CRLF.
    PlainCsv,
    /// A workbook with typed cells.
    Xlsx,
    /// One JSON object a line.
    JsonLines,
    /// Both tables and their description in a zip.
    Package,
}

impl Format {
    /// Media type.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Csv | Self::PlainCsv => "text/csv; charset=utf-8; header=present",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::JsonLines => "application/jsonl; charset=utf-8",
            Self::Package => "application/zip",
        }
    }

    /// Suffix of the file and of the address.
    #[must_use]
    pub fn suffix(self) -> &'static str {
        match self {
            Self::Csv | Self::PlainCsv => "csv",
            Self::Xlsx => "xlsx",
            Self::JsonLines => "jsonl",
            Self::Package => "zip",
        }
    }
}

/// Not the name of an export format.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown export format « {0} »: csv, rfc4180, xlsx, jsonl or zip")]
pub struct UnknownFormat(String);

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(s: &str) -> Result<Self, UnknownFormat> {
        match s {
            "csv" => Ok(Self::Csv),
            "rfc4180" => Ok(Self::PlainCsv),
            "xlsx" => Ok(Self::Xlsx),
            "jsonl" => Ok(Self::JsonLines),
            "zip" => Ok(Self::Package),
            _ => Err(UnknownFormat(s.to_owned())),
        }
    }
}

/// Why an export stopped.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The reader went away or the disk is full.
    #[error("writing the export failed: {0}")]
    Io(#[from] io::Error),
    /// A row could not be written as CSV.
    #[error("writing the export as CSV failed: {0}")]
    Csv(#[from] ::csv::Error),
    /// A row could not be written as JSON.
    #[error("writing the export as JSON failed: {0}")]
    Json(#[from] serde_json::Error),
    /// The workbook could not be built.
    #[error("writing the export as XLSX failed: {0}")]
    Xlsx(#[from] rust_xlsxwriter::XlsxError),
    /// The zip could not be built.
    #[error("writing the export as zip failed: {0}")]
    Zip(#[from] zip::result::ZipError),
    /// The SQLite file could not be written.
    #[error("writing the export as SQLite failed: {0}")]
    Database(#[from] sqlx::Error),
    /// The acts could not be found or read.
    #[error("reading the acts to export failed: {0}")]
    Catalogue(#[from] crate::catalogue::CatalogueError),
}

/// What an export has one line of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Table {
    /// An act.
    #[default]
    Acts,
    /// A commune that an act names. CSV only.
    Communes,
}

impl Table {
    /// Headings, and what stands under them.
    fn headings(self) -> Vec<(&'static str, Kind)> {
        match self {
            Self::Acts => COLUMNS.iter().map(|column| (column.name, column.kind)).collect(),
            Self::Communes => {
                COMMUNE_COLUMNS.iter().map(|column| (column.name, column.kind)).collect()
            }
        }
    }

    /// Hands over the cells of each line.
    fn rows<E>(
        self,
        acts: &[PublishedAct],
        base_url: &str,
        mut write: impl FnMut(&mut dyn Iterator<Item = Cell>) -> Result<(), E>,
    ) -> Result<(), E> {
        for act in acts {
            match self {
                Self::Acts => write(&mut COLUMNS.iter().map(|c| (c.value)(act, base_url)))?,
                Self::Communes => {
                    for commune in &act.facts.communes {
                        let cell = |c: &CommuneColumn| (c.value)(act, commune, base_url);
                        write(&mut COMMUNE_COLUMNS.iter().map(cell))?;
                    }
                }
            }
        }
        Ok(())
    }
}

/// Writes acts in batches. Memory does not grow with their number: a workbook keeps its rows in a
/// temporary file until [`Exporter::finish`].
pub struct Exporter {
    base_url: String,
    kind: Writer,
}

enum Writer {
    Csv(csv::Dialect, Table),
    JsonLines,
    Package(Box<package::Package>),
    Xlsx(Box<xlsx::Book>),
}

impl Exporter {
    /// Begins an export: writes what comes before the first row. `base_url` is the site's address,
    /// for the columns that hold links.
    ///
    /// # Errors
    /// When `out` cannot be written.
    pub fn begin(
        format: Format,
        table: Table,
        base_url: &str,
        out: &mut dyn Write,
    ) -> Result<Self, ExportError> {
        let kind = match format {
            Format::Csv => Writer::Csv(csv::Dialect::FrenchExcel, table),
            Format::PlainCsv => Writer::Csv(csv::Dialect::Rfc4180, table),
            Format::Package => Writer::Package(Box::new(package::Package::begin(out)?)),
            Format::JsonLines => Writer::JsonLines,
            Format::Xlsx => Writer::Xlsx(Box::new(xlsx::Book::new()?)),
        };
        if let Writer::Csv(dialect, table) = &kind {
            dialect.write_header(*table, out)?;
        }
        Ok(Self { base_url: base_url.trim_end_matches('/').to_owned(), kind })
    }

    /// Writes acts.
    ///
    /// # Errors
    /// When `out` cannot be written.
    pub fn push(&mut self, acts: &[PublishedAct], out: &mut dyn Write) -> Result<(), ExportError> {
        match &mut self.kind {
            Writer::Csv(dialect, table) => dialect.write_rows(*table, acts, &self.base_url, out),
            Writer::Package(package) => package.push(acts, &self.base_url, out),
            Writer::JsonLines => jsonl::write_rows(acts, &self.base_url, out),
            Writer::Xlsx(book) => book.push(acts, &self.base_url),
        }
    }

    /// Writes what comes after the last row; for a workbook, everything.
    ///
    /// # Errors
    /// When `out` cannot be written.
    pub fn finish(self, out: &mut dyn Write) -> Result<(), ExportError> {
        match self.kind {
            Writer::Xlsx(book) => book.finish(out),
            Writer::Package(package) => package.finish(&self.base_url, out),
            Writer::Csv(..) | Writer::JsonLines => Ok(out.flush()?),
        }
    }
}
