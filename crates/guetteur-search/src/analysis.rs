//! From text to terms, the same way for acts and for queries.
//!
//! Folding comes first (accents, case, damage), so that the stemmer sees one spelling whatever was
//! typed or printed. Letters and digits never share a term: `L242-5`, `L. 242-5` and `PAF74` give
//! the terms of `L 242 5` and `PAF 74`.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use guetteur_model::fold::Folded;
use serde::Deserialize;
use tantivy::tokenizer::{
    Language, RawTokenizer, Stemmer, TextAnalyzer, Token, TokenStream, Tokenizer, TokenizerManager,
};

/// Name of the analyser of stems, without stop words.
pub(crate) const STEMS: &str = "fr_stems";
/// Name of the analyser of words as they are, stop words kept.
pub(crate) const EXACT: &str = "fr_exact";
/// Name of the analyser of codes: one term, lower case.
pub(crate) const CODE: &str = "code";

/// Longer terms are noise of extraction.
const MAX_TERM_BYTES: usize = 60;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AnalysisData {
    stop_words: Vec<String>,
    elisions: Vec<String>,
    abbreviated: HashMap<String, String>,
    joined: Vec<(String, String)>,
    parted: Vec<(String, String)>,
}

struct Lists {
    stop_words: HashSet<String>,
    elisions: HashSet<String>,
    abbreviated: HashMap<String, String>,
    /// By first part.
    joined: HashMap<String, HashSet<String>>,
    parted: Vec<(String, String)>,
}

static LISTS: LazyLock<Lists> = LazyLock::new(|| {
    let data: AnalysisData = toml::from_str(include_str!("../data/analysis.toml"))
        .expect("analysis.toml ships with the crate and is parsed by a test");
    let mut joined: HashMap<String, HashSet<String>> = HashMap::new();
    for (first, second) in data.joined {
        joined.entry(first).or_default().insert(second);
    }
    Lists {
        stop_words: data.stop_words.into_iter().collect(),
        elisions: data.elisions.into_iter().collect(),
        abbreviated: data.abbreviated.into_iter().collect(),
        joined,
        parted: data.parted,
    }
});

/// A word of a text: folded, not stemmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Word {
    pub(crate) text: String,
    /// First character in the original.
    pub(crate) from: u32,
    /// One past the last character.
    pub(crate) to: u32,
}

impl Word {
    pub(crate) fn is_stop(&self) -> bool {
        LISTS.stop_words.contains(&self.text)
    }
}

/// The words of a text: elided articles dropped, compounds and short forms (« St ») in their canonical
/// form.
pub(crate) fn words(text: &str) -> Vec<Word> {
    let folded = Folded::new(text);
    let mut words = Vec::with_capacity(text.len() / 6);
    for run in runs(folded.as_str()) {
        if run.elided || run.to - run.from > MAX_TERM_BYTES {
            continue;
        }
        let (from, to) = folded.span(run.from, run.to);
        let text = &folded.as_str()[run.from..run.to];
        let text = LISTS.abbreviated.get(text).map_or(text, String::as_str).to_owned();
        push_word(&mut words, Word { text, from, to });
    }
    words
}

/// Appends a word, joining it to the one before (`video` + `protection`) or parting it
/// (`antidrone`).
fn push_word(words: &mut Vec<Word>, word: Word) {
    if let Some(last) = words.last_mut()
        && word.from.saturating_sub(last.to) <= 1
        && LISTS.joined.get(&last.text).is_some_and(|seconds| seconds.contains(&word.text))
    {
        last.text.push_str(&word.text);
        last.to = word.to;
        return;
    }
    for (first, second) in &LISTS.parted {
        if let Some(rest) = word.text.strip_prefix(first.as_str())
            && rest.starts_with(second.as_str())
        {
            words.push(Word { text: first.clone(), ..word });
            words.push(Word { text: rest.to_owned(), ..word });
            return;
        }
    }
    words.push(word);
}

struct Run {
    from: usize,
    to: usize,
    /// `l'`, `qu'`: followed by an apostrophe and a letter.
    elided: bool,
}

/// Runs of letters and runs of digits of folded text.
fn runs(folded: &str) -> impl Iterator<Item = Run> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = folded.get(at..)?;
        let from = at + rest.find(char::is_alphanumeric)?;
        let digits = folded[from..].starts_with(|c: char| c.is_numeric());
        let other = |c: char| !c.is_alphanumeric() || c.is_numeric() != digits;
        let to = folded[from..].find(other).map_or(folded.len(), |length| from + length);
        at = to;
        let after = folded[to..].trim_start_matches('\'');
        let elided = after.len() < folded.len() - to
            && after.starts_with(char::is_alphabetic)
            && LISTS.elisions.contains(&folded[from..to]);
        Some(Run { from, to, elided })
    })
}

/// The stems of a text in order, stop words left out.
pub(crate) fn stems(text: &str) -> Vec<String> {
    let mut analyser = stem_analyser();
    let mut stems = Vec::new();
    analyser.token_stream(text).process(&mut |token| stems.push(token.text.clone()));
    stems
}

fn stem_analyser() -> TextAnalyzer {
    TextAnalyzer::builder(FrenchWords { for_stems: true })
        .filter(Stemmer::new(Language::French))
        .build()
}

/// Stems one folded word at a time.
pub(crate) struct WordStemmer(TextAnalyzer);

impl WordStemmer {
    pub(crate) fn new() -> Self {
        let raw = TextAnalyzer::builder(RawTokenizer::default());
        Self(raw.filter(Stemmer::new(Language::French)).build())
    }

    pub(crate) fn stem(&mut self, word: &str) -> String {
        let mut stream = self.0.token_stream(unaccented_ending(word));
        if stream.advance() { std::mem::take(&mut stream.token_mut().text) } else { String::new() }
    }
}

/// Snowball knows `-ée` but not the folded `-ee`; both are the participle in `-é`.
fn unaccented_ending(word: &str) -> &str {
    match word.strip_suffix('s').unwrap_or(word) {
        singular if singular.len() > 4 && singular.ends_with("ee") => {
            &singular[..singular.len() - 1]
        }
        _ => word,
    }
}

/// The analysers by name, for the index.
pub(crate) fn tokenizers() -> TokenizerManager {
    let manager = TokenizerManager::default();
    manager.register(EXACT, TextAnalyzer::builder(FrenchWords { for_stems: false }).build());
    manager.register(STEMS, stem_analyser());
    let code = TextAnalyzer::builder(RawTokenizer::default())
        .filter(tantivy::tokenizer::LowerCaser)
        .build();
    manager.register(CODE, code);
    manager
}

/// [`words`] as the engine wants them. Offsets of its tokens are characters of the original.
#[derive(Clone)]
struct FrenchWords {
    /// Leave stop words out and prepare endings for the stemmer.
    for_stems: bool,
}

impl Tokenizer for FrenchWords {
    type TokenStream<'a> = WordStream;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> WordStream {
        WordStream { words: words(text).into_iter(), for_stems: self.for_stems, token: START }
    }
}

struct WordStream {
    words: std::vec::IntoIter<Word>,
    for_stems: bool,
    token: Token,
}

/// A token before the first: the next position is 0.
const START: Token = Token {
    offset_from: 0,
    offset_to: 0,
    position: usize::MAX,
    text: String::new(),
    position_length: 1,
};

impl TokenStream for WordStream {
    fn advance(&mut self) -> bool {
        let Some(word) = self.words.find(|word| !self.for_stems || !word.is_stop()) else {
            return false;
        };
        self.token.position = self.token.position.wrapping_add(1);
        self.token.offset_from = word.from as usize;
        self.token.offset_to = word.to as usize;
        self.token.text.clear();
        let text = if self.for_stems { unaccented_ending(&word.text) } else { &word.text };
        self.token.text.push_str(text);
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<String> {
        words(text).into_iter().map(|word| word.text).collect()
    }

    #[test]
    fn words_of() {
        let cases: &[(&str, &[&str])] = &[
            ("L'enregistrement d’images", &["enregistrement", "images"]),
            ("l□enregistrement qu'il", &["enregistrement", "il"]),
            ("I'enregistrement", &["enregistrement"]),
            ("art. L. 242-5", &["art", "l", "242", "5"]),
            ("art. L242-5", &["art", "l", "242", "5"]),
            ("AP_PAF74_TMB", &["ap", "paf", "74", "tmb"]),
            ("arrêté n°2025-00626", &["arrete", "n", "2025", "00626"]),
            ("vidéo-protection", &["videoprotection"]),
            ("vidéo protection", &["videoprotection"]),
            ("VIDÉOPROTECTION", &["videoprotection"]),
            ("lutte antidrones", &["lutte", "anti", "drones"]),
            // One character that folds to two words.
            ("¼", &["1", "4"]),
            ("", &[]),
            ("' - '' ", &[]),
        ];
        for (text, expected) in cases {
            assert_eq!(texts(text), *expected, "{text:?}");
        }
    }

    #[test]
    fn spans_are_characters_of_the_original() {
        let text = "à l’été, vidéo-protection";
        let found: Vec<_> = words(text).iter().map(|word| (word.from, word.to)).collect();
        assert_eq!(found, [(0, 1), (4, 7), (9, 25)]);
    }

    #[test]
    fn one_stem_for() {
        let cases: &[&[&str]] = &[
            &["caméra", "Cameras", "caméras"],
            &["autorisé", "autorisée", "autorisées", "autorisant", "autorise", "AUTORISATION"],
            &["installée", "installées", "installés", "installation"],
            &["aéronef", "aéronefs", "AERONEFS"],
            &["municipal", "municipale", "municipaux"],
            &["drone", "drones"],
            &["abrogation", "abrogeant", "abrogé"],
            &["piéton", "piétons"],
        ];
        for forms in cases {
            let stems: HashSet<_> = forms.iter().map(|form| stems(form)).collect();
            assert_eq!(stems.len(), 1, "{forms:?} give {stems:?}");
        }
    }

    #[test]
    fn the_index_and_the_query_stem_alike() {
        let text = "les caméras installées sur l'aéronef par la société dénommée « ÉTÉ »";
        let manager = tokenizers();
        let mut analyser = manager.get(STEMS).expect("registered");
        let mut indexed = Vec::new();
        analyser.token_stream(text).process(&mut |token| indexed.push(token.text.clone()));
        assert_eq!(indexed, stems(text));
    }
}
