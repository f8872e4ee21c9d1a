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
        for token in text.split_whitespace() {
            let token = token.trim_matches(is_edge);
            if token.chars().count() >= 4 && token.chars().any(is_letter) {
                counts.long += 1;
                counts.shaped += u32::from(token.split(is_joint).all(is_shaped));
            }
        }
        let folded = fold::fold(text);
        let parts = folded.split(|c: char| c.is_whitespace() || is_joint(c) || is_edge(c));
        for part in parts.filter(|part| part.chars().any(is_letter)) {
            counts.all += 1;
            counts.known += u32::from(KNOWN.contains(part));
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
fn is_letter(c: char) -> bool {
    c.is_alphabetic() || c == '\u{FFFD}' || is_private(c)
}

/// Stands before or after a word.
fn is_edge(c: char) -> bool {
    matches!(c, ',' | ';' | ':' | '.' | '!' | '?' | '…' | '(' | ')' | '[' | ']' | '«' | '»' | '"')
        || matches!(c, '“' | '”' | '\'' | '’' | '‘' | '-' | '–' | '—' | '•' | '*' | '/' | '€' | '%')
}

/// Stands inside what counts as one word: `l'arrêté`, `26-2025`, `R.242`, an address.
fn is_joint(c: char) -> bool {
    matches!(c, '\'' | '’' | '-' | '–' | '/' | '.' | ',' | '@' | '_' | '°' | 'º' | ':' | '(' | ')')
}

/// Private use: a font's own codes, without meaning outside it.
pub(crate) fn is_private(c: char) -> bool {
    matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFD}')
}

fn is_shaped(part: &str) -> bool {
    let (mut letters, mut digits) = (0, 0);
    for c in part.chars() {
        match c {
            '0'..='9' => digits += 1,
            c if c.is_alphabetic() => letters += 1,
            _ => return false,
        }
    }
    match (letters, digits) {
        (0, _) => true,
        (_, 0) => letters < 4 || has_vowels(part) && has_ordinary_case(part),
        // 1er, 15h30, A86: letters and digits change places once or twice in few characters.
        _ => letters + digits <= 6 && turns(part) <= 2,
    }
}

/// How often letters follow digits or digits letters.
fn turns(part: &str) -> usize {
    let kinds: Vec<bool> = part.chars().map(|c| c.is_ascii_digit()).collect();
    kinds.windows(2).filter(|pair| pair[0] != pair[1]).count()
}

/// At least one vowel, and never five consonants in a row.
fn has_vowels(part: &str) -> bool {
    let (mut run, mut vowels) = (0, 0);
    for c in part.chars().map(small) {
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
    vowels > 0
}

/// The small letter of a letter.
fn small(c: char) -> char {
    if c.is_ascii() { c.to_ascii_lowercase() } else { c.to_lowercase().next().unwrap_or(c) }
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

    fn shaped(token: &str) -> bool {
        let counts = WordCounts::of(token);
        assert_eq!(counts.long, 1, "{token}");
        counts.shaped == 1
    }

    #[test]
    fn tells_words_from_noise() {
        for word in [
            "arrêté",
            "PRÉFECTURE",
            "Strasbourg",
            "cœur",
            "l'Œuvre",
            "26-2025-02-19-A",
            "(vidéoprotection)",
            "R.242-8",
            "15h30",
            "pref-raa@drome.gouv.fr",
        ] {
            assert!(shaped(word), "{word}");
        }
        for noise in [
            "dUUrWp",
            "xkcdqz",
            "qrstvwx",
            "aRRete",
            "c011ect1~1t65",
            "kePPyk.;<;.7",
            "d6par7ement",
            "\u{FFFD}rr\u{FFFD}t\u{FFFD}",
        ] {
            assert!(!shaped(noise), "{noise}");
        }
    }

    #[test]
    fn letters_that_became_signs_are_noise() {
        let shifted = "j5 Py kery -7^7z]P ry' kePPyk.;<;.7' .yzz;.ez;]Py' a ke^';r7z]^. s5L;P";
        let layer = "c011ect1~1t65 territoriales ; considérant ~ii|11 y a lieu ~e vérifier 1|~11, \
                     le c~iir d~ l’été pr0c~z1ri c0ri51d6rzrit qii|11 y z lieu v6r1f1e~";
        for noise in [shifted, layer] {
            let counts = WordCounts::of(noise);
            assert!(counts.shaped_share() < 0.6 && counts.known_share() < 0.5, "{counts:?}");
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
