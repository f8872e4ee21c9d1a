//! Which verb governs a measure: in a title, in a sentence of an article.

use guetteur_model::Level;

use crate::compile::Compiler;
use crate::error::RulesError;
use crate::file::{LanguageFile, Written};
use crate::pattern::{Haystack, Lists, Pattern, Pieces, Range};

/// « interdisant » governs what follows within this many characters.
const FORBIDS_WITHIN: usize = 60;
/// A noun within this many characters of « interdisant » is its object.
const OBJECT_WITHIN: usize = 5;
/// Patterns of the general words may span this many characters.
const GAP: usize = 60;

/// The general words of acts, compiled from `langage.toml`.
#[derive(Debug)]
pub(crate) struct Language {
    grants_in_title: Vec<Pattern>,
    repeals_in_title: Vec<Pattern>,
    forbids_in_title: Vec<Pattern>,
    second_verb: Vec<Pattern>,
    grants_in_article: Vec<Pattern>,
    repeals_in_article: Vec<Pattern>,
    other_subjects: Vec<Pattern>,
    other_subjects_in_article: Vec<Pattern>,
}

impl Language {
    pub(crate) fn compile(
        name: &str,
        text: &str,
        file: &LanguageFile,
        pieces: &mut Pieces,
    ) -> Result<Self, RulesError> {
        let lists = Lists::default();
        let mut compiler = Compiler { name, text, lists: &lists, pieces };
        let mut compile = |list: &str, sources: &[Written]| compiler.list(list, sources, GAP);
        Ok(Self {
            grants_in_title: compile("grants_in_title", &file.grants_in_title)?,
            repeals_in_title: compile("repeals_in_title", &file.repeals_in_title)?,
            forbids_in_title: compile("forbids_in_title", &file.forbids_in_title)?,
            second_verb: compile("second_verb", &file.second_verb)?,
            grants_in_article: compile("grants_in_article", &file.grants_in_article)?,
            repeals_in_article: compile("repeals_in_article", &file.repeals_in_article)?,
            other_subjects: compile("other_subjects", &file.other_subjects)?,
            other_subjects_in_article: compile(
                "other_subjects_in_article",
                &file.other_subjects_in_article,
            )?,
        })
    }

    /// The verbs of a title.
    pub(crate) fn title_verbs(&self, title: &Haystack<'_>) -> TitleVerbs {
        TitleVerbs {
            grants: ranges(title, &self.grants_in_title),
            repeals: ranges(title, &self.repeals_in_title),
            forbids: ranges(title, &self.forbids_in_title),
            second: ranges(title, &self.second_verb),
            others: ranges(title, &self.other_subjects),
        }
    }

    /// The verbs of a body.
    pub(crate) fn article_verbs(&self, body: &Haystack<'_>) -> ArticleVerbs {
        ArticleVerbs {
            grants: ranges(body, &self.grants_in_article),
            repeals: ranges(body, &self.repeals_in_article),
            others: ranges(body, &self.other_subjects_in_article),
        }
    }
}

fn ranges(text: &Haystack<'_>, patterns: &[Pattern]) -> Vec<Range> {
    let mut found: Vec<Range> = patterns.iter().flat_map(|pattern| text.find(pattern)).collect();
    found.sort_unstable_by_key(|range| (range.start, range.end));
    found
}

/// Where a title's verbs stand.
#[derive(Debug)]
pub(crate) struct TitleVerbs {
    grants: Vec<Range>,
    repeals: Vec<Range>,
    forbids: Vec<Range>,
    second: Vec<Range>,
    others: Vec<Range>,
}

impl TitleVerbs {
    /// What the verbs of `within` say of the measure named at `measure`; `None` without a verb.
    pub(crate) fn level(&self, within: &Range, measure: &Range) -> Option<Level> {
        let before = |list: &[Range]| -> Option<Range> {
            list.iter().rfind(|r| r.start >= within.start && r.start < measure.end).cloned()
        };
        let between = |list: &[Range], from: usize| {
            list.iter().any(|r| r.start >= from && r.start < measure.start)
        };
        if let Some(repeal) = before(&self.repeals)
            && !between(&self.second, repeal.end)
        {
            // « autorisant la captation … et abrogeant l'arrêté n° 3 » with the aircraft named
            // last: the repeal stands inside the measure's words and is not its verb.
            let inside = repeal.start > measure.start;
            if !inside || before(&self.grants).is_none_or(|grant| grant.start > repeal.start) {
                return Some(Level::Restricts);
            }
        }
        if let Some(forbids) = before(&self.forbids) {
            let near = measure.start.saturating_sub(forbids.end) <= FORBIDS_WITHIN;
            // « interdiction de mise en œuvre »: the noun that follows at once is what is forbidden.
            if near && !between(&self.grants, forbids.end + OBJECT_WITHIN) {
                return Some(Level::Restricts);
            }
        }
        if before(&self.grants).is_some() {
            return Some(Level::Authorises);
        }
        let after =
            |list: &[Range]| list.iter().any(|r| r.start >= measure.end && r.end <= within.end);
        if after(&self.repeals) {
            Some(Level::Restricts)
        } else if after(&self.grants) {
            Some(Level::Authorises)
        } else {
            None
        }
    }

    /// Whether the title is about something else and only names the measure.
    pub(crate) fn other_subject(&self, within: &Range, measure: &Range) -> bool {
        self.others.iter().any(|r| r.start >= within.start && r.start < measure.start)
    }
}

/// Where a body's verbs stand.
#[derive(Debug)]
pub(crate) struct ArticleVerbs {
    grants: Vec<Range>,
    repeals: Vec<Range>,
    others: Vec<Range>,
}

impl ArticleVerbs {
    /// What `sentence` does, with the words that say so.
    pub(crate) fn level(&self, sentence: &Range) -> Option<(Level, Range)> {
        let inside = |list: &[Range]| -> Option<Range> {
            list.iter().find(|r| r.start >= sentence.start && r.end <= sentence.end).cloned()
        };
        if inside(&self.others).is_some() {
            return None;
        }
        let grant = inside(&self.grants);
        match (grant, inside(&self.repeals)) {
            // « L'autorisation accordée … est abrogée »: the repeal is the main verb. « X est
            // autorisé à …; il est interdit de … » has the grant first.
            (Some(grant), Some(repeal)) if grant.start < repeal.start => {
                Some((Level::Authorises, grant))
            }
            (_, Some(repeal)) => Some((Level::Restricts, repeal)),
            (Some(grant), None) => Some((Level::Authorises, grant)),
            (None, None) => None,
        }
    }
}

/// The sentence around `at`, inside `within`. An abbreviation (« L. », « art. », « n°. ») does not
/// end a sentence: a full stop counts after a word of four letters or more.
pub(crate) fn sentence(text: &[u8], within: &Range, at: &Range) -> Range {
    const REACH: usize = 420;
    let low = within.start.max(at.start.saturating_sub(REACH));
    let high = within.end.min(at.end + REACH);
    let start = (low..at.start).rev().find(|&i| ends_sentence(text, i)).map_or(low, |i| i + 1);
    let end = (at.end..high).find(|&i| ends_sentence(text, i)).map_or(high, |i| i + 1);
    start..end
}

fn ends_sentence(text: &[u8], at: usize) -> bool {
    if text[at] != b'.' || text.get(at + 1).is_some_and(|c| !c.is_ascii_whitespace()) {
        return false;
    }
    let word = text[..at].iter().rev().take(4).take_while(|c| c.is_ascii_alphanumeric()).count();
    word == 4
}
