//! How acts are named: « Arrêté BSI n° 2026-17 du 2 mars 2026 ». The day in a name is the day of its
//! signature, whatever kind, authority, service codes and number stand before it: the act's own in a
//! title, another act's where one is cited. Neither is a day on which the act has effect.

mod words;

use std::ops::Range;

use chrono::NaiveDate;
use guetteur_model::dates::day::day_at;
use guetteur_model::dates::find_dates;
use guetteur_model::dates::tokens::{Kind, Token, tokens};
use guetteur_model::fold::Folded;

use words::{
    is_authority, is_cited_kind, is_office, is_own_kind, is_plain, joins_authority, qualifies,
};

/// Tokens of a name, at most.
const LONGEST: usize = 60;

/// A day in the name of an act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Named {
    /// Bytes of the day.
    pub day: Range<usize>,
    /// The day; `None` where the calendar has no such day.
    pub date: Option<NaiveDate>,
}

/// The name of the act that `title` is of, with its day: at the start, before what the act does.
pub(crate) fn own(title: &str) -> Option<Named> {
    let folded = Folded::new(title);
    let words = tokens(folded.as_str(), 0);
    let chars: Vec<char> = title.chars().collect();
    let origins = folded.origins();
    let upper = |at: usize| {
        origins.get(at).and_then(|i| chars.get(*i as usize)).is_some_and(|c| c.is_uppercase())
    };
    own_of(&words, &upper)
}

/// [`own`] of tokens; `upper` says whether the byte at an offset was a capital.
pub(crate) fn own_of(words: &[Token<'_>], upper: &dyn Fn(usize) -> bool) -> Option<Named> {
    // A bulletin's number, a bullet or a service's reference may come first.
    let start = words.iter().take(24).position(|t| t.kind == Kind::Word && !is_bullet(t))?;
    let is_kind = |at: &usize| words.get(*at).is_some_and(|t| is_own_kind(unglued(t.text)));
    let start = Some(start).filter(is_kind).or_else(|| after_reference(words, upper));
    let Some(start) = start else { return at_end(words, upper) };
    let kind = words.get(start).filter(|_| is_kind(&start))?;
    let reader = Reader { words, upper, mixed: !upper(kind.end - 1) };
    let named = reader.day(start + 1).or_else(|| reader.before_verb(start + 1));
    let (day, written) = named.or_else(|| reader.signed_later(start + 1))?;
    Some(Named { day, date: written })
}

/// « DDT-SAER-2026145-0001 - Arrêté du 24 mai »: where the kind may stand behind a reference in
/// capitals and a dash.
fn after_reference(words: &[Token<'_>], upper: &dyn Fn(usize) -> bool) -> Option<usize> {
    let apart = |pair: &[Token<'_>]| {
        matches!(pair[0].text, "-" | ":") && pair[0].end < pair[1].start && upper(pair[1].start)
    };
    let dash = words.windows(2).take(16).position(apart)?;
    let reference = &words[..dash];
    let code = |t: &Token<'_>| t.kind != Kind::Word || upper(t.start) && upper(t.end - 1);
    let numbered = reference.iter().any(|t| t.kind == Kind::Number);
    (numbered && reference.iter().all(code)).then_some(dash + 1)
}

/// « ÉLECTION PARTIELLE ARRÊTÉ N° 2026-31 DU 25 MAI 2026 »: a numbered name that a title ends with, unless
/// an article or a change says that another act is meant.
fn at_end(words: &[Token<'_>], upper: &dyn Fn(usize) -> bool) -> Option<Named> {
    const CHANGES: [&str; 8] =
        ["modif", "abrog", "prolong", "prorog", "renouv", "complet", "retrait", "rectif"];
    let kind = words.iter().rposition(|t| matches!(t.text, "arrete" | "decision"))?;
    let before = words.get(kind.checked_sub(1)?)?;
    let joined = before.kind == Kind::Word && before.text.len() <= 3 || before.text == "'";
    let numbered = words.get(kind + 1).is_some_and(|t| matches!(t.text, "n" | "no" | "numero"));
    let changes = |t: &Token<'_>| CHANGES.iter().any(|change| t.text.starts_with(change));
    if joined || !numbered || words[..kind].iter().any(changes) {
        return None;
    }
    let (day, date) = Reader { words, upper, mixed: !upper(words[kind].end - 1) }.day(kind + 1)?;
    words.last().filter(|last| last.end == day.end).map(|_| Named { day, date })
}

/// « du 20260304 », « du 04032026 ».
fn compact(token: &Token<'_>) -> Option<(Range<usize>, Option<NaiveDate>)> {
    (token.kind == Kind::Number && token.text.len() == 8).then_some(())?;
    let date = find_dates(token.text).first()?.date;
    Some((token.start..token.end, Some(date)))
}

/// « arrêtédu 4 mars 2026 »: a space was lost.
fn unglued(word: &str) -> &str {
    word.strip_suffix("du").unwrap_or(word)
}

fn is_signed(word: &str) -> bool {
    matches!(word, "signe" | "signee" | "signes" | "signees")
}

fn is_bullet(token: &Token<'_>) -> bool {
    matches!(token.text, "n" | "d" | "r" | "a" | "b" | "acte" | "publiable")
}

/// The days in the names of other acts that the text cites, wherever they stand.
pub(crate) fn cited(words: &[Token<'_>], upper: &dyn Fn(usize) -> bool) -> Vec<Named> {
    let mut found = Vec::new();
    // No day without a number.
    let last = words.iter().rposition(|word| word.kind == Kind::Number).unwrap_or(0);
    let mut at = 0;
    while at < last {
        let kind = words[at];
        at += 1;
        if kind.kind != Kind::Word || !is_cited_kind(unglued(kind.text)) {
            continue;
        }
        let mixed = !upper(kind.end - 1);
        if let Some((day, date)) = (Reader { words, upper, mixed }).day(at) {
            at += words[at..].partition_point(|t| t.start < day.end);
            found.push(Named { day, date });
        }
    }
    found
}

struct Reader<'w, 't> {
    words: &'w [Token<'t>],
    upper: &'w dyn Fn(usize) -> bool,
    /// Whether the kind has small letters: then a word in capitals after it is a code.
    mixed: bool,
}

impl Reader<'_, '_> {
    fn word(&self, at: usize) -> &str {
        self.words.get(at).map_or("", |t| t.text)
    }

    /// Walks from the kind to the day; `None` at the first word that belongs to no name.
    fn day(&self, start: usize) -> Option<(Range<usize>, Option<NaiveDate>)> {
        let mut at = start;
        while at < start + LONGEST {
            let token = self.words.get(at)?;
            match token.text {
                "en" if self.word(at + 1) == "date" => at += 2,
                "date" | "pris" | "prise" if self.word(at + 1) == "du" => at += 1,
                word if is_signed(word) && matches!(self.word(at + 1), "le" | "du") => {
                    return self.dated(at + 2, false);
                }
                "du" | "des" | "de" | "le" => {
                    if let Some(day) = self.dated(at + 1, token.text == "le") {
                        return Some(day);
                    }
                    at = self.authority(at + 1)?;
                }
                "par" => at = self.authority(at + 1)?,
                // « arrêté d'agrément », « décision d'autorisation »
                "d" if self.word(at + 1) == "'" && is_own_kind(self.word(at + 2)) => at += 3,
                _ => match self.bare(at) {
                    Some(day) => return Some(day),
                    None if self.belongs(at) => at += 1,
                    None => return None,
                },
            }
        }
        None
    }

    /// « Arrêtés consécutifs à la commission – arrêtés signés le 19 décembre 2025 ».
    fn signed_later(&self, start: usize) -> Option<(Range<usize>, Option<NaiveDate>)> {
        (start..self.words.len()).find_map(|at| {
            let dated = || self.dated(at + 2, false);
            (is_signed(self.word(at)) && self.word(at + 1) == "le").then(dated)?
        })
    }

    /// « Convention de coordination du 2 mars 2026 relative à … »: right before what the act does.
    fn before_verb(&self, start: usize) -> Option<(Range<usize>, Option<NaiveDate>)> {
        let most = (start + LONGEST / 2).min(self.words.len());
        (start..most).take_while(|&at| !self.acts(at)).find_map(|at| {
            let dated = || self.dated(at + 1, true);
            (self.word(at) == "du").then(dated)?
        })
    }

    /// « du 2 mars 2026 », « du lundi 2 mars 2026 », « du - 8 JUIL, 2025 »; no period, and for « le »
    /// only right before what the act does.
    fn dated(
        &self,
        at: usize,
        only_before_verb: bool,
    ) -> Option<(Range<usize>, Option<NaiveDate>)> {
        let skipped = (at..at + 3).find(|&i| !matches!(self.word(i), "-" | ":" | "." | ","))?;
        if let Some(compact) = self.words.get(skipped).and_then(compact) {
            return Some(compact);
        }
        let (written, next) = day_at(self.words, skipped)?;
        written.month.zip(written.year)?;
        if self.begins_period(next) || only_before_verb && !self.acts(next) {
            return None;
        }
        Some((written.range.clone(), written.date()))
    }

    /// « Arrêté 24 janvier 2024 autorisant … »: the « du » was lost.
    fn bare(&self, at: usize) -> Option<(Range<usize>, Option<NaiveDate>)> {
        let token = self.words.get(at).filter(|t| t.kind == Kind::Number && t.text.len() <= 2)?;
        let named = self
            .words
            .get(at + 1..at + 4)?
            .iter()
            .any(|t| t.text.len() > 2 && t.kind == Kind::Word);
        let (written, next) = day_at(self.words, at).filter(|_| named)?;
        written.year?;
        let ends = self.acts(next) || matches!(self.word(next), "," | "-" | ")" | "" | ":");
        (ends && token.end < written.range.end).then(|| (written.range.clone(), written.date()))
    }

    /// « autorisant », « portant », « relatif »: what the act does begins.
    fn acts(&self, at: usize) -> bool {
        let word = self.word(at);
        word.len() > 4 && word.ends_with("ant") || matches!(word, "relatif" | "relative")
    }

    /// « … au 4 mars », « à 8h00 »: the day begins a period and names no act.
    fn begins_period(&self, at: usize) -> bool {
        match self.word(at) {
            "au" => true,
            "a" => self.words.get(at + 1).is_some_and(|t| t.kind == Kind::Number),
            _ => false,
        }
    }

    /// After « préfet de l'Isère », « préfet de police et du président du conseil départemental »:
    /// where the day's « du » stands.
    fn authority(&self, at: usize) -> Option<usize> {
        let article =
            (at..at + 3).find(|&i| !matches!(self.word(i), "la" | "l" | "'" | "le" | "les"))?;
        if !is_authority(self.word(article)) {
            return None;
        }
        let mut i = article + 1;
        while i < article + 16 {
            let token = self.words.get(i)?;
            let opens_day = matches!(token.text, "du" | "en" | "n") && self.opens_day(i);
            let inside = token.kind == Kind::Mark && matches!(token.text, "'" | "-" | ",")
                || token.kind == Kind::Word
                    && (joins_authority(token.text) || (self.upper)(token.start));
            if opens_day || !inside || self.acts(i) {
                return Some(i);
            }
            i += 1;
        }
        None
    }

    /// Whether at « du », « en date du » or « n° » the name goes on with its day or its number.
    fn opens_day(&self, at: usize) -> bool {
        match self.word(at) {
            "n" => !self.words.get(at + 1).is_some_and(|t| t.kind == Kind::Word),
            "en" => self.word(at + 1) == "date",
            _ => self.dated(at + 1, false).is_some(),
        }
    }

    /// Whether the token is part of a name: a qualifier, a number, a sign, a service's code.
    fn belongs(&self, at: usize) -> bool {
        let Some(token) = self.words.get(at) else { return false };
        match token.kind {
            Kind::Number => true,
            Kind::Mark => !matches!(token.text, ";" | "\"" | "!" | "?"),
            Kind::Word => {
                qualifies(token.text)
                    || matches!(
                        token.text,
                        "n" | "no" | "nos" | "nr" | "numero" | "bis" | "ter" | "o"
                    )
                    || !is_plain(token.text) && (self.is_glued(at) || self.is_code(token))
            }
        }
    }

    /// Whether a word hangs on a number or on another code without a space: `ddtm-2025`, `26-AT-0045`.
    fn is_glued(&self, at: usize) -> bool {
        let joins = |t: &Token<'_>| {
            t.kind == Kind::Number
                || t.kind == Kind::Mark && matches!(t.text, "-" | "/" | "_" | "." | "°")
        };
        let token = &self.words[at];
        let before = at.checked_sub(1).and_then(|i| self.words.get(i));
        let after = self.words.get(at + 1);
        before.is_some_and(|t| t.end == token.start && joins(t))
            || after.is_some_and(|t| t.start == token.end && joins(t) && t.text != ".")
    }

    fn is_code(&self, token: &Token<'_>) -> bool {
        let upper = (self.upper)(token.start) && (self.upper)(token.end - 1);
        upper && (token.text.len() <= if self.mixed { 12 } else { 6 } || is_office(token.text))
    }
}
