//! Words set with space between their letters (« A R R Ê T É »), where no space characters stand.

use super::layout::{Fragment, Row};

/// Letters in a row that make it a setting, not chance.
const LETTERS: usize = 4;
/// Widest space between letters, in font sizes: columns stand farther apart.
const WIDEST: f64 = 0.8;
/// The space between words is this many times that between letters.
const WORD: f64 = 1.5;
/// How far the space between letters varies, in font sizes.
const EVEN: f64 = 0.12;

/// Joins the letters of such words in a row of fragments from left to right.
pub(super) fn joined(row: Row) -> Row {
    if row.windows(LETTERS).all(|some| !some.iter().all(is_letter)) {
        return row;
    }
    let mut out = Row::with_capacity(row.len());
    let mut letters = Row::new();
    for fragment in row {
        if is_letter(&fragment) {
            letters.push(fragment);
        } else {
            words(std::mem::take(&mut letters), &mut out);
            out.push(fragment);
        }
    }
    words(letters, &mut out);
    out
}

fn is_letter(fragment: &Fragment) -> bool {
    let mut chars = fragment.text.chars();
    chars.next().is_some_and(char::is_alphabetic) && chars.next().is_none()
}

/// Makes words of letters if they are evenly spaced.
fn words(letters: Row, out: &mut Row) {
    let Some(space) = space(&letters) else { return out.extend(letters) };
    let mut end = f64::MIN;
    for (at, letter) in letters.into_iter().enumerate() {
        let begins = at == 0 || letter.space_before || letter.u0 - end > WORD * space;
        end = letter.u1;
        match out.last_mut().filter(|_| !begins) {
            Some(word) => {
                word.text.push_str(&letter.text);
                word.u1 = letter.u1;
            }
            None => out.push(letter),
        }
    }
}

/// The even space between letters.
fn space(letters: &[Fragment]) -> Option<f64> {
    let size = letters.first()?.size;
    let gaps = letters.windows(2).filter(|pair| !pair[1].space_before);
    let mut gaps: Vec<f64> = gaps.map(|pair| pair[1].u0 - pair[0].u1).collect();
    if gaps.len() + 1 < LETTERS {
        return None;
    }
    gaps.sort_by(f64::total_cmp);
    let space = gaps[gaps.len() / 2];
    let is_even = |gap: &f64| (gap - space).abs() <= EVEN * size || *gap > WORD * space;
    (space > 0.0 && space <= WIDEST * size && gaps.iter().all(is_even)).then_some(space)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::layout::Frame;
    use crate::text::sight::Sight;

    /// Fragments of size 10, five wide each, so far apart; `_` is a space character.
    fn row(letters: &[(&str, f64)]) -> Row {
        let mut u = 0.0;
        let mut fragment = |(text, gap): &(&str, f64)| {
            u += gap;
            let fragment = Fragment {
                text: text.trim_start_matches('_').to_owned(),
                frame: Frame::of(1.0, 0.0),
                u0: u,
                u1: u + 5.0,
                v: 100.0,
                size: 10.0,
                sight: Sight::Seen,
                space_before: text.starts_with('_'),
            };
            u += 5.0;
            fragment
        };
        letters.iter().map(&mut fragment).collect()
    }

    fn texts(letters: &[(&str, f64)]) -> String {
        joined(row(letters)).iter().map(|f| f.text.as_str()).collect::<Vec<_>>().join(" ")
    }

    fn set(text: &str, gap: f64) -> Vec<(&str, f64)> {
        text.split(' ').map(|letter| (letter, gap)).collect()
    }

    #[test]
    fn evenly_spaced_letters_are_words() {
        assert_eq!(texts(&set("A R R Ê T É", 3.0)), "ARRÊTÉ");
        let mut two = set("P R É F E T", 3.0);
        two.extend([("D", 8.0), ("U", 3.0), ("N", 9.0), ("O", 2.5), ("R", 3.0), ("D", 3.2)]);
        assert_eq!(texts(&two), "PRÉFET DU NORD");
        let title = [set("A R R Ê T É", 3.0), vec![("n°", 4.0), ("2026", 3.0)]].concat();
        assert_eq!(texts(&title), "ARRÊTÉ n° 2026");
        let spaced = [set("L O I", 3.0), set("_D U", 3.0)].concat();
        assert_eq!(texts(&spaced), "LOI DU");
    }

    #[test]
    fn letters_that_stand_alone_stay_alone() {
        assert_eq!(texts(&set("_A _B _C _D _E", 3.0)), "A B C D E", "typed so");
        assert_eq!(texts(&set("A B C D E", 30.0)), "A B C D E", "columns");
        let uneven = [("A", 0.0), ("B", 2.0), ("C", 7.0), ("D", 4.5), ("E", 3.0)];
        assert_eq!(texts(&uneven), "A B C D E");
        assert_eq!(texts(&set("il y a à", 3.0)), "il y a à");
    }
}
