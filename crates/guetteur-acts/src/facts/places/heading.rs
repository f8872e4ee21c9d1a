//! The title in the act's own heading, which may name the place where the sommaire does not.

use std::ops::Range;

use super::super::Reading;
use crate::parts::pattern;

pattern!(KIND, r"(?:aarrete|arrete|rrete)(?:s?\b|portant|autorisant)|a r r e t e|decision\b");
// Who decides, or the texts: the title is over. Letterheads and stamped places stand elsewhere.
pattern!(
    OVER,
    r"l[ea] (?:pref[eè]te?|directeur|directrice|sous-pref|general|recteur|rectrice|secretaire)|les pref|v ?u\b|chevalier|officier|considerant|affaire suivie|article"
);
/// Longest title of a heading, in characters.
const LONGEST: usize = 900;

/// Lines above who decides that name a commune and nothing else: « COMMUNE DE VALENCE ».
pub(super) fn communes(reading: &Reading<'_>) -> Vec<Range<usize>> {
    let heading = reading.text.title().end..reading.parts.heading.end;
    let text = reading.text.as_str().get(heading.clone()).unwrap_or_default();
    let begins = COMMUNE.find_iter(text).map(|m| heading.start + m.start());
    let line = |at: usize| at..reading.text.line(at).end.min(heading.end);
    begins.filter(|&at| reading.text.is_line_start(at)).map(line).collect()
}

pattern!(COMMUNE, r"\b(?:communes?|ville) d[eu'][s ]?");

/// From the kind of the act at the start of a line to who decides.
pub(super) fn title(reading: &Reading<'_>) -> Option<Range<usize>> {
    if reading.parts.visas.is_empty() && reading.parts.articles.is_empty() {
        return None;
    }
    let heading = reading.text.title().end..reading.parts.heading.end;
    let text = reading.text.as_str().get(heading.clone())?;
    let starts = KIND.find_iter(text).map(|m| heading.start + m.start());
    // « Fraternité Arrêté du 3 mai », « préfetArrêté n° 12 »: extraction lost the end of the line.
    let glued = |at: usize| {
        let before = &reading.text.as_str()[..at];
        before.ends_with("fraternite ") || before.ends_with(|c: char| c.is_ascii_lowercase())
    };
    let begins = |at: usize| reading.text.is_line_start(at) || glued(at);
    let start = starts.filter(|&at| reading.text.is_upper(at) && begins(at)).last()?;
    let within = &text[start - heading.start..];
    let within = within.char_indices().nth(LONGEST).map_or(within, |(at, _)| &within[..at]);
    let end = start + within.len();
    let over = OVER.find_iter(within).map(|m| start + m.start());
    let mut over = over.filter(|&at| reading.text.is_line_start(at) || reading.text.is_upper(at));
    Some(start..over.next().unwrap_or(end))
}
