//! Born-digital words around a scan (footers, stamps) in the place of their recognised copies.

use super::tsv::{OcrLine, OcrWord};
use crate::boxes::{self, WordBox};
use crate::text::{Line, PageText};

/// A line of the page's text, with the places of its words.
pub(super) struct TextLine {
    pub(super) text: String,
    pub(super) words: Vec<WordBox>,
}

impl TextLine {
    /// `scale` is pixels a point.
    pub(super) fn recognised(line: &OcrLine, scale: f32) -> Self {
        let words = line.iter().map(|w| WordBox::new(w.text.as_str(), w.bbox.map(|c| c / scale)));
        Self { text: super::recognise::join(line), words: words.collect() }
    }
}

/// Replaces what OCR made of visible embedded text by that text, each line where it stands.
/// `scale` is pixels a point.
pub(super) fn merge(ocr: Vec<OcrLine>, embedded: &PageText, scale: f32) -> Vec<TextLine> {
    let kept: Vec<&Line> = embedded.lines.iter().filter(|l| is_visible(l)).collect();
    let boxes: Vec<[f32; 4]> =
        kept.iter().flat_map(|l| &l.words).map(|w| w.bbox.map(|c| c * scale)).collect();
    let recognised: Vec<(f32, TextLine)> = ocr
        .into_iter()
        .map(|line| line.into_iter().filter(|w| !is_covered(w, &boxes)).collect::<OcrLine>())
        .filter(|line| !line.is_empty())
        .map(|line| (middle(line[0].bbox), TextLine::recognised(&line, scale)))
        .collect();
    let own: Vec<(f32, TextLine)> = kept
        .into_iter()
        .map(|line| {
            let at = middle(line.words[0].bbox.map(|c| c * scale));
            (at, TextLine { text: line.text(), words: boxes::of_line(line) })
        })
        .collect();
    let chars = |lines: &[(f32, TextLine)]| lines.iter().map(|(_, l)| l.text.len()).sum::<usize>();
    let (mut lines, others) =
        if chars(&own) > chars(&recognised) { (own, recognised) } else { (recognised, own) };
    // The order of most of the page is kept, be it in columns: each line of the rest goes before the
    // first one below it, those of one picture one after the other.
    let (mut from, mut above) = (0, f32::MIN);
    for (at, line) in others {
        from = if at < above { 0 } else { from };
        let place = lines[from..].iter().position(|(y, _)| *y > at);
        let place = place.map_or(lines.len(), |place| from + place);
        lines.insert(place, (at, line));
        (from, above) = (place + 1, at);
    }
    lines.into_iter().map(|(_, line)| line).collect()
}

fn is_visible(line: &Line) -> bool {
    line.words.first().is_some_and(|w| w.bbox != [0.0; 4]) && line.words.iter().all(|w| !w.hidden)
}

fn is_covered(word: &OcrWord, boxes: &[[f32; 4]]) -> bool {
    let [x0, y0, x1, y1] = word.bbox;
    let area = (x1 - x0) * (y1 - y0);
    let covered: f32 = boxes
        .iter()
        .map(|b| (x1.min(b[2]) - x0.max(b[0])).max(0.0) * (y1.min(b[3]) - y0.max(b[1])).max(0.0))
        .sum();
    covered >= 0.5 * area
}

fn middle(bbox: [f32; 4]) -> f32 {
    f32::midpoint(bbox[1], bbox[3])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Word;

    fn ocr(text: &str, bbox: [f32; 4]) -> OcrLine {
        vec![OcrWord { text: text.into(), bbox, confidence: 0.9 }]
    }

    fn embedded(text: &str, bbox: [f32; 4], hidden: bool) -> Line {
        Line { words: vec![Word { text: text.into(), bbox, hidden }], glued: vec![] }
    }

    #[test]
    fn the_footer_keeps_its_own_letters() {
        let page = PageText {
            lines: vec![
                embedded("26-2025-02-19-00002", [10.0, 800.0, 200.0, 812.0], false),
                embedded("couche", [10.0, 100.0, 200.0, 110.0], true),
            ],
            ..PageText::default()
        };
        let recognised = vec![
            ocr("Vu le code", [20.0, 200.0, 300.0, 220.0]),
            ocr("26-2O25-O2", [22.0, 1602.0, 398.0, 1622.0]),
        ];
        let merged = merge(recognised, &page, 2.0);
        let texts: Vec<&str> = merged.iter().map(|line| line.text.as_str()).collect();
        assert_eq!(texts, ["Vu le code", "26-2025-02-19-00002"]);
        assert_eq!(merged[0].words, [WordBox::new("Vu le code", [10.0, 100.0, 150.0, 110.0])]);
        assert_eq!(merged[1].words[0].bounds, [10.0, 800.0, 200.0, 812.0]);
    }

    #[test]
    fn a_picture_comes_between_the_words_around_it() {
        let line = |text: &str, y: f32| embedded(text, [10.0, y, 300.0, y + 10.0], false);
        let page = PageText {
            lines: vec![line("Vu la demande du maire", 100.0), line("Le préfet arrête", 300.0)],
            ..PageText::default()
        };
        let picture = vec![
            ocr("Un tableau", [20.0, 300.0, 300.0, 320.0]),
            ocr("en image", [20.0, 400.0, 300.0, 420.0]),
        ];
        let texts: Vec<String> = merge(picture, &page, 2.0).into_iter().map(|l| l.text).collect();
        assert_eq!(texts, ["Vu la demande du maire", "Un tableau", "en image", "Le préfet arrête"]);
    }
}
