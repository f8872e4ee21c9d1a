//! Doubts that an act's words raise: a purpose, a capability, a user that the text does not name.

use std::ops::Range;

use guetteur_model::{LegalDoubt, LegalDoubtKind as Kind};

use super::Measure;
use crate::library::Library;
use crate::text::{Capability, LegalText, State, User};
use crate::words::words;

pub(super) fn doubts(
    library: &Library,
    measure: &Measure<'_>,
    text: &LegalText,
) -> Vec<LegalDoubt> {
    let excluded = text.limits.excluded.iter().filter_map(|c| capability(measure, text, *c));
    let users = text.limits.users.iter().filter_map(|user| other_user(measure, text, *user));
    excluded.chain(users).chain(other_purpose(library, measure, text)).collect()
}

/// A sentence of title or article that grants what the text excludes.
fn capability(
    measure: &Measure<'_>,
    text: &LegalText,
    capability: Capability,
) -> Option<LegalDoubt> {
    let words = words();
    let pattern = words.capability(capability)?;
    let of_its_own = capability == Capability::Algorithms
        && measure.act.flags.iter().any(|flag| flag.category.as_str() == "vsa");
    if of_its_own {
        // Such an act is held against the texts on algorithms themselves.
        return None;
    }
    let found = measure.sentences().find_map(|range| {
        let sentence = measure.slice(&range);
        let found = pattern.find(sentence)?;
        let of_drivers = capability == Capability::Sound && words.calls_for_help(sentence);
        (words.grants(sentence) && !words.denies(sentence) && !of_drivers)
            .then_some(range.start + found.start()..range.start + found.end())
    })?;
    let what = match capability {
        Capability::Sound => "la captation du son",
        Capability::FaceRecognition => "la reconnaissance faciale ou biométrique",
        Capability::CrossMatching => "des rapprochements automatisés avec d’autres traitements",
        Capability::Algorithms => "une analyse automatisée des images",
    };
    let save = text.limits.save.as_ref().map(|save| format!(", {save}")).unwrap_or_default();
    let says = format!("L’acte semble permettre {what}, que {} exclut{save}.", text.cite);
    let evidence = measure.quoted(found);
    let dispelled = "Une autre phrase de l’acte, ou sa demande, qui l’écarte expressément.";
    Some(measure.doubt(Kind::ExcludedCapability, text, says, dispelled, evidence))
}

/// « La police municipale de X est autorisée à … drone ».
fn other_user(measure: &Measure<'_>, text: &LegalText, user: User) -> Option<LegalDoubt> {
    let words = words();
    let found = measure.sentences().find_map(|range| {
        let sentence = measure.slice(&range);
        if !words.grants(sentence)
            || words.denies(sentence)
            || words.other_users.is_match(sentence)
            || !words.is_of_aircraft(sentence)
        {
            return None;
        }
        let named =
            words.user(user).find_iter(sentence).find(|m| is_granted(sentence, m.range()))?;
        Some(range.start + named.start()..range.start + named.end())
    })?;
    let says =
        format!("L’acte semble autoriser une commune ou sa police, que {} exclut.", text.cite);
    let evidence = measure.quoted(found);
    let dispelled = "Un service de l’État comme seul bénéficiaire, ou un texte postérieur qui \
                     l’ouvre aux communes.";
    Some(measure.doubt(Kind::OtherUser, text, says, dispelled, evidence))
}

/// Whether the one named is the one who is authorised: right before « est autorisée à », or right
/// after « autorisant », « autorise ».
fn is_granted(sentence: &str, named: Range<usize>) -> bool {
    const REACH: usize = 90;
    let after = &sentence[named.end..];
    let near: String = after.chars().take(REACH).collect();
    let before = sentence[..named.start].trim_end();
    let granted_after = words().granted_to.is_match(&near);
    let granted_before = ["autorisant", "autorise", "autorisation a", "autorisation de"]
        .iter()
        .any(|verb| before.ends_with(verb));
    granted_after || granted_before
}

/// A sentence that states a purpose which is not among those of the text.
fn other_purpose(library: &Library, measure: &Measure<'_>, text: &LegalText) -> Option<LegalDoubt> {
    let words = words();
    // A text that could not be read may name more purposes than this one.
    let on = measure.reference_day()?;
    let mut others = library.about(measure.category, on);
    if others.any(|other| other.basis && other.state == State::Open) {
        return None;
    }
    let patterns = library.other_purposes(text);
    let found = measure.sentences().find_map(|range| {
        let sentence = measure.slice(&range);
        let found = patterns.iter().find_map(|pattern| pattern.find(sentence))?;
        if text.limits.own_purpose.iter().any(|own| sentence.contains(own)) {
            return None;
        }
        let stated = words.purpose_stated.find_iter(sentence).any(|m| m.start() <= found.start());
        (stated && !words.denies(sentence) && !words.aftermath.is_match(sentence))
            .then_some(range.start + found.start()..range.start + found.end())
    })?;
    let says = format!("L’acte poursuit un but que {} ne nomme pas.", text.cite);
    let evidence = measure.quoted(found);
    let dispelled = "Le rattachement de ce but à l’une des finalités du texte, motivé dans l’acte.";
    Some(measure.doubt(Kind::OtherPurpose, text, says, dispelled, evidence))
}
