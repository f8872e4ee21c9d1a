//! A drawing as SVG.

use std::fmt::Write;

use crate::ink::Pattern;
use crate::{Anchor, Drawing, Ink, Outline, Shape};

impl Drawing {
    /// As part of a page: its colours are those of the style sheet, its links can be reached with
    /// the keyboard. Everything that comes from outside is escaped.
    #[must_use]
    pub fn to_inline_svg(&self) -> String {
        self.to_svg("")
    }

    /// As a file of its own, with its colours inside, on paper.
    #[must_use]
    pub fn to_svg_file(&self) -> String {
        let mut style = String::from("text{font-family:Helvetica,Arial,sans-serif}");
        for (ink, class, _) in Ink::ALL {
            let _ = write!(style, ".{class}{{fill:{}}}", hex(ink));
        }
        let (rule, soft) = (hex(Ink::Rule), hex(Ink::Soft));
        let _ = write!(
            style,
            ".edge{{stroke:{soft};stroke-width:.6;vector-effect:non-scaling-stroke}}"
        );
        let _ = write!(style, "line{{stroke:{rule}}}.over{{stroke:{soft};stroke-width:1.2}}");
        let [width, height] = [self.width, self.height].map(round);
        let paper = Ink::Paper.class();
        self.to_svg(&format!(
            "<style>{style}</style><rect class=\"{paper}\" width=\"{width}\" height=\"{height}\"/>"
        ))
    }

    fn to_svg(&self, first: &str) -> String {
        let [width, height] = [self.width, self.height].map(round);
        let id = escape(&self.id);
        let mut out = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"drawing\" viewBox=\"0 0 {width} \
             {height}\" width=\"{width}\" height=\"{height}\" role=\"group\" \
             aria-label=\"{}\"",
            escape(&self.title)
        );
        if !self.about.is_empty() {
            let about = escape(&self.about);
            let _ = write!(out, " aria-describedby=\"{id}-desc\"><desc id=\"{id}-desc\">{about}");
            out.push_str("</desc>");
        } else {
            out.push('>');
        }
        out.push_str(first);
        self.define_patterns(&mut out);
        for shape in &self.shapes {
            self.write_shape(&mut out, shape);
        }
        out.push_str("</svg>");
        out
    }

    fn define_patterns(&self, out: &mut String) {
        let used = |ink: Ink| {
            self.shapes
                .iter()
                .any(|shape| matches!(shape, Shape::Area { ink: of, .. } if *of == ink))
        };
        for ink in [Ink::NotLooked, Ink::Undecided].into_iter().filter(|ink| used(*ink)) {
            let Some(pattern) = ink.pattern() else { continue };
            let (side, half, class) = (Pattern::SIDE, Pattern::SIDE / 2.0, ink.class());
            let over = match pattern {
                Pattern::Hatch => format!(
                    "<path class=\"over\" d=\"M-1 {side}L{side} -1M{half} {}L{} {half}\"/>",
                    side + half,
                    side + half
                ),
                Pattern::Dots => {
                    format!("<circle class=\"ink-soft\" cx=\"{half}\" cy=\"{half}\" r=\".8\"/>")
                }
            };
            let name = pattern.name();
            let _ = write!(
                out,
                "<defs><pattern id=\"{}-{name}\" width=\"{side}\" height=\"{side}\" \
                 patternUnits=\"userSpaceOnUse\"><rect class=\"{class}\" width=\"{side}\" \
                 height=\"{side}\"/>{over}</pattern></defs>",
                escape(&self.id),
            );
        }
    }

    fn write_shape(&self, out: &mut String, shape: &Shape) {
        match shape {
            Shape::Area { outline, ink, name, href } => {
                let surface = self.surface(outline, *ink, name.as_deref());
                match (name, href) {
                    (Some(name), Some(href)) => {
                        let (name, href) = (escape(name), escape(href));
                        let _ =
                            write!(out, "<a href=\"{href}\" aria-label=\"{name}\">{surface}</a>");
                    }
                    _ => out.push_str(&surface),
                }
            }
            Shape::Line([x, y, to_x, to_y]) => {
                let [x, y, to_x, to_y] = [*x, *y, *to_x, *to_y].map(round);
                let _ = write!(out, "<line x1=\"{x}\" y1=\"{y}\" x2=\"{to_x}\" y2=\"{to_y}\"/>");
            }
            Shape::Text { at, anchor, size, ink, words } => {
                let ([x, y], class) = (at.map(round), ink.class());
                let anchor = match anchor {
                    Anchor::Start => "",
                    Anchor::Middle => " text-anchor=\"middle\"",
                    Anchor::End => " text-anchor=\"end\"",
                };
                let words = escape(words);
                let _ = write!(
                    out,
                    "<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\" class=\"{class}\"{anchor}>{words}</text>"
                );
            }
        }
    }

    fn surface(&self, outline: &Outline, ink: Ink, name: Option<&str>) -> String {
        let title = name.map(|name| format!("<title>{}</title>", escape(name))).unwrap_or_default();
        let edge = if name.is_some() && ink != Ink::Bar { " edge" } else { "" };
        // A class would take the place of the pattern: style sheets are worth more than attributes.
        let fill = match ink.pattern() {
            Some(pattern) => {
                let (edge, id) = (edge.trim_start(), escape(&self.id));
                format!("class=\"{edge}\" fill=\"url(#{id}-{})\"", pattern.name())
            }
            None => format!("class=\"{}{edge}\"", ink.class()),
        };
        match outline {
            Outline::Rect(rect) => {
                let [x, y, width, height] = rect.map(round);
                format!(
                    "<rect {fill} x=\"{x}\" y=\"{y}\" width=\"{width}\" \
                     height=\"{height}\">{title}</rect>"
                )
            }
            Outline::Path { d, scale, at } => {
                let [x, y] = at.map(round);
                let placed = match (*scale, x, y) {
                    (1.0, 0.0, 0.0) => String::new(),
                    (scale, x, y) => format!(" transform=\"translate({x} {y}) scale({scale})\""),
                };
                format!("<path {fill}{placed} d=\"{d}\">{title}</path>")
            }
        }
    }
}

/// Tenths are finer than any screen.
fn round(length: f32) -> f32 {
    (length * 10.0).round() / 10.0
}

fn hex(ink: Ink) -> String {
    let (red, green, blue) = ink.rgb();
    format!("#{red:02x}{green:02x}{blue:02x}")
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // What XML cannot carry.
            '\0'..='\u{8}' | '\u{b}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use crate::{Bar, bars};

    #[test]
    fn what_comes_from_outside_is_escaped() {
        let bar = Bar {
            name: "<script>\"&".into(),
            tick: Some("<b>".into()),
            value: 3,
            href: Some("/x?a=1&b=\"".into()),
        };
        let drawing = bars("mois", "<i>", &[bar]);
        for svg in [drawing.to_inline_svg(), drawing.sheet(&["<u>".into()]).to_svg_file()] {
            assert!(!svg.contains("<script>") && !svg.contains("<b>") && !svg.contains("<i>"));
            assert!(!svg.contains("<u>") && !svg.contains("b=\"\""), "{svg}");
            assert!(svg.contains("&lt;script&gt;&quot;&amp;"));
        }
    }
}
