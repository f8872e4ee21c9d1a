//! Hours from publication to the start of effect.

use chrono::{DateTime, FixedOffset, NaiveDate, TimeZone};
use chrono_tz::Tz;
use guetteur_model::{Facts, When};

use super::Reading;

/// Nobody publishes an order to film months before or after it begins: such a notice comes of a day
/// read wrongly, or of a bulletin that has another day.
const LONGEST_DAYS: i64 = 62;

/// Sites and covers give the day of publication only: it counts from 00:00, local time, and so
/// does a start of effect without an hour. The notice is thus the longest that can have been. None
/// is given where the days contradict each other, or where it would be months: a doubt says so.
pub(crate) fn set(reading: &Reading<'_>, facts: &mut Facts) {
    let (Some(published), Some(from)) = (reading.context.published_on, facts.valid_from) else {
        return;
    };
    let zone = reading.context.timezone;
    let start = match from {
        When::Day(day) => local(zone, day, 0),
        When::Instant(at) => Some(at),
    };
    let (Some(start), Some(published_at)) = (start, local(zone, published, 0)) else { return };
    let signed_later = reading.act.signed_on.is_some_and(|signed| signed > published);
    let backwards = facts.valid_to.is_some_and(|to| to.date() < from.date());
    let days = (from.date() - published).num_days();
    if days.abs() > LONGEST_DAYS {
        let side = if days < 0 { "après" } else { "avant" };
        let days = days.abs();
        facts.doubts.push(format!("publié {days} jours {side} le début"));
    } else if !signed_later && !backwards {
        facts.notice_hours = Some((start - published_at).num_minutes() as f64 / 60.0);
    }
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
