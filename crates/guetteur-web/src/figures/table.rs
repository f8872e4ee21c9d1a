//! The numbers behind a drawing: shown on the page, written as CSV and JSON from the same rows.

use serde::Serialize;
use serde_json::{Map, Value, json};

use guetteur_publish::export::{Cell, ExportError, write_csv};
use guetteur_publish::french;

/// What a column is called, by programs and by readers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Column {
    /// In CSV and JSON. A contract: never renamed.
    pub(crate) key: &'static str,
    /// On the page.
    pub(crate) label: &'static str,
    /// Whether its numbers are per cent.
    pub(crate) percent: bool,
}

/// A column of words, days or counts.
pub(crate) const fn column(key: &'static str, label: &'static str) -> Column {
    Column { key, label, percent: false }
}

/// A column of shares.
pub(crate) const fn percent(key: &'static str, label: &'static str) -> Column {
    Column { key, label, percent: true }
}

/// A value, and where it can be checked.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) cell: Cell,
    pub(crate) href: Option<String>,
}

impl Entry {
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self { cell: Cell::Text(text.into()), href: None }
    }

    pub(crate) fn none() -> Self {
        Self { cell: Cell::Empty, href: None }
    }

    pub(crate) fn count(count: u64) -> Self {
        Self { cell: Cell::Integer(i64::try_from(count).unwrap_or(i64::MAX)), href: None }
    }

    pub(crate) fn day(day: chrono::NaiveDate) -> Self {
        Self { cell: Cell::Day(day), href: None }
    }

    /// A share in per cent, rounded to a tenth; nothing where there is nothing to share.
    pub(crate) fn share(part: u64, whole: u64) -> Self {
        let cell = if whole == 0 { Cell::Empty } else { Cell::Number(per_cent(part, whole)) };
        Self { cell, href: None }
    }

    pub(crate) fn link(self, href: impl Into<String>) -> Self {
        Self { href: Some(href.into()), ..self }
    }

    /// A link where there is something to see.
    pub(crate) fn link_unless_zero(self, href: impl Into<String>) -> Self {
        match self.cell {
            Cell::Empty | Cell::Integer(0) => self,
            _ => self.link(href),
        }
    }
}

/// `part` of `whole` in per cent, to a tenth.
#[expect(clippy::cast_precision_loss, reason = "counts of acts")]
pub(crate) fn per_cent(part: u64, whole: u64) -> f64 {
    (part as f64 * 1000.0 / whole.max(1) as f64).round() / 10.0
}

/// Rows under headings.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    pub(crate) caption: String,
    pub(crate) columns: Vec<Column>,
    /// As many entries each as there are columns; the first says what the row is about.
    pub(crate) rows: Vec<Vec<Entry>>,
}

/// A table as a page shows it.
#[derive(Serialize)]
pub(crate) struct TableView {
    caption: String,
    columns: Vec<Heading>,
    rows: Vec<Vec<Shown>>,
}

#[derive(Serialize)]
struct Heading {
    label: &'static str,
    number: bool,
}

#[derive(Serialize)]
struct Shown {
    text: String,
    number: bool,
    href: Option<String>,
}

impl Table {
    pub(crate) fn view(&self) -> TableView {
        let number = |nth: usize| {
            let mut cells = self.rows.iter().filter_map(|row| Some(&row.get(nth)?.cell));
            cells.any(|cell| matches!(cell, Cell::Integer(_) | Cell::Number(_)))
        };
        let headings = self.columns.iter().enumerate();
        let columns: Vec<Heading> =
            headings.map(|(i, c)| Heading { label: c.label, number: number(i) }).collect();
        let shown = |row: &Vec<Entry>| {
            let entries = row.iter().zip(self.columns.iter().zip(&columns));
            entries
                .map(|(entry, (column, heading))| Shown {
                    text: show(&entry.cell, column.percent),
                    number: heading.number,
                    href: entry.href.clone(),
                })
                .collect()
        };
        TableView {
            caption: self.caption.clone(),
            rows: self.rows.iter().map(shown).collect(),
            columns,
        }
    }

    /// As French Excel opens it.
    ///
    /// # Errors
    /// When a row cannot be written.
    pub(crate) fn to_csv(&self) -> Result<Vec<u8>, ExportError> {
        let names: Vec<&str> = self.columns.iter().map(|column| column.key).collect();
        let mut out = Vec::new();
        let cells = self.rows.iter().map(|row| row.iter().map(|entry| entry.cell.clone()));
        write_csv(&names, cells, &mut out)?;
        Ok(out)
    }

    /// An object a row.
    pub(crate) fn to_json(&self) -> Value {
        let object = |row: &Vec<Entry>| {
            let pairs = self.columns.iter().zip(row);
            let pairs = pairs.map(|(column, entry)| (column.key.to_owned(), plain(&entry.cell)));
            Value::Object(pairs.collect::<Map<_, _>>())
        };
        self.rows.iter().map(object).collect()
    }
}

fn show(cell: &Cell, percent: bool) -> String {
    match cell {
        Cell::Empty => "–".to_owned(),
        Cell::Text(text) => text.clone(),
        Cell::Integer(n) => french::number(n.unsigned_abs()),
        Cell::Number(n) => {
            let number = n.to_string().replace('.', ",");
            if percent { format!("{number}\u{202f}%") } else { number }
        }
        Cell::Day(day) => french::day(*day),
        Cell::Instant(at) => french::when(&guetteur_model::When::Instant(*at)),
    }
}

fn plain(cell: &Cell) -> Value {
    match cell {
        Cell::Empty => Value::Null,
        Cell::Text(text) => json!(text),
        Cell::Integer(n) => json!(n),
        Cell::Number(n) => json!(n),
        Cell::Day(day) => json!(day),
        Cell::Instant(at) => json!(at),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn page_csv_and_json_tell_the_same() {
        let row = |name: &str, count, part| {
            vec![
                Entry::text(name),
                Entry::count(count).link_unless_zero("/x"),
                Entry::share(part, count),
            ]
        };
        let table = Table {
            caption: "Actes".into(),
            columns: vec![column("nom", "Nom"), column("actes", "Actes"), percent("part", "Part")],
            rows: vec![row("=A", 1200, 400), row("B", 0, 0)],
        };
        let view = table.view();
        let texts: Vec<Vec<&str>> =
            view.rows.iter().map(|row| row.iter().map(|shown| &*shown.text).collect()).collect();
        assert_eq!(texts[0], ["=A", "1\u{202f}200", "33,3\u{202f}%"]);
        assert_eq!(texts[1], ["B", "0", "–"]);
        assert_eq!(view.rows[1][1].href, None, "nothing leads nowhere");
        let csv = String::from_utf8(table.to_csv().expect("written")).expect("UTF-8");
        assert_eq!(csv, "\u{feff}nom;actes;part\r\n'=A;1200;33,3\r\nB;0;\r\n");
        assert_eq!(
            table.to_json(),
            json!([
                { "nom": "=A", "actes": 1200, "part": 33.3 },
                { "nom": "B", "actes": 0, "part": null },
            ])
        );
    }
}
