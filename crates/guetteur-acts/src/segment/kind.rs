//! What kind of act it is.

use guetteur_model::fold::fold;

use super::lexicon::OPERATES;
use super::page::{Line, compact};

/// « ARRÊTE : » or « DÉCIDE : » before the articles.
pub(super) fn by_verb(lines: &[&Line<'_>]) -> Option<String> {
    let verb = lines.iter().find(|l| OPERATES.is_match(l))?;
    let decides = compact(&verb.folded).starts_with("decide");
    Some(if decides { "décision" } else { "arrêté" }.to_owned())
}

/// Characters in which a title names its kind.
const OPENING: usize = 60;

/// Kind of an act by the first words of its title.
pub(super) fn by_title(title: &str) -> Option<String> {
    let opening = title.char_indices().nth(OPENING).map_or(title, |(end, _)| &title[..end]);
    let folded = fold(opening);
    let start = folded.trim_start_matches(|c: char| !c.is_ascii_alphabetic());
    let kinds = [
        ("arr", "arrêté"),
        ("a r r", "arrêté"),
        ("aarr", "arrêté"),
        ("ap ", "arrêté"),
        ("ap_", "arrêté"),
        ("decision", "décision"),
        ("avis", "avis"),
        ("convention", "convention"),
        ("delegation", "délégation"),
        ("subdelegation", "délégation"),
        ("circulaire", "circulaire"),
        ("recepisse", "récépissé"),
        ("deliberation", "délibération"),
        ("attestation", "attestation"),
        ("avenant", "avenant"),
        ("instruction", "instruction"),
        ("declaration", "déclaration"),
        ("ordre du jour", "ordre du jour"),
        ("divers arretes", "arrêté"),
        ("agrement", "agrément"),
    ];
    let found = kinds.iter().find(|(word, _)| start.starts_with(word))?;
    if found.0 == "arr" && !start.starts_with("arret") && !start.starts_with("arrte") {
        return None;
    }
    Some(found.1.to_owned())
}
