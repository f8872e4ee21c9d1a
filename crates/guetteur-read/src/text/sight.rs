//! What of a page's words is seen.
//!
//! A PDF paints one thing over the other: words under a filled bar, white words on white paper,
//! words that are clipped away or stand outside the page are in the file and not on the paper.
//! What nobody sees is kept apart. The text layer of a scan, which is not painted either, stands
//! over (or under) a large picture: it is told apart from the rest.

use hayro_interpret::kurbo::{Point, Rect};

use super::ink::Ink;
use super::layout::Fragment;
use super::outline::Outline;

/// How a word is painted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Sight {
    /// In some tone.
    #[default]
    Seen,
    /// In white: seen on a dark ground.
    White,
    /// Not at all.
    Unpainted,
}

/// Paint lower than this share of a word's size does not hide it: a stroke through it.
const LOW: f64 = 0.45;
/// Middle of the letters above the baseline, in sizes.
const MIDDLE: f64 = 0.3;
/// Things painted that are kept; a drawing has millions.
const MAX_PAINTED: usize = 5_000;
/// Words compared to things painted; beyond, the page is hostile.
const MAX_TESTS: usize = 20_000_000;

/// Something painted over a part of the page.
struct Painted {
    outline: Outline,
    /// Fragments of text that were there before.
    after: usize,
    white: bool,
    hides: Hides,
}

/// What becomes of the words below.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Hides {
    Nothing,
    /// They may be the text layer of a scan.
    AsLayer,
    Fully,
}

/// What a page paints besides words, in its order.
#[derive(Default)]
pub(super) struct Scene {
    painted: Vec<Painted>,
    /// Something of no known shape was painted.
    shaded: bool,
}

impl Scene {
    /// A fill after so many fragments.
    pub(super) fn fill(&mut self, outline: Outline, ink: Ink, after: usize) {
        let hides = if ink.hides() { Hides::Fully } else { Hides::Nothing };
        if ink.shows() {
            self.push(Painted { outline, after, white: ink.is_white(), hides });
        }
    }

    /// A picture after so many fragments; a large one may be a scan over its text layer.
    pub(super) fn picture(&mut self, rect: Rect, opaque: bool, large: bool, after: usize) {
        let hides = match (opaque, large) {
            (false, _) => Hides::Nothing,
            (true, true) => Hides::AsLayer,
            (true, false) => Hides::Fully,
        };
        self.push(Painted { outline: Outline::Rect(rect), after, white: false, hides });
    }

    /// A gradient over whatever is not clipped away.
    pub(super) fn shade(&mut self) {
        self.shaded = true;
    }

    fn push(&mut self, painted: Painted) {
        if self.painted.len() < MAX_PAINTED {
            self.painted.push(painted);
        }
    }

    /// Parts the words that count (seen, or the layer of a scan) from those that nobody sees.
    pub(super) fn parted(
        &self,
        fragments: Vec<Fragment>,
        page: Rect,
        on_scan: impl Fn(Point) -> bool,
    ) -> (Vec<Fragment>, Vec<Fragment>) {
        let mut tests = MAX_TESTS;
        let mut unseen = Vec::new();
        let mut kept = Vec::with_capacity(fragments.len());
        for (i, mut fragment) in fragments.into_iter().enumerate() {
            let middle = middle(&fragment);
            let sight = match self.hidden(&fragment, middle, i, &mut tests) {
                _ if !page.contains(middle) => None,
                Hides::Fully => None,
                Hides::AsLayer => Some(Sight::Unpainted),
                Hides::Nothing => match fragment.sight {
                    Sight::White if !self.is_dark_behind(middle, i) => None,
                    Sight::White => Some(Sight::Seen),
                    Sight::Unpainted if !on_scan(middle) => None,
                    sight => Some(sight),
                },
            };
            match sight {
                Some(sight) => {
                    fragment.sight = sight;
                    kept.push(fragment);
                }
                None => unseen.push(fragment),
            }
        }
        (kept, unseen)
    }

    /// What was painted over fragment `i`.
    fn hidden(&self, fragment: &Fragment, middle: Point, i: usize, tests: &mut usize) -> Hides {
        let mut found = Hides::Nothing;
        // What was painted last comes first: it was painted after the most words.
        for painted in self.painted.iter().rev().take_while(|painted| painted.after > i) {
            let Some(left) = tests.checked_sub(1) else { break };
            *tests = left;
            let bounds = painted.outline.bounds();
            let is_low = bounds.width().min(bounds.height()) < LOW * fragment.size;
            if painted.hides == Hides::Nothing || is_low || !painted.outline.contains(middle) {
                continue;
            }
            if painted.hides == Hides::Fully {
                return Hides::Fully;
            }
            found = Hides::AsLayer;
        }
        found
    }

    /// Whether a white word stands on something that is not white.
    fn is_dark_behind(&self, middle: Point, i: usize) -> bool {
        let before = self.painted.iter().rev().filter(|painted| painted.after <= i);
        let ground = { before }.find(|painted| painted.outline.contains(middle));
        ground.map_or(self.shaded, |painted| !painted.white)
    }
}

/// The middle of a word's letters on the page.
pub(super) fn middle(fragment: &Fragment) -> Point {
    let u = f64::midpoint(fragment.u0, fragment.u1);
    fragment.frame.to_page(u, fragment.v - MIDDLE * fragment.size).into()
}
