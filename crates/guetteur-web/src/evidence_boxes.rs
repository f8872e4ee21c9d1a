//! Where passages of a page's text stand on its picture.

use guetteur_model::Span;

use crate::page_pictures::{PlacedWord, PlacedWords};

/// Words looked ahead for when text and places disagree.
const LOOK_AHEAD: usize = 40;
/// Points left free around the words.
const MARGIN: f32 = 1.5;

/// Left, top, right, bottom, in points.
pub(crate) type Bounds = [f32; 4];

/// The boxes around a passage, one a line of the page.
///
/// `text` is the page's whole text, in which the span counts its characters; `words` are its words
/// in the same order. Where the two disagree (the page was read by another version), words without a
/// counterpart have no box.
#[must_use]
pub(crate) fn boxes(text: &str, words: &PlacedWords, span: &Span) -> Vec<Bounds> {
    let mut lines: Vec<Bounds> = Vec::new();
    for bounds in placed(text, &words.words)
        .filter(|(start, end, _)| *start < span.end && span.start < *end)
        .map(|(_, _, bounds)| bounds)
    {
        match lines.last_mut().filter(|line| same_line(line, &bounds)) {
            Some(line) => *line = union(line, &bounds),
            None => lines.push(bounds),
        }
    }
    let widened = |[a, b, c, d]: Bounds| [a - MARGIN, b - MARGIN, c + MARGIN, d + MARGIN];
    lines.into_iter().map(widened).collect()
}

/// Each word of the text that has a place: first character, one past the last, place.
fn placed<'a>(
    text: &'a str,
    words: &'a [PlacedWord],
) -> impl Iterator<Item = (u32, u32, Bounds)> + 'a {
    let mut next = 0;
    tokens(text).filter_map(move |(start, end, token)| {
        let ahead = words.get(next..)?.iter().take(LOOK_AHEAD);
        let found = ahead.enumerate().find(|(_, word)| word.text == token)?.0;
        next += found + 1;
        Some((start, end, words[next - 1].bounds))
    })
}

/// The text cut at white space, with places in characters.
fn tokens(text: &str) -> impl Iterator<Item = (u32, u32, &str)> {
    let mut at = 0;
    text.split_inclusive(char::is_whitespace).filter_map(move |piece| {
        let start = at;
        at += piece.chars().count() as u32;
        let token = piece.trim_end_matches(char::is_whitespace);
        let length = token.chars().count() as u32;
        (length > 0).then_some((start, start + length, token))
    })
}

fn same_line(a: &Bounds, b: &Bounds) -> bool {
    let overlap = a[3].min(b[3]) - a[1].max(b[1]);
    overlap > 0.5 * (a[3] - a[1]).min(b[3] - b[1]) && b[0] >= a[0]
}

fn union(a: &Bounds, b: &Bounds) -> Bounds {
    [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Words 30 points wide, three a line.
    fn laid_out(text: &str) -> PlacedWords {
        let words = text.split_whitespace().enumerate().map(|(i, word)| {
            let (x, y) = ((i % 3 * 40) as f32, (i / 3 * 20) as f32);
            PlacedWord { text: word.to_owned(), bounds: [x, y, x + 30.0, y + 10.0] }
        });
        PlacedWords { size: [120.0, 200.0], words: words.collect() }
    }

    fn span(text: &str, words: &str) -> Span {
        let start = text[..text.find(words).expect("words")].chars().count() as u32;
        Span { page: 1, start, end: start + words.chars().count() as u32, text: words.into() }
    }

    #[test]
    fn a_passage_has_one_box_a_line() {
        let text = "Article 1er :\nest autorisée la\n captation d’images par drone";
        let words = laid_out(text);
        let found = boxes(text, &words, &span(text, "autorisée la\n captation"));
        assert_eq!(found, [[38.5, 18.5, 111.5, 31.5], [-1.5, 38.5, 31.5, 51.5]]);
        assert_eq!(boxes(text, &words, &span(text, "1er"))[0][0], 38.5);
        assert_eq!(boxes(text, &PlacedWords::default(), &span(text, "1er")), [[0.0; 4]; 0]);
    }

    #[test]
    fn words_without_a_place_are_passed_over() {
        let words = laid_out("Article 1er : est autorisée la captation");
        let text = "Artlcle 1er : EST autorisée la captation";
        let found = boxes(text, &words, &span(text, "EST autorisée"));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0][0], 38.5, "the word that has a place");
    }

    proptest::proptest! {
        #[test]
        fn never_panics(text in "\\PC{0,80}", others in "\\PC{0,80}", a in 0u32..90, b in 0u32..90) {
            let span = Span { page: 1, start: a, end: b, text: String::new() };
            let _ = boxes(&text, &laid_out(&others), &span);
        }
    }
}
