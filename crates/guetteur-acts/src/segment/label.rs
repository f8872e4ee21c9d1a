//! Bulletin numbers behind a word: « N° d'acte : 54-2026-02-11-00003 – … », « Arrêté n° 54-… - … ».

use guetteur_model::fold::{Folded, slice_chars};

use super::lexicon::KIND;
use super::number;
use super::page::Line;
use crate::parts::pattern;

// An ordinal, an act's kind and the word for its number, before the number.
pattern!(
    LABEL,
    r"^[^a-z0-9]{0,4}(?:\d{1,3} ?[).] ?)?((?:a{0,2}rretes?|ap|decisions?|actes?|avis|conventions?|recepisses?)\b(?: (?:(?:inter)?prefector[a-z]+|conjoint|modificatif|temporaire|publiable))* ?)?(?:(?:n ?[°o]|numero|ref(?:erence)?|identifiant)(?: d' ?acte| de l'acte)? ?[:.]? ?[:.]? ?)?$"
);

/// A bulletin's number behind a label or an ordinal.
pub(super) struct Labelled {
    /// The number.
    pub number: String,
    /// Characters before the title.
    pub skip: usize,
    /// Whether a kind of act stands before the number.
    pub kind: bool,
    /// Whether the line begins as an entry does, without a small letter.
    pub opens: bool,
    /// Whether the label says « acte » and nothing follows the number.
    alone_as_act: bool,
}

/// The number that a label announces at the start of a line.
pub(super) fn read(line: &Line<'_>) -> Option<Labelled> {
    let may = line.first.is_ascii_digit() || b"acdinr".contains(&line.first);
    let at = (may && line.folded.contains("20")).then(|| number::first(&line.folded)).flatten()?;
    let label = LABEL.captures(&line.folded[..at])?;
    let (number, length) = number::leading(&line.folded[at..])?;
    let title = &line.folded[at + length..];
    let kind = label.get(1).filter(|kind| !kind.as_str().starts_with("acte"));
    // « Décision n° 54-… - autorisant … »: without its kind the title would say less.
    let kept = kind.filter(|_| !title.is_empty() && !KIND.regex.is_match(title));
    let from = kept.map_or(at + length, |kind| kind.start());
    let first = line.text.chars().find(|c| c.is_alphanumeric());
    Some(Labelled {
        number,
        skip: Folded::new(line.text).span(0, from).1 as usize,
        kind: kind.is_some(),
        opens: !first.is_some_and(char::is_lowercase),
        alone_as_act: title.is_empty() && line.folded[..at].contains("acte"),
    })
}

// « 1) Acte n° 2026/BSI/14 - Arrêté … ».
pattern!(
    ACT,
    r"^[^a-z0-9]{0,4}(?:\d{1,3} ?[).] ?)?acte (?:n ?[°o]|numero) ?:? ?([a-z0-9_./-]*\d[a-z0-9_./-]*) ?[-:|] "
);

/// The act's own number behind the word « acte », before the kind, and the characters before that.
pub(super) fn own(line: &Line<'_>) -> Option<(String, usize)> {
    let may = line.first.is_ascii_digit() || line.first == b'a';
    let found = may.then(|| ACT.captures(&line.folded)).flatten()?;
    let end = found.get(0)?.end();
    let folded = Folded::new(line.text);
    let (from, to) = folded.span(found.get(1)?.start(), found.get(1)?.end());
    let titled = KIND.regex.is_match(&line.folded[end..]);
    titled.then(|| (slice_chars(line.text, from, to).to_owned(), folded.span(0, end).1 as usize))
}

/// The whole line is a number, bare or as « N° d'acte : … »: an act's heading prints « N° … » too.
pub(super) fn alone(line: &Line<'_>) -> Option<String> {
    let labelled = || read(line).filter(|found| found.alone_as_act);
    number::alone(&line.folded).or_else(|| labelled().map(|found| found.number))
}
