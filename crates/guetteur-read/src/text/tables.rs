//! Cells of ruled tables.
//!
//! Read line by line, a cell whose text is wrapped mixes with its neighbours: « Direction Arrêté
//! portant », « départementale autorisation ». Between two rules that run across the whole table
//! stands one row of it; its cells are read one after the other.

use super::layout::Row;

/// Narrowest gap between cells, in font sizes: the gaps between words do not line up so wide.
const GUTTER: f64 = 0.6;
/// A rule is this much longer than the gap that it crosses, on both sides, in points.
const OVERHANG: f64 = 2.0;
/// Pieces of one rule (the borders of single cells) are at most so far apart, in points.
const JOINT: f64 = 2.5;
/// A page with more rules than this is a drawing.
const MAX_RULES: usize = 4_000;

/// A rule along the lines of text, in their frame.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Rule {
    pub(super) u0: f64,
    pub(super) u1: f64,
    pub(super) v: f64,
}

/// The rules of a page from top to bottom, pieces joined; short ones (underlined words) left out.
pub(super) fn joined(mut rules: Vec<Rule>) -> Vec<Rule> {
    if rules.len() > MAX_RULES {
        return Vec::new();
    }
    let line = |rule: &Rule| (rule.v / JOINT).round();
    rules.sort_by(|a, b| line(a).total_cmp(&line(b)).then(a.u0.total_cmp(&b.u0)));
    let mut joined: Vec<Rule> = Vec::new();
    for rule in rules {
        match joined.last_mut() {
            Some(last) if (rule.v - last.v).abs() < JOINT && rule.u0 <= last.u1 + JOINT => {
                last.u1 = last.u1.max(rule.u1);
            }
            _ => joined.push(rule),
        }
    }
    let longest = joined.iter().map(|rule| rule.u1 - rule.u0).fold(0.0, f64::max);
    joined.retain(|rule| 2.0 * (rule.u1 - rule.u0) >= longest);
    joined.sort_by(|a, b| a.v.total_cmp(&b.v));
    joined
}

/// A part of a page.
pub(super) enum Part {
    /// A row of a table, as lines of its cells in reading order.
    Cells(Vec<Row>),
    /// Anything else.
    Rows(Vec<Row>),
}

impl Part {
    pub(super) fn push(self, parts: &mut Vec<Self>) {
        match (self, parts.last_mut()) {
            (Self::Rows(rows), _) if rows.is_empty() => {}
            (Self::Rows(rows), Some(Self::Rows(before))) => before.extend(rows),
            (part, _) => parts.push(part),
        }
    }
}

/// Takes the rows of ruled tables out of a page's rows; both come from top to bottom.
pub(super) fn parts(rows: Vec<Row>, rules: &[Rule]) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut band: Vec<Row> = Vec::new();
    let (mut above, mut rest): (&[Rule], &[Rule]) = (&[], rules);
    for row in rows {
        let passed = rest.iter().take_while(|rule| rule.v < row[0].v).count();
        if passed > 0 {
            let (below, behind) = rest.split_at(passed);
            close(std::mem::take(&mut band), above, below, &mut parts);
            (above, rest) = (below, behind);
        }
        band.push(row);
    }
    close(band, above, rest, &mut parts);
    parts
}

/// Ends the rows between two sets of rules.
fn close(mut band: Vec<Row>, above: &[Rule], below: &[Rule], parts: &mut Vec<Part>) {
    // A table's first row often has no rule above it: it starts below a gap.
    let start = if above.is_empty() { after_last_gap(&band) } else { 0 };
    let row = band.split_off(start);
    Part::Rows(band).push(parts);
    let crossed = |gap: &(f64, f64), rules: &[Rule]| {
        rules.iter().any(|r| r.u0 < gap.0 - OVERHANG && r.u1 > gap.1 + OVERHANG)
    };
    let mut gutters = gutters(&row);
    gutters.retain(|gap| crossed(gap, below) && (above.is_empty() || crossed(gap, above)));
    let part = if gutters.is_empty() { Part::Rows(row) } else { Part::Cells(cells(row, &gutters)) };
    part.push(parts);
}

/// The first row below the last gap that is wider than between lines of one text.
fn after_last_gap(rows: &[Row]) -> usize {
    const LINES: f64 = 1.6;
    let wide = |pair: &[Row]| pair[1][0].v - pair[0][0].v > LINES * pair[1][0].size;
    rows.windows(2).rposition(wide).map_or(0, |at| at + 1)
}

/// Gaps that stay open over all rows, from left to right.
pub(super) fn gutters(rows: &[Row]) -> Vec<(f64, f64)> {
    let mut extents: Vec<(f64, f64, f64)> =
        rows.iter().flatten().map(|f| (f.u0, f.u1, f.size)).collect();
    extents.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut gutters = Vec::new();
    let mut end = f64::MAX;
    for (u0, u1, size) in extents {
        if u0 - end >= GUTTER * size {
            gutters.push((end, u0));
        }
        end = if end == f64::MAX { u1 } else { end.max(u1) };
    }
    gutters
}

/// Lines of the cells. A cell of one line stands on its neighbour's line, as a number before its
/// title and a page number behind it; two wrapped cells stay apart.
pub(super) fn cells(rows: Vec<Row>, gutters: &[(f64, f64)]) -> Vec<Row> {
    let mut cells: Vec<Vec<Row>> = vec![Vec::new(); gutters.len() + 1];
    for row in rows {
        let mut lines: Vec<Row> = vec![Row::new(); cells.len()];
        for fragment in row {
            lines[gutters.partition_point(|gap| gap.0 < fragment.u0)].push(fragment);
        }
        for (cell, line) in cells.iter_mut().zip(lines).filter(|(_, line)| !line.is_empty()) {
            cell.push(line);
        }
    }
    let mut lines: Vec<Row> = Vec::new();
    let mut before = 0;
    for mut cell in cells.into_iter().filter(|cell| !cell.is_empty()) {
        let height = cell.len();
        if let Some(last) = lines.last_mut().filter(|_| before == 1 || height == 1) {
            last.extend(cell.remove(0));
        }
        lines.extend(cell);
        before = height;
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::layout::{Fragment, Frame};
    use crate::text::sight::Sight;

    fn fragment(text: &str, u0: f64, v: f64) -> Fragment {
        #[expect(clippy::cast_precision_loss, reason = "short words")]
        let u1 = u0 + 5.0 * text.chars().count() as f64;
        let frame = Frame::of(1.0, 0.0);
        let (sight, space_before) = (Sight::Seen, false);
        Fragment { text: text.into(), frame, u0, u1, v, size: 10.0, sight, space_before }
    }

    fn rule(v: f64) -> Rule {
        Rule { u0: 0.0, u1: 300.0, v }
    }

    /// Cells at 10, 100 and 260; words at the same height are one row.
    fn text(words: &[(&str, f64, f64)], rules: Vec<Rule>) -> Vec<String> {
        let mut rows: Vec<Row> = Vec::new();
        for (text, u, v) in words {
            match rows.last_mut() {
                Some(row) if (row[0].v - v).abs() < 1.0 => row.push(fragment(text, *u, *v)),
                _ => rows.push(vec![fragment(text, *u, *v)]),
            }
        }
        let lines = parts(rows, &joined(rules)).into_iter().flat_map(|part| match part {
            Part::Cells(rows) | Part::Rows(rows) => rows,
        });
        let join = |row: Row| row.iter().map(|f| f.text.as_str()).collect::<Vec<_>>().join(" ");
        lines.map(join).collect()
    }

    #[test]
    fn wrapped_cells_are_read_one_after_the_other() {
        let words = [
            ("Direction", 10.0, 20.0),
            ("Arrêté", 100.0, 20.0),
            ("4", 260.0, 20.0),
            ("départementale", 10.0, 32.0),
            ("portant", 100.0, 32.0),
            ("Cabinet", 10.0, 52.0),
            ("Décision", 100.0, 52.0),
            ("7", 260.0, 52.0),
        ];
        let expected = ["Direction", "départementale", "Arrêté", "portant 4", "Cabinet Décision 7"];
        assert_eq!(text(&words, vec![rule(5.0), rule(40.0), rule(60.0)]), expected);
        assert_eq!(text(&words, vec![rule(40.0), rule(60.0)]), expected, "no rule above");
        let pieces = |v: f64| {
            [(0.0, 95.0), (96.0, 250.0), (250.0, 300.0)].map(|(u0, u1)| Rule { u0, u1, v })
        };
        assert_eq!(text(&words, [pieces(5.0), pieces(40.3), pieces(60.0)].concat()), expected);
    }

    #[test]
    fn a_number_beside_the_middle_of_its_title_comes_first() {
        let words = [
            ("portant", 100.0, 20.0),
            ("2025/00054", 10.0, 26.0),
            ("4", 260.0, 26.0),
            ("nomination", 100.0, 32.0),
        ];
        let expected = ["2025/00054 portant", "nomination 4"];
        assert_eq!(text(&words, vec![rule(5.0), rule(40.0)]), expected);
    }

    #[test]
    fn without_rules_across_lines_stay_lines() {
        let words = [
            ("Direction", 10.0, 20.0),
            ("Arrêté", 100.0, 20.0),
            ("départementale", 10.0, 32.0),
            ("portant", 100.0, 32.0),
        ];
        let expected = ["Direction Arrêté", "départementale portant"];
        assert_eq!(text(&words, vec![]), expected);
        let underlined = Rule { u0: 100.0, u1: 130.0, v: 22.0 };
        assert_eq!(text(&words, vec![underlined]), expected);
        assert_eq!(text(&words, vec![rule(5.0)]), expected, "a rule above alone");
    }
}
