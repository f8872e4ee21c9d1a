//! What contradicts a period: the calendar, the law, the act itself.

use std::ops::Range;

use chrono::{Datelike, Months};
use guetteur_model::Facts;
use guetteur_model::dates::{WEEKDAYS, format_french_date};

use super::super::Reading;
use super::Candidate;
use super::moment::Moment;
use super::period::{Found, Length};
use super::resolve::{Resolved, resolve};

/// Longest validity of an authorisation to film from aircraft: code de la sécurité intérieure,
/// art. L. 242-5 IV, three months, renewable.
const LONGEST_MONTHS: u32 = 3;

/// Contradictions, in French words for the reader.
pub(super) fn check(
    reading: &Reading<'_>,
    found: &Found,
    resolved: &(Option<Resolved>, Option<Resolved>),
    facts: &mut Facts,
) {
    let words = |moment: &Moment| reading.text.quote(moment.range.clone());
    for (moment, resolved) in [(&found.from, &resolved.0), (&found.to, &resolved.1)] {
        let Some(moment) = moment else { continue };
        let Some(resolved) = resolved else {
            if moment.day(reading.reference_day()).is_some_and(|day| moment.is_impossible(day)) {
                doubt(facts, format!("« {} » : ce jour n'existe pas", words(moment)));
            }
            continue;
        };
        if moment.is_impossible(resolved.day) {
            let read = format_french_date(resolved.day);
            doubt(facts, format!("« {} » : ce jour n'existe pas, lu {read}", words(moment)));
        }
        if moment.later == 0 && moment.year.is_some_and(|year| year != resolved.day.year()) {
            let read = format_french_date(resolved.day);
            doubt(facts, format!("« {} » : année invraisemblable, lu {read}", words(moment)));
        }
        let weekday = resolved.day.weekday().num_days_from_monday();
        let certain = moment.later == 0 && !moment.is_impossible(resolved.day);
        if moment.weekday.is_some_and(|w| w != weekday) && certain {
            let real = WEEKDAYS[weekday as usize];
            doubt(facts, format!("« {} » : ce jour est un {real}", words(moment)));
        }
    }
    if let (Some(Length::Hours(hours)), Some(from), None) = (found.length, &resolved.0, &resolved.1)
        && from.minutes.is_none()
    {
        doubt(facts, format!("{hours} heures sans l'heure à laquelle elles commencent"));
    }
    let (Some(from), Some(to)) = resolved else { return };
    let order = |r: &Resolved| (r.day, r.minutes.unwrap_or(0));
    if from.day > to.day
        || (from.minutes.is_some() && to.minutes.is_some() && order(from) > order(to))
    {
        facts.doubts.push(format!(
            "la fin ({}) précède le début ({})",
            format_french_date(to.day),
            format_french_date(from.day)
        ));
    }
    let limit = from.day.checked_add_months(Months::new(LONGEST_MONTHS));
    let says = |range: Range<usize>, word: &str| reading.slice(&range).contains(word);
    let operative = reading.parts.operative();
    let flies = says(reading.headline(), "aeronef")
        || says(operative.clone(), "aeronef") && says(operative, "captation")
        || reading.text.as_str().contains("242-5");
    if flies && limit.is_some_and(|limit| to.day > limit) {
        facts.doubts.push("plus de trois mois (CSI L242-5)".to_owned());
    }
}

/// A day that is both start and end is doubted once.
fn doubt(facts: &mut Facts, words: String) {
    if !facts.doubts.contains(&words) {
        facts.doubts.push(words);
    }
}

/// Title and articles that give other days: both are kept in words.
pub(super) fn compare_with_title(
    reading: &Reading<'_>,
    candidates: &[Candidate],
    best: usize,
    facts: &mut Facts,
) {
    if candidates[best].part == 0 || !candidates[best].found.is_range() {
        return;
    }
    let titled = candidates.iter().find(|c| c.part == 0 && c.found.is_range());
    let Some(titled) = titled else { return };
    let days = |found: &Found| {
        let (from, to) = resolve(reading, found);
        (from.map(|r| r.day), to.map(|r| r.day))
    };
    if days(&titled.found) != days(&candidates[best].found) {
        let quote = |c: &Candidate| reading.text.quote(c.found.range.clone());
        facts.doubts.push(format!(
            "le titre dit « {} », l'article dit « {} »",
            quote(titled),
            quote(&candidates[best])
        ));
    }
}
