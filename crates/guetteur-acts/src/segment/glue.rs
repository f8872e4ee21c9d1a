//! Lines that extraction glued together.

use regex::Regex;

use crate::parts::pattern;

/// Lines shorter than this have not swallowed others, except where words touch.
const GLUED: usize = 150;

// Where a line begins that extraction glued to the one before it: « FraternitéARRÊTÉ AUTORISANT »,
// « du mérite,Vu le code », « préfetArrêté n° 12 », « Fraternité Arrêté du 3 mai ».
pattern!(
    BEGINS,
    r"(?:[\p{Ll},;.)]|\| |aternit[eé] )(?:ARR[EÊ]T[EÉ][ :]|Arr[eêé]t[eé] (?:[nN] ?°|du |pr[eé]fectoral)|Arr[eêé]t[eé] ?(?:portant|autorisant)|V[Uu] (?:l[ea]s? |l['’]))"
);

// « COMMUNE DE VALENCECONVENTION DE … »: what hangs on capitals, in a line of any length.
pattern!(
    HANGING,
    r"CONVENTION DE |ARR[EÊ]T[EÉ] (?:N ?°|PR[EÉ]FECTORAL|PORTANT|AUTORISANT|DU )|D[EÉ]CISION (?:N ?°|DU |PORTANT )"
);

// A page that lists acts says so, or has « Cabinet p 4- Arrêté du … » more than once.
pattern!(SOMMAIRE, r"SOMMAIRE|Sommaire|TABLE DES MATI[EÈ]RES");
// What pages have on which lines hang or acts are listed: one search for all of it.
pattern!(
    PROMISES,
    r"CONVENTION DE |ARR[EÊ]T[EÉ] [NPAD]|D[EÉ]CISION [NDP]|SOMMAIRE|Sommaire|TABLE DES MATI|- Arr"
);
pattern!(MARKED, r"[\p{L}) ]pp?\.? ?[0-9]{1,3} ?[-–] ?Arr[eêé]t[eé]");

// What begins a line of a list where it touches what stands before: the list behind its title, a
// service, an act behind a service or behind the page of one.
pattern!(
    LIST,
    r"^[^\p{L}]{0,6}(?:SOMMAIRE|Sommaire|S O M M A I R E|TABLE DES MATI[EÈ]RES)(\p{Lu}\p{L})"
);
pattern!(
    SERVICE,
    r"[\p{L}).](SOUS-PR[EÉ]F|SERVICES D|PR[EÉ]FECTURE D|DIRECTION [A-Z]|Sous-[Pp]r[eé]fecture|Direction [a-z]|Secr[eé]tariat g|D[eé]l[eé]gation t|Agence [a-z]|Cabinet)"
);
pattern!(
    ACT,
    r"(?:\p{Lu}{2}|\)|[\p{L}) .]pp?\.? ?[0-9]{1,3} ?)((?:[-–] ?)?(?:Arr[eêé]t[eé]|D[eé]cision|Avis|Convention) (?:[nN] ?°|du |pr[eé]fectoral|portant|d'|de ))"
);
pattern!(
    DASH,
    r"(?:[\p{Ll})]|20[0-9]{2})([-–] ?(?:Arr[eêé]t[eé]|D[eé]cision) (?:[nN] ?°|du |pr[eé]fectoral|portant))"
);

// The same in a long line, where a space stands between; and what follows the page of an entry.
pattern!(SPACED_LIST, r"^[^\p{L}]{0,6}(?:SOMMAIRE|Sommaire) (\p{Lu}\p{L})");
pattern!(
    SPACED_DASH,
    r"\p{L} ([-–] (?:Arr[eêé]t[eé]|D[eé]cision) (?:[nN] ?°|du |pr[eé]fectoral|portant))"
);
pattern!(
    PAGED,
    r"(?:\.{3}|…|[^\p{L}](?:[Pp]\.|[Pp]ages?|[Pp]g\.?)) ?[0-9]{1,3} ?([-–]? ?\p{Lu}[\p{L}'’])"
);
pattern!(SPACED_ACT, r"[\p{L})] (Arr[eêé]t[eé] (?:pr[eé]fectoral )?[nN] ?°)");

// A number of the national tool behind a service or a page, not in a footer.
pattern!(
    NUMBERED,
    r"[^-–\s] ?((?:[DR]?[0-9]{2,3}|2[AB])-20[0-9]{2}-[0-9]{2}-[0-9]{2}-[0-9]{3,5} ?- )"
);

// One search of a page that lists acts: few have words that touch so.
pattern!(
    TOUCHES,
    r"(?:SOMMAIRE|Sommaire|S O M M A I R E|TABLE DES MATI[EÈ]RES)\p{Lu}|[\p{L}).](?:SOUS-PR[EÉ]F|SERVICES D|PR[EÉ]FECTURE D|DIRECTION [A-Z]|Sous-[Pp]r[eé]fecture|Direction [a-z]|Secr[eé]tariat g|D[eé]l[eé]gation t|Agence [a-z]|Cabinet)|(?:\p{Lu}|[)0-9]|[0-9] )[-–]? ?(?:Arr[eêé]t[eé]|D[eé]cision|Avis|Convention) |[\p{Ll})][-–] ?(?:Arr[eêé]t[eé]|D[eé]cision) "
);

/// What may be glued on a page: one search of it each, as most pages have none of it.
pub(super) struct Glue {
    /// Some line has a heading that may hang on capitals.
    hanging: bool,
    /// The page lists acts.
    listing: bool,
    /// It has what touches what stands before.
    touching: bool,
}

impl Glue {
    pub(super) fn of(page: &str) -> Self {
        let promises = PROMISES.is_match(page);
        let marked = || MARKED.find_iter(page).nth(1).is_some();
        let listing = promises && (SOMMAIRE.is_match(page) || marked());
        Self {
            hanging: promises && HANGING.is_match(page),
            listing,
            touching: listing && TOUCHES.is_match(page),
        }
    }

    /// The lines that one line as extracted holds.
    pub(super) fn lines<'a>(&self, line: &'a str) -> impl Iterator<Item = &'a str> + use<'a> {
        let mut starts: Vec<usize> = Vec::new();
        let long = line.len() > GLUED;
        if long {
            let begins = BEGINS.find_iter(line);
            starts.extend(begins.map(|m| m.start() + m.as_str().find(['A', 'V']).unwrap_or(0)));
        }
        if self.touching && TOUCHES.is_match(line) {
            starts.extend([&LIST, &SERVICE, &ACT, &DASH].iter().flat_map(|p| begun(p, line)));
        }
        if self.listing && long {
            let spaced = [&SPACED_LIST, &SPACED_DASH, &SPACED_ACT, &PAGED, &NUMBERED];
            starts.extend(spaced.iter().flat_map(|p| begun(p, line)));
        }
        if self.hanging {
            let hang = HANGING.find_iter(line).map(|found| found.start());
            starts.extend(hang.filter(|&at| hangs(&line[..at])));
        }
        starts.sort_unstable();
        starts.dedup();
        starts.push(line.len());
        let mut from = 0;
        starts.into_iter().map(move |to| {
            let piece = &line[from..to];
            from = to;
            piece
        })
    }
}

/// Where the first group of the pattern begins, each time that it matches.
fn begun<'a>(pattern: &'a Regex, line: &'a str) -> impl Iterator<Item = usize> + use<'a> {
    pattern.captures_iter(line).filter_map(|found| Some(found.get(1)?.start()))
}

/// Whether a word in capitals ends where the rest of its line was glued to it.
fn hangs(before: &str) -> bool {
    const CAPITALS: usize = 4;
    let last = before.chars().rev().take(CAPITALS);
    last.filter(|c| c.is_uppercase()).count() == CAPITALS
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(page: &str) -> Vec<&str> {
        let glue = Glue::of(page);
        page.split('\n').flat_map(|line| glue.lines(line)).collect()
    }

    #[test]
    fn a_list_is_parted() {
        let cases: [(&str, &[&str]); 5] = [
            (
                "SOMMAIREPREFECTURE DU GERSCabinetp. 4- Arrêté du 2 mai 2026 autorisant",
                &[
                    "SOMMAIRE",
                    "PREFECTURE DU GERS",
                    "Cabinetp. 4",
                    "- Arrêté du 2 mai 2026 autorisant",
                ],
            ),
            (
                "SOMMAIRE\nDDTArrêté n° 3 du 2 mai 2026- Arrêté du 3 mai 2026",
                &["SOMMAIRE", "DDT", "Arrêté n° 3 du 2 mai 2026", "- Arrêté du 3 mai 2026"],
            ),
            (
                "Sommaire\n32-2026-05-02-00003 - Arrêté du 2 mai 2026 (2 pages) Page 4",
                &["Sommaire", "32-2026-05-02-00003 - Arrêté du 2 mai 2026 (2 pages) Page 4"],
            ),
            (
                "Sommaire DDT / Service de l'eau 32-2026-05-02-00003 - Arrêté portant prescriptions \
                 (2 pages) Page 4 32-2026-05-02-00004 - Arrêté autorisant une pêche (3 pages) Page 7",
                &[
                    "Sommaire ",
                    "DDT / Service de l'eau ",
                    "32-2026-05-02-00003 - Arrêté portant prescriptions (2 pages) Page 4 ",
                    "32-2026-05-02-00004 - Arrêté autorisant une pêche (3 pages) Page 7",
                ],
            ),
            ("DDTArrêté n° 3 du 2 mai 2026", &["DDTArrêté n° 3 du 2 mai 2026"]),
        ];
        for (page, expected) in cases {
            assert_eq!(lines(page), expected);
        }
    }
}
