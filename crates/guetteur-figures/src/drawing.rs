//! A drawing as a list of shapes.

use crate::{Font, Ink};

/// The edge of a surface.
#[derive(Debug, Clone, PartialEq)]
pub enum Outline {
    /// Left, top, width, height.
    Rect([f32; 4]),
    /// A path of lines, built in.
    Path {
        /// In the language of SVG's `d`, closed.
        d: &'static str,
        /// How much larger it is drawn.
        scale: f32,
        /// How far it is moved then.
        at: [f32; 2],
    },
}

/// Which point of a text stands at its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// Its start.
    Start,
    /// Its middle.
    Middle,
    /// Its end.
    End,
}

/// A part of a drawing. Lengths are in units of the drawing, y goes down.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// A surface.
    Area {
        /// Its edge.
        outline: Outline,
        /// Its colour.
        ink: Ink,
        /// What it stands for, with its value: « Hérault (34) : 12 actes ».
        name: Option<String>,
        /// Where it leads; only with a name.
        href: Option<String>,
    },
    /// A thin line from one point to another.
    Line([f32; 4]),
    /// One line of words.
    Text {
        /// Where.
        at: [f32; 2],
        /// Which of its points stands there.
        anchor: Anchor,
        /// Height of its letters.
        size: f32,
        /// Its colour.
        ink: Ink,
        /// The words.
        words: String,
    },
}

/// A drawing with its words for those who do not see it.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawing {
    /// Its name on the page and in file names: `mois`, `carte`. Letters, digits, `-`.
    pub id: String,
    /// Width.
    pub width: f32,
    /// Height.
    pub height: f32,
    /// What it shows, in one line.
    pub title: String,
    /// What one sees on it, in a sentence or two.
    pub about: String,
    /// Its parts, the undermost first.
    pub shapes: Vec<Shape>,
    /// What stands beside it in a file: colours and what they mean. A page says it in its own words.
    pub legend: Vec<(Ink, String)>,
}

impl Drawing {
    /// Nothing yet.
    #[must_use]
    pub fn new(id: &str, title: &str, width: f32, height: f32) -> Self {
        Self {
            id: id.to_owned(),
            width,
            height,
            title: title.to_owned(),
            about: String::new(),
            shapes: Vec::new(),
            legend: Vec::new(),
        }
    }

    pub(crate) fn text(&mut self, at: [f32; 2], anchor: Anchor, size: f32, words: &str) {
        self.words(at, anchor, size, Ink::Text, words);
    }

    pub(crate) fn words(&mut self, at: [f32; 2], anchor: Anchor, size: f32, ink: Ink, words: &str) {
        self.shapes.push(Shape::Text { at, anchor, size, ink, words: words.to_owned() });
    }

    /// The same as a sheet of its own, to be taken away: title above, legend and `credits` below,
    /// on paper, with a margin.
    #[must_use]
    pub fn sheet(&self, credits: &[String]) -> Self {
        const MARGIN: f32 = 16.0;
        let inside = self.width;
        let title = crate::wrap(&self.title, Font::SansBold, 15.0, inside);
        let top = MARGIN + 20.0 * title.len() as f32 + 8.0;
        let mut sheet = Self::new(&self.id, &self.title, self.width + 2.0 * MARGIN, 0.0);
        sheet.about.clone_from(&self.about);
        for (line, words) in (0_u8..).zip(&title) {
            let y = MARGIN + 14.0 + 20.0 * f32::from(line);
            sheet.text([MARGIN, y], Anchor::Start, 15.0, words);
        }
        sheet.shapes.extend(self.shapes.iter().map(|shape| shape.moved([MARGIN, top])));
        let mut y = top + self.height + 14.0;
        for (ink, words) in &self.legend {
            let outline = Outline::Rect([MARGIN, y - 9.0, 16.0, 11.0]);
            sheet.shapes.push(Shape::Area { outline, ink: *ink, name: None, href: None });
            sheet.text([MARGIN + 22.0, y], Anchor::Start, 11.0, words);
            y += 17.0;
        }
        y += 4.0;
        let lines = credits.iter().flat_map(|line| crate::wrap(line, Font::Sans, 9.5, inside));
        for words in lines {
            sheet.words([MARGIN, y], Anchor::Start, 9.5, Ink::Soft, &words);
            y += 13.0;
        }
        sheet.height = y + MARGIN - 10.0;
        sheet
    }
}

impl Shape {
    fn moved(&self, [dx, dy]: [f32; 2]) -> Self {
        let mut shape = self.clone();
        match &mut shape {
            Self::Area {
                outline: Outline::Rect([x, y, ..]) | Outline::Path { at: [x, y], .. },
                ..
            }
            | Self::Text { at: [x, y], .. } => (*x, *y) = (*x + dx, *y + dy),
            Self::Line([x, y, to_x, to_y]) => {
                (*x, *y, *to_x, *to_y) = (*x + dx, *y + dy, *to_x + dx, *to_y + dy);
            }
        }
        shape
    }
}
