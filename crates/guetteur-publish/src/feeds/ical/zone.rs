//! Time zones as calendars carry them (`VTIMEZONE`, RFC 5545, 3.6.5): each change of the clocks in the
//! years that matter, with its day. No rule is told, so none can be wrong.

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, Offset, TimeDelta, TimeZone, Utc};
use chrono_tz::{OffsetComponents, OffsetName, Tz};

use super::Lines;

/// Years that are told at most: an act that is in force for longer is a slip of the pen.
const MOST_YEARS: i32 = 15;

/// Writes a zone as it is from a year before `first` to a year after `last`.
pub(super) fn write(out: &mut Lines, zone: Tz, first: NaiveDate, last: NaiveDate) {
    out.add("BEGIN", "VTIMEZONE");
    out.add("TZID", zone.name());
    let begin = midnight(first.year() - 1);
    let end = midnight(last.year().min(first.year() + MOST_YEARS) + 2);
    observance(out, zone, begin, begin);
    let mut before = begin;
    while before < end {
        let after = before + Days::new(1);
        if seconds(zone, before) != seconds(zone, after) {
            observance(out, zone, change(zone, before, after), before);
        }
        before = after;
    }
    out.add("END", "VTIMEZONE");
}

/// The clocks from `at` on; `before` is a time before they changed.
fn observance(out: &mut Lines, zone: Tz, at: DateTime<Utc>, before: DateTime<Utc>) {
    let offset = zone.offset_from_utc_datetime(&at.naive_utc());
    let kind = match offset.dst_offset().is_zero() {
        true => "STANDARD",
        false => "DAYLIGHT",
    };
    let from = seconds(zone, before);
    // The hour at which it begins is one of the clocks before the change.
    let begins = at.naive_utc() + TimeDelta::seconds(from.into());
    out.add("BEGIN", kind);
    out.add("DTSTART", &begins.format("%Y%m%dT%H%M%S").to_string());
    out.add("TZOFFSETFROM", &written(from));
    out.add("TZOFFSETTO", &written(seconds(zone, at)));
    if let Some(name) = offset.abbreviation() {
        out.add("TZNAME", name);
    }
    out.add("END", kind);
}

/// The first second at which the clocks between two times are those of the later one.
fn change(zone: Tz, mut before: DateTime<Utc>, mut after: DateTime<Utc>) -> DateTime<Utc> {
    let later = seconds(zone, after);
    while after - before > TimeDelta::seconds(1) {
        let middle = before + TimeDelta::seconds((after - before).num_seconds() / 2);
        match seconds(zone, middle) == later {
            true => after = middle,
            false => before = middle,
        }
    }
    after
}

fn midnight(year: i32) -> DateTime<Utc> {
    let day = NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or_default();
    day.and_time(NaiveTime::MIN).and_utc()
}

fn seconds(zone: Tz, at: DateTime<Utc>) -> i32 {
    zone.offset_from_utc_datetime(&at.naive_utc()).fix().local_minus_utc()
}

/// `+0200`.
fn written(seconds: i32) -> String {
    let (sign, minutes) = (if seconds < 0 { '-' } else { '+' }, seconds.abs() / 60);
    format!("{sign}{:02}{:02}", minutes / 60, minutes % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone(zone: Tz, first: &str, last: &str) -> String {
        let day = |text: &str| text.parse().expect("day");
        let mut out = Lines::default();
        write(&mut out, zone, day(first), day(last));
        out.into_text()
    }

    #[test]
    fn the_clocks_of_paris_change_twice_a_year() {
        let text = zone(chrono_tz::Europe::Paris, "2026-03-01", "2026-08-01");
        assert_eq!(text.matches("BEGIN:DAYLIGHT").count(), 3, "2025 to 2027: {text}");
        for expected in [
            "TZID:Europe/Paris\r\n",
            "BEGIN:DAYLIGHT\r\nDTSTART:20260329T020000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nTZNAME:CEST\r\n",
            "BEGIN:STANDARD\r\nDTSTART:20261025T030000\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nTZNAME:CET\r\n",
        ] {
            assert!(text.contains(expected), "no {expected} in {text}");
        }
    }

    #[test]
    fn overseas_clocks_do_not_change() {
        let text = zone(chrono_tz::America::Cayenne, "2026-03-01", "2036-08-01");
        assert_eq!(text.matches("BEGIN:STANDARD").count(), 1, "{text}");
        assert!(text.contains("TZOFFSETTO:-0300"), "{text}");
        // A year that nobody meant ends it.
        assert!(zone(chrono_tz::Europe::Paris, "2026-01-01", "9999-01-01").len() < 10_000);
    }
}
