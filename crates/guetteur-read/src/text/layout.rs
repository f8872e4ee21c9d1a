//! From fragments of text to lines in reading order.
//!
//! Text is laid out in its own frame: `u` runs along the line, `v` from line to line. The frame
//! that holds most of a page's text comes first, others (a stamp across the margin) after it.

use super::behind;
use super::columns;
use super::glyphs::SPACE;
use super::page_text::{Line, Word};
use super::raised::{self, SMALLER};
use super::sight::Sight;
use super::spaced;
use super::tables::{self, Part, Rule};
use super::two_up;
use super::unruled;

/// A word painted twice for boldness stands this near itself, in font sizes.
const TWICE: f64 = 0.3;
/// What stands under another word by this share of its size is on the next line.
const BELOW: f64 = 0.5;
/// Fragments of a row looked at for that: a hostile page has thousands on one line.
const LOOK: usize = 500;
/// Words that overlap by more than this, in font sizes, are not one.
const OVERLAP: f64 = 0.5;
/// A gap above this share of the smaller size is a space beside raised letters.
const RAISED_SPACE: f64 = 0.15;
/// Directions of text that are told apart on one page.
const MAX_FRAMES: usize = 16;

/// A direction of text on the page as displayed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Frame {
    cos: f64,
    sin: f64,
}

impl Frame {
    /// The frame of a direction (a unit vector, `y` downwards); within 3° of a quarter turn it
    /// is that quarter turn, so that scans a little askew stay together.
    pub(super) fn of(cos: f64, sin: f64) -> Self {
        const NEAR: f64 = 0.9986;
        if cos > NEAR {
            Self { cos: 1.0, sin: 0.0 }
        } else if cos < -NEAR {
            Self { cos: -1.0, sin: 0.0 }
        } else if sin > NEAR {
            Self { cos: 0.0, sin: 1.0 }
        } else if sin < -NEAR {
            Self { cos: 0.0, sin: -1.0 }
        } else {
            // Rounded, so that glyphs of one oblique word share their frame.
            Self { cos: (cos * 1e3).round() / 1e3, sin: (sin * 1e3).round() / 1e3 }
        }
    }

    /// Whether text runs as the page is held: then its places are those of the page.
    fn is_upright(self) -> bool {
        self.cos == 1.0
    }

    pub(super) fn place(self, x: f64, y: f64) -> (f64, f64) {
        (x * self.cos + y * self.sin, y * self.cos - x * self.sin)
    }

    pub(super) fn to_page(self, u: f64, v: f64) -> (f64, f64) {
        (u * self.cos - v * self.sin, u * self.sin + v * self.cos)
    }
}

/// A run of glyphs without a space, in its frame.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Fragment {
    pub(super) text: String,
    pub(super) frame: Frame,
    pub(super) u0: f64,
    pub(super) u1: f64,
    /// The baseline.
    pub(super) v: f64,
    /// Font size.
    pub(super) size: f64,
    pub(super) sight: Sight,
    /// A space character stands before it.
    pub(super) space_before: bool,
}

impl Fragment {
    #[expect(clippy::cast_possible_truncation, reason = "points on a page")]
    fn into_word(self) -> Word {
        let (top, bottom) = (self.v - 0.8 * self.size, self.v + 0.22 * self.size);
        let corners = [(self.u0, top), (self.u1, top), (self.u1, bottom), (self.u0, bottom)]
            .map(|(u, v)| self.frame.to_page(u, v));
        let min = |f: fn(&(f64, f64)) -> f64| corners.iter().map(f).fold(f64::MAX, f64::min) as f32;
        let max = |f: fn(&(f64, f64)) -> f64| corners.iter().map(f).fold(f64::MIN, f64::max) as f32;
        let bbox = [min(|c| c.0), min(|c| c.1), max(|c| c.0), max(|c| c.1)];
        Word { text: self.text, bbox, hidden: self.sight == Sight::Unpainted }
    }
}

/// Fragments on one baseline, sorted along it.
pub(super) type Row = Vec<Fragment>;

/// A straight stroke between two points of the page as displayed: a rule, the edge of a frame.
pub(super) type Stroke = [(f64, f64); 2];

/// Lines in reading order.
pub(super) fn lines(fragments: Vec<Fragment>, strokes: &[Stroke]) -> Vec<Line> {
    let mut frames: Vec<(Frame, Vec<Fragment>, usize)> = Vec::new();
    for fragment in fragments {
        let chars = fragment.text.len();
        // A page with text in every direction is not text: the rest shares the last frame.
        let full = frames.len() >= MAX_FRAMES;
        let known = frames.iter().position(|(frame, ..)| *frame == fragment.frame);
        match known.or(full.then_some(MAX_FRAMES - 1)) {
            Some(at) => {
                frames[at].1.push(fragment);
                frames[at].2 += chars;
            }
            None => frames.push((fragment.frame, vec![fragment], chars)),
        }
    }
    frames.sort_by_key(|(.., total)| std::cmp::Reverse(*total));
    let mut ordered = Vec::new();
    for (frame, list, _) in frames {
        let (list, behind) = behind::parted(list);
        match two_up::parted(&list, strokes).filter(|_| frame.is_upright()) {
            Some((left, right)) => {
                in_order(frame, left, strokes, &mut ordered);
                in_order(frame, right, strokes, &mut ordered);
            }
            None => in_order(frame, list, strokes, &mut ordered),
        }
        ordered.extend(rows(behind));
    }
    ordered.into_iter().map(line).collect()
}

/// Orders the words of one frame.
fn in_order(frame: Frame, words: Vec<Fragment>, strokes: &[Stroke], out: &mut Vec<Row>) {
    for part in tables::parts(rows(words), &rules(frame, strokes)) {
        match part {
            Part::Cells(rows) => out.extend(rows),
            Part::Rows(rows) => unruled(rows, out),
        }
    }
}

/// Orders rows that no rules tell about.
fn unruled(rows: Vec<Row>, out: &mut Vec<Row>) {
    for part in unruled::parts(rows) {
        match part {
            Part::Cells(rows) => out.extend(rows),
            Part::Rows(rows) => columns::order(rows, out),
        }
    }
}

/// The strokes along the lines of a frame.
fn rules(frame: Frame, strokes: &[Stroke]) -> Vec<Rule> {
    const LEVEL: f64 = 1.0;
    let along = |[a, b]: &Stroke| {
        let ((ua, va), (ub, vb)) = (frame.place(a.0, a.1), frame.place(b.0, b.1));
        let rule = Rule { u0: ua.min(ub), u1: ua.max(ub), v: f64::midpoint(va, vb) };
        ((va - vb).abs() < LEVEL).then_some(rule)
    };
    tables::joined(strokes.iter().filter_map(along).collect())
}

/// Groups fragments by baseline, from top to bottom.
fn rows(mut fragments: Vec<Fragment>) -> Vec<Row> {
    fragments.sort_by(|a, b| a.v.total_cmp(&b.v));
    let mut placed = raised::on_their_lines(fragments);
    placed.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut rows: Vec<Vec<(f64, Fragment)>> = Vec::new();
    let (mut anchor, mut anchor_size) = (f64::MIN, 0.0_f64);
    for (v, fragment) in placed {
        if let Some(row) = rows.last_mut()
            && v - anchor < near(anchor_size, fragment.size)
            && !is_below(row, v, &fragment)
        {
            if fragment.size > anchor_size {
                (anchor, anchor_size) = (v, fragment.size);
            }
            row.push((v, fragment));
        } else {
            (anchor, anchor_size) = (v, fragment.size);
            rows.push(vec![(v, fragment)]);
        }
    }
    let in_order = |row: Vec<(f64, Fragment)>| {
        let mut row: Row = row.into_iter().map(|(_, fragment)| fragment).collect();
        row.sort_by(|a, b| a.u0.total_cmp(&b.u0));
        spaced::joined(row)
    };
    rows.into_iter().map(in_order).collect()
}

/// Whether a fragment on baseline `v` stands below one of the row: a heading in the next column may
/// be as near to two lines of this one.
fn is_below(row: &[(f64, Fragment)], v: f64, fragment: &Fragment) -> bool {
    // Rows begin with what stands highest.
    let above =
        row.iter().take_while(|(line, other)| v - line > BELOW * fragment.size.min(other.size));
    above.take(LOOK).any(|(_, other)| other.u0 < fragment.u1 && fragment.u0 < other.u1)
}

/// How far two baselines of one line may be apart. Words of other sizes are set a little higher or
/// lower; a word many times larger is a line of its own, or stands behind several.
fn near(one: f64, other: f64) -> f64 {
    let (small, large) = (one.min(other), one.max(other));
    0.4 * if large <= 2.0 * small { large } else { small }
}

fn line(row: Row) -> Line {
    let mut line = Line::default();
    line.words.reserve(row.len());
    let mut last: Option<(f64, f64, f64)> = None;
    for fragment in row {
        let Fragment { u0, u1, size: whole, .. } = fragment;
        if let (Some((before_u0, before_u1, before_size)), Some(word)) = (last, line.words.last()) {
            let size = whole.min(before_size);
            // Imitated bold, or filled and stroked: the same word twice at one place.
            if word.text == fragment.text && (u0 - before_u0).abs() < TWICE * size {
                continue;
            }
            let gap = u0 - before_u1;
            let is_raised = size < SMALLER * before_size.max(whole);
            let widest = if is_raised { RAISED_SPACE } else { SPACE };
            let touches = gap > -OVERLAP * size && gap < widest * size;
            line.glued.push(!fragment.space_before && touches);
        }
        last = Some((u0, u1, whole));
        line.words.push(fragment.into_word());
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fragment(text: &str, u0: f64, v: f64) -> Fragment {
        #[expect(clippy::cast_precision_loss, reason = "short words")]
        let u1 = u0 + 5.0 * text.chars().count() as f64;
        Fragment {
            text: text.into(),
            frame: Frame::of(1.0, 0.0),
            u0,
            u1,
            v,
            size: 10.0,
            sight: Sight::Seen,
            space_before: false,
        }
    }

    fn text(fragments: Vec<Fragment>) -> String {
        lines(fragments, &[]).iter().map(Line::text).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn raised_letters_stay_on_their_line() {
        let mut raised = fragment("er", 45.0, 96.5);
        raised.size = 6.0;
        assert_eq!(
            text(vec![fragment("Article", 0.0, 100.0), fragment("1", 40.0, 100.0), raised]),
            "Article 1er"
        );
    }

    #[test]
    fn a_word_painted_twice_counts_once() {
        let twice = vec![fragment("ARRÊTE", 10.0, 50.0), fragment("ARRÊTE", 10.4, 50.0)];
        assert_eq!(text(twice), "ARRÊTE");
    }

    #[test]
    fn a_table_row_keeps_its_cells_apart() {
        let row = |n: &str, date: &str, v: f64| [fragment(n, 0.0, v), fragment(date, 60.0, v)];
        let cells = [row("2025/00054", "07/01/2025", 20.0), row("2025/00055", "08/01/2025", 34.0)];
        assert_eq!(text(cells.concat()), "2025/00054 07/01/2025\n2025/00055 08/01/2025");
    }

    #[test]
    fn a_heading_beside_a_column_mixes_none_of_its_lines() {
        let mut heading = fragment("Titre", 200.0, 105.0);
        heading.size = 16.0;
        let column = ["un résident de", "la commune et", "de ses quartiers"];
        let column = column.iter().zip([100.0, 110.0, 120.0]).flat_map(|(line, v)| {
            let words = line.split(' ').zip([0.0, 45.0, 90.0]);
            words.map(move |(word, u0)| fragment(word, u0, v))
        });
        let read = text(column.chain([heading]).collect());
        for line in ["un résident de", "la commune et", "de ses quartiers"] {
            assert!(read.contains(line), "{read}");
        }
    }

    #[test]
    fn words_over_one_another_are_not_glued() {
        let over = vec![fragment("12:35", 10.0, 50.0), fragment("12:40", 10.4, 50.0)];
        assert_eq!(text(over), "12:35 12:40");
    }

    #[test]
    fn text_up_the_margin_comes_after_the_page() {
        let mut margin = fragment("Recueil", 0.0, 0.0);
        margin.frame = Frame::of(0.0, -1.0);
        assert_eq!(
            text(vec![margin, fragment("Le préfet de la Drôme", 0.0, 10.0)]),
            "Le préfet de la Drôme\nRecueil"
        );
    }

    #[test]
    fn places_survive_the_turn_of_the_frame() {
        let frame = Frame::of(0.0, -1.0);
        let (u, v) = frame.place(30.0, 40.0);
        let (x, y) = frame.to_page(u, v);
        assert!((x - 30.0).abs() < 1e-9 && (y - 40.0).abs() < 1e-9);
    }
}
