//! What a bulletin's labels say of it: its day, its number, its series.
//!
//! A prefecture writes them in the link's text, beside it, in an attribute, in a heading or only in
//! the file's name, and rarely twice in the same way. Everything here is pure and works on text.

mod settle;

use std::sync::LazyLock;

use chrono::{Datelike, NaiveDate};
use guetteur_model::dates::{DateMatch, find_dates, month_number, plausible_publication};
use regex::Regex;

pub(crate) use self::settle::{Witnesses, in_year_of_page, settle};
use crate::period::Period;
use crate::words::{pattern, plain};

/// The days written in [`plain`] text. `n°1 août 2026` is a number and a month, not a day.
pub(crate) fn days(text: &str) -> Vec<DateMatch> {
    static NUMBERED: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?:\bn|\bno|\bnum|\bnumero|n°)\s*[-.:]?\s*$"));
    // Of the same length: places stay what they are.
    let text = text.replace(" 1° ", " 1er ");
    let mut found = find_dates(&text);
    found.extend(short_days(&text));
    found.sort_by_key(|day| day.start);
    found
        .into_iter()
        .filter(|found| {
            let by_name = text[found.start..found.end].bytes().any(|b| b.is_ascii_alphabetic());
            !(by_name && NUMBERED.is_match(&text[..found.start]))
        })
        .collect()
}

/// `14/08/26`, `14-08-26`: a day, a month and the year's last digits, with nothing glued to them.
fn short_days(text: &str) -> impl Iterator<Item = DateMatch> {
    static SHORT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?:^|[^0-9a-z/.°-])(\d{1,2})[/.-](\d{1,2})[/.-]([123]\d)(?:[^0-9/.-]|[/.-]\D|[/.-]?$)",
        )
    });
    SHORT.captures_iter(text).filter_map(|captures| {
        let (day, year) = (captures.get(1)?, captures.get(3)?);
        let year_of_century: i32 = year.as_str().parse().ok()?;
        let date = NaiveDate::from_ymd_opt(
            2000 + year_of_century,
            captures[2].parse().ok()?,
            day.as_str().parse().ok()?,
        )?;
        Some(DateMatch { date, start: day.start(), end: year.end() })
    })
}

/// `2 janvier`, where the year is the page's.
static DAY_AND_MONTH: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?:^|[^\d])(\d{1,2})(?:er)?[ -]+([a-z]{3,9})\b(?:[ -]+(\d{4}))?"));

/// The day of a title: the first one that the page does not contradict.
///
/// A title may carry a day that is not the bulletin's (`août 2026 … fermeture du 3 septembre
/// 2026`): it is refused when it falls outside the page's month or the month that the title names.
pub(crate) fn title_day(title: &str, page: Option<&Period>, today: NaiveDate) -> Option<NaiveDate> {
    let text = plain(title);
    let full = days(&text).into_iter().find(|found| {
        plausible_publication(found.date, today)
            && page.is_none_or(|period| period.allows(found.date))
            && !contradicts_month(&text[..found.start], found.date)
    });
    if let Some(found) = full {
        return Some(found.date);
    }
    let year = page.and_then(Period::year)?;
    DAY_AND_MONTH.captures_iter(&text).find_map(|captures| {
        if captures.get(3).is_some() || is_numbered(&text, captures.get(1)?.start()) {
            return None;
        }
        let month = month_number(&captures[2])?;
        NaiveDate::from_ymd_opt(year, month, captures[1].parse().ok()?)
    })
}

fn is_numbered(text: &str, at: usize) -> bool {
    static NUMBERED: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?:\bn|\bno|numero|n°)\s*[-.:]?\s*$"));
    NUMBERED.is_match(&text[..at])
}

/// Whether the words before a day already name another month: `août 2026 … 3 septembre 2026`.
fn contradicts_month(before: &str, day: NaiveDate) -> bool {
    static MONTH_AND_YEAR: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"\b([a-z]{3,9})[ -](20\d\d)\b"));
    MONTH_AND_YEAR.captures_iter(before).any(|captures| {
        month_number(&captures[1])
            .is_some_and(|month| captures[2].parse() != Ok(day.year()) || month != day.month())
    })
}

/// The day in what stands beside a link: `PDF - 0,52 Mb - 13/08/2026`, `Publié le 03/08/2026`.
pub(crate) fn detail_day(detail: &str, today: NaiveDate) -> Option<NaiveDate> {
    static AFTER_SIZE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?:\d\s*(?:[kmgt]?o|[kmgt]b|octets?)|publiee? le|mise? en ligne(?: le)?|ajoutee? le|deposee? le|parue? le|date de publication)\W{0,5}(?:lundi |mardi |mercredi |jeudi |vendredi |samedi |dimanche )?(\d{1,2}.{1,14}\d{4})",
        )
    });
    let text = plain(detail);
    AFTER_SIZE
        .captures_iter(&text)
        .find_map(|captures| days(&captures[1]).first().map(|found| found.date))
        .filter(|day| plausible_publication(*day, today))
}

/// The day in a file's name.
pub(crate) fn file_day(file: &str, page: Option<&Period>, today: NaiveDate) -> Option<NaiveDate> {
    let text = plain(file);
    days(&text).into_iter().map(|found| found.date).find(|day| {
        plausible_publication(*day, today) && page.is_none_or(|period| period.allows(*day))
    })
}

/// Code, year and rank (`26-2026-264`, `32.2026.135`, `18-2026-08-017`), or rank, year and code.
static FULL_NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:^|[^0-9a-z])((?:r?\d{1,3}|2[ab])[-._](?:19|20)\d\d[-._](?:\d{2}[-._])?\d{2,5})(?:[^0-9]|$)",
    )
});
/// Code, day and rank: `40-2026-08-14-00071`.
static DATED_NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?:^|[^0-9a-z])((?:\d{1,3}|2[ab])-20\d\d-\d\d-\d\d-\d{3,6})(?:[^0-9]|$)")
});
/// After `n°`, `numéro`, or the `n` of a slug.
static MARKED_NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:\bn\s?°|\bnumeros?|\bno|\bnum|\bn|[a-z]°)\s*[-.:]?\s*(\d+(?:[-./]\d+)*)(?:[ -]?(bis|ter|quater)\b)?",
    )
});
/// After the bulletin's name: `RAA 155`, `recueil-2026-002`, `spécial 3`.
static NAMED_NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(?:raa[a-z]{0,2}|recueils?|special|speciaux|normal|nominatifs?|administratifs|rs)[ -]*(\d+(?:[-./]\d+)*)\b",
    )
});
static LEADING_NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"^(?:\d{4}-\d\d-\d\d[- ])?((?:20\d\d[-/])?\d{1,4}(?:-20\d\d)?)(?:[ -]|$)")
});
static TRAILING_NUMBER: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b20\d{6}[ -](\d{1,5})$"));

/// Whether the text carries a number in the form that only bulletins have.
pub(crate) fn has_full_number(text: &str) -> bool {
    let text = text.to_lowercase();
    FULL_NUMBER.is_match(&text) || DATED_NUMBER.is_match(&text)
}

/// Whether the text numbers something: `n° 12`, `numéro 101`, `RAA 155`.
pub(crate) fn numbers_something(text: &str) -> bool {
    let blanked = without_days(text);
    MARKED_NUMBER.is_match(&blanked)
        || NAMED_NUMBER.captures_iter(&blanked).any(|captures| !is_year_or_month(&captures[1]))
}

/// Whether the text names a day, with or without its year.
pub(crate) fn names_a_day(text: &str) -> bool {
    !days(text).is_empty()
        || DAY_AND_MONTH.captures_iter(text).any(|captures| {
            month_number(&captures[2]).is_some()
                && captures.get(1).is_some_and(|day| !is_numbered(text, day.start()))
        })
}

/// Days are blanked, so that `RAA 14-08-2026` and `RAA 12 août` have no number.
fn without_days(text: &str) -> String {
    let mut blanked = text.to_owned();
    for found in days(text) {
        blanked.replace_range(found.start..found.end, &"@".repeat(found.end - found.start));
    }
    for captures in DAY_AND_MONTH.captures_iter(text) {
        let (Some(day), true) = (captures.get(1), month_number(&captures[2]).is_some()) else {
            continue;
        };
        if !is_numbered(text, day.start()) {
            blanked.replace_range(day.start()..day.end(), &"@".repeat(day.len()));
        }
    }
    blanked
}

/// The number among a bulletin's labels (title first, file name last), as the prefecture writes it.
///
/// The yearly number (`24-2026-081`) wins over a number within the month, wherever it stands: gaps
/// in the sequence are found with it.
pub(crate) fn number(labels: &[&str], file: &str) -> Option<String> {
    let all = || labels.iter().copied().chain(std::iter::once(file));
    all()
        .find_map(|text| {
            let text = text.to_lowercase();
            first_group(&FULL_NUMBER, &DATED_NUMBER.replace_all(&text, "@"))
        })
        .or_else(|| labels.iter().find_map(|text| plain_number(text)))
        .or_else(|| all().find_map(|text| first_group(&DATED_NUMBER, &text.to_lowercase())))
        .or_else(|| plain_number(file))
        .map(|number| number.to_uppercase())
}

fn first_group(regex: &Regex, text: &str) -> Option<String> {
    regex.captures(text).map(|captures| captures[1].to_owned())
}

/// A number without code and year, in one label.
fn plain_number(text: &str) -> Option<String> {
    let text = DATED_NUMBER.replace_all(&plain(text), "@").into_owned();
    if let Some(trailing) = first_group(&TRAILING_NUMBER, &text) {
        return Some(trailing);
    }
    let leading_after_day = text
        .get(..11)
        .filter(|start| start.ends_with('-') && days(start).len() == 1)
        .and_then(|_| first_group(&LEADING_NUMBER, &text));
    let blanked = without_days(&text);
    if let Some(captures) = MARKED_NUMBER.captures(&blanked) {
        let suffix = captures.get(2).map_or(String::new(), |m| format!(" {}", m.as_str()));
        return Some(format!("{}{suffix}", &captures[1]));
    }
    leading_after_day
        .or_else(|| {
            NAMED_NUMBER
                .captures_iter(&blanked)
                .map(|captures| captures[1].to_owned())
                .find(|number| !is_year_or_month(number))
        })
        .or_else(|| {
            first_group(&LEADING_NUMBER, &blanked).filter(|number| !is_year_or_month(number))
        })
}

/// `2026` and `2026-08` date a bulletin; they do not number it.
fn is_year_or_month(number: &str) -> bool {
    let year = |text: &str| text.len() == 4 && (text.starts_with("19") || text.starts_with("20"));
    match number.split_once(['-', '/', '.']) {
        None => year(number),
        Some((a, b)) => {
            year(a) && b.len() == 2 && b.parse().is_ok_and(|month: u32| (1..=12).contains(&month))
        }
    }
}

/// The series among a bulletin's labels: `special`, `nominatif`, `normal`, then `bis` or
/// `partie 2` where they apply. `None` is the ordinary one.
pub(crate) fn series(labels: &[&str], file: &str) -> Option<String> {
    static PART: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"\b(partie|tome|volume|fascicule)[ -]*n?°?[ -]*(\d{1,2}|[ivx]{1,4})\b")
    });
    static AGAIN: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?:\b|\d)(bis|ter|quater)\b"));
    let texts: Vec<String> =
        labels.iter().copied().chain(std::iter::once(file)).map(plain).collect();
    let has = |words: &[&str]| {
        texts.iter().any(|text| crate::words::tokens(text).any(|token| words.contains(&token)))
    };
    let mut parts = Vec::new();
    if has(&["nominatif", "nominatifs", "nominative", "nominatives"]) {
        parts.push("nominatif".to_owned());
    } else if has(&["special", "speciaux", "speciale", "speciales", "raas", "rs"]) {
        parts.push("special".to_owned());
    } else if has(&["normal", "normaux"]) {
        parts.push("normal".to_owned());
    }
    if let Some(again) = texts.iter().find_map(|text| first_group(&AGAIN, text)) {
        parts.push(again);
    }
    if let Some(captures) = texts.iter().find_map(|text| PART.captures(text)) {
        parts.push(format!("{} {}", &captures[1], &captures[2]));
    }
    (!parts.is_empty()).then(|| parts.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("day")
    }

    #[test]
    fn numbers() {
        // title, other label, file, number
        let cases = [
            ("RAA SPECIAL N°26-2026-264 du 14/08/2026", "", "", Some("26-2026-264")),
            ("32.2026.135", "", "recueil-32-2026-135-recueil", Some("32.2026.135")),
            (
                "Recueil n°211 du 14 août 2026 - Partie 2",
                "",
                "2026-08-14-211_Recueil_n°211",
                Some("211"),
            ),
            (
                "RAA normal n°1 du 05 aout 2026",
                "",
                "recueil-24-2026-081 RAA normal n°1",
                Some("24-2026-081"),
            ),
            ("RAA SPECIAL N° 01_AOÛT 2026", "", "RAA SPECIAL N° 01_AOÛT 2026", Some("01")),
            ("Recueil 277-2026-06", "", "", Some("277-2026-06")),
            ("recueil-18-2026-08-017-recueil", "", "", Some("18-2026-08-017")),
            (
                "recueil-40-2026-08-14-00071-recueil.pdf",
                "RAAS n°73 du 14 août",
                "recueil-40-2026-08-14-00071",
                Some("73"),
            ),
            (
                "Recueil du 12 août 2026",
                "",
                "recueil-37-2026-08-12-00085-recueil",
                Some("37-2026-08-12-00085"),
            ),
            ("RAA_etat74_20260820_380", "", "", Some("380")),
            ("RAA_92_20260820_560", "", "", Some("560")),
            ("RAAE n° 157 du 21 août 2026", "", "", Some("157")),
            ("Numéro 101 du 14 août 2026", "", "", Some("101")),
            ("164-RAA spécial du 18 août 2026", "", "164-RAA-49-2026-164", Some("49-2026-164")),
            ("RAA 33 SPECIAL N° 2026-243", "", "", Some("2026-243")),
            ("RAA n°2 spécial du 3 août 2026", "", "recueil-2026-002-recueil", Some("2")),
            ("Le document", "", "recueil-2026-002-recueil-des-actes", Some("2026-002")),
            (
                "Recueil des actes administratifs 2026-169 (publié le 21/08/2026).",
                "",
                "",
                Some("2026-169"),
            ),
            ("2026-08 spécial 3", "", "", Some("3")),
            ("155", "", "", Some("155")),
            ("2026-41", "", "3", Some("2026-41")),
            ("155 du 12 mars 2026", "", "", Some("155")),
            ("RAA n°12 bis du 3 mai 2026", "", "", Some("12 BIS")),
            ("RAA du 18 août 2026", "", "raa-du-18-aout-2026", None),
            ("RAA 14-08-2026", "", "", None),
            ("RAA août 2026", "", "", None),
            ("RAA du 14-08-26", "", "", None),
            ("Recueil spécial du 12 août", "", "", None),
            ("Recueil 2026", "", "", None),
            ("RAA_special_n°2_août_2026_DDFIP82", "", "RAA_special_n2_aout_2026", Some("2")),
            ("RS 04-2026-228", "", "", Some("04-2026-228")),
            ("RAA N°142 du 20 aout 2026", "", "recueil-2B-2026-142-x", Some("2B-2026-142")),
            ("RAA 12 du 4 mars 2026", "", "", Some("12")),
        ];
        for (title, other, file, expected) in cases {
            assert_eq!(number(&[title, other], file).as_deref(), expected, "{title} | {file}");
        }
    }

    #[test]
    fn the_series() {
        let cases = [
            ("RAA SPECIAL N°26", "", Some("special")),
            ("RAAS n°73", "", Some("special")),
            ("RS 04-2026-228", "", Some("special")),
            ("recueil-30-2026-177-nominatifs", "", Some("nominatif")),
            ("RAA Spécial (nominatifs) 70-2026-158", "", Some("nominatif")),
            ("RAA normal n°1", "", Some("normal")),
            ("recueil-13-2026-249-special-bis", "", Some("special bis")),
            ("Recueil n°211 - Partie 2", "", Some("partie 2")),
            ("Le document", "recueil-special-tome-II", Some("special tome ii")),
            ("RAA n°12", "recueil-12", None),
        ];
        for (title, file, expected) in cases {
            assert_eq!(series(&[title], file).as_deref(), expected, "{title}");
        }
    }

    #[test]
    fn title_days() {
        let august = Period::month(2026, 8);
        let year = Period::whole_year(2026);
        let today = day("2026-08-22");
        let cases = [
            ("RAA du 13 août 2026", Some(&august), Some("2026-08-13")),
            ("RAA_special_n°1_août_2026_ap", Some(&august), None),
            ("RAA SPECIAL N° 01_AOÛT 2026", Some(&august), None),
            ("RAA_special_n°2_août_2026_fermeture du 3 septembre 2026", Some(&august), None),
            ("RAA_special_n°2_août_2026_fermeture du 3 septembre 2026", Some(&year), None),
            ("RAAS n°73 du 14 août", Some(&year), Some("2026-08-14")),
            ("RAAS n°73 du 14 août", None, None),
            ("RAA N°130 du 18, 19 et 20 août 2026", None, Some("2026-08-20")),
            ("RAA du 20.08.2026", None, Some("2026-08-20")),
            ("RAA du 3 mai 2031", None, None),
            ("RAA du 14/08/26", None, Some("2026-08-14")),
            ("RAA spécial 14-08-26 DDTM", Some(&august), Some("2026-08-14")),
            ("RAA du 1° août 2026", None, Some("2026-08-01")),
            ("RAA n° 12-08-26-001", None, None),
            ("RAA n°1 14 août 2026", None, Some("2026-08-14")),
        ];
        for (title, page, expected) in cases {
            assert_eq!(title_day(title, page, today), expected.map(day), "{title}");
        }
    }

    #[test]
    fn other_days() {
        let today = day("2026-08-22");
        let cases = [
            ("PDF - 0,52 Mb - 13/08/2026", Some("2026-08-13")),
            ("format pdf - 0,20 Mb - 13/08/2026", Some("2026-08-13")),
            ("Publié le 03/08/2026", Some("2026-08-03")),
            ("PDF - 8 487,18 ko", None),
            ("Mis à jour le 14/08/2026", None),
            ("Publié le vendredi 14 août 2026", Some("2026-08-14")),
            ("Date de mise en ligne : 14/08/2026", Some("2026-08-14")),
        ];
        for (detail, expected) in cases {
            assert_eq!(detail_day(detail, today), expected.map(day), "{detail}");
        }
        assert_eq!(file_day("recueil-38-2026-08-12-00311", None, today), Some(day("2026-08-12")));
        assert_eq!(file_day("recueil-18-2026-08-017", None, today), None);
    }

    proptest::proptest! {
        #[test]
        fn never_panics(title in "\\PC{0,40}|[n°0-9 aout_/.-]{0,30}|RAA[ n°0-9a-zé_/-]{0,30}", file in "[a-z0-9._ -]{0,30}") {
            let today = day("2026-08-22");
            number(&[&title], &file);
            series(&[&title], &file);
            title_day(&title, Some(&Period::whole_year(2026)), today);
            detail_day(&title, today);
            file_day(&title, None, today);
        }
    }
}
