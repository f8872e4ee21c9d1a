//! Doubts that the days of an act raise: no text in force, too long, without end, told too late.

use std::ops::Range;

use chrono::Months;
use guetteur_model::dates::format_french_date as french;
use guetteur_model::{LegalDoubt, LegalDoubtKind as Kind, Purpose};

use super::Measure;
use crate::library::{Basis, Library};
use crate::text::LegalText;
use crate::words::words;

/// A measure that lasts longer than this can still be stopped while it lasts: a judge was not seized in
/// vain.
const SHORT_DAYS: i64 = 7;
/// A measure for gatherings alone that lasts longer than this is for no gathering.
const LONGEST_GATHERING_DAYS: i64 = 31;

/// A day of effect on which no text lets the measure be authorised.
pub(super) fn without_basis(library: &Library, measure: &Measure<'_>) -> Option<LegalDoubt> {
    let (from, to) = measure.days?;
    let day = library.first_day_without(measure.category, from, to)?;
    let Basis::None { before, after } = library.basis(measure.category, day) else { return None };
    let text = before.or(after)?;
    let ended =
        before.and_then(|text| Some(format!("{} a pris fin le {}", text.cite, french(text.to?))));
    let begins =
        after.and_then(|text| Some(format!("{} commence le {}", text.cite, french(text.from?))));
    let known = [ended, begins].into_iter().flatten().collect::<Vec<_>>().join(" ; ");
    let says = format!("Aucun texte connu ici ne permet la mesure le {} : {known}.", french(day));
    Some(measure.doubt(
        Kind::NoBasis,
        text,
        says,
        "Un autre texte, en vigueur ce jour-là, que l’acte citerait.",
        measure.words_of(&["valid_from", "valid_to"]),
    ))
}

pub(super) fn doubts(measure: &Measure<'_>, text: &LegalText) -> Vec<LegalDoubt> {
    [too_long(measure, text), gathering(measure, text), published(measure, text)]
        .into_iter()
        .flatten()
        .collect()
}

fn too_long(measure: &Measure<'_>, text: &LegalText) -> Option<LegalDoubt> {
    let months = text.limits.months?;
    if let Some(said) = without_end(measure) {
        let says = format!(
            "L’acte ne donne pas de fin ; {} ne permet pas plus de {}.",
            text.cite,
            allowed(months)
        );
        let dispelled = "Une fin, dans un autre article ou dans la demande.";
        return Some(measure.doubt(Kind::TooLong, text, says, dispelled, measure.quoted(said)));
    }
    let (from, to) = measure.days?;
    // « Trois mois à compter du 2 mars » ends on 2 June, whichever of the two days is counted.
    let last = from.checked_add_months(Months::new(months))?;
    if to <= last {
        return None;
    }
    let says = format!(
        "L’acte vaut du {} au {} ; {} ne permet pas plus de {}.",
        french(from),
        french(to),
        text.cite,
        allowed(months)
    );
    Some(measure.doubt(
        Kind::TooLong,
        text,
        says,
        "Un renouvellement par un acte distinct, ou des périodes séparées que l’acte énumère.",
        measure.words_of(&["valid_from", "valid_to"]),
    ))
}

/// Where an act that grants says that there is no end to it, and gives none.
fn without_end(measure: &Measure<'_>) -> Option<Range<usize>> {
    let words = words();
    if measure.act.facts.valid_to.is_some() {
        return None;
    }
    measure.sentences().find_map(|range| {
        let sentence = measure.slice(&range);
        let found = words.without_end.find(sentence)?;
        words.grants(sentence).then_some(range.start + found.start()..range.start + found.end())
    })
}

/// `trois mois`, as a number of months.
fn allowed(months: u32) -> String {
    match months {
        1 => "un mois".to_owned(),
        12.. if months.is_multiple_of(12) => format!("{} ans", months / 12),
        many => format!("{many} mois"),
    }
}

/// A measure for gatherings alone: without an end, or far longer than a gathering.
fn gathering(measure: &Measure<'_>, text: &LegalText) -> Option<LegalDoubt> {
    let facts = measure.act.facts;
    if !text.limits.gathering_only || facts.purposes != [Purpose::Gatherings] {
        return None;
    }
    let evidence = || measure.words_of(&["purposes"]);
    let dispelled = "Une fin qui suit celle du rassemblement, dans l’acte ou dans sa demande.";
    if let (Some((from, to)), Some(_)) = (measure.days, facts.valid_to) {
        let days = (to - from).num_days() + 1;
        let says = format!(
            "L’acte vise des rassemblements et vaut {days} jours ; {} ne permet que la durée du \
             rassemblement.",
            text.cite
        );
        return (days > LONGEST_GATHERING_DAYS)
            .then(|| measure.doubt(Kind::GatheringWithoutEnd, text, says, dispelled, evidence()));
    }
    let mut articles = measure.operative().peekable();
    articles.peek()?;
    let title = measure.slice(&measure.act.title);
    let unread = facts.valid_from.is_none();
    let ends = |part: &str| {
        words().gathering_ends.is_match(part) || unread && words().gathering_dates.is_match(part)
    };
    if without_end(measure).is_none() && articles.chain([title]).any(ends) {
        return None;
    }
    let says = format!(
        "L’acte vise un rassemblement et ne dit pas quand il cesse ; {} ne permet que la durée du \
         rassemblement.",
        text.cite
    );
    Some(measure.doubt(Kind::GatheringWithoutEnd, text, says, dispelled, evidence()))
}

fn published(measure: &Measure<'_>, text: &LegalText) -> Option<LegalDoubt> {
    // An act that changes another one bears the days of that one.
    let notice = measure.act.facts.notice_hours.filter(|_| !measure.amends())?;
    let evidence = || measure.words_of(&["valid_from"]);
    if text.limits.before_effect && notice < 0.0 {
        let says = format!(
            "L’acte a pris effet {} avant d’être publié ; {} veut la publication d’abord.",
            hours(-notice),
            text.cite
        );
        return Some(measure.doubt(
            Kind::PublishedAfterStart,
            text,
            says,
            "Une publication ou un affichage antérieurs, ailleurs qu’au recueil.",
            evidence(),
        ));
    }
    let needed = f64::from(text.limits.notice_hours?);
    let (from, to) = measure.days.filter(|_| measure.act.facts.valid_to.is_some())?;
    if (to - from).num_days() > SHORT_DAYS {
        return None;
    }
    if !(0.0..needed).contains(&notice) || words().unforeseen.is_match(measure.act.text) {
        return None;
    }
    let says = format!(
        "L’acte a été publié {} au plus avant son effet, moins que les {needed} heures dont un juge \
         des libertés dispose ({}).",
        hours(notice),
        text.cite
    );
    Some(measure.doubt(
        Kind::TooLateForAJudge,
        text,
        says,
        "Une publication antérieure, ou des circonstances imprévues que l’acte énonce.",
        evidence(),
    ))
}

fn hours(hours: f64) -> String {
    match hours.round() {
        1.0 => "une heure".to_owned(),
        whole => format!("{whole} heures"),
    }
}
