//! The ways in which acts join days and hours into a period.

use std::ops::Range;

use super::super::number_words::number_at;
use super::super::tokens::{Kind, Token};
use super::moment::{Moment, day_at, hour_at};

/// A length of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Length {
    Hours(u32),
    Days(u32),
    Months(u32),
}

/// The event from which a period runs when no day is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    Signature,
    Publication,
}

/// A period as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    pub from: Option<Moment>,
    pub to: Option<Moment>,
    pub length: Option<Length>,
    pub origin: Option<Origin>,
    pub range: Range<usize>,
    /// Written as from one day to another, or with hours: not a day named in passing.
    joined: bool,
}

impl Found {
    pub(crate) fn is_range(&self) -> bool {
        self.joined
    }
}

/// All periods in order, not overlapping. Each token is looked at a bounded number of times.
pub(crate) fn find(tokens: &[Token<'_>]) -> Vec<Found> {
    let mut found = Vec::new();
    let mut i = 0;
    while i < tokens.len() {
        match at(tokens, i) {
            Some((period, next)) => {
                found.push(period);
                i = next.max(i + 1);
            }
            None => i += 1,
        }
    }
    found
}

/// Whether a period is one day, or days, of which the act may give the hours elsewhere.
pub(crate) fn needs_hours(found: &Found) -> bool {
    let (Some(from), Some(to)) = (&found.from, &found.to) else { return false };
    from.minutes.is_none() && to.minutes.is_none() && from.day == to.day && from.month == to.month
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

/// The word at `at`; "" past the end.
fn word<'t>(tokens: &[Token<'t>], at: usize) -> &'t str {
    tokens.get(at).map_or("", |t| t.text)
}

fn at(tokens: &[Token<'_>], i: usize) -> Option<(Found, usize)> {
    match word(tokens, i) {
        "du" | "le" | "les" | "journee" | "nuit" | "soiree" => from_day(tokens, i),
        "des" => from_day(tokens, i).or_else(|| since_event(tokens, i)),
        "date" => since_event(tokens, i),
        "de" | "entre" => from_hour(tokens, i).or_else(|| from_day(tokens, i)),
        "a" | "compter" | "partir" => {
            let next = if word(tokens, i) == "a" { i + 1 } else { i };
            if matches!(word(tokens, next), "compter" | "partir") {
                open_start(tokens, next)
            } else {
                None
            }
        }
        "jusqu" => open_end(tokens, i),
        "duree" | "periode" => length(tokens, i),
        "valable" | "pendant" | "pour" => {
            length(tokens, i).filter(|(found, _)| found.joined || found.origin.is_some())
        }
        "remplacee" | "reportee" | "repoussee" => new_end(tokens, i),
        _ => match tokens.get(i) {
            // « samedi 22 février 2025 de 12h00 à 20h00 », without an article.
            Some(t) if guetteur_model::dates::weekday_number(t.text).is_some() => {
                from_day(tokens, i).filter(|(found, _)| found.joined)
            }
            // « aux dates suivantes : 16/05/2026, 17/05/2026 »
            Some(t) if t.kind == Kind::Number && i > 0 && word(tokens, i - 1) == ":" => {
                from_day(tokens, i).filter(|(found, _)| found.joined)
            }
            _ => None,
        },
    }
}

/// Skips words that only join: « le », « , », « à », « à partir de ».
fn skip(tokens: &[Token<'_>], mut at: usize, words: &[&str]) -> usize {
    let start = at;
    while at < start + 6 && words.contains(&word(tokens, at)) && !word(tokens, at).is_empty() {
        at += 1;
    }
    at
}

const ARTICLES: [&str; 8] = ["du", "le", "les", "des", "la", "journee", "nuit", "soiree"];
const HOUR_LINKS: [&str; 13] =
    ["a", "de", "des", ",", "partir", "compter", "(", "entre", "-", ":", "d", "'", "le"];

/// « du D1 [T1] au D2 [T2] », « le D de T1 à T2 », « les 15, 16 et 17 mars ».
fn from_day(tokens: &[Token<'_>], i: usize) -> Option<(Found, usize)> {
    let opens = word(tokens, i);
    let at = skip(tokens, i, &ARTICLES);
    let at = if opens == "entre" || opens == "de" { skip(tokens, i + 1, &ARTICLES) } else { at };
    let (first, mut next) = day_at(tokens, at)?;
    let (days, after_list) = list(tokens, first, next, opens);
    next = after_list;
    let first = days.first()?.clone();
    let last = days.last()?.clone();
    let (start, end, after) = hours(tokens, next);
    let begins = tokens[i].start;
    // « … au D2 [T2] »
    if days.len() == 1 && end.is_none() {
        let from = first.at(start.filter(|m| *m < 1440).or(start.map(|_| 0)));
        if let Some((mut to, next)) = until(tokens, after, opens == "entre") {
            // « dans la nuit du 21 au 22 de 22h00 à 06h00 » names the morning's day already.
            if opens == "nuit" && to.day != 0 {
                to.later = 0;
            }
            return Some(range_between(tokens, begins, from, to, next));
        }
    }
    // A day alone must be certain: it has a month.
    first.month.or(last.month)?;
    let first = first.filled_from(&last);
    let start = start.map(|m| if m == 1440 { 0 } else { m });
    let from = first.at(start);
    let mut to = last.clone().at(end);
    if let (Some(a), Some(b)) = (start, end) {
        to.later = u32::from(b <= a);
    }
    let joined = days.len() > 1 || start.is_some();
    let mut found = Found {
        from: Some(from),
        to: Some(to),
        length: None,
        origin: None,
        range: begins..tokens[after - 1].end,
        joined,
    };
    if start.is_some() && end.is_none() && days.len() == 1 {
        found.to = None;
    }
    // « le 16 mai jusqu'à 20h00 »
    let ends = skip(tokens, after, &[",", "et", "jusqu", "'", "a"]);
    if let (None, Some((minutes, next))) = (end, hour_at(tokens, ends))
        && (after..ends).any(|i| word(tokens, i) == "jusqu")
        && !day_follows(tokens, next)
    {
        let later = u32::from(start.is_some_and(|start| minutes <= start));
        found.to = Some(Moment { later, ..last.at(Some(minutes)) });
        found.range.end = tokens[next - 1].end;
        found.joined = true;
        return Some((found, next));
    }
    Some((found, after))
}

/// « 15, 16 et 17 mars 2025 »: the days that follow the first, each with its own month or not.
fn list(tokens: &[Token<'_>], first: Moment, next: usize, opens: &str) -> (Vec<Moment>, usize) {
    let mut days = vec![first];
    let mut next = next;
    while days.len() < 40 {
        let link = skip(tokens, next, &[",", "et", "le", "les", "puis", "ainsi", "que", "du"]);
        let linked = (next..link).any(|i| matches!(word(tokens, i), "," | "et" | "puis" | "que"));
        let between = opens == "entre" && (next..link).any(|i| word(tokens, i) == "et");
        if !linked || between {
            break;
        }
        match day_at(tokens, link) {
            Some((day, after))
                if day.month.is_some() || days.len() < 40 && leads_to_month(tokens, after) =>
            {
                days.push(day);
                next = after;
            }
            _ => break,
        }
    }
    // Days before take month and year from the first that has them.
    for i in (0..days.len().saturating_sub(1)).rev() {
        let after = days[i + 1].clone();
        days[i] = days[i].clone().filled_from(&after);
    }
    (days, next)
}

/// Whether a bare number is one of a list of days: a month comes within the list.
fn leads_to_month(tokens: &[Token<'_>], mut at: usize) -> bool {
    for _ in 0..12 {
        let link = skip(tokens, at, &[",", "et", "le", "les", "puis"]);
        match day_at(tokens, link) {
            Some((day, _)) if day.month.is_some() => return true,
            Some((_, next)) => at = next,
            None => return false,
        }
    }
    false
}

/// Skips what may stand between a day and its hours: « inclus », « au soir », « tous les jours ».
fn skip_between(tokens: &[Token<'_>], mut at: usize) -> usize {
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
fn hours(tokens: &[Token<'_>], at: usize) -> (Option<u32>, Option<u32>, usize) {
    let first_at = skip(tokens, skip_between(tokens, at), &HOUR_LINKS);
    let Some((first, next)) = hour_at(tokens, first_at) else { return (None, None, at) };
    let second_at = skip(tokens, next, &["a", "et", "jusqu", "'", "-", "au", ",", "(", "heures"]);
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
fn day_follows(tokens: &[Token<'_>], at: usize) -> bool {
    word(tokens, at) == "le" && day_at(tokens, at + 1).is_some_and(|(day, _)| day.month.is_some())
}

/// « au D2 [T2] », « jusqu'au D2 », « jusqu'à T2 le D2 », « au lendemain T2 ».
fn until(tokens: &[Token<'_>], at: usize, between: bool) -> Option<(Moment, usize)> {
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

fn range_between(
    tokens: &[Token<'_>],
    begins: usize,
    from: Moment,
    mut to: Moment,
    next: usize,
) -> (Found, usize) {
    if to.day == 0 {
        // « le lendemain »
        to = Moment { minutes: to.minutes, later: 1, range: to.range, ..from.clone() };
    }
    // Daily hours written once, after the last day.
    let mut from = from.filled_from(&to);
    if from.minutes.is_none() && to.minutes.is_some() {
        from.minutes = daily_start(tokens, &to);
    }
    let range = begins..tokens[next - 1].end;
    (
        Found { from: Some(from), to: Some(to), length: None, origin: None, range, joined: true },
        next,
    )
}

/// The first of two hours that follow the last day of a range.
fn daily_start(tokens: &[Token<'_>], to: &Moment) -> Option<u32> {
    let i = tokens.partition_point(|t| t.start < to.range.start);
    let (_, next) = day_at(tokens, i)?;
    let (first, second, _) = hours(tokens, next);
    second.and(first)
}

/// « de T1 à T2 le D », « de T1 le D1 à T2 le D2 », « entre T1 et T2 ».
fn from_hour(tokens: &[Token<'_>], i: usize) -> Option<(Found, usize)> {
    let (first, next) = hour_at(tokens, i + 1)?;
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

/// « à compter du D [T] », « à partir de T le D », « à compter de sa publication ».
fn open_start(tokens: &[Token<'_>], i: usize) -> Option<(Found, usize)> {
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
fn since_event(tokens: &[Token<'_>], i: usize) -> Option<(Found, usize)> {
    open_start(tokens, i).filter(|(found, _)| found.origin.is_some())
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
    if word(tokens, on) == "duree"
        && let Some((length, next)) = length_at(tokens, on)
    {
        found.length = Some(length);
        found.joined = true;
        found.range.end = tokens[next - 1].end;
        return (found, next);
    }
    (found, at)
}

/// « jusqu'au D [T] » alone.
fn open_end(tokens: &[Token<'_>], i: usize) -> Option<(Found, usize)> {
    let (to, next) = until(tokens, i, false)?;
    to.month?;
    let range = tokens[i].start..tokens[next - 1].end;
    Some((
        Found { from: None, to: Some(to), length: None, origin: None, range, joined: false },
        next,
    ))
}

/// « la date de fin est remplacée par « 11 mars 2025 à 23h00 » ».
fn new_end(tokens: &[Token<'_>], i: usize) -> Option<(Found, usize)> {
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

/// « (pour une) durée de trois mois [renouvelable] [à compter de …] ».
fn length(tokens: &[Token<'_>], i: usize) -> Option<(Found, usize)> {
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
    let near = if matches!(word(tokens, i), "duree" | "periode") { 5 } else { 3 };
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
