//! Periods with one end named: « à compter de », « jusqu'au », « pour une durée de ».

use chrono::{Datelike, NaiveDate};
use guetteur_model::dates::month_number;

use super::super::super::number_words::number_at;
use super::super::super::tokens::Token;
use super::super::moment::{Moment, day_at, hour_at};
use super::hours::{hours, skip_between};
use super::{Found, Length, Origin, from_day, range_between, skip, word};

/// « au D2 (T2) », « jusqu'au D2 », « jusqu'à T2 le D2 », « au lendemain T2 ».
pub(super) fn until(tokens: &[Token<'_>], at: usize, between: bool) -> Option<(Moment, usize)> {
    let at = skip(tokens, skip_between(tokens, at), &[",", "inclus", ")"]);
    let mut i = at;
    if word(tokens, i) == "et" && (between || word(tokens, i + 1) == "jusqu") {
        i += 1;
    }
    let opened = i > at;
    if word(tokens, i) == "jusqu" {
        i = skip(tokens, i + 1, &["'"]);
    }
    let link = word(tokens, i);
    if !(matches!(link, "au" | "a" | "-") || (opened && between)) {
        return None;
    }
    i = skip(tokens, i, &["au", "a", "-", "le", "la", "du"]);
    if word(tokens, i) == "lendemain" {
        let (minutes, _, next) = hours(tokens, i + 1);
        let range = tokens[i].start..tokens[next - 1].end;
        let moment =
            Moment { day: 0, month: None, year: None, weekday: None, minutes, later: 1, range };
        return Some((moment, next));
    }
    if let Some(end) = end_of_month(tokens, i) {
        return Some(end);
    }
    if let Some((minutes, next)) = hour_at(tokens, i) {
        let on = skip(tokens, next, &["le", "du", ",", "au"]);
        let (day, after) = day_at(tokens, on).filter(|_| on > next)?;
        day.month?;
        return Some((day.at(Some(minutes)), after));
    }
    let (day, next) = day_at(tokens, i)?;
    // « au dimanche 17 mai jusqu'à 20h00 »
    let on = if word(tokens, next) == "jusqu" { skip(tokens, next, &["jusqu", "'"]) } else { next };
    let (minutes, second, after) = hours(tokens, on);
    let after = if minutes.is_some() { after } else { next };
    match (minutes, second) {
        // « du 15 au 17 mars de 08h00 à 20h00 »
        (Some(first), Some(second)) => {
            let mut day = day.at(Some(second));
            day.later = u32::from(second <= first);
            Some((Moment { range: day.range.start..tokens[after - 1].end, ..day }, after))
        }
        (minutes, _) => {
            let range = day.range.start..tokens[after - 1].end;
            Some((Moment { range, ..day.at(minutes) }, after))
        }
    }
}

/// « (jusqu'à la) fin du mois de mars 2026 », « fin mars 2026 »: the last day of a month, whose year
/// is written.
fn end_of_month(tokens: &[Token<'_>], at: usize) -> Option<(Moment, usize)> {
    if word(tokens, at) != "fin" {
        return None;
    }
    let on = skip(tokens, at + 1, &["du", "mois", "de", "d", "'"]);
    let month = month_number(word(tokens, on))?;
    let year = tokens.get(on + 1).filter(|t| t.text.len() == 4)?.value()?;
    let year = i32::try_from(year).ok().filter(|year| (1990..2100).contains(year))?;
    let last = (28..=31).rev().find_map(|day| NaiveDate::from_ymd_opt(year, month, day))?;
    let range = tokens[at].start..tokens[on + 1].end;
    let (day, weekday, minutes) = (last.day(), None, None);
    let (month, year) = (Some(month), Some(year));
    Some((Moment { day, month, year, weekday, minutes, later: 0, range }, on + 2))
}

/// « à compter du D (T) », « à partir de T le D », « à compter de sa publication ».
pub(super) fn open_start(tokens: &[Token<'_>], i: usize) -> Option<(Found, usize)> {
    let at = skip(tokens, i + 1, &["du", "de", "le", "la", "l", "'", "date"]);
    let begins = tokens[i].start;
    let found = |from, origin, end: usize| Found {
        from,
        to: None,
        length: None,
        origin,
        range: begins..tokens[end - 1].end,
        joined: false,
    };
    if let Some((minutes, next)) = hour_at(tokens, at) {
        let on = skip(tokens, next, &["le", "du", ",", "et"]);
        let minutes = if minutes == 1440 { 0 } else { minutes };
        let (day, after) = day_at(tokens, on).filter(|(d, _)| on > next && d.month.is_some())?;
        return Some(closed(tokens, found(Some(day.at(Some(minutes))), None, after), after));
    }
    if let Some((day, next)) = day_at(tokens, at) {
        let (start, end, after) = hours(tokens, next);
        let mut period =
            found(Some(day.at(start.map(|m| if m == 1440 { 0 } else { m }))), None, after);
        if let (Some(first), Some(second)) = (start, end) {
            day.month?;
            period.to = Some(Moment { later: u32::from(second <= first), ..day.at(Some(second)) });
            period.joined = true;
            return Some((period, after));
        }
        let (period, after) = closed(tokens, period, after);
        let ends = [&period.from, &period.to].into_iter().flatten();
        ends.filter_map(|m| m.month).next()?;
        return Some((period, after));
    }
    let origin_at =
        skip(tokens, at, &["sa", "son", "ce", "cette", "la", "date", "de", "du", "present"]);
    let origin = match tokens.get(origin_at).map_or("", |t| t.text) {
        "publication" | "affichage" => Origin::Publication,
        "signature" | "notification" | "arrete" | "jour" | "edition" => Origin::Signature,
        _ if word(tokens, origin_at.saturating_sub(1)) == "date" => Origin::Signature,
        _ => return None,
    };
    let after = skip(tokens, origin_at + 1, &["du", "present", "presente", "arrete", "de", "la"]);
    let after = after.min(tokens.len());
    Some(closed(tokens, found(None, Some(origin), after), after))
}

/// « de la date de sa publication au 17 mai », « dès sa notification »: an event, not a day.
pub(super) fn since_event(tokens: &[Token<'_>], i: usize) -> Option<(Found, usize)> {
    open_start(tokens, i).filter(|(found, _)| found.origin.is_some())
}

/// « prend effet le 15 mars prochain pour un mois »: a day alone is the start of what closes it.
pub(super) fn lasting((found, next): (Found, usize), tokens: &[Token<'_>]) -> (Found, usize) {
    if !found.joined {
        let (period, after) = closed(tokens, Found { to: None, ..found.clone() }, next);
        if period.joined {
            return (period, after);
        }
    }
    (found, next)
}

/// An open period may be closed by « (et) jusqu'au … » or « pour une durée de … ».
fn closed(tokens: &[Token<'_>], mut found: Found, at: usize) -> (Found, usize) {
    if let Some((to, next)) = until(tokens, at, false) {
        let from = found.from.take();
        if to.day == 0 {
            if let Some(from) = from {
                return range_between(tokens, found.range.start, from, to, next);
            }
            return (found, at);
        }
        found.from = from.map(|from| from.filled_from(&to));
        found.to = Some(to);
        found.joined = true;
        found.range.end = tokens[next - 1].end;
        return (found, next);
    }
    let on = skip(tokens, at, &[",", "et", "pour", "une"]);
    // « et pour dix jours », « pour un mois »
    let brief = skip(tokens, at, &[",", "et", "prochain"]);
    let brief = matches!(word(tokens, brief), "pour" | "pendant" | "durant").then_some(brief);
    let length = match brief.and_then(|brief| length_at(tokens, brief)) {
        None if word(tokens, on) == "duree" => length_at(tokens, on),
        found => found,
    };
    if let Some((length, next)) = length {
        found.length = Some(length);
        found.joined = true;
        found.range.end = tokens[next - 1].end;
        return (found, next);
    }
    (found, at)
}

/// « jusqu'au D (T) » alone.
pub(super) fn open_end(tokens: &[Token<'_>], i: usize) -> Option<(Found, usize)> {
    let (to, next) = until(tokens, i, false)?;
    to.month?;
    let range = tokens[i].start..tokens[next - 1].end;
    Some((
        Found { from: None, to: Some(to), length: None, origin: None, range, joined: false },
        next,
    ))
}

/// « la date de fin est remplacée par « 11 mars 2025 à 23h00 » ».
pub(super) fn new_end(tokens: &[Token<'_>], i: usize) -> Option<(Found, usize)> {
    let from = i.saturating_sub(6);
    tokens[from..i].iter().any(|t| matches!(t.text, "fin" | "echeance")).then_some(())?;
    let at = skip(tokens, i + 1, &["par", ":", "\"", "le", "au", "du"]);
    let (day, next) = day_at(tokens, at)?;
    day.month?;
    let (minutes, _, next) = hours(tokens, next);
    let range = tokens[i].start..tokens[next - 1].end;
    let to = Some(day.at(minutes));
    Some((Found { from: None, to, length: None, origin: None, range, joined: false }, next))
}

/// « (pour une) durée de trois mois (renouvelable) [à compter de …] ».
pub(super) fn length(tokens: &[Token<'_>], i: usize) -> Option<(Found, usize)> {
    let (length, next) = length_at(tokens, i)?;
    let begins = tokens[i].start;
    let range = begins..tokens[next - 1].end;
    let found =
        Found { from: None, to: None, length: Some(length), origin: None, range, joined: false };
    // « renouvelable », « maximale », « , » may stand between.
    for on in next..(next + 6).min(tokens.len()) {
        let starts = word(tokens, on);
        let start_at = if starts == "a" { on + 1 } else { on };
        if matches!(word(tokens, start_at), "compter" | "partir")
            && let Some((start, after)) = open_start(tokens, start_at)
        {
            let range = begins..start.range.end;
            let joined = start.from.is_some();
            return Some((Found { length: Some(length), range, joined, ..start }, after));
        }
        if starts == "du"
            && let Some((period, after)) = from_day(tokens, on).filter(|(p, _)| p.joined)
        {
            return Some((Found { range: begins..period.range.end, ..period }, after));
        }
    }
    Some((found, next))
}

fn length_at(tokens: &[Token<'_>], i: usize) -> Option<(Length, usize)> {
    let near = match word(tokens, i) {
        "duree" | "periode" => 5,
        word if word.starts_with("pro") => 4,
        _ => 3,
    };
    for at in i + 1..(i + near).min(tokens.len()) {
        let Some((count, next)) = number_at(tokens, at) else { continue };
        let length = match tokens.get(next)?.text {
            "heure" | "heures" | "h" => Length::Hours(count),
            "jour" | "jours" => Length::Days(count),
            "semaine" | "semaines" => Length::Days(count * 7),
            "mois" => Length::Months(count),
            "an" | "ans" | "annee" | "annees" => Length::Months(count * 12),
            _ => return None,
        };
        return Some((length, next + 1));
    }
    None
}
