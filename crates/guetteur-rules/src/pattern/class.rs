//! `[a-z']`: one of these signs.

use super::error::{Mistake, PatternError};
use super::token::check_folded;

/// The class that begins at `from` as a regular expression writes it, and its length.
pub(super) fn class(chars: &[char], from: usize) -> Result<(String, usize), PatternError> {
    let mut at = from + 1;
    let mut out = String::from("[");
    if chars.get(at) == Some(&'^') {
        out.push('^');
        at += 1;
    }
    let first = at;
    loop {
        match chars.get(at) {
            None => return Err(Mistake::UnclosedClass.at(from)),
            Some(']') if at == first => return Err(Mistake::EmptyClass.at(from)),
            Some(']') => break,
            Some(_) => {
                let (item, next) = member(chars, at)?;
                let ranged =
                    chars.get(next) == Some(&'-') && chars.get(next + 1).is_some_and(|&c| c != ']');
                match item {
                    Member::Sign(low) if ranged => {
                        let (Member::Sign(high), end) = member(chars, next + 1)? else {
                            return Err(Mistake::BadRange.at(at));
                        };
                        if high < low {
                            return Err(Mistake::BackwardRange(low, high).at(at));
                        }
                        push(&mut out, low);
                        out.push('-');
                        push(&mut out, high);
                        at = end;
                    }
                    Member::Sign(sign) => {
                        push(&mut out, sign);
                        at = next;
                    }
                    Member::Kind(kind) => {
                        out.push('\\');
                        out.push(kind);
                        at = next;
                    }
                }
            }
        }
    }
    out.push(']');
    Ok((out, at + 1 - from))
}

enum Member {
    Sign(char),
    /// The `w` of `\w`.
    Kind(char),
}

/// The member at `at`, and where the next begins.
fn member(chars: &[char], at: usize) -> Result<(Member, usize), PatternError> {
    let (sign, next) = match (chars[at], chars.get(at + 1)) {
        ('\\', Some(&kind @ ('w' | 'W' | 'd' | 'D' | 's' | 'S'))) => {
            return Ok((Member::Kind(kind), at + 2));
        }
        ('\\', Some(&sign)) if sign.is_ascii_punctuation() || sign == ' ' => (sign, at + 2),
        ('\\', Some(&sign)) => return Err(Mistake::UnknownEscape(sign).at(at)),
        ('\\', None) => return Err(Mistake::LoneBackslash.at(at)),
        (sign, _) => (sign, at + 1),
    };
    check_folded(sign, at)?;
    if sign.is_ascii() {
        Ok((Member::Sign(sign), next))
    } else {
        Err(Mistake::NotInClass(sign).at(at))
    }
}

fn push(out: &mut String, sign: char) {
    if r"[]\^-&~".contains(sign) {
        out.push('\\');
    }
    out.push(sign);
}
