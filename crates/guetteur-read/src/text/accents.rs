//! Accents painted as glyphs of their own over their letters, as TeX does it in its old fonts:
//! « pr´efet », « Ev`eque » are « préfet », « Evèque ».

use unicode_normalization::char::compose;

use super::letter::{Placed, Text};

/// How far an accent may be raised over its letter, in font sizes: higher over capitals.
const RAISED: f64 = 0.45;
/// How far before its letter it may begin, in font sizes: letters are narrower.
const BEFORE: f64 = 0.1;
/// How far after that it may begin: a letter that comes after stands behind the accent else.
const AFTER: f64 = 0.5;
/// The same for the accent of a letter before it whose width is not known.
const NEAR: f64 = 0.12;

/// The letter that two glyphs make, one after the other, of which one is an accent over (or under)
/// the other.
pub(super) fn together(one: &Placed, other: &Placed) -> Option<Text> {
    let (Text::Char(first), Text::Char(second)) = (&one.text, &other.text) else { return None };
    let (letter, accent, placed, over) = match (combining(*first), combining(*second)) {
        (Some(accent), None) => (*second, accent, other, one),
        (None, Some(accent)) => (*first, accent, one, other),
        _ => return None,
    };
    let size = placed.size;
    let farthest = match placed.is_told {
        _ if combining(*first).is_some() => AFTER * size,
        true => 0.5 * placed.advance,
        false => NEAR * size,
    };
    let is_over = (-BEFORE * size..farthest).contains(&(over.u - placed.u))
        && (placed.v - over.v).abs() < RAISED * size
        && placed.frame == over.frame
        && placed.sight == over.sight;
    let letter = match letter {
        'ı' => 'i',
        'ȷ' => 'j',
        letter => letter,
    };
    compose(letter, accent).filter(|_| is_over).map(Text::Char)
}

/// Whether it is an accent that stands alone.
pub(super) fn is_accent(text: &Text) -> bool {
    matches!(text, Text::Char(c) if combining(*c).is_some())
}

/// The accent that combines, of the same shape as one that stands alone.
fn combining(c: char) -> Option<char> {
    Some(match c {
        '`' => '\u{300}',
        '´' => '\u{301}',
        'ˆ' | '^' => '\u{302}',
        '˜' | '~' => '\u{303}',
        '¯' => '\u{304}',
        '˘' => '\u{306}',
        '˙' => '\u{307}',
        '¨' => '\u{308}',
        '˚' => '\u{30A}',
        '˝' => '\u{30B}',
        'ˇ' => '\u{30C}',
        '¸' => '\u{327}',
        '˛' => '\u{328}',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use crate::text::both_ways::{file, read};

    fn text(show: &str) -> String {
        let content = format!("BT /F1 10 Tf 70 700 Td {show} ET");
        let (short, general) = read(file(content.as_bytes())).remove(0);
        assert_eq!(short.expect("a plain page").text(), general.text());
        general.text()
    }

    #[test]
    fn accents_join_the_letters_that_they_are_painted_over() {
        for (show, word) in [
            (r"[(pr) -111 (\302) 444 (efet)] TJ", "préfet"),
            (r"[-111 (\301) 444 (evoque)] TJ", "èvoque"),
            (r"[(l') ] TJ 2 Ts [-167 (\302)] TJ 0 Ts [500 (Ecole)] TJ", "l’École"),
            (r"[(cafe) 444 (\302) -111 (s)] TJ", "cafés"),
            (r"[(na) 27 (\310) 306 (\365ve)] TJ", "naïve"),
            (r"[(fac) 416 (\313) -83 (ade)] TJ", "façade"),
        ] {
            assert_eq!(text(show), word, "{show}");
        }
    }

    #[test]
    fn marks_beside_letters_stay_marks() {
        assert_eq!(text(r"(l\302article `a` 2^3) Tj"), "l´article ‘a‘ 2^3");
    }
}
