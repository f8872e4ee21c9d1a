//! What words and shapes are painted with, as far as it tells what is seen.

use super::sight::Sight;

/// Opacity under which nothing is seen.
const CLEAR: f32 = 0.05;
/// Opacity from which nothing shines through.
const FULL: f32 = 0.95;
/// Lightness (0 to 1) from which a tone is white, and up to which it is dark.
const WHITE: f32 = 0.95;
const DARK: f32 = 0.3;

/// Paint.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Ink {
    pub(super) tone: Tone,
    /// 0 to 1.
    pub(super) opacity: f32,
    pub(super) blend: Blend,
    /// A pattern, or what a mask leaves: there are holes in it.
    pub(super) has_holes: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    White,
    Middle,
    Dark,
}

/// What the groups around something do to its paint.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Around {
    opacity: f32,
    has_holes: bool,
    blend: Blend,
}

impl Around {
    pub(super) const NOTHING: Self = Self { opacity: 1.0, has_holes: false, blend: Blend::Normal };

    /// With one more group inside.
    pub(super) fn and(self, opacity: f32, has_mask: bool, blend: Blend) -> Self {
        Self {
            opacity: self.opacity * opacity,
            has_holes: self.has_holes || has_mask,
            blend: self.blend.over(blend),
        }
    }
}

/// How paint mixes with what is below.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Blend {
    #[default]
    Normal,
    /// Dark paint hides, light paint shines through, as a text marker does.
    Darkens,
    Other,
}

impl Blend {
    /// What comes of two, one within the other.
    fn over(self, inner: Self) -> Self {
        match (self, inner) {
            (one, Self::Normal) | (Self::Normal, one) => one,
            (Self::Darkens, Self::Darkens) => Self::Darkens,
            _ => Self::Other,
        }
    }
}

impl Tone {
    /// Red, green, blue from 0 to 1.
    pub(super) fn of_rgb([r, g, b]: [f32; 3]) -> Self {
        match 0.299 * r + 0.587 * g + 0.114 * b {
            light if light >= WHITE => Self::White,
            light if light <= DARK => Self::Dark,
            _ => Self::Middle,
        }
    }
}

impl Ink {
    /// As the groups around it leave it.
    pub(super) fn within(self, around: Around) -> Self {
        Self {
            opacity: self.opacity * around.opacity,
            has_holes: self.has_holes || around.has_holes,
            blend: around.blend.over(self.blend),
            ..self
        }
    }

    /// What a word painted with it looks like.
    pub(super) fn sight(self) -> Sight {
        match self.tone {
            _ if self.opacity < CLEAR => Sight::Unpainted,
            Tone::White if self.blend == Blend::Darkens => Sight::Unpainted,
            Tone::White if !self.has_holes => Sight::White,
            _ => Sight::Seen,
        }
    }

    /// Whether a fill with it is seen at all.
    pub(super) fn shows(self) -> bool {
        self.opacity >= CLEAR && !(self.blend == Blend::Darkens && self.is_white())
    }

    pub(super) fn is_white(self) -> bool {
        self.tone == Tone::White
    }

    /// Whether a fill with it hides what is below.
    pub(super) fn hides(self) -> bool {
        let opaque = match self.blend {
            Blend::Normal => true,
            Blend::Darkens => self.tone == Tone::Dark,
            Blend::Other => false,
        };
        opaque && self.opacity >= FULL && !self.has_holes
    }
}
