//! One glyph: what it stands for and where it stands.

use hayro_interpret::hayro_cmap::BfString;
use hayro_interpret::kurbo::{Affine, Point};

use super::layout::Frame;
use super::mended;
use super::outline::Clip;
use super::sight::Sight;

/// Fonts are measured in thousandths of their size.
pub(super) const UNITS_PER_EM: f64 = 1000.0;
/// What stands farther from the page than this, in points, or is larger, is not on it.
pub(super) const FAR: f64 = 1e6;
/// A letter painted again for boldness stands within this share of its width.
const AGAIN: f64 = 0.5;

/// A width that a font tells, if it can be one.
pub(super) fn told_width(width: Option<f32>) -> Option<f64> {
    width.filter(|w| w.is_finite() && *w > 0.0).map(f64::from)
}

/// What the glyphs of a run have in common.
pub(super) struct Run {
    pub(super) frame: Frame,
    /// How much wider than one unit the font's em is.
    pub(super) scale: f64,
    /// Font size.
    pub(super) size: f64,
    pub(super) sight: Sight,
    clip: Option<Clip>,
}

impl Run {
    /// The run of a font whose em is placed by this transform; `None` if it has no size.
    pub(super) fn of(em: Affine, sight: Sight, clip: Option<Clip>) -> Option<Self> {
        let [a, b, c, d, ..] = em.as_coeffs();
        let (scale, size) = (a.hypot(b), c.hypot(d));
        let has_size = [scale, size].iter().all(|v| *v > 0.0 && *v < FAR);
        has_size.then(|| Self { frame: Frame::of(a / scale, b / scale), scale, size, sight, clip })
    }

    /// Whether a glyph that stands here in the run's frame is clipped away.
    pub(super) fn clips(&self, u: f64, v: f64) -> bool {
        self.clip.is_some_and(|clip| !clip.bounds.contains(Point::from(self.frame.to_page(u, v))))
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
    /// Whether the font tells its advance.
    pub(super) is_told: bool,
    /// Font size.
    pub(super) size: f64,
    pub(super) sight: Sight,
}

impl Placed {
    /// Whether this is the letter before, painted again to look bold. The next letter of a word
    /// stands farther on, be it the same.
    pub(super) fn is_again(&self, last: &Self) -> bool {
        // The place first: it is told fastest, and nearly never the same.
        (self.u - last.u).abs() < AGAIN * last.advance
            && (self.v - last.v).abs() < 0.1 * last.size
            && self.frame == last.frame
            && self.sight == last.sight
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
    /// Letters whose codes its producer wrote wrongly.
    Mended(String),
}

impl Text {
    pub(super) fn of(unicode: Option<BfString>) -> Self {
        match unicode {
            Some(BfString::Char(c)) => Self::of_char(c),
            Some(BfString::String(s)) if !s.is_empty() => match mended::ligature(&s) {
                Some(letters) => Self::Mended(letters),
                None => Self::Many(s),
            },
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
    pub(super) fn is_dot(&self) -> bool {
        matches!(self, Self::Char('.' | '…' | '_' | '·'))
    }

    /// An accent that combines with the letter before it.
    pub(super) fn is_mark(&self) -> bool {
        matches!(self, Self::Char('\u{300}'..='\u{36F}'))
    }

    pub(super) fn is_space(&self) -> bool {
        match self {
            Self::Bad => false,
            Self::Char(c) => c.is_whitespace() || *c == '\u{200B}',
            Self::Many(s) | Self::Mended(s) => s.chars().all(char::is_whitespace),
        }
    }

    pub(super) fn push_to(&self, out: &mut String) {
        match self {
            Self::Bad => out.push('\u{FFFD}'),
            Self::Char(c) => out.push(*c),
            Self::Many(s) | Self::Mended(s) => out.push_str(s),
        }
    }
}
