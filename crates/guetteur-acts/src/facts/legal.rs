//! References to codes, laws and decrees.

use std::collections::BTreeSet;

use guetteur_model::Facts;
use regex::Match;

use super::{Reading, note};
use crate::parts::pattern;

/// Codes by their folded names, with the short form of the references.
const CODES: [(&str, &str); 24] = [
    ("securite interieure", "CSI"),
    ("general des collectivites territoriales", "CGCT"),
    ("relations entre le public", "CRPA"),
    ("justice administrative", "CJA"),
    ("procedure penale", "CPP"),
    ("penal", "CP"),
    ("postes et des communications", "CPCE"),
    ("transports", "code des transports"),
    ("aviation civile", "code de l'aviation civile"),
    ("defense", "code de la défense"),
    ("environnement", "code de l'environnement"),
    ("rural et de la peche", "CRPM"),
    ("sante publique", "CSP"),
    ("route", "code de la route"),
    ("sport", "code du sport"),
    ("urbanisme", "code de l'urbanisme"),
    ("travail", "code du travail"),
    ("commerce", "code de commerce"),
    ("entree et du sejour", "CESEDA"),
    ("patrimoine", "code du patrimoine"),
    ("forestier", "code forestier"),
    ("voirie routiere", "code de la voirie routière"),
    ("action sociale", "CASF"),
    ("construction et de l'habitation", "CCH"),
];

/// Ranges longer than this are given by their ends.
const LONGEST_RANGE: u32 = 30;

pattern!(CODE, r"code (?:de |du |des |d'|de la |de l'|general )?(?:la |l')?[a-z' ]{3,60}");
// `L. 242-5`, `L.242 -5`, `R: 242-8`, `AR. 242-14`, `R. 24214`.
pattern!(
    ARTICLE,
    r"(?:\b|[^a-z]a?|\ba)[lrdi] ?\*?[.:]? ?\d{1,5}(?: ?- ?\d{1,4}){0,3}(?: ?(?:a|au) ?(?:l'article )?[lrd] ?[.:]? ?\d{3,5}(?: ?- ?\d{1,4}){0,3})?"
);
pattern!(
    TEXT,
    r"\b(?:loi|decret|ordonnance)(?: organique| constitutionnelle| modifiee?)? ?(?:n ?[°o'*] ?)?(?:19|20)?\d\d ?- ?\d{1,4}\b"
);

/// Normalised, sorted, each once: `CSI L242-5`, `loi 2023-380`, `décret 2023-283`. An article
/// counts for the code named in the same sentence, and a range for each article in it.
pub(crate) fn read(reading: &Reading<'_>, facts: &mut Facts) {
    let text = reading.text.as_str();
    let codes: Vec<(usize, &str)> =
        CODE.find_iter(text).filter_map(|m| Some((m.start(), code(m.as_str())?))).collect();
    let mut refs = BTreeSet::new();
    for whole in articles(text) {
        let Some((letter, number, last)) = letter_and_numbers(whole.as_str()) else { continue };
        let Some(first) = Number::read(number) else { continue };
        let at = letter_start(whole.start(), whole.as_str());
        let Some(code) = code_near(text, &codes, at).or_else(|| known_by_number(&first, &codes))
        else {
            continue;
        };
        let last = last.and_then(Number::read);
        for number in last.map_or_else(|| vec![first.clone()], |last| first.up_to(&last)) {
            refs.insert([code, letter, &number.0].concat());
        }
        note(facts, "legal_refs", reading.text.span(at..whole.end()));
    }
    for whole in TEXT.find_iter(text) {
        let words = whole.as_str();
        let kinds = [("decret", "décret"), ("loi", "loi"), ("ordonnance", "ordonnance")];
        let kind = kinds.iter().find(|(word, _)| words.starts_with(word));
        let number = words.rsplit(|c: char| !matches!(c, '0'..='9' | '-' | ' ')).next();
        let (Some((_, kind)), Some(number)) = (kind, number) else { continue };
        refs.insert(format!("{kind} {}", number.replace(' ', "")));
        note(facts, "legal_refs", reading.text.span(whole.start()..whole.end()));
    }
    facts.legal_refs = refs.into_iter().collect();
}

/// What [`ARTICLE`] finds in `text`. Nothing tells that pattern's engine where to look, so it is
/// asked at the numbers alone that a letter of an article stands before.
fn articles(text: &str) -> impl Iterator<Item = Match<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let found = ARTICLE.find_at(text, lettered_number(text, at)?)?;
        at = found.end();
        Some(found)
    })
}

/// Where to search from, not before `from`, for the next number behind a letter of articles and the
/// signs and spaces of [`ARTICLE`] between them.
fn lettered_number(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = from;
    loop {
        at += bytes[at..].iter().position(u8::is_ascii_digit)?;
        let before = &bytes[from..at];
        let signs = before.iter().rev().take_while(|b| matches!(b, b' ' | b'*' | b'.' | b':'));
        let letter = at - signs.take(5).count();
        if letter > from && matches!(bytes[letter - 1], b'l' | b'r' | b'd' | b'i') {
            // A mark, a lost « a » or both may come first.
            return (from..letter).rev().skip(2).find(|&i| text.is_char_boundary(i)).or(Some(from));
        }
        at += bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    }
}

/// « l. 242-1 a l. 242-8 »: the letter as it is written, the number, and the last one of a range.
/// Taken from what the pattern found: captures would cost more than the search.
fn letter_and_numbers(whole: &str) -> Option<(&'static str, &str, Option<&str>)> {
    let digit = |c: char| c.is_ascii_digit();
    let letter = match whole.as_bytes().get(letter_start(0, whole))? {
        b'r' => " R",
        b'd' => " D",
        _ => " L",
    };
    let numbers = &whole[whole.find(digit)?..];
    let len = numbers.find(|c: char| !matches!(c, '0'..='9' | '-' | ' ')).unwrap_or(numbers.len());
    let (first, rest) = numbers.split_at(len);
    Some((letter, first.trim_end(), rest.find(digit).map(|at| &rest[at..])))
}

fn letter_start(start: usize, whole: &str) -> usize {
    start + whole.find(['l', 'r', 'd', 'i']).unwrap_or(0)
}

fn code(named: &str) -> Option<&'static str> {
    CODES.iter().find(|(name, _)| named.contains(name)).map(|(_, short)| *short)
}

/// The code of the sentence: the last one named before in it, unless one is named right after
/// (« article L. 242-5 du code de la sécurité intérieure »).
fn code_near<'c>(text: &str, codes: &[(usize, &'c str)], at: usize) -> Option<&'c str> {
    let i = codes.partition_point(|(start, _)| *start < at);
    let same_sentence = |from: usize, to: usize| {
        to - from < 600 && !text[from..to].contains(';') && !text[from..to].contains("considerant")
    };
    let before = i.checked_sub(1).map(|i| codes[i]).filter(|(start, _)| same_sentence(*start, at));
    let after = codes.get(i).filter(|(start, _)| {
        same_sentence(at, *start) && *start - at < 160 && {
            let link = text[at..*start].trim_end();
            link.ends_with(" du") || link.ends_with(" dudit") || link.ends_with(" de ce")
        }
    });
    after.or(before.as_ref()).map(|(_, code)| *code)
}

/// Numbers that only the code of internal security uses in acts of surveillance, when the act
/// names that code somewhere.
fn known_by_number(number: &Number, codes: &[(usize, &str)]) -> Option<&'static str> {
    let head = number.0.split('-').next().unwrap_or_default();
    let known = matches!(
        head,
        "242" | "241" | "251" | "252" | "253" | "254" | "255" | "223" | "226" | "213" | "233"
    );
    (known && codes.iter().any(|(_, code)| *code == "CSI")).then_some("CSI")
}

/// `242-5`.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Number(String);

impl Number {
    fn read(text: &str) -> Option<Self> {
        let number = text.replace(' ', "");
        if number.contains('-') {
            return Some(Self(number));
        }
        // `R. 24214`: the hyphen is lost.
        (number.len() >= 4
            && number.len() <= 5
            && number.starts_with(['2', '6'])
            && &number[..2] != "20")
            .then(|| Self(format!("{}-{}", &number[..3], &number[3..])))
            .or_else(|| (number.len() == 3 || number.len() == 4).then_some(Self(number)))
    }

    /// This one and those up to `last`, when only the last figure grows.
    fn up_to(&self, last: &Self) -> Vec<Self> {
        let split = |n: &Self| {
            let (head, tail) = n.0.rsplit_once('-')?;
            Some((head.to_owned(), tail.parse::<u32>().ok()?))
        };
        match (split(self), split(last)) {
            (Some((a, from)), Some((b, to)))
                if a == b && from < to && to - from <= LONGEST_RANGE =>
            {
                (from..=to).map(|n| Self(format!("{a}-{n}"))).collect()
            }
            _ => vec![self.clone(), last.clone()],
        }
    }
}
