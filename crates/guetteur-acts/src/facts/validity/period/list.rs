//! Several days named one after the other.

use super::super::super::number_words::number_at;
use super::super::super::tokens::Token;
use super::super::moment::{Moment, day_at};
use super::{Found, skip, word};

/// « 15, 16 et 17 mars 2025 »: the days that follow the first, each with its own month or not.
pub(super) fn list(
    tokens: &[Token<'_>],
    first: Moment,
    next: usize,
    opens: &str,
) -> (Vec<Moment>, usize) {
    let alone = (vec![first.clone()], next);
    let mut days = vec![first];
    let mut next = next;
    let mut dashed = false;
    while days.len() < 40 {
        // « 7-8 et 14-15 mars »
        let dash = matches!(word(tokens, next), "-" | "/") && opens != "entre";
        let joins = [",", "et", "ou", "le", "les", "puis", "ainsi", "que", "du"];
        let link = if dash { next + 1 } else { skip(tokens, next, &joins) };
        let joined = |i| matches!(word(tokens, i), "," | "et" | "ou" | "puis" | "que");
        let linked = dash || (next..link).any(joined);
        let between = opens == "entre" && (next..link).any(|i| word(tokens, i) == "et");
        if !linked || between {
            break;
        }
        match day_at(tokens, link) {
            Some((day, after))
                if day.month.is_some() || days.len() < 40 && leads_to_month(tokens, after) =>
            {
                days.push(day);
                dashed |= dash;
                next = after;
            }
            _ => break,
        }
    }
    // « du 7 - 9 mars » is from one day to another, « les 7/8 mars » are two.
    if dashed && days.len() < 3 && opens != "les" {
        return alone;
    }
    // Days before take month and year from the first that has them.
    for i in (0..days.len().saturating_sub(1)).rev() {
        let after = days[i + 1].clone();
        days[i] = days[i].clone().filled_from(&after);
    }
    (days, next)
}

/// First and last of a list: of one month they need not be in order (« les samedis 7 et 14 et
/// dimanches 8 et 15 mars »).
pub(super) fn ends(days: &[Moment]) -> Option<(Moment, Moment)> {
    let (first, last) = (days.first()?, days.last()?);
    let same = days.iter().all(|day| (day.month, day.year) == (last.month, last.year));
    let day = |moment: &&Moment| moment.day;
    let found = if same {
        (days.iter().min_by_key(day)?, days.iter().rev().max_by_key(day)?)
    } else {
        (first, last)
    };
    Some((found.0.clone(), found.1.clone()))
}

/// Whether a bare number is one of a list of days: a month comes within the list.
fn leads_to_month(tokens: &[Token<'_>], mut at: usize) -> bool {
    for _ in 0..12 {
        let link = skip(tokens, at, &[",", "et", "ou", "le", "les", "puis", "-", "/"]);
        match day_at(tokens, link) {
            Some((day, _)) if day.month.is_some() => return true,
            Some((_, next)) => at = next,
            None => return false,
        }
    }
    false
}

/// « le 7 mars 2026 ainsi que le lendemain », « et les deux jours suivants »: days counted on.
pub(super) fn with_days_after(tokens: &[Token<'_>], mut found: Found, at: usize) -> (Found, usize) {
    let on = skip(tokens, at, &[",", "et", "ainsi", "que"]);
    let counted = match (word(tokens, on), word(tokens, on + 1)) {
        _ if on == at => None,
        // « et le lendemain jusqu'à 4 heures » ends that night.
        ("le", "lendemain") => {
            let ends = matches!(word(tokens, on + 2), "matin" | "a" | "jusqu" | "de");
            (!ends).then_some((1, on + 2))
        }
        ("les", _) => {
            let days = number_at(tokens, on + 1).filter(|(count, _)| *count < 31);
            let named =
                |next| (word(tokens, next), word(tokens, next + 1)) == ("jours", "suivants");
            days.filter(|(_, next)| named(*next)).map(|(count, next)| (count, next + 2))
        }
        _ => None,
    };
    let (Some(to), Some((days, next))) = (&mut found.to, counted) else { return (found, at) };
    to.later += days;
    found.joined = true;
    found.range.end = tokens[next - 1].end;
    (found, next)
}
