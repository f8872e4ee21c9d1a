//! The hour at which a bulletin was put on line: what its file and its server say of it, and when we had
//! it. Sites publish a day alone; these hours bound it, by clocks that are not ours.

use chrono::{DateTime, Days, FixedOffset, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use guetteur_model::{Facts, FileTime, When};
use guetteur_store::Sighting;
use serde::Serialize;

use crate::french;

/// How far from its day of publication a time may lie to say something of it: an older file was made
/// long before, a younger time comes from a move of the site.
const DAYS_BEFORE: u64 = 3;
/// Likewise, after it.
const DAYS_AFTER: u64 = 8;
/// A server that says that a file was modified as it is asked for it says nothing.
const JUST_NOW: TimeDelta = TimeDelta::minutes(10);

/// What is known of the hour of publication. Bounds are indications: they rest on the clocks of whoever
/// made the file and of the server.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct ProofOfHour {
    /// When the PDF says that it was created.
    pub pdf_created: Option<FileTime>,
    /// When the PDF says that it was last modified.
    pub pdf_modified: Option<FileTime>,
    /// `Last-Modified` of the server.
    pub last_modified: Option<DateTime<Utc>>,
    /// Put on line at that time or later; none where nothing says so.
    pub not_before: Option<DateTime<Utc>>,
    /// Put on line by then: we had it. None where that was long after its day.
    pub not_after: Option<DateTime<Utc>>,
    /// At most so many hours lay between publication and effect…
    pub notice_at_most: Option<f64>,
    /// … and at least so many; negative: after it began.
    pub notice_at_least: Option<f64>,
}

impl ProofOfHour {
    /// Of an act of a bulletin of `published_on`, with the clocks of `zone`.
    #[must_use]
    pub fn of(
        sighting: &Sighting,
        facts: &Facts,
        published_on: Option<NaiveDate>,
        zone: Tz,
    ) -> Self {
        let last_modified = sighting
            .last_modified
            .as_deref()
            .and_then(|text| DateTime::parse_from_rfc2822(text).ok())
            .map(|at| at.to_utc());
        let seen = sighting.first_fetched_at;
        let near = |at: &DateTime<Utc>| {
            published_on.is_some_and(|day| {
                let on = at.with_timezone(&zone).date_naive();
                day.checked_sub_days(Days::new(DAYS_BEFORE)).is_some_and(|first| first <= on)
                    && day.checked_add_days(Days::new(DAYS_AFTER)).is_some_and(|last| on <= last)
            })
        };
        // Another PDF was on line before this one: its hours say nothing of the first.
        let bounds = !sighting.replaces;
        let file = sighting.file.modified.or(sighting.file.created);
        let file = file.map(|time| time.earliest(zone)).filter(|at| *at <= seen);
        let server = last_modified.filter(|at| *at + JUST_NOW <= seen);
        let not_before = file.into_iter().chain(server).filter(near).max().filter(|_| bounds);
        let not_after = Some(seen).filter(|at| bounds && near(at));
        let start = facts.valid_from.as_ref().and_then(|from| instant(from, zone));
        let hours = |at: DateTime<Utc>| Some(tenth((start? - at).num_minutes()));
        Self {
            pdf_created: sighting.file.created,
            pdf_modified: sighting.file.modified,
            last_modified,
            not_before,
            not_after,
            notice_at_most: not_before.and_then(hours),
            notice_at_least: not_after.and_then(hours),
        }
    }

    /// The bounds in a sentence: « Publié au plus tôt le … à …, au plus tard le … à … ».
    #[must_use]
    pub fn sentence(&self, zone: Tz) -> Option<String> {
        let at = |at: DateTime<Utc>| format!("le {}", french::instant_in(at, zone));
        let published = match (self.not_before, self.not_after) {
            (Some(first), Some(last)) => {
                format!("Publié au plus tôt {}, au plus tard {}", at(first), at(last))
            }
            (Some(first), None) => format!("Publié au plus tôt {}", at(first)),
            (None, Some(last)) => format!("Publié au plus tard {}", at(last)),
            (None, None) => return None,
        };
        let notice = match (self.notice_at_most, self.notice_at_least) {
            (Some(most), _) if most < 0.0 => " : après le début de son effet".to_owned(),
            (Some(most), Some(least)) if least >= 0.0 => {
                format!(" : de {} à {} avant son effet", number(least), hours(most))
            }
            (Some(most), _) => format!(" : {} au plus avant son effet", hours(most)),
            (None, Some(least)) if least >= 0.0 => {
                format!(" : {} au moins avant son effet", hours(least))
            }
            _ => String::new(),
        };
        Some(format!("{published}{notice}."))
    }
}

/// A time of a file on the clocks of `zone`, or as it stands there.
#[must_use]
pub fn file_time(time: FileTime, zone: Tz) -> String {
    match time.offset {
        Some(_) => french::instant_in(time.earliest(zone), zone),
        None => {
            let shown = french::instant_in(time.local.and_utc(), Tz::UTC);
            format!("{shown}, sans fuseau horaire")
        }
    }
}

/// A day begins at midnight.
fn instant(when: &When, zone: Tz) -> Option<DateTime<Utc>> {
    match when {
        When::Instant(at) => Some(DateTime::<FixedOffset>::to_utc(at)),
        When::Day(day) => {
            zone.from_local_datetime(&day.and_time(NaiveTime::MIN)).earliest().map(|at| at.to_utc())
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "minutes of some days")]
fn tenth(minutes: i64) -> f64 {
    (minutes as f64 / 6.0).round() / 10.0
}

fn number(hours: f64) -> String {
    hours.to_string().replace('.', ",")
}

fn hours(value: f64) -> String {
    format!("{}\u{a0}{}", number(value), if value < 2.0 { "heure" } else { "heures" })
}

#[cfg(test)]
mod tests {
    use chrono_tz::Europe::Paris;
    use guetteur_model::FileTimes;

    use super::*;

    fn proof(
        modified: Option<&str>,
        server: Option<&str>,
        seen: &str,
        replaces: bool,
    ) -> ProofOfHour {
        let sighting = Sighting {
            file: FileTimes {
                created: None,
                modified: modified.map(|text| text.parse().expect("a time")),
            },
            last_modified: server.map(str::to_owned),
            first_fetched_at: seen.parse().expect("an instant"),
            replaces,
        };
        let facts =
            Facts { valid_from: When::parse("2026-08-14T00:00:00+02:00"), ..Facts::default() };
        let day = "2026-08-13".parse().ok();
        ProofOfHour::of(&sighting, &facts, day, Paris)
    }

    fn told(proof: &ProofOfHour) -> String {
        proof.sentence(Paris).unwrap_or_default().replace(['\u{a0}', '\u{202f}'], " ")
    }

    #[test]
    fn the_hour_lies_between_the_file_and_the_first_sight() {
        let both = proof(
            Some("2026-08-13T17:02:00+02:00"),
            Some("Thu, 13 Aug 2026 15:20:00 GMT"),
            "2026-08-13T16:10:00Z",
            false,
        );
        assert_eq!(
            told(&both),
            "Publié au plus tôt le 13 août 2026 à 17 h 20, au plus tard le 13 août 2026 à 18 h 10 : \
             de 5,8 à 6,7 heures avant son effet."
        );
        assert_eq!((both.notice_at_most, both.notice_at_least), (Some(6.7), Some(5.8)));
        let file = proof(Some("2026-08-13T17:02:00+02:00"), None, "2026-08-14T05:00:00Z", false);
        assert!(told(&file).ends_with(": 7 heures au plus avant son effet."), "{}", told(&file));
        let late = proof(Some("2026-08-14T09:30:00+02:00"), None, "2026-08-14T09:00:00Z", false);
        assert!(told(&late).ends_with(": après le début de son effet."), "{}", told(&late));
    }

    #[test]
    fn what_says_nothing_bounds_nothing() {
        let seen = "2026-08-13T16:10:00Z";
        // Made after we had it; a server that answers with the present; years before; another PDF.
        let cases = [
            proof(Some("2026-08-13T19:00:00+02:00"), None, seen, false),
            proof(None, Some("Thu, 13 Aug 2026 16:09:00 GMT"), seen, false),
            proof(Some("2023-01-01T10:00:00+01:00"), None, seen, false),
            proof(Some("2026-08-13T17:02:00+02:00"), None, seen, true),
            proof(None, Some("hier"), seen, false),
        ];
        for (nth, case) in cases.iter().enumerate() {
            assert_eq!(case.not_before, None, "{nth}");
        }
        assert_eq!(cases[3].not_after, None, "another PDF was on line before");
        // Found years later: it bounds nothing either.
        let back_fill = proof(None, None, "2028-01-01T00:00:00Z", false);
        assert_eq!(back_fill.sentence(Paris), None);
    }
}
