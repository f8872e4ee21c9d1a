//! Raised and lowered letters (« 1er », « n° », « CO2 »): the line they belong to.
//!
//! How far letters are raised is the typeface's own choice, 0.2 to 0.6 of the size, which can bring
//! them nearer to the line above. What tells is the word that they touch: larger, on the same
//! height, and next to them.

use super::layout::Fragment;

/// Raised letters are smaller than those beside them by this factor at least.
pub(super) const SMALLER: f64 = 0.88;
/// How far above the line they may stand, in sizes of the word beside them.
const RAISED: f64 = 0.75;
/// How far below.
const LOWERED: f64 = 0.35;
/// How far from the word they may stand; how far into its room.
const APART: f64 = 0.35;
const INTO: f64 = 0.2;
/// Bytes of the longest word that is raised: « (1) », « ème », « bis ».
const SHORT: usize = 10;
/// What is raised after a number, also in letters as large as its own: some programs hardly make them
/// smaller.
const ORDINALS: [&str; 7] = ["er", "ers", "re", "ère", "e", "ème", "nd"];
/// Fragments looked at in each direction: a hostile page has thousands on one line.
const LOOK: usize = 200;

/// Fragments, sorted by their baselines, each with the baseline of its line.
pub(super) fn on_their_lines(fragments: Vec<Fragment>) -> Vec<(f64, Fragment)> {
    let largest = fragments.iter().map(|f| f.size).fold(0.0, f64::max);
    let line = |i: usize| {
        let fragment: &Fragment = &fragments[i];
        let is_smaller = fragment.size < SMALLER * largest;
        let may_be_raised =
            fragment.text.len() <= SHORT && (is_smaller || is_ordinal(&fragment.text));
        may_be_raised.then(|| beside(&fragments, i, largest)).flatten().unwrap_or(fragment.v)
    };
    let lines: Vec<f64> = (0..fragments.len()).map(line).collect();
    lines.into_iter().zip(fragments).collect()
}

/// The baseline of the word that fragment `i` touches. Raised letters are common, lowered ones
/// are not: those count where nothing else is touched.
fn beside(fragments: &[Fragment], i: usize, largest: f64) -> Option<f64> {
    let small = &fragments[i];
    let is_ordinal = is_ordinal(&small.text);
    let ends_number = |word: &Fragment| word.text.ends_with(|c: char| c.is_ascii_digit());
    let touched = |word: &&Fragment| {
        let is_larger = word.size * SMALLER > small.size;
        let is_number =
            is_ordinal && word.size >= small.size && ends_number(word) && word.v > small.v;
        (is_larger || is_number) && touches(word, small)
    };
    let nearest = |words: &mut dyn Iterator<Item = &Fragment>| {
        let words = words.take(LOOK).filter(touched);
        words.min_by(|a, b| gap(a, small).total_cmp(&gap(b, small))).map(|word| word.v)
    };
    let below = &fragments[i + 1..];
    let above = &fragments[..i];
    let raised = nearest(&mut below.iter().take_while(|f| f.v - small.v <= RAISED * largest));
    raised.or_else(|| {
        nearest(&mut above.iter().rev().take_while(|f| small.v - f.v <= LOWERED * largest))
    })
}

fn is_ordinal(text: &str) -> bool {
    ORDINALS.contains(&text)
}

fn touches(word: &Fragment, small: &Fragment) -> bool {
    let raised = word.v - small.v;
    raised <= RAISED * word.size
        && raised >= -LOWERED * word.size
        && (-INTO * word.size..=APART * word.size).contains(&gap(word, small))
}

/// The space between two fragments along the line; below 0 they overlap.
fn gap(one: &Fragment, other: &Fragment) -> f64 {
    (other.u0 - one.u1).max(one.u0 - other.u1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::layout::{Frame, lines};
    use crate::text::page_text::Line;
    use crate::text::sight::Sight;

    /// Words with left end, baseline and size; a letter is half as wide as its size.
    fn text(words: &[(&str, f64, f64, f64)]) -> Vec<String> {
        let fragment = |(text, u0, v, size): &(&str, f64, f64, f64)| Fragment {
            text: (*text).to_owned(),
            frame: Frame::of(1.0, 0.0),
            u0: *u0,
            #[expect(clippy::cast_precision_loss, reason = "short words")]
            u1: u0 + 0.5 * size * text.chars().count() as f64,
            v: *v,
            size: *size,
            sight: Sight::Seen,
            space_before: false,
        };
        lines(words.iter().map(fragment).collect(), &[]).iter().map(Line::text).collect()
    }

    #[test]
    fn letters_stay_on_their_line_however_high_they_are_raised() {
        for raise in [0.2, 0.33, 0.46, 0.5, 0.6] {
            for size in [0.5, 0.58, 0.65, 0.8, 0.96] {
                for pitch in [10.5, 12.0, 18.0] {
                    let found = text(&[
                        ("Le", 0.0, 100.0 - pitch, 10.0),
                        ("préfet", 14.0, 100.0 - pitch, 10.0),
                        ("du", 0.0, 100.0, 10.0),
                        ("1", 14.0, 100.0, 10.0),
                        ("er", 19.2, 100.0 - 10.0 * raise, 10.0 * size),
                        ("au", 32.0, 100.0, 10.0),
                        ("30", 46.0, 100.0, 10.0),
                        ("juin", 0.0, 100.0 + pitch, 10.0),
                    ]);
                    let expected = ["Le préfet", "du 1er au 30", "juin"];
                    assert_eq!(found, expected, "raise {raise}, size {size}, pitch {pitch}");
                }
            }
        }
    }

    #[test]
    fn lowered_letters_and_marks_before_a_note_stay_too() {
        assert_eq!(text(&[("CO", 0.0, 50.0, 10.0), ("2", 10.0, 52.5, 6.0)]), ["CO2"]);
        let note = [("1", 0.0, 45.5, 6.0), ("Voir", 4.0, 50.0, 10.0), ("annexe", 30.0, 50.0, 10.0)];
        assert_eq!(text(&note), ["1 Voir annexe"]);
    }

    #[test]
    fn small_lines_below_a_large_one_are_lines_of_their_own() {
        let found = text(&[
            ("PRÉFET", 0.0, 50.0, 16.0),
            ("Liberté", 0.0, 58.0, 6.0),
            ("Égalité", 0.0, 65.0, 6.0),
        ]);
        assert_eq!(found, ["PRÉFET", "Liberté", "Égalité"]);
    }

    #[test]
    fn a_large_word_behind_the_text_does_not_mix_its_lines() {
        let found = text(&[
            ("Article", 0.0, 92.0, 10.0),
            ("1", 40.0, 92.0, 10.0),
            ("PROJET", 10.0, 104.0, 90.0),
            ("Le", 0.0, 104.0, 10.0),
            ("préfet", 14.0, 104.0, 10.0),
            ("Article", 0.0, 116.0, 10.0),
            ("2", 40.0, 116.0, 10.0),
        ]);
        assert_eq!(found, ["Article 1", "Le préfet", "Article 2", "PROJET"]);
    }
}
