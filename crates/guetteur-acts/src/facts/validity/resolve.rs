//! From what is written to days of the calendar.

use chrono::{Months, NaiveDate};

use super::super::Reading;
use super::moment::Moment;
use super::period::{Found, Length, Origin};

/// A day with its minute, made certain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Resolved {
    pub day: NaiveDate,
    /// From 00:00 of the day; 1440 and more are the next day.
    pub minutes: Option<u32>,
}

impl Resolved {
    fn of((moment, day): (&Moment, NaiveDate)) -> Self {
        Self { day, minutes: moment.minutes }
    }
}

/// Start and end; `None` for what the act leaves open, and for a day that its month lacks: only an
/// end (« jusqu'au 31 avril ») is read as the month's last.
pub(super) fn resolve(
    reading: &Reading<'_>,
    found: &Found,
) -> (Option<Resolved>, Option<Resolved>) {
    let reference = reading.reference_day();
    let to_day = found.to.as_ref().and_then(|m| m.day(reference));
    let from_day = found.from.as_ref().and_then(|m| match &found.to {
        Some(to) => m.day_before(to, to_day, reference),
        None => m.day(reference),
    });
    let missing = |moment: &Option<Moment>, day: Option<NaiveDate>| {
        moment.as_ref().zip(day).is_some_and(|(moment, day)| moment.is_impossible(day))
    };
    let from_missing = missing(&found.from, from_day);
    let from_day = from_day.filter(|_| !from_missing);
    let to_day = to_day.filter(|_| !(from_missing && found.is_one_day()));
    let from = found.from.as_ref().zip(from_day).map(Resolved::of).or_else(|| {
        if from_missing {
            return None;
        }
        let day = match found.origin {
            Some(Origin::Publication) => reading.context.published_on,
            Some(Origin::Signature) => reference,
            None if found.length.is_some() => reading.act.signed_on,
            None => None,
        };
        day.map(|day| Resolved { day, minutes: None })
    });
    let to = found.to.as_ref().zip(to_day).map(Resolved::of);
    let to = to.or_else(|| add(from.as_ref()?, found.length?));
    (from, to)
}

fn add(from: &Resolved, length: Length) -> Option<Resolved> {
    let day = match length {
        Length::Hours(hours) => {
            let minutes = from.minutes? + hours * 60;
            let day = from.day.checked_add_days(chrono::Days::new(u64::from(minutes / 1440)))?;
            return Some(Resolved { day, minutes: Some(minutes % 1440) });
        }
        Length::Days(days) => from.day.checked_add_days(chrono::Days::new(u64::from(days)))?,
        Length::Months(months) => from.day.checked_add_months(Months::new(months))?,
    };
    Some(Resolved { day, minutes: from.minutes })
}
