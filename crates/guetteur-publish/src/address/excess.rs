//! Parameters of which an address gives more than is read.

use std::collections::{BTreeMap, BTreeSet};

/// Values of a parameter that are read.
pub(super) const MOST_VALUES: usize = 120;
/// Parameters of which one value is read.
const SINGLE: [&str; 6] = ["q", "du", "au", "tri", "le", "mesure"];

/// What of these is not read because there is too much of it.
pub(super) fn said<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<String> {
    let mut values: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    pairs.for_each(|(name, value)| {
        values.entry(name).or_default().insert(value);
    });
    let of_one = |(name, values): (&str, BTreeSet<&str>)| match values.len() {
        2.. if SINGLE.contains(&name) => {
            Some(format!("« {name} » est donné plusieurs fois, le dernier compte"))
        }
        n if n > MOST_VALUES => {
            Some(format!("{n} valeurs de « {name} », les {MOST_VALUES} premières comptent"))
        }
        _ => None,
    };
    values.into_iter().filter_map(of_one).collect()
}

#[cfg(test)]
mod tests {
    use crate::address::Filters;

    #[test]
    fn what_is_too_much_is_said() {
        let many: String = (1..=130).map(|nth| format!("annee={}&", 1900 + nth)).collect();
        for (query, said) in [
            ("q=a&q=a&commune=34172&commune=34142", 0),
            ("q=a&q=b", 1),
            ("du=2026-01-01&du=2026-01-02&au=", 1),
            (&many, 1),
        ] {
            assert_eq!(Filters::parse(query).misread.len(), said, "{query}");
        }
        assert_eq!(Filters::parse("prefecture=2a&prefecture=2A").prefectures, ["2A"]);
        assert_eq!(Filters::parse("prefecture=ppparis").prefectures, ["ppparis"]);
    }
}
