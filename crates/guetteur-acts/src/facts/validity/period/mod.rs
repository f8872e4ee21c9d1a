//! The ways in which acts join days and hours into a period.

mod hours;
mod list;
mod open;

use std::ops::Range;

use super::super::tokens::{Kind, Token};
use super::moment::{Moment, day_at, hour_at};
use hours::{day_follows, from_hour, hours};
use list::{ends, list, with_days_after};
use open::{lasting, length, new_end, open_end, open_start, since_event, until};

pub(crate) use hours::{add_hours, hours_alone, needs_hours};

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

    /// Whether the day of start is the day of end, as written.
    pub(crate) fn is_one_day(&self) -> bool {
        let days = self.from.as_ref().zip(self.to.as_ref());
        days.is_some_and(|(from, to)| (from.day, from.month) == (to.day, to.month))
    }

    /// Leaves the last day alone, without the days before it; whether there is one.
    pub(crate) fn keep_end(&mut self) -> bool {
        let is_last = self.joined && !self.is_one_day();
        self.from = self.to.clone();
        self.joined = false;
        is_last && self.from.is_some()
    }

    fn has_hours(&self) -> bool {
        let hour = |moment: &Option<Moment>| moment.as_ref().is_some_and(|m| m.minutes.is_some());
        hour(&self.from) && hour(&self.to)
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

/// A day with month and year in words or apart at `at`, that nothing joins to the words before it.
pub(crate) fn bare_day(tokens: &[Token<'_>], at: usize) -> Option<Found> {
    let (day, next) = day_at(tokens, at).filter(|(day, _)| day.year.is_some())?;
    let bound = matches!(word(tokens, at - 1), "du" | "le" | "n" | "°" | "-" | "/" | "_");
    let range = day.range.clone();
    (!bound && next > at + 2).then(|| Found {
        from: Some(day.clone()),
        to: Some(day),
        length: None,
        origin: None,
        range,
        joined: false,
    })
}

/// The word at `at`; "" past the end.
fn word<'t>(tokens: &[Token<'t>], at: usize) -> &'t str {
    tokens.get(at).map_or("", |t| t.text)
}

fn at(tokens: &[Token<'_>], i: usize) -> Option<(Found, usize)> {
    match word(tokens, i) {
        // « prend effet au 16 mai »
        "au" if i > 0 && matches!(word(tokens, i - 1), "effet" | "vigueur") => {
            from_day(tokens, i + 1).map(|found| lasting(found, tokens))
        }
        "le" if i > 0 && matches!(word(tokens, i - 1), "effet" | "vigueur") => {
            from_day(tokens, i).map(|found| lasting(found, tokens))
        }
        "du" | "le" | "les" | "journee" | "nuit" | "nuits" | "soiree" => from_day(tokens, i),
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
        "valable" | "valide" | "pendant" | "durant" | "pour" => {
            length(tokens, i).filter(|(found, next)| {
                let said = found.joined || found.origin.is_some() || starts_soon(tokens, *next);
                said || granted(tokens, i) && closes(tokens, *next)
            })
        }
        "remplacee" | "reportee" | "repoussee" => new_end(tokens, i),
        // « prorogé d'un mois à compter du 5 juin »: of what else than a named start is not said.
        "proroge" | "prorogee" | "prolonge" | "prolongee" => {
            length(tokens, i).filter(|(found, _)| found.joined || found.origin.is_some())
        }
        _ => match tokens.get(i) {
            // « aéronefsdu 18 au 19 mai 2026 », « Bordeauxle 21 mai 2026 »: a space was lost.
            // Not « police nationale 04 03 2026 »: nothing tells that a day of figures is meant.
            Some(t) if is_glued(t.text) && full_day(tokens, i + 1) && !spaced(tokens, i + 1) => {
                from_day(tokens, i + 1)
            }
            // « levendredi 18 juillet 2025 »: day_at reads it as the day of the week.
            Some(t) if joins_weekday(t.text) && full_day(tokens, i) => from_day(tokens, i),
            // « samedi 22 février 2025 de 12h00 à 20h00 », without an article.
            Some(t) if guetteur_model::dates::weekday_number(t.text).is_some() => {
                from_day(tokens, i).filter(|(found, _)| found.joined)
            }
            // « aux dates suivantes : 16/05/2026, 17/05/2026 »; « 17 mai 2026 9h00 - 18h00 », a row.
            Some(t)
                if t.kind == Kind::Number
                    && i > 0
                    && !matches!(word(tokens, i - 1), "°" | "n" | "no") =>
            {
                // « – 12 et 13 juillet 2026 »
                let listed = matches!(word(tokens, i - 1), ":" | "(") || is_apart(tokens, i - 1);
                from_day(tokens, i).filter(|(found, _)| {
                    let of_a_month = found.from.as_ref().is_some_and(|day| day.month.is_some());
                    let listed = listed || names_what(tokens, i - 1);
                    found.joined && (listed && of_a_month || found.has_hours())
                })
            }
            _ => None,
        },
    }
}

/// « levendredi », « dusamedi ».
fn joins_weekday(word: &str) -> bool {
    let rest = word.strip_prefix("le").or_else(|| word.strip_prefix("du"));
    rest.is_some_and(|rest| guetteur_model::dates::weekday_number(rest).is_some())
}

/// Whether « du » or « le » may hang on the word before it.
fn is_glued(word: &str) -> bool {
    word.len() > 5 && (word.ends_with("du") || word.ends_with("le") || word.ends_with("les"))
}

/// Whether a dash with spaces around it stands at `at`.
fn is_apart(tokens: &[Token<'_>], at: usize) -> bool {
    let Some([before, dash, after]) = at.checked_sub(1).and_then(|i| tokens.get(i..i + 3)) else {
        return false;
    };
    dash.text == "-" && dash.start > before.end && after.start > dash.end
}

/// Whether days may stand behind the word at `at` without an article: « foire de Crest 5, 6 et 7
/// juin », not « articles 5 et 6 ».
fn names_what(tokens: &[Token<'_>], at: usize) -> bool {
    let counted = [
        "article",
        "art",
        "lot",
        "zone",
        "secteur",
        "page",
        "annexe",
        "alinea",
        "parcelle",
        "section",
        "tour",
        "ligne",
        "route",
        "circonscription",
        "arrondissement",
        "groupe",
        "niveau",
        "phase",
        "point",
        "numero",
        "chapitre",
        "titre",
        "classe",
        "categorie",
        "rue",
        "tome",
    ];
    tokens.get(at).is_some_and(|t| {
        let word = t.text.strip_suffix('s').unwrap_or(t.text);
        t.kind == Kind::Word && t.text.len() > 2 && !counted.contains(&word)
    })
}

/// Whether two numbers follow each other at `at`, a space between them.
fn spaced(tokens: &[Token<'_>], at: usize) -> bool {
    tokens.get(at..at + 2).is_some_and(|pair| pair.iter().all(|t| t.kind == Kind::Number))
}

/// Whether a day with its month begins at `at`, alone or before another.
fn full_day(tokens: &[Token<'_>], at: usize) -> bool {
    day_at(tokens, at).is_some_and(|(day, _)| day.month.is_some() && day.year.is_some())
}

/// « valable trois mois renouvelable, prend effet le 16 mai »: the length says of what.
fn starts_soon(tokens: &[Token<'_>], at: usize) -> bool {
    (at..at + 5).any(|i| matches!(word(tokens, i), "effet" | "court" | "debute"))
}

/// Whether what stands before `at` says that something is permitted: « est autorisée ».
fn granted(tokens: &[Token<'_>], at: usize) -> bool {
    let verbs = ["autorise", "delivre", "accorde", "valable", "applicable", "instaure", "institue"];
    let before = at.checked_sub(1).map_or("", |i| word(tokens, i));
    verbs.iter().any(|verb| before.strip_prefix(verb).is_some_and(|end| end.len() < 3))
}

/// Whether nothing more is said of a length that ends at `at`.
fn closes(tokens: &[Token<'_>], at: usize) -> bool {
    matches!(word(tokens, at), "" | "." | ";" | ",") || word(tokens, at).starts_with("renouvelable")
}

/// « les nuits du 16 au 17 mai et du 17 au 18 mai » : the nights are named before.
fn nightly(tokens: &[Token<'_>], i: usize) -> bool {
    let before = tokens[i.saturating_sub(12)..=i].iter().rev();
    before.take_while(|t| !matches!(t.text, "." | ";")).any(|t| matches!(t.text, "nuit" | "nuits"))
}

/// Skips words that only join: « le », « , », « à », « à partir de ».
fn skip(tokens: &[Token<'_>], mut at: usize, words: &[&str]) -> usize {
    let start = at;
    while at < start + 6 && words.contains(&word(tokens, at)) && !word(tokens, at).is_empty() {
        at += 1;
    }
    at
}

const ARTICLES: [&str; 9] = ["du", "le", "les", "des", "la", "journee", "nuit", "nuits", "soiree"];

/// « du D1 (T1) au D2 (T2) », « le D de T1 à T2 », « les 15, 16 et 17 mars ».
fn from_day(tokens: &[Token<'_>], i: usize) -> Option<(Found, usize)> {
    let opens = word(tokens, i);
    let at = skip(tokens, i, &ARTICLES);
    let at = if opens == "entre" || opens == "de" { skip(tokens, i + 1, &ARTICLES) } else { at };
    let (first, mut next) = day_at(tokens, at)?;
    let (days, after_list) = list(tokens, first, next, opens);
    next = after_list;
    let (first, last) = ends(&days)?;
    let (start, end, after) = hours(tokens, next);
    let begins = tokens[i].start;
    // « … au D2 [T2] »
    if days.len() == 1 && end.is_none() {
        let from = first.at(start.filter(|m| *m < 1440).or(start.map(|_| 0)));
        let after = if opens == "du" { skip_aside(tokens, after) } else { after };
        if let Some((mut to, next)) = until(tokens, after, opens == "entre") {
            // « dans la nuit du 21 au 22 de 22h00 à 06h00 » names the morning's day already.
            if to.later > 0 && to.follows(&from) && nightly(tokens, i) {
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
    // « est autorisée le 20 février 2026 pour deux mois »
    if days.len() == 1 && end.is_none() && granted(tokens, i) {
        let lasts = lasting((found.clone(), after), tokens);
        if lasts.0.length.is_some() {
            return Some(lasts);
        }
    }
    Some(with_days_after(tokens, found, after))
}

/// « du 7 mars 2026, dès la fin du match, au 8 mars 2026 »: skips words between commas or brackets
/// before the end.
fn skip_aside(tokens: &[Token<'_>], at: usize) -> usize {
    const LONGEST: usize = 12;
    let closing = match word(tokens, at) {
        "," => ",",
        "(" => ")",
        _ => return at,
    };
    let inside = tokens.iter().enumerate().skip(at + 1).take(LONGEST);
    let mut plain =
        inside.take_while(|(_, t)| t.kind != Kind::Number && !matches!(t.text, "." | ";" | ":"));
    let end = plain.find(|(_, t)| t.text == closing).map(|(i, _)| i + 1);
    end.filter(|&end| word(tokens, end) == "au" && full_day(tokens, end + 1)).unwrap_or(at)
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
    // « du 28 décembre 2026 au 4 janvier »
    if let (Some(year), None, Some(first), Some(last)) = (from.year, to.year, from.month, to.month)
    {
        to.year = Some(year + i32::from(last < first));
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
