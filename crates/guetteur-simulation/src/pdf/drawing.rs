//! A page described in TOML: what stands where, so that a fixture shows a real page's layout.

use serde::Deserialize;

use super::{Font, PageSpec, Rotation, Rule, TextRun};

/// Lines of a text are so many font sizes apart.
const PITCH: f32 = 1.25;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Drawing {
    #[serde(default)]
    upside_down: bool,
    #[serde(default)]
    text: Vec<Text>,
    #[serde(default)]
    rule: Vec<Line>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Text {
    at: [f32; 2],
    #[serde(default = "eleven")]
    size: f32,
    #[serde(default)]
    font: Typeface,
    lines: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    at: [f32; 2],
    #[serde(default)]
    width: f32,
    #[serde(default)]
    height: f32,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "kebab-case")]
enum Typeface {
    Sans,
    SansBold,
    #[default]
    Serif,
    SerifBold,
    Mono,
}

fn eleven() -> f32 {
    11.0
}

impl From<Typeface> for Font {
    fn from(face: Typeface) -> Self {
        match face {
            Typeface::Sans => Self::Sans,
            Typeface::SansBold => Self::SansBold,
            Typeface::Serif => Self::Serif,
            Typeface::SerifBold => Self::SerifBold,
            Typeface::Mono => Self::Mono,
        }
    }
}

impl PageSpec {
    /// An A4 page from its description: `[[text]]` with `at` (left end of the first baseline),
    /// `lines`, and if they are not 11 and `serif` its `size` and `font`; `[[rule]]` with `at` and
    /// `width` or `height` (half a point thick); `upside_down`. Points from the upper left corner.
    ///
    /// # Errors
    /// What TOML cannot read as such a description.
    pub fn from_toml(description: &str) -> Result<Self, toml::de::Error> {
        const THICK: f32 = 0.5;
        let drawing: Drawing = toml::from_str(description)?;
        let mut page = Self::a4();
        if drawing.upside_down {
            page.rotation = Rotation::UpsideDown;
        }
        for Text { at: [x, y], size, font, lines } in drawing.text {
            let font = Font::from(font);
            let place = |(i, line)| TextRun::new(x, y + i as f32 * PITCH * size, font, size, line);
            page.runs.extend(lines.trim().lines().enumerate().map(place));
        }
        for Line { at: [x, y], width, height } in drawing.rule {
            page.rules.push(Rule { x, y, width: width.max(THICK), height: height.max(THICK) });
        }
        Ok(page)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_becomes_a_page() {
        let page = PageSpec::from_toml(
            "[[text]]\nat = [70, 90]\nsize = 10\nlines = \"\"\"\nUn\nDeux\n\"\"\"\n\
             [[rule]]\nat = [60, 100]\nwidth = 400\n",
        )
        .expect("a page");
        assert_eq!(page.visible_text(), "Un\nDeux");
        assert_eq!((page.runs[1].x, page.runs[1].y), (70.0, 102.5));
        assert_eq!(page.rules, [Rule { x: 60.0, y: 100.0, width: 400.0, height: 0.5 }]);
        assert!(PageSpec::from_toml("[[text]]\nou = 3").is_err());
    }
}
