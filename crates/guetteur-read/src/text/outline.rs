//! Shapes on the page, as exactly as it takes to tell what they hide.

use hayro_interpret::kurbo::{Affine, BezPath, PathEl, Point, Rect, Shape as _};

/// A shape with more elements is taken for its bounds, and hides nothing.
const SIMPLE: usize = 16;

/// A shape on the page as displayed.
#[derive(Clone)]
pub(super) enum Outline {
    Rect(Rect),
    Path(BezPath),
}

impl Outline {
    /// A path as it stands on the page; `None` if it has too many elements.
    pub(super) fn of(path: &BezPath, transform: Affine) -> Option<Self> {
        (path.elements().len() <= SIMPLE).then(|| {
            let mut path = transform * path.clone();
            // Fills close what is left open.
            path.close_path();
            Self::Path(path)
        })
    }

    /// A rectangle as it stands on the page.
    pub(super) fn of_rect(rect: Rect, transform: Affine) -> Self {
        if is_upright(transform) {
            Self::Rect(transform.transform_rect_bbox(rect))
        } else {
            Self::Path(transform * rect.to_path(0.1))
        }
    }

    pub(super) fn bounds(&self) -> Rect {
        match self {
            Self::Rect(rect) => *rect,
            Self::Path(path) => path.control_box(),
        }
    }

    pub(super) fn contains(&self, point: Point) -> bool {
        match self {
            Self::Rect(rect) => rect.contains(point),
            Self::Path(path) => path.control_box().contains(point) && path.contains(point),
        }
    }

    /// The part of it inside the clip; `None` if its shape cannot be told.
    pub(super) fn clipped(self, clip: Option<Clip>) -> Option<Self> {
        let Some(clip) = clip else { return Some(self) };
        let bounds = self.bounds();
        match self {
            _ if bounds.intersect(clip.bounds) == bounds && clip.exact => Some(self),
            Self::Rect(rect) if clip.exact => {
                let part = rect.intersect(clip.bounds);
                (part.area() > 0.0).then_some(Self::Rect(part))
            }
            _ => None,
        }
    }
}

/// Where painting is allowed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Clip {
    pub(super) bounds: Rect,
    /// Whether all within the bounds is allowed.
    pub(super) exact: bool,
}

impl Clip {
    /// What of `outer` a further clip leaves.
    pub(super) fn within(outer: Option<Self>, bounds: Rect, exact: bool) -> Self {
        match outer {
            None => Self { bounds, exact },
            Some(outer) => {
                Self { bounds: outer.bounds.intersect(bounds), exact: outer.exact && exact }
            }
        }
    }
}

/// Whether rectangles stay upright rectangles.
pub(super) fn is_upright(transform: Affine) -> bool {
    let [a, b, c, d, ..] = transform.as_coeffs();
    (b == 0.0 && c == 0.0) || (a == 0.0 && d == 0.0)
}

/// A closed path of four sides along the axes.
pub(super) fn is_rectangle(elements: &[PathEl], bounds: Rect) -> bool {
    use PathEl::{ClosePath, LineTo, MoveTo};
    let [MoveTo(a), LineTo(b), LineTo(c), LineTo(d), last] = elements else { return false };
    let closed = match last {
        ClosePath => true,
        LineTo(end) => end == a,
        _ => false,
    };
    let level = |p: &Point, q: &Point| p.y == q.y && p.x != q.x;
    let upright = |p: &Point, q: &Point| p.x == q.x && p.y != q.y;
    let round = |one: &dyn Fn(&Point, &Point) -> bool, other: &dyn Fn(&Point, &Point) -> bool| {
        one(a, b) && other(b, c) && one(c, d) && other(d, a)
    };
    closed && bounds.is_finite() && (round(&level, &upright) || round(&upright, &level))
}
