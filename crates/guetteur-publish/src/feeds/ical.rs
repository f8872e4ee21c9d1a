//! iCalendar (RFC 5545) of the periods in force: one event an act that says when it takes effect.
//!
//! Whether it takes place is in `STATUS`. What was never borne out by the act itself is no event once
//! it is taken back: its dates are those of something else.

mod zone;

use std::collections::BTreeMap;
use std::fmt::Write;

use chrono::{Days, NaiveDate};
use chrono_tz::Tz;
use guetteur_model::When;

use super::Feed;
use crate::followed::Followed;
use crate::published::PublishedAct;
use crate::site::Site;
use crate::state::{self, Planned};

/// Octets of a line, its end apart (RFC 5545, 3.1).
const MAX_OCTETS: usize = 75;

/// Writes the periods of acts as a calendar under the title of `feed`.
#[must_use]
pub fn to_ical(feed: &Feed, site: &Site, told: &Followed) -> String {
    let mut out = Lines::default();
    out.add("BEGIN", "VCALENDAR");
    out.add("VERSION", "2.0");
    out.add("PRODID", "-//Guetteur//Guetteur//FR");
    out.add("CALSCALE", "GREGORIAN");
    out.add("METHOD", "PUBLISH");
    out.text("NAME", &feed.title);
    out.text("X-WR-CALNAME", &feed.title);
    out.text("X-WR-CALDESC", &feed.about);
    out.add("REFRESH-INTERVAL;VALUE=DURATION", "PT1H");
    for (zone, first, last) in zones(told).into_values() {
        zone::write(&mut out, zone, first, last);
    }
    for act in &told.acts {
        event(&mut out, site, act, act.state().planned());
    }
    // What was in the calendar and is of it no more.
    for act in told.former.iter().filter(|act| act.was_confirmed()) {
        event(&mut out, site, act, Planned::No);
    }
    out.add("END", "VCALENDAR");
    out.text
}

/// The zones in which events have hours, by name, with the days of their first and last.
fn zones(told: &Followed) -> BTreeMap<&'static str, (Tz, NaiveDate, NaiveDate)> {
    let mut zones = BTreeMap::new();
    for act in told.all() {
        let (zone, facts) = (act.prefecture.zone, &act.facts);
        if !matches!(facts.valid_from, Some(When::Instant(_))) {
            continue;
        }
        let days = [&facts.valid_from, &facts.valid_to].into_iter().flatten().map(When::date);
        for day in days {
            let (_, first, last) = zones.entry(zone.name()).or_insert((zone, day, day));
            (*first, *last) = (day.min(*first), day.max(*last));
        }
    }
    zones
}

fn event(out: &mut Lines, site: &Site, act: &PublishedAct, planned: Planned) {
    let Some(start) = &act.facts.valid_from else { return };
    out.add("BEGIN", "VEVENT");
    out.text("UID", &format!("acte-{}@{}", act.id, site.host()));
    out.add("DTSTAMP", &act.updated_at.format("%Y%m%dT%H%M%SZ").to_string());
    out.add("CREATED", &act.first_seen_at.format("%Y%m%dT%H%M%SZ").to_string());
    out.add("LAST-MODIFIED", &act.updated_at.format("%Y%m%dT%H%M%SZ").to_string());
    out.add("SEQUENCE", &act.sequence().to_string());
    out.add("STATUS", planned.as_str());
    period(out, act.prefecture.zone, start, act.facts.valid_to.as_ref());
    let label = act.categories().first().map(|(category, _)| category.label().to_owned());
    let summary = match label {
        Some(label) => format!("{label} – {} – {}", act.prefecture.name, act.title),
        None => format!("{} – {}", act.prefecture.name, act.title),
    };
    let mark = act.state().mark().map(|mark| format!("[{mark}] ")).unwrap_or_default();
    let summary = format!("{mark}{summary}");
    out.text("SUMMARY", &summary);
    out.text("DESCRIPTION", &description(site, act));
    let communes: Vec<&str> = act.facts.communes.iter().map(|c| c.name.as_str()).collect();
    match &act.facts.place {
        Some(place) => out.text("LOCATION", place),
        None if !communes.is_empty() => out.text("LOCATION", &communes.join(", ")),
        None => {}
    }
    out.add("URL", &site.absolute(&act.path()));
    let categories: Vec<&str> = act.categories().iter().map(|(c, _)| c.as_str()).collect();
    if !categories.is_empty() {
        out.add("CATEGORIES", &categories.join(","));
    }
    out.add("TRANSP", "TRANSPARENT");
    if planned != Planned::No {
        reminder(out, start, &summary);
    }
    out.add("END", "VEVENT");
}

/// Acts come out on the eve, so a reminder must be near their start: three hours before it, and at six
/// in the evening before a day without hours.
fn reminder(out: &mut Lines, start: &When, summary: &str) {
    let trigger = match start {
        When::Instant(_) => "-PT3H",
        When::Day(_) => "-PT6H",
    };
    out.add("BEGIN", "VALARM");
    out.add("ACTION", "DISPLAY");
    out.text("DESCRIPTION", summary);
    out.add("TRIGGER", trigger);
    out.add("END", "VALARM");
}

/// Start and end must be of one type: when the act gives only one hour, days are used for both.
/// Hours are those of the publisher's clocks.
fn period(out: &mut Lines, zone: Tz, from: &When, to: Option<&When>) {
    let mut at = |name: &str, time: &chrono::DateTime<chrono::FixedOffset>| {
        let local = time.with_timezone(&zone).format("%Y%m%dT%H%M%S").to_string();
        out.add(&format!("{name};TZID={}", zone.name()), &local);
    };
    match (from, to) {
        (When::Instant(a), Some(When::Instant(b))) if b > a => {
            at("DTSTART", a);
            at("DTEND", b);
        }
        (When::Instant(a), None) => at("DTSTART", a),
        _ => {
            let last = to.map_or(from.date(), When::date).max(from.date());
            out.add("DTSTART;VALUE=DATE", &from.date().format("%Y%m%d").to_string());
            if let Some(after) = last.checked_add_days(Days::new(1)) {
                out.add("DTEND;VALUE=DATE", &after.format("%Y%m%d").to_string());
            }
        }
    }
}

fn description(site: &Site, act: &PublishedAct) -> String {
    let mut text = act.title.clone();
    if let Some(note) = state::note(act) {
        let _ = write!(text, "\n{note}");
    }
    for row in crate::facts::rows(act) {
        let _ = write!(text, "\n{} : {}", row.label, row.value);
    }
    if let Some(span) = act.lead_evidence() {
        let _ = write!(text, "\n« {} » (page {})", span.text, span.page);
    }
    let _ = write!(text, "\n{}", site.absolute(&act.path()));
    text
}

/// Content lines, folded.
#[derive(Default)]
pub(crate) struct Lines {
    text: String,
}

impl Lines {
    /// A property whose value is text: escaped.
    pub(crate) fn text(&mut self, name: &str, value: &str) {
        let mut escaped = String::with_capacity(value.len());
        for c in value.replace("\r\n", "\n").chars() {
            match c {
                '\\' | ';' | ',' => escaped.extend(['\\', c]),
                '\n' => escaped.push_str("\\n"),
                c if c.is_control() => {}
                c => escaped.push(c),
            }
        }
        self.add(name, &escaped);
    }

    /// All of them.
    pub(crate) fn into_text(self) -> String {
        self.text
    }

    /// A property as it stands, folded so that no line passes 75 octets and no character is cut.
    pub(crate) fn add(&mut self, name: &str, value: &str) {
        let mut octets = 0;
        for c in name.chars().chain([':']).chain(value.chars().filter(|c| !c.is_control())) {
            if octets + c.len_utf8() > MAX_OCTETS {
                self.text.push_str("\r\n ");
                octets = 1;
            }
            self.text.push(c);
            octets += c.len_utf8();
        }
        self.text.push_str("\r\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unfolded(text: &str) -> String {
        text.replace("\r\n ", "")
    }

    #[test]
    fn lines_fold_between_characters() {
        let mut lines = Lines::default();
        let value = "é".repeat(100);
        lines.add("SUMMARY", &value);
        for line in lines.text.split("\r\n") {
            assert!(line.len() <= MAX_OCTETS, "{} octets", line.len());
        }
        assert_eq!(unfolded(&lines.text), format!("SUMMARY:{value}\r\n"));
    }

    #[test]
    fn text_is_escaped() {
        let mut lines = Lines::default();
        lines.text("SUMMARY", "a;b,c\\d\r\nEND:VEVENT\u{7}");
        assert_eq!(lines.text, "SUMMARY:a\\;b\\,c\\\\d\\nEND:VEVENT\r\n");
    }

    #[test]
    fn periods_have_one_type() {
        let when = |iso| When::parse(iso).expect("when");
        let show = |from, to: Option<When>| {
            let mut lines = Lines::default();
            period(&mut lines, chrono_tz::Europe::Paris, from, to.as_ref());
            lines.text.trim_end().replace("\r\n", " ")
        };
        let noon = when("2025-02-22T12:00:00+01:00");
        let monday = when("2025-02-24T08:00:00+01:00");
        let day = when("2025-02-24");
        assert_eq!(
            show(&noon, Some(monday)),
            "DTSTART;TZID=Europe/Paris:20250222T120000 DTEND;TZID=Europe/Paris:20250224T080000"
        );
        assert_eq!(show(&noon, Some(day)), "DTSTART;VALUE=DATE:20250222 DTEND;VALUE=DATE:20250225");
        assert_eq!(show(&day, None), "DTSTART;VALUE=DATE:20250224 DTEND;VALUE=DATE:20250225");
        // An end before the start is a doubt of the act, not of the calendar.
        assert_eq!(
            show(&monday, Some(noon)),
            "DTSTART;VALUE=DATE:20250224 DTEND;VALUE=DATE:20250225"
        );
    }
}
