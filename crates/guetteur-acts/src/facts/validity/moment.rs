//! A day, or a day and an hour, as acts write them.

use std::ops::Range;

use chrono::{Datelike, NaiveDate};
use guetteur_model::dates::{month_number, weekday_number};

use super::super::number_words::number_at;
use super::super::tokens::{Kind, Token};

/// What is written of a day and of its hour; what is missing comes from the words around.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Moment {
    pub day: u32,
    pub month: Option<u32>,
    pub year: Option<i32>,
    /// From Monday = 0.
    pub weekday: Option<u32>,
    /// From 00:00; 1440 for « 24h00 » and for « minuit » that ends a day.
    pub minutes: Option<u32>,
    /// Days to add: « le lendemain ».
    pub later: u32,
    pub range: Range<usize>,
}

impl Moment {
    /// The same day at another hour.
    pub(crate) fn at(&self, minutes: Option<u32>) -> Self {
        Self { minutes, ..self.clone() }
    }

    /// Takes month and year from the moment that ends the period.
    pub(crate) fn filled_from(mut self, end: &Self) -> Self {
        self.month = self.month.or(end.month);
        if self.year.is_none() {
            let crosses = self.month > end.month;
            self.year = end.year.map(|year| if crosses { year - 1 } else { year });
        }
        self
    }

    /// The day; without a year, the one nearest to `reference`. A day that the month lacks is
    /// read as the month's last.
    pub(crate) fn day(&self, reference: Option<NaiveDate>) -> Option<NaiveDate> {
        let month = self.month.or_else(|| reference.map(|r| r.month()))?;
        let dated = |year| clamped(year, month, self.day);
        let day = match (self.year, reference) {
            (Some(year), Some(reference)) => dated(plausible(year, reference.year())),
            (Some(year), None) => dated(year),
            (None, Some(reference)) => (reference.year() - 1..=reference.year() + 1)
                .filter_map(dated)
                .min_by_key(|day| (*day - reference).num_days().abs()),
            (None, None) => None,
        }?;
        day.checked_add_days(chrono::Days::new(u64::from(self.later)))
    }

    /// The day of a start whose end is known.
    pub(crate) fn day_before(
        &self,
        end: &Self,
        end_day: Option<NaiveDate>,
        reference: Option<NaiveDate>,
    ) -> Option<NaiveDate> {
        self.clone().filled_from(end).day(end_day.or(reference))
    }

    /// Whether the month has no such day.
    pub(crate) fn is_impossible(&self, resolved: NaiveDate) -> bool {
        self.later == 0 && resolved.day() != self.day
    }

    pub(crate) fn sort_key(&self) -> (i32, u32, u32, u32) {
        (
            self.year.unwrap_or(0),
            self.month.unwrap_or(0),
            self.day + self.later,
            self.minutes.unwrap_or(0),
        )
    }
}

/// `year`; where no act can mean it, the one near `reference` that differs by a figure (2075 for
/// 2025, as scans are read).
fn plausible(year: i32, reference: i32) -> i32 {
    /// No measure is given for longer.
    const LONGEST: i32 = 12;
    if (year - reference).abs() <= LONGEST {
        return year;
    }
    let figures = |year: i32| [year / 1000, year / 100 % 10, year / 10 % 10, year % 10];
    let differ =
        |near: &i32| figures(*near).iter().zip(figures(year)).filter(|(a, b)| *a != b).count() == 1;
    (reference..reference + 6).find(differ).unwrap_or(year)
}

fn clamped(year: i32, month: u32, day: u32) -> Option<NaiveDate> {
    (day.saturating_sub(3)..=day).rev().find_map(|d| NaiveDate::from_ymd_opt(year, month, d))
}

/// A day at token `at`: `samedi 22 février 2025`, `1er mars`, `15` (month and year may follow
/// another day), `22/02/2025`. Returns it with the token after it.
pub(crate) fn day_at(tokens: &[Token<'_>], at: usize) -> Option<(Moment, usize)> {
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
    // « du 10 | septembre »: the edge of the sheet, read as a sign.
    let month_next = tokens.get(i + 1).is_some_and(|t| month_word(t.text).is_some());
    i += usize::from(month_next && tokens.get(i).is_some_and(|t| t.text == "|"));
    if let Some((m, y, next)) = numeric_rest(tokens, i) {
        (month, year, i) = (Some(m), y, next);
    } else if let Some((m, next)) = in_one_or_two(tokens, i, month_word) {
        month = Some(m);
        i = next;
        i += usize::from(
            tokens.get(i).is_some_and(|t| t.text == ".") && year_at(tokens, i + 1).is_some(),
        );
        if let Some((y, next)) = year_at(tokens, i) {
            (year, i) = (Some(y), next);
        }
    }
    let range = first.start..tokens[i - 1].end;
    let weekday = weekday.map(|(day, _)| day);
    Some((Moment { day, month, year, weekday, minutes: None, later: 0, range }, i))
}

/// A word, which the scan may have split in two: `jeud i`, `févr ier`.
fn in_one_or_two(
    tokens: &[Token<'_>],
    at: usize,
    read: impl Fn(&str) -> Option<u32>,
) -> Option<(u32, usize)> {
    let first = tokens.get(at).filter(|t| t.kind == Kind::Word)?;
    if let Some(value) = read(first.text) {
        return Some((value, at + 1));
    }
    let second = tokens.get(at + 1).filter(|t| t.kind == Kind::Word)?;
    let short = first.text.len() + second.text.len() <= 9;
    let value = short.then(|| read(&format!("{}{}", first.text, second.text)))??;
    Some((value, at + 2))
}

/// Digits at token `at`, letters that OCR took for them put right (`l5`, `2O26`), with the token
/// after: runs without a gap of at most `most` digits, one of them read as such.
fn digits(tokens: &[Token<'_>], at: usize, most: usize) -> Option<(String, usize)> {
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
    let token = tokens.get(at)?;
    if matches!(token.text, "ler" | "premier") {
        return month_word(tokens.get(at + 1)?.text).map(|_| (1, at + 1));
    }
    let Some((day, after)) = digits(tokens, at, 2) else {
        // « le seize mai »
        let (day, next) = number_at(tokens, at).filter(|(day, _)| (2..=31).contains(day))?;
        return month_word(tokens.get(next)?.text).map(|_| (day, next));
    };
    let day = day.parse().ok().filter(|d| (1..=31).contains(d))?;
    let next = tokens.get(after);
    let at = after - 1;
    let ordinal = next
        .is_some_and(|t| t.text == "er" || (day == 1 && matches!(t.text, "*" | "°" | "e" | "'")));
    let hour = next.is_some_and(|t| {
        t.text.starts_with('h') && matches!(t.text, "h" | "heures" | "heure" | "hoo")
    });
    let unit = next.is_some_and(|t| {
        t.text == ","
            && tokens.get(at + 2).is_some_and(|n| n.kind == Kind::Number && n.text.len() > 2)
    });
    (!hour && !unit).then_some((day, at + 1 + usize::from(ordinal)))
}

fn weekday_word(word: &str) -> Option<u32> {
    weekday_number(word).or_else(|| (word == "dirnanche").then_some(6))
}

fn month_word(word: &str) -> Option<u32> {
    month_number(word).or(match word {
        "fevner" | "feyrier" | "fevrler" => Some(2),
        "avnl" | "avrll" => Some(4),
        "rnai" | "rnal" | "mal" => Some(5),
        "rnars" => Some(3),
        "jum" => Some(6),
        "juillct" | "juil1et" => Some(7),
        "aot" | "aout" => Some(8),
        _ => None,
    })
}

/// `/02/2025`, `.02.2025`, `-02-2025`; `/02` before a day that has the year.
fn numeric_rest(tokens: &[Token<'_>], at: usize) -> Option<(u32, Option<i32>, usize)> {
    let [a, month] = tokens.get(at..at + 2)? else { return None };
    let joined = matches!(a.text, "/" | "." | "-") && a.end == month.start;
    let number = month.value().filter(|m| joined && (1..=12).contains(m))?;
    if let Some([b, year]) = tokens.get(at + 2..at + 4)
        && b.text == a.text
        && let Some(value) = year.value()
    {
        let value = if year.text.len() == 2 { 2000 + value } else { value };
        return (1990..2100).contains(&value).then_some((number, Some(value as i32), at + 4));
    }
    let ends = tokens.get(at + 2).is_some_and(|t| matches!(t.text, "au" | "et" | "a" | ","));
    (a.text == "/" && month.text.len() == 2 && ends).then_some((number, None, at + 2))
}

/// `2025`, `2 025`, `20 24`; from the first year that ceremonies recall.
fn year_at(tokens: &[Token<'_>], at: usize) -> Option<(i32, usize)> {
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

/// An hour at token `at`, in minutes: `12h00`, `12 heures 30`, `12:00`, `minuit`, `midi`.
pub(crate) fn hour_at(tokens: &[Token<'_>], at: usize) -> Option<(u32, usize)> {
    let token = tokens.get(at)?;
    match token.text {
        "minuit" => return Some((1440, at + 1)),
        "midi" => return Some((720, at + 1)),
        _ => {}
    }
    let Some((hours, next)) = digits(tokens, at, 2) else {
        // « huit heures »
        let (hours, next) = number_at(tokens, at).filter(|(hours, _)| *hours <= 24)?;
        let unit = matches!(tokens.get(next)?.text, "heure" | "heures");
        return unit.then_some((hours * 60, next + 1));
    };
    let hours: u32 = hours.parse().ok().filter(|h| *h <= 24)?;
    let at = next - 1;
    let mark = tokens.get(next)?;
    match mark.text {
        "h" | "heures" | "heure" | "hrs" => {
            let minutes = tokens
                .get(at + 2)
                .filter(|t| t.text.len() == 2 && (mark.text == "h" || t.start <= mark.end + 1));
            match minutes.and_then(Token::value).filter(|m| *m < 60) {
                Some(minutes) => {
                    let unit = tokens.get(at + 3).is_some_and(|t| matches!(t.text, "min" | "mn"));
                    Some((hours * 60 + minutes, at + 3 + usize::from(unit)))
                }
                None => Some((hours * 60, at + 2)),
            }
        }
        // « 20hO0 »: the zeros that OCR took for letters.
        "hoo" | "ho" => {
            let rest = tokens.get(at + 2).filter(|t| t.text == "0" && t.start == mark.end);
            Some((hours * 60, at + 2 + usize::from(rest.is_some())))
        }
        ":" => {
            let minutes =
                tokens.get(at + 2).filter(|t| t.text.len() == 2 && t.start == mark.end)?;
            let minutes = minutes.value().filter(|m| *m < 60)?;
            Some((hours * 60 + minutes, at + 3))
        }
        _ => None,
    }
}
