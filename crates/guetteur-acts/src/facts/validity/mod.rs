//! From when to when an act has effect.
//!
//! `moment` reads days and hours, `period` reads the ways of joining two of them, `score` judges each
//! period by where it stands and what stands before it, `past` takes away what the act is not about,
//! this file chooses the one that the act is about and joins what belongs to it, `resolve` makes days of it, `doubts` notes what contradicts it.

mod doubts;
mod moment;
mod past;
mod period;
mod resolve;
mod score;
mod weeks;

use std::ops::Range;

use guetteur_model::{Facts, Region, Trace, When};

use super::notice::{self, local};
use super::{Part, Reading, note};
use crate::designation;
use crate::parts::pattern;
use moment::Moment;
use period::Found;
use resolve::{Resolved, resolve};
use score::{CUE, ELSEWHERE, Judged, is_delegation, judge};

pattern!(
    ENDS,
    r"(?:cesse[a-z]*(?: de (?:produire|porter))?(?: ses| tous?)?(?: effets?)?|(?:prend(?:ra|re)?|prenant) fin|expir[a-z]{1,5}|s'achev[a-z]{1,4}|se termin[a-z]{1,4})(?: a (?:compter|partir) d[eu]?)? ?$"
);
pattern!(
    STARTS,
    r"(?:entre[a-z]* en vigueur|(?:prend(?:ra)?|prenant) effet|debut(?:e|era|ant)|commence(?:ra)?)(?: a (?:compter|partir) d[eu]?| au)? ?$"
);

// What a sentence that says what the act does has, and a file's name has not.
pattern!(
    SENTENCE,
    r"portant|autorisant|modifiant|abrogeant|fixant|relati|interdisant|reglementant|instituant|instaurant|du \d|arrete du"
);

/// A period with the judgement of its words and place.
struct Candidate {
    found: Found,
    judged: Judged,
    part: usize,
}

/// Reads `valid_from`, `valid_to` and the doubts about them: in the title, the heading's event and
/// the articles alone. The day in an act's name, its own or a cited one's, is none of them, nor is
/// one in a footer or stamp. A day without an hour stays a day. Lengths count as art. 641 of the
/// code de procédure civile counts them: to the day that bears the same number; they start with
/// the signature when the act names no other day.
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
    let before = facts.doubts.len();
    doubts::compare_with_title(reading, &candidates, best, facts);
    let hours = period::needs_hours(&chosen).then(|| hours_apart(reading)).flatten();
    let hours = hours.map(|(first, last, at)| {
        period::add_hours(&mut chosen, first, last);
        at
    });
    let same_part = range.end - range.start < 1_500;
    let evidence = if same_part { range } else { chosen.range.clone() };
    let resolved = resolve(reading, &chosen);
    doubts::check(reading, &chosen, &resolved, facts);
    let doubted = facts.doubts.len() > before;
    let zone = reading.context.timezone;
    let when = |moment: &Option<Resolved>| {
        let moment = moment.as_ref()?;
        match moment.minutes {
            None => Some(When::Day(moment.day)),
            Some(minutes) => local(zone, moment.day, minutes).map(When::Instant),
        }
    };
    facts.valid_from = when(&resolved.0);
    facts.valid_to = when(&resolved.1);
    // A start taken from the signature says nothing of the notice that people had.
    if chosen.from.is_some() || chosen.origin.is_some() {
        notice::set(reading, facts);
    }
    let trace = trace(reading, &candidates[best], doubted);
    for (field, has) in
        [("valid_from", facts.valid_from.is_some()), ("valid_to", facts.valid_to.is_some())]
    {
        if has {
            note(facts, field, reading.text.span(evidence.clone()));
            note(facts, field, hours.clone().and_then(|at| reading.text.span(at)));
            facts.traces.insert(field.to_owned(), trace.clone());
        }
    }
}

fn trace(reading: &Reading<'_>, chosen: &Candidate, doubted: bool) -> Trace {
    let part = &reading.said()[chosen.part];
    let cue = chosen.judged.cue.clone();
    Trace {
        region: part.region,
        article: part.article,
        distance: cue.as_ref().map(|cue| {
            chosen.found.range.start.saturating_sub(cue.end).try_into().unwrap_or(u32::MAX)
        }),
        cue: cue.map(|cue| reading.slice(&cue).to_owned()),
        to_check: doubted || !chosen.judged.sure,
    }
}

fn candidates(reading: &Reading<'_>) -> Vec<Candidate> {
    let mut all = Vec::new();
    let upper = |at: usize| reading.text.is_upper(at);
    for (i, part) in reading.said().iter().enumerate() {
        let words = reading.words(&part.range);
        let own = (part.region != Region::Article).then(|| designation::own_of(&words, &upper));
        let named = own.flatten().into_iter().chain(designation::cited(&words, &upper));
        let days: Vec<Range<usize>> = named.map(|named| named.day).collect();
        let text = reading.slice(&part.range);
        let elsewhere = part.region == Region::Article
            && reading.parts.articles.len() > 1
            && ELSEWHERE.is_match(text);
        // A day in a name parts the words before it from those after it.
        for free in words.split(|word| days.iter().any(|day| day.contains(&word.start))) {
            for found in period::find(free) {
                let found = with_its_verb(text, part.range.start, found);
                let found = weeks::complete(reading, i, found);
                let judged = judge(reading, &found, part, elsewhere);
                if judged.score > 0 {
                    all.push(Candidate { found, judged, part: i });
                }
            }
        }
    }
    if all.is_empty() {
        all.extend(bare_day(reading));
    }
    past::forget(reading, &mut all);
    all
}

/// « AP utilisation drones 5 juin 2024 PN.odt », « CYCLO-CROSS DE CREST SAMEDI 24 OCTOBRE 2026 »: the
/// day in a title that is no sentence, where it comes after the signature, or with its day of the
/// week after the publication. To check: nothing says what it is.
fn bare_day(reading: &Reading<'_>) -> Option<Candidate> {
    let title = reading.said().first().filter(|part| part.region == Region::Title)?;
    if SENTENCE.is_match(reading.slice(&title.range)) || is_delegation(reading) {
        return None;
    }
    let words = reading.words(&title.range);
    let found = (1..words.len()).find_map(|at| period::bare_day(&words, at))?;
    let event = found.from.as_ref().is_some_and(|moment| moment.weekday.is_some());
    let since = reading.act.signed_on.or(reading.context.published_on.filter(|_| event))?;
    let (day, _) = resolve(reading, &found);
    let coming = day.is_some_and(|day| (1..=LONGEST_WAIT).contains(&(day.day - since).num_days()));
    let judged = Judged { score: 1, cue: None, sure: false };
    coming.then_some(Candidate { found, judged, part: 0 })
}

/// Days from the signature to the day that a file's name may give.
const LONGEST_WAIT: i64 = 31;

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

fn best(candidates: &[Candidate]) -> Option<usize> {
    (0..candidates.len()).max_by_key(|&i| (candidates[i].judged.score, std::cmp::Reverse(i)))
}

/// Periods that stand beside the best one: the other slots of the same list, or its other end.
fn chain(reading: &Reading<'_>, candidates: &[Candidate], best: usize) -> Vec<usize> {
    let part = candidates[best].part;
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
            let apart = candidate.part != part || !near(&last, &candidate.found.range);
            if apart || is_in_passing(&candidates[best].found, &candidate.found) {
                break;
            }
            joined.push(i as usize);
            last = candidate.found.range.clone();
            i += direction;
        }
    }
    let decided = |part: &Part| part.region == Region::Article;
    let in_article = |i: &usize| decided(&reading.said()[candidates[*i].part]);
    let has = &candidates[best].found;
    if has.from.is_some() && has.to.is_none() && has.length.is_none() {
        joined.extend(
            (0..candidates.len())
                .filter(in_article)
                .find(|&i| candidates[i].found.from.is_none() && candidates[i].found.to.is_some()),
        );
    } else if has.from.is_none() && has.to.is_some() && has.origin.is_none() {
        joined.extend((0..candidates.len()).filter(in_article).find(|&i| {
            let found = &candidates[i].found;
            found.from.is_some() && found.to.is_none()
        }));
    }
    joined
}

/// « la manifestation du 6 mai 2026, déclarée par le Comité du 9 mai »: a day alone without the year
/// that the other has is a name.
fn is_in_passing(chosen: &Found, other: &Found) -> bool {
    let year = |found: &Found| found.from.as_ref().and_then(|moment| moment.year);
    !other.is_range() && other.length.is_none() && year(chosen).is_some() && year(other).is_none()
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
