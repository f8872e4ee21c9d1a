//! What goes to stdout: JSON lines for scripts, aligned columns for people.

use std::io::Write;

use anyhow::Result;
use serde::Serialize;

/// One JSON object on a line of its own.
///
/// # Errors
/// When stdout is closed.
pub(super) fn json_line(value: &impl Serialize) -> Result<()> {
    let mut out = std::io::stdout().lock();
    serde_json::to_writer(&mut out, value)?;
    out.write_all(b"\n")?;
    Ok(())
}

/// A line for people.
///
/// # Errors
/// When stdout is closed.
pub(super) fn line(text: &str) -> Result<()> {
    writeln!(std::io::stdout().lock(), "{text}")?;
    Ok(())
}

/// A table with a header; columns as wide as their widest cell, numbers to the right.
#[must_use]
pub(super) fn table(header: &[&str], rows: &[Vec<String>]) -> String {
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count());
        cells.chain([header[column].chars().count()]).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..header.len()).map(width).collect();
    let numeric: Vec<bool> = (0..header.len())
        .map(|column| {
            rows.iter().all(|row| {
                row.get(column).is_none_or(|cell| cell.chars().all(|c| c.is_ascii_digit()))
            })
        })
        .collect();
    let head: Vec<String> = header.iter().map(|&cell| cell.to_owned()).collect();
    let lines = std::iter::once(&head).chain(rows).map(|row| {
        let cells = row.iter().enumerate().map(|(column, cell)| {
            let width = widths[column];
            if numeric[column] { format!("{cell:>width$}") } else { format!("{cell:<width$}") }
        });
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aligns() {
        let rows = vec![
            vec!["34".to_owned(), "Hérault".to_owned(), "7".to_owned()],
            vec!["ppparis".to_owned(), "Paris".to_owned(), "12".to_owned()],
        ];
        let expected = "code     nom      actes\n34       Hérault      7\nppparis  Paris       12";
        assert_eq!(table(&["code", "nom", "actes"], &rows), expected);
    }
}
