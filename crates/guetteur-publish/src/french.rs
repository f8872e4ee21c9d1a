//! French as people write it: dates with their hour, durations in words, numbers, plurals.

use chrono::{DateTime, Datelike, Duration, FixedOffset, NaiveDate, Timelike, Utc};
use chrono_tz::{Europe::Paris, Tz};
use guetteur_model::dates::format_french_date;
use guetteur_model::{Purpose, When};

/// Narrow no-break space: between thousands, before `h`.
const THIN: char = '\u{202f}';
/// No-break space: between a number and its word.
const NBSP: char = '\u{a0}';

const WEEKDAYS: [&str; 7] =
    ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"];

/// `14 août 2026`.
#[must_use]
pub fn day(date: NaiveDate) -> String {
    format_french_date(date)
}

/// `samedi 22 février 2025`.
#[must_use]
pub fn weekday_and_day(date: NaiveDate) -> String {
    format!("{} {}", WEEKDAYS[date.weekday().num_days_from_monday() as usize], day(date))
}

fn hour(hour: u32, minute: u32) -> String {
    match (hour, minute) {
        (0, 0) => "minuit".to_owned(),
        (h, 0) => format!("{h}{THIN}h"),
        (h, m) => format!("{h}{THIN}h{THIN}{m:02}"),
    }
}

/// `samedi 22 février 2025 à 12 h`, `dimanche 23 février 2025` when the act names a day only.
#[must_use]
pub fn when(when: &When) -> String {
    match when {
        When::Day(date) => weekday_and_day(*date),
        When::Instant(at) => local_instant(*at),
    }
}

fn local_instant(at: DateTime<FixedOffset>) -> String {
    let date = at.date_naive();
    format!("{} à {}", weekday_and_day(date), hour(at.hour(), at.minute()))
}

/// `du samedi 22 février 2025 à 12 h au lundi 24 février 2025 à 8 h`, or what is known of it.
#[must_use]
pub fn period(from: Option<&When>, to: Option<&When>) -> Option<String> {
    match (from, to) {
        (Some(a), Some(b)) if a == b => Some(format!("le {}", when(a))),
        (Some(a), Some(b)) => Some(format!("du {} au {}", when(a), when(b))),
        (Some(a), None) => Some(format!("à partir du {}", when(a))),
        (None, Some(b)) => Some(format!("jusqu’au {}", when(b))),
        (None, None) => None,
    }
}

/// An instant on the clocks of `zone`: `14 août 2026 à 9 h 05`.
#[must_use]
pub fn instant_in(at: DateTime<Utc>, zone: Tz) -> String {
    let local = at.with_timezone(&zone);
    format!("{} à {}", day(local.date_naive()), hour(local.hour(), local.minute()))
}

/// An instant on the clocks of Paris, for what concerns the site itself.
#[must_use]
pub fn instant(at: DateTime<Utc>) -> String {
    instant_in(at, Paris)
}

/// The day it is in Paris.
#[must_use]
pub fn today(now: DateTime<Utc>) -> NaiveDate {
    now.with_timezone(&Paris).date_naive()
}

/// `1 234 567`, with narrow no-break spaces.
#[must_use]
pub fn number(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3 * 3);
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(THIN);
        }
        out.push(c);
    }
    out
}

/// `1 acte`, `12 340 actes`: French takes the plural from two.
#[must_use]
pub fn count(n: u64, one: &str, many: &str) -> String {
    format!("{}{NBSP}{}", number(n), if n >= 2 { many } else { one })
}

/// A length of time in words, rounded down to its largest unit: `3 heures`, `2 jours`.
#[must_use]
pub fn duration(length: Duration) -> String {
    let minutes = length.num_minutes().unsigned_abs();
    match minutes {
        0 => "moins d’une minute".to_owned(),
        1..60 => count(minutes, "minute", "minutes"),
        60..2_880 => count(minutes / 60, "heure", "heures"),
        2_880..86_400 => count(minutes / 1_440, "jour", "jours"),
        86_400..1_051_200 => count(minutes / 43_800, "mois", "mois"),
        _ => count(minutes / 525_600, "an", "ans"),
    }
}

/// `il y a 3 heures`; for the future, `dans 2 jours`.
#[must_use]
pub fn ago(now: DateTime<Utc>, then: DateTime<Utc>) -> String {
    let length = now - then;
    if length < Duration::zero() {
        format!("dans {}", duration(length))
    } else if length < Duration::minutes(1) {
        "à l’instant".to_owned()
    } else {
        format!("il y a {}", duration(length))
    }
}

/// What the notice means: hours from publication to the start of effect.
#[must_use]
pub fn notice(hours: f64) -> String {
    let length = Duration::minutes((hours.abs() * 60.0).round() as i64);
    if length < Duration::minutes(1) {
        "publié au moment où il prenait effet".to_owned()
    } else if hours < 0.0 {
        format!("publié {} après le début d’effet", duration(length))
    } else {
        format!("publié {} avant le début d’effet", duration(length))
    }
}

/// The words of the code de la sécurité intérieure, art. L. 242-5 I, shortened.
#[must_use]
pub fn purpose(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::PersonsAndProperty => "prévention des atteintes aux personnes et aux biens (1°)",
        Purpose::Gatherings => "sécurité des rassemblements sur la voie publique (2°)",
        Purpose::Terrorism => "prévention d’actes de terrorisme (3°)",
        Purpose::Traffic => "régulation des flux de transport (4°)",
        Purpose::Borders => "surveillance des frontières (5°)",
        Purpose::Rescue => "secours aux personnes (6°)",
    }
}

/// `2 autorisations sont en vigueur`: of what is known.
#[must_use]
pub fn authorisations_in_force(n: u64) -> String {
    match n {
        0 => "aucune autorisation connue n’est en vigueur".to_owned(),
        1 => format!("1{NBSP}autorisation est en vigueur"),
        many => format!("{} sont en vigueur", count(many, "", "autorisations")),
    }
}

/// The no-break spaces that French type asks for: before `: ; ! ?`, inside « », after `n°` and
/// between `L.` and its number.
#[must_use]
pub fn spaced(text: &str) -> String {
    let mut out = text.to_owned();
    for mark in [":", ";", "!", "?", "»"] {
        out = out.replace(&format!(" {mark}"), &format!("{NBSP}{mark}"));
    }
    for mark in ["«", "n°", "N°", " L.", " R."] {
        out = out.replace(&format!("{mark} "), &format!("{mark}{NBSP}"));
    }
    out
}

/// First letter in upper case.
#[must_use]
pub fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_hours() {
        let cases = [
            ("2025-02-22T12:00:00+01:00", "samedi 22 février 2025 à 12 h"),
            ("2025-02-24T08:30:00+01:00", "lundi 24 février 2025 à 8 h 30"),
            ("2026-05-01", "vendredi 1er mai 2026"),
            ("2026-05-02T00:00:00+02:00", "samedi 2 mai 2026 à minuit"),
        ];
        for (iso, expected) in cases {
            let got = when(&When::parse(iso).expect(iso)).replace(THIN, " ");
            assert_eq!(got, expected);
        }
    }

    #[test]
    fn instants_are_local() {
        let at = "2026-07-01T22:05:00Z".parse().expect("instant");
        assert_eq!(instant(at).replace(THIN, " "), "2 juillet 2026 à 0 h 05");
        assert_eq!(
            instant_in(at, chrono_tz::Indian::Reunion).replace(THIN, " "),
            "2 juillet 2026 à 2 h 05"
        );
    }

    #[test]
    fn numbers_and_plurals() {
        for (n, expected) in [(0, "0"), (999, "999"), (1000, "1 000"), (1_234_567, "1 234 567")] {
            assert_eq!(number(n).replace(THIN, " "), expected);
        }
        let say = |n| count(n, "acte", "actes").replace([THIN, NBSP], " ");
        assert_eq!(
            [say(0), say(1), say(2), say(1500)],
            ["0 acte", "1 acte", "2 actes", "1 500 actes"]
        );
    }

    #[test]
    fn notices() {
        let cases = [
            (36.0, "publié 36 heures avant le début d’effet"),
            (1.0, "publié 1 heure avant le début d’effet"),
            (0.5, "publié 30 minutes avant le début d’effet"),
            (-72.0, "publié 3 jours après le début d’effet"),
            (0.0, "publié au moment où il prenait effet"),
        ];
        for (hours, expected) in cases {
            assert_eq!(notice(hours).replace(NBSP, " "), expected);
        }
    }

    #[test]
    fn french_type() {
        let text =
            "Oui : « la loi n° 78-17 » ? Non ; voir l’art. L. 242-5 et https://a.example:80/";
        let shown = spaced(text).replace(NBSP, "~");
        assert_eq!(
            shown,
            "Oui~: «~la loi n°~78-17~»~? Non~; voir l’art. L.~242-5 et https://a.example:80/"
        );
    }

    #[test]
    fn periods() {
        let a = When::parse("2026-01-02");
        let b = When::parse("2026-01-03");
        assert_eq!(period(a.as_ref(), a.as_ref()).as_deref(), Some("le vendredi 2 janvier 2026"));
        assert_eq!(
            period(a.as_ref(), b.as_ref()).as_deref(),
            Some("du vendredi 2 janvier 2026 au samedi 3 janvier 2026")
        );
        assert_eq!(period(None, None), None);
    }
}
