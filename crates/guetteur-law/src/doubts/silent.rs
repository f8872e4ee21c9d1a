//! Doubts that an act's silence raises: towards the public, on the number of cameras.

use guetteur_model::{LegalDoubt, LegalDoubtKind as Kind};

use super::Measure;
use crate::text::{LegalText, Required};
use crate::words::words;

/// An operative part shorter than this, in bytes, was hardly read.
const READABLE: usize = 240;

pub(super) fn doubts(measure: &Measure<'_>, text: &LegalText) -> Vec<LegalDoubt> {
    let required = text.limits.required.iter().filter_map(|required| match required {
        Required::Cameras => no_camera_number(measure, text),
    });
    required.chain(silence(measure, text)).collect()
}

/// The public is not told, and no purpose of the act allows that.
fn silence(measure: &Measure<'_>, text: &LegalText) -> Option<LegalDoubt> {
    let (words, allowed) = (words(), &text.limits.silence_for);
    let purposes = &measure.act.facts.purposes;
    let may_be_silent = purposes.iter().any(|purpose| allowed.contains(purpose));
    if allowed.is_empty() || purposes.is_empty() || may_be_silent {
        return None;
    }
    let found = measure.sentences().find_map(|range| {
        let sentence = measure.slice(&range);
        let found = words.silence.find(sentence)?;
        (!words.silence_excused.is_match(sentence))
            .then_some(range.start + found.start()..range.start + found.end())
    })?;
    let says = format!(
        "L’acte écarte l’information du public ; hors urgence, {} ne le permet pas pour la finalité \
         qu’il poursuit.",
        text.cite
    );
    let mut evidence = measure.quoted(found);
    evidence.extend(measure.words_of(&["purposes"]).into_iter().take(1));
    let dispelled = "Une urgence, des conditions de l’opération ou une finalité 1°, 3° ou 5° que \
                     l’acte énonce.";
    Some(measure.doubt(Kind::Silence, text, says, dispelled, evidence))
}

/// Readable articles that speak of cameras and say no number.
fn no_camera_number(measure: &Measure<'_>, text: &LegalText) -> Option<LegalDoubt> {
    let facts = measure.act.facts;
    if facts.cameras.is_some() || facts.aircraft.is_some() || measure.amends() {
        return None;
    }
    let length: usize = measure.operative().map(str::len).sum();
    let several = measure.act.articles.len() >= 2;
    let names = |word: &str| measure.operative().any(|article| article.contains(word));
    // « Le nombre de caméras … »: what follows could not be read, or stands in an annex.
    if !several || length < READABLE || !names("camera") || names("nombre") {
        return None;
    }
    let says =
        format!("L’acte ne dit pas combien de caméras il permet ; {} le demande.", text.cite);
    Some(measure.doubt(
        Kind::NoCameraNumber,
        text,
        says,
        "Un nombre dans une annexe ou une page qui n’a pas été lue.",
        Vec::new(),
    ))
}
