//! Numbers in figures or in French words.

use super::tokens::{Kind, Token};

/// A number from 1 to 999 that starts at token `at`, and the token after it. « deux (2) » is one
/// number.
#[must_use]
pub fn number_at(tokens: &[Token<'_>], at: usize) -> Option<(u32, usize)> {
    let first = tokens.get(at).filter(|t| t.kind != Kind::Mark)?;
    if first.kind == Kind::Number {
        let value = first.value().filter(|v| (1..1000).contains(v))?;
        return Some((value, skip_parenthesis(tokens, at + 1, value)));
    }
    let (value, next) = words_at(tokens, at)?;
    Some((value, skip_parenthesis(tokens, next, value)))
}

fn skip_parenthesis(tokens: &[Token<'_>], at: usize, value: u32) -> usize {
    let inside = tokens.get(at + 1).map(|t| t.value().unwrap_or_else(|| unit(t.text).unwrap_or(0)));
    let closes = tokens.get(at + 2).is_some_and(|t| t.text == ")");
    let opens = tokens.get(at).is_some_and(|t| t.text == "(");
    if opens && closes && inside == Some(value) { at + 3 } else { at }
}

fn unit(word: &str) -> Option<u32> {
    Some(match word {
        "un" | "une" => 1,
        "deux" => 2,
        "trois" => 3,
        "quatre" => 4,
        "cinq" => 5,
        "six" => 6,
        "sept" => 7,
        "huit" => 8,
        "neuf" => 9,
        "dix" => 10,
        "onze" => 11,
        "douze" => 12,
        "treize" => 13,
        "quatorze" => 14,
        "quinze" => 15,
        "seize" => 16,
        _ => return None,
    })
}

fn ten(word: &str) -> Option<u32> {
    Some(match word {
        "vingt" | "vingts" => 20,
        "trente" => 30,
        "quarante" => 40,
        "cinquante" => 50,
        "soixante" => 60,
        "cent" | "cents" => 100,
        _ => return None,
    })
}

/// Adds the words up: « quatre-vingt-dix-sept », « cent vingt et un ».
fn words_at(tokens: &[Token<'_>], at: usize) -> Option<(u32, usize)> {
    let mut total = 0;
    let mut next = at;
    let mut i = at;
    while let Some(token) = tokens.get(i).filter(|_| i - at < 12) {
        let joins = i > at && (token.text == "-" || token.text == "et");
        if joins {
            i += 1;
            continue;
        }
        let value = match (unit(token.text), ten(token.text)) {
            (Some(value), _) if total == 0 || total % 20 == 0 || total % 10 == 0 => total + value,
            (_, Some(20)) if total % 100 == 4 => total - 4 + 80,
            (_, Some(100)) if (2..10).contains(&total) => total * 100,
            (_, Some(value)) if total == 0 || total % 100 == 0 => total + value,
            _ => break,
        };
        total = value;
        i += 1;
        next = i;
    }
    (total > 0).then_some((total, next))
}

#[cfg(test)]
mod tests {
    use super::super::tokens::tokens;
    use super::*;

    #[test]
    fn counts() {
        let cases = [
            ("deux cameras", Some(2)),
            ("2 cameras", Some(2)),
            ("deux (2) cameras", Some(2)),
            ("dix-huit", Some(18)),
            ("vingt et un", Some(21)),
            ("soixante-dix", Some(70)),
            ("soixante et onze", Some(71)),
            ("quatre-vingts", Some(80)),
            ("quatre-vingt-dix-sept", Some(97)),
            ("cent dix-huit", Some(118)),
            ("deux cents", Some(200)),
            ("une", Some(1)),
            ("cameras", None),
            ("2025", None),
        ];
        for (text, expected) in cases {
            assert_eq!(number_at(&tokens(text, 0), 0).map(|n| n.0), expected, "{text}");
        }
    }
}
