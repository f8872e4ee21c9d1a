//! Lines and columns of a file, for messages.

use std::ops::Range;

/// A place in a text file, as editors count: lines and columns (characters) from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LineColumn {
    pub(crate) line: usize,
    pub(crate) column: usize,
}

/// The place of byte `at` of `text`.
pub(crate) fn of_byte(text: &str, at: usize) -> LineColumn {
    let before = text.get(..at).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    LineColumn {
        line: before.matches('\n').count() + 1,
        column: before[line_start..].chars().count() + 1,
    }
}

/// The place of the character that has `skipped` characters before it in the TOML string whose
/// literal, quotes included, is `literal` of `text`.
pub(crate) fn in_literal(text: &str, literal: Range<usize>, skipped: usize) -> LineColumn {
    let written = text.get(literal.clone()).unwrap_or_default();
    let (quotes, escapes) = match written.as_bytes() {
        [b'"', b'"', b'"', ..] => (3, true),
        [b'\'', b'\'', b'\'', ..] => (3, false),
        [b'"', ..] => (1, true),
        [b'\'', ..] => (1, false),
        _ => (0, false),
    };
    let mut at = quotes;
    // A line break right after three quotes is no part of the string.
    if quotes == 3 {
        at += written[at..].len() - written[at..].trim_start_matches('\r').len();
        at += usize::from(written[at..].starts_with('\n'));
    }
    for _ in 0..skipped {
        at += character(&written[at..], escapes);
    }
    of_byte(text, literal.start + at)
}

/// Bytes of the first character that `rest` of a literal stands for.
fn character(rest: &str, escapes: bool) -> usize {
    let plain = rest.chars().next().map_or(0, char::len_utf8);
    if !escapes || plain == 0 || !rest.starts_with('\\') {
        return plain;
    }
    match rest.as_bytes().get(1) {
        Some(b'x') => 4,
        Some(b'u') => 6,
        Some(b'U') => 10,
        // A backslash at the line's end eats the line break and what is blank after it.
        Some(b' ' | b'\t' | b'\r' | b'\n') => {
            let next = &rest[1..];
            let blank = next.len() - next.trim_start().len();
            1 + blank + character(&next[blank..], escapes)
        }
        Some(_) => 2,
        None => 1,
    }
    .min(rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_what_was_written() {
        let places = [
            ("a = \"été?\"", 2, (1, 8)),
            ("a = \"\\\\w+ é(\"", 5, (1, 12)),
            ("x\n  a = '\\w('", 2, (2, 10)),
            ("a = \"\"\"\nb\nc(\"\"\"", 3, (3, 2)),
            ("a = \"\\u00e9(\"", 1, (1, 12)),
            ("a = \"\"\"b\\\n   c(\"\"\"", 2, (2, 5)),
        ];
        for (text, skipped, expected) in places {
            let from = text.find(['"', '\'']).expect("a literal");
            let place = in_literal(text, from..text.len(), skipped);
            assert_eq!((place.line, place.column), expected, "{text}");
        }
    }

    #[test]
    fn a_place_beyond_the_end_is_the_end() {
        let place = in_literal("a = \"b\"", 4..7, 99);
        assert_eq!((place.line, place.column), (1, 8));
        assert_eq!(of_byte("é", 9), LineColumn { line: 1, column: 2 });
    }
}
