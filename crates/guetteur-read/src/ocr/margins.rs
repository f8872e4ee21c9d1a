//! Words in a margin, put back before their texts.
//!
//! Tesseract takes « VU » standing six times below each other for a column: all of them come first,
//! what is seen afterwards. Numbers and dates of a table fare the same. Lines of few words that
//! stand level with later lines at their right belong to these.

use super::tsv::{OcrLine, OcrWord};

/// Words of a line in a margin at most.
const FEW: usize = 3;
/// Level lines in a margin that make it one: a single one is chance.
const LEVEL_LINES: usize = 2;
/// Feet of level words differ by this share of their height at most (a sheet askew).
const LEVEL: f32 = 0.35;
/// Above this number of lines a page is no text; the search is quadratic.
const MAX_LINES: usize = 1_000;

/// Joins lines in a margin to those beside them.
pub(super) fn joined(mut lines: Vec<OcrLine>) -> Vec<OcrLine> {
    if lines.len() > MAX_LINES || lie_sideways(&lines) {
        return lines;
    }
    let mut at = 0;
    while at < lines.len() {
        let end = margin_end(&lines, at);
        let beside: Vec<(usize, usize)> =
            (at..end).filter_map(|i| Some((i, beside(&lines, i, end)?))).collect();
        if beside.len() >= LEVEL_LINES {
            for (margin, text) in beside {
                let words = std::mem::take(&mut lines[margin]);
                lines[text].splice(0..0, words);
            }
        }
        at = end.max(at + 1);
    }
    lines.retain(|line| !line.is_empty());
    lines
}

/// The line after the last of few words that stand below each other from `at` on.
fn margin_end(lines: &[OcrLine], at: usize) -> usize {
    let mut end = at;
    while let Some(line) = lines.get(end).filter(|line| line.len() <= FEW) {
        if end > at && foot(line) <= foot(&lines[end - 1]) {
            break;
        }
        end += 1;
    }
    end
}

/// The nearest of the lines from `from` on that stands level with line `margin`, at its right.
fn beside(lines: &[OcrLine], margin: usize, from: usize) -> Option<usize> {
    let line = &lines[margin];
    let right = line.iter().map(|word| word.bbox[2]).fold(f32::MIN, f32::max);
    let height = line.iter().map(|word| word.bbox[3] - word.bbox[1]).fold(0.0, f32::max);
    let is_beside =
        |other: &OcrLine| left(other) > right && (foot(other) - foot(line)).abs() <= LEVEL * height;
    (from..lines.len())
        .filter(|i| is_beside(&lines[*i]))
        .min_by(|a, b| left(&lines[*a]).total_cmp(&left(&lines[*b])))
}

fn left(line: &OcrLine) -> f32 {
    line.first().map_or(f32::MAX, |word| word.bbox[0])
}

/// Where a line stands: the feet of its first words, but for those that reach below it.
fn foot(line: &OcrLine) -> f32 {
    line.iter().take(4).map(|word| word.bbox[3]).fold(f32::MAX, f32::min)
}

/// True if the page was recognised turned: its lines run up or down.
fn lie_sideways(lines: &[OcrLine]) -> bool {
    let runs_down = |line: &&OcrLine| {
        let side = |from: usize, to: usize| {
            let low = line.iter().map(|w: &OcrWord| w.bbox[from]).fold(f32::MAX, f32::min);
            let high = line.iter().map(|w: &OcrWord| w.bbox[to]).fold(f32::MIN, f32::max);
            high - low
        };
        side(1, 3) > side(0, 2)
    };
    let long = || lines.iter().filter(|line| line.len() > FEW);
    2 * long().filter(runs_down).count() > long().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Words of one line with its left edge, foot and height; each is 50 wide.
    fn line(text: &str, x: f32, foot: f32, height: f32) -> OcrLine {
        let mut x = x;
        let word = |text: &str| {
            let bbox = [x, foot - height, x + 50.0, foot];
            x += 60.0;
            OcrWord { text: text.to_owned(), bbox, confidence: 0.9 }
        };
        text.split_whitespace().map(word).collect()
    }

    fn texts(lines: Vec<OcrLine>) -> Vec<String> {
        joined(lines).iter().map(|line| super::super::recognise::join(line)).collect()
    }

    #[test]
    fn words_in_the_margin_come_before_their_texts() {
        let lines = vec![
            line("VU", 100.0, 200.0, 20.0),
            line("VU", 100.0, 300.0, 20.0),
            line("le code de la sécurité", 300.0, 203.0, 25.0),
            line("et ses articles", 300.0, 240.0, 25.0),
            line("le décret du 29 avril", 300.0, 304.0, 25.0),
        ];
        let expected = ["VU le code de la sécurité", "et ses articles", "VU le décret du 29 avril"];
        assert_eq!(texts(lines), expected);
    }

    #[test]
    fn columns_of_a_table_become_rows() {
        let row = |n: f32| 200.0 + 50.0 * n;
        let mut lines: Vec<OcrLine> =
            [0.0, 1.0].iter().map(|n| line("2026/054", 100.0, row(*n), 20.0)).collect();
        lines.extend([0.0, 1.0].map(|n| line("07/11/2026", 200.0, row(n), 20.0)));
        lines.extend([0.0, 1.0].map(|n| line("portant nomination du jury", 300.0, row(n), 20.0)));
        let expected = ["2026/054 07/11/2026 portant nomination du jury"; 2];
        assert_eq!(texts(lines), expected);
    }

    #[test]
    fn a_letterhead_stays_apart_from_the_service() {
        let lines = vec![
            line("PRÉFET", 100.0, 200.0, 30.0),
            line("DE LA DRÔME", 100.0, 255.0, 30.0),
            line("Cabinet du préfet de département", 600.0, 200.0, 20.0),
            line("Direction des sécurités et polices", 600.0, 238.0, 20.0),
        ];
        let expected = [
            "PRÉFET",
            "DE LA DRÔME",
            "Cabinet du préfet de département",
            "Direction des sécurités et polices",
        ];
        assert_eq!(texts(lines), expected);
    }

    #[test]
    fn lines_that_run_down_are_left_alone() {
        let down = |text: &str, x: f32| {
            let mut y = 100.0;
            let word = |text: &str| {
                let bbox = [x, y, x + 20.0, y + 50.0];
                y += 60.0;
                OcrWord { text: text.to_owned(), bbox, confidence: 0.9 }
            };
            text.split_whitespace().map(word).collect::<OcrLine>()
        };
        let lines = vec![
            down("Article 1er", 100.0),
            down("Article 2", 90.0),
            down("Le préfet de la Drôme", 160.0),
            down("arrête ce qui suit ici", 190.0),
        ];
        assert_eq!(joined(lines.clone()), lines);
    }
}
