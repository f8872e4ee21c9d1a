//! Where in an act a passage stands, and where the act says when it has effect.

use std::ops::Range;

use guetteur_model::Region;

use crate::parts::{Parts, pattern};
use crate::text::ActText;

// The words after which a heading says what the act does, glued or not.
pattern!(
    DOES,
    r"(?:portant|autorisant|modifiant|abrogeant|relatif a|relative a|instituant|instaurant|interdisant|accordant|prolongeant|prorogeant|renouvelant|reglementant|prescrivant|fixant|creant|limitant|restreignant|mettant en)"
);
// Where it has said it: who decides, the honours, the motto, a number, a day of signature.
pattern!(
    CLOSES,
    r"(?:^|[^a-z' ] ?)(?:l[ea] pref[eè]te?\b|le (?:sous-pref|directeur|general|ministre)|la (?:sous-pref|directrice)|chevalier d|officier d|commandeur d|v ?u (?:le|la|l'|les)\b|liberte|republique francaise|affaire suivie|considerant)|^[^a-z0-9]{0,3}(?:prefet|prefete|prefecture|cabinet|direction|bureau|service|sur proposition|\d{1,4}$|arrete ?:?$)|^[^a-z]{0,3}[a-z][a-z' -]+, ?le \d"
);

/// Bytes of a heading that are looked through: letterheads are short, an act without *Vu* is all
/// heading.
const LONGEST_HEADING: usize = 3_000;

/// The lines of the heading that say what the act does, and when: below « portant » or
/// « autorisant », above who decides. Letterhead, divider's number and place are left out.
pub(crate) fn heading_event(text: &ActText<'_>, parts: &Parts) -> Vec<Range<usize>> {
    let from = text.title().end.max(parts.heading.start);
    let to = parts.heading.end.min(from + LONGEST_HEADING);
    let folded = text.as_str();
    let Some(first) = folded.get(from..to).and_then(|heading| DOES.find(heading)) else {
        return Vec::new();
    };
    let from = from.max(text.line(from + first.start()).start);
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut open = false;
    for line in text.without_furniture(&(from..to)).iter().flat_map(|part| text.lines(part)) {
        let Some(words) = folded.get(line.clone()) else { continue };
        let does = if open { Some(0) } else { DOES.find(words).map(|m| m.start()) };
        let Some(begins) = does else { continue };
        let closed = CLOSES.find(&words[begins..]).map(|m| begins + m.start());
        let end = closed.unwrap_or(words.len());
        if begins < end {
            let range = line.start + begins..line.start + end;
            match found.last_mut().filter(|last| open && range.start <= last.end + 1) {
                Some(last) => last.end = range.end,
                None => found.push(range),
            }
        }
        open = closed.is_none();
    }
    found
}

/// The part that the byte at `at` stands in, with the article's number.
pub(crate) fn region_at(text: &ActText<'_>, parts: &Parts, at: usize) -> (Region, Option<u32>) {
    if at < text.title().end {
        return (Region::Title, None);
    }
    if let Some(article) = parts.articles.iter().find(|article| article.range.contains(&at)) {
        return (Region::Article, Some(article.number));
    }
    let region = match at {
        at if at >= parts.ending.start => Region::Ending,
        at if at < parts.visas.start => Region::Heading,
        at if at < parts.considerants.start => Region::Visas,
        _ => Region::Reasons,
    };
    (region, None)
}
