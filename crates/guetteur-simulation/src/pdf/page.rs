//! One page as placed marks, in points from the **top left** corner.

use super::Font;

/// A4 in points.
pub(super) const A4: (f32, f32) = (595.0, 842.0);

/// One line of text with its baseline's start.
#[derive(Debug, Clone, PartialEq)]
pub struct TextRun {
    /// Points from the left edge.
    pub x: f32,
    /// Points from the top edge to the baseline.
    pub y: f32,
    /// Font.
    pub font: Font,
    /// Size in points.
    pub size: f32,
    /// Extra width of each space, in points (justified lines).
    pub word_spacing: f32,
    /// Text render mode 3: there for search, not to be seen.
    pub hidden: bool,
    /// Drawn turned a few degrees and in blue, as a rubber stamp is.
    pub stamp: bool,
    /// The words.
    pub text: String,
}

/// A horizontal or vertical line, or a filled box, in black.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rule {
    /// Left.
    pub x: f32,
    /// Top.
    pub y: f32,
    /// Width in points.
    pub width: f32,
    /// Height in points.
    pub height: f32,
}

/// How the content lies, and how `/Rotate` is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Rotation {
    /// Upright, no `/Rotate`.
    #[default]
    None,
    /// Content drawn lying, `/Rotate 90`: the page shows upright.
    Quarter,
    /// Content drawn on its head, no `/Rotate`: the page shows so.
    UpsideDown,
}

/// Fonts whose text cannot be extracted although the page shows well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Garble {
    /// `/ToUnicode` maps every code to the private use area.
    PrivateUse,
    /// `/ToUnicode` maps every letter to another character: noise that looks like text.
    Shifted,
}

/// One page.
#[derive(Debug, Clone, PartialEq)]
pub struct PageSpec {
    /// Points.
    pub width: f32,
    /// Points.
    pub height: f32,
    /// `/Rotate`.
    pub rotation: Rotation,
    /// Damage of the fonts' encoding, for the whole page.
    pub garble: Option<Garble>,
    /// Text in reading order.
    pub runs: Vec<TextRun>,
    /// Lines and boxes.
    pub rules: Vec<Rule>,
}

impl Default for PageSpec {
    fn default() -> Self {
        Self::a4()
    }
}

impl PageSpec {
    /// An empty A4 page.
    #[must_use]
    pub fn a4() -> Self {
        Self {
            width: A4.0,
            height: A4.1,
            rotation: Rotation::None,
            garble: None,
            runs: Vec::new(),
            rules: Vec::new(),
        }
    }

    /// Two pages side by side on one sheet, as copiers print two A4 on an A3.
    #[must_use]
    pub fn two_up(left: Self, right: Self) -> Self {
        let shift = left.width;
        let runs = right.runs.into_iter().map(|run| TextRun { x: run.x + shift, ..run });
        let rules = right.rules.into_iter().map(|rule| Rule { x: rule.x + shift, ..rule });
        Self {
            width: left.width + right.width,
            height: left.height.max(right.height),
            runs: left.runs.into_iter().chain(runs).collect(),
            rules: left.rules.into_iter().chain(rules).collect(),
            ..left
        }
    }

    /// Adds a line of text; `x` and `y` (baseline) in points from the top left corner.
    #[must_use]
    pub fn text(mut self, x: f32, y: f32, font: Font, size: f32, text: impl Into<String>) -> Self {
        self.runs.push(TextRun::new(x, y, font, size, text));
        self
    }

    /// Adds a centred line of text.
    #[must_use]
    pub fn centred(self, y: f32, font: Font, size: f32, text: impl Into<String>) -> Self {
        let text = text.into();
        let x = (self.width - font.width(&text, size)) / 2.0;
        self.text(x, y, font, size, text)
    }

    /// Adds a blue, slightly turned rubber stamp (`REÇU LE …`).
    #[must_use]
    pub fn stamp(mut self, x: f32, y: f32, text: impl Into<String>) -> Self {
        let run = TextRun::new(x, y, Font::SansBold, 13.0, text);
        self.runs.push(TextRun { stamp: true, ..run });
        self
    }

    /// Adds a line or box.
    #[must_use]
    pub fn rule(mut self, rule: Rule) -> Self {
        self.rules.push(rule);
        self
    }

    /// Sets `/Rotate` while the page shows upright.
    #[must_use]
    pub fn rotated(mut self, rotation: Rotation) -> Self {
        self.rotation = rotation;
        self
    }

    /// Makes the text impossible to extract.
    #[must_use]
    pub fn garbled(mut self, garble: Garble) -> Self {
        self.garble = Some(garble);
        self
    }

    /// The visible text, a line a run, in reading order: what a perfect reader finds.
    #[must_use]
    pub fn visible_text(&self) -> String {
        let lines: Vec<&str> =
            self.runs.iter().filter(|r| !r.hidden).map(|r| r.text.as_str()).collect();
        lines.join("\n")
    }
}

impl TextRun {
    /// A plain visible run.
    #[must_use]
    pub fn new(x: f32, y: f32, font: Font, size: f32, text: impl Into<String>) -> Self {
        Self { x, y, font, size, word_spacing: 0.0, hidden: false, stamp: false, text: text.into() }
    }
}
