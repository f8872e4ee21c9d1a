//! Connected marks of ink on a grey picture.

use crate::render::Picture;

/// The tone under which a pixel is ink where all have the same.
const FALLBACK: u8 = 128;
/// Marks with both sides shorter than this many pixels are specks.
const SPECK: usize = 4;

/// The box around a mark: the right and lower edges are just outside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) x0: usize,
    pub(super) y0: usize,
    pub(super) x1: usize,
    pub(super) y1: usize,
}

impl Mark {
    pub(super) fn width(&self) -> usize {
        self.x1 - self.x0
    }

    pub(super) fn height(&self) -> usize {
        self.y1 - self.y0
    }

    /// Middle of its height.
    pub(super) fn middle(&self) -> usize {
        usize::midpoint(self.y0, self.y1)
    }

    /// Rows and columns exchanged.
    pub(super) fn turned(&self) -> Self {
        Self { x0: self.y0, y0: self.x0, x1: self.y1, y1: self.x1 }
    }

    pub(super) fn union(self, other: Self) -> Self {
        Self {
            x0: self.x0.min(other.x0),
            y0: self.y0.min(other.y0),
            x1: self.x1.max(other.x1),
            y1: self.y1.max(other.y1),
        }
    }
}

/// A run of ink on one row of pixels.
#[derive(Clone, Copy)]
struct Run {
    x0: usize,
    x1: usize,
    mark: usize,
}

/// The marks of a picture, but for specks.
pub(super) fn marks(picture: &Picture) -> Vec<Mark> {
    let ink = threshold(&picture.grey);
    let mut forest = Forest::default();
    let mut above: Vec<Run> = Vec::new();
    for (y, row) in picture.grey.chunks_exact(picture.width.max(1)).enumerate() {
        let mut runs = Vec::with_capacity(above.len());
        let mut first_above = 0;
        let mut x = 0;
        while let Some(start) = row[x..].iter().position(|p| *p < ink).map(|at| x + at) {
            let end = row[start..].iter().position(|p| *p >= ink).map_or(row.len(), |n| start + n);
            x = end;
            // Diagonal neighbours touch.
            while above.get(first_above).is_some_and(|run| run.x1 < start) {
                first_above += 1;
            }
            let mark = forest.add(Mark { x0: start, y0: y, x1: end, y1: y + 1 });
            for run in above[first_above..].iter().take_while(|run| run.x0 <= end) {
                forest.join(mark, run.mark);
            }
            runs.push(Run { x0: start, x1: end, mark });
        }
        above = runs;
    }
    forest.marks()
}

/// Marks that grow together; each tree's root holds the box.
#[derive(Default)]
struct Forest {
    parents: Vec<usize>,
    boxes: Vec<Mark>,
}

impl Forest {
    fn add(&mut self, bounds: Mark) -> usize {
        self.parents.push(self.parents.len());
        self.boxes.push(bounds);
        self.parents.len() - 1
    }

    fn root(&mut self, mut mark: usize) -> usize {
        while self.parents[mark] != mark {
            self.parents[mark] = self.parents[self.parents[mark]];
            mark = self.parents[mark];
        }
        mark
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        let (low, high) = (a.min(b), a.max(b));
        if low != high {
            self.parents[high] = low;
            self.boxes[low] = self.boxes[low].union(self.boxes[high]);
        }
    }

    fn marks(self) -> Vec<Mark> {
        let Self { parents, boxes } = self;
        let roots = parents.iter().enumerate().filter(|(i, parent)| i == *parent);
        roots.map(|(i, _)| boxes[i]).filter(|b| b.width() >= SPECK || b.height() >= SPECK).collect()
    }
}

/// Otsu's threshold: the tone that best parts dark from light.
#[expect(clippy::cast_precision_loss, reason = "some million pixels")]
fn threshold(grey: &[u8]) -> u8 {
    let mut counts = [0_u64; 256];
    for tone in grey {
        counts[usize::from(*tone)] += 1;
    }
    let total = grey.len() as f64;
    let sum: f64 = (0..).zip(&counts).map(|(tone, n)| f64::from(tone) * *n as f64).sum();
    let (mut below, mut sum_below) = (0.0, 0.0);
    let mut best = (0.0, FALLBACK);
    for (tone, n) in (0..=u8::MAX).zip(&counts) {
        below += *n as f64;
        sum_below += f64::from(tone) * *n as f64;
        let above = total - below;
        if below > 0.0 && above > 0.0 {
            let apart = sum_below / below - (sum - sum_below) / above;
            let between = below * above * apart * apart;
            if between > best.0 {
                best = (between, tone.saturating_add(1));
            }
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `#` is ink.
    fn picture(rows: &[&str]) -> Picture {
        let tone = |c: char| if c == '#' { 10 } else { 240 };
        let grey = rows.iter().flat_map(|row| row.chars().map(tone)).collect();
        Picture { width: rows[0].len(), height: rows.len(), grey, scale: 1.0 }
    }

    #[test]
    fn what_touches_is_one_mark_and_specks_are_none() {
        let found = marks(&picture(&[
            "#.....#....", // the two strokes of a V
            ".#...#.....",
            "..#.#....#.", // and a speck
            "...#.......",
        ]));
        assert_eq!(found, [Mark { x0: 0, y0: 0, x1: 7, y1: 4 }]);
        assert_eq!(marks(&picture(&["......"])), []);
    }

    #[test]
    fn ink_is_told_from_a_grey_ground() {
        assert!((91..=180).contains(&threshold(&[90, 90, 180, 180, 180])));
    }
}
