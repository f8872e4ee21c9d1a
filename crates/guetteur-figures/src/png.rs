//! A drawing as PNG: it is written as a page of PDF, which the renderer of the archive's PDFs draws.
//! That brings fonts of its own: the machine need not have any.

use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_syntax::Pdf as Document;
use hayro::kurbo::{BezPath, PathEl};
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings};
use pdf_writer::{Content, Finish, Name, Pdf, Rect, Ref, Str};

use crate::ink::Pattern;
use crate::{Anchor, Drawing, Font, Ink, Outline, Shape, encode};

/// Why a drawing did not become a picture. Both are mistakes of ours.
#[derive(Debug, thiserror::Error)]
pub enum PngError {
    /// The page that was written cannot be read.
    #[error("cannot draw « {0} » as PNG: its page cannot be read")]
    Page(String),
    /// The pixels cannot be packed.
    #[error("cannot draw « {id} » as PNG: {reason}")]
    Pixels {
        /// The drawing.
        id: String,
        /// What the encoder says.
        reason: String,
    },
}

const CATALOG: Ref = Ref::new(1);
const PAGES: Ref = Ref::new(2);
const PAGE: Ref = Ref::new(3);
const CONTENT: Ref = Ref::new(4);
const FONT: Ref = Ref::new(5);
const LETTERS: Name<'_> = Name(b"F");

impl Drawing {
    /// As PNG, with `scale` pixels a unit (at most 4).
    ///
    /// # Errors
    /// Never for what this crate draws.
    pub fn to_png(&self, scale: f32) -> Result<Vec<u8>, PngError> {
        let scale = scale.clamp(0.5, 4.0);
        let unreadable = || PngError::Page(self.id.clone());
        let document = Document::new(self.to_pdf()).map_err(|_| unreadable())?;
        let page = document.pages().first().ok_or_else(unreadable)?;
        let pixels = hayro::render(
            page,
            &RenderCache::new(),
            &InterpreterSettings::default(),
            &RenderSettings::default(),
            &PixmapSettings { x_scale: scale, y_scale: scale, bg_color: WHITE },
        );
        pixels
            .into_png()
            .map_err(|error| PngError::Pixels { id: self.id.clone(), reason: error.to_string() })
    }

    fn to_pdf(&self) -> Vec<u8> {
        let mut pdf = Pdf::new();
        pdf.catalog(CATALOG).pages(PAGES);
        pdf.pages(PAGES).kids([PAGE]).count(1);
        let mut page = pdf.page(PAGE);
        page.parent(PAGES).contents(CONTENT);
        page.media_box(Rect::new(0.0, 0.0, self.width, self.height));
        page.resources().fonts().pair(LETTERS, FONT);
        page.finish();
        let mut font = pdf.type1_font(FONT);
        font.base_font(Name(Font::Sans.base_name()));
        font.encoding_predefined(Name(b"WinAnsiEncoding"));
        font.finish();
        let mut content = Content::new();
        // From here on y goes down, as in the drawing.
        content.transform([1.0, 0.0, 0.0, -1.0, 0.0, self.height]);
        fill(&mut content, Ink::Paper);
        content.rect(0.0, 0.0, self.width, self.height).fill_nonzero();
        content.set_line_width(0.6);
        for shape in &self.shapes {
            write_shape(&mut content, shape);
        }
        pdf.stream(CONTENT, &content.finish());
        pdf.finish()
    }
}

fn write_shape(content: &mut Content, shape: &Shape) {
    match shape {
        Shape::Area { outline, ink, name, .. } => {
            content.save_state();
            if let Outline::Path { scale, at: [x, y], .. } = outline {
                content.transform([*scale, 0.0, 0.0, *scale, *x, *y]);
                content.set_line_width(0.6 / scale);
            }
            let path = trace(outline);
            fill(content, *ink);
            stroke(content, Ink::Soft);
            follow(content, &path);
            if name.is_some() && *ink != Ink::Bar {
                content.fill_even_odd_and_stroke();
            } else {
                content.fill_even_odd();
            }
            if let Some(pattern) = ink.pattern() {
                follow(content, &path);
                content.clip_even_odd().end_path();
                cover(content, &path, pattern);
            }
            content.restore_state();
        }
        Shape::Line([x, y, to_x, to_y]) => {
            stroke(content, Ink::Rule);
            content.move_to(*x, *y).line_to(*to_x, *to_y).stroke();
        }
        Shape::Text { at: [x, y], anchor, size, ink, words } => {
            let width = Font::Sans.width(words, *size);
            let start = match anchor {
                Anchor::Start => *x,
                Anchor::Middle => x - width / 2.0,
                Anchor::End => x - width,
            };
            fill(content, *ink);
            content.begin_text().set_font(LETTERS, *size);
            content.set_text_matrix([1.0, 0.0, 0.0, -1.0, start, *y]);
            content.show(Str(&encode(words))).end_text();
        }
    }
}

fn trace(outline: &Outline) -> BezPath {
    match outline {
        Outline::Rect([x, y, width, height]) => {
            let mut path = BezPath::new();
            let [left, top, right, bottom] = [*x, *y, x + width, y + height].map(f64::from);
            path.move_to((left, top));
            path.line_to((right, top));
            path.line_to((right, bottom));
            path.line_to((left, bottom));
            path.close_path();
            path
        }
        // A test reads all that are built in.
        Outline::Path { d, .. } => BezPath::from_svg(d).unwrap_or_default(),
    }
}

#[expect(clippy::cast_possible_truncation, reason = "places on a sheet of some hundred units")]
fn follow(content: &mut Content, path: &BezPath) {
    for step in path.elements() {
        match step {
            PathEl::MoveTo(to) => content.move_to(to.x as f32, to.y as f32),
            PathEl::LineTo(to) | PathEl::QuadTo(_, to) => content.line_to(to.x as f32, to.y as f32),
            PathEl::CurveTo(a, b, to) => content.cubic_to(
                a.x as f32,
                a.y as f32,
                b.x as f32,
                b.y as f32,
                to.x as f32,
                to.y as f32,
            ),
            PathEl::ClosePath => content.close_path(),
        };
    }
}

/// Hatches or dots the box of a path, which is clipped to the path.
#[expect(clippy::cast_possible_truncation, reason = "places on a sheet of some hundred units")]
fn cover(content: &mut Content, path: &BezPath, pattern: Pattern) {
    use hayro::kurbo::Shape as _;
    let bounds = path.bounding_box();
    let [left, top] = [bounds.x0 as f32, bounds.y0 as f32];
    let [right, bottom] = [bounds.x1 as f32, bounds.y1 as f32];
    let side = Pattern::SIDE;
    let steps = |length: f32| {
        (0_u16..).map(move |n| f32::from(n) * side).take_while(move |at| *at <= length)
    };
    match pattern {
        Pattern::Hatch => {
            let height = bottom - top;
            for x in steps(right - left + height) {
                content.move_to(left + x, top).line_to(left + x - height, bottom).stroke();
            }
        }
        Pattern::Dots => {
            fill(content, Ink::Soft);
            for x in steps(right - left) {
                for y in steps(bottom - top) {
                    content.rect(left + x, top + y, 1.4, 1.4).fill_nonzero();
                }
            }
        }
    }
}

fn fill(content: &mut Content, ink: Ink) {
    let [red, green, blue] = shares(ink);
    content.set_fill_rgb(red, green, blue);
}

fn stroke(content: &mut Content, ink: Ink) {
    let [red, green, blue] = shares(ink);
    content.set_stroke_rgb(red, green, blue);
}

fn shares(ink: Ink) -> [f32; 3] {
    let (red, green, blue) = ink.rgb();
    [red, green, blue].map(|value| f32::from(value) / 255.0)
}

#[cfg(test)]
mod tests {
    use crate::{Bar, bars};

    #[test]
    fn a_chart_becomes_a_picture() {
        let bar =
            |value| Bar {
                name: "août 2026".into(), tick: Some("août".into()), value, href: None
            };
        let drawing = bars("mois", "Actes par mois", &[bar(3), bar(0)]);
        let png = drawing.sheet(&["Guetteur".into()]).to_png(2.0).expect("drawn");
        assert_eq!(&png[..8], b"\x89PNG\r\n\x1a\n");
        let blank = crate::Drawing::new("mois", "", drawing.width, drawing.height);
        assert!(png.len() > blank.to_png(2.0).expect("drawn").len(), "there is ink on it");
    }
}
