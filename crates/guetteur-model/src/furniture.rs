//! What the bulletin prints on the pages of its acts: footers and running heads. They are no words
//! of the act, and evidence never runs over them.

use std::ops::Range;

use crate::fold::fold;

/// Hyphens of a number of the national tool, and one before it: a line with fewer is no footer.
pub const FOOTER_HYPHENS: usize = 4;

/// Lines from the end among which a footer begins: titles of twelve lines are repeated there.
const FOOT: usize = 12;
/// Lines from the top among which the text frame of a scan puts it.
const TOP: usize = 3;
/// Lines over which a footer at the top goes on.
const WRAPPED: usize = 4;
/// Lines at either end where the name of the bulletin stands.
const EDGE: usize = 3;
/// Longest line that names the bulletin, in folded bytes.
const LONGEST: usize = 120;

/// Number of the national tool in a footer (`service - 26-2025-02-19-00002 - title`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FooterNumber {
    /// Bytes of the number in the folded line.
    pub number: Range<usize>,
    /// End of what stands before it, the hyphen included.
    pub service_end: usize,
}

/// Finds a number between hyphens, behind a service, in a folded line.
#[must_use]
pub fn footer_number(folded: &str) -> Option<FooterNumber> {
    numbers(folded).find_map(|number| {
        let before = folded[..number.start].trim_end();
        let before = before.strip_suffix("acte publiable").unwrap_or(before).trim_end();
        let service = before.strip_suffix('-')?;
        let after = folded[number.end..].trim_start();
        let stands = service.trim().len() > 2 && after.starts_with('-');
        stands.then_some(FooterNumber { number, service_end: before.len() })
    })
}

/// Numbers of the national tool in a folded text, spaces tolerated around their hyphens.
fn numbers(folded: &str) -> impl Iterator<Item = Range<usize>> {
    let bytes = folded.as_bytes();
    let years = folded.match_indices("20").map(|(at, _)| at);
    years.filter_map(move |year| {
        let alone = year == 0 || !bytes[year - 1].is_ascii_alphanumeric();
        let mut at = digits(bytes, year, 4..=4).filter(|_| alone)?;
        for count in [2..=2, 2..=2, 3..=5] {
            at = digits(bytes, hyphen(bytes, at)?, count)?;
        }
        let ends = !bytes.get(at).is_some_and(u8::is_ascii_alphanumeric);
        ends.then(|| prefix(bytes, year)..at)
    })
}

/// End of the run of digits at `at`, when it has as many as asked.
fn digits(bytes: &[u8], at: usize, count: std::ops::RangeInclusive<usize>) -> Option<usize> {
    let run = bytes[at..].iter().take(count.end() + 1).take_while(|b| b.is_ascii_digit()).count();
    count.contains(&run).then_some(at + run)
}

/// Past a hyphen at `at`, which spaces may surround.
fn hyphen(bytes: &[u8], at: usize) -> Option<usize> {
    let skip = |at: usize| at + usize::from(bytes.get(at) == Some(&b' '));
    let hyphen = skip(at);
    (bytes.get(hyphen) == Some(&b'-')).then(|| skip(hyphen + 1))
}

/// Where the number begins whose year begins at `year`: `26-`, `D77-`, `R03-`, `2A-` before it.
fn prefix(bytes: &[u8], year: usize) -> usize {
    let back = |at: usize, byte: u8| at - usize::from(at > 0 && bytes[at - 1] == byte);
    let hyphen = back(year, b' ');
    let Some(before) = hyphen.checked_sub(1).filter(|&h| bytes[h] == b'-') else { return year };
    let end = back(before, b' ');
    let len = bytes[..end].iter().rev().take(5).take_while(|b| b.is_ascii_alphanumeric()).count();
    let known = match &bytes[end - len..end] {
        [b'2', b'a' | b'b'] => true,
        [b'd' | b'r', code @ ..] | code => {
            (1..=3).contains(&code.len()) && code.iter().all(u8::is_ascii_digit)
        }
    };
    if known { end - len } else { year }
}

/// Bytes of `text`, a page or the part of one that belongs to an act, without the footer and the
/// running heads of the bulletin. Linear in the few lines at the ends.
#[must_use]
pub fn without_furniture(text: &str) -> Range<usize> {
    let start = after_head(text);
    start..start + before_foot(&text[start..])
}

/// End of the footer that stands above the text.
fn after_head(text: &str) -> usize {
    let mut lines = lines(text).take(TOP + WRAPPED);
    let mut end = 0;
    for _ in 0..TOP {
        let Some(line) = lines.next() else { break };
        let words = &text[line.clone()];
        let first = text[end..line.start].trim().is_empty();
        if first && names_bulletin(words) {
            end = line.end;
        } else if is_footer(words) {
            let mut below = line.end;
            let mut folio = ends_with_digit(words);
            while let Some(next) = lines.next().filter(|_| !folio) {
                folio = ends_with_digit(&text[next.clone()]);
                below = if folio { next.end } else { below };
            }
            // Below a line or two of text it is the foot, unless more text follows its page number.
            if first || folio && !text[below..].trim().is_empty() {
                end = below;
            }
            break;
        }
    }
    end
}

/// Start of the footer below the text.
fn before_foot(text: &str) -> usize {
    let mut end = text.len();
    let mut later: Option<Range<usize>> = None;
    for (i, line) in lines_back(text).take(FOOT).enumerate() {
        let words = &text[line.clone()];
        let footer = is_footer(words);
        // A service so long that the number fell on the next line.
        let wrapped = || {
            words.len() > 60
                && later.as_ref().is_some_and(|later| {
                    later.end - line.start < 600 && is_footer(&text[line.start..later.end])
                })
        };
        let named = || i < EDGE && names_bulletin(words);
        let found = footer || wrapped();
        if found || named() {
            end = text[..line.start].trim_end().len();
        }
        if found {
            break;
        }
        later = Some(line);
    }
    let mut printed = lines_back(&text[..end]).filter(|line| !text[line.clone()].trim().is_empty());
    let (last, above) = (printed.next(), printed.next());
    let below_text = || above.is_some_and(|above| above.len() > CELL);
    let folio = last.filter(|line| {
        let words = &text[line.clone()];
        is_folio(words) || is_number(words) && below_text()
    });
    folio.map_or(end, |line| text[..line.start].trim_end().len())
}

/// Bytes of a table's cell at most: a figure below a longer line is a page number.
const CELL: usize = 40;

/// A bare number of a page.
fn is_number(line: &str) -> bool {
    let line = line.trim();
    (1..=3).contains(&line.len()) && line.bytes().all(|byte| byte.is_ascii_digit())
}

/// « 3/5 », « Page 3 sur 5 », « - 3 - »: the act's own page number.
fn is_folio(line: &str) -> bool {
    const LONGEST: usize = 20;
    let line = line.trim();
    if line.len() > LONGEST || !line.bytes().any(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let folded = fold(line);
    let named = folded.trim_start_matches(|c: char| !c.is_ascii_alphanumeric());
    let rest = named.trim_start_matches("page").trim_start_matches("p.");
    let mut parts = rest.split(['/', ' ', '-']).filter(|p| !p.is_empty());
    let number = |part: &str| part.len() <= 3 && part.bytes().all(|byte| byte.is_ascii_digit());
    let first = parts.next().is_some_and(number);
    let others = parts.all(|part| part == "sur" || number(part));
    first && others && (folded.contains('/') || rest.len() < folded.trim().len())
}

/// Most lines are passed over by their bytes alone.
fn is_footer(line: &str) -> bool {
    // A typographic hyphen begins with this byte.
    let hyphens = || line.bytes().filter(|&byte| byte == b'-' || byte == 0xe2).count();
    line.contains("20") && hyphens() >= FOOTER_HYPHENS && footer_number(&fold(line)).is_some()
}

/// Whether a line as printed is the name of a bulletin: « recueil n°021 du 12/02/2026 », « RAA N° 29
/// du 25 juillet 2025 », « Publié au RAA … ».
#[must_use]
pub fn names_bulletin(line: &str) -> bool {
    let first = line.trim_start().chars().next().unwrap_or(' ');
    if line.len() > LONGEST || !matches!(first, 'r' | 'R' | 'p' | 'P' | 'b' | 'B') {
        return false;
    }
    let folded = fold(line);
    let name = folded.trim_start();
    let name = name.strip_prefix("publie au ").unwrap_or(name);
    let named =
        ["recueil n", "recueil special ", "raa n", "recueil des actes", "recueil de la prefecture"];
    let numbered = ["n°", "no ", "n ", " du "].iter().any(|sign| name.contains(sign));
    named.iter().any(|start| name.starts_with(start))
        && numbered
        && name.bytes().any(|b| b.is_ascii_digit())
        && !name.trim_end().ends_with([',', ';', '.'])
}

fn ends_with_digit(line: &str) -> bool {
    line.trim_end().ends_with(|c: char| c.is_ascii_digit())
}

/// Lines with words, from the top.
fn lines(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    text.split_inclusive('\n').filter_map(move |line| {
        let start = at;
        at += line.len();
        (!line.trim().is_empty()).then_some(start..at)
    })
}

/// Lines with words, from the end.
fn lines_back(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut end = text.len();
    std::iter::from_fn(move || {
        let rest = &text[..end];
        let body = rest.strip_suffix('\n').unwrap_or(rest);
        (!rest.is_empty()).then(|| {
            let start = body.rfind('\n').map_or(0, |at| at + 1);
            let line = start..end;
            end = start;
            line
        })
    })
    .filter(|line| !text[line.clone()].trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_between_hyphens() {
        let cases = [
            ("prefecture - 26-2025-02-19-00002 - arrete portant", Some("26-2025-02-19-00002")),
            ("prefecture -26 - 2025 - 02-19-00002- arrete", Some("26 - 2025 - 02-19-00002")),
            ("ddt - r03-2024-11-28-00002 - avis", Some("r03-2024-11-28-00002")),
            ("ddt - d77-2024-11-28-002 - avis", Some("d77-2024-11-28-002")),
            ("ddt - 2a-2024-11-28-0002 - avis", Some("2a-2024-11-28-0002")),
            ("prefet du nord - 2025-10-27-00023 - avis", Some("2025-10-27-00023")),
            ("modifiant l'arrete n° 26-2025-02-19-00002 - x", None),
            ("- 26-2025-02-19-00002 - arrete", None),
            ("du 20-12-2020 au 2025-01-02-", None),
            ("20", None),
        ];
        for (line, expected) in cases {
            let found = footer_number(line).map(|f| &line[f.number]);
            assert_eq!(found, expected, "{line}");
        }
    }

    #[test]
    fn what_the_bulletin_prints_is_left_out() {
        let footer = "Préfecture de la Drôme - 26-2025-02-19-00002 - Arrêté autorisant la";
        let long = "Direction régionale et interdépartementale de l'environnement et du logement";
        let cases = [
            (format!("Un.\nDeux.\n{footer} 4"), "Un.\nDeux."),
            (format!("Un.\n{footer}\ncaptation\nd'images\nau\nmoyen\nde\ncaméras 4\n"), "Un."),
            (format!("{footer}\ncaptation 4\nUn.\nDeux."), "Un.\nDeux."),
            (format!("Un.\n{long} -\n26-2025-02-19-00002 - Arrêté 4"), "Un."),
            (
                format!("{} deux.\n{footer} 4", "un ".repeat(30)),
                &format!("{} deux.", "un ".repeat(30)),
            ),
            (format!("{footer} 4"), ""),
            (format!("Un.\n3/5\n{footer} 4"), "Un."),
            ("Un.\nPage 3 sur 5\n".into(), "Un."),
            ("Un.\n- 3 -\n".into(), "Un."),
            ("Un.\n12\n".into(), "Un.\n12\n"),
            (
                format!("{} deux au\n3\n", "un ".repeat(30)),
                &format!("{} deux au", "un ".repeat(30)),
            ),
            ("Un.\n12/03/2026\n".into(), "Un.\n12/03/2026\n"),
            ("Titre\nrecueil n°021 du 12/02/2026 3".into(), "Titre"),
            ("RAA N° 29 du 25 juillet 2025\nUn.".into(), "Un."),
            ("Un.\nPublié au RAA N° 29 du 25 juillet 2025\n".into(), "Un."),
            (
                "publié au\nrecueil des actes administratifs.".into(),
                "publié au\nrecueil des actes administratifs.",
            ),
            (
                "Un.\nVu l'arrêté n° 26-2025-02-19-00002 - dit".into(),
                "Un.\nVu l'arrêté n° 26-2025-02-19-00002 - dit",
            ),
            (String::new(), ""),
        ];
        for (text, expected) in cases {
            assert_eq!(&text[without_furniture(&text)], expected, "{text}");
        }
    }
}
