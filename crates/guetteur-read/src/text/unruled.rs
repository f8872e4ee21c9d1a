//! Tables without rules, told by the space between their rows.
//!
//! Where the lines of a cell stand close and rows stand apart, and the same gutters stay open over
//! at least three rows, the cells of a row are read one after the other. Where nothing but the
//! lines themselves tells where a row ends, lines stay lines.

use super::columns::are_columns;
use super::layout::Row;
use super::tables::{Part, cells, gutters};

/// Baselines of lines of one cell are closer than this, in font sizes.
const LINES: f64 = 1.6;
/// Narrowest gutter over the whole table, in points.
const GUTTER: f64 = 8.0;
const MIN_ROWS: usize = 3;
/// Rows of the table with more than one line: below this, order by lines is the same.
const MIN_WRAPPED: usize = 2;

/// Takes the rows of such tables out of the lines of a page, which come from top to bottom.
pub(super) fn parts(lines: Vec<Row>) -> Vec<Part> {
    let mut groups = groups(lines).into_iter().peekable();
    let mut parts = Vec::new();
    while let Some(group) = groups.next() {
        let mut open = wide(gutters(&group));
        let mut table = vec![group];
        while let Some(next) = groups.peek() {
            let common = common(&open, &wide(gutters(next)));
            if common.is_empty() {
                break;
            }
            open = common;
            table.extend(groups.next());
        }
        for row in close(table, &open) {
            row.push(&mut parts);
        }
    }
    parts
}

/// Lines that stand close to each other.
fn groups(lines: Vec<Row>) -> Vec<Vec<Row>> {
    let mut groups: Vec<Vec<Row>> = Vec::new();
    for line in lines {
        let last = groups.last_mut().filter(|group| {
            group.last().is_some_and(|above| line[0].v - above[0].v <= LINES * line[0].size)
        });
        match last {
            Some(group) => group.push(line),
            None => groups.push(vec![line]),
        }
    }
    groups
}

/// The rows as cells if they are a table, else as lines.
fn close(table: Vec<Vec<Row>>, gutters: &[(f64, f64)]) -> Vec<Part> {
    let wrapped = table.iter().filter(|row| row.len() > 1).count();
    let lines = || table.iter().flatten();
    let is_text = || gutters.iter().any(|(a, b)| are_columns(lines(), f64::midpoint(*a, *b)));
    if table.len() < MIN_ROWS || wrapped < MIN_WRAPPED || is_text() {
        return vec![Part::Rows(table.into_iter().flatten().collect())];
    }
    table.into_iter().map(|row| Part::Cells(cells(row, gutters))).collect()
}

fn wide(mut gutters: Vec<(f64, f64)>) -> Vec<(f64, f64)> {
    gutters.retain(|(a, b)| b - a >= GUTTER);
    gutters
}

/// What of two lists of gutters, each from left to right, is open in both.
fn common(one: &[(f64, f64)], other: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let (mut i, mut j) = (0, 0);
    let mut both = Vec::new();
    while let (Some(a), Some(b)) = (one.get(i), other.get(j)) {
        both.push((a.0.max(b.0), a.1.min(b.1)));
        if a.1 < b.1 { i += 1 } else { j += 1 }
    }
    wide(both)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gutters_in_common() {
        let one = [(10.0, 30.0), (50.0, 90.0), (100.0, 104.0)];
        assert_eq!(common(&one, &[(0.0, 25.0), (60.0, 200.0)]), [(10.0, 25.0), (60.0, 90.0)]);
        assert_eq!(common(&one, &[]), []);
        assert_eq!(common(&one, &[(28.0, 52.0)]), [], "too narrow");
    }
}
