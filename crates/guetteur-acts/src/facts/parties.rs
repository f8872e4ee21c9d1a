//! Who asked and who may use the measure.

use std::ops::Range;

use guetteur_model::Facts;

use super::{Reading, note};
use crate::parts::pattern;

pattern!(
    DEMAND,
    r"v ?u ?:? (?:la|les) (?:demandes?|requete|saisine)[^;]{0,120}?(?:form(?:ee|ulee)|presentee|deposee|transmise|adressee|emise|introduite|faite|effectuee|emanant)s?,?(?: (?:le|en date du) [^,;]{5,30}?)?,? (?:par |de |du )"
);
pattern!(
    DEMAND_OF,
    r"v ?u ?:? (?:la|les) demandes?(?: (?:en date )?du \d[^,;]{4,25}?)?,? (?:de la |de l'|du |des |de )"
);
pattern!(
    DEMAND_END,
    r",? (?:visant|en vue|tendant|sollicitant|aux fins|afin|en date|relative|pour (?:obtenir|l'|la |le |les |un)|recue|le \d|du \d|date|a l'effet|concernant|portant|par (?:courr|laquelle)|demandant|a obtenir|d'autorisation|au titre|sur le territoire)|;| considerant|, v ?u "
);
pattern!(IS_ALLOWED, r"(?:est|sont) autorise(?:e|s|es)? (?:a |au |dans les|,|pour)");
pattern!(
    ACTION,
    r"^(?:la captation|l'enregistrement|la transmission|l'utilisation|l'usage|l'emploi|la mise en oeuvre|le survol|l'installation|la mise en place|le recours|le traitement|il |elle )"
);
pattern!(
    BY,
    r"(?:par|au profit d[eu]s?|au benefice d[eu]s?|accordee? (?:a|au|aux)|delivree? (?:a|au|aux)) "
);
pattern!(
    BY_END,
    r",? (?:est|sont|au moyen|a l'occasion|dans|sur|aux fins|afin|du \d|le \d|les \d|pour|en vue|a compter|a proceder|a utiliser|a capter|de (?:proceder|capter)|visant|jusqu|lors|au titre|a mettre|au sein|conformement)|[.;]"
);
pattern!(TITLE_ALLOWS, r"\bautorisant (les? |la |l')");
pattern!(
    NOT_A_PARTY,
    r"^(?:le present|l'article|les articles|arrete|tout moyen|l'arrete|decret|la loi|le code|voie|courri|drone|aeronef)"
);

const LONGEST: usize = 220;

/// Applicant: from *Vu la demande*. Beneficiary: the subject of « est autorisé à », or who acts in
/// « la captation … par … est autorisée », or the object of « autorisant » in the title.
pub(crate) fn read(reading: &Reading<'_>, facts: &mut Facts) {
    if let Some(range) = applicant(reading) {
        facts.applicant = Some(reading.text.quote(range.clone()));
        note(facts, "applicant", reading.text.span(range));
    }
    if let Some(range) = beneficiary(reading) {
        facts.beneficiary = Some(reading.text.quote(range.clone()));
        note(facts, "beneficiary", reading.text.span(range));
    }
}

fn applicant(reading: &Reading<'_>) -> Option<Range<usize>> {
    let text = reading.text.as_str();
    let from = reading.parts.visas.start;
    let to = reading.parts.considerants.end.max(from);
    let cited = text.get(from..to)?;
    let found = DEMAND.find(cited).or_else(|| DEMAND_OF.find(cited))?;
    bounded(text, from + found.end(), &DEMAND_END)
}

/// From `start` to the first match of `end`, without commas at its end.
fn bounded(text: &str, start: usize, end: &regex::Regex) -> Option<Range<usize>> {
    let reach = (start + LONGEST).min(text.len());
    let reach = (reach..=text.len()).find(|&i| text.is_char_boundary(i))?;
    let rest = &text[start..reach];
    let len = end.find(rest)?.start();
    let name = rest[..len].trim_end_matches([',', ' ', ':']);
    let lead = name.len() - name.trim_start().len();
    (name.trim().len() > 2 && !NOT_A_PARTY.is_match(name.trim()))
        .then(|| start + lead..start + name.len())
}

fn beneficiary(reading: &Reading<'_>) -> Option<Range<usize>> {
    let text = reading.text.as_str();
    let articles = &reading.parts.articles;
    for article in articles.iter().take(3) {
        let range = &article.range;
        let slice = reading.slice(range);
        let Some(allowed) = IS_ALLOWED.find(slice).map(|m| range.start + m.start()).or_else(|| {
            let by = slice.find("autorisee")?;
            Some(range.start + by)
        }) else {
            continue;
        };
        let subject = subject(text, range.start, allowed);
        if !ACTION.is_match(&text[subject.clone()]) && subject.len() > 3 {
            return Some(subject);
        }
        let after = (subject.start..range.end).start;
        let sentence = text[after..range.end].find(['.', ';']).map_or(range.end, |i| after + i + 1);
        let acts = BY
            .find_iter(&text[after..sentence])
            .find_map(|m| bounded(text, after + m.end(), &BY_END));
        if acts.is_some() {
            return acts;
        }
    }
    let title = reading.headline();
    let found = TITLE_ALLOWS.captures(reading.slice(&title))?.get(1)?;
    let start = title.start + found.start();
    let range = bounded(text, start, &BY_END)?;
    let ends = text[range.end..].trim_start();
    let verb = ["a proceder", "a utiliser", "a capter", "a mettre", "a faire", "a "];
    (verb.iter().any(|v| ends.starts_with(v)) && !ACTION.is_match(&text[range.clone()]))
        .then_some(range)
}

pattern!(
    CIRCUMSTANCE,
    r"^(?:dans|sur|pendant|durant|lors|a l'occasion|a compter|aux|du \d|du (?:lun|mar|mer|jeu|ven|sam|dim)|le (?:\d|lun|mar|mer|jeu|ven|sam|dim)|les \d|en application|en vue|pour|afin|a titre|a cette fin|par derogation|conformement|sans prejudice|au (?:titre|cours)|de \d)"
);

/// Bytes of « Dans ce périmètre et aux mêmes heures, » before the subject.
fn circumstances(sentence: &str) -> usize {
    let mut start = 0;
    while CIRCUMSTANCE.is_match(&sentence[start..]) {
        let Some(comma) = sentence[start..].find(", ") else { break };
        start += comma + 2;
    }
    start
}

/// What stands before the verb, from the start of its sentence.
fn subject(text: &str, from: usize, verb: usize) -> Range<usize> {
    let before = &text[from..verb];
    let marker =
        before.char_indices().take(14).filter(|(_, c)| c.is_ascii_digit() || *c == 'r').last();
    let mut start = marker.map_or(0, |(i, c)| i + c.len_utf8());
    for mark in [": ", ". ", "; ", " - "] {
        if let Some(i) = before.rfind(mark) {
            start = start.max(i + mark.len());
        }
    }
    if let Some(i) = before.find("article 1er") {
        start = start.max(i + "article 1er".len());
    }
    let kept = before.get(start..).unwrap_or_default();
    let kept_start = kept.len() - kept.trim_start_matches([' ', ':', '-', '.', '*', '°']).len();
    let end = kept.trim_end_matches([' ', ',']).len().max(kept_start);
    let kept_start = kept_start + circumstances(&kept[kept_start..end]);
    let range = from + start + kept_start..from + start + end;
    if range.len() > LONGEST { range.end..range.end } else { range }
}
