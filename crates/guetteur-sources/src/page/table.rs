//! Rows of tables: which cell names a document, which one dates it.

use scraper::ElementRef;

use super::Row;
use super::around::{ancestors, has_other_link, is_day_alone, text_of};
use crate::period;
use crate::words::plain;

/// Rows above that are looked through for cells that reach down.
const FARTHEST: usize = 60;

/// Reads the other cells of a link's row: which one names the document, which one dates it.
pub(super) fn row_of(row: ElementRef<'_>, link: ElementRef<'_>) -> Row {
    let cells = cells_of(row);
    let own = cells.iter().position(|cell| cell.descendants().any(|node| node.id() == link.id()));
    let headers = header_of(row);
    let is_about = |index: usize, words: &[&str]| {
        headers.get(index).is_some_and(|header| words.iter().any(|word| header.contains(word)))
    };
    let mut found = Row { day: day_of_month(&cells, &headers), ..Row::default() };
    let mut dated_by_header = false;
    let mut named_by_header = false;
    for (index, cell) in cells.iter().enumerate() {
        let text = text_of(*cell);
        let folded = plain(&text);
        if Some(index) == own || folded.is_empty() {
            continue;
        }
        if is_day_alone(&folded) {
            let by_header = is_about(index, &["publi", "parution", "mise en ligne"]);
            if found.day.is_empty() || (by_header && !dated_by_header) {
                found.day = text;
                dated_by_header = by_header;
            }
            continue;
        }
        let is_type = matches!(
            folded.as_str(),
            "arrete" | "decision" | "avis" | "convention" | "recueil" | "raa" | "pdf"
        );
        let by_header =
            is_about(index, &["numero", "reference", "n°", "intitule", "titre", "nom", "recueil"]);
        if !is_type
            && !dated_only(&folded)
            && (found.name.is_empty() || (by_header && !named_by_header))
        {
            found.name = text;
            named_by_header = by_header;
        }
    }
    found
}

fn dated_only(text: &str) -> bool {
    text.chars().all(|c| !c.is_alphanumeric())
}

/// `18` under « Jour » beside « Août 2026 »; empty where that is not so.
fn day_of_month(cells: &[ElementRef<'_>], headers: &[String]) -> String {
    let texts: Vec<String> = cells.iter().map(|cell| text_of(*cell)).collect();
    let is_day = |(index, text): &(usize, &String)| {
        let day = text.trim_end_matches("er").parse::<u32>();
        let said = headers.get(*index).is_some_and(|of| of.contains("jour") || of.contains("date"));
        said && day.is_ok_and(|day| (1..=31).contains(&day))
    };
    let is_month = |text: &&String| {
        let read = period::read(&plain(text), None);
        read.is_some_and(|month| (month.to - month.from).num_days() < 31)
    };
    let (day, month) = (texts.iter().enumerate().find(is_day), texts.iter().find(is_month));
    day.zip(month).map(|((_, day), month)| format!("{day} {month}")).unwrap_or_default()
}

/// The cells of a row, with those of rows above that reach down to it.
fn cells_of(row: ElementRef<'_>) -> Vec<ElementRef<'_>> {
    let mut cells = own_cells(row);
    let above = row.prev_siblings().filter_map(ElementRef::wrap);
    for (distance, other) in above.filter(|e| e.value().name() == "tr").take(FARTHEST).enumerate() {
        for (index, cell) in own_cells(other).into_iter().enumerate() {
            let rows = cell.attr("rowspan").and_then(|rows| rows.trim().parse::<usize>().ok());
            if rows.is_some_and(|rows| rows > distance + 1) {
                cells.insert(index.min(cells.len()), cell);
            }
        }
    }
    cells
}

fn own_cells(row: ElementRef<'_>) -> Vec<ElementRef<'_>> {
    row.child_elements().filter(|child| matches!(child.value().name(), "td" | "th")).collect()
}

/// The folded cells of the table's first row, when that row links nothing.
fn header_of(row: ElementRef<'_>) -> Vec<String> {
    let Some(table) = ancestors(row).find(|ancestor| ancestor.value().name() == "table") else {
        return Vec::new();
    };
    let first = table.descendants().filter_map(ElementRef::wrap).find(|e| e.value().name() == "tr");
    first
        .filter(|first| first.id() != row.id() && !has_other_link(*first, ""))
        .map(|first| own_cells(first).into_iter().map(|cell| plain(&text_of(cell))).collect())
        .unwrap_or_default()
}
