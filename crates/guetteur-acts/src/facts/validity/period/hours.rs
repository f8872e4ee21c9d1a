//! Hours: after a day, before it, or in a sentence of their own.

use std::ops::Range;

use super::super::super::tokens::Token;
use super::super::moment::{Moment, day_at, hour_at};
use super::list::list;
use super::open::until;
use super::{Found, range_between, skip, word};

/// Whether a period is one day, or days, of which the act may give the hours elsewhere.
pub(crate) fn needs_hours(found: &Found) -> bool {
    let (Some(from), Some(to)) = (&found.from, &found.to) else { return false };
    from.minutes.is_none() && to.minutes.is_none() && to.later == 0 && found.is_one_day()
}

/// Gives a day its hours; those that end before they begin end the next day.
pub(crate) fn add_hours(found: &mut Found, first: u32, last: u32) {
    found.from = found.from.take().map(|day| day.at(Some(first)));
    found.to =
        found.to.take().map(|day| Moment { later: u32::from(last <= first), ..day.at(Some(last)) });
}

/// The first « de 10h00 à 22h00 » or « entre 10h et 22h » that names no day.
pub(crate) fn hours_alone(tokens: &[Token<'_>]) -> Option<(u32, u32, Range<usize>)> {
    (0..tokens.len()).filter(|&i| matches!(word(tokens, i), "de" | "entre" | "des")).find_map(|i| {
        let (first, last, next) = hours(tokens, i);
        let range = tokens[i].start..tokens[next - 1].end;
        Some((first.map(|m| if m == 1440 { 0 } else { m })?, last?, range))
    })
}

const HOUR_LINKS: [&str; 20] = [
    "a", "de", "des", ",", "partir", "compter", "(", "entre", "-", ":", "d", "'", "le", "|",
    "dans", "sur", "creneau", "creneaux", "horaire", "plage",
];

/// Skips what may stand between a day and its hours: « inclus », « au soir », « tous les jours ».
pub(super) fn skip_between(tokens: &[Token<'_>], mut at: usize) -> usize {
    let start = at;
    while at < start + 8 {
        let next = match (word(tokens, at), word(tokens, at + 1)) {
            ("au" | "dans", "soir" | "matin") => at + 2,
            ("tous" | "toutes" | "chaque", "les" | "jour" | "nuit" | "soir") => {
                skip(tokens, at + 1, &["les", "jours", "nuits", "soirs", "jour", "nuit", "soir"])
            }
            ("inclus" | "incluse" | "quotidiennement", _) => at + 1,
            ("," | ")", "tous" | "toutes" | "chaque" | "inclus" | "quotidiennement") => at + 1,
            _ => break,
        };
        at = next;
    }
    at
}

/// « à 12h00 », « de 12h00 à 20h00 », « entre 12h et 20h », « (12h-20h) », with the token after.
pub(super) fn hours(tokens: &[Token<'_>], at: usize) -> (Option<u32>, Option<u32>, usize) {
    let first_at = skip(tokens, skip_between(tokens, at), &HOUR_LINKS);
    let Some((first, next)) = hour_at(tokens, first_at).or_else(|| bare_hour(tokens, first_at))
    else {
        return (None, None, at);
    };
    let second_at =
        skip(tokens, next, &["a", "et", "jusqu", "'", "-", "/", "au", ",", "(", "heures"]);
    // « … au lendemain 06h00 »
    let day_after = matches!(word(tokens, second_at), "lendemain");
    let second_at =
        if day_after { skip(tokens, second_at + 1, &["a", ",", "matin"]) } else { second_at };
    match hour_at(tokens, second_at).filter(|_| second_at > next) {
        Some((second, after)) if !day_follows(tokens, after) || day_after => {
            let (second, after) = later_slot(tokens, second, skip(tokens, after, &[")"]));
            // « de 22h00 à 02h00 » ends the next day: the caller sees that it is not later.
            let second = if day_after && second > first { second + 1440 } else { second };
            (Some(first), Some(second), after)
        }
        _ => (Some(first), None, next),
    }
}

/// « de 10 à 18 heures »: the first of two hours that share their unit.
fn bare_hour(tokens: &[Token<'_>], at: usize) -> Option<(u32, usize)> {
    let before = |steps: usize| at.checked_sub(steps).map_or("", |i| word(tokens, i));
    let opens = matches!(before(1), "de" | "entre") && !matches!(before(2), "duree" | "delai");
    let linked = matches!(word(tokens, at + 1), "a" | "et" | "-");
    let hours = tokens.get(at).and_then(Token::value).filter(|hours| *hours <= 24)?;
    let shared = hour_at(tokens, at + 2)
        .is_some_and(|_| matches!(word(tokens, at + 3), "h" | "heures" | "heure"));
    (opens && linked && shared).then_some((hours * 60, at + 1))
}

/// « de 12h à 14h puis de 18h à 23h » ends when its last slot does.
fn later_slot(tokens: &[Token<'_>], end: u32, at: usize) -> (u32, usize) {
    let on = skip(tokens, at, &[",", "puis", "et", "ainsi", "que"]);
    let slot = || {
        let (_, next) = hour_at(tokens, skip(tokens, on, &["de", "entre"])).filter(|_| on > at)?;
        let link = skip(tokens, next, &["a", "et", "-"]);
        let (last, after) = hour_at(tokens, link).filter(|_| link > next)?;
        (!day_follows(tokens, after)).then_some((last, after))
    };
    match slot() {
        Some((last, after)) => later_slot(tokens, last, after),
        None => (end, at),
    }
}

/// « … à 06h00 le 23 février »: the hour belongs to the day that follows.
pub(super) fn day_follows(tokens: &[Token<'_>], at: usize) -> bool {
    word(tokens, at) == "le" && day_at(tokens, at + 1).is_some_and(|(day, _)| day.month.is_some())
}

/// « de T1 à T2 le D », « de T1 le D1 à T2 le D2 », « entre T1 et T2 ».
pub(super) fn from_hour(tokens: &[Token<'_>], i: usize) -> Option<(Found, usize)> {
    let (first, next) = hour_at(tokens, i + 1).or_else(|| bare_hour(tokens, i + 1))?;
    let first = if first == 1440 { 0 } else { first };
    let on = skip(tokens, next, &["le", "du", ","]);
    let first_day = day_at(tokens, on).filter(|(day, _)| on > next && day.month.is_some());
    let (first_day, next) = match first_day {
        Some((day, after)) => (Some(day), after),
        None => (None, next),
    };
    let link = skip(tokens, next, &["a", "et", "jusqu", "'", "-", "au", ","]);
    if link == next {
        return None;
    }
    let begins = tokens[i].start;
    if word(tokens, link) == "lendemain" {
        let from = first_day?;
        let (minutes, _, after) = hours(tokens, link + 1);
        let to = Moment { later: 1, ..from.at(minutes) };
        return Some(range_between(tokens, begins, from.at(Some(first)), to, after));
    }
    let (second, next) = hour_at(tokens, link)?;
    let on = skip(tokens, next, &["le", "les", "du", ",", "la", "journee", "nuit", "au", "heures"]);
    let second_day = day_at(tokens, on);
    match (first_day, second_day) {
        (Some(from), Some((to, after))) if on > next => {
            Some(range_between(tokens, begins, from.at(Some(first)), to.at(Some(second)), after))
        }
        (Some(from), _) => {
            let later = u32::from(second <= first);
            let to = Moment { later, ..from.at(Some(second)) };
            Some(range_between(tokens, begins, from.at(Some(first)), to, next))
        }
        (None, Some((day, after))) if on > next || day.weekday.is_some() => {
            let opens = word(tokens, on.saturating_sub(1));
            let (days, after) = list(tokens, day, after, opens);
            let from = days.first()?.clone();
            let mut to = days.last()?.clone();
            let mut end = after;
            if days.len() == 1
                && let Some((last, after)) =
                    until(tokens, after, false).filter(|(d, _)| d.minutes.is_none())
            {
                (to, end) = (last, after);
            }
            let from = from.filled_from(&to);
            from.month?;
            to.later += u32::from(second <= first);
            Some(range_between(tokens, begins, from.at(Some(first)), to.at(Some(second)), end))
        }
        _ => None,
    }
}
