//! Which act is which: numbers however written, an act that another refers to, an act that stands
//! in two bulletins.

use guetteur_model::fold::fold;
use guetteur_model::{Act, ActReference, Facts, When};

use crate::parts::pattern;

// The national tool's numbers: `26-2025-02-19-00002`, without prefix in the Nord.
pattern!(TOOL, r"^(?:(d?\d{1,3}|r\d\d|2[ab])-)?(20\d\d)-?([01]\d)-?([0-3]\d)-(\d{3,5})$");
pattern!(TOOL_KEY, r"^20\d{6}-\d+$");
pattern!(LEADING, r"^(?:arretes?|decision|ap)?(?: prefectorale?)? ?(?:n ?[°o'*º]s? ?:?)? ?");

/// A number in the form in which it is compared: the same for `26-2025-02-19-00002`, `n°
/// 2025-02-19-0002` and `2025 - 02 - 19 - 00002`; for others letters and digits only. `None`
/// without a digit.
fn number_key(number: &str) -> Option<String> {
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
pub(crate) fn same_number(a: &str, b: &str) -> bool {
    // All that most pairs cost: keys end as their numbers do.
    let last = |number: &str| number.bytes().rfind(u8::is_ascii_alphanumeric);
    if !last(a).zip(last(b)).is_some_and(|(a, b)| a.eq_ignore_ascii_case(&b)) {
        return false;
    }
    let (Some((a_prefix, a)), Some((b_prefix, b))) = (read(a), read(b)) else { return false };
    a == b && (a_prefix.is_none() || b_prefix.is_none() || a_prefix == b_prefix)
}

/// Numbers with fewer digits are used again every year: they tell with a day of signature only.
const TELLING_DIGITS: usize = 5;

/// What the act can be looked up by in its source: each of its numbers however written, and each
/// with its day of signature.
#[must_use]
pub fn act_keys(act: &Act) -> Vec<String> {
    let numbers = act.number.iter().chain(&act.own_number);
    let mut keys: Vec<String> = numbers
        .filter_map(|number| number_key(number))
        .flat_map(|key| {
            let alone = is_telling(&key).then(|| key.clone());
            alone.into_iter().chain(act.signed_on.map(|day| format!("{key}@{day}")))
        })
        .collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// What to look the act up by that `reference` means, among the [`act_keys`] of the same source.
/// `None` where it says too little: several acts are signed on one day.
#[must_use]
pub fn reference_key(reference: &ActReference) -> Option<String> {
    let key = number_key(reference.number.as_deref()?)?;
    match reference.signed_on {
        Some(day) if !is_telling(&key) => Some(format!("{key}@{day}")),
        _ => is_telling(&key).then_some(key),
    }
}

fn is_telling(key: &str) -> bool {
    key.bytes().filter(u8::is_ascii_digit).count() >= TELLING_DIGITS
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

/// The full number with the title: the same for the same act in another bulletin of its source,
/// where the rest of it was read otherwise, or signatory and day were not read at all. `None`
/// without a number that names one act alone.
///
/// A number of the national tool does; of others a service may give the same one as another does,
/// and the title must tell too.
#[must_use]
pub fn numbered_title(act: &Act) -> Option<String> {
    let title = sturdy(&act.title);
    let full = |number: &String| {
        let (prefix, key) = read(number)?;
        let by_tool = TOOL_KEY.is_match(&key);
        let names_one = by_tool || (is_telling(&key) && title.len() >= TELLING_LETTERS);
        let prefix = prefix.unwrap_or_default();
        names_one.then(|| format!("{prefix}|{}|{title}", if by_tool { key } else { sturdy(&key) }))
    };
    act.number.iter().chain(&act.own_number).find_map(full)
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
    use chrono::NaiveDate;
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

    #[test]
    fn a_full_number_and_a_title_name_one_act() {
        let act = |number: &str, own: Option<&str>, title: &str| Act {
            number: Some(number.to_owned()),
            own_number: own.map(str::to_owned),
            ..Act::of_title(title)
        };
        const DRONES: &str = "Arrêté autorisant la captation d’images par aéronefs";
        let known = act("26-2025-02-19-00002", None, DRONES);
        let same = [
            act("n° 26-2025-02-19-0002", Some("2025-431"), DRONES),
            act(
                "26-2025-02-19-00002",
                None,
                "ARRETE autorisant la captation d'images par aéronefs",
            ),
            Act {
                signed_by: Some("Hélène BRUNAUD".to_owned()),
                signed_on: "2025-02-19".parse().ok(),
                ..known.clone()
            },
        ];
        for act in same {
            assert_eq!(numbered_title(&act), numbered_title(&known), "{act:?}");
        }
        let others = [
            act("26-2025-02-19-00003", None, DRONES),
            act("R93-2025-02-19-00002", None, DRONES),
            act("26-2025-02-19-00002", None, "Arrêté portant composition d’une commission"),
        ];
        for act in others {
            assert_ne!(numbered_title(&act), numbered_title(&known), "{act:?}");
        }
        assert!(numbered_title(&known).is_some());
        assert!(numbered_title(&act("2026-431", None, DRONES)).is_some());
        assert_eq!(numbered_title(&act("2026-431", None, "Arrêté préfectoral")), None, "of whom?");
        assert_eq!(numbered_title(&act("12", None, DRONES)), None, "used again every year");
    }

    #[test]
    fn a_reference_is_answered_by_one_act() {
        let day = |text: &str| text.parse::<NaiveDate>().ok();
        let reference = |number: Option<&str>, signed_on: &str| ActReference {
            change: Change::Modifies,
            kind: "arrêté".into(),
            number: number.map(str::to_owned),
            signed_on: day(signed_on),
        };
        let held = |number: Option<&str>, own: &str| {
            act_keys(&Act {
                number: number.map(str::to_owned),
                own_number: Some(own.to_owned()),
                signed_on: day("2026-05-02"),
                ..Act::of_title("")
            })
        };
        let tool = held(Some("26-2026-05-02-00003"), "2026-431");
        let short = held(None, "431");
        let cases = [
            (reference(Some("n°2026-05-02-00003"), ""), &tool, true),
            (reference(Some("2026/431"), "2026-05-02"), &tool, true),
            (reference(Some("2026-432"), "2026-05-02"), &tool, false),
            (reference(Some("431"), "2026-05-02"), &short, true),
            (reference(Some("431"), "2026-05-09"), &short, false),
            (reference(Some("431"), ""), &short, false),
            (reference(None, "2026-05-02"), &tool, false),
        ];
        for (reference, held, expected) in cases {
            let key = reference_key(&reference);
            let found = key.is_some_and(|key| held.contains(&key));
            assert_eq!(found, expected, "{reference:?} {held:?}");
        }
    }
}
