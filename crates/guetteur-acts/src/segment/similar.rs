//! How much two titles say the same.

/// The words of a folded text that carry meaning.
#[derive(Debug, Default)]
pub(crate) struct Words {
    /// Hashes of the first ones, in order.
    opening: Vec<u64>,
    /// Hashes of all, sorted, each once.
    set: Vec<u64>,
}

/// More words than a title has are not needed to recognise it.
const MOST: usize = 400;
/// Words by which a line is known to begin a title.
const OPENING: usize = 4;

impl Words {
    pub(crate) fn of(folded: &str) -> Self {
        let mut set: Vec<u64> = Vec::with_capacity((folded.len() / 8).min(MOST));
        set.extend(telling(folded).take(MOST));
        let opening = set.iter().copied().take(OPENING).collect();
        set.sort_unstable();
        set.dedup();
        Self { opening, set }
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
        let mut pairs = self.opening.iter().zip(telling(folded)).peekable();
        pairs.peek().is_some() && pairs.all(|(word, other)| *word == other)
    }
}

/// Hashes of the words that are no particles, in order.
fn telling(folded: &str) -> impl Iterator<Item = u64> {
    let mut rest = folded;
    let words = std::iter::from_fn(move || {
        let start = rest.find(char::is_alphanumeric)?;
        let word = &rest[start..];
        let word = &word[..word_len(word)];
        rest = &rest[start + word.len()..];
        Some(word)
    });
    words.filter(|w| w.len() >= 4 || w.bytes().any(|b| b.is_ascii_digit())).map(hash)
}

/// Bytes of the word that `text` begins with. Folded text is ASCII but for a few signs.
fn word_len(text: &str) -> usize {
    let plain = text.bytes().take_while(u8::is_ascii_alphanumeric).count();
    match text[plain..].chars().next() {
        Some(c) if !c.is_ascii() => text.find(|c: char| !c.is_alphanumeric()).unwrap_or(text.len()),
        _ => plain,
    }
}

/// FNV-1a: quick for words, and nobody gains by two words of a bulletin that share one.
fn hash(word: &str) -> u64 {
    word.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// Likeness of two folded titles, 0 to 1: the smaller's words found in the larger.
pub(crate) fn likeness(a: &str, b: &str) -> f32 {
    let (a, b) = (Words::of(a), Words::of(b));
    if a.len() <= b.len() { a.shared_with(&b) } else { b.shared_with(&a) }
}
