//! The acts that this one modifies, extends, renews or repeals.

use guetteur_model::Facts;

use super::{Reading, note};
use crate::parts::pattern;

// « modifiant l'arrêté préfectoral n° X du … », « portant abrogation de l'arrêté n° X ».
pattern!(
    CHANGES,
    r"(?:modifi(?:ant|catif d|cation d)|abroge(?:ant)?|abrogation d|prolonge(?:ant)?|prolongation d|proroge(?:ant)?|prorogation d|renouvel(?:ant|le|lement d)|complet(?:ant|e)|rapport(?:ant|e)|remplac(?:ant|e)|rectifi(?:ant|e|cation d)|retir(?:ant|e)|retrait d|suspend(?:ant)?)[^.;]{0,60}?(?:l'|les |des |d'un )?arretes?(?: (?:prefector|inter|municip|conjoint|temporaire|modificat)[a-z]*)*"
);
// « L'arrêté n° X du … est abrogé ».
pattern!(
    CHANGED,
    r"arretes?(?: (?:prefector|inter)[a-z]*)*([^;]{3,200}?)(?:est|sont)(?: ainsi)? (?:modifie|abroge|prolonge|proroge|renouvele|complete|rapporte|remplace|retire|suspendu|reconduit|inchange|maintenu|prolongee)"
);
pattern!(
    NUMBER,
    r"^ ?(?:susvise )?(?:n ?[°o'*º]s? ?:? ?)?([a-z0-9][a-z0-9_./-]*(?: ?[-/] ?[a-z0-9_./-]*\d[a-z0-9_./-]*)*)"
);
pattern!(
    CHANGE_TITLE,
    r"\b(?:modifi|renouvel|abrog|prolong|proroge|prorogation|complet|retrait|rectifi)"
);
pattern!(CITED, r"v ?u l'arrete(?: prefectoral)? n ?[°o*]?");
pattern!(DELEGATES, r"delegation|nomination|minist|organisation|commission");
// An article without any of these changes no act: most are passed over at once.
pattern!(
    CHANGE_WORD,
    r"modifi|abrog|prolong|prorog|renouv|complet|rapport|remplac|rectifi|retir|retrait|suspend|reconduit|inchange|maintenu"
);
pattern!(OTHER_AUTHORITY, r"minist|du maire|municipal|de l'ars");

/// Numbers as printed, capitals kept; without a number, « arrêté du 12 mai 2024 ».
pub(crate) fn read(reading: &Reading<'_>, facts: &mut Facts) {
    let mut ranges = vec![reading.headline()];
    ranges.extend(reading.parts.articles.iter().map(|a| a.range.clone()));
    for range in ranges {
        let text = reading.slice(&range);
        if !CHANGE_WORD.is_match(text) {
            continue;
        }
        for found in CHANGES.find_iter(text).filter(|m| !OTHER_AUTHORITY.is_match(m.as_str())) {
            add(reading, facts, range.start + found.end(), text, found.end());
        }
        for found in CHANGED.captures_iter(text) {
            let Some(middle) = found.get(1) else { continue };
            add(reading, facts, range.start + middle.start(), text, middle.start());
        }
    }
    if facts.amends.is_empty() && CHANGE_TITLE.is_match(reading.slice(&reading.headline())) {
        from_visas(reading, facts);
    }
}

/// « Renouvellement d'un système … » whose *Vu* alone names the act that is renewed: the first
/// prefectoral act cited that is not a delegation.
fn from_visas(reading: &Reading<'_>, facts: &mut Facts) {
    let visas = reading.parts.visas.clone();
    let text = reading.slice(&visas);
    for found in CITED.find_iter(text) {
        let end = text[found.end()..].find(';').map_or(text.len(), |i| found.end() + i);
        if DELEGATES.is_match(&text[found.start()..end]) {
            continue;
        }
        add(reading, facts, visas.start + found.end(), text, found.end());
        if !facts.amends.is_empty() {
            return;
        }
    }
}

fn add(reading: &Reading<'_>, facts: &mut Facts, at: usize, text: &str, local: usize) {
    let rest = &text[local..];
    let number = NUMBER.captures(rest).and_then(|c| c.get(1));
    let (name, range) = match number {
        Some(m) if is_number(m.as_str()) => {
            let trimmed = m.as_str().trim_end_matches(['.', '-', '/', ',']);
            let range = at + m.start()..at + m.start() + trimmed.len();
            (reading.text.quote(range.clone()), range)
        }
        _ => {
            let near = rest.char_indices().nth(60).map_or(rest, |(i, _)| &rest[..i]);
            let dates = guetteur_model::dates::find_dates(near);
            let Some(day) = dates.first().filter(|d| dated(&near[..d.start])) else { return };
            let name = format!("arrêté du {}", guetteur_model::dates::format_french_date(day.date));
            (name, at..at + day.end)
        }
    };
    let own = [&reading.act.number, &reading.act.own_number];
    if own.iter().any(|n| n.as_deref() == Some(&name)) || facts.amends.contains(&name) {
        return;
    }
    note(facts, "amends", reading.text.span(range));
    facts.amends.push(name);
}

/// The date is that of the act, not one further on.
fn dated(before: &str) -> bool {
    let words: Vec<&str> = before.split(' ').filter(|w| !w.is_empty()).collect();
    words.len() <= 4 && words.iter().any(|w| matches!(*w, "du" | "date"))
}

fn is_number(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let first = text.split([' ', '-', '/']).next().unwrap_or_default();
    digits >= 3 && !matches!(first, "du" | "en" | "portant" | "date" | "de" | "le")
}
