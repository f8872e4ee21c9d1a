//! Act numbers: those the bulletin gives, and the act's own.

use chrono::{Datelike, NaiveDate};
use guetteur_model::furniture::{FOOTER_HYPHENS, footer_number};
use regex::Regex;

use super::page::Line;
use crate::parts::pattern;

// `26-2025-02-19-00002`, `D77-…`, `R03-…`, `2A-…`, `8-2024-…`, without prefix (Nord), 3 to 5
// digits at the end; « 26 2025 02 19 00002 ».
pattern!(
    LEADING,
    r"^(?:[^a-z0-9]{0,4})(?:acte (?:publiable )?(?:n ?[°o] ?)?)?((?:(?:[dr]?\d{1,3}|2[ab]) ?- ?)?20\d\d ?- ?\d\d ?- ?\d\d ?- ?\d{3,5}|(?:\d{1,3}|2[ab]) 20\d\d \d\d \d\d \d{5})\b ?\]? ?(?:[-:|]\s?)?"
);
// « 2012275-01 - Arrêté … »: year and day of the year, as the tool before it had them.
pattern!(DAY_OF_YEAR, r"^(20\d\d[0-3]\d\d-\d{2,4}) ?[-–:] ?[a-z]");
// The same anywhere, with its prefix.
pattern!(
    WHOLE,
    r"\b(?:[dr]?\d{1,3}|2[ab])(?: ?- ?20\d\d ?- ?\d\d ?- ?\d\d ?- ?\d{3,5}| 20\d\d \d\d \d\d \d{5})\b"
);
// Words that extraction glued to the number before them.
pattern!(
    GLUED_VERB,
    r"(?:portant|autorisant|modifiant|abrogeant|relati(?:f|ve)|fixant|instituant|instaurant|interdisant|accordant|renouvelant|reglementant|approuvant|declarant|prescrivant|en date du)"
);
// « n° 2026/BSI/14 - Arrêté … »: the title, behind a dash.
pattern!(
    TITLE_AFTER,
    r" ?[-/] ?(?:arretes?|decisions?|avis|conventions?|recepisses?|circulaires?)\b"
);
// A service's own short number: « CAB/DS/PPA n° 94 ».
pattern!(
    OF_SERVICE,
    r"((?:20\d\d ?[-/ ] ?|\d\d[-/])?[a-z]{2,}(?:[-/][a-z0-9]+)+|20\d\d(?:[-/][a-z]+)+) ?n ?[°o] ?$"
);
// The number after « Arrêté … n° » or right after the kind.
pattern!(
    OWN,
    r"n ?(?:°|o\b|º|'|\*|r\.?) ?:? ?([a-z0-9][a-z0-9 ]?[a-z0-9_./-]*(?: ?[-/] ?[a-z0-9][a-z0-9_./-]*)*)"
);
pattern!(
    OWN_BARE,
    r"^\W{0,3}(?:arretes?|decision|ap|avis)(?: prefectoral| interprefectoral)?(?: ap)? ([a-z0-9_.]*[a-z0-9](?:[-/][a-z0-9_.-]+)*[-/]\d[a-z0-9_.-]*|\d{4}[-/]\d[a-z0-9/-]*)"
);

// « 2 0 2 6 - l 2 3 », « 202 6-1240 »: spaces in a number that begins with a year, figures taken for
// letters.
pattern!(
    BROKEN,
    r"n ?(?:°|o\b|º|'|\*) ?:? ?(2 ?[0o] ?[0-9lio] ?[0-9lio] ?[-/.] ?(?:[0-9lio]{2,6}|[0-9lio](?: [0-9lio])*))(?:[^0-9a-z]|$)"
);

/// Whether spaces stand in the year that a number of figures, or of what they were taken for, begins
/// with.
fn is_broken(number: &str) -> bool {
    let year = number.split(['-', '/', '.']).next().unwrap_or_default();
    let figure = |c: char| c.is_ascii_digit() || " -/.lIioO".contains(c);
    year.trim().contains(' ') && number.chars().all(figure)
}

/// A number as printed without its spaces; a broken one with figures where it has letters.
pub(crate) fn unbroken(number: &str) -> String {
    let joined = number.replace(' ', "");
    if !is_broken(number) {
        return joined;
    }
    let figure = |c: char| match c {
        'l' | 'I' | 'i' => '1',
        'o' | 'O' => '0',
        c => c,
    };
    joined.chars().map(figure).collect()
}

/// A number at the start of a folded line, and where what follows it begins.
pub(crate) fn leading(folded: &str) -> Option<(String, usize)> {
    let first = folded.bytes().find(u8::is_ascii_alphanumeric)?;
    if !(first.is_ascii_digit() || matches!(first, b'd' | b'r' | b'a')) || !folded.contains("20") {
        return None;
    }
    if let Some(captures) = LEADING.captures(folded) {
        return Some((normal(captures.get(1)?.as_str()), captures.get(0)?.end()));
    }
    let captures = DAY_OF_YEAR.captures(folded)?;
    Some((captures.get(1)?.as_str().to_owned(), captures.get(0)?.end() - 1))
}

/// The whole line is a number.
pub(crate) fn alone(folded: &str) -> Option<String> {
    leading(folded).filter(|&(_, end)| end == folded.len()).map(|(number, _)| number)
}

/// [`in_footer`] of a line.
pub(crate) fn in_footer_line(line: &Line<'_>) -> Option<String> {
    let may = line.hyphens >= FOOTER_HYPHENS;
    may.then(|| in_footer(&line.folded).map(|(number, ..)| number)).flatten()
}

/// A number between dashes, as footers have it: `service - number - title`. With the bytes of
/// the line before it and after it.
pub(crate) fn in_footer(folded: &str) -> Option<(String, usize, usize)> {
    let found = footer_number(folded)?;
    Some((normal(&folded[found.number.clone()]), found.service_end, found.number.end))
}

fn normal(number: &str) -> String {
    let parts = number.split([' ', '-']).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join("-").to_uppercase()
}

/// Where the first number of a folded line begins.
pub(super) fn first(folded: &str) -> Option<usize> {
    WHOLE.find(folded).map(|found| found.start())
}

/// The day inside a bulletin's number: upload or signature, sometimes wrong.
pub(crate) fn date_in(number: &str) -> Option<NaiveDate> {
    let mut parts = number.rsplitn(5, '-').skip(1);
    let day = parts.next()?.parse().ok()?;
    let month = parts.next()?.parse().ok()?;
    let year = parts.next()?.parse().ok()?;
    NaiveDate::from_ymd_opt(year, month, day)
}

/// The day of signature, of the year before last new year only by a slip: the bulletin's number has
/// the same day of the next year.
pub(crate) fn without_slip(day: NaiveDate, number: Option<&str>) -> NaiveDate {
    let numbered = number.and_then(date_in);
    let slipped = |numbered: &NaiveDate| {
        (numbered.month(), numbered.day()) == (day.month(), day.day())
            && numbered.year() == day.year() + 1
    };
    numbered.filter(slipped).unwrap_or(day)
}

/// The act's own number in its heading, as byte range of the folded line.
pub(crate) fn own(folded: &str) -> Option<std::ops::Range<usize>> {
    let broken = BROKEN.captures(folded).and_then(|c| c.get(1));
    if let Some(broken) = broken.filter(|m| is_broken(m.as_str())) {
        return Some(broken.range());
    }
    let found = own_after(&OWN, folded).or_else(|| own_after(&OWN_BARE, folded));
    // A number of a digit or two tells with its service alone.
    let short = found.clone().unwrap_or(0..0);
    let head = &folded[..if found.is_some() { short.start } else { 0 }];
    let service = (short.len() < SHORT).then(|| OF_SERVICE.captures(head)?.get(1)).flatten();
    match service {
        Some(service) => Some(service.start()..short.end),
        None => found.filter(|range| range.len() > 1),
    }
}

/// Numbers shorter than this are told with the service before them.
const SHORT: usize = 4;

fn own_after(pattern: &Regex, folded: &str) -> Option<std::ops::Range<usize>> {
    let found = pattern.captures(folded)?.get(1)?;
    let text = found.as_str();
    // `n° 2025-12 du 3 mai`, `n°12 portant`: the number ends at the first word without a digit.
    let end = text.find([' ']).filter(|&space| {
        !text[space..].trim_start().starts_with(['-', '/']) && !text[..space].ends_with(['-', '/'])
    });
    let text = &text[..end.unwrap_or(text.len())];
    // « n°64-2026-10-autorisant »: the rest was to be written by hand.
    let unfinished = text.ends_with(['-', '/']) && end.is_none() && text.len() > 2;
    let text = if unfinished { "" } else { text };
    let glued = GLUED_VERB.find(text).map_or(text.len(), |verb| verb.start());
    let text =
        TITLE_AFTER.find(&text[..glued]).map_or(&text[..glued], |kind| &text[..kind.start()]);
    let text = text.trim_end_matches(['-', '.', '/', '_', ' ']);
    text.bytes().any(|b| b.is_ascii_digit()).then(|| found.start()..found.start() + text.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use guetteur_model::fold::fold;

    #[test]
    fn leads() {
        let cases = [
            ("26-2025-02-19-00002 - Arrêté", Some("26-2025-02-19-00002")),
            ("• 56-2025-02-19-00002 – Arrêté", Some("56-2025-02-19-00002")),
            ("ACTE PUBLIABLE 05-2025-09-10-00002 - AP", Some("05-2025-09-10-00002")),
            ("2025-10-27-00023 - Arrêté", Some("2025-10-27-00023")),
            ("R03-2024-11-28-00002", Some("R03-2024-11-28-00002")),
            ("2A-2024-11-28-0002 -", Some("2A-2024-11-28-0002")),
            ("modifiant l'arrêté n°75-2022-06-03-00013", None),
            ("26-2025-040", None),
        ];
        for (line, expected) in cases {
            assert_eq!(leading(&fold(line)).map(|l| l.0).as_deref(), expected, "{line}");
        }
        assert_eq!(date_in("26-2025-02-19-00002"), NaiveDate::from_ymd_opt(2025, 2, 19));
    }

    #[test]
    fn a_year_that_is_over_is_a_slip() {
        let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).expect("day");
        let cases = [
            (day(2025, 1, 5), Some("78-2026-01-05-00010"), day(2026, 1, 5)),
            (day(2025, 1, 5), Some("78-2026-01-06-00010"), day(2025, 1, 5)),
            (day(2024, 1, 5), Some("78-2026-01-05-00010"), day(2024, 1, 5)),
            (day(2026, 1, 5), Some("78-2025-01-05-00010"), day(2026, 1, 5)),
            (day(2025, 1, 5), None, day(2025, 1, 5)),
        ];
        for (written, number, expected) in cases {
            assert_eq!(without_slip(written, number), expected, "{written} {number:?}");
        }
    }

    #[test]
    fn footers() {
        let line = fold("Préfecture du Gard - 30-2024-11-08-00006 - AP autorisant la captation 3");
        assert_eq!(in_footer(&line).map(|f| f.0).as_deref(), Some("30-2024-11-08-00006"));
        assert_eq!(in_footer("30-2024-11-08-00006 - ap"), None);
        assert_eq!(in_footer("arrete n° 30-2024-11-08-00006 - ap"), None);
    }

    #[test]
    fn broken_numbers_are_put_together() {
        let cases = [
            ("2 0 2 6 - l 2 3", "2026-123"),
            ("202 6-1240", "2026-1240"),
            ("2026 - 12", "2026-12"),
            ("2O26.O3.0S.06S5", "2O26.O3.0S.06S5"),
            ("CAB / PPA 12", "CAB/PPA12"),
        ];
        for (number, expected) in cases {
            assert_eq!(unbroken(number), expected, "{number}");
        }
    }

    #[test]
    fn own_numbers() {
        let cases = [
            ("Arrêté préfectoral n°2024-128-016", Some("2024-128-016")),
            ("Arrêté n° 2025-00626 portant autorisation", Some("2025-00626")),
            ("Arrêté préfectoral n°CAB/SPAS/2025-1146 du 28 novembre", Some("cab/spas/2025-1146")),
            ("Arrêté CAB/SPAS/2024-698 portant", Some("cab/spas/2024-698")),
            ("ARRÊTÉ N° BSI-2025-274-01", Some("bsi-2025-274-01")),
            (
                "Arrêté préfectoral n° PREF/CAB/BOPPAS/2025258-0001",
                Some("pref/cab/boppas/2025258-0001"),
            ),
            ("Arrêté n° 2026 - 417 /CAB/BPAautorisant la captation", Some("2026 - 417 /cab/bpa")),
            ("Arrêté n° BSIPA2026062-0002autorisant", Some("bsipa2026062-0002")),
            ("ARRETE N° 2026.12.DS.834Portant interdiction", Some("2026.12.ds.834")),
            ("Arrêté CAB/DS/PPA n° 94 du 3 mars", Some("cab/ds/ppa n° 94")),
            ("Arrêté 26/CAB/DS/PPA n° 131 du 3 mars", Some("26/cab/ds/ppa n° 131")),
            ("ARRETE 2026-DDT-SERAF N°2 du 3 mars", Some("2026-ddt-seraf n°2")),
            ("Arrêté n° 94 du 3 mars", Some("94")),
            ("Acte n° 2026/SPS/31 - Arrêté portant agrément", Some("2026/sps/31")),
            ("Acte n° 2026-31-DS-Décision", Some("2026-31-ds")),
            ("Arrêté N° 2 0 2 6 - l 2 3 du 3 mars", Some("2 0 2 6 - l 2 3")),
            ("Arrêté n° 202 6-1240", Some("202 6-1240")),
            ("Arrêté n° 2026 - 12 du 3 mars", Some("2026 - 12")),
            ("ARRÊTÉ PRÉFECTORAL Nº EN DATE DU", None),
            ("Arrêté n°64-2026-10-", None),
            ("Arrêté autorisant la captation", None),
        ];
        for (line, expected) in cases {
            let line = fold(line);
            assert_eq!(own(&line).map(|r| &line[r]), expected, "{line}");
        }
    }
}
