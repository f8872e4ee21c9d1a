//! Weeks and week-ends named by a day of theirs.

use chrono::Datelike;

use super::super::{Reading, tail};
use super::period::Found;
use super::resolve::resolve;
use crate::parts::pattern;

pattern!(WEEK_END, r"\b(?:week|fin)s?[- ](?:end|de semaine)s? (?:prolonges? )?$");
pattern!(WEEK, r"\bsemaine $");

/// Bytes before a day in which its week is named.
const BEFORE: usize = 40;
/// Friday, from Monday = 0.
const FRIDAY: u32 = 4;

/// « le week-end du 7 mars », « les week-ends du 7 et du 14 », « la semaine du 9 mars »: the last of
/// the days named stands for the rest of its week.
pub(super) fn complete(reading: &Reading<'_>, part: usize, mut found: Found) -> Found {
    let before = reading.slice(&(reading.said()[part].range.start..found.range.start));
    let before = tail(before, BEFORE);
    let week = !found.is_range() && WEEK.is_match(before);
    let hours = |found: &Found| found.from.as_ref().is_some_and(|from| from.minutes.is_some());
    if hours(&found) || !week && !WEEK_END.is_match(before) {
        return found;
    }
    let (_, last) = resolve(reading, &found);
    let weekday = last.map(|last| last.day.weekday().num_days_from_monday());
    if let (Some(to), Some(weekday)) = (&mut found.to, weekday)
        && (week || weekday >= FRIDAY)
    {
        to.later += 6 - weekday;
    }
    found
}
