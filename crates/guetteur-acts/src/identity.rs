//! Which act is which: numbers however written, an act that another refers to, an act that stands
//! in two bulletins.

use chrono::NaiveDate;
use guetteur_model::fold::fold;
use guetteur_model::{Act, ActReference, Facts, When};

use crate::parts::pattern;

// The national tool's numbers: `26-2025-02-19-00002`, without prefix in the Nord.
pattern!(TOOL, r"^(?:(d?\d{1,3}|r\d\d|2[ab])-)?(20\d\d)-?([01]\d)-?([0-3]\d)-(\d{3,5})$");
pattern!(LEADING, r"^(?:arretes?|decision|ap)?(?: prefectorale?)? ?(?:n ?[°o'*º]s? ?:?)? ?");

/// A number in the form in which it is compared: the same for `26-2025-02-19-00002`, `n°
/// 2025-02-19-0002` and `2025 - 02 - 19 - 00002`; for others letters and digits only. `None`
/// without a digit.
#[must_use]
pub fn number_key(number: &str) -> Option<String> {
    let (_, key) = read(number)?;
    Some(key)
}

/// Prefix of the national tool, and key.
fn read(number: &str) -> Option<(Option<String>, String)> {
    let folded = fold(number);
    let folded = folded.trim();
    let words = LEADING.find(folded).map_or(folded, |m| &folded[m.end()..]);
    let plain: String = words.chars().filter(|c| *c != ' ').collect();
    if let Some(found) = TOOL.captures(&plain) {
        let part = |i: usize| found.get(i).map_or("", |m| m.as_str());
        let prefix = part(1).trim_start_matches(['d', '0']);
        let serial = part(5).trim_start_matches('0');
        let key = format!("{}{}{}-{serial}", part(2), part(3), part(4));
        return Some(((!prefix.is_empty()).then(|| prefix.to_owned()), key));
    }
    let key: String = plain.chars().filter(char::is_ascii_alphanumeric).collect();
    key.bytes().any(|b| b.is_ascii_digit()).then_some((None, key))
}

/// Whether two numbers are the same, however written. Prefixes of the national tool count only
/// where both have one.
#[must_use]
pub fn same_number(a: &str, b: &str) -> bool {
    let (Some((a_prefix, a)), Some((b_prefix, b))) = (read(a), read(b)) else { return false };
    a == b && (a_prefix.is_none() || b_prefix.is_none() || a_prefix == b_prefix)
}

/// What tells an act that is held, for [`answers`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeldAct<'a> {
    /// Code of the source that published it.
    pub source: &'a str,
    /// Number in the bulletin.
    pub number: Option<&'a str>,
    /// The act's own number.
    pub own_number: Option<&'a str>,
    /// Day of signature.
    pub signed_on: Option<NaiveDate>,
}

/// Numbers with fewer digits are used again every year.
const TELLING_DIGITS: usize = 5;

/// Whether `held` is the act that `reference`, found in an act of the source `source`, means.
///
/// The number decides, in the same source. A short number (`n° 12`) needs the same day of
/// signature; days of different years contradict each other. A reference without a number is never
/// answered: several acts are signed on one day.
#[must_use]
pub fn answers(reference: &ActReference, source: &str, held: &HeldAct<'_>) -> bool {
    let Some(number) = reference.number.as_deref().filter(|_| source == held.source) else {
        return false;
    };
    let named = [held.number, held.own_number];
    let found = named.into_iter().flatten().any(|own| same_number(own, number));
    let digits = number.bytes().filter(u8::is_ascii_digit).count();
    found
        && match (reference.signed_on, held.signed_on) {
            (Some(a), Some(b)) if digits < TELLING_DIGITS => a == b,
            (Some(a), Some(b)) => (a - b).num_days().abs() < 366,
            _ => digits >= TELLING_DIGITS,
        }
}

/// Letters of a title below which it names nothing (« arrêté du 6 mars »).
const TELLING_LETTERS: usize = 30;

/// The same text for the same act in two bulletins, whatever sommaire, bulletin's number, spacing
/// or OCR stands around it; another for acts that differ in number, day, signatory or validity.
/// `None` for an act that has too little to be told by: never take such acts for one.
///
/// Made of day of signature, signatory, validity, and the act's own number; without one, of its
/// title, communes and cameras.
#[must_use]
pub fn act_fingerprint(act: &Act, facts: &Facts) -> Option<String> {
    let signed_on = act.signed_on?;
    let when = |w: Option<When>| w.map(|w| w.to_string()).unwrap_or_default();
    let (from, to) = (when(facts.valid_from), when(facts.valid_to));
    // The surname, last of the names.
    let signer = act.signed_by.as_deref().and_then(|name| name.rsplit(' ').next()).map(sturdy);
    let own = act.own_number.as_deref().and_then(number_key);
    let own = own.filter(|key| key.bytes().filter(u8::is_ascii_digit).count() >= 3);
    if let Some(own) = own {
        let letters = own.bytes().filter(u8::is_ascii_alphabetic).count();
        let by = signer.or_else(|| (letters >= 3).then(String::new))?;
        return Some(format!("n|{}|{signed_on}|{by}|{from}|{to}", sturdy(&own)));
    }
    let title = sturdy(&act.title);
    (title.len() >= TELLING_LETTERS).then_some(())?;
    let communes: Vec<&str> = facts.communes.iter().map(|c| c.insee.as_str()).collect();
    let cameras = facts.cameras.unwrap_or(0);
    let by = signer?;
    Some(format!("t|{title}|{signed_on}|{by}|{from}|{to}|{}|{cameras}", communes.join(" ")))
}

/// Letters that OCR does not take for others: no accents, spaces, signs, `i`/`l`/`1`, `o`/`0`,
/// `rn`/`m`.
fn sturdy(text: &str) -> String {
    let folded = fold(text).replace("rn", "m");
    let letters = folded.chars().filter(char::is_ascii_alphanumeric);
    letters
        .map(|c| match c {
            'i' | '1' => 'l',
            '0' => 'o',
            c => c,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use guetteur_model::Change;

    use super::*;

    #[test]
    fn numbers_however_written() {
        let cases = [
            ("26-2025-02-19-00002", "n° 2025-02-19-0002", true),
            ("26-2025-02-19-00002", "26 - 2025 - 02 - 19 - 00002", true),
            ("8-2024-03-01-00007", "08-2024-03-01-00007", true),
            ("D77-2025-03-04-00003", "77-2025-03-04-00003", true),
            ("13-2025-03-04-00003", "R93-2025-03-04-00003", false),
            ("26-2025-02-19-00002", "26-2025-02-19-00003", false),
            ("CAB/SPAS/2025-1146", "AP n°CAB-SPAS-2025-1146", true),
            ("2026 - 111", "2026-111", true),
            ("2025-00626", "2025-00627", false),
            ("arrêté", "arrêté", false),
        ];
        for (a, b, expected) in cases {
            assert_eq!(same_number(a, b), expected, "{a} {b}");
        }
    }

    fn day(y: i32, m: u32, d: u32) -> Option<NaiveDate> {
        NaiveDate::from_ymd_opt(y, m, d)
    }

    #[test]
    fn a_reference_is_answered_by_one_act() {
        let reference = |number: Option<&str>, signed_on| ActReference {
            change: Change::Modifies,
            kind: "arrêté".into(),
            number: number.map(str::to_owned),
            signed_on,
        };
        let held = HeldAct {
            source: "26",
            number: Some("26-2026-05-02-00003"),
            own_number: Some("2026-431"),
            signed_on: day(2026, 5, 2),
        };
        let short = HeldAct { number: None, own_number: Some("431"), ..held };
        let cases = [
            (reference(Some("n°2026-05-02-00003"), None), held, true),
            (reference(Some("2026/431"), day(2026, 5, 2)), held, true),
            (reference(Some("2026/431"), day(2022, 5, 2)), held, false),
            (reference(Some("2026-432"), day(2026, 5, 2)), held, false),
            (reference(Some("431"), day(2026, 5, 2)), short, true),
            (reference(Some("431"), day(2026, 5, 9)), short, false),
            (reference(Some("431"), None), short, false),
            (reference(None, day(2026, 5, 2)), held, false),
            (reference(Some("2026-431"), None), HeldAct { source: "07", ..held }, false),
        ];
        for (reference, held, expected) in cases {
            assert_eq!(answers(&reference, "26", &held), expected, "{reference:?} {held:?}");
        }
    }
}
