//! How much two titles say the same.

use std::hash::{DefaultHasher, Hash, Hasher};

/// The words of a folded text that carry meaning.
#[derive(Debug, Default)]
pub(crate) struct Words {
    /// The first ones, in order.
    opening: Vec<String>,
    /// Hashes of all, sorted, each once.
    set: Vec<u64>,
}

/// More words than a title has are not needed to recognise it.
const MOST: usize = 400;
/// Words by which a line is known to begin a title.
const OPENING: usize = 4;

impl Words {
    pub(crate) fn of(folded: &str) -> Self {
        let words = || {
            folded
                .split(|c: char| !c.is_alphanumeric())
                .filter(|w| w.len() >= 4 || w.bytes().any(|b| b.is_ascii_digit()))
        };
        let hash = |word: &str| {
            let mut hasher = DefaultHasher::new();
            word.hash(&mut hasher);
            hasher.finish()
        };
        let mut set: Vec<u64> = words().take(MOST).map(hash).collect();
        set.sort_unstable();
        set.dedup();
        Self { opening: words().take(OPENING).map(str::to_owned).collect(), set }
    }

    pub(crate) fn len(&self) -> usize {
        self.set.len()
    }

    /// Share of these words, 0 to 1, that the other text has too.
    pub(crate) fn shared_with(&self, other: &Self) -> f32 {
        if self.set.is_empty() {
            return 0.0;
        }
        let shared = self.set.iter().filter(|word| other.set.binary_search(word).is_ok());
        shared.count() as f32 / self.set.len() as f32
    }

    /// Whether a line begins as this text does.
    pub(crate) fn starts_like(&self, folded: &str) -> bool {
        let line = Self::of(folded).opening;
        let count = line.len().min(self.opening.len());
        count > 0 && line[..count] == self.opening[..count]
    }
}

/// Likeness of two folded titles, 0 to 1: the smaller's words found in the larger.
pub(crate) fn likeness(a: &str, b: &str) -> f32 {
    let (a, b) = (Words::of(a), Words::of(b));
    if a.len() <= b.len() { a.shared_with(&b) } else { b.shared_with(&a) }
}
