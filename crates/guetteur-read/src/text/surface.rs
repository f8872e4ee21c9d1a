//! What pictures and letters drawn as outlines cover of a page, and how much of it nobody has read.
//!
//! The unit of judgement is a region, not the page: a scan reduced to half of the sheet, a pasted
//! picture, a paragraph turned into paths are regions without words of the file. Crests and
//! portraits are narrower than lines of text and are left out.

use hayro_interpret::kurbo::{Point, Rect};

use super::layout::Fragment;
use super::sight::middle;

/// Cells a side.
const GRID: usize = 50;
/// Elements of outlines in a cell from which they are letters: a letter has twenty or so, a curve
/// over many cells has few in each.
const LETTERS: f64 = 8.0;
/// Cells in a row that are as wide as a line of text: three tenths of the page.
const LINE: usize = 15;
/// How far around the file's own words a picture counts as read, in cells.
const AROUND: usize = 2;
/// Rows next to the file's own words that make an unread region: fewer are margins of a page that
/// is typed over a picture.
const BETWEEN: usize = 7;

/// A region of a page that the file's words say nothing of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Unread {
    /// Share of the page, 0 to 1.
    pub share: f32,
    /// Left, top, right, bottom of what is around it, in points.
    pub bounds: [f32; 4],
}

#[derive(Clone, Copy, Default)]
struct Cell {
    picture: bool,
    outlines: f64,
}

impl Cell {
    fn has_letters(self) -> bool {
        self.picture || self.outlines >= LETTERS
    }
}

/// A page, cell by cell.
pub(super) struct Surface {
    width: f64,
    height: f64,
    cells: Vec<Cell>,
}

impl Surface {
    pub(super) fn new(width: f64, height: f64) -> Self {
        Self { width, height, cells: vec![Cell::default(); GRID * GRID] }
    }

    /// A picture.
    pub(super) fn picture(&mut self, rect: Rect) {
        let (columns, rows) = self.cells_of(rect, f64::round);
        let end = columns.end.max(columns.start);
        for row in rows {
            self.cells[row * GRID + columns.start..row * GRID + end]
                .iter_mut()
                .for_each(|cell| cell.picture = true);
        }
    }

    /// A filled path of so many elements.
    pub(super) fn outline(&mut self, rect: Rect, elements: usize) {
        let (mut columns, mut rows) = self.cells_of(rect, f64::floor);
        columns.end = (columns.end + 1).min(GRID);
        rows.end = (rows.end + 1).min(GRID);
        #[expect(clippy::cast_precision_loss, reason = "a path")]
        let each = elements as f64 / (columns.len() * rows.len()).max(1) as f64;
        for row in rows {
            for cell in &mut self.cells[row * GRID + columns.start..row * GRID + columns.end] {
                cell.outlines += each;
            }
        }
    }

    /// Share of the page that pictures cover.
    pub(super) fn picture_share(&self) -> f32 {
        share(self.cells.iter().filter(|cell| cell.picture).count())
    }

    pub(super) fn has_outlines(&self) -> bool {
        self.cells.iter().any(|cell| cell.outlines >= LETTERS)
    }

    /// Whether a picture covers this point.
    pub(super) fn is_picture(&self, point: Point) -> bool {
        self.cell_at(point).is_some_and(|at| self.cells[at].picture)
    }

    /// Share of the page that pictures cover without any word of the file on them, and the region
    /// of it that is as large as lines of text.
    pub(super) fn unread(&self, words: &[Fragment]) -> (f32, Option<Unread>) {
        let mut bare: Vec<bool> = self.cells.iter().map(|cell| cell.has_letters()).collect();
        if !bare.contains(&true) {
            return (0.0, None);
        }
        for word in words {
            if self.cell_at(middle(word)).is_some_and(|at| self.cells[at].has_letters()) {
                self.take_off(word, &mut bare);
            }
        }
        let pictures = bare.iter().zip(&self.cells).filter(|(bare, cell)| **bare && cell.picture);
        (share(pictures.count()), self.region(&bare))
    }

    /// Takes the surroundings of a word off what is bare.
    fn take_off(&self, word: &Fragment, bare: &mut [bool]) {
        let (top, bottom) = (word.v - word.size, word.v);
        let (a, b) = (word.frame.to_page(word.u0, top), word.frame.to_page(word.u1, bottom));
        let (columns, rows) = self.cells_of(Rect::from_points(a, b), f64::floor);
        let around = |range: std::ops::Range<usize>| {
            range.start.saturating_sub(AROUND)..(range.end + 1 + AROUND).min(GRID)
        };
        let columns = around(columns);
        for row in around(rows) {
            bare[row * GRID + columns.start..row * GRID + columns.end].fill(false);
        }
    }

    fn region(&self, bare: &[bool]) -> Option<Unread> {
        let lines: Vec<Option<(usize, usize)>> = bare.chunks_exact(GRID).map(longest).collect();
        let is_line = |row: &usize| lines[*row].is_some();
        let mut cells = 0;
        let mut row = 0;
        while row < GRID {
            let end = (row..GRID).find(|row| !is_line(row)).unwrap_or(GRID);
            // Rows that a word of the file has taken off.
            let is_typed = |row: usize| {
                let part = row * GRID..(row + 1) * GRID;
                let letters = self.cells[part.clone()].iter().filter(|c| c.has_letters()).count();
                letters >= LINE && bare[part].iter().filter(|bare| **bare).count() < letters
            };
            let touched = (row > 0 && is_typed(row - 1)) || (end < GRID && is_typed(end));
            if end - row >= if touched { BETWEEN } else { 1 } {
                cells +=
                    lines[row..end].iter().flatten().map(|(from, to)| to - from).sum::<usize>();
            }
            row = end + 1;
        }
        // Once there is something to look at, all that is bare is looked at, short lines too.
        let all = bare.iter().enumerate().filter(|(_, bare)| **bare).map(|(at, _)| self.rect(at));
        let bounds = all.reduce(|all, cell| all.union(cell)).filter(|_| cells > 0)?;
        let bounds = bounds.inflate(self.width / GRID as f64, self.height / GRID as f64);
        #[expect(clippy::cast_possible_truncation, reason = "points on a page")]
        let bounds = [bounds.x0, bounds.y0, bounds.x1, bounds.y1].map(|side| side as f32);
        Some(Unread { share: share(cells), bounds })
    }

    fn cell_at(&self, point: Point) -> Option<usize> {
        let inside = point.x >= 0.0 && point.y >= 0.0;
        let (columns, rows) = self.cells_of(Rect::from_points(point, point), f64::floor);
        (inside && columns.start < GRID && rows.start < GRID)
            .then_some(rows.start * GRID + columns.start)
    }

    fn rect(&self, cell: usize) -> Rect {
        let (width, height) = (self.width / GRID as f64, self.height / GRID as f64);
        #[expect(clippy::cast_precision_loss, reason = "a place on the grid")]
        let (x, y) = ((cell % GRID) as f64 * width, (cell / GRID) as f64 * height);
        Rect::new(x, y, x + width, y + height)
    }

    /// Columns and rows from one corner of a rectangle to the other.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to the grid"
    )]
    fn cells_of(
        &self,
        rect: Rect,
        whole: fn(f64) -> f64,
    ) -> (std::ops::Range<usize>, std::ops::Range<usize>) {
        let cell = |value: f64, side: f64| {
            whole((value / side) * GRID as f64).clamp(0.0, GRID as f64) as usize
        };
        (
            cell(rect.x0, self.width)..cell(rect.x1, self.width),
            cell(rect.y0, self.height)..cell(rect.y1, self.height),
        )
    }
}

/// The longest run of bare cells in a row, if it is as long as a line.
fn longest(row: &[bool]) -> Option<(usize, usize)> {
    let mut best = (0, 0);
    let mut start = 0;
    for (i, bare) in row.iter().chain([&false]).enumerate() {
        if !bare {
            if i - start > best.1 - best.0 {
                best = (start, i);
            }
            start = i + 1;
        }
    }
    (best.1 - best.0 >= LINE).then_some(best)
}

#[expect(clippy::cast_precision_loss, reason = "a few thousand cells")]
fn share(cells: usize) -> f32 {
    cells as f32 / (GRID * GRID) as f32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::layout::Frame;

    const WIDTH: f64 = 595.0;
    const HEIGHT: f64 = 842.0;

    fn surface(pictures: &[Rect]) -> Surface {
        let mut surface = Surface::new(WIDTH, HEIGHT);
        pictures.iter().for_each(|rect| surface.picture(*rect));
        surface
    }

    /// Full lines of words with their baselines.
    fn typed(baselines: impl Iterator<Item = i32>) -> Vec<Fragment> {
        let line = |v: i32| {
            (0..10).map(move |i| Fragment {
                text: "mots".to_owned(),
                frame: Frame::of(1.0, 0.0),
                u0: 60.0 + 47.0 * f64::from(i),
                u1: 100.0 + 47.0 * f64::from(i),
                v: f64::from(v),
                size: 10.0,
                sight: super::super::sight::Sight::Seen,
                space_before: true,
            })
        };
        baselines.flat_map(line).collect()
    }

    fn unread(pictures: &[Rect], words: &[Fragment]) -> Option<f32> {
        surface(pictures).unread(words).1.map(|unread| unread.share)
    }

    #[test]
    fn a_picture_without_words_is_unread_whatever_stands_beside_it() {
        let reduced = Rect::new(104.0, 147.0, 491.0, 694.0);
        assert!(unread(&[reduced], &typed([825].into_iter())).is_some_and(|share| share > 0.35));
        let pasted = Rect::new(60.0, 300.0, 520.0, 360.0);
        let around = || typed((60..290).step_by(14).chain((380..780).step_by(14)));
        assert!(unread(&[pasted], &around()).is_some());
        let strips: Vec<Rect> = (0..20)
            .map(|i| Rect::new(0.0, 42.0 * f64::from(i), WIDTH, 42.0 * f64::from(i + 1)))
            .collect();
        assert!(unread(&strips, &typed([800, 808, 816].into_iter())).is_some_and(|s| s > 0.7));
        assert_eq!(unread(&[], &around()), None);
    }

    #[test]
    fn a_crest_and_a_page_typed_over_a_picture_are_read() {
        let crest = Rect::new(40.0, 40.0, 190.0, 180.0);
        assert_eq!(unread(&[crest], &typed((220..780).step_by(14))), None);
        let letterhead = Rect::new(0.0, 0.0, WIDTH, HEIGHT);
        assert_eq!(unread(&[letterhead], &typed((70..790).step_by(14))), None);
        let caption = Rect::new(60.0, 300.0, 520.0, 360.0);
        assert_eq!(unread(&[caption], &typed([340].into_iter())), None, "words on it");
    }

    #[test]
    fn letters_turned_into_outlines_are_unread() {
        let by_line = |elements| {
            let mut surface = Surface::new(WIDTH, HEIGHT);
            for i in 0..20 {
                let y = 100.0 + 14.0 * f64::from(i);
                surface.outline(Rect::new(57.0, y, 500.0, y + 11.0), elements);
            }
            surface.unread(&typed([825].into_iter())).1
        };
        assert!(by_line(2_000).is_some(), "a path a line");
        assert!(by_line(30).is_none(), "curves");
        let mut letters = Surface::new(WIDTH, HEIGHT);
        for i in 0..80 {
            let x = 57.0 + 5.5 * f64::from(i);
            letters.outline(Rect::new(x, 100.0, x + 5.0, 108.0), 25);
        }
        assert!(letters.unread(&[]).1.is_some(), "a path a letter");
    }
}
