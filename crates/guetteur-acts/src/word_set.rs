//! Sets of words asked for each word of an act.

/// Words, of which most others are told by their first letter, length and last letter.
pub(crate) struct WordSet {
    /// In order of their first letters.
    words: &'static [&'static str],
    /// By first letter: where its words begin.
    starts: [u8; 27],
    /// By first letter: a bit for each length.
    lengths: [u32; 26],
    /// By first letter: a bit for each last letter.
    lasts: [u32; 26],
}

impl WordSet {
    /// Of folded words of fewer than 32 letters, in order of their first letters.
    pub(crate) const fn new(words: &'static [&'static str]) -> Self {
        let (mut starts, mut lengths, mut lasts) = ([0; 27], [0; 26], [0; 26]);
        let (mut i, mut letter) = (0, 0);
        while i < words.len() {
            let word = words[i].as_bytes();
            let first = (word[0] - b'a') as usize;
            assert!(first >= letter, "not in order");
            while letter < first {
                letter += 1;
                starts[letter] = i as u8;
            }
            lengths[first] |= 1 << word.len();
            lasts[first] |= 1 << (word[word.len() - 1] - b'a');
            i += 1;
        }
        while letter < 26 {
            letter += 1;
            starts[letter] = i as u8;
        }
        Self { words, starts, lengths, lasts }
    }

    #[inline]
    pub(crate) fn has(&self, word: &str) -> bool {
        let (&[first, ..], &[.., last]) = (word.as_bytes(), word.as_bytes()) else { return false };
        if !first.is_ascii_lowercase() || !last.is_ascii_lowercase() || word.len() >= 32 {
            return false;
        }
        let at = usize::from(first - b'a');
        let bits = (self.lengths[at] >> word.len()) & (self.lasts[at] >> (last - b'a')) & 1;
        let same_letter = usize::from(self.starts[at])..usize::from(self.starts[at + 1]);
        bits == 1 && self.words[same_letter].contains(&word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holds_its_words_and_no_others() {
        let set = WordSet::new(&["commune", "gare"]);
        let cases = [("gare", true), ("commune", true), ("gara", false), ("", false), ("é", false)];
        for (word, expected) in cases {
            assert_eq!(set.has(word), expected, "{word}");
        }
    }
}
