//! A day as French texts write it, whatever a scan made of it: the one grammar of dates for
//! signatures, periods, covers and links.

use std::ops::Range;

use chrono::NaiveDate;

use super::number_words::number_at;
use super::tokens::{Kind, Token};
use super::{month_number, weekday_number};

/// What is written of a day; month and year may stand with another day (« du 3 au 5 mai »).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenDay {
    /// Day of the month, 1 to 31.
    pub day: u32,
    /// Month, from 1.
    pub month: Option<u32>,
    /// Year, from the first that ceremonies recall (1914).
    pub year: Option<i32>,
    /// Day of the week, from Monday = 0.
    pub weekday: Option<u32>,
    /// Where it stands in the text that the tokens are of.
    pub range: Range<usize>,
}

impl WrittenDay {
    /// The date, when month and year are written and the day exists.
    #[must_use]
    pub fn date(&self) -> Option<NaiveDate> {
        NaiveDate::from_ymd_opt(self.year?, self.month?, self.day)
    }
}

/// A day at token `at`, with the token after it: `samedi 22 février 2025`, `1er mars`, `15` (month
/// and year may follow another day), `22/02/2025`, `22/02/25`. The first of a month in what OCR
/// makes of its raised letters: `1°`, `1”`, `1°'`, `1%`, `1*`, `ler`, `1 er`.
#[must_use]
pub fn day_at(tokens: &[Token<'_>], at: usize) -> Option<(WrittenDay, usize)> {
    let first = tokens.get(at)?;
    let mut i = at;
    let weekday = in_one_or_two(tokens, i, weekday_word);
    if let Some((_, next)) = weekday {
        i = next;
        // « samedi soir », « samedi, 22 »
        if tokens.get(i).is_some_and(|t| matches!(t.text, "soir" | "matin" | ",")) {
            i += 1;
        }
    }
    let (day, mut i) = day_number(tokens, i)?;
    let (mut month, mut year) = (None, None);
    // « du 10 | septembre »: the edge of the sheet, read as a sign. After one figure it may have
    // been the second one.
    if tokens.get(i).is_some_and(|t| t.text == "|") && month_at(tokens, i + 1) {
        if day < 10 {
            return None;
        }
        i += 1;
    }
    if let Some((m, y, next)) = numeric_rest(tokens, i).or_else(|| spaced_rest(tokens, i)) {
        (month, year, i) = (Some(m), y, next);
    } else if let Some((m, next)) = in_one_or_two(tokens, i, month_word) {
        month = Some(m);
        i = next;
        // « FEV. 2026 », and what scans make of it: « JUIL, 2026 ».
        i += usize::from(
            tokens.get(i).is_some_and(|t| matches!(t.text, "." | ","))
                && year_at(tokens, i + 1).is_some(),
        );
        if let Some((y, next)) = year_at(tokens, i) {
            (year, i) = (Some(y), next);
        }
    }
    let range = first.start..tokens[i - 1].end;
    let weekday = weekday.map(|(day, _)| day);
    Some((WrittenDay { day, month, year, weekday, range }, i))
}

/// A word, which the scan may have split in two: `jeud i`, `févr ier`.
fn in_one_or_two(
    tokens: &[Token<'_>],
    at: usize,
    read: impl Fn(&str) -> Option<u32>,
) -> Option<(u32, usize)> {
    let first = tokens.get(at).filter(|t| t.kind == Kind::Word)?;
    let second = tokens.get(at + 1).filter(|t| t.kind == Kind::Word);
    // Before the first part alone: « févr » is a month's name too.
    let joined = second.and_then(|second| {
        let (start, len) = (first.text.len(), first.text.len() + second.text.len());
        let mut word = [0; 9];
        let word = word.get_mut(..len).filter(|_| start < 6)?;
        word[..start].copy_from_slice(first.text.as_bytes());
        word[start..].copy_from_slice(second.text.as_bytes());
        read(std::str::from_utf8(word).ok()?)
    });
    joined.map(|value| (value, at + 2)).or_else(|| Some((read(first.text)?, at + 1)))
}

/// Digits at token `at`, letters that OCR took for them put right (`l5`, `2O26`), with the token
/// after: runs without a gap of at most `most` digits, one of them read as such.
#[must_use]
pub fn digits(tokens: &[Token<'_>], at: usize, most: usize) -> Option<(String, usize)> {
    let first = tokens.get(at)?;
    let adjoins =
        || tokens.get(at + 1).is_some_and(|t| t.kind == Kind::Number && t.start == first.end);
    if first.kind != Kind::Number && !adjoins() {
        return None;
    }
    let mut read = String::new();
    let mut next = at;
    let mut certain = false;
    while let Some(token) =
        tokens.get(next).filter(|t| next == at || t.start == tokens[next - 1].end)
    {
        let is_number = token.kind == Kind::Number;
        if !is_number && !matches!(token.text, "o" | "oo" | "l" | "i" | "ll") {
            break;
        }
        read.extend(token.text.chars().map(|c| match c {
            'o' => '0',
            'l' | 'i' => '1',
            c => c,
        }));
        certain |= is_number;
        next += 1;
    }
    (certain && read.len() <= most).then_some((read, next))
}

fn day_number(tokens: &[Token<'_>], at: usize) -> Option<(u32, usize)> {
    if let Some(next) = lettered_first(tokens, at) {
        return Some((1, next));
    }
    if is_spoilt(tokens, at) {
        return None;
    }
    if let Some(day) = stamped(tokens, at) {
        return Some((day, at + 2));
    }
    let Some((day, after)) = digits(tokens, at, 2) else {
        // « le seize mai »
        let (day, next) = number_at(tokens, at).filter(|(day, _)| (2..=31).contains(day))?;
        return month_at(tokens, next).then_some((day, next));
    };
    let day = day.parse().ok().filter(|d| (1..=31).contains(d))?;
    let next = tokens.get(after);
    let hour = next.is_some_and(|t| matches!(t.text, "h" | "heures" | "heure" | "hoo"));
    let thousands = next.is_some_and(|t| {
        t.text == ","
            && tokens.get(after + 1).is_some_and(|n| n.kind == Kind::Number && n.text.len() > 2)
    });
    if hour || thousands {
        return None;
    }
    let after = if day == 1 { after_first(tokens, after) } else { after_ordinal(tokens, after) };
    Some((day, after))
}

/// « le À 3 MAI »: the figure of a stamp before which another was read as a letter.
pub(super) fn is_spoilt(tokens: &[Token<'_>], at: usize) -> bool {
    let [opens, letter, figure] = at.checked_sub(2).map_or(&[][..], |i| &tokens[i..=at]) else {
        return false;
    };
    matches!(opens.text, "le" | "du")
        && letter.kind == Kind::Word
        && letter.text.len() == 1
        && figure.kind == Kind::Number
        && figure.text.len() == 1
}

/// Whether a day in words with its month begins at `at`.
pub(super) fn in_words(tokens: &[Token<'_>], at: usize) -> bool {
    tokens.get(at).is_some_and(|t| t.kind == Kind::Word)
        && number_at(tokens, at).is_some_and(|(_, next)| month_at(tokens, next))
}

/// Whether a word that is no number may be where a day begins (« ler mai »).
pub(super) fn may_start(word: &str) -> bool {
    matches!(word, "premier" | "ter" | "ier" | "ler" | "l" | "i" | "|")
}

/// « 2 9 JUIL. »: the figures of a dater's stamp stand apart. Not after « n° 2 ».
fn stamped(tokens: &[Token<'_>], at: usize) -> Option<u32> {
    let [tens, units] = tokens.get(at..at + 2)? else { return None };
    let figure = |t: &Token<'_>| t.kind == Kind::Number && t.text.len() == 1;
    let numbered = || {
        let before = at.checked_sub(1).and_then(|i| tokens.get(i));
        before.is_some_and(|t| matches!(t.text, "°" | "n" | "no" | "page" | "numero" | "et" | ","))
    };
    let apart = figure(tens) && figure(units) && units.start == tens.end + 1;
    let fits = apart && month_at(tokens, at + 2) && !numbered();
    let day = fits.then(|| tens.value().zip(units.value())).flatten()?;
    Some(day.0 * 10 + day.1).filter(|day| (1..=31).contains(day))
}

/// « ler mai », « premier mai », « l er mai »: the first, without a figure.
fn lettered_first(tokens: &[Token<'_>], at: usize) -> Option<usize> {
    let next = match tokens.get(at)?.text {
        "premier" if starts_range(tokens, at + 1) => return Some(at + 1),
        "premier" | "ter" | "ier" => at + 1,
        "ler" if tokens.get(at + 1).is_some_and(|t| matches!(t.text, "au" | "et" | ",")) => {
            return Some(at + 1);
        }
        "ler" => at + 1,
        "l" | "i" | "|" => at + 1 + raised(tokens, at + 1).filter(|letters| *letters > 0)?,
        _ => return None,
    };
    month_at(tokens, next).then_some(next)
}

/// « (du premier) au quinze mars »: another day follows that has the month.
fn starts_range(tokens: &[Token<'_>], at: usize) -> bool {
    let end = || digits(tokens, at + 1, 2).map(|(_, next)| next);
    let end = || end().or_else(|| number_at(tokens, at + 1).map(|(_, next)| next));
    tokens.get(at).is_some_and(|t| t.text == "au")
        && end().is_some_and(|next| month_at(tokens, next))
}

/// « 11er », « 2e »: a slip, or an anniversary's.
fn after_ordinal(tokens: &[Token<'_>], at: usize) -> usize {
    at + usize::from(tokens.get(at).is_some_and(|t| t.text == "er"))
}

/// After the raised letters of « 1er ».
fn after_first(tokens: &[Token<'_>], at: usize) -> usize {
    if let Some(letters) = raised(tokens, at).filter(|letters| month_at(tokens, at + letters)) {
        return at + letters;
    }
    // « du 1° au 30 juin »
    let sign = |t: &Token<'_>| matches!(t.text, "er" | "*" | "°" | "e" | "'" | "\"" | "%" | "º");
    (at..at + 2).find(|&i| !tokens.get(i).is_some_and(sign)).unwrap_or(at + 2)
}

/// How many tokens stand for raised letters: `er` as such, or the signs and short words that OCR
/// makes of it.
fn raised(tokens: &[Token<'_>], at: usize) -> Option<usize> {
    let letter = |t: &&Token<'_>| match t.kind {
        Kind::Mark => !matches!(t.text, "," | "." | ";" | ":" | "/" | "-" | "(" | ")" | "|"),
        Kind::Word => matches!(
            t.text,
            "er" | "e" | "r" | "ef" | "cr" | "ey" | "re" | "ar" | "et" | "el" | "ér" | "™" | "ee"
        ),
        Kind::Number => false,
    };
    let count = tokens.get(at..)?.iter().take(4).take_while(letter).count();
    (count <= 3).then_some(count)
}

fn month_at(tokens: &[Token<'_>], at: usize) -> bool {
    tokens.get(at).is_some_and(|t| month_word(t.text).is_some())
}

fn weekday_word(word: &str) -> Option<u32> {
    // « levendredi »: a space was lost.
    let glued = || weekday_number(word.strip_prefix("le").or_else(|| word.strip_prefix("du"))?);
    // « les samedis 7 et 14 »
    let several = || weekday_number(word.strip_suffix('s')?);
    weekday_number(word)
        .or_else(several)
        .or_else(|| (word == "dirnanche").then_some(6))
        .or_else(glued)
}

fn month_word(word: &str) -> Option<u32> {
    // « 1ermars »
    let ordinal = || word.strip_prefix("er").and_then(month_number);
    month_number(word).or_else(ordinal).or(match word {
        "fevner" | "feyrier" | "fevrler" => Some(2),
        "avnl" | "avrll" => Some(4),
        "rnai" | "rnal" | "mal" => Some(5),
        "rnars" => Some(3),
        "jum" => Some(6),
        "juillct" | "juil1et" => Some(7),
        "aot" => Some(8),
        _ => None,
    })
}

/// `/02/2025`, `.02.2025`, `-02-2025`, `/02/25`; `/02` before a day that has the year.
fn numeric_rest(tokens: &[Token<'_>], at: usize) -> Option<(u32, Option<i32>, usize)> {
    let [a, month] = tokens.get(at..at + 2)? else { return None };
    let joined = matches!(a.text, "/" | "." | "-") && a.end == month.start;
    let number = month.value().filter(|m| joined && (1..=12).contains(m))?;
    if let Some([b, year]) = tokens.get(at + 2..at + 4)
        && b.text == a.text
        && let Some(value) = year.value()
    {
        // « 12-05-26 » is more often a number than a day, « 4.3.26 » an article's.
        let figures = if a.text == "/" { 1 } else { 2 };
        let short = year.text.len() == 2 && a.text != "-" && month.text.len() >= figures;
        let value = if short { 2000 + value } else { value };
        return (1990..2100).contains(&value).then_some((number, Some(value as i32), at + 4));
    }
    let ends = tokens.get(at + 2).is_some_and(|t| matches!(t.text, "au" | "et" | "a" | ","));
    let sure = a.text != "-" && month.text.len() == 2 && ends && !pairs_of_days(tokens, at);
    sure.then_some((number, None, at + 2))
}

/// « (07)/08 et 14/15 mars »: the days of two week-ends, and no month in figures.
fn pairs_of_days(tokens: &[Token<'_>], at: usize) -> bool {
    let is = |i: usize, kind| tokens.get(i).is_some_and(|t| t.kind == kind);
    let slash = tokens.get(at + 4).is_some_and(|t| t.text == "/");
    is(at + 3, Kind::Number) && slash && is(at + 5, Kind::Number) && month_at(tokens, at + 6)
}

/// « 02 10 2025 »: month and year in figures behind spaces, each with all its figures.
fn spaced_rest(tokens: &[Token<'_>], at: usize) -> Option<(u32, Option<i32>, usize)> {
    let day = at.checked_sub(1).and_then(|i| tokens.get(i))?;
    let [month, year] = tokens.get(at..at + 2)? else { return None };
    let apart = month.start == day.end + 1 && year.start == month.end + 1;
    let full = [day, month, year].map(|t| t.text.len()) == [2, 2, 4];
    let number = month.value().filter(|m| apart && full && (1..=12).contains(m))?;
    let value = year.value().filter(|y| (2000..2100).contains(y))?;
    Some((number, Some(value as i32), at + 2))
}

/// « deux mille vingt-six », « deux mil vingt-six ».
fn year_in_words(tokens: &[Token<'_>], at: usize) -> Option<(i32, usize)> {
    let [two, thousand] = tokens.get(at..at + 2)? else { return None };
    let begins = two.text == "deux" && matches!(thousand.text, "mille" | "mil");
    let (rest, next) = number_at(tokens, at + 2).filter(|(rest, _)| begins && *rest < 100)?;
    Some((2000 + rest as i32, next))
}

/// `2025`, `2 025`, `20 24`; from the first year that ceremonies recall.
fn year_at(tokens: &[Token<'_>], at: usize) -> Option<(i32, usize)> {
    if let Some(written) = year_in_words(tokens, at) {
        return Some(written);
    }
    let token = tokens.get(at).filter(|t| t.kind == Kind::Number)?;
    let year = |text: &str| {
        text.parse::<i32>().ok().filter(|y| text.len() == 4 && (1914..2100).contains(y))
    };
    if let Some((text, next)) = digits(tokens, at, 4)
        && let Some(year) = year(&text)
    {
        return Some((year, next));
    }
    let next = tokens.get(at + 1).filter(|t| t.kind == Kind::Number && t.start <= token.end + 1)?;
    year(&format!("{}{}", token.text, next.text)).map(|year| (year, at + 2))
}

#[cfg(test)]
mod tests {
    use super::super::tokens::tokens;
    use super::*;
    use crate::fold::fold;

    fn read(text: &str) -> Option<(u32, Option<u32>, Option<i32>)> {
        let folded = fold(text);
        day_at(&tokens(&folded, 0), 0).map(|(d, _)| (d.day, d.month, d.year))
    }

    /// What tesseract 5 makes of « 1er » with raised letters (eleven typefaces, 150 to 300 dots an
    /// inch: `1°`, `1”` and `1°”` nearly always, rarely `1*`, `1‘`, `1“`), and what bulletins show.
    #[test]
    fn the_first_of_the_month() {
        let first = [
            "1er", "1ER", "1 er", "1°", "1 °", "1”", "1\"", "1°'", "1%", "1‘", "1’", "1*", "1**",
            "1º", "1°”", "1“", "1e", "1 e", "ler", "Ier", "l er", "I er", "1ef", "1cr", "1€", "1®",
            "1™", "1^", "1\"'", "1’’", "|er", "1°r", "premier", "Premier", "1¢",
        ];
        for written in first {
            for rest in ["mai 2026", "juin 2026 à 8h", "août"] {
                let found = read(&format!("{written} {rest}")).map(|(day, ..)| day);
                assert_eq!(found, Some(1), "{written} {rest}");
            }
        }
        for written in ["1er au 30 juin", "1° au 30 juin", "1\" au 30 juin", "ler au 30 juin"] {
            assert_eq!(read(written), Some((1, None, None)), "{written}");
        }
        for other in ["ler", "l er étage", "premier étage", "1er étage et demi"] {
            assert!(read(other).is_none_or(|(_, month, _)| month.is_none()), "{other}");
        }
    }

    #[test]
    fn days_in_figures_and_words() {
        let cases = [
            ("11/05/26", Some((11, Some(5), Some(2026)))),
            ("11.05.26", Some((11, Some(5), Some(2026)))),
            ("4/3/26", Some((4, Some(3), Some(2026)))),
            ("4.3.26", Some((4, None, None))),
            ("07/08 et 14/15 mars", Some((7, None, None))),
            ("07/08 et 14/09/2026", Some((7, Some(8), None))),
            ("02.04.2026", Some((2, Some(4), Some(2026)))),
            ("samedi 22 février 2 025", Some((22, Some(2), Some(2025)))),
            ("jeud i 20 févr ier 2O25", Some((20, Some(2), Some(2025)))),
            ("10 | septembre 2026", Some((10, Some(9), Some(2026)))),
            ("19 FEV. 2026", Some((19, Some(2), Some(2026)))),
            ("seize mai", Some((16, Some(5), None))),
            ("02 10 2026", Some((2, Some(10), Some(2026)))),
            ("2 10 2026", Some((2, None, None))),
            ("02 13 2026", Some((2, None, None))),
            ("2 9 JuIL, 2026", Some((29, Some(7), Some(2026)))),
            ("8 JUIL, 2026", Some((8, Some(7), Some(2026)))),
            // The second figure was lost, or is the sign.
            ("2 | FEV. 2026", None),
            ("12-05-26", Some((12, None, None))),
            ("8 h 00", None),
            ("45 mai", None),
            ("quatre mars deux mille vingt-six", Some((4, Some(3), Some(2026)))),
            ("trente et un mars deux mil vingt-six", Some((31, Some(3), Some(2026)))),
            ("premier au douze mai", Some((1, None, None))),
            ("premier au classement", None),
            ("samedis 7 et 14 mars", Some((7, None, None))),
        ];
        for (text, expected) in cases {
            assert_eq!(read(text), expected, "{text}");
        }
    }
}
