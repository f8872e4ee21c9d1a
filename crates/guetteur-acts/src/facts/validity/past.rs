//! Days that the act names and is not about: what happened, what was put off, what ends.

use chrono::NaiveDate;

use super::super::{Reading, tail};
use super::Candidate;
use super::period::Found;
use super::resolve::resolve;
use crate::parts::pattern;

// Why the act is given: « en raison des violences du 1er mars », before a day that « du » joins.
pattern!(
    REASON,
    r"\b(?:en raison|au regard|compte tenu|eu egard|au vu|comme|suite|apres|depuis|a cause|du fait|precedente?s?|similaires?|identiques?|consecuti[a-z]+) [^.;,:]*$"
);
// « commises le 1er mars », « survenus dans la nuit du 1er mars ».
pattern!(
    HAPPENED,
    r"\b(?:survenu|commis|perpetre|constate|observe|enregistre|debute|commence|entame|s'etant produit)(?:e?s)?e? (?:[^.;,:]{0,40} )?$"
);
// « reporté du 14 février »: the first day is no more, what it was put off to counts.
pattern!(PUT_OFF_FROM, r"\b(?:reporte|repousse|decale)e?s? $");
// What does not take place on the days named.
pattern!(
    PUT_OFF,
    r"\b(?:en remplacement|au lieu|a la place|initialement prevue?s?|initialement programmee?s?) [^.;,:]*$"
);
// « l'arrêté du 12 janvier est abrogé à compter », « l'autorisation du 12 janvier prend fin ».
pattern!(
    OLD_ACT_ENDS,
    r"\b(?:arrete|autorisation|decision|habilitation|derogation)s?(?: (?:(?:inter)?prefectorale?|initiale?|precedente?|anterieure?|accordee?|delivree?|donnee|signee?|modifiee?|susvisee?|en date))* (?:du|le|n ?°) ?[^ ]{0,12}\d[^.;]{0,90}\b(?:(?:est|sont|sera|seront) (?:abroge|retire|rapporte|annule)|prend fin|prendra fin|prennent fin|cesse|expire|s'acheve|se termine)[^.;]*$"
);
// « institué du 1er au 31 août est renouvelé »: what follows is the new period.
pattern!(
    RENEWED,
    r"^[^.;]{0,200}?\b(?:est|sont|sera|seront) (?:[a-z]+ )?(?:renouvele|prolonge|proroge|reconduit)"
);
// « l'arrêté autorisant la captation du 5 au 7 juin est abrogé ».
pattern!(OF_AN_ACT, r"\b(?:arrete|autorisation|decision)\b[^.;]*$");
pattern!(ENDED, r"^[^.;]{0,120}?\b(?:est|sont|sera|seront) (?:abroge|retire|rapporte|annule)");
// « peut être retirée à compter du 5 juin », « renouvelable dans les mêmes conditions à compter du ».
pattern!(
    MAY_BE,
    r"\bpeu(?:t|vent) (?:a tout moment )?etre (?:retire|abroge|suspend|modifi|renouvel)[^.;]*$|\brenouvelables? (?:dans|par|selon|sous)[^.;,]*$"
);
pattern!(THIS_ACT, r"\bpresente? (?:arrete|autorisation|decision)");

/// Bytes before a period that are looked at.
const BEFORE: usize = 200;
/// And after it: a place may stand between the old days and the verb.
const AFTER: usize = 260;

/// Takes away what is no part of the period of the act, as long as something is left of it.
pub(super) fn forget(reading: &Reading<'_>, all: &mut Vec<Candidate>) {
    all.retain(|one| {
        let words = before(reading, one);
        !PUT_OFF.is_match(words) && !MAY_BE.is_match(words) && !is_of_what_ends(reading, one)
    });
    all.retain_mut(|one| {
        let put_off = PUT_OFF_FROM.is_match(before(reading, one));
        let from_a_day = reading.slice(&one.found.range).starts_with("du ");
        !(put_off && from_a_day) || one.found.keep_end()
    });
    let signed = reading.reference_day();
    let gone = |one: &Candidate| {
        last_day(reading, one).zip(signed).is_some_and(|(day, signed)| day < signed)
    };
    // Alone, too: the day of an incident before the signature is no start.
    all.retain(|one| !(is_reason(reading, one) && gone(one)));
    forget_among(all, |one| is_reason(reading, one));
    forget_among(all, |one| ends_an_old_act(reading, one));
    forget_among(all, |one| RENEWED.is_match(after(reading, one)));
    forget_what_is_over(reading, all);
    forget_what_is_recalled(all);
}

/// Takes away those that are `other`, where one is not.
fn forget_among(all: &mut Vec<Candidate>, other: impl Fn(&Candidate) -> bool) {
    let others: Vec<bool> = all.iter().map(other).collect();
    if others.contains(&false) {
        let mut is_other = others.into_iter();
        all.retain(|_| !is_other.next().unwrap_or(false));
    }
}

fn is_lone(found: &Found) -> bool {
    !found.is_range() && found.from.is_some() && found.to.is_some()
}

fn is_reason(reading: &Reading<'_>, one: &Candidate) -> bool {
    let words = before(reading, one);
    let joined = || {
        let opens = reading.slice(&one.found.range);
        (opens.starts_with("du ") || opens.starts_with("des ")) && REASON.is_match(words)
    };
    is_lone(&one.found) && (HAPPENED.is_match(words) || joined())
}

/// « abrogé à compter du 5 mars » where another article says from when the new act has effect.
fn ends_an_old_act(reading: &Reading<'_>, one: &Candidate) -> bool {
    let words = before(reading, one);
    OLD_ACT_ENDS.find(words).is_some_and(|found| !THIS_ACT.is_match(found.as_str()))
}

/// Whether a period is that of an act which this one ends.
fn is_of_what_ends(reading: &Reading<'_>, one: &Candidate) -> bool {
    let ended = ENDED.find(after(reading, one));
    ended.is_some_and(|words| {
        !words.as_str().contains("arrete") && OF_AN_ACT.is_match(before(reading, one))
    })
}

/// A lone day before the signature, where the act names another that comes: what happened.
fn forget_what_is_over(reading: &Reading<'_>, all: &mut Vec<Candidate>) {
    let Some(signed) = reading.act.signed_on else { return };
    let over = |day: Option<NaiveDate>| day.is_some_and(|day| day < signed);
    let comes = |one: &Candidate| is_lone(&one.found) && !over(last_day(reading, one));
    if all.iter().any(comes) {
        all.retain(|one| !is_lone(&one.found) || !over(last_day(reading, one)));
    }
}

/// « le 13 novembre 2025, en commémoration des attentats du 13 novembre 2015 »: a day alone, years
/// before others that the act names, is the one that a ceremony recalls.
fn forget_what_is_recalled(all: &mut Vec<Candidate>) {
    let year = |candidate: &Candidate| candidate.found.from.as_ref()?.year;
    let Some(latest) = all.iter().filter_map(year).max() else { return };
    all.retain(|one| !is_lone(&one.found) || year(one).is_none_or(|year| latest - year <= 1));
}

fn last_day(reading: &Reading<'_>, one: &Candidate) -> Option<NaiveDate> {
    resolve(reading, &one.found).1.map(|resolved| resolved.day)
}

/// The words of the same part after a period.
fn after<'r>(reading: &'r Reading<'_>, one: &Candidate) -> &'r str {
    let part = &reading.said()[one.part].range;
    let words = reading.slice(&(one.found.range.end..part.end));
    words.char_indices().nth(AFTER).map_or(words, |(end, _)| &words[..end])
}

/// The words of the same part before a period.
fn before<'r>(reading: &'r Reading<'_>, one: &Candidate) -> &'r str {
    let part = &reading.said()[one.part].range;
    tail(reading.slice(&(part.start..one.found.range.start)), BEFORE)
}
