//! Compiling a rule file.

use std::collections::BTreeMap;

use guetteur_model::Category;

use crate::error::RulesError;
use crate::file::{Place, RuleEntry, Written};
use crate::pattern::{Lists, Pattern, PatternError, Pieces};
use crate::place::{LineColumn, in_literal};
use crate::ruleset::{CompiledCategory, CompiledRule, Source};

pub(crate) fn compile(source: Source, pieces: &mut Pieces) -> Result<CompiledCategory, RulesError> {
    let Source { name, text, file } = source;
    let content = |message: String| RulesError::Content { file: name.clone(), message };
    let category = Category::new(&file.category).map_err(|_| {
        content(format!(
            "category = « {} » : 1 à 40 caractères parmi a-z, 0-9 et « - ».",
            file.category
        ))
    })?;
    if file.rule.is_empty() {
        return Err(content("aucune règle : ajoutez au moins un bloc [[rule]].".to_owned()));
    }
    let lists = lists(&name, &text, &file.words)?;
    let mut compiler = Compiler { name: &name, text: &text, lists: &lists, pieces };
    let signals = compiler.list("liste signals", &file.signals, 90)?;
    let cites = compiler.list("liste cites", &file.cites, 90)?;
    let mut rules: Vec<CompiledRule> = Vec::new();
    for entry in file.rule {
        let rule = compiler.rule(&category, entry)?;
        if rules.iter().any(|other| other.id == rule.id) {
            return Err(content(format!(
                "deux règles portent l'id {} : changez l'un des deux.",
                rule.id
            )));
        }
        rules.push(rule);
    }
    // Without signals of its own a category is tried wherever a rule could begin to match.
    let signals = if signals.is_empty() {
        rules.iter().filter(|r| r.place != Place::Title).flat_map(|r| r.any.clone()).collect()
    } else {
        signals
    };
    Ok(CompiledCategory {
        label: file.label.unwrap_or_else(|| category.label().to_owned()),
        category,
        description: file.description.trim().to_owned(),
        legal: file.legal,
        origin: name.clone(),
        signals,
        cites,
        rules,
    })
}

/// The lists of a file.
fn lists(name: &str, text: &str, words: &BTreeMap<String, Written>) -> Result<Lists, RulesError> {
    let sources = words.iter().map(|(word, written)| (word.as_str(), written.get_ref().as_str()));
    Lists::new(sources).map_err(|error| {
        let list = error.list.clone().unwrap_or_default();
        match words.get(&list) {
            Some(written) => {
                located(name, text, &format!("liste {list} de [words]"), written, error)
            }
            None => RulesError::Content { file: name.to_owned(), message: format!("{error}.") },
        }
    })
}

/// `error` with its line and column in the file.
fn located(
    name: &str,
    text: &str,
    part: &str,
    written: &Written,
    error: PatternError,
) -> RulesError {
    let LineColumn { line, column } = in_literal(text, written.span(), error.at);
    RulesError::Pattern {
        file: name.to_owned(),
        line,
        column,
        part: part.to_owned(),
        pattern: written.get_ref().clone(),
        mistake: Box::new(error),
    }
}

/// Compiles the patterns of one file.
pub(crate) struct Compiler<'a> {
    pub(crate) name: &'a str,
    pub(crate) text: &'a str,
    pub(crate) lists: &'a Lists,
    pub(crate) pieces: &'a mut Pieces,
}

impl Compiler<'_> {
    /// The patterns of `sources`; `part` is where they stand, for messages.
    pub(crate) fn list(
        &mut self,
        part: &str,
        sources: &[Written],
        gap: usize,
    ) -> Result<Vec<Pattern>, RulesError> {
        let mut compiled = Vec::new();
        for source in sources {
            let pattern = self.pieces.pattern(source.get_ref(), self.lists, gap);
            compiled
                .push(pattern.map_err(|error| located(self.name, self.text, part, source, error))?);
        }
        Ok(compiled)
    }

    fn rule(&mut self, category: &Category, entry: RuleEntry) -> Result<CompiledRule, RulesError> {
        let content = |message: String| RulesError::Content { file: self.name.to_owned(), message };
        let id = format!("{category}/{}", entry.id);
        if Category::new(&entry.id).is_err() {
            return Err(content(format!(
                "règle {id} : un id a 1 à 40 caractères parmi a-z, 0-9 et « - »."
            )));
        }
        if entry.any.is_empty() {
            return Err(content(format!(
                "règle {id} : la liste « any » est vide, elle ne trouvera jamais rien."
            )));
        }
        let part = format!("règle {id}");
        let exceptions = entry.unless.iter().chain(&entry.unless_anywhere);
        let written_exceptions = exceptions.map(|written| written.get_ref().clone()).collect();
        Ok(CompiledRule {
            any: self.list(&part, &entry.any, entry.gap)?,
            unless: self.list(&part, &entry.unless, entry.gap)?,
            unless_anywhere: self.list(&part, &entry.unless_anywhere, entry.gap)?,
            written: entry.any.into_iter().map(Written::into_inner).collect(),
            written_exceptions,
            id,
            description: entry.description.trim().to_owned(),
            place: entry.place,
            level: entry.level,
            without_verb: entry.without_verb,
            to_check: entry.to_check,
            any_subject: entry.any_subject,
            examples: entry.example,
        })
    }
}
