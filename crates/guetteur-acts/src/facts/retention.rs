//! How long images are kept.

use guetteur_model::Facts;

use super::number_words::number_at;
use super::tokens::tokens;
use super::{Reading, note};
use crate::parts::pattern;

pattern!(
    KEPT,
    r"(?:enregistre(?:ments?|es?)|images?|donnees?|traitements?)[^.;]{0,160}?(?:conserv[a-z]*|detrui[a-z]*|effac[a-z]*|supprim[a-z]*)|(?:duree|delai)(?: maximale?| maximum)? de conservation[^.;]{0,60}|conservation des (?:images|enregistrements|donnees)"
);
// An article without any of these keeps nothing: most are passed over at once.
pattern!(KEEPS, "conserv|detrui|effac|supprim");
pattern!(STILL, r"\bregistre|journal|journalisation|tracabilite");

/// Days; a month counts 30. Read in the articles only: the reasons quote the law.
pub(crate) fn read(reading: &Reading<'_>, facts: &mut Facts) {
    for range in reading.saying() {
        let text = reading.slice(&range);
        if !KEEPS.is_match(text) {
            continue;
        }
        for found in KEPT.find_iter(text) {
            if STILL.is_match(found.as_str()) {
                continue;
            }
            let reach =
                text[found.end()..].find(['.', ';']).unwrap_or(text.len() - found.end()).min(160);
            let to = found.end() + reach;
            let to = (to..=text.len()).find(|&i| text.is_char_boundary(i)).unwrap_or(text.len());
            let base = range.start + found.start();
            let words = tokens(&text[found.start()..to], base);
            for i in 0..words.len() {
                let Some((count, next)) = number_at(&words, i) else { continue };
                let Some(unit) = words.get(next) else { continue };
                let days = match unit.text {
                    "jour" | "jours" => 1,
                    "mois" => 30,
                    "semaine" | "semaines" => 7,
                    _ => continue,
                };
                facts.retention_days = Some(count * days);
                note(facts, "retention_days", reading.text.span(base..unit.end));
                return;
            }
        }
    }
}
