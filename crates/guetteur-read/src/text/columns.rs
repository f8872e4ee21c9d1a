//! Reading order on pages with columns.
//!
//! A *gutter* is a strip that stays empty over several rows with text on both sides. If both
//! sides look like running text (enough lines, most of them filled), they are columns and are
//! read one after the other; else it is a table and is read row by row.

use super::layout::{Fragment, Row};

/// Rows above this number are not searched for columns: the search is quadratic.
const MAX_ROWS: usize = 400;
/// Narrowest gutter, in font sizes.
const GUTTER: f64 = 0.9;
const MIN_LINES: usize = 4;
const MIN_MEAN_CHARS: usize = 18;
/// Cells of a table have fewer words a line than running text.
const MIN_MEAN_WORDS: usize = 3;
const MAX_DEPTH: u32 = 4;

/// Appends the rows in reading order.
pub(super) fn order(rows: Vec<Row>, out: &mut Vec<Row>) {
    split(rows, MAX_DEPTH, out);
}

fn split(rows: Vec<Row>, depth: u32, out: &mut Vec<Row>) {
    if depth == 0 || rows.len() < MIN_LINES || rows.len() > MAX_ROWS {
        return out.extend(rows);
    }
    let zones = zones(&rows);
    let mut rows = rows.into_iter();
    let mut at = 0;
    for (start, end, middle) in zones {
        out.extend(rows.by_ref().take(start - at));
        let (left, right) = cut(rows.by_ref().take(end - start), middle);
        split(left, depth - 1, out);
        split(right, depth - 1, out);
        at = end;
    }
    out.extend(rows);
}

/// Where there are columns: first row, row after the last, the gutter's middle.
fn zones(rows: &[Row]) -> Vec<(usize, usize, f64)> {
    let size = median_size(rows);
    let mut zones = Vec::new();
    let mut at = 0;
    while at < rows.len() {
        let zone = zone(rows, at, size);
        zones.extend(zone.map(|(end, middle)| (at, end, middle)));
        at = zone.map_or(at + 1, |(end, _)| end);
    }
    zones
}

/// The columns that start at row `at`: the row after their last, and the gutter's middle.
fn zone(rows: &[Row], at: usize, size: f64) -> Option<(usize, f64)> {
    seeds(rows, at, size)
        .into_iter()
        .map(|seed| extend(rows, at, seed, size))
        .max_by_key(|(end, _)| *end)
        .filter(|(end, middle)| {
            end - at >= MIN_LINES && are_columns(rows[at..*end].iter(), *middle)
        })
}

/// Gaps in the row itself, or between it and the next where the columns' baselines differ.
fn seeds(rows: &[Row], at: usize, size: f64) -> Vec<(f64, f64)> {
    let mut seeds: Vec<(f64, f64)> =
        rows[at].windows(2).map(|pair| (pair[0].u1, pair[1].u0)).collect();
    if let (Some(this), Some(next)) = (extent(&rows[at]), rows.get(at + 1).and_then(|r| extent(r)))
    {
        seeds.push((this.1, next.0));
        seeds.push((next.1, this.0));
    }
    seeds.retain(|(a, b)| b - a >= GUTTER * size);
    seeds
}

/// Follows a gutter downwards while it stays open.
fn extend(rows: &[Row], at: usize, seed: (f64, f64), size: f64) -> (usize, f64) {
    let (mut a, mut b) = seed;
    let mut end = at;
    for (i, row) in rows.iter().enumerate().skip(at) {
        let jump = i > at && row[0].v - rows[i - 1][0].v > 3.0 * size;
        let middle = f64::midpoint(a, b);
        let left = row.iter().filter(|f| f.u0 < middle).map(|f| f.u1).fold(a, f64::max);
        let right = row.iter().filter(|f| f.u0 >= middle).map(|f| f.u0).fold(b, f64::min);
        if jump || right - left < GUTTER * size {
            break;
        }
        (a, b, end) = (left, right, i + 1);
    }
    (end, f64::midpoint(a, b))
}

fn cut(rows: impl Iterator<Item = Row>, middle: f64) -> (Vec<Row>, Vec<Row>) {
    let (mut left, mut right) = (Vec::new(), Vec::new());
    for row in rows {
        let (l, r): (Row, Row) = row.into_iter().partition(|f| f.u0 < middle);
        left.extend((!l.is_empty()).then_some(l));
        right.extend((!r.is_empty()).then_some(r));
    }
    (left, right)
}

/// Whether running text stands on both sides of `middle`.
pub(super) fn are_columns<'r>(rows: impl Iterator<Item = &'r Row> + Clone, middle: f64) -> bool {
    is_running_text(rows.clone(), |f| f.u0 < middle) && is_running_text(rows, |f| f.u0 >= middle)
}

/// Looks at the fragments of one side.
fn is_running_text<'r>(
    rows: impl Iterator<Item = &'r Row>,
    side: impl Fn(&Fragment) -> bool,
) -> bool {
    let (mut chars, mut words) = (0, 0);
    let mut extents = Vec::new();
    for row in rows {
        let mut extent = (f64::MAX, f64::MIN);
        for fragment in row.iter().filter(|f| side(f)) {
            chars += fragment.text.chars().count();
            words += 1;
            extent = (extent.0.min(fragment.u0), extent.1.max(fragment.u1));
        }
        extents.extend((extent.0 < f64::MAX).then_some(extent));
    }
    let lines = extents.len();
    let start = extents.iter().map(|e| e.0).fold(f64::MAX, f64::min);
    let end = extents.iter().map(|e| e.1).fold(f64::MIN, f64::max);
    let filled = extents.iter().filter(|e| e.1 - e.0 >= 0.6 * (end - start)).count();
    lines >= MIN_LINES
        && words >= MIN_MEAN_WORDS * lines
        && chars >= MIN_MEAN_CHARS * lines
        && 10 * filled >= 6 * lines
}

fn extent(row: &[Fragment]) -> Option<(f64, f64)> {
    Some((row.first()?.u0, row.iter().map(|f| f.u1).fold(f64::MIN, f64::max)))
}

fn median_size(rows: &[Row]) -> f64 {
    let mut sizes: Vec<f64> = rows.iter().flatten().map(|f| f.size).collect();
    sizes.sort_by(f64::total_cmp);
    sizes.get(sizes.len() / 2).copied().unwrap_or(10.0)
}
