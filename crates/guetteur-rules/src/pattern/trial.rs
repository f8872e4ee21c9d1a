//! A pattern tried on a text: for whoever writes one.

use guetteur_model::fold::slice_chars;

use super::{Haystack, Lists, PatternError, Pieces};
use crate::body::trimmed;
use guetteur_model::fold::Folded;

/// The passage of `text` that `pattern` finds first, whole words as printed; `gap` is how many
/// characters `…` may span. Lists (`{name}`) are a rule file's and not known here.
///
/// A space or hyphen may be several or missing, accents and case make no difference, and a long
/// word may be split:
///
/// ```
/// # use guetteur_rules::try_pattern;
/// let found = |pattern, text| try_pattern(pattern, text, 90).unwrap();
/// assert_eq!(found("video protection", "un système de VIDÉO-PROTECTION").as_deref(), Some("VIDÉO-PROTECTION"));
/// assert_eq!(found("aéronef", "deux aér onefs").as_deref(), Some("aér onefs"));
/// assert_eq!(found("video protection", "vidéo surveillance"), None);
/// ```
///
/// `…` stands for anything up to `gap` characters, `|` for a choice on its side of `…`, `_` for the
/// edge of a word, `§` for an article of a code, and the usual signs of regular expressions hold:
///
/// ```
/// # use guetteur_rules::try_pattern;
/// let found = |pattern, text| try_pattern(pattern, text, 90).unwrap();
/// let text = "autorisant une caméra sur aéronef";
/// assert_eq!(found("cameras? … (?:sur|a bord)", text).as_deref(), Some("caméra sur"));
/// assert_eq!(found("captation|camera … drone|aeronef", text).as_deref(), Some("caméra sur aéronef"));
/// assert_eq!(found("_lapi_", "un clapier"), None);
/// assert_eq!(found("§L242-5", "vu l'article L. 242 -5 du code").as_deref(), Some("L. 242 -5"));
/// ```
///
/// # Errors
/// What is wrong with the pattern, where, and what to write instead, in French. That it can never
/// be found is wrong too:
///
/// ```
/// # use guetteur_rules::try_pattern;
/// let error = try_pattern("drone [A-Z]+", "drone AB", 90).unwrap_err();
/// assert_eq!(error.column(), 8);
/// assert!(error.to_string().contains("écrivez « a »"));
/// assert_eq!(try_pattern("(drone", "drone", 90).unwrap_err().column(), 1);
/// ```
pub fn try_pattern(pattern: &str, text: &str, gap: usize) -> Result<Option<String>, PatternError> {
    let mut pieces = Pieces::default();
    let pattern = pieces.pattern(pattern, &Lists::default(), gap)?;
    let set = pieces.set().map_err(|mistake| mistake.at(0))?;
    let folded = Folded::new(text);
    let found = Haystack::new(folded.as_str().as_bytes(), &pieces, &set).find(&pattern);
    Ok(found.first().map(|range| {
        let (start, end) = trimmed(&folded, range);
        slice_chars(text, start, end).to_owned()
    }))
}
