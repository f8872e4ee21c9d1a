//! The colours of drawings, by what they mean.

/// What a shape is drawn in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ink {
    /// Words and outlines.
    Text,
    /// Words of less weight.
    Soft,
    /// Thin rules.
    Rule,
    /// The ground.
    Paper,
    /// A bar.
    Bar,
    /// Nothing was found where one looked.
    Zero,
    /// A class of values, the lowest first: 1 to [`Ink::STEPS`].
    Step(u8),
    /// One looked, and what was found does not tell the value: dots.
    Undecided,
    /// Nobody looked: grey of its own, hatched, so that it is not told by colour alone.
    NotLooked,
}

/// Red, green, blue.
type Rgb = (u8, u8, u8);

impl Ink {
    /// Classes of values.
    pub const STEPS: u8 = 5;

    /// All, with the class of the style sheet and the colour on white paper.
    pub const ALL: [(Self, &'static str, Rgb); 13] = [
        (Self::Text, "ink-text", (0x1c, 0x1a, 0x16)),
        (Self::Soft, "ink-soft", (0x5a, 0x54, 0x48)),
        (Self::Rule, "ink-rule", (0xd8, 0xd1, 0xc1)),
        (Self::Paper, "ink-paper", (0xfb, 0xf9, 0xf4)),
        (Self::Bar, "ink-bar", (0x2f, 0x6f, 0x69)),
        (Self::Zero, "ink-zero", (0xff, 0xff, 0xff)),
        (Self::Step(1), "ink-step1", (0xcf, 0xe4, 0xdd)),
        (Self::Step(2), "ink-step2", (0x9b, 0xc9, 0xbf)),
        (Self::Step(3), "ink-step3", (0x5d, 0xa2, 0x98)),
        (Self::Step(4), "ink-step4", (0x2b, 0x73, 0x6b)),
        (Self::Step(5), "ink-step5", (0x0d, 0x43, 0x3f)),
        (Self::Undecided, "ink-undecided", (0xf3, 0xe7, 0xc8)),
        (Self::NotLooked, "ink-notlooked", (0xd0, 0xcd, 0xc8)),
    ];

    /// Class of the style sheet.
    #[must_use]
    pub fn class(self) -> &'static str {
        self.row().1
    }

    pub(crate) fn rgb(self) -> Rgb {
        self.row().2
    }

    fn row(self) -> (Self, &'static str, Rgb) {
        Self::ALL.into_iter().find(|(ink, ..)| *ink == self).unwrap_or(Self::ALL[0])
    }

    /// What is drawn over the colour.
    pub(crate) fn pattern(self) -> Option<Pattern> {
        match self {
            Self::NotLooked => Some(Pattern::Hatch),
            Self::Undecided => Some(Pattern::Dots),
            _ => None,
        }
    }
}

/// Drawn over a colour, in [`Ink::Soft`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pattern {
    Hatch,
    Dots,
}

impl Pattern {
    /// Side of the square that is repeated, in units of the drawing.
    pub(crate) const SIDE: f32 = 6.0;

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Hatch => "hatch",
            Self::Dots => "dots",
        }
    }
}
