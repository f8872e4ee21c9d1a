//! What a subscription is called, and when it is due.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use chrono::{DateTime, Datelike, Days, NaiveTime, TimeDelta, Utc, Weekday};
use chrono_tz::Europe::Paris;
use guetteur_communes::{Around, Epci, communes};
use guetteur_store::Frequency;

use crate::address::{Filters, Moment};
use crate::catalogue::Catalogue;
use crate::french;

/// Letters that tell acts at once are at least so far apart: a bulletin of forty acts read piece by
/// piece is one or two letters.
pub const BETWEEN_LETTERS: TimeDelta = TimeDelta::minutes(10);

/// Hours for which a link to all subscriptions of an address is good.
pub const LINK_HOURS: i64 = 24;

/// Characters of a note to oneself.
pub const LONGEST_NOTE: usize = 200;

/// How often, in words.
#[must_use]
pub fn frequency_label(frequency: Frequency) -> &'static str {
    match frequency {
        Frequency::Immediate => "dès qu’un acte paraît",
        Frequency::Daily => "une fois par jour",
        Frequency::Weekly => "une fois par semaine, le lundi",
    }
}

/// When a subscription that was just told is next looked at; digests come at `hour` in Paris.
#[must_use]
pub fn next_due(frequency: Frequency, hour: u32, now: DateTime<Utc>) -> DateTime<Utc> {
    match frequency {
        Frequency::Immediate => now + BETWEEN_LETTERS,
        Frequency::Daily => next_morning(hour, now, |_| true),
        Frequency::Weekly => next_morning(hour, now, |day| day == Weekday::Mon),
    }
}

/// When a subscription that was just confirmed is first looked at.
#[must_use]
pub fn first_due(frequency: Frequency, hour: u32, now: DateTime<Utc>) -> DateTime<Utc> {
    match frequency {
        Frequency::Immediate => now,
        digest => next_due(digest, hour, now),
    }
}

/// The next `hour` o'clock in Paris, after `now`, of a day that suits.
fn next_morning(hour: u32, now: DateTime<Utc>, suits: impl Fn(Weekday) -> bool) -> DateTime<Utc> {
    let at = NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or_default();
    let today = now.with_timezone(&Paris).date_naive();
    (0..=8)
        .filter_map(|days| today.checked_add_days(Days::new(days)))
        .filter(|day| suits(day.weekday()))
        // At two o'clock of the night when clocks go forward there is no such time: the day after.
        .filter_map(|day| day.and_time(at).and_local_timezone(Paris).earliest())
        .map(|at| at.to_utc())
        .find(|at| *at > now)
        .unwrap_or(now + TimeDelta::days(1))
}

/// When the last whole week ended: at `hour` in Paris of the last Monday, at `now` at the latest.
#[must_use]
pub fn week_end(hour: u32, now: DateTime<Utc>) -> DateTime<Utc> {
    let monday = |after| next_morning(hour, after, |day| day == Weekday::Mon);
    // Eight days back there is one at least, whatever the clocks did.
    let first = monday(now - TimeDelta::days(8));
    let second = monday(first);
    if second <= now { second } else { first }
}

/// A secret for a link: 192 bits, in 48 characters that every mail program leaves in one piece.
#[must_use]
pub fn secret() -> String {
    let mut bytes = [0_u8; 24];
    // Without chance there are no secrets: better no answer than one that can be guessed.
    getrandom::fill(&mut bytes).expect("the system gives random bytes");
    hex::encode(bytes)
}

/// What a webhook's messages are signed with, as <https://www.standardwebhooks.com> writes it: `whsec_`
/// and 32 random bytes in base64.
#[must_use]
pub fn webhook_secret() -> String {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).expect("the system gives random bytes");
    format!("whsec_{}", BASE64_STANDARD.encode(bytes))
}

/// What the commune of an INSEE code, today's or a former one, is called today, told from its namesakes.
#[must_use]
pub fn commune_name(insee: &str) -> String {
    let known = communes().record(insee).or_else(|| communes().today(insee));
    known.map_or_else(|| insee.to_owned(), |commune| commune.distinct_name())
}

/// A list in words: `Drones et hélicoptères, Préfecture de l’Hérault`.
#[must_use]
pub fn describe(catalogue: &Catalogue, filters: &Filters) -> String {
    let mut parts = Vec::new();
    if !filters.q.is_empty() {
        parts.push(format!("« {} »", filters.q));
    }
    parts.extend(filters.categories.iter().map(|category| category.label().to_owned()));
    parts.extend(filters.levels.iter().map(|level| level.label().to_owned()));
    if filters.every_level {
        parts.push("tous les niveaux".to_owned());
    }
    parts.extend(filters.prefectures.iter().map(|code| catalogue.publisher(code).name));
    parts.extend(filters.regions.iter().map(|region| region.name.to_owned()));
    parts.extend(filters.communes.iter().map(|insee| commune_name(insee)));
    parts.extend(filters.epcis.iter().map(Epci::name));
    parts.extend(filters.around.iter().map(Around::label));
    parts.extend(filters.beneficiaries.iter().cloned());
    parts.extend(filters.purposes.iter().map(|purpose| french::purpose(*purpose).to_owned()));
    if filters.any_doubt {
        parts.push("avec un doute de droit".to_owned());
    }
    parts.extend(filters.doubts.iter().map(|kind| kind.label().to_owned()));
    parts.extend(filters.years.iter().map(ToString::to_string));
    let moments = Moment::ALL.iter().filter(|(moment, ..)| filters.moments.contains(moment));
    parts.extend(moments.map(|(.., label)| (*label).to_owned()));
    parts.extend(filters.from.map(|day| format!("publié depuis le {}", french::day(day))));
    parts.extend(filters.to.map(|day| format!("publié jusqu’au {}", french::day(day))));
    if parts.is_empty() { "toutes les préfectures".to_owned() } else { parts.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_come_in_the_morning_of_paris() {
        use Frequency::{Daily, Immediate, Weekly};
        let cases = [
            // A Friday noon in summer; 7 o'clock is 5 UTC.
            (Daily, "2026-08-14T10:00:00Z", "2026-08-15T05:00:00Z"),
            (Weekly, "2026-08-14T10:00:00Z", "2026-08-17T05:00:00Z"),
            (Immediate, "2026-08-14T10:00:00Z", "2026-08-14T10:10:00Z"),
            // Before and at the hour.
            (Daily, "2026-08-14T04:59:59Z", "2026-08-14T05:00:00Z"),
            (Daily, "2026-08-14T05:00:00Z", "2026-08-15T05:00:00Z"),
            (Weekly, "2026-08-17T05:00:00Z", "2026-08-24T05:00:00Z"),
            // The clocks change on 25 October 2026.
            (Daily, "2026-10-24T12:00:00Z", "2026-10-25T06:00:00Z"),
        ];
        for (frequency, now, expected) in cases {
            let due = next_due(frequency, 7, now.parse().expect("time"));
            assert_eq!(
                due,
                expected.parse::<DateTime<Utc>>().expect("time"),
                "{frequency:?} {now}"
            );
        }
        let now = "2026-03-28T12:00:00Z".parse().expect("time");
        let skipped = next_due(Daily, 2, now);
        assert_eq!(skipped.to_rfc3339(), "2026-03-30T00:00:00+00:00", "no such hour on the 29th");
    }

    #[test]
    fn weeks_end_on_monday_morning() {
        for (now, expected) in [
            ("2026-08-17T05:00:00Z", "2026-08-17T05:00:00Z"),
            ("2026-08-17T04:59:59Z", "2026-08-10T05:00:00Z"),
            ("2026-08-14T10:00:00Z", "2026-08-10T05:00:00Z"),
            ("2026-08-23T23:00:00Z", "2026-08-17T05:00:00Z"),
            // The clocks change on 25 October 2026 and 28 March 2027.
            ("2026-10-26T05:59:59Z", "2026-10-19T05:00:00Z"),
            ("2026-10-26T06:00:00Z", "2026-10-26T06:00:00Z"),
            ("2027-03-29T05:00:00Z", "2027-03-29T05:00:00Z"),
            ("2027-03-29T04:59:59Z", "2027-03-22T06:00:00Z"),
        ] {
            let end = week_end(7, now.parse().expect("time"));
            assert_eq!(end, expected.parse::<DateTime<Utc>>().expect("time"), "{now}");
        }
    }

    #[test]
    fn secrets_differ() {
        let (one, two) = (secret(), secret());
        assert_ne!(one, two);
        assert!(one.len() == 48 && one.chars().all(|c| c.is_ascii_hexdigit()), "{one}");
    }
}
