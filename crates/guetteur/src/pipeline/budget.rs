//! How many pages this process may still recognise today.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};

/// A budget of OCR by day (UTC). A document that was begun is read to its end.
#[derive(Debug)]
pub(super) struct OcrBudget {
    /// Pages a day; 0 is no limit.
    per_day: u32,
    spent: Mutex<(NaiveDate, u32)>,
}

impl OcrBudget {
    pub(super) fn new(per_day: u32) -> Self {
        Self { per_day, spent: Mutex::new((NaiveDate::MIN, 0)) }
    }

    /// Notes pages that were recognised.
    pub(super) fn spend(&self, pages: u32, now: DateTime<Utc>) {
        let mut spent = self.spent.lock().unwrap_or_else(PoisonError::into_inner);
        if spent.0 != now.date_naive() {
            *spent = (now.date_naive(), 0);
        }
        spent.1 = spent.1.saturating_add(pages);
    }

    /// How long until there is budget again; `None` while there is.
    pub(super) fn exhausted(&self, now: DateTime<Utc>) -> Option<Duration> {
        let (day, pages) = *self.spent.lock().unwrap_or_else(PoisonError::into_inner);
        let today = now.date_naive();
        if self.per_day == 0 || day != today || pages < self.per_day {
            return None;
        }
        let tomorrow = (today + Days::new(1)).and_time(NaiveTime::MIN).and_utc();
        (tomorrow - now).to_std().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_s_pages() {
        let at = |text: &str| -> DateTime<Utc> { text.parse().expect("time") };
        let evening = at("2026-08-14T22:00:00Z");
        let budget = OcrBudget::new(100);
        assert_eq!(budget.exhausted(evening), None);
        budget.spend(99, evening);
        assert_eq!(budget.exhausted(evening), None);
        budget.spend(20, evening);
        assert_eq!(budget.exhausted(evening), Some(Duration::from_hours(2)));
        let tomorrow = at("2026-08-15T00:00:00Z");
        assert_eq!(budget.exhausted(tomorrow), None);
        budget.spend(1, tomorrow);
        assert_eq!(budget.exhausted(tomorrow), None, "yesterday's pages are forgotten");
        let none = OcrBudget::new(0);
        none.spend(1_000_000, evening);
        assert_eq!(none.exhausted(evening), None);
    }
}
