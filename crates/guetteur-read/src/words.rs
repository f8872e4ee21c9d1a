//! Whether a text looks like words: their shape, and how many are known.

use std::collections::HashSet;
use std::sync::LazyLock;

use guetteur_model::fold;
use serde::{Deserialize, Serialize};

static KNOWN: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    include_str!("../data/mots.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .flat_map(str::split_whitespace)
        .collect()
});

/// Counts over a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct WordCounts {
    /// Words of four letters or more.
    pub long: u32,
    /// Of these, the ones shaped like words: a vowel, no run of five consonants, ordinary case.
    pub shaped: u32,
    /// Words of any length.
    pub all: u32,
    /// Of these, the ones of a short list of frequent words.
    pub known: u32,
}

impl WordCounts {
    /// Counts a text's words.
    pub(crate) fn of(text: &str) -> Self {
        let mut counts = Self::default();
        for token in text.split(|c: char| !is_word_char(c)).filter(|t| t.len() >= 4) {
            if token.chars().count() >= 4 {
                counts.long += 1;
                counts.shaped += u32::from(is_shaped(token));
            }
        }
        let folded = fold::fold(text);
        for token in folded.split(|c: char| !c.is_alphabetic()).filter(|t| !t.is_empty()) {
            counts.all += 1;
            counts.known += u32::from(KNOWN.contains(token));
        }
        counts
    }

    /// Share of the long words that are shaped like words; 1 if there are none.
    pub(crate) fn shaped_share(self) -> f32 {
        share(self.shaped, self.long)
    }

    /// Share of all words that are known; 1 if there are none.
    pub(crate) fn known_share(self) -> f32 {
        share(self.known, self.all)
    }
}

#[expect(clippy::cast_precision_loss, reason = "a share")]
fn share(part: u32, whole: u32) -> f32 {
    if whole == 0 { 1.0 } else { part as f32 / whole as f32 }
}

/// Letters, and what stands in for them: noise counts as part of a word.
fn is_word_char(c: char) -> bool {
    c.is_alphabetic() || c == '\u{FFFD}' || is_private(c)
}

/// Private use: a font's own codes, without meaning outside it.
pub(crate) fn is_private(c: char) -> bool {
    matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFD}')
}

fn is_shaped(token: &str) -> bool {
    let (mut run, mut vowels) = (0, 0);
    for c in token.chars().flat_map(char::to_lowercase) {
        match c {
            'a'
            | 'e'
            | 'i'
            | 'o'
            | 'u'
            | 'y'
            | 'à'..='æ'
            | 'è'..='ï'
            | 'ò'..='ö'
            | 'ù'..='ý'
            | 'ÿ'
            | 'œ' => {
                vowels += 1;
                run = 0;
            }
            'a'..='z' | 'ç' | 'ñ' => run += 1,
            _ => return false,
        }
        if run >= 5 {
            return false;
        }
    }
    vowels > 0 && has_ordinary_case(token)
}

/// All small, all capital, or small after a capital.
fn has_ordinary_case(token: &str) -> bool {
    let mut rest = token.chars().skip(1).peekable();
    let second_capital = rest.peek().is_some_and(|c| c.is_uppercase());
    let first_capital = token.chars().next().is_some_and(char::is_uppercase);
    rest.all(|c| c.is_uppercase() == second_capital) && (first_capital || !second_capital)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_words_from_noise() {
        for word in ["arrêté", "PRÉFECTURE", "Strasbourg", "vidéoprotection", "cœur", "Œuvre"]
        {
            assert!(is_shaped(word), "{word}");
        }
        for noise in ["dUUrWp", "xkcdqz", "qrstvwx", "\u{FFFD}rr\u{FFFD}t\u{FFFD}", "aRRete"] {
            assert!(!is_shaped(noise), "{noise}");
        }
    }

    #[test]
    fn prose_is_known_and_a_damaged_layer_is_not() {
        let good = "Vu le code de la sécurité intérieure, notamment ses articles L. 242-1 à L. 242-8 ; \
                    Considérant que le préfet peut autoriser les forces de l'ordre à procéder à la \
                    captation d'images au moyen de caméras installées sur des aéronefs ;";
        let bad = "Vn 1e codc dc 1a séeurité intéricure, nolamment scs arlicles L. 242-1 à L. 242-8 ; \
                   Considéranl quc lc préfct pcut autoriscr lcs forees dc 1'ordrc à proeéder à 1a \
                   eaptalion d'imagcs an moycn dc caméras inslallées snr dcs aéroncfs ;";
        assert!(WordCounts::of(good).known_share() > 0.65, "{:?}", WordCounts::of(good));
        assert!(WordCounts::of(bad).known_share() < 0.35, "{:?}", WordCounts::of(bad));
    }
}
