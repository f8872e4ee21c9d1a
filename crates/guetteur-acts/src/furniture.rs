//! What a sheet bears besides its act: the bulletin's footers, the stamps of reception, the office's
//! address and opening hours. Each has days and hours of its own.

use std::ops::Range;

use crate::parts::pattern;
use crate::text::ActText;

// What such a line holds: literals alone, which cost one fast pass over the text.
pattern!(
    SIGNS,
    r"recueil|raa |envoye |recu |recue |transmis |depose |enregistre |televerse |affiche |publie |notifie |publication |mis en ligne|mise en ligne|accuse |date de |date d'|certifie |executoire|id : |id: |id :|horaires|accueil du public|ouvert au public|ouverture au public|telephone|tel\. |tel :|courriel|mel :|www\.|http"
);
// The bulletin's name with its number or day, alone or after who publishes it.
pattern!(
    FOOTER,
    r"^[^a-z0-9]*(?:[^.;]* - )?(?:recueil|raa)(?: (?:des actes administratifs|special|speciale|normal|ordinaire|administratif|nominatif|hors serie|mensuel|hebdomadaire|regional|departemental|de la prefecture|de l'etat|(?:du|de la|de l'|des|de|d') ?[a-z' -]+))* ?[-:,]? ?(?:n ?°|numero|no|nr)? ?(?:special )?(?:(?:[a-z]{0,2}\d|du \d)|du (?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche))"
);
// A stamp, or the line that a tool of transmission prints.
pattern!(
    STAMP,
    r"^[^a-z0-9]*(?:(?:envoye|recu|transmis|depose|enregistre|televerse)e?s? (?:le |a la |en |au )?(?:sous-)?(?:prefecture|controle de legalite|representant de l'etat|le \d|\d)|accuse (?:de )?reception|date (?:de |d'|d )(?:tele|recep|publi|notif|affich|mise|transm|depot)|(?:affiche|publie|notifie|mise? en ligne|publication|recu|transmis)e?s? (?:le|:) ?:? ?(?:lundi |mardi |mercredi |jeudi |vendredi |samedi |dimanche )?\d|publie au (?:raa|recueil) (?:de|du|le)|(?:acte )?(?:certifie |rendu )?executoire|id ?: ?\d)"
);
pattern!(
    OFFICE,
    r"horaires? d|accueil du public|ouvert au public|ouverture au public|telephone ?:?|tel\.? ?:|courriel ?:|mel ?:|www\.|https?:"
);

// A line of the letterhead, and the motto that no letterhead is without.
pattern!(
    LETTERHEAD,
    r"^[^a-z0-9]*(?:(?:republique francaise|liberte|egalite|fraternite|prefete?(?: d(?:e la |e l'|es |e |u |')[a-z' -]{2,30})?)[^a-z0-9]*)+$"
);
pattern!(MOTTO, r"republique francaise|liberte|fraternite");

/// A stamp or a footer is one short line: longer ones are sentences that begin with the same words.
const LONGEST_FOOTER: usize = 260;
const LONGEST_OFFICE: usize = 170;
const LONGEST_STAMP: usize = 90;

/// Lines of a letterhead at most.
const LETTERHEAD_LINES: usize = 6;

/// The lines, in order.
pub(crate) fn find(text: &ActText<'_>) -> Vec<Range<usize>> {
    let mut found = in_lines(text);
    found.extend(text.later_pages().filter_map(|page| letterhead(text, &page)));
    found.sort_unstable_by_key(|lines| lines.start);
    found.dedup_by(|next, last| next.start < last.end);
    found
}

/// The letterhead that a page after the first begins with again.
fn letterhead(text: &ActText<'_>, page: &Range<usize>) -> Option<Range<usize>> {
    let folded = text.as_str();
    let mut end = page.start;
    for _ in 0..LETTERHEAD_LINES {
        let line = end..text.line(end).end.min(page.end);
        let words = &folded[line.clone()];
        let blank = words.trim().is_empty();
        if !blank && (words.len() > LONGEST_STAMP || !LETTERHEAD.is_match(words)) {
            break;
        }
        end = (line.end + 1).min(page.end);
    }
    MOTTO.is_match(&folded[page.start..end]).then_some(page.start..end)
}

fn in_lines(text: &ActText<'_>) -> Vec<Range<usize>> {
    let folded = text.as_str();
    let mut found: Vec<Range<usize>> = Vec::new();
    for sign in SIGNS.find_iter(folded) {
        if found.last().is_some_and(|line| line.end > sign.start()) {
            continue;
        }
        let line = text.line(sign.start());
        if is_furniture(&folded[line.clone()]) {
            found.push(line);
        }
    }
    found
}

fn is_furniture(line: &str) -> bool {
    let len = line.len();
    len < LONGEST_FOOTER && FOOTER.is_match(line)
        || len < LONGEST_STAMP && STAMP.is_match(line)
        || len < LONGEST_OFFICE && OFFICE.is_match(line)
}
