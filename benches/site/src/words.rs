//! Texts of the length and the spread of words of real ones: a few words are everywhere, most are rare.

use crate::dice::{Dice, Lots};

/// Words that stand in nearly every act.
const COMMON: [&str; 32] = [
    "préfet",
    "arrêté",
    "article",
    "code",
    "vu",
    "considérant",
    "département",
    "publique",
    "sécurité",
    "intérieure",
    "général",
    "secrétaire",
    "directeur",
    "décret",
    "portant",
    "relatif",
    "autorisation",
    "commune",
    "territoire",
    "service",
    "administration",
    "conditions",
    "présent",
    "dispositions",
    "application",
    "décision",
    "délai",
    "tribunal",
    "administratif",
    "recueil",
    "actes",
    "exécution",
];

/// Words of acts that are flagged, which now and then stand in others too.
const TELLING: [&str; 12] = [
    "caméras",
    "images",
    "captation",
    "enregistrement",
    "transmission",
    "aéronefs",
    "drone",
    "hélicoptère",
    "gendarmerie",
    "vidéoprotection",
    "manifestation",
    "périmètre",
];

const SYLLABLES: [&str; 24] = [
    "ba", "cor", "de", "fon", "ga", "hé", "jou", "li", "mar", "né", "or", "pé", "qui", "ran",
    "sol", "ti", "u", "ver", "zon", "plan", "tré", "cha", "mon", "sé",
];

/// Rare words made up.
const RARE: usize = 6_000;

/// Where words are drawn from.
pub(crate) struct Words {
    rare: Lots<String>,
}

impl Words {
    pub(crate) fn new() -> Self {
        let word = |n: usize| {
            let at = |shift: usize| SYLLABLES[(n / 24_usize.pow(shift as u32)) % 24];
            format!("{}{}{}", at(0), at(1), at(2))
        };
        // By Zipf's law.
        Self { rare: Lots::new((0..RARE).map(|n| (word(n * 2 + 7), 1_000_000 / (n as u64 + 20)))) }
    }

    /// A text of `chars` bytes or a word more, in lines.
    pub(crate) fn text(&self, dice: &mut Dice, start: &str, chars: usize, flagged: bool) -> String {
        let mut text = format!("{start}\n");
        while text.len() < chars {
            let word = match dice.below(1_000) {
                0..600 => *dice.of(&COMMON),
                600..620 if flagged => *dice.of(&TELLING),
                600 if dice.percent(20) => *dice.of(&TELLING),
                _ => self.rare.draw(dice),
            };
            text.push_str(word);
            text.push(if dice.below(12) == 0 { '\n' } else { ' ' });
        }
        text
    }
}
