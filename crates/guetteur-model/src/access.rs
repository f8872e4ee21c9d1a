//! How a source may be asked: at which hours, by which way.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

/// Hours of the day at which a source may be asked, on its own clock: `7-21`, `22-6`, `6-8,20-23`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Hours(Vec<(u32, u32)>);

/// What is wrong with the text of [`Hours`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("« {0} » : attendu des heures de 0 à 24, comme 7-21, 22-6 ou 6-8,20-23")]
pub struct HoursError(String);

impl FromStr for Hours {
    type Err = HoursError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let span = |part: &str| {
            let (from, to) = part.split_once('-')?;
            let (from, to): (u32, u32) = (from.trim().parse().ok()?, to.trim().parse().ok()?);
            (from < 24 && to <= 24 && from != to).then_some((from, to))
        };
        let spans: Option<Vec<_>> = text.split(',').map(span).collect();
        spans.map(Self).ok_or_else(|| HoursError(text.to_owned()))
    }
}

impl TryFrom<String> for Hours {
    type Error = HoursError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Hours> for String {
    fn from(hours: Hours) -> Self {
        hours.to_string()
    }
}

impl fmt::Display for Hours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let spans: Vec<_> = self.0.iter().map(|(from, to)| format!("{from}-{to}")).collect();
        f.write_str(&spans.join(","))
    }
}

impl Hours {
    /// How long from `now` until the source may be asked; `None` when it may be asked now.
    #[must_use]
    pub fn closed_for(&self, now: DateTime<Utc>, timezone: Tz) -> Option<TimeDelta> {
        let local = now.with_timezone(&timezone).naive_local();
        if self.0.iter().any(|span| holds(*span, local.time())) {
            return None;
        }
        self.0.iter().map(|(from, _)| next_at(local, *from) - local).min()
    }
}

fn holds((from, to): (u32, u32), time: NaiveTime) -> bool {
    let hour = chrono::Timelike::hour(&time);
    if from < to { (from..to).contains(&hour) } else { hour >= from || hour < to }
}

/// The next time at which the clock shows this full hour.
fn next_at(local: NaiveDateTime, hour: u32) -> NaiveDateTime {
    let on = |day: NaiveDate| day.and_hms_opt(hour, 0, 0).unwrap_or(local);
    let today = on(local.date());
    if today > local { today } else { on(local.date() + chrono::Days::new(1)) }
}

/// How a source may be asked. The default: at any hour, straight, without a browser.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Access {
    /// When; `None`: at any hour.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<Hours>,
    /// HTTP or SOCKS5 proxy, `socks5h://127.0.0.1:9050` for Tor. It may hold a password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proxy: Option<String>,
    /// Pages only come to a browser that runs their scripts.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub browser: bool,
}

/// Without the proxy's address: it may hold a password.
impl fmt::Debug for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Access")
            .field("hours", &self.hours)
            .field("proxy", &self.proxy.as_ref().map(|_| "…"))
            .field("browser", &self.browser)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_the_source_s_own() {
        let cases = [
            ("7-21", "2026-08-14T10:00:00Z", chrono_tz::Europe::Paris, None),
            // 6 h in Paris in summer, 5 h in winter.
            ("7-21", "2026-08-14T04:00:00Z", chrono_tz::Europe::Paris, Some(60)),
            ("7-21", "2026-12-14T04:00:00Z", chrono_tz::Europe::Paris, Some(120)),
            // 8 h in Saint-Denis.
            ("7-21", "2026-08-14T04:00:00Z", chrono_tz::Indian::Reunion, None),
            ("7-21", "2026-08-14T19:30:00Z", chrono_tz::Europe::Paris, Some(9 * 60 + 30)),
            ("22-6", "2026-08-14T21:00:00Z", chrono_tz::Europe::Paris, None),
            ("22-6", "2026-08-14T01:00:00Z", chrono_tz::Europe::Paris, None),
            ("22-6", "2026-08-14T10:00:00Z", chrono_tz::Europe::Paris, Some(600)),
            ("6-8,20-23", "2026-08-14T10:00:00Z", chrono_tz::Europe::Paris, Some(480)),
            ("0-24", "2026-08-14T22:00:00Z", chrono_tz::Europe::Paris, None),
        ];
        for (hours, now, timezone, minutes) in cases {
            let hours: Hours = hours.parse().expect(hours);
            let wait = hours.closed_for(now.parse().expect("time"), timezone);
            assert_eq!(wait, minutes.map(TimeDelta::minutes), "{hours} at {now}");
            assert_eq!(hours.to_string().parse(), Ok(hours));
        }
        for bad in ["", "7", "7-25", "24-3", "8-8", "sept-neuf", "7-9,", "-1-3"] {
            assert!(bad.parse::<Hours>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_password_is_not_shown() {
        let proxy = Some("http://moi:secret@127.0.0.1:3128".to_owned());
        let shown = format!("{:?}", Access { proxy, ..Access::default() });
        assert!(!shown.contains("secret"), "{shown}");
    }
}
