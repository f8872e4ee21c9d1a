//! French dates: reading them in the ways that sites and acts write them, and writing them.

pub mod day;
mod linked;
pub mod number_words;
pub mod tokens;

use chrono::{Datelike, NaiveDate};

use crate::fold::fold;

/// Bulletins of our time begin here.
const FIRST_YEAR: i32 = 1990;

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

/// Dates in **folded** text, in order, not overlapping: what [`day::day_at`] reads with month and
/// year (`14 aout 2026`, `1er mai 2024`, `14/08/2026`, `14.08.26`), and as links and file names have
/// them: `2026-08-14`, `2026_08_14`, `20260814`, `14 08 2026`, `14-aout-2026`.
/// Impossible days (`31 juin 2025`) are not dates, nor is a number with the month that follows it
/// (`n° 7 mars 2026`, `numéro 5 – février 2026`). Years 1990 to 2099.
#[must_use]
pub fn find_dates(folded: &str) -> Vec<DateMatch> {
    dates(folded).collect()
}

/// [`find_dates`], one after the other: for the first that fits.
pub fn dates(folded: &str) -> impl Iterator<Item = DateMatch> {
    let in_words = || folded.contains(" mil");
    let none = !folded.bytes().any(|byte| byte.is_ascii_digit()) && !in_words();
    let tokens = if none { Vec::new() } else { tokens::tokens(folded, 0) };
    let mut at = 0;
    std::iter::from_fn(move || {
        while at < tokens.len() {
            match written(&tokens, at).or_else(|| linked::date_at(folded, &tokens, at)) {
                Some((date, next))
                    if !is_number_of_month(&tokens, at) && !day::is_spoilt(&tokens, at) =>
                {
                    let found =
                        DateMatch { start: tokens[at].start, end: tokens[next - 1].end, date };
                    at = next;
                    return Some(found);
                }
                _ => at += 1,
            }
        }
        None
    })
}

/// Whether the figures at `at` are what « n° » announces and a month's name follows: monthly
/// bulletins are numbered « n° 7 – mars 2026 », and no day is written so.
fn is_number_of_month(tokens: &[tokens::Token<'_>], at: usize) -> bool {
    let text = |i: usize| tokens.get(i).map_or("", |t| t.text);
    let back = |steps: usize| at.checked_sub(steps).map_or("", &text);
    let is_sign = |word: &str| matches!(word, "°" | "º" | "n" | "no" | "numero");
    // « raa-n-7-mars-2026 »: what links make of it.
    let announced = is_sign(back(1)) || matches!(back(1), "-" | "_") && is_sign(back(2));
    let month = if matches!(text(at + 1), "-" | "_" | "–") { at + 2 } else { at + 1 };
    announced && month_number(text(month)).is_some()
}

fn written(tokens: &[tokens::Token<'_>], at: usize) -> Option<(NaiveDate, usize)> {
    let starts = |t: &tokens::Token<'_>| {
        t.kind == tokens::Kind::Number
            || day::may_start(t.text)
            // « le quatre mars deux mille vingt-six », not the « quatre » of « vingt-quatre ».
            || day::in_words(tokens, at)
                && at.checked_sub(1).is_none_or(|i| tokens[i].text != "-")
    };
    tokens.get(at).filter(|t| starts(t))?;
    let (day, next) = day::day_at(tokens, at)?;
    Some((day.date().filter(|date| date.year() >= FIRST_YEAR)?, next))
}

/// The first date of a text that need not be folded.
///
/// ```
/// use guetteur_model::dates::parse_french_date;
///
/// let day = |text| parse_french_date(text).map(|day| day.to_string());
/// assert_eq!(day("signé le 1er août 2026"), Some("2026-08-01".into()));
/// assert_eq!(day("14/08/26"), Some("2026-08-14".into()));
/// assert_eq!(day("le 31 juin 2026"), None, "there is no such day");
/// ```
#[must_use]
pub fn parse_french_date(text: &str) -> Option<NaiveDate> {
    find_dates(&fold(text)).first().map(|found| found.date)
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
            ("Signé le 11/05/26", Some((2026, 5, 11))),
            ("N° spécial du 1° mai 2026", Some((2026, 5, 1))),
            ("publié le ler juin 2026", Some((2026, 6, 1))),
            ("raa-du-14-aout-2026", Some((2026, 8, 14))),
            ("n° 26-05-11", None),
            ("le 2 | FEV. 2026", None),
            ("Fait à Gap, le quatre mars deux mil vingt-six", Some((2026, 3, 4))),
            ("le vingt-quatre mars deux mille vingt-six", Some((2026, 3, 24))),
            ("le quatre mars prochain", None),
            ("mille vingt-six", None),
            ("Bulletin n° 9 avril 2026", None),
            ("Bulletin n°9 - AVRIL 2026", None),
            ("Bulletin NUMÉRO 9\nAVRIL 2026", None),
            ("bulletin-n-9-avril-2026", None),
            ("Bulletin no 9 – avril 2026, publié le 4 mai 2026", Some((2026, 5, 4))),
            ("Bulletin n° 9 du 4 avril 2026", Some((2026, 4, 4))),
            ("Bulletin n° 9-10 avril 2026", Some((2026, 4, 10))),
            ("Bulletin n° 12 bis 1er avril 2026", Some((2026, 4, 1))),
            ("Bulletin n° 14/08/2026", Some((2026, 8, 14))),
            ("Bulletin n°2026-08-14", Some((2026, 8, 14))),
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
