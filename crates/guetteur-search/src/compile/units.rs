//! The parts of a conjunction: words are joined into dates, legal references and compounds, and
//! looked up in the vocabulary, before each becomes a query.

use chrono::{Datelike, Months, NaiveDate};
use guetteur_model::dates::month_number;
use guetteur_model::fold::fold;
use tantivy::query::{BooleanQuery, BoostQuery, Occur};

use super::{
    Compiler, MEANT_BOOST, MIN_WORDS_TO_RELAX, Part, best_of, everything, filters, flag_pair,
    flags, unranked,
};
use crate::query::Node;
use crate::schema::{OPEN_ENDED, day_number};
use crate::{Expansion, analysis, vocabulary};

/// A part of a conjunction, compiled.
pub(super) struct Unit {
    query: Part,
    role: Role,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    /// Words: one of many may be missing.
    Words,
    /// A field, phrase or group: must hold.
    Condition,
    Excluded,
}

/// All units hold.
pub(super) fn all_of(units: Vec<Unit>) -> Part {
    let mut clauses: Vec<(Occur, Part)> = units
        .into_iter()
        .map(|unit| match unit.role {
            Role::Excluded => (Occur::MustNot, unit.query),
            _ => (Occur::Must, unit.query),
        })
        .collect();
    if clauses.iter().all(|(occur, _)| *occur == Occur::MustNot) {
        clauses.push((Occur::Must, everything()));
    }
    if clauses.len() == 1 {
        return clauses.remove(0).1;
    }
    Box::new(BooleanQuery::new(clauses))
}

/// All conditions hold and all words but one; `None` when the words are few.
pub(super) fn relaxed(units: &[Unit]) -> Option<Part> {
    let words = units.iter().filter(|unit| unit.role == Role::Words).count();
    if words < MIN_WORDS_TO_RELAX {
        return None;
    }
    let of = |role: Role, occur: Occur| {
        let wanted = units.iter().filter(move |unit| unit.role == role);
        wanted.map(move |unit| (occur, unit.query.box_clone()))
    };
    let some = BooleanQuery::with_minimum_required_clauses(
        of(Role::Words, Occur::Should).collect(),
        words - 1,
    );
    let mut clauses: Vec<(Occur, Part)> = vec![(Occur::Must, Box::new(some))];
    clauses.extend(of(Role::Condition, Occur::Must));
    clauses.extend(of(Role::Excluded, Occur::MustNot));
    Some(Box::new(BooleanQuery::new(clauses)))
}

/// Words joined to what they are together.
#[derive(Debug, PartialEq)]
enum Piece<'n> {
    Word(String),
    /// Days named: text as typed, first, last.
    Days(String, NaiveDate, NaiveDate),
    Other(&'n Node),
}

impl Compiler<'_> {
    /// The parts of a conjunction as units.
    pub(super) fn units(&mut self, parts: &[Node]) -> Vec<Unit> {
        let mut units = Vec::new();
        let pair = flag_pair(parts);
        if let Some((_, _, pair)) = &pair {
            let categories = pair.categories.iter().map(guetteur_model::Category::as_str);
            let query = flags(self.fields, categories, pair.levels);
            units.push(Unit { query, role: Role::Condition });
        }
        let in_pair = |node: &Node| {
            pair.as_ref().is_some_and(|(a, b, _)| std::ptr::eq(*a, node) || std::ptr::eq(*b, node))
        };
        let pieces = pieces(parts.iter().filter(|part| !in_pair(part)));
        self.word_units(&pieces, &mut units);
        for piece in &pieces {
            match piece {
                Piece::Word(_) => {}
                Piece::Days(text, from, to) => {
                    units.push(Unit { query: self.days(text, *from, *to), role: Role::Words });
                }
                Piece::Other(Node::Not(part)) => {
                    units.push(Unit { query: self.excluded(part), role: Role::Excluded });
                }
                Piece::Other(node) => {
                    units.push(Unit { query: self.node(node), role: Role::Condition });
                }
            }
        }
        units
    }

    /// The words, each for itself or by what the vocabulary knows of them.
    fn word_units(&mut self, pieces: &[Piece<'_>], units: &mut Vec<Unit>) {
        let words: Vec<&str> = pieces
            .iter()
            .filter_map(|piece| match piece {
                Piece::Word(word) => Some(word.as_str()),
                _ => None,
            })
            .collect();
        let stems: Vec<Vec<String>> = words.iter().map(|word| analysis::stems(word)).collect();
        let found = if self.expanding { vocabulary::find(&stems) } else { Vec::new() };
        let mut taken = vec![false; words.len()];
        for concept in found {
            concept.words.iter().for_each(|i| taken[*i] = true);
            let mut typed = concept.words.clone();
            typed.sort_unstable();
            let typed: Vec<&str> = typed.into_iter().map(|i| words[i]).collect();
            let query = self.concept(&typed, concept.entry);
            units.push(Unit { query, role: Role::Words });
        }
        let plain = words.iter().zip(taken).filter(|(_, taken)| !taken);
        for (word, _) in plain {
            if let Some(query) = self.word(word) {
                units.push(Unit { query, role: Role::Words });
            }
        }
        let only_stop_words = !words.is_empty() && stems.iter().all(Vec::is_empty);
        if only_stop_words && words.len() == pieces.len() {
            let query = self.common_words(&words);
            units.push(Unit { query, role: Role::Words });
        }
    }

    /// Words that nearly every act has, when nothing else is asked: each of them, in any order, those acts first
    /// that have them in a row.
    fn common_words(&mut self, words: &[&str]) -> Part {
        let each = words.iter().map(|word| (Occur::Must, self.phrase(self.fields.exact, word)));
        let mut parts: Vec<(Occur, Part)> = each.collect();
        let all = words.join(" ");
        let told = match words.len() {
            1 => "presque tous les actes contiennent ce mot",
            _ => {
                parts.push((Occur::Should, self.phrase(self.fields.exact, &all)));
                "presque tous les actes contiennent ces mots ; entre guillemets, ils sont cherchés à la suite"
            }
        };
        self.notes.push(format!("« {all} » : {told}"));
        Box::new(BooleanQuery::new(parts))
    }

    fn concept(&mut self, typed: &[&str], entry: &vocabulary::Concept) -> Part {
        let mut choices: Vec<Part> = Vec::new();
        if !entry.instead {
            let words = typed.iter().filter_map(|word| self.word(word));
            let words = words.map(|query| Unit { query, role: Role::Words }).collect();
            choices.push(all_of(words));
        }
        for meaning in &entry.meant {
            let query = self.meaning(meaning.root());
            let boost = if entry.instead { 1.0 } else { MEANT_BOOST };
            choices.push(Box::new(BoostQuery::new(query, boost)));
        }
        self.ranked = true;
        self.notes.extend(entry.advice.clone());
        self.expanded.push(Expansion {
            asked: typed.join(" "),
            meant: entry.meant.iter().map(|query| query.text().to_owned()).collect(),
            instead: entry.instead,
        });
        best_of(choices)
    }

    /// Acts that name the days, were signed or published on one of them, or take effect on one.
    fn days(&mut self, text: &str, from: NaiveDate, to: NaiveDate) -> Part {
        let stems = analysis::stems(text);
        let typed = self.rows.of(self.fields.text, &stems, 0);
        self.highlights.stems.extend(stems);
        // An act in force for years is not about each of its days.
        let latest_end = day_number(to) + MAX_PERIOD_DAYS;
        best_of(vec![
            typed,
            filters::days(self.fields.published, Some(from), Some(to)),
            filters::days(self.fields.signed, Some(from), Some(to)),
            unranked(filters::overlapping(self.fields, from, to, latest_end.min(OPEN_ENDED - 1))),
        ])
    }
}

/// Longest period (3 months, the longest that a drone order may last) whose days all count as named.
const MAX_PERIOD_DAYS: i64 = 92;

/// Joins adjacent words: `10 septembre 2025`, `octobre 2025`, `L. 242-5`, `vidéo protection`.
fn pieces<'n>(parts: impl Iterator<Item = &'n Node>) -> Vec<Piece<'n>> {
    let parts: Vec<&Node> = parts.collect();
    let word = |i: usize| match parts.get(i) {
        Some(Node::Word(word)) => Some(word.as_str()),
        _ => None,
    };
    let mut pieces = Vec::new();
    let mut at = 0;
    while at < parts.len() {
        let Some(first) = word(at) else {
            pieces.push(Piece::Other(parts[at]));
            at += 1;
            continue;
        };
        let second = word(at + 1);
        let third = word(at + 2);
        let (piece, taken) = day(first, second, third)
            .or_else(|| month(first, second))
            .or_else(|| joined(first, second))
            .unwrap_or_else(|| (Piece::Word(first.to_owned()), 1));
        pieces.push(piece);
        at += taken;
    }
    pieces
}

fn year(word: &str) -> Option<i32> {
    word.parse().ok().filter(|year| (1990..2100).contains(year))
}

/// `10 septembre 2025`, `1er mai 2025`, `10/09/2025`, `2025-09-10`.
fn day<'n>(first: &str, second: Option<&str>, third: Option<&str>) -> Option<(Piece<'n>, usize)> {
    let whole = |text: String, day: NaiveDate, taken| Some((Piece::Days(text, day, day), taken));
    if let (Some(second), Some(third)) = (second, third)
        && let Some(month) = month_number(&fold(second))
        && let Some(year) = year(third)
        && let Ok(number) = first.trim_end_matches("er").parse()
        && let Some(day) = NaiveDate::from_ymd_opt(year, month, number)
    {
        return whole(format!("{first} {second} {third}"), day, 3);
    }
    let digits = first.bytes().filter(u8::is_ascii_digit).count();
    let only_a_date = digits == 8 && first.len() == 10;
    let found = only_a_date.then(|| guetteur_model::dates::parse_french_date(first)).flatten()?;
    whole(first.to_owned(), found, 1)
}

/// `octobre 2025`.
fn month<'n>(first: &str, second: Option<&str>) -> Option<(Piece<'n>, usize)> {
    let month = month_number(&fold(first))?;
    let second = second?;
    let from = NaiveDate::from_ymd_opt(year(second)?, month, 1)?;
    let to = from.checked_add_months(Months::new(1))?.pred_opt()?;
    debug_assert_eq!(from.month(), to.month());
    Some((Piece::Days(format!("{first} {second}"), from, to), 2))
}

/// `L. 242-5`: a letter alone says nothing. `vidéo protection`: one term in the index.
fn joined<'n>(first: &str, second: Option<&str>) -> Option<(Piece<'n>, usize)> {
    let second = second?;
    let letter = matches!(fold(first).trim_end_matches('.'), "l" | "r" | "d" | "a");
    let reference = letter && second.starts_with(|c: char| c.is_ascii_digit());
    let both = format!("{first} {second}");
    let compound = || {
        let apart = analysis::words(first).len() + analysis::words(second).len();
        let together = analysis::words(&both);
        apart == 2 && together.len() == 1
    };
    (reference || compound()).then_some((Piece::Word(both), 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_belong_together() {
        let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).expect("a day");
        let word = |text: &str| Piece::Word(text.to_owned());
        let cases = [
            (
                "drone 10 septembre 2025 bloquons",
                vec![
                    word("drone"),
                    Piece::Days("10 septembre 2025".into(), day(2025, 9, 10), day(2025, 9, 10)),
                    word("bloquons"),
                ],
            ),
            (
                "Octobre 2025",
                vec![Piece::Days("Octobre 2025".into(), day(2025, 10, 1), day(2025, 10, 31))],
            ),
            (
                "le 10/09/2025",
                vec![
                    word("le"),
                    Piece::Days("10/09/2025".into(), day(2025, 9, 10), day(2025, 9, 10)),
                ],
            ),
            (
                "31 juin 2025",
                vec![
                    word("31"),
                    Piece::Days("juin 2025".into(), day(2025, 6, 1), day(2025, 6, 30)),
                ],
            ),
            ("L. 242-5 CSI", vec![word("L. 242-5"), word("CSI")]),
            ("vidéo protection mairie", vec![word("vidéo protection"), word("mairie")]),
            ("mars et mai", vec![word("mars"), word("et"), word("mai")]),
            ("2025-00626", vec![word("2025-00626")]),
        ];
        for (text, expected) in cases {
            let nodes: Vec<Node> =
                text.split(' ').map(|word| Node::Word(word.to_owned())).collect();
            assert_eq!(pieces(nodes.iter()), expected, "{text:?}");
        }
    }
}
