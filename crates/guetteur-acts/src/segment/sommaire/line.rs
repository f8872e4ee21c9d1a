//! What one line of a sommaire is: the start of an entry, its end, a service, the head of a table.

use super::super::lexicon::{KIND, LETTERHEAD, ORGANISATION, RECEIVED, SOMMAIRE, VERB};
use super::super::number;
use super::super::page::Line;
use crate::parts::pattern;

pattern!(COUNTED, r"(?is)\s*\(\s*(\d{1,4})\s*pages?\s*\)\s*(?:page\s*(\d{1,4}))?\s*\.?$");

// « page 3 », « p. 3 », « pages 5 à 7 », « pp. 8-9 ».
pattern!(
    PAGED,
    r"(?is)(?:\s|\.|…)(?:pages?|pp?\.|pgs?\.?)\s*(\d{1,4})(?:\s*(?:à|a|-|–|et)\s*\d{1,4})?\s*$"
);

pattern!(
    LEADERS,
    r"(?is)\s*(?:(?:[.·_]\s?){3,}|…[.…\s]*)\s*(?:p(?:ages?|p?\.|gs?\.?)?\s*)?(\d{1,4})(?:\s*(?:à|a|-|–|et)\s*\d{1,3})?\s*$"
);

/// « (3 pages) Page 3 » at the end.
pub(super) fn is_counted(text: &str) -> bool {
    text.contains('(') && COUNTED.is_match(text)
}

/// « ....... 3 » at the end.
pub(super) fn is_led(text: &str) -> bool {
    text.ends_with(|c: char| c.is_ascii_digit()) && LEADERS.is_match(text)
}

/// « page 3 » at the end.
pub(super) fn is_paged(text: &str) -> bool {
    text.ends_with(|c: char| c.is_ascii_digit()) && PAGED.is_match(text)
}

pattern!(ROW, r"^(20\d\d/\d{3,6}?)\s*(\d{2}[/.]\d{2}[/.]20\d\d)\s*(.*)$");

pattern!(CELLS, r"^(?i:n\s?°\s?)?(\S*\d\S*(?: ?- ?\d+)?)\s+(\d{2}[/.]\d{2}[/.]20\d\d)\b\s*(.*)$");

// A number in which spaces stand, and letters for figures.
pattern!(
    BROKEN_CELLS,
    r"^(?i:n\s?°\s?)?(2 ?[0Oo] ?[0-9lIiOo] ?[0-9lIiOo] ?[-/.] ?(?:[0-9lIiOo]{2,6}|[0-9lIiOo](?: [0-9lIiOo])*))\s+(\d{2}[/.]\d{2}[/.]20\d\d)\b\s*(.*)$"
);

/// « 2026231-0003 22/08/2026 Arrêté … »: number, day and title of a row of a table.
pub(super) fn row_cells(text: &str) -> Option<regex::Captures<'_>> {
    let dated = text.contains("/20") || text.contains(".20");
    let cells = || ROW.captures(text).or_else(|| CELLS.captures(text));
    dated.then(|| cells().or_else(|| BROKEN_CELLS.captures(text))).flatten()
}

pub(super) fn opens_numbered(line: &Line<'_>) -> Option<(String, usize)> {
    number::leading(&line.folded)
}

/// « ....... 3 » or « page 3 » at the end.
pub(super) fn ends_with_page(text: &str) -> bool {
    is_led(text) || is_paged(text)
}

pattern!(ORDINAL, r"^[^a-z0-9]{0,4}(?:n ?° ?)?\d{1,4} ?[-)./:] ?");
pattern!(
    NUMBERED_KIND,
    r"^[^a-z0-9]{0,4}arretes? (?:(?:inter)?prefector[a-z]+ )?n ?[°o] ?[a-z0-9]"
);

/// Characters of « 201 - » before the kind of an act; 0 without.
pub(super) fn ordinal(line: &Line<'_>) -> usize {
    let found = line.first.is_ascii_digit() || line.first == b'n';
    let Some(found) = found.then(|| ORDINAL.find(&line.folded)).flatten() else { return 0 };
    let rest = &line.folded[found.end()..];
    if KIND.regex.is_match(rest) { found.as_str().chars().count() } else { 0 }
}

// « DELEGATIONS DE SIGNATURE », « ARRÊTÉS, DÉCISIONS, CIRCULAIRES »: the kinds as a heading.
pattern!(
    RUBRIC,
    r"^(?:(?:arretes|decisions|delegations|subdelegations|conventions|circulaires|avis|autres actes|de signatures?|et|publications?)[ ,:/.-]*)+$"
);

// « 3 Arrêté … »: the page before the title.
pattern!(FOLIO_FIRST, r"^(\d{1,3}) (.*)$");

/// The page that stands before the kind of an act, and the characters of its figures.
pub(super) fn folio_first(line: &Line<'_>) -> Option<(u32, usize)> {
    let found =
        line.first.is_ascii_digit().then(|| FOLIO_FIRST.captures(&line.folded)).flatten()?;
    let digits = found.get(1)?.as_str();
    let rest = line.text.get(digits.len()..)?.trim_start();
    let opens = rest.starts_with(char::is_uppercase) && HEADS.is_match(found.get(2)?.as_str());
    opens.then(|| Some((digits.parse().ok()?, digits.len()))).flatten()
}

// The kinds that open an entry where the one before has not come to its page yet.
pattern!(
    HEADS,
    r"^[^a-z]{0,12}(?:a{0,2}rretes?|ap|a r r e t e|decisions?|conventions?|avis|recepisses?|delegations?|subdelegations?|circulaires?)\b"
);

/// Whether a line opens an entry by the kind of an act, a number before it or none.
pub(super) fn opens_sentence(line: &Line<'_>) -> bool {
    if RUBRIC.is_match(&line.folded) && !line.text.contains(char::is_lowercase) {
        return false;
    }
    let ordinal = ordinal(line);
    let first = line.text.chars().skip(ordinal).find(|c| c.is_alphabetic());
    if first.is_some_and(char::is_uppercase) {
        ordinal > 0 || KIND.is_match(line) && !RECEIVED.is_match(&line.folded)
    } else {
        line.first == b'a' && NUMBERED_KIND.is_match(&line.folded)
    }
}
pattern!(
    OPEN_WORD,
    r"(?:\b(?:de|du|des|le|la|les|et|a|au|aux|en|par|sur|pour|modifiant|abrogeant|portant|l'|d')|[,'-])$"
);

// Another act is cited at the end of a line: what follows is its number.
pattern!(
    CITES_NEXT,
    r"(?:\bn ?[°o]s?|\bnumeros?|\barretes?(?: (?:inter)?prefector[a-z]+)?|\bdecisions?)$"
);
pattern!(
    CITED,
    r"^ ?(?:du|des|en date|et|portant|susvisee?s?|modifiee?s?|precitee?s?|,|\))(?:\b| )"
);
pattern!(ONLY_DATE, r"^\d{2}[/.]\d{2}[/.]20\d\d$");

/// « … autorisation. », not « M. » or « St. ».
pub(super) fn is_sentence_end(folded: &str) -> bool {
    let word = folded.strip_suffix('.').map(|l| l.rsplit(' ').next().unwrap_or_default());
    word.is_some_and(|w| w.len() > 3)
}

/// Whether the number that ends at `rest` of a line is one that the line before cites.
pub(super) fn is_cited(last: &str, folded: &str, rest: usize) -> bool {
    let apart = rest >= folded.len() || folded[..rest].trim_end().ends_with(['-', ':', '|', ']']);
    CITES_NEXT.is_match(last)
        || OPEN_WORD.is_match(last)
        || !apart && CITED.is_match(&folded[rest..])
}

/// The line without its leaders, and the page that they lead to.
pub(super) fn without_leaders<'a>(line: &Line<'a>) -> Option<(Line<'a>, u32)> {
    let found = is_led(line.text).then(|| LEADERS.captures(line.text)).flatten()?;
    let page = found.get(1)?.as_str().parse().ok()?;
    let words = line.text[..found.get(0)?.start()].trim_end();
    Some((line.cut_to(words), page))
}

pattern!(SERVICE_PAGE, r"[\p{Ll}) ](pp?\.? ?\d{1,3})$");

/// The name of a service without the page of its first act: « Cabinet p 4 ».
pub(super) fn paged_service<'a>(line: &Line<'a>) -> Option<Line<'a>> {
    let paged = line.text.ends_with(|c: char| c.is_ascii_digit());
    let found = paged.then(|| SERVICE_PAGE.captures(line.text)).flatten()?.get(1)?;
    let service = line.cut_to(line.text[..found.start()].trim_end());
    is_service(&service).then_some(service)
}

/// A cell with a day and nothing else.
pub(super) fn is_day(line: &Line<'_>) -> bool {
    line.first.is_ascii_digit() && ONLY_DATE.is_match(line.text)
}

pub(super) fn is_listed(line: &Line<'_>) -> bool {
    line.text.starts_with(['-', '–', '•', '*', '·', '\u{f0b7}', '→', '►'])
}

// « Autres », between the services of a list.
pattern!(
    REST,
    r"^(?:autres?|divers|autres (?:actes|services?)|actes (?:administratifs|divers)|informations? generales?)$"
);

pub(super) fn is_service(line: &Line<'_>) -> bool {
    let organisation = ORGANISATION.is_match(&line.folded)
        || is_capitals(line.text)
        || REST.is_match(&line.folded);
    organisation
        && line.folded.len() < 140
        && !opens_sentence(line)
        && !VERB.is_match(&line.folded)
        && !line.text.ends_with(['.', ';', ','])
        && (line.text.starts_with(char::is_uppercase)
            || LETTERHEAD.is_match(line)
            || line.text.starts_with(|c: char| c.is_ascii_digit()))
}

/// « Enquêtes publiques »: a word or two that may stand above the acts that they sort.
pub(super) fn is_rubric(line: &Line<'_>) -> bool {
    let words = line.folded.split(' ').filter(|word| word.len() > 2).count();
    (1..=3).contains(&words)
        && line.text.starts_with(char::is_uppercase)
        && !line.text.contains(|c: char| c.is_ascii_digit())
        && !VERB.is_match(&line.folded)
}

pattern!(
    TABLE_HEAD,
    r"^(?:(?:arretes?|avis|decisions?|actes?|n ?°|numeros?|inter-?|prefectora[a-z]+|et|dates?|intitules?|objet|pages?|services?)[ ,/|]*)+$"
);
pattern!(
    TABLE_HEAD_WITH_SERVICE,
    r"^(?:arretes?|avis|decisions?|prefectora[a-z]+)(?:[ ,/-]+(?:arretes?|avis|decisions?|inter-?|prefectora[a-z]+))* ?,? dates?\b[^0-9]*$"
);

/// « Arrêté Date INTITULÉ Page », glued or not, and the word « Sommaire » again.
pub(super) fn is_table_head(line: &Line<'_>) -> bool {
    // « (2⏎pages) » ends an entry.
    if line.folded.len() > 100 || line.folded.ends_with(')') {
        return false;
    }
    let capital = line.text.starts_with(char::is_uppercase);
    let names = ["date", "intitule", "page", "objet", "n°", "numero"];
    let columns = || names.iter().any(|name| line.folded.contains(name));
    let last = || line.text.rsplit_once(char::is_whitespace);
    SOMMAIRE.is_match(line)
        || capital && columns() && TABLE_HEAD.is_match(&line.folded)
        || capital && TABLE_HEAD_WITH_SERVICE.is_match(&line.folded)
        || line.folded.ends_with(" pages") && last().is_some_and(|(rest, _)| is_capitals(rest))
}

pub(super) fn is_capitals(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphabetic());
    let (upper, all) = letters.fold((0, 0), |(u, a), c| (u + usize::from(c.is_uppercase()), a + 1));
    all >= 4 && upper * 10 >= all * 8
}

/// Characters of the bullet or the ordinal that opens a line.
pub(super) fn bullet(line: &Line<'_>) -> usize {
    let signs =
        line.text.chars().take_while(|c| !c.is_alphanumeric() && !matches!(c, '«' | '"' | '('));
    ordinal(line).max(signs.count())
}
