//! French dates: reading them in the ways that sites and acts write them, and writing them.

use chrono::{Datelike, NaiveDate};

use crate::fold::fold;

/// Months, unaccented.
pub const MONTHS: [&str; 12] = [
    "janvier",
    "fevrier",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "aout",
    "septembre",
    "octobre",
    "novembre",
    "decembre",
];

const MONTH_LABELS: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];

/// The days of the week, Monday first.
pub const WEEKDAYS: [&str; 7] =
    ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"];

/// Month, from 1, of a folded word; `sept`, `oct.` and the clerks' `oaut` are understood.
#[must_use]
pub fn month_number(word: &str) -> Option<u32> {
    let word = word.trim_end_matches('.');
    let index = match word {
        "janv" | "jan" => 0,
        "fev" | "fevr" => 1,
        "avr" => 3,
        "juil" | "juill" => 6,
        "aou" | "oaut" | "aoit" | "aolt" | "aovt" => 7,
        "sept" | "sep" => 8,
        "oct" => 9,
        "nov" => 10,
        "dec" => 11,
        _ => MONTHS.iter().position(|month| *month == word)?,
    };
    Some(index as u32 + 1)
}

/// Day of the week, from Monday = 0, of a folded word.
#[must_use]
pub fn weekday_number(word: &str) -> Option<u32> {
    WEEKDAYS.iter().position(|day| *day == word).map(|i| i as u32)
}

/// A date seen in folded text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DateMatch {
    /// First byte in the folded text.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// The day.
    pub date: NaiveDate,
}

/// Dates in **folded** text, in order, not overlapping: `14 aout 2026`, `1er mai 2024`,
/// `14/08/2026`, `14.08.2026`, `2026-08-14`, `2026_08_14`, `20260814`, `14 08 2026`.
/// Impossible days (`31 juin 2025`) are not dates. Years 1990 to 2099.
#[must_use]
pub fn find_dates(folded: &str) -> Vec<DateMatch> {
    let mut found = Vec::new();
    let mut tokens = Tokens::new(folded);
    while let Some(first) = tokens.next() {
        if let Some((end, date)) = date_at(first, tokens.clone()) {
            found.push(DateMatch { start: first.start, end, date });
            tokens.skip_to(end);
        }
    }
    found
}

/// The first date of a text that need not be folded.
#[must_use]
pub fn parse_french_date(text: &str) -> Option<NaiveDate> {
    find_dates(&fold(text)).first().map(|found| found.date)
}

#[derive(Clone, Copy)]
struct Token<'a> {
    start: usize,
    end: usize,
    text: &'a str,
    /// Bytes between the end of the token before and the start of this one.
    gap: &'a str,
}

/// Runs of letters or of digits; the gap says what separates them.
#[derive(Clone)]
struct Tokens<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Tokens<'a> {
    fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    fn skip_to(&mut self, at: usize) {
        self.at = at;
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        let bytes = self.text.as_bytes();
        let gap_start = self.at;
        let mut start = gap_start;
        while start < bytes.len() && !bytes[start].is_ascii_alphanumeric() {
            start += 1;
        }
        let first = *bytes.get(start)?;
        let mut end = start;
        while end < bytes.len()
            && bytes[end].is_ascii_alphanumeric()
            && bytes[end].is_ascii_digit() == first.is_ascii_digit()
        {
            end += 1;
        }
        self.at = end;
        Some(Token { start, end, text: &self.text[start..end], gap: &self.text[gap_start..start] })
    }
}

fn date_at<'a>(first: Token<'a>, mut rest: Tokens<'a>) -> Option<(usize, NaiveDate)> {
    if !first.text.as_bytes()[0].is_ascii_digit() {
        return None;
    }
    match first.text.len() {
        8 => {
            let date = ymd(&first.text[..4], &first.text[4..6], &first.text[6..])
                .or_else(|| ymd(&first.text[4..], &first.text[2..4], &first.text[..2]))?;
            return Some((first.end, date));
        }
        4 => {
            let month = rest.next().filter(|t| separator(t.gap) && t.text.len() == 2)?;
            let day = rest.next().filter(|t| t.gap == month.gap && t.text.len() == 2)?;
            return Some((day.end, ymd(first.text, month.text, day.text)?));
        }
        1 | 2 => {}
        _ => return None,
    }
    let mut second = rest.next()?;
    if second.gap.is_empty() && (second.text == "er" || second.text == "e") {
        second = rest.next()?;
    }
    if let Some(month) = month_number(second.text).filter(|_| spaced(second.gap)) {
        let mut year = rest.next()?;
        if year.text == "de" || year.text == "d" {
            year = rest.next()?;
        }
        let number = parse_year(year.text).filter(|_| spaced(year.gap))?;
        let date = NaiveDate::from_ymd_opt(number, month, first.text.parse().ok()?)?;
        return Some((year.end, date));
    }
    if separator(second.gap) && second.text.len() <= 2 {
        let year = rest.next().filter(|t| t.gap == second.gap && t.text.len() == 4)?;
        return Some((year.end, ymd(year.text, second.text, first.text)?));
    }
    None
}

fn separator(gap: &str) -> bool {
    matches!(gap, "/" | "-" | "_" | "." | " ")
}

fn spaced(gap: &str) -> bool {
    gap.len() <= 3 && gap.bytes().all(|b| matches!(b, b' ' | b'-' | b'_' | b'.'))
}

fn parse_year(text: &str) -> Option<i32> {
    let year = text.parse().ok().filter(|_| text.len() == 4)?;
    (1990..2100).contains(&year).then_some(year)
}

fn ymd(year: &str, month: &str, day: &str) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(parse_year(year)?, month.parse().ok()?, day.parse().ok()?)
}

/// `1er mai 2024`, `14 août 2026`.
#[must_use]
pub fn format_french_date(date: NaiveDate) -> String {
    let day = if date.day() == 1 { "1er".to_owned() } else { date.day().to_string() };
    format!("{day} {} {}", MONTH_LABELS[date.month0() as usize], date.year())
}

/// French name of a month, from 1.
#[must_use]
pub fn month_label(month: u32) -> Option<&'static str> {
    MONTH_LABELS.get((month as usize).checked_sub(1)?).copied()
}

/// Whether `date` is one that a bulletin of our time can bear: 1990 to two months ahead of `today`.
#[must_use]
pub fn plausible_publication(date: NaiveDate, today: NaiveDate) -> bool {
    date.year() >= 1990 && date <= today + chrono::Days::new(62)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads() {
        let cases = [
            ("Recueil n°211 du 14 août 2026 - Partie 2", Some((2026, 8, 14))),
            ("1er mai 2024", Some((2024, 5, 1))),
            ("PDF - 31,79 Mb - 14/08/2026", Some((2026, 8, 14))),
            ("30-2026-082 du 14 08 2026", Some((2026, 8, 14))),
            ("2026-08-14-211_Recueil", Some((2026, 8, 14))),
            ("RAA_20260814", Some((2026, 8, 14))),
            ("raa_14_08_2026", Some((2026, 8, 14))),
            ("le 12 oaût 2026", Some((2026, 8, 12))),
            ("7 sept. 2025", Some((2025, 9, 7))),
            ("31 juin 2025", None),
            ("N° 2026-243", None),
            ("420917", None),
            ("12/13/2026", None),
            ("l'an 2026", None),
            ("é14 août 2026é", Some((2026, 8, 14))),
        ];
        for (text, expected) in cases {
            let expected = expected.and_then(|(y, m, d)| NaiveDate::from_ymd_opt(y, m, d));
            assert_eq!(parse_french_date(text), expected, "{text}");
        }
    }

    #[test]
    fn writes() {
        let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).expect("day");
        assert_eq!(format_french_date(day(2024, 5, 1)), "1er mai 2024");
        assert_eq!(format_french_date(day(2026, 8, 14)), "14 août 2026");
    }

    proptest::proptest! {
        #[test]
        fn never_panics(text in "\\PC{0,60}|[0-9 /er.aout-]{0,40}") {
            for found in find_dates(&fold(&text)) {
                assert!(found.start < found.end);
            }
        }
    }
}
