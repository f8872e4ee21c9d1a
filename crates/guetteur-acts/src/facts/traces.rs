//! Where each fact was read: the part of the act that its first words stand in.

use chrono::{Months, NaiveDate};
use guetteur_model::dates::dates;
use guetteur_model::dates::format_french_date;
use guetteur_model::{Facts, Region, Trace};

use super::{Reading, note};
use crate::designation;

/// Bytes of an ending or a heading in which the day of signature stands.
const NEAR: usize = 1_500;

/// Notes the words of the signature's day, and a doubt when the act was published before.
pub(super) fn signature(reading: &Reading<'_>, facts: &mut Facts) {
    let Some(signed_on) = facts.signed_on else { return };
    let ending = reading.parts.ending.clone();
    let heading = reading.headline();
    for range in [ending, heading] {
        let end = range.end.min(range.start + NEAR);
        let range = range.start..floor(reading, end);
        let found = dates(reading.slice(&range)).find(|found| found.date == signed_on);
        if let Some(found) = found {
            let words = range.start + found.start..range.start + found.end;
            note(facts, "signed_on", reading.text.span(words));
            break;
        }
    }
    if let Some(written) = slipped_year(reading, signed_on) {
        let (written, read) = (format_french_date(written), format_french_date(signed_on));
        facts.doubts.push(format!("« {written} » : année dépassée, lu {read}"));
        facts.traces.entry("signed_on".to_owned()).or_insert_with(|| trace(Region::Title, true));
    }
    if let Some(published) = reading.context.published_on.filter(|day| *day < signed_on) {
        facts.doubts.push(format!(
            "signé le {}, après la publication du {}",
            format_french_date(signed_on),
            format_french_date(published)
        ));
        facts.traces.entry("signed_on".to_owned()).or_insert_with(|| trace(Region::Ending, true));
    }
}

/// The same day of the year before in the act's name, which its number contradicts.
fn slipped_year(reading: &Reading<'_>, signed_on: NaiveDate) -> Option<NaiveDate> {
    let before = signed_on.checked_sub_months(Months::new(12))?;
    let upper = |at: usize| reading.text.is_upper(at);
    let named = designation::own_of(&reading.words(&reading.text.title()), &upper)?;
    (named.date == Some(before)).then_some(before)
}

/// Fills in the part of the act for each fact that has words and no trace yet, and marks those that
/// stand where such a fact is rarely said.
pub(super) fn complete(reading: &Reading<'_>, facts: &mut Facts) {
    for (field, spans) in &facts.evidence {
        if facts.traces.contains_key(field) {
            continue;
        }
        let Some(at) = spans.first().and_then(|span| reading.text.find_span(span)) else {
            continue;
        };
        let (region, article) = crate::regions::region_at(reading.text, &reading.parts, at);
        let trace = Trace { article, ..trace(region, is_to_check(field, region)) };
        facts.traces.insert(field.clone(), trace);
    }
}

fn trace(region: Region, to_check: bool) -> Trace {
    Trace { region, article: None, cue: None, distance: None, to_check }
}

/// What an act decides stands in its title, heading or articles. A demand, a reason, a notice of
/// remedies may name what was not granted.
fn is_to_check(field: &str, region: Region) -> bool {
    let decided = matches!(region, Region::Title | Region::Heading | Region::Article);
    match field {
        "applicant" | "legal_refs" | "signed_on" => false,
        // The reasons say what a measure is for.
        "purposes" if region == Region::Reasons => false,
        _ => !decided,
    }
}

fn floor(reading: &Reading<'_>, at: usize) -> usize {
    let text = reading.text.as_str();
    (0..=at.min(text.len())).rev().find(|&i| text.is_char_boundary(i)).unwrap_or(0)
}
