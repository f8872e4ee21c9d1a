//! A day, or a day and an hour, as acts write them.

use std::ops::Range;

use chrono::{Datelike, NaiveDate};
use guetteur_model::dates::day::{WrittenDay, day_at as written_at, digits};

use super::super::number_words::number_at;
use super::super::tokens::Token;

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

    /// Whether it is the day after `day`, in the next month as well.
    pub(crate) fn follows(&self, day: &Self) -> bool {
        let of_one_month = day.month.is_none() || self.month.is_none() || day.month == self.month;
        if of_one_month {
            return self.day == day.day + 1;
        }
        // Without a year February has 28 days: « du 28 février au 1er mars ».
        let first = clamped(self.year.unwrap_or(2026), self.month.unwrap_or(1), self.day);
        let before = first.and_then(|first| first.pred_opt());
        before.is_some_and(|eve| (eve.day(), Some(eve.month())) == (day.day, day.month))
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
        let written = resolved.checked_sub_days(chrono::Days::new(u64::from(self.later)));
        written.is_some_and(|written| written.day() != self.day)
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

/// `year`; where no act can mean it, the year of `reference` or the next, when it differs by one
/// figure (2075 for 2025, as scans are read). A year gone by stays what it is: an old day is another
/// act's, and no day is moved into the future to fit.
fn plausible(year: i32, reference: i32) -> i32 {
    /// No measure is given for longer.
    const LONGEST: i32 = 12;
    if year - reference <= LONGEST {
        return year;
    }
    let figures = |year: i32| [year / 1000, year / 100 % 10, year / 10 % 10, year % 10];
    let differ =
        |near: &i32| figures(*near).iter().zip(figures(year)).filter(|(a, b)| *a != b).count() == 1;
    (reference..=reference + 1).find(differ).unwrap_or(year)
}

fn clamped(year: i32, month: u32, day: u32) -> Option<NaiveDate> {
    (day.saturating_sub(3)..=day).rev().find_map(|d| NaiveDate::from_ymd_opt(year, month, d))
}

/// A day at token `at`, without its hour, and the token after it: see [`guetteur_model::dates::day`].
pub(crate) fn day_at(tokens: &[Token<'_>], at: usize) -> Option<(Moment, usize)> {
    let (written, next) = written_at(tokens, at)?;
    let WrittenDay { day, month, year, weekday, range } = written;
    Some((Moment { day, month, year, weekday, minutes: None, later: 0, range }, next))
}

/// « vingt heures trente », « huit heures et quart »: the minutes that clocks are read to, since
/// other numbers may count what follows (« à huit heures deux drones »).
fn minutes_in_words(tokens: &[Token<'_>], at: usize) -> Option<(u32, usize)> {
    let text = |i: usize| tokens.get(i).map_or("", |t| t.text);
    match (text(at), text(at + 1)) {
        ("et", "demie" | "demi") => return Some((30, at + 2)),
        ("et", "quart") => return Some((15, at + 2)),
        (word, _) if word.starts_with(|c: char| c.is_ascii_digit()) => return None,
        _ => {}
    }
    let (minutes, next) = number_at(tokens, at)?;
    matches!(minutes, 15 | 30 | 45 | 59).then_some((minutes, next))
}

/// An hour at token `at`, in minutes: `12h00`, `12 heures 30`, `12:00`, `minuit`, `midi`,
/// `vingt heures trente`, `8 heures du soir`.
pub(crate) fn hour_at(tokens: &[Token<'_>], at: usize) -> Option<(u32, usize)> {
    const NOON: u32 = 720;
    let (minutes, next) = clock_at(tokens, at)?;
    let words = tokens.get(next..next + 2).map(|pair| (pair[0].text, pair[1].text));
    Some(match words {
        Some(("precise" | "precises" | "pile", _)) => (minutes, next + 1),
        Some(("du", "matin")) => (minutes, next + 2),
        Some(("du", "soir")) if minutes < NOON => (minutes + NOON, next + 2),
        Some(("du", "soir")) => (minutes, next + 2),
        _ => (minutes, next),
    })
}

fn clock_at(tokens: &[Token<'_>], at: usize) -> Option<(u32, usize)> {
    let token = tokens.get(at)?;
    match token.text {
        // « minuit trente » begins a day, « minuit » ends one.
        "minuit" => return Some(minutes_in_words(tokens, at + 1).unwrap_or((1440, at + 1))),
        "midi" => {
            let trailing = minutes_in_words(tokens, at + 1);
            return Some(trailing.map_or((720, at + 1), |(minutes, next)| (720 + minutes, next)));
        }
        "zero" => {
            let unit = matches!(tokens.get(at + 1)?.text, "heure" | "heures");
            return unit.then_some((0, at + 2));
        }
        _ => {}
    }
    let Some((hours, next)) = digits(tokens, at, 2) else {
        // « huit heures »
        let (hours, next) = number_at(tokens, at).filter(|(hours, _)| *hours <= 24)?;
        let unit = matches!(tokens.get(next)?.text, "heure" | "heures");
        let (minutes, next) = minutes_in_words(tokens, next + 1).unwrap_or((0, next + 1));
        return unit.then_some((hours * 60 + minutes, next));
    };
    let hours: u32 = hours.parse().ok().filter(|h| *h <= 24)?;
    let at = next - 1;
    let mark = tokens.get(next)?;
    match mark.text {
        "h" | "heures" | "heure" | "hrs" => {
            let at = at + 2 + usize::from(is_abbreviated(tokens, at + 1));
            let minutes = tokens
                .get(at)
                .filter(|t| t.text.len() == 2 && (mark.text == "h" || t.start <= mark.end + 1));
            match minutes.and_then(Token::value).filter(|m| *m < 60) {
                Some(minutes) => {
                    let unit = tokens.get(at + 1).is_some_and(|t| matches!(t.text, "min" | "mn"));
                    Some((hours * 60 + minutes, at + 1 + usize::from(unit)))
                }
                None => Some((hours * 60, at)),
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

/// « 9 h. 30 », « de 9 h. à 12 h. »: whether the « h » at `at` has a stop that ends no sentence.
fn is_abbreviated(tokens: &[Token<'_>], at: usize) -> bool {
    let Some([mark, stop, next]) = tokens.get(at..at + 3) else { return false };
    let stopped = mark.text == "h" && stop.text == "." && stop.start == mark.end;
    let minutes = next.text.len() == 2 && next.value().is_some();
    stopped && (minutes || matches!(next.text, "a" | "et" | "jusqu" | "-" | "," | ")"))
}
