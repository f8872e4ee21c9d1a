//! What the first pages and the link say about the bulletin itself.

use chrono::{Days, NaiveDate};
use guetteur_model::dates::{DateMatch, find_dates};
use guetteur_model::fold::{Folded, fold, slice_chars};
use guetteur_model::{Act, Span};

use super::lexicon::{ARTICLE_ANY, CITES, OPERATES, SOMMAIRE};
use super::page::{Line, PageView};
use guetteur_communes::{departement_code, departement_name};

use crate::context::BulletinContext;
use crate::parts::pattern;

/// The bulletin as its cover presents it.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct BulletinHead {
    /// `26-2025-040`, `149`, `13-2025-274 bis`.
    pub number: Option<String>,
    /// Day of publication: the site's, else the cover's.
    pub published_on: Option<NaiveDate>,
    /// The cover's words, when the day comes from there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published_span: Option<Span>,
    /// `special` or `nominatif`; `None` is the ordinary one.
    pub series: Option<String>,
    /// Département (`26`, `2A`, `974`) that the first pages name, where the source does not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub departement: Option<String>,
}

pattern!(
    NUMBER,
    r"(?:\bn ?(?:°|º|o\b|') ?|recueil special |recueil-|special )((?:[dr]?\d{1,3}|2[ab])-20\d\d-\d{1,4}(?: ?(?:bis|ter|quater))?|20\d\d-\d{1,4}|\d{1,3}[.-]20\d\d|\d{1,4}(?: ?(?:bis|ter))?)\b"
);
pattern!(
    TITLED,
    r"^[^a-z]*(?:bulletin d'informations?\b|(?:spec[a-z]* )?recueil\b|raa\b)|\brecueil (?:special|des actes)|^r ?e ?c ?u ?e ?i ?l\b"
);
pattern!(
    IN_SENTENCE,
    r"\b(?:publiee?s?|inseree?s?|insertion|mentionnee?s?|paraitra|parution|affichee?s?)\b[^.]{0,40}\b(?:au|dans le|dans un|du) (?:(?:present )?recueil|raa)|\b(?:au|du|dans le|le present) (?:recueil|raa)\b|recueil[^.]{0,80}[;.]$"
);
pattern!(PUBLISHED, r"publi[e]?e?s? ?(?:le|du)?\b|mise? en ligne|parution|affichee? le");
pattern!(ISSUED, r"recueil|\braa|edition|numero|special|\bn ?°|\bdu\b|\bdate");

/// A cover's day this long after the last signature on its acts is a slip of the keyboard.
const LATEST_DAYS: u64 = 200;
/// Lines of a cover.
const LINES: usize = 40;

/// Reads the lines before the first act; what is not there comes from the link.
pub(crate) fn read(pages: &[PageView<'_>], context: &BulletinContext<'_>) -> BulletinHead {
    // What follows the first page of an act is no cover, whatever it says of the bulletin.
    let acts = |page: &PageView<'_>| {
        page.lines.iter().any(|l| CITES.is_match(l) || ARTICLE_ANY.is_match(l))
    };
    let opening = if pages.first().is_some_and(acts) { 1 } else { 2 };
    let cover = pages.iter().take(opening).find(|page| is_titled(page));
    let dated = cover.and_then(published).filter(|_| context.published_on.is_none());
    let cover = cover.map(|page| page.joined(0, lines(page))).unwrap_or_default();
    let link = fold(context.title);
    let number = [&cover, &link].into_iter().find_map(|text| {
        let at = text.find("recueil").or_else(|| text.find("raa"))?;
        let found = NUMBER.captures(&text[at..]).or_else(|| NUMBER.captures(text))?;
        Some(found.get(1)?.as_str().to_owned())
    });
    let series = [("nominatif", "nominati"), ("special", "special")];
    let series = series.iter().find(|(_, word)| cover.contains(word) || link.contains(word));
    BulletinHead {
        number: number.map(|n| n.to_uppercase().replace("BIS", "bis").replace("TER", "ter")),
        published_on: context.published_on.or(dated.as_ref().map(|(day, _)| *day)),
        published_span: dated.map(|(_, span)| span),
        series: series.map(|(name, _)| (*name).to_owned()),
        departement: if context.departement.is_none() { departement(pages) } else { None },
    }
}

// « N°26-2025-040 », « N°R03-2024-184 »: the national tool puts the code before the year.
pattern!(CODED, r"n ?° ?•? ?d?(\d{2,3}|2[ab])-20\d\d-\d");
pattern!(
    OF_DEPARTEMENT,
    r"(?:pref[eè]te?s?|prefecture) (?:de la region [a-z' -]{3,40}, ?(?:pref[eè]te?|prefecture) )?(?:de la |de l'|d'|du |des |de )([a-z][a-z' -]{2,40})"
);
/// Lines in which a page names its prefecture.
const NAMED: usize = 14;

/// The code before the bulletin's number, else the prefecture of the letterhead, else the name alone
/// on a line of the cover.
fn departement(pages: &[PageView<'_>]) -> Option<String> {
    let found = |page: &PageView<'_>| {
        let words = page.joined(0, NAMED.min(lines(page)));
        let coded = CODED.captures(&words).and_then(|c| Some(c.get(1)?.as_str().to_uppercase()));
        let coded = coded.filter(|code| departement_name(code).is_some());
        let alone = || page.lines.iter().take(3).find_map(|line| departement_code(&line.folded));
        let letterhead = || {
            let named = OF_DEPARTEMENT.captures(&words)?.get(1)?.as_str();
            let words: Vec<&str> = named.split(' ').collect();
            (1..=words.len()).rev().find_map(|n| departement_code(&words[..n].join(" ")))
        };
        coded.or_else(|| letterhead().or_else(alone).map(str::to_owned))
    };
    pages.iter().take(3).find_map(found)
}

impl BulletinHead {
    /// Without the cover's day when the acts' signatures show that it is wrong: some covers are
    /// misdated by a month, a year or more.
    pub(crate) fn checked_against(mut self, acts: &[Act]) -> Self {
        let mut signed: Vec<NaiveDate> = acts.iter().filter_map(|act| act.signed_on).collect();
        signed.sort_unstable();
        let (Some(cover), Some(last)) = (self.published_on, signed.last()) else { return self };
        let before = cover < signed[signed.len() / 2];
        let after = last.checked_add_days(Days::new(LATEST_DAYS)).is_some_and(|d| cover > d);
        if self.published_span.is_some() && (before || after) {
            (self.published_on, self.published_span) = (None, None);
        }
        self
    }
}

/// Whether the page bears the bulletin's name as a title. An act that names the « recueil des actes
/// administratifs » in an article does so in the middle of a sentence.
pub(crate) fn is_titled(page: &PageView<'_>) -> bool {
    let count = lines(page);
    (0..count).any(|i| {
        let line = &page.lines[i];
        let before = i.checked_sub(1).map_or("", |b| page.lines[b].folded.as_str());
        let capitals = line.text.contains("RECUEIL") || line.text.contains("BULLETIN D");
        let named = capitals
            || line.text.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit() || c == '-')
                && TITLED.is_match(&line.folded);
        named
            && line.text.len() < 200
            && !IN_SENTENCE.is_match(&format!("{before} {}", line.folded))
    })
}

/// Lines of the cover, up to the sommaire or the first act if that stands on the same page.
fn lines(page: &PageView<'_>) -> usize {
    let ends = |l: &Line<'_>| {
        SOMMAIRE.is_match(l) || CITES.is_match(l) || ARTICLE_ANY.is_match(l) || OPERATES.is_match(l)
    };
    let end = page.lines.iter().take(LINES).position(ends);
    end.unwrap_or(page.lines.len()).min(LINES)
}

/// The day on the cover: after « publié le » before any other, then that of the number, then one
/// that stands alone.
fn published(page: &PageView<'_>) -> Option<(NaiveDate, Span)> {
    let count = lines(page);
    let dated = (0..count).filter_map(|i| {
        let (day, span) = day_on(page, i, count)?;
        let before = page.joined(i.saturating_sub(1), if i == 0 { 1 } else { 2 });
        let rank = match &before {
            words if PUBLISHED.is_match(words) => 0,
            words if ISSUED.is_match(words) => 1,
            _ => 2,
        };
        Some((rank, i, day, span))
    });
    dated.min_by_key(|(rank, i, ..)| (*rank, *i)).map(|(_, _, day, span)| (day, span))
}

/// The last date that begins on line `i`: « du 3 au 7 mars 2025 » ends on the 7th. It may run on to
/// the next line. « Spécial 7 – mars 2026 » is a number and a month.
fn day_on(page: &PageView<'_>, i: usize, count: usize) -> Option<(NaiveDate, Span)> {
    let (line, next) = (&page.lines[i], &page.lines[(i + 1).min(count - 1)]);
    if line.end - line.start > 400 || next.end - next.start > 400 {
        return None;
    }
    let numbered = |line: &Line<'_>| line.text.bytes().any(|byte| byte.is_ascii_digit());
    if !numbered(line) && !numbered(next) {
        return None;
    }
    let text = page.chars(line.start, next.end);
    let folded = Folded::new(text);
    let begins = |start: usize| folded.span(start, start + 1).0 < line.end - line.start;
    let dates = find_dates(folded.as_str());
    let parted = |found: &&DateMatch| folded.as_str()[found.start..found.end].contains(" - ");
    let found = dates.iter().filter(|found| !parted(found)).rfind(|found| begins(found.start))?;
    let (start, end) = folded.span(found.start, found.end);
    let words = slice_chars(text, start, end).to_owned();
    let span =
        Span { page: page.number, start: line.start + start, end: line.start + end, text: words };
    Some((found.date, span))
}

#[cfg(test)]
mod tests {
    use super::*;
    use guetteur_model::Page;

    fn head(text: &str) -> BulletinHead {
        let page = Page::of_text(1, text);
        read(&[PageView::new(&page)], &BulletinContext::default())
    }

    #[test]
    fn an_act_that_names_the_bulletin_is_no_cover() {
        let acts = [
            "Article 3 : Le présent arrêté sera publié au\nRecueil des actes administratifs du 4 mai 2026.",
            "la préfète est chargée de l'exécution du présent arrêté, publié au\nrecueil des actes administratifs.\nGap, le 3 mai 2026",
            "ARRÊTE\nArticle 1er : L'avis paraît au RECUEIL DES ACTES ADMINISTRATIFS.",
        ];
        for text in acts {
            assert_eq!(head(text).published_on, None, "{text}");
        }
    }

    #[test]
    fn the_first_page_says_where() {
        let cases = [
            ("DRÔME\nRECUEIL DES ACTES\nADMINISTRATIFS\nN°26-2025-040", Some("26")),
            ("PRÉFET\nDE MEURTHE-ET-\nMOSELLE\nRECUEIL DES ACTES ADMINISTRATIFS", Some("54")),
            ("PREFET DE LA MOSELLE\nRecueil des Actes Administratifs\nNuméro 31", Some("57")),
            ("PRÉFET DE LA RÉUNION\nSaint-Denis, le 3 mars 2026\nArrêté n° 2026-4", Some("974")),
            ("PREFET Cabinet\nDE L'ISERE Direction\nVu le code", None),
            ("Préfecture de Haute-Savoie - N°74-2024-166", Some("74")),
            ("Préfecture de police\nArrêté", None),
        ];
        for (text, expected) in cases {
            assert_eq!(head(text).departement.as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn what_follows_an_act_is_no_cover() {
        let first = "Le préfet\nVu le code de la sécurité intérieure ;\nARRÊTE";
        let second = "Article 1er : La captation est autorisée du 3 juin 2026 au 31 août 2026.\n\
                      Article 2 : Le présent arrêté est publié au recueil des actes administratifs.\n\
                      Fait à Gap, le 29 mai 2026";
        let wrapped =
            "du 3 juin 2026 au 31 août 2026, et publié au recueil\ndes actes administratifs.";
        for (first, second) in [(first, second), (first, wrapped), ("", second)] {
            let pages = [Page::of_text(1, first), Page::of_text(2, second)];
            let views: Vec<_> = pages.iter().map(PageView::new).collect();
            let found = read(&views, &BulletinContext::default());
            assert_eq!(found.published_on, None, "{second}");
        }
    }

    #[test]
    fn the_cover_says_when() {
        let cases = [
            (
                "DRÔME\nRECUEIL DES ACTES\nADMINISTRATIFS\nN°26-2025-040\nPUBLIÉ LE 20 FÉVRIER 2025",
                Some((2025, 2, 20)),
                "20 FÉVRIER 2025",
            ),
            (
                "Recueil des actes administratifs\nPublié le 14\naoût 2026\nSommaire\nArrêté du 3 mai 2026",
                Some((2026, 8, 14)),
                "14\naoût 2026",
            ),
            ("RAA n° 12 du 14/08/2026", Some((2026, 8, 14)), "14/08/2026"),
            (
                "ARRÊTÉ du 3 mai 2025\nVu le code ;\nFait à Gap, le 3 mai 2025\nPublié au recueil des actes",
                None,
                "",
            ),
            (
                "Recueil des actes administratifs\nRAA n° 12 du 14/08/2026\nArrêtés signés le 9 août 2026",
                Some((2026, 8, 14)),
                "14/08/2026",
            ),
            (
                "RECUEIL DES ACTES ADMINISTRATIFS\nArrêtés reçus jusqu'au 12 août 2026\npublié le 14 août 2026",
                Some((2026, 8, 14)),
                "14 août 2026",
            ),
            (
                "RECUEIL\nDES ACTES ADMINISTRATIFS\nn° 8 – du 3 au 7 mars 2025",
                Some((2025, 3, 7)),
                "7 mars 2025",
            ),
            (
                "RECUEIL DES ACTES ADMINISTRATIFS\nAnnée 2026 – Numéro 12 bis\n1er août 2026",
                Some((2026, 8, 1)),
                "1er août 2026",
            ),
            ("RECUEIL DES ACTES ADMINISTRATIFS\nAoût 2026 – 1re quinzaine", None, ""),
            ("RECUEIL DES ACTES ADMINISTRATIFS\nSpécial n° 9 - Avril 2026", None, ""),
            ("RECUEIL DES ACTES ADMINISTRATIFS\nSpécial 9 – Avril 2026", None, ""),
            ("RECUEIL DES ACTES ADMINISTRATIFS\nN°9 avril 2026", None, ""),
            ("RECUEIL DES ACTES ADMINISTRATIFS\nNUMÉRO 9\nAVRIL 2026", None, ""),
            (
                "RECUEIL DES ACTES ADMINISTRATIFS\nN° 9 – Avril 2026\ndu 6 au 10 avril 2026",
                Some((2026, 4, 10)),
                "10 avril 2026",
            ),
        ];
        for (text, expected, words) in cases {
            let found = head(text);
            let expected = expected.and_then(|(y, m, d)| NaiveDate::from_ymd_opt(y, m, d));
            assert_eq!(found.published_on, expected, "{text}");
            assert_eq!(found.published_span.map(|s| s.text).unwrap_or_default(), words, "{text}");
        }
    }
}
