//! The passage of an act to show, and the words to highlight in it.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use guetteur_model::restore_lost_glyphs;

use crate::Snippet;
use crate::analysis;

/// Characters of a passage, about.
const WINDOW: u32 = 240;
/// Characters shown before the first highlighted word.
const LEAD: u32 = 50;
/// Characters of an act that are kept for passages.
const MAX_KEPT: usize = 60_000;

/// What a query highlights.
#[derive(Debug, Clone, Default)]
pub(crate) struct Highlights {
    pub(crate) stems: HashSet<String>,
    pub(crate) exact: HashSet<String>,
    pub(crate) prefixes: Vec<String>,
}

/// Finds the words of a query in texts, and remembers what it decided about each word.
pub(crate) struct Finder<'h> {
    highlights: &'h Highlights,
    stemmer: analysis::WordStemmer,
    /// By folded word: its stem when it is looked for.
    decided: HashMap<String, Option<Rc<str>>>,
}

impl<'h> Finder<'h> {
    pub(crate) fn new(highlights: &'h Highlights) -> Self {
        Self { highlights, stemmer: analysis::WordStemmer::new(), decided: HashMap::new() }
    }

    /// The words of `text` that the query looks for: from, to, stem.
    fn find(&mut self, text: &str) -> Vec<(u32, u32, Rc<str>)> {
        let wanted = self.highlights;
        if wanted.stems.is_empty() && wanted.exact.is_empty() && wanted.prefixes.is_empty() {
            return Vec::new();
        }
        let mut found = Vec::new();
        for word in analysis::words(text) {
            if !self.decided.contains_key(&word.text) {
                let decision = self.decide(&word);
                self.decided.insert(word.text.clone(), decision);
            }
            if let Some(Some(stem)) = self.decided.get(&word.text) {
                found.push((word.from, word.to, Rc::clone(stem)));
            }
        }
        found
    }

    fn decide(&mut self, word: &analysis::Word) -> Option<Rc<str>> {
        let wanted = self.highlights;
        if word.is_stop() {
            return None;
        }
        let stem = self.stemmer.stem(&word.text);
        let found = wanted.stems.contains(&stem)
            || wanted.exact.contains(&word.text)
            || wanted.prefixes.iter().any(|prefix| word.text.starts_with(prefix));
        found.then(|| stem.into())
    }

    /// A whole text with its marks.
    pub(crate) fn whole(&mut self, text: &str) -> Snippet {
        let marks = self.find(text).into_iter().map(|(from, to, _)| (from as usize, to as usize));
        Snippet { text: text.to_owned(), marks: merge(marks) }
    }

    /// The passage of a [`readable`] text that holds most of the words looked for; of several, one of
    /// the operative part, which says more than letterheads and footers.
    pub(crate) fn passage(&mut self, text: &str) -> Snippet {
        let found = self.find(text);
        let chars: Vec<char> = text.chars().collect();
        let operative = operative(text);
        let from = word_start(&chars, best_start(&found, operative));
        let to = word_end(&chars, from + WINDOW as usize);
        let mut passage = String::new();
        let mut shift = 0;
        if from > 0 {
            passage.push_str("… ");
            shift = 2;
        }
        passage.extend(&chars[from..to]);
        if to < chars.len() {
            passage.push_str(" …");
        }
        let inside = found
            .iter()
            .map(|(a, b, _)| (*a as usize, *b as usize))
            .filter(|(a, b)| *a >= from && *b <= to)
            .map(|(a, b)| (a - from + shift, b - from + shift));
        Snippet { text: passage, marks: merge(inside) }
    }
}

/// Where the best passage starts: most distinct words, then in the operative part, then most words,
/// then first.
fn best_start(found: &[(u32, u32, Rc<str>)], operative: u32) -> usize {
    let mut best = (0, false, 0, 0);
    for (i, (start, _, _)) in found.iter().enumerate() {
        let inside: Vec<_> =
            found[i..].iter().take_while(|(_, to, _)| *to < start + WINDOW - LEAD).collect();
        let distinct = inside.iter().map(|(_, _, stem)| stem).collect::<HashSet<_>>().len();
        let decides = *start >= operative;
        if (distinct, decides, inside.len()) > (best.0, best.1, best.2) {
            best = (distinct, decides, inside.len(), start.saturating_sub(LEAD) as usize);
        }
    }
    best.3
}

/// Character at which the first article begins; past the end without one.
fn operative(text: &str) -> u32 {
    const ARTICLES: [&str; 5] =
        ["Article 1", "ARTICLE 1", "Article premier", "ARTICLE PREMIER", "Article unique"];
    let first = ARTICLES.iter().filter_map(|article| text.find(article)).min();
    first.map_or(u32::MAX, |at| text[..at].chars().count() as u32)
}

fn word_start(chars: &[char], at: usize) -> usize {
    if at == 0 {
        return 0;
    }
    (at..chars.len()).find(|i| chars[*i] == ' ').map_or(at, |i| i + 1).min(at + LEAD as usize)
}

fn word_end(chars: &[char], at: usize) -> usize {
    if at >= chars.len() {
        return chars.len();
    }
    let earliest = at.saturating_sub(LEAD as usize);
    (earliest..at).rev().find(|i| chars[*i] == ' ').unwrap_or(at)
}

/// Ascending ranges without overlaps (a parted compound gives its range twice).
fn merge(marks: impl Iterator<Item = (usize, usize)>) -> Vec<(usize, usize)> {
    let mut merged: Vec<(usize, usize)> = Vec::new();
    for (from, to) in marks {
        match merged.last_mut() {
            Some(last) if from < last.1 => last.1 = last.1.max(to),
            _ => merged.push((from, to)),
        }
    }
    merged
}

/// Text on one line: single spaces, hyphens at line ends undone, lost glyphs restored, at most
/// [`MAX_KEPT`] characters.
pub(crate) fn readable(text: &str) -> String {
    let mut line = String::with_capacity(text.len().min(MAX_KEPT));
    for piece in text.split('\n') {
        let piece = piece.trim();
        let hyphenated = line.strip_suffix('-').is_some_and(|l| l.ends_with(char::is_lowercase));
        if hyphenated && piece.starts_with(char::is_lowercase) {
            line.pop();
        } else if !line.is_empty() && !piece.is_empty() {
            line.push(' ');
        }
        let mut first = true;
        for word in piece.split_whitespace() {
            if !first {
                line.push(' ');
            }
            first = false;
            line.push_str(word);
        }
        if line.len() > 4 * MAX_KEPT {
            break;
        }
    }
    if let Some((cut, _)) = line.char_indices().nth(MAX_KEPT) {
        line.truncate(cut);
    }
    restore_lost_glyphs(&line).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn looking_for(words: &str) -> Highlights {
        Highlights { stems: analysis::stems(words).into_iter().collect(), ..Highlights::default() }
    }

    #[test]
    fn the_passage_with_most_words_wins() {
        let far = format!("Vu le drone. {} la captation d'images par drone", "mot ".repeat(200));
        let passage = Finder::new(&looking_for("captation images drones")).passage(&far);
        assert!(passage.text.starts_with("… ") && passage.text.ends_with("par drone"));
        let marked: Vec<_> =
            passage.pieces().into_iter().filter(|(_, m)| *m).map(|(text, _)| text).collect();
        assert_eq!(marked, ["captation", "images", "drone"]);
    }

    #[test]
    fn the_operative_part_goes_before_the_letterhead() {
        let text = format!(
            "Préfecture - 26-2026-03-02-00007 - Arrêté relatif au drone 4 {} Article 1er : Le \
             drone est autorisé. {} drone drone",
            "mot ".repeat(120),
            "mot ".repeat(120)
        );
        let passage = Finder::new(&looking_for("drone")).passage(&text);
        assert!(passage.text.contains("drone drone"), "{}", passage.text);
        let text = text.replace(" drone drone", "");
        let passage = Finder::new(&looking_for("drone")).passage(&text);
        assert!(passage.text.contains("drone est autorisé"), "{}", passage.text);
        // More of the words count first.
        let passage = Finder::new(&looking_for("drone préfecture")).passage(&text);
        assert!(passage.text.starts_with("Préfecture"), "{}", passage.text);
    }

    #[test]
    fn without_a_word_it_is_the_beginning() {
        let text = "mot ".repeat(200);
        let passage = Finder::new(&looking_for("drone")).passage(text.trim());
        assert!(passage.text.starts_with("mot mot") && passage.text.ends_with(" …"));
        assert!(passage.text.chars().count() < 250 && passage.marks.is_empty());
        assert_eq!(Finder::new(&Highlights::default()).passage(""), Snippet::default());
    }

    #[test]
    fn text_on_one_line() {
        assert_eq!(
            readable("  Vu la capta-\n  tion\n\nd'images \t Lot-\nEt"),
            "Vu la captation d'images Lot- Et"
        );
        assert_eq!(readable("l□image □ au C□UR"), "l'image – au CŒUR");
    }

    proptest::proptest! {
        #[test]
        fn marks_lie_in_the_text(text in "([a-zéœ’' -]{0,12}(drone|L'été|anti-?drone) ?){0,40}") {
            let highlights = looking_for("drone été anti");
            let mut finder = Finder::new(&highlights);
            for snippet in [finder.passage(&readable(&text)), finder.whole(&text)] {
                let length = snippet.text.chars().count();
                let mut last = 0;
                for (from, to) in &snippet.marks {
                    assert!(*from >= last && from < to && *to <= length);
                    last = *to;
                }
                let joined: String = snippet.pieces().into_iter().map(|(text, _)| text).collect();
                assert_eq!(joined, snippet.text);
            }
        }
    }
}
