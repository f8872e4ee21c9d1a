//! Glyphs, images and rules of a page, collected on the way through its instructions.

use hayro_interpret::hayro_cmap::BfString;
use hayro_interpret::kurbo::{Affine, Point, Rect};
use hayro_syntax::object::Dict;

use super::actual::Replacement;
use super::layout::{Fragment, Frame, Stroke};

/// Fonts are measured in thousandths of their size.
pub(super) const UNITS_PER_EM: f64 = 1000.0;
/// A gap above this share of the size is a space.
const SPACE: f64 = 0.15;
/// Image coverage is counted on a grid of this many cells a side.
const GRID: usize = 50;
/// Fragments of one page; a hostile page has millions.
const MAX_FRAGMENTS: usize = 100_000;
/// Strokes of one page; a drawing has millions.
const MAX_STROKES: usize = 10_000;
/// Rules are thinner than this, in points, and longer than the next number.
const THIN: f64 = 3.0;
const LONG: f64 = 20.0;
/// Elements of a path that may be a line or a rectangle.
const STRAIGHT: usize = 6;
/// What stands farther from the page than this, in points, or is larger, is not on it.
const FAR: f64 = 1e6;
/// Bytes of a longer word.
const WORD: usize = 16;
/// A letter painted again for boldness stands within this share of its width.
const AGAIN: f64 = 0.5;
/// Dots in a row that make a leader.
const LEADER: usize = 4;

/// Collects fragments of text, image coverage and a count of paths.
pub(super) struct Collector {
    width: f64,
    height: f64,
    pub(super) fragments: Vec<Fragment>,
    pub(super) strokes: Vec<Stroke>,
    open: Option<Fragment>,
    last: Option<Placed>,
    /// Where the last dots of the open fragment stand.
    dots: Vec<f64>,
    space_pending: bool,
    replacing: Option<Replacement>,
    covered: Vec<bool>,
    pub(super) paths: u32,
    chars_left: usize,
    pub(super) cut: bool,
}

impl Collector {
    pub(super) fn new(width: f32, height: f32, max_chars: usize) -> Self {
        Self {
            width: f64::from(width),
            height: f64::from(height),
            fragments: Vec::new(),
            strokes: Vec::new(),
            open: None,
            last: None,
            dots: Vec::new(),
            space_pending: false,
            replacing: None,
            covered: vec![false; GRID * GRID],
            paths: 0,
            chars_left: max_chars,
            cut: false,
        }
    }

    /// Closes what the page left open.
    pub(super) fn end(&mut self) {
        self.replace();
        self.finish();
    }

    /// Puts what the glyphs of a marked sequence stand for.
    fn replace(&mut self) {
        let placed = self.replacing.take().map(Replacement::placed);
        placed.into_iter().flatten().for_each(|placed| self.put(placed));
    }

    /// Closes the last fragment.
    fn finish(&mut self) {
        self.dots.clear();
        if let Some(fragment) = self.open.take() {
            self.fragments.push(fragment);
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "a few thousand cells")]
    pub(super) fn image_cover(&self) -> f32 {
        self.covered.iter().filter(|c| **c).count() as f32 / self.covered.len() as f32
    }

    fn break_word(&mut self) {
        self.finish();
        self.space_pending = true;
    }

    /// A glyph with its origin; its width is in thousandths of the font's size.
    pub(super) fn show(&mut self, run: &Run, text: &Text, width: Option<f64>, origin: Point) {
        if self.chars_left == 0 || self.fragments.len() >= MAX_FRAGMENTS {
            self.cut = true;
            return;
        }
        if !(origin.x.abs() < FAR && origin.y.abs() < FAR) {
            return;
        }
        self.chars_left -= 1;
        let (u, v) = run.frame.place(origin.x, origin.y);
        let advance =
            width.map_or(run.size * 0.5, |width| width / UNITS_PER_EM * run.scale).min(FAR);
        let Run { frame, size, hidden, .. } = *run;
        let placed = Placed { text: text.clone(), frame, u, v, advance, size, hidden };
        match &mut self.replacing {
            Some(replacement) => replacement.glyphs.push(placed),
            None => self.put(placed),
        }
    }

    fn put(&mut self, placed: Placed) {
        if placed.text.is_space() {
            self.break_word();
            return;
        }
        if self.last.as_ref().is_some_and(|last| placed.is_again(last)) {
            return;
        }
        let Placed { ref text, frame, u, v, advance, size, hidden } = placed;
        let fits = self.open.as_ref().is_some_and(|open| {
            let gap = u - open.u1;
            open.frame == frame
                && open.hidden == hidden
                && (open.v - v).abs() < 0.1 * size
                && gap < SPACE * size
                && gap > -0.4 * size
        });
        let fits = fits && !self.ends_leader(text);
        if !fits {
            self.finish();
            let space_before = std::mem::take(&mut self.space_pending);
            self.open = Some(Fragment {
                text: String::with_capacity(WORD),
                frame,
                u0: u,
                u1: u,
                v,
                size,
                hidden,
                space_before,
            });
        }
        if let Some(open) = &mut self.open {
            text.push_to(&mut open.text);
            open.u1 = open.u1.max(u + advance);
            open.size = open.size.max(size);
        }
        if text.is_dot() {
            self.dots.push(u);
            self.split_before_leader();
        } else {
            self.dots.clear();
        }
        self.last = Some(placed);
    }

    /// True if the leader ends here: what follows is a word of its own (a page number).
    fn ends_leader(&mut self, next: &Text) -> bool {
        let ends = self.dots.len() >= LEADER && !next.is_dot();
        self.space_pending |= ends;
        ends
    }

    /// Cuts a leader off the word that it is glued to.
    fn split_before_leader(&mut self) {
        let Some(open) = self.open.as_mut().filter(|_| self.dots.len() == LEADER) else { return };
        let dots: usize = open.text.chars().rev().take(LEADER).map(char::len_utf8).sum();
        let start = open.text.len() - dots;
        if start > 0 {
            let leader = open.text.split_off(start);
            let u0 = self.dots[0];
            let leader = Fragment { text: leader, u0, space_before: true, ..*open };
            open.u1 = u0;
            self.fragments.extend(self.open.replace(leader));
        }
    }

    /// Notes the edges of a rectangle that is a rule or a frame.
    fn stroke(&mut self, rect: Rect) {
        let (width, height) = (rect.width(), rect.height());
        if self.strokes.len() >= MAX_STROKES || width.max(height) < LONG || !rect.is_finite() {
            return;
        }
        let Rect { x0, y0, x1, y1 } = rect;
        let middle = rect.center();
        if height < THIN {
            self.strokes.push([(x0, middle.y), (x1, middle.y)]);
        } else if width < THIN {
            self.strokes.push([(middle.x, y0), (middle.x, y1)]);
        } else {
            let edges = [(x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1)];
            self.strokes.extend(edges.map(|(xa, ya, xb, yb)| [(xa, ya), (xb, yb)]));
        }
    }

    /// A path painted within these bounds.
    pub(super) fn shape(&mut self, bounds: Rect, elements: usize, is_rectangle: bool) {
        self.paths = self.paths.saturating_add(u32::from(!is_rectangle));
        if elements <= STRAIGHT {
            self.stroke(bounds);
        }
    }

    /// An image that fills the unit square, which is placed by `transform`.
    pub(super) fn image(&mut self, transform: Affine, is_raster: bool, dict: &Dict<'_>) {
        let corners = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)]
            .map(|corner| transform * Point::from(corner));
        if corners.iter().all(|corner| corner.is_finite()) {
            let first = Rect::from_points(corners[0], corners[0]);
            let rect = corners.iter().fold(first, |rect, corner| rect.union_pt(*corner));
            self.cover(rect);
            if is_raster && is_opaque(dict) {
                self.hide_below(rect);
            }
        }
    }

    pub(super) fn begin_marked(&mut self, properties: Option<&Dict<'_>>) {
        match &mut self.replacing {
            Some(replacement) => replacement.depth += 1,
            None => self.replacing = Replacement::of(properties),
        }
    }

    pub(super) fn end_marked(&mut self) {
        match &mut self.replacing {
            Some(replacement) if replacement.depth > 0 => replacement.depth -= 1,
            _ => self.replace(),
        }
    }

    /// Some scanners paint their text layer and then the scan over it: hidden as well.
    fn hide_below(&mut self, image: Rect) {
        self.finish();
        for fragment in &mut self.fragments {
            let (x, y) = fragment.frame.to_page(fragment.u0, fragment.v);
            fragment.hidden |= image.contains(Point::new(x, y));
        }
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to the grid"
    )]
    fn cover(&mut self, rect: Rect) {
        let cell = |value: f64, side: f64| ((value / side) * GRID as f64).round();
        let clamp = |value: f64| value.clamp(0.0, GRID as f64) as usize;
        let (x0, x1) = (clamp(cell(rect.x0, self.width)), clamp(cell(rect.x1, self.width)));
        let (y0, y1) = (clamp(cell(rect.y0, self.height)), clamp(cell(rect.y1, self.height)));
        for row in y0..y1 {
            self.covered[row * GRID + x0..row * GRID + x1.max(x0)].fill(true);
        }
    }
}

/// An image without a mask of any kind: nothing shows through it.
fn is_opaque(image: &Dict<'_>) -> bool {
    !["SMask", "Mask"].iter().any(|key| image.contains_key(key))
}

/// A width that a font tells, if it can be one.
pub(super) fn told_width(width: Option<f32>) -> Option<f64> {
    width.filter(|w| w.is_finite() && *w > 0.0).map(f64::from)
}

/// What the glyphs of a run have in common.
pub(super) struct Run {
    frame: Frame,
    /// How much wider than one unit the font's em is.
    scale: f64,
    /// Font size.
    size: f64,
    hidden: bool,
}

impl Run {
    /// The run of a font whose em is placed by this transform; `None` if it has no size.
    pub(super) fn of(em: Affine, hidden: bool) -> Option<Self> {
        let [a, b, c, d, ..] = em.as_coeffs();
        let (scale, size) = (a.hypot(b), c.hypot(d));
        let has_size = [scale, size].iter().all(|v| *v > 0.0 && *v < FAR);
        has_size.then(|| Self { frame: Frame::of(a / scale, b / scale), scale, size, hidden })
    }
}

/// A glyph and where it stands in its frame.
pub(super) struct Placed {
    pub(super) text: Text,
    pub(super) frame: Frame,
    pub(super) u: f64,
    /// The baseline.
    pub(super) v: f64,
    pub(super) advance: f64,
    /// Font size.
    pub(super) size: f64,
    pub(super) hidden: bool,
}

impl Placed {
    /// Whether this is the letter before, painted again to look bold. The next letter of a word
    /// stands farther on, be it the same.
    fn is_again(&self, last: &Self) -> bool {
        // The place first: it is told fastest, and nearly never the same.
        (self.u - last.u).abs() < AGAIN * last.advance
            && (self.v - last.v).abs() < 0.1 * last.size
            && self.frame == last.frame
            && self.hidden == last.hidden
            && self.text == last.text
    }
}

/// What a glyph stands for.
#[derive(Clone, Default, PartialEq)]
pub(super) enum Text {
    #[default]
    Bad,
    Char(char),
    Many(String),
}

impl Text {
    pub(super) fn of(unicode: Option<BfString>) -> Self {
        match unicode {
            Some(BfString::Char(c)) => Self::of_char(c),
            Some(BfString::String(s)) if !s.is_empty() => Self::Many(s),
            _ => Self::Bad,
        }
    }

    fn of_char(c: char) -> Self {
        match c {
            '\u{FB00}' => Self::Many("ff".to_owned()),
            '\u{FB01}' => Self::Many("fi".to_owned()),
            '\u{FB02}' => Self::Many("fl".to_owned()),
            '\u{FB03}' => Self::Many("ffi".to_owned()),
            '\u{FB04}' => Self::Many("ffl".to_owned()),
            '\u{FB05}' | '\u{FB06}' => Self::Many("st".to_owned()),
            '\u{AD}' => Self::Char('-'),
            '\0' => Self::Bad,
            c => Self::Char(c),
        }
    }

    /// A sign that leaders are made of.
    fn is_dot(&self) -> bool {
        matches!(self, Self::Char('.' | '…' | '_' | '·'))
    }

    fn is_space(&self) -> bool {
        match self {
            Self::Bad => false,
            Self::Char(c) => c.is_whitespace() || *c == '\u{200B}',
            Self::Many(s) => s.chars().all(char::is_whitespace),
        }
    }

    pub(super) fn push_to(&self, out: &mut String) {
        match self {
            Self::Bad => out.push('\u{FFFD}'),
            Self::Char(c) => out.push(*c),
            Self::Many(s) => out.push_str(s),
        }
    }
}
