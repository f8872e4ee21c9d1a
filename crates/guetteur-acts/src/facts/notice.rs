//! Hours from publication to the start of effect.

use chrono::{DateTime, FixedOffset, NaiveDate, TimeZone};
use chrono_tz::Tz;
use guetteur_model::{Facts, When};

use super::Reading;

/// Sites and covers give the day of publication only: it counts from 00:00, local time, and so
/// does a start of effect without an hour. The notice is thus the longest that can have been.
pub(crate) fn set(reading: &Reading<'_>, facts: &mut Facts, from: Option<When>) {
    let (Some(published), Some(from)) = (reading.context.published_on, from) else {
        return;
    };
    let zone = reading.context.timezone;
    let start = match from {
        When::Day(day) => local(zone, day, 0),
        When::Instant(at) => Some(at),
    };
    let (Some(start), Some(published)) = (start, local(zone, published, 0)) else { return };
    facts.notice_hours = Some((start - published).num_minutes() as f64 / 60.0);
}

/// Minute `minutes` of a local day, which may run past its end (24h00). An hour that the change of
/// clocks leaves out is read an hour later.
pub(crate) fn local(zone: Tz, day: NaiveDate, minutes: u32) -> Option<DateTime<FixedOffset>> {
    let days = minutes / (24 * 60);
    let naive = day.checked_add_days(chrono::Days::new(u64::from(days)))?.and_hms_opt(
        minutes % (24 * 60) / 60,
        minutes % 60,
        0,
    )?;
    let at = zone
        .from_local_datetime(&naive)
        .earliest()
        .or_else(|| zone.from_local_datetime(&(naive + chrono::TimeDelta::hours(1))).earliest())?;
    Some(at.fixed_offset())
}
