//! How many pages may still be recognised today, on this database.

use std::time::Duration;

use chrono::{DateTime, Days, NaiveTime, Utc};
use guetteur_store::{OcrRank, Store, StoreError};

/// A budget of OCR by day (UTC), shared by all processes on one database.
#[derive(Debug, Clone, Copy)]
pub(super) struct OcrBudget {
    /// Pages a day; 0 is no limit.
    per_day: u32,
}

impl OcrBudget {
    pub(super) fn new(per_day: u32) -> Self {
        Self { per_day }
    }

    /// Counts one more page, or says how long until there is budget again.
    pub(super) async fn take(
        self,
        store: &Store,
        rank: OcrRank,
        now: DateTime<Utc>,
    ) -> Result<Option<Duration>, StoreError> {
        let taken = store.take_ocr_page(now.date_naive(), self.most(rank)).await?;
        Ok(if taken { None } else { Some(until_tomorrow(now)) })
    }

    /// A quarter of the day is kept for pages that someone waits for, whenever they come.
    fn most(self, rank: OcrRank) -> Option<u32> {
        let kept = if rank == OcrRank::Rest { self.per_day / 4 } else { 0 };
        (self.per_day > 0).then_some(self.per_day - kept)
    }
}

fn until_tomorrow(now: DateTime<Utc>) -> Duration {
    let tomorrow = (now.date_naive() + Days::new(1)).and_time(NaiveTime::MIN).and_utc();
    (tomorrow - now).to_std().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_is_kept_for_what_is_awaited() {
        let cases = [(0, None, None), (1, Some(1), Some(1)), (100, Some(100), Some(75))];
        for (per_day, urgent, rest) in cases {
            let budget = OcrBudget::new(per_day);
            let most = (budget.most(OcrRank::Urgent), budget.most(OcrRank::Rest));
            assert_eq!(most, (urgent, rest), "{per_day}");
        }
    }

    #[test]
    fn the_day_ends_at_midnight() {
        let evening: DateTime<Utc> = "2026-08-14T22:00:00Z".parse().expect("time");
        assert_eq!(until_tomorrow(evening), Duration::from_hours(2));
    }
}
