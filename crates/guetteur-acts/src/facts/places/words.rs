//! Sets of words asked for each word of an act.

/// Words, of which most others are told by first letter and length alone.
pub(super) struct WordSet {
    words: &'static [&'static str],
    /// By first letter: a bit for each length.
    lengths: [u32; 26],
}

impl WordSet {
    /// Of folded words that begin with a letter and have fewer than 32.
    pub(super) const fn new(words: &'static [&'static str]) -> Self {
        let mut lengths = [0; 26];
        let mut i = 0;
        while i < words.len() {
            let word = words[i].as_bytes();
            lengths[(word[0] - b'a') as usize] |= 1 << word.len();
            i += 1;
        }
        Self { words, lengths }
    }

    pub(super) fn has(&self, word: &str) -> bool {
        let Some(first) = word.bytes().next().filter(u8::is_ascii_lowercase) else { return false };
        let lengths = self.lengths[usize::from(first - b'a')];
        word.len() < 32 && lengths & (1 << word.len()) != 0 && self.words.contains(&word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holds_its_words_and_no_others() {
        let set = WordSet::new(&["gare", "commune"]);
        let cases = [("gare", true), ("commune", true), ("gara", false), ("", false), ("é", false)];
        for (word, expected) in cases {
            assert_eq!(set.has(word), expected, "{word}");
        }
    }
}
