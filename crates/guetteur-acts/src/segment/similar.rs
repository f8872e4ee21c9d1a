//! How much two titles say the same.

use std::collections::HashSet;

/// The words of a folded text that carry meaning.
#[derive(Debug, Default)]
pub(crate) struct Words {
    ordered: Vec<String>,
    set: HashSet<String>,
}

/// More words than a title has are not needed to recognise it.
const MOST: usize = 400;

impl Words {
    pub(crate) fn of(folded: &str) -> Self {
        let ordered: Vec<String> = folded
            .split(|c: char| !c.is_alphanumeric())
            .filter(|w| w.len() >= 4 || w.bytes().any(|b| b.is_ascii_digit()))
            .take(MOST)
            .map(str::to_owned)
            .collect();
        let set = ordered.iter().cloned().collect();
        Self { ordered, set }
    }

    pub(crate) fn len(&self) -> usize {
        self.set.len()
    }

    /// Share of these words, 0 to 1, that the other text has too.
    pub(crate) fn shared_with(&self, other: &Self) -> f32 {
        if self.set.is_empty() {
            return 0.0;
        }
        self.set.intersection(&other.set).count() as f32 / self.set.len() as f32
    }

    /// Whether a line begins as this text does.
    pub(crate) fn starts_like(&self, folded: &str) -> bool {
        let line = Self::of(folded);
        let count = line.ordered.len().min(self.ordered.len()).min(4);
        count > 0 && line.ordered[..count] == self.ordered[..count]
    }
}

/// Likeness of two folded titles, 0 to 1: the smaller's words found in the larger.
pub(crate) fn likeness(a: &str, b: &str) -> f32 {
    let (a, b) = (Words::of(a), Words::of(b));
    if a.len() <= b.len() { a.shared_with(&b) } else { b.shared_with(&a) }
}
