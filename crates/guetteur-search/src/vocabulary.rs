//! People's words and what they mean in the acts (`data/vocabulary.toml`).

use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::Query;
use crate::analysis::stems;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    entry: Vec<EntryData>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EntryData {
    asked: Vec<String>,
    meant: Vec<String>,
    #[serde(default)]
    instead: bool,
    #[serde(default)]
    unless: Vec<String>,
    #[serde(default)]
    advice: Option<String>,
}

/// Words with a meaning in the field.
#[derive(Debug)]
pub(crate) struct Concept {
    /// Each way of asking, as a set of stems.
    asked: Vec<BTreeSet<String>>,
    /// What to search.
    pub(crate) meant: Vec<Query>,
    /// Whether the words as typed are not searched.
    pub(crate) instead: bool,
    unless: BTreeSet<String>,
    /// A sentence for the reader.
    pub(crate) advice: Option<String>,
}

static ENTRIES: LazyLock<Vec<Concept>> = LazyLock::new(|| {
    let file: File = toml::from_str(include_str!("../data/vocabulary.toml"))
        .expect("vocabulary.toml ships with the crate and is parsed by a test");
    file.entry.into_iter().map(Concept::from).collect()
});

/// Every spelling in `asked`, to mend misspelt words with their accents.
static SPELLINGS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let file: File = toml::from_str(include_str!("../data/vocabulary.toml"))
        .expect("vocabulary.toml ships with the crate and is parsed by a test");
    let asked = file.entry.into_iter().flat_map(|entry| entry.asked);
    let words: BTreeSet<String> =
        asked.flat_map(|a| a.split(' ').map(str::to_owned).collect::<Vec<_>>()).collect();
    words.into_iter().collect()
});

impl From<EntryData> for Concept {
    fn from(data: EntryData) -> Self {
        Self {
            asked: data.asked.iter().map(|words| stems(words).into_iter().collect()).collect(),
            meant: data.meant.iter().map(|text| Query::parse(text)).collect(),
            instead: data.instead,
            unless: data.unless.iter().flat_map(|word| stems(word)).collect(),
            advice: data.advice,
        }
    }
}

/// Words of the vocabulary as they are written.
pub(crate) fn spellings() -> &'static [String] {
    &SPELLINGS
}

/// An entry that a run of words asks for.
pub(crate) struct Occurrence {
    pub(crate) entry: &'static Concept,
    /// Indices of the words that ask for it.
    pub(crate) words: Vec<usize>,
}

/// The entries that `words` (the stems of each word) ask for: longest first, no word twice.
pub(crate) fn find(words: &[Vec<String>]) -> Vec<Occurrence> {
    let present: BTreeSet<&String> = words.iter().flatten().collect();
    let mut ways: Vec<(&Concept, &BTreeSet<String>)> = ENTRIES
        .iter()
        .filter(|entry| !entry.unless.iter().any(|stem| present.contains(stem)))
        .flat_map(|entry| entry.asked.iter().map(move |way| (entry, way)))
        .filter(|(_, way)| way.iter().all(|stem| present.contains(stem)))
        .collect();
    ways.sort_by_key(|(_, way)| std::cmp::Reverse(way.len()));
    let mut taken = vec![false; words.len()];
    let mut found: Vec<Occurrence> = Vec::new();
    for (entry, way) in ways {
        let fits = |i: &usize| {
            !taken[*i] && !words[*i].is_empty() && words[*i].iter().all(|stem| way.contains(stem))
        };
        let indices: Vec<usize> = (0..words.len()).filter(fits).collect();
        let covered: BTreeSet<&String> = indices.iter().flat_map(|i| &words[*i]).collect();
        if indices.is_empty() || !way.iter().all(|stem| covered.contains(stem)) {
            continue;
        }
        indices.iter().for_each(|i| taken[*i] = true);
        match found.iter_mut().find(|other| std::ptr::eq(other.entry, entry)) {
            Some(other) => other.words.extend(indices),
            None => found.push(Occurrence { entry, words: indices }),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entry_is_sound() {
        for entry in ENTRIES.iter() {
            assert!(!entry.asked.is_empty() && !entry.meant.is_empty());
            assert!(entry.asked.iter().all(|way| !way.is_empty()), "{entry:?}");
            for query in &entry.meant {
                assert!(!query.is_empty() && query.notes().is_empty(), "{query:?}");
            }
        }
    }

    #[test]
    fn no_way_of_asking_is_listed_twice() {
        let mut seen = std::collections::HashMap::new();
        for (i, entry) in ENTRIES.iter().enumerate() {
            for way in &entry.asked {
                let other = seen.insert(way.clone(), i);
                assert!(other.is_none_or(|other| other == i), "{way:?} in two entries");
            }
        }
    }

    #[test]
    fn finds_in_any_order_and_form_longest_first() {
        let find = |text: &str| -> Vec<Vec<usize>> {
            let words: Vec<_> = text.split(' ').map(stems).collect();
            find(&words).into_iter().map(|found| found.words).collect()
        };
        assert_eq!(find("caméras-piétons police"), [vec![0]]);
        assert_eq!(find("piétons et caméras"), [vec![0, 2]]);
        assert_eq!(find("lapi lecture plaques"), [vec![1, 2, 0]]);
        assert_eq!(find("périmètres de protection"), [vec![0, 2]]);
        assert_eq!(find("périmètre protection captage"), Vec::<Vec<usize>>::new());
        assert_eq!(find("épandage"), Vec::<Vec<usize>>::new());
    }
}
