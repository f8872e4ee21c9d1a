//! Patterns for lines, which most lines cannot match.

use std::sync::LazyLock;

use regex::Regex;

use super::page::Line;

/// A pattern for one line, with what a line must have before it is worth matching: cutting tries
/// some twenty patterns on every line, and nearly all of them on prose.
pub(crate) struct LinePattern {
    /// The first letters or figures of the lines that match, a bit each; 0: any.
    pub firsts: u128,
    /// Whether only lines that tell of signatures or remedies match.
    pub telling: bool,
    /// The pattern.
    pub regex: LazyLock<Regex>,
}

impl LinePattern {
    /// Whether the folded line matches.
    pub(crate) fn is_match(&self, line: &Line<'_>) -> bool {
        let begins = self.firsts == 0 || self.firsts >> line.first & 1 == 1;
        begins && (!self.telling || line.tells) && self.regex.is_match(&line.folded)
    }
}

/// The bits of ASCII letters and figures.
pub(super) const fn bits(bytes: &[u8]) -> u128 {
    let (mut bits, mut i) = (0, 0);
    while i < bytes.len() {
        bits |= 1 << bytes[i];
        i += 1;
    }
    bits
}

/// `opening!(NAME, b"av", r"^…")`: lines whose first letter or figure is one of these;
/// `telling!(NAME, r"…")`: lines with a word of signatures or remedies (`page::TELLS`).
macro_rules! opening {
    ($name:ident, $firsts:literal, $pattern:expr) => {
        pub(super) static $name: $crate::segment::line_pattern::LinePattern =
            $crate::segment::line_pattern::LinePattern {
                firsts: $crate::segment::line_pattern::bits($firsts),
                telling: false,
                regex: std::sync::LazyLock::new(|| $crate::parts::compile($pattern)),
            };
    };
}
macro_rules! telling {
    ($name:ident, $pattern:expr) => {
        pub(super) static $name: $crate::segment::line_pattern::LinePattern =
            $crate::segment::line_pattern::LinePattern {
                firsts: 0,
                telling: true,
                regex: std::sync::LazyLock::new(|| $crate::parts::compile($pattern)),
            };
    };
}
pub(crate) use {opening, telling};

#[cfg(test)]
mod tests {
    use guetteur_model::{Method, Page};
    use proptest::prelude::*;

    use super::super::page::PageView;
    use super::super::{heading, lexicon, signature};
    use super::*;

    /// Beginnings and words of the patterns, and what may stand around them.
    const WORDS: &str = "(arrete|Article 1er|art. 2|Vu |considerant|sur proposition|annexe|plan \
        |Fait a Gap, le 3|signe|signature au 3|Gap, le 3 mai|pour le prefet|le prefet,|decide :|avis \
        |prefecture|direction|cabinet|issn|depot legal|recours gracieux|recueil n° |https :|tel\\. : |nor :|chevalier|sommaire|table des matieres| |- |• |« |1|l|é){0,6}";

    proptest! {
        #[test]
        fn passing_over_changes_nothing(text in WORDS) {
            let text = format!("x {text}\n{text}");
            let page =
                Page { number: 1, method: Method::Text, text, confidence: 1.0, ms: 0, note: None };
            let patterns: [&LinePattern; 13] = [
                &lexicon::KIND, &lexicon::LETTERHEAD, &lexicon::CITES, &lexicon::ARTICLE_ONE,
                &lexicon::ARTICLE_ANY, &lexicon::OPERATES, &lexicon::ENDS, &lexicon::ANNEX,
                &lexicon::SOMMAIRE, &lexicon::IMPRINT, &lexicon::REMEDIES, &heading::TITLE_END,
                &signature::DONE,
            ];
            for line in &PageView::new(&page).lines {
                for pattern in patterns {
                    let plain = pattern.regex.is_match(&line.folded);
                    prop_assert_eq!(pattern.is_match(line), plain, "{} {}", line.folded, &*pattern.regex);
                }
            }
        }
    }
}
