//! From when to when an act has effect.
//!
//! `moment` reads days and hours, `period` reads the ways of joining two of them, this file
//! chooses the period that the act is about and notes what contradicts it.

mod moment;
mod period;

use std::ops::Range;

use chrono::{Datelike, Months, NaiveDate};
use guetteur_model::dates::format_french_date;
use guetteur_model::{Facts, When};

use super::notice::local;
use super::{Reading, note};
use crate::parts::pattern;
use moment::Moment;
use period::{Found, Length, Origin};

/// Longest validity of an authorisation to film from aircraft: code de la sécurité intérieure,
/// art. L. 242-5 IV, three months, renewable.
const LONGEST_MONTHS: u32 = 3;

pattern!(
    CUE,
    r"autoris|valable|valid|applica|effet|periode|duree|accord|delivr|vigueur|instaure|institue|interdi|mis en oeuvre|mise en oeuvre|a compter|survol|captation|prescri|emploi"
);
pattern!(
    ELSEWHERE,
    r"(?:delais? de|voies de|d'un|exercer un|introduire un) recours|recours (?:gracieux|contentieux|hierarchique|administratif|devant|pour exces)|tribunal administratif|\bregistre|conserv|enregistrements sont|information du public|charges? de l'execution|publie au recueil|bilan|compte[- ]rendu"
);
pattern!(
    CITED,
    r"\b(?:arretes?|decrets?|loi|avis|demandes?|courrier|rapport|instruction|circulaire|proces-verbal|deliberation|convention|decision|reunion|seance|note|recue?|nee?|signee?|notifiee?|publiee?|declaration|deposee?|formulee|dossier|visite|modifiee?|susvisee?|signature)(?: (?:prefectorale?s?|interministerielle?|ministerielle?|municipale?|du prefet|du ministre|de nomination))*(?: n ?[°o*]? ?[a-z0-9/_. -]{1,40}?| [a-z/_-]*\d[a-z0-9/_.-]*)?(?: en date| date)?(?: susvisee?)?,? ?(?:du|le|des|au)? ?$"
);

// « les mots « jusqu'au 8 mai » sont remplacés par les mots « jusqu'au 10 mai » »: the first is no
// longer, the second counts.
pattern!(
    OUTDATED,
    r#"^[^.;"]{0,30}" ?,? ?(?:est|sont) (?:ainsi |alors )?(?:remplace|supprime|abroge|modifie)"#
);
pattern!(IN_ITS_PLACE, r#"(?:remplace|substitue|modifie)[^.;]{0,40}?"[^"]*$"#);

pattern!(
    ENDS,
    r"(?:cesse[a-z]*(?: de (?:produire|porter))?(?: ses| tous?)?(?: effets?)?|(?:prend(?:ra|re)?|prenant) fin|expir[a-z]{1,5}|s'achev[a-z]{1,4}|se termin[a-z]{1,4})(?: a (?:compter|partir) d[eu]?)? ?$"
);
pattern!(
    STARTS,
    r"(?:entre[a-z]* en vigueur|(?:prend(?:ra)?|prenant) effet|debut(?:e|era|ant)|commence(?:ra)?)(?: a (?:compter|partir) d[eu]?| au)? ?$"
);

/// A period with the score of its words and place.
struct Candidate {
    found: Found,
    score: i32,
    /// 0 is the title, then the articles.
    region: usize,
}

/// Reads `valid_from`, `valid_to` and the doubts about them. Read in the title and the articles,
/// never in *Vu*. A day without an hour stays a day. Lengths count as art. 641 of the code de
/// procédure civile counts them: to the day that bears the same number; they start with the
/// signature when the act names no other day.
pub(crate) fn read(reading: &Reading<'_>, facts: &mut Facts) {
    let candidates = candidates(reading);
    let Some(best) = best(&candidates) else { return };
    let mut chosen = candidates[best].found.clone();
    let mut range = chosen.range.clone();
    for other in chain(reading, &candidates, best) {
        let found = &candidates[other].found;
        complete(&mut chosen, found);
        range = range.start.min(found.range.start)..range.end.max(found.range.end);
    }
    compare_with_title(reading, &candidates, best, facts);
    let hours = period::needs_hours(&chosen).then(|| hours_apart(reading)).flatten();
    let hours = hours.map(|(first, last, at)| {
        period::add_hours(&mut chosen, first, last);
        at
    });
    let same_region = range.end - range.start < 1_500;
    let evidence = if same_region { range } else { chosen.range.clone() };
    let resolved = resolve(reading, &chosen);
    check(reading, &chosen, &resolved, facts);
    let zone = reading.context.timezone;
    let when = |moment: &Option<Resolved>| {
        let moment = moment.as_ref()?;
        match moment.minutes {
            None => Some(When::Day(moment.day)),
            Some(minutes) => local(zone, moment.day, minutes).map(When::Instant),
        }
    };
    // A start taken from the signature says nothing of the notice that people had.
    if chosen.from.is_some() || chosen.origin.is_some() {
        super::notice::set(reading, facts, when(&resolved.0));
    }
    facts.valid_from = when(&resolved.0);
    facts.valid_to = when(&resolved.1);
    for (field, has) in
        [("valid_from", facts.valid_from.is_some()), ("valid_to", facts.valid_to.is_some())]
    {
        if has {
            note(facts, field, reading.text.span(evidence.clone()));
            note(facts, field, hours.clone().and_then(|at| reading.text.span(at)));
        }
    }
}

fn is_outdated(after: &str) -> bool {
    after.contains('"') && OUTDATED.is_match(after)
}

fn candidates(reading: &Reading<'_>) -> Vec<Candidate> {
    let mut all = Vec::new();
    let regions = reading.saying();
    for (region, range) in regions.iter().enumerate() {
        let text = reading.slice(range);
        let elsewhere = region > 0 && regions.len() > 2 && ELSEWHERE.is_match(text);
        for found in period::find(&reading.words(range)) {
            let found = with_its_verb(text, range.start, found);
            let score = score(reading, &found, region, elsewhere);
            if score > 0 {
                all.push(Candidate { found, score, region });
            }
        }
    }
    forget_what_is_recalled(&mut all);
    all
}

/// « le 13 novembre 2025, en commémoration des attentats du 13 novembre 2015 »: a day alone, years
/// before others that the act names, is the one that a ceremony recalls.
fn forget_what_is_recalled(all: &mut Vec<Candidate>) {
    let year = |candidate: &Candidate| candidate.found.from.as_ref()?.year;
    let Some(latest) = all.iter().filter_map(year).max() else { return };
    let is_day = |found: &Found| !found.is_range() && found.to.is_some();
    all.retain(|one| !is_day(&one.found) || year(one).is_none_or(|year| latest - year <= 1));
}

/// « entre en vigueur le 15 mai », « cesse de produire effet le 17 mai »: a day that a verb makes the
/// start or the end.
fn with_its_verb(text: &str, base: usize, mut found: Found) -> Found {
    let before = &text[..found.range.start - base];
    let near = before.char_indices().rev().nth(60).map_or(before, |(i, _)| &before[i..]);
    if found.from.is_some() && !found.is_range() || found.to.is_none() && found.length.is_none() {
        if ENDS.is_match(near) {
            // « le 17 mai à minuit » is the end of that day where it ends something.
            let midnight = text[..found.range.end - base].ends_with("minuit").then_some(1440);
            let end = found.from.take().map(|day| day.at(midnight.or(day.minutes)));
            found.to = end.or(found.to);
        } else if STARTS.is_match(near) {
            found.to = None;
        }
    }
    found
}

/// « La présente autorisation s'applique de 10h00 à 22h00 »: hours in an article of their own.
fn hours_apart(reading: &Reading<'_>) -> Option<(u32, u32, Range<usize>)> {
    reading.parts.articles.iter().find_map(|article| {
        let text = reading.slice(&article.range);
        if !CUE.is_match(text) || ELSEWHERE.is_match(text) {
            return None;
        }
        period::hours_alone(&reading.words(&article.range))
    })
}

fn score(reading: &Reading<'_>, found: &Found, region: usize, elsewhere: bool) -> i32 {
    let text = reading.text.as_str();
    let at = found.range.start;
    let window = (at.saturating_sub(120)..=at).find(|&i| text.is_char_boundary(i)).unwrap_or(at);
    let before = &text[window..at];
    let from_title = region == 0;
    let cited = CITED.is_match(before);
    let reach = (found.range.end + 80).min(text.len());
    let reach = (reach..=text.len()).find(|&i| text.is_char_boundary(i)).unwrap_or(text.len());
    if cited && !found.is_range() || is_outdated(&text[found.range.end..reach]) {
        return 0;
    }
    let form = match (&found.from, &found.to, &found.length) {
        (Some(_), Some(_), _) if found.is_range() => 6,
        (Some(_), Some(_), _) => 4,
        (Some(_), None, Some(_)) => 6,
        (None, None, Some(_)) => 3,
        (Some(from), None, None) if from.minutes.is_some() => 3,
        _ => 2,
    };
    // A length or an open period needs a word that says what it is about.
    let cue = CUE.is_match(before);
    let weak = form <= 3 && !cue && !from_title && found.origin.is_none();
    let first = usize::from(!reading.parts.articles.is_empty());
    let place = match region {
        0 => 2,
        r if r == first => 3,
        _ => 1,
    };
    let hours = i32::from(found.from.as_ref().is_some_and(|m| m.minutes.is_some()))
        + i32::from(found.to.as_ref().is_some_and(|m| m.minutes.is_some()));
    let lone = form == 4 && !cue && !from_title && hours == 0;
    form + place + hours + 2 * i32::from(cue)
        - 6 * i32::from(elsewhere)
        - 3 * i32::from(weak)
        - 4 * i32::from(lone)
        - 2 * i32::from(cited)
        + 6 * i32::from(before.contains('"') && IN_ITS_PLACE.is_match(before))
}

fn best(candidates: &[Candidate]) -> Option<usize> {
    (0..candidates.len()).max_by_key(|&i| (candidates[i].score, std::cmp::Reverse(i)))
}

/// Periods that stand beside the best one: the other slots of the same list, or its other end.
fn chain(reading: &Reading<'_>, candidates: &[Candidate], best: usize) -> Vec<usize> {
    let region = candidates[best].region;
    let mut joined = Vec::new();
    let near = |a: &Range<usize>, b: &Range<usize>| {
        let gap = if a.end <= b.start { a.end..b.start } else { b.end..a.start };
        let text = reading.slice(&gap);
        gap.len() < 80 && !text.contains("article") && !text.contains(". ")
    };
    for direction in [1i64, -1] {
        let mut last = candidates[best].found.range.clone();
        let mut i = best as i64 + direction;
        while let Some(candidate) = usize::try_from(i).ok().and_then(|i| candidates.get(i)) {
            if candidate.region != region || !near(&last, &candidate.found.range) {
                break;
            }
            joined.push(i as usize);
            last = candidate.found.range.clone();
            i += direction;
        }
    }
    let has = &candidates[best].found;
    if has.from.is_some() && has.to.is_none() && has.length.is_none() {
        joined.extend((0..candidates.len()).find(|&i| {
            candidates[i].found.from.is_none()
                && candidates[i].found.to.is_some()
                && candidates[i].region > 0
        }));
    } else if has.from.is_none() && has.to.is_some() && has.origin.is_none() {
        joined.extend((0..candidates.len()).find(|&i| {
            let found = &candidates[i].found;
            found.from.is_some() && found.to.is_none() && candidates[i].region > 0
        }));
    }
    joined
}

/// Widens a period to hold another, or gives it the end that it lacks.
fn complete(chosen: &mut Found, other: &Found) {
    let earlier = |a: &Moment, b: &Moment| a.sort_key() < b.sort_key();
    match (&chosen.from, &other.from) {
        (None, Some(from)) if other.to.is_none() => chosen.from = Some(from.clone()),
        // « les nuits du 16 au 17 et du 17 au 18 mai, de 22h à 5h »: the hours are those of all.
        (Some(a), Some(b)) if other.to.is_some() && earlier(b, a) => {
            chosen.from = Some(b.at(b.minutes.or(a.minutes)));
        }
        _ => {}
    }
    match (&chosen.to, &other.to) {
        (None, Some(to)) => chosen.to = Some(to.clone()),
        (Some(a), Some(b)) if other.from.is_some() && earlier(a, b) => chosen.to = Some(b.clone()),
        _ => {}
    }
    if chosen.length.is_none() && chosen.to.is_none() {
        chosen.length = other.length;
    }
}

/// A day with its minute, made certain.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Resolved {
    day: NaiveDate,
    /// From 00:00 of the day; 1440 and more are the next day.
    minutes: Option<u32>,
}

fn resolve(reading: &Reading<'_>, found: &Found) -> (Option<Resolved>, Option<Resolved>) {
    let reference = reading.reference_day();
    let hint = (&found.from, &found.to);
    let to_day = found.to.as_ref().and_then(|m| m.day(reference));
    let from_day = found.from.as_ref().and_then(|m| match hint.1 {
        Some(to) => m.day_before(to, to_day, reference),
        None => m.day(reference),
    });
    let mut from =
        found.from.as_ref().zip(from_day).map(|(m, day)| Resolved { day, minutes: m.minutes });
    if from.is_none() {
        let day = match found.origin {
            Some(Origin::Publication) => reading.context.published_on,
            Some(Origin::Signature) => reading.reference_day(),
            None if found.length.is_some() => reading.act.signed_on,
            None => None,
        };
        from = day.map(|day| Resolved { day, minutes: None });
    }
    let to = found.to.as_ref().zip(to_day).map(|(m, day)| Resolved { day, minutes: m.minutes });
    let to = to.or_else(|| add(from.as_ref()?, found.length?));
    (from, to)
}

fn add(from: &Resolved, length: Length) -> Option<Resolved> {
    let day = match length {
        Length::Hours(hours) => {
            let minutes = from.minutes? + hours * 60;
            let day = from.day.checked_add_days(chrono::Days::new(u64::from(minutes / 1440)))?;
            return Some(Resolved { day, minutes: Some(minutes % 1440) });
        }
        Length::Days(days) => from.day.checked_add_days(chrono::Days::new(u64::from(days)))?,
        Length::Months(months) => from.day.checked_add_months(Months::new(months))?,
    };
    Some(Resolved { day, minutes: from.minutes })
}

/// Contradictions, in French words for the reader.
fn check(
    reading: &Reading<'_>,
    found: &Found,
    resolved: &(Option<Resolved>, Option<Resolved>),
    facts: &mut Facts,
) {
    let words = |moment: &Moment| reading.text.quote(moment.range.clone());
    for (moment, resolved) in [(&found.from, &resolved.0), (&found.to, &resolved.1)] {
        let (Some(moment), Some(resolved)) = (moment, resolved) else { continue };
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
            let names = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"];
            let real = names[weekday as usize];
            doubt(facts, format!("« {} » : ce jour est un {real}", words(moment)));
        }
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
fn compare_with_title(
    reading: &Reading<'_>,
    candidates: &[Candidate],
    best: usize,
    facts: &mut Facts,
) {
    if candidates[best].region == 0 || !candidates[best].found.is_range() {
        return;
    }
    let titled = candidates.iter().find(|c| c.region == 0 && c.found.is_range());
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
