//! Rule files, compiled: the built-in ones and those of a user's folder.

use std::collections::BTreeMap;
use std::path::Path;

use guetteur_model::{Category, Level, Sha256};
use include_dir::{Dir, include_dir};
use regex::bytes::{Regex, RegexSet};

use crate::compile::compile;
use crate::error::RulesError;
use crate::file::{Example, Expect, LanguageFile, LegalReference, Place, RuleFile, WithoutVerb};
use crate::folder;
use crate::format::parse;
use crate::language::Language;
use crate::measures::{self, RuleMeasure};
use crate::pattern::{Pattern, Pieces};

static BUILT_IN: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/rules");
const LANGUAGE_FILE: &str = "langage.toml";
/// Raise it when the engine decides differently on the same rule files.
const ENGINE_VERSION: u32 = 2;

/// A set of rules, ready to classify.
#[derive(Debug)]
pub struct RuleSet {
    pub(crate) categories: Vec<CompiledCategory>,
    pub(crate) language: Language,
    pub(crate) pieces: Pieces,
    pub(crate) set: RegexSet,
    /// One pass that finds out whether a body needs any rule at all.
    pub(crate) signal: Option<Regex>,
    /// The same for titles.
    pub(crate) title_signal: Option<Regex>,
    version: String,
    measures: BTreeMap<String, RuleMeasure>,
}

#[derive(Debug)]
pub(crate) struct CompiledCategory {
    pub(crate) category: Category,
    pub(crate) label: String,
    pub(crate) description: String,
    pub(crate) origin: String,
    pub(crate) legal: Vec<LegalReference>,
    pub(crate) signals: Vec<Pattern>,
    pub(crate) cites: Vec<Pattern>,
    pub(crate) rules: Vec<CompiledRule>,
}

#[derive(Debug)]
pub(crate) struct CompiledRule {
    /// `drone/captation`.
    pub(crate) id: String,
    /// The patterns `any` and both kinds of `unless`, for readers.
    pub(crate) written: Vec<String>,
    pub(crate) written_exceptions: Vec<String>,
    pub(crate) description: String,
    pub(crate) any: Vec<Pattern>,
    pub(crate) unless: Vec<Pattern>,
    pub(crate) unless_anywhere: Vec<Pattern>,
    pub(crate) place: Place,
    pub(crate) level: Option<Level>,
    pub(crate) without_verb: WithoutVerb,
    pub(crate) to_check: bool,
    pub(crate) any_subject: bool,
    pub(crate) examples: Vec<Example>,
}

/// A file's name (for messages and the version), its text, and what it holds.
pub(crate) struct Source {
    pub(crate) name: String,
    pub(crate) text: String,
    pub(crate) file: RuleFile,
}

/// A rule as `rules list` and the method page show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleInfo<'a> {
    /// `drone/captation`.
    pub id: &'a str,
    /// Category that it flags.
    pub category: &'a Category,
    /// French name of the category.
    pub label: &'a str,
    /// What the category is, in French.
    pub category_description: &'a str,
    /// What the rule looks for, in French.
    pub description: &'a str,
    /// Texts of law behind the category.
    pub legal: &'a [LegalReference],
    /// File that holds it: a name (built in) or a path.
    pub origin: &'a str,
    /// What it looks for, as written in the file: one of these must be found…
    pub patterns: &'a [String],
    /// … and none of these beside it.
    pub exceptions: &'a [String],
    /// Titles of its examples that must be flagged.
    pub positives: Vec<&'a str>,
    /// Titles of its examples that must not.
    pub negatives: Vec<&'a str>,
    /// Its worth on the labelled acts of the repository; none for a user's rule, or one that
    /// flags none of them.
    pub measure: Option<RuleMeasure>,
}

impl RuleInfo<'_> {
    /// Examples that it is tested on.
    #[must_use]
    pub fn examples(&self) -> usize {
        self.positives.len() + self.negatives.len()
    }
}

impl CompiledRule {
    fn titles(&self, wanted: impl Fn(Expect) -> bool) -> Vec<&str> {
        let wanted = self.examples.iter().filter(|example| wanted(example.expect));
        wanted.map(|example| example.title.as_str()).collect()
    }
}

impl RuleSet {
    /// The rules that come with Guetteur.
    ///
    /// # Panics
    /// Never, unless a built-in file is broken; a test reads them all.
    #[must_use]
    pub fn builtin() -> Self {
        Self::build(builtin_sources().expect("built-in rule files are tested"))
            .expect("built-in rule files are tested")
    }

    /// The built-in rules and those of the folder `dir`: `*.toml` rule files and `*.txt` watch
    /// lists (one word or phrase a line), whatever the case of their names' ends. A file that cannot
    /// be used is left out and reported; the others load. Notes (`*.md`) and what editors leave are
    /// passed over.
    #[must_use]
    pub fn load_dir(dir: &Path) -> (Self, Vec<RulesError>) {
        let (user, mut errors) = folder::read(dir);
        let mut sources = builtin_sources().expect("built-in rule files are tested");
        for source in user {
            match check_alone(&source, &sources) {
                Ok(()) => sources.push(source),
                Err(error) => errors.push(error),
            }
        }
        (Self::build(sources).expect("each file was compiled on its own"), errors)
    }

    /// Changes whenever a rule file or the engine changes: stored beside flags, so that they can
    /// be derived anew. `1-` and twelve hexadecimal digits.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// All rules, by category.
    pub fn rules(&self) -> impl Iterator<Item = RuleInfo<'_>> {
        self.categories.iter().flat_map(|category| {
            category.rules.iter().map(|rule| RuleInfo {
                id: &rule.id,
                category: &category.category,
                label: &category.label,
                category_description: &category.description,
                description: &rule.description,
                legal: &category.legal,
                origin: &category.origin,
                patterns: &rule.written,
                exceptions: &rule.written_exceptions,
                positives: rule.titles(|expect| expect != Expect::Nothing),
                negatives: rule.titles(|expect| expect == Expect::Nothing),
                measure: self.measures.get(&rule.id).copied(),
            })
        })
    }

    /// The rule with this id.
    pub(crate) fn rule(&self, id: &str) -> Option<&CompiledRule> {
        self.categories.iter().flat_map(|category| &category.rules).find(|rule| rule.id == id)
    }

    fn build(sources: Vec<Source>) -> Result<Self, RulesError> {
        let mut pieces = Pieces::default();
        let language_text = language_text();
        let language_file: LanguageFile = parse(LANGUAGE_FILE, language_text)?;
        let language =
            Language::compile(LANGUAGE_FILE, language_text, &language_file, &mut pieces)?;
        let version = version(language_text, &sources);
        let mut categories = Vec::new();
        for source in sources {
            categories.push(compile(source, &mut pieces)?);
        }
        let whole = |mistake| RulesError::Content {
            file: "règles".to_owned(),
            message: format!("l'ensemble des motifs est trop grand : {mistake}."),
        };
        let set = pieces.set().map_err(whole)?;
        let signals: Vec<Pattern> =
            categories.iter().flat_map(|c| c.signals.iter().chain(&c.cites)).cloned().collect();
        let signal = pieces.any_of(&signals).map_err(whole)?;
        let in_titles: Vec<Pattern> = categories
            .iter()
            .flat_map(|category| &category.rules)
            .filter(|rule| rule.place != Place::Body)
            .flat_map(|rule| rule.any.iter().cloned())
            .collect();
        let title_signal = pieces.any_of(&in_titles).map_err(whole)?;
        let measures = measures::measures();
        Ok(Self { categories, language, pieces, set, signal, title_signal, version, measures })
    }
}

fn language_text() -> &'static str {
    BUILT_IN.get_file(LANGUAGE_FILE).and_then(|file| file.contents_utf8()).unwrap_or_default()
}

pub(crate) fn builtin_sources() -> Result<Vec<Source>, RulesError> {
    let order = |id: &str| Category::BUILT_IN.iter().position(|(known, _)| *known == id);
    let mut sources = Vec::new();
    for file in BUILT_IN.files() {
        let name = file.path().display().to_string();
        if name == LANGUAGE_FILE || !name.ends_with(".toml") {
            continue;
        }
        let text = file.contents_utf8().unwrap_or_default().to_owned();
        let file = parse(&name, &text)?;
        sources.push(Source { name, text, file });
    }
    sources.sort_by_key(|source| order(&source.file.category));
    Ok(sources)
}

/// Whether a user's file can join `others`.
fn check_alone(source: &Source, others: &[Source]) -> Result<(), RulesError> {
    let copy =
        Source { name: source.name.clone(), text: source.text.clone(), file: source.file.clone() };
    compile(copy, &mut Pieces::default())?;
    for other in others.iter().filter(|other| other.file.category == source.file.category) {
        let ids = |s: &Source| s.file.rule.iter().map(|r| r.id.clone()).collect::<Vec<_>>();
        if let Some(id) = ids(source).into_iter().find(|id| ids(other).contains(id)) {
            return Err(RulesError::Content {
                file: source.name.clone(),
                message: format!(
                    "la règle {}/{id} existe déjà dans {} : donnez-lui un autre id.",
                    source.file.category, other.name
                ),
            });
        }
    }
    Ok(())
}

fn version(language: &str, sources: &[Source]) -> String {
    let mut all = language.to_owned();
    for source in sources {
        all.push('\0');
        all.push_str(&source.file.category);
        all.push('\0');
        all.push_str(&source.text);
    }
    let hash = Sha256::of(all.as_bytes()).to_string();
    format!("{ENGINE_VERSION}-{}", &hash[..12])
}
