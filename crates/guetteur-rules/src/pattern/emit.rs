//! From a tree to the regular expression that forgives damaged text.

use std::fmt::Write as _;

use super::token::Times;
use super::tree::{Letter, Node};

/// Words of this many letters or more are matched across stray spaces and `l`/`i` confusions.
const LONG_WORD: usize = 7;
/// What a scan puts into a long word.
const STRAY: &str = "[ -]{0,2}";

/// The expression for a piece.
pub(super) fn expression(node: &Node) -> String {
    let mut out = String::new();
    grouped(node, &mut out);
    out
}

fn push(node: &Node, out: &mut String) {
    match node {
        Node::Word(letters) => word(letters, out),
        Node::Sign(sign) => out.push_str(&regex::escape(sign.encode_utf8(&mut [0; 4]))),
        Node::OneOf(class) => out.push_str(class),
        Node::Space => out.push_str("[ -]{0,3}"),
        Node::Apostrophe => out.push_str("[ '?]{0,3}"),
        Node::Edge => out.push_str(r"\b"),
        Node::Start => out.push('^'),
        Node::End => out.push('$'),
        Node::Article(letter, numbers) => article(*letter, numbers, out),
        Node::Repeat(inner, times) => {
            match **inner {
                Node::OneOf(_) => push(inner, out),
                _ => grouped(inner, out),
            }
            repetition(*times, out);
        }
        Node::Sequence(nodes) => {
            for node in nodes {
                match node {
                    Node::Choice(_) => grouped(node, out),
                    _ => push(node, out),
                }
            }
        }
        Node::Choice(nodes) => {
            for (i, node) in nodes.iter().enumerate() {
                if i > 0 {
                    out.push('|');
                }
                push(node, out);
            }
        }
    }
}

fn grouped(node: &Node, out: &mut String) {
    out.push_str("(?:");
    push(node, out);
    out.push(')');
}

fn repetition(times: Times, out: &mut String) {
    let _ = match times {
        Times(0, Some(1)) => write!(out, "?"),
        Times(0, None) => write!(out, "*"),
        Times(1, None) => write!(out, "+"),
        Times(least, None) => write!(out, "{{{least},}}"),
        Times(least, Some(most)) => write!(out, "{{{least},{most}}}"),
    };
}

/// A word; from [`LONG_WORD`] letters on, those that may be missing counted, with stray spaces.
fn word(letters: &[Letter], out: &mut String) {
    let long = letters.len() >= LONG_WORD;
    let end = letters.iter().rposition(|letter| !letter.optional).map_or(0, |last| last + 1);
    let (stem, ending) = letters.split_at(end);
    for (i, letter) in stem.iter().enumerate() {
        let stray = if long && i > 0 { STRAY } else { "" };
        if letter.optional {
            // The stray space belongs to the letter: without it there is none.
            let _ = write!(out, "(?:{stray}{})?", sign(letter.letter, long));
        } else {
            let _ = write!(out, "{stray}{}", sign(letter.letter, long));
        }
    }
    if ending.is_empty() {
        return;
    }
    let together: String = ending.iter().map(|l| format!("{}?", sign(l.letter, long))).collect();
    if long && !stem.is_empty() {
        // Apart from its stem an ending is one only where the word ends: « caméra s », and not
        // « caméra sur ».
        let _ = write!(out, r"(?:[ -]{{1,2}}(?:{})\b|{together})", some_of(ending));
    } else {
        out.push_str(&together);
    }
}

/// At least one of the letters of an ending, in their order.
fn some_of(ending: &[Letter]) -> String {
    let starts = (0..ending.len()).map(|first| {
        let mut letters = ending[first..].iter();
        let must = letters.next().map(|l| sign(l.letter, true)).unwrap_or_default();
        letters.fold(must, |out, l| format!("{out}{}?", sign(l.letter, true)))
    });
    starts.collect::<Vec<_>>().join("|")
}

/// A letter and what a scan makes of it.
fn sign(letter: char, long: bool) -> String {
    match letter {
        'l' | 'i' if long => "[li1|]".to_owned(),
        'o' if long => "[o0]".to_owned(),
        letter if letter.is_ascii() => letter.to_string(),
        letter => format!("(?:{letter})"),
    }
}

/// An article of a code, however spaced; with one number, any article that begins with it.
fn article(letter: char, numbers: &[String], out: &mut String) {
    const LOOSE: &str = "[ .:-]{0,4}";
    out.push_str(&sign(letter, letter == 'l'));
    for number in numbers {
        out.push_str(LOOSE);
        out.push_str(number);
    }
    out.push_str(if numbers.len() == 1 { "[ .-]{1,4}[0-9]" } else { "(?:[^0-9]|$)" });
}
