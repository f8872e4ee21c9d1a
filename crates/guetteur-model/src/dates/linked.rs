//! Dates as links and file names have them.

use chrono::NaiveDate;

use super::tokens::{Kind, Token};
use super::{FIRST_YEAR, month_number};

/// `20260814`, `2026-08-14`, `14_08_2026`, `14 08 2026`, `14-aout-2026`, `14 août de 2026` at token
/// `at`, with the token after.
pub(super) fn date_at(text: &str, tokens: &[Token<'_>], at: usize) -> Option<(NaiveDate, usize)> {
    let first = tokens.get(at).filter(|t| t.kind == Kind::Number)?;
    let parts = Parts { text, tokens };
    match first.text.len() {
        8 => {
            let digits = first.text;
            let date = ymd(&digits[..4], &digits[4..6], &digits[6..])
                .or_else(|| ymd(&digits[4..], &digits[2..4], &digits[..2]))?;
            Some((date, at + 1))
        }
        4 => {
            let (month, sign) = parts.number_after(at, 2)?;
            let (day, next_sign) = parts.number_after(month, 2)?;
            let date = ymd(first.text, tokens[month].text, tokens[day].text)?;
            (sign == next_sign).then_some((date, day + 1))
        }
        1 | 2 => parts.named_month(at).or_else(|| {
            let (month, sign) = parts.number_after(at, 2)?;
            let (year, next_sign) = parts.number_after(month, 4)?;
            let date = ymd(tokens[year].text, tokens[month].text, first.text)?;
            (sign == next_sign && tokens[year].text.len() == 4).then_some((date, year + 1))
        }),
        _ => None,
    }
}

struct Parts<'t, 'a> {
    text: &'a str,
    tokens: &'t [Token<'a>],
}

impl<'a> Parts<'_, 'a> {
    /// Where the next word or number stands, and what separates it from token `at`.
    fn after(&self, at: usize) -> Option<(usize, &'a str)> {
        let next = (at + 1..self.tokens.len()).find(|&i| self.tokens[i].kind != Kind::Mark)?;
        Some((next, self.text.get(self.tokens[at].end..self.tokens[next].start)?))
    }

    /// The next number, of at most `most` digits, behind one separator.
    fn number_after(&self, at: usize, most: usize) -> Option<(usize, &'a str)> {
        let (next, sign) = self.after(at)?;
        let token = &self.tokens[next];
        let fits = token.kind == Kind::Number && token.text.len() <= most;
        (fits && matches!(sign, "/" | "-" | "_" | "." | " ")).then_some((next, sign))
    }

    fn named_month(&self, at: usize) -> Option<(NaiveDate, usize)> {
        let spaced = |sign: &str| {
            sign.len() <= 3 && sign.bytes().all(|b| matches!(b, b' ' | b'-' | b'_' | b'.'))
        };
        let (mut month, mut sign) = self.after(at)?;
        if sign.is_empty() && matches!(self.tokens[month].text, "er" | "e") {
            (month, sign) = self.after(month)?;
        }
        let number = month_number(self.tokens[month].text).filter(|_| spaced(sign))?;
        let (mut year, mut sign) = self.after(month)?;
        if matches!(self.tokens[year].text, "de" | "d") {
            (year, sign) = self.after(year)?;
        }
        let value = year_of(self.tokens[year].text).filter(|_| spaced(sign))?;
        let day = self.tokens[at].text.parse().ok()?;
        Some((NaiveDate::from_ymd_opt(value, number, day)?, year + 1))
    }
}

fn year_of(text: &str) -> Option<i32> {
    let year = text.parse().ok().filter(|_| text.len() == 4)?;
    (FIRST_YEAR..2100).contains(&year).then_some(year)
}

fn ymd(year: &str, month: &str, day: &str) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(year_of(year)?, month.parse().ok()?, day.parse().ok()?)
}
