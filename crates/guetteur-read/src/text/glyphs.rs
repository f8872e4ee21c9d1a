//! Glyphs, images and rules of a page, collected on the way through its instructions.

use hayro_interpret::kurbo::{Affine, BezPath, Point, Rect};
use hayro_syntax::object::Dict;

use super::accents;
use super::actual::Replacement;
use super::ink::Ink;
use super::layout::{Fragment, Stroke};
use super::letter::{FAR, Placed, Run, Text, UNITS_PER_EM};
use super::outline::{Clip, Outline, is_upright};
use super::sight::{Scene, Sight};
use super::surface::Surface;

/// A gap above this share of the size is a space.
pub(super) const SPACE: f64 = 0.12;
/// A space character that leaves less than this is not seen.
const TOUCHING: f64 = 0.03;
/// Fragments of one page; a hostile page has millions.
const MAX_FRAGMENTS: usize = 100_000;
/// Strokes of one page; a drawing has millions.
const MAX_STROKES: usize = 10_000;
/// Rules are thinner than this, in points, and longer than the next number.
const THIN: f64 = 3.0;
const LONG: f64 = 20.0;
/// Middle of the letters above the baseline, in sizes.
const MIDDLE: f64 = 0.3;
/// Share of the page from which a picture may be a scan over its text layer; share of its width
/// from which it may be a strip of one.
const LARGE: f64 = 0.25;
const STRIP: f64 = 0.9;
/// Elements of a path that may be a line or a rectangle.
const STRAIGHT: usize = 6;
/// Elements of a rectangle, and of a line at most.
const RECTANGLE: usize = 5;
const LINE: usize = 2;
/// Bytes of a longer word.
const WORD: usize = 16;
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
    pub(super) surface: Surface,
    pub(super) scene: Scene,
    /// Fragments before the last run.
    run_start: usize,
    pub(super) paths: u32,
    chars_left: usize,
    pub(super) cut: bool,
    /// A ligature had its letters in the high bytes.
    pub(super) has_shifted: bool,
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
            surface: Surface::new(f64::from(width), f64::from(height)),
            scene: Scene::default(),
            run_start: 0,
            paths: 0,
            chars_left: max_chars,
            cut: false,
            has_shifted: false,
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

    /// A run of glyphs begins.
    pub(super) fn begin_run(&mut self) {
        self.run_start = self.fragments.len();
    }

    /// The last run is outlined in a tone that is seen, whatever it is filled with.
    pub(super) fn is_seen_after_all(&mut self) {
        let fragments = self.fragments.iter_mut().skip(self.run_start).chain(&mut self.open);
        fragments.for_each(|fragment| fragment.sight = Sight::Seen);
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
        self.has_shifted |= matches!(text, Text::Mended(_));
        let (u, v) = run.frame.place(origin.x, origin.y);
        let advance =
            width.map_or(run.size * 0.5, |width| width / UNITS_PER_EM * run.scale).min(FAR);
        let Run { frame, size, mut sight, .. } = *run;
        if run.clips(u + 0.5 * advance, v - MIDDLE * size) {
            sight = Sight::Unpainted;
        }
        let is_told = width.is_some();
        let placed = Placed { text: text.clone(), frame, u, v, advance, is_told, size, sight };
        match &mut self.replacing {
            Some(replacement) => replacement.glyphs.push(placed),
            None => self.put(placed),
        }
    }

    fn put(&mut self, placed: Placed) {
        if placed.text.is_space() {
            self.space_pending = true;
            return;
        }
        if self.last.as_ref().is_some_and(|last| placed.is_again(last)) {
            return;
        }
        let Some(placed) = self.accented(placed) else { return };
        let Placed { ref text, frame, u, v, advance, size, sight, .. } = placed;
        // A space that the next letter is painted over is none on the paper.
        let widest = match &self.last {
            Some(last) if self.space_pending && last.is_told => TOUCHING,
            _ if self.space_pending => f64::MIN,
            _ => SPACE,
        };
        let fits = self.open.as_ref().is_some_and(|open| {
            let gap = u - open.u1;
            open.frame == frame
                && open.sight == sight
                && (open.v - v).abs() < 0.1 * size
                && gap < widest * size
                && gap > -0.4 * size
        });
        let fits = fits && !self.ends_leader(text);
        // An accent of its own is put over its letter, wherever it is told to stand.
        let fits = fits || (text.is_mark() && self.open.is_some());
        let space_before = std::mem::take(&mut self.space_pending);
        if !fits {
            self.finish();
            self.open = Some(Fragment {
                text: String::with_capacity(WORD),
                frame,
                u0: u,
                u1: u,
                v,
                size,
                sight,
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

    /// The glyph with the accent painted before it; `None` if it is the accent of the letter before.
    fn accented(&mut self, mut placed: Placed) -> Option<Placed> {
        let both = self.last.as_ref().and_then(|last| accents::together(last, &placed));
        let (Some(both), Some(open), Some(last)) = (both, &mut self.open, &mut self.last) else {
            return Some(placed);
        };
        open.text.pop();
        if accents::is_accent(&placed.text) {
            both.push_to(&mut open.text);
            last.text = both;
            return None;
        }
        if open.text.is_empty() {
            self.space_pending |= open.space_before;
            self.open = None;
        }
        placed.text = both;
        Some(placed)
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

    /// A path or rectangle that is painted.
    pub(super) fn shape(&mut self, drawn: &Drawn<'_>, transform: Affine, clip: Option<Clip>) {
        let (bounds, elements) = match drawn.form {
            Form::Rect(rect) => (rect, RECTANGLE),
            Form::Path(path) => (path.control_box(), path.elements().len()),
        };
        let bounds = transform.transform_rect_bbox(bounds);
        self.paths = self.paths.saturating_add(u32::from(matches!(drawn.form, Form::Path(_))));
        if elements <= STRAIGHT {
            self.stroke(bounds);
        } else if drawn.pen.is_none() && bounds.is_finite() && drawn.ink.shows() {
            self.surface.outline(bounds, elements);
        }
        let thickness = match drawn.pen {
            None => 0.0,
            // A thick level line hides what it crosses; a frame does not.
            Some(width) if elements <= LINE && is_level(bounds) => {
                width * transform.determinant().abs().sqrt()
            }
            Some(_) => return,
        };
        let bounds = bounds.inflate(0.5 * thickness, 0.5 * thickness);
        if !bounds.is_finite() || bounds.width().min(bounds.height()) < THIN {
            return;
        }
        let outline = match drawn.form {
            _ if drawn.pen.is_some() => Some(Outline::Rect(bounds)),
            Form::Rect(rect) => Some(Outline::of_rect(rect, transform)),
            Form::Path(path) => Outline::of(path, transform),
        };
        let mut ink = drawn.ink;
        let outline = outline.and_then(|outline| outline.clipped(clip)).unwrap_or_else(|| {
            // Where exactly it lies is not known: it may be behind white words.
            ink.has_holes = true;
            Outline::Rect(clip.map_or(bounds, |clip| clip.bounds.intersect(bounds)))
        });
        self.fill(outline, ink);
    }

    /// An image that fills the unit square, which is placed by `transform`.
    pub(super) fn image(
        &mut self,
        transform: Affine,
        dict: &Dict<'_>,
        opaque: bool,
        clip: Option<Clip>,
    ) {
        let rect = transform.transform_rect_bbox(Rect::new(0.0, 0.0, 1.0, 1.0));
        let rect = clip.map_or(rect, |clip| clip.bounds.intersect(rect));
        if !rect.is_finite() || rect.area() <= 0.0 {
            return;
        }
        self.surface.picture(rect);
        self.finish();
        let upright = is_upright(transform) && clip.is_none_or(|clip| clip.exact);
        let large =
            rect.area() >= LARGE * self.width * self.height || rect.width() >= STRIP * self.width;
        let opaque = opaque && upright && is_opaque(dict);
        self.scene.picture(rect, opaque, large, self.fragments.len());
    }

    /// The words that count, and those that nobody sees.
    pub(super) fn words(&mut self) -> (Vec<Fragment>, Vec<Fragment>) {
        let fragments = std::mem::take(&mut self.fragments);
        let has_scan = f64::from(self.surface.picture_share()) >= LARGE;
        let on_scan = |point| has_scan && self.surface.is_picture(point);
        let page = Rect::new(0.0, 0.0, self.width, self.height);
        self.scene.parted(fragments, page, on_scan)
    }

    /// A fill over all words until here.
    pub(super) fn fill(&mut self, outline: Outline, ink: Ink) {
        self.finish();
        self.scene.fill(outline, ink, self.fragments.len());
    }

    /// A word that no glyphs of the page make.
    pub(super) fn word(&mut self, word: Fragment) {
        if self.fragments.len() < MAX_FRAGMENTS {
            self.fragments.push(word);
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
}

/// Something painted.
pub(super) struct Drawn<'p> {
    pub(super) form: Form<'p>,
    pub(super) ink: Ink,
    /// The width of the line, where it is not a fill.
    pub(super) pen: Option<f64>,
}

/// A rectangle along the axes, or any path.
#[derive(Clone, Copy)]
pub(super) enum Form<'p> {
    Rect(Rect),
    Path(&'p BezPath),
}

/// Whether the bounds are those of a line along the axes.
fn is_level(bounds: Rect) -> bool {
    bounds.width().min(bounds.height()) < 1.0
}

/// An image without a mask of any kind: nothing shows through it.
fn is_opaque(image: &Dict<'_>) -> bool {
    !["SMask", "Mask"].iter().any(|key| image.contains_key(key))
}
