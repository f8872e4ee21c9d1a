//! Words with their places on the page, so that evidence can be drawn on its picture.

use guetteur_model::Page;
use serde::{Deserialize, Serialize};

use crate::text::{Line, PageText};

/// A word and where it stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WordBox {
    /// The word as it is in the page's text.
    pub text: String,
    /// Left, top, right, bottom: points from the upper left corner of the page as displayed, to a
    /// tenth.
    #[serde(rename = "box")]
    pub bounds: [f32; 4],
}

impl WordBox {
    pub(crate) fn new(text: impl Into<String>, bounds: [f32; 4]) -> Self {
        Self { text: text.into(), bounds: bounds.map(|c| (c * 10.0).round() / 10.0) }
    }
}

/// All words of a page and where they stand on it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct PageWords {
    /// Width and height of the page as displayed, in points.
    pub size: [f32; 2],
    /// In reading order: the page's text cut at its white space. None where a second engine read
    /// the page, which does not tell places.
    pub words: Vec<WordBox>,
}

/// A page on its way to the caller; the words only if they were asked for.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct ReadPage {
    pub(crate) page: Page,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) words: Vec<WordBox>,
}

impl From<Page> for ReadPage {
    fn from(page: Page) -> Self {
        Self { page, words: Vec::new() }
    }
}

/// All words in reading order; none where the engine does not know their places.
pub(crate) fn of_page(page: &PageText) -> Vec<WordBox> {
    page.lines.iter().flat_map(of_line).collect()
}

/// Glued fragments are one word, as in the text.
pub(crate) fn of_line(line: &Line) -> Vec<WordBox> {
    let mut words: Vec<WordBox> = Vec::new();
    for (i, word) in line.words.iter().enumerate().filter(|(_, w)| w.bbox != [0.0; 4]) {
        let next = WordBox::new(word.text.as_str(), word.bbox);
        let glued = i > 0 && line.glued.get(i - 1).copied().unwrap_or(false);
        match words.last_mut().filter(|_| glued) {
            Some(last) => {
                last.text.push_str(&next.text);
                let ([a, b, c, d], [e, f, g, h]) = (last.bounds, next.bounds);
                last.bounds = [a.min(e), b.min(f), c.max(g), d.max(h)];
            }
            None => words.push(next),
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Word;

    #[test]
    fn words_of_a_line_are_those_of_its_text() {
        let word = |text: &str, x: f32| Word {
            text: text.to_owned(),
            bbox: [x, 10.04, x + 9.0, 20.0],
            hidden: false,
        };
        let words = vec![word("l’", 0.0), word("arrêté", 9.0), word("n°", 30.0)];
        let line = Line { words, glued: vec![true, false] };
        let boxes = of_line(&line);
        assert_eq!(boxes[0], WordBox { text: "l’arrêté".into(), bounds: [0.0, 10.0, 18.0, 20.0] });
        let texts: Vec<&str> = boxes.iter().map(|w| w.text.as_str()).collect();
        assert_eq!(texts.join(" "), line.text());
    }

    #[test]
    fn engines_without_places_give_no_boxes() {
        assert!(of_page(&PageText::from_plain("Le préfet")).is_empty());
    }
}
