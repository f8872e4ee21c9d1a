//! Plain watch lists: a text file with one word or phrase a line.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use guetteur_model::Category;
use guetteur_model::fold::fold;

use crate::error::RulesError;
use crate::file::{Place, RuleEntry, RuleFile, WithoutVerb, Written};

/// The rule file that a watch list stands for: its name is the category, each line a rule.
/// Lines that start with `#` and empty lines say nothing.
pub(crate) fn rule_file(path: &Path, text: &str) -> Result<RuleFile, RulesError> {
    let file = path.display().to_string();
    let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    let category = Category::new(&slug(stem)).map_err(|_| RulesError::Content {
        file: file.clone(),
        message: format!(
            "le nom du fichier donne la catégorie ; « {stem} » ne contient ni lettre ni chiffre. Renommez-le, par exemple rave-party.txt."
        ),
    })?;
    let mut taken = BTreeSet::new();
    let mut rules = Vec::new();
    let mut next = 0;
    for (index, line) in text.split_inclusive('\n').enumerate() {
        let from = next;
        next += line.len();
        let phrase = line.trim();
        if phrase.is_empty() || phrase.starts_with('#') {
            continue;
        }
        let pattern = literal(phrase);
        if pattern.is_empty() {
            return Err(RulesError::Content {
                file,
                message: format!(
                    "ligne {} : « {phrase} » ne contient ni lettre ni chiffre. Corrigez-la ou mettez # devant.",
                    index + 1
                ),
            });
        }
        let mut id = slug(phrase);
        if !taken.insert(id.clone()) {
            id = format!("ligne-{}", index + 1);
            taken.insert(id.clone());
        }
        rules.push(entry(id, phrase, Written::new(from..from + line.len(), pattern)));
    }
    if rules.is_empty() {
        return Err(RulesError::Content {
            file,
            message: "aucun mot dans cette liste : écrivez un mot ou une expression par ligne."
                .to_owned(),
        });
    }
    Ok(RuleFile {
        category: category.as_str().to_owned(),
        label: Some(stem.replace(['-', '_'], " ")),
        description: format!("Liste de mots {stem}.txt."),
        signals: Vec::new(),
        cites: rules.iter().flat_map(|rule| rule.any.clone()).collect(),
        words: BTreeMap::new(),
        legal: Vec::new(),
        rule: rules,
    })
}

fn entry(id: String, phrase: &str, pattern: Written) -> RuleEntry {
    RuleEntry {
        id,
        description: format!("Le mot ou l'expression « {phrase} »."),
        any: vec![pattern],
        unless: Vec::new(),
        unless_anywhere: Vec::new(),
        place: Place::Everywhere,
        level: None,
        without_verb: WithoutVerb::Concerns,
        to_check: false,
        any_subject: false,
        gap: 90,
        example: Vec::new(),
    }
}

/// The phrase as a pattern of whole words, tolerant to a plural; nothing in it is an operator.
fn literal(phrase: &str) -> String {
    let folded = fold(phrase);
    let words: Vec<String> = folded
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| {
            let last_is_letter = word.chars().last().is_some_and(|c| c.is_ascii_alphabetic());
            if last_is_letter && !word.ends_with(['s', 'x']) && word.len() > 2 {
                format!("{word}s?")
            } else {
                word.to_owned()
            }
        })
        .collect();
    if words.is_empty() { String::new() } else { format!("_{}_", words.join("[ '.-]{0,3}")) }
}

fn slug(text: &str) -> String {
    let folded = fold(text);
    let words: Vec<&str> =
        folded.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty()).collect();
    words.join("-").chars().take(40).collect::<String>().trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_words_and_comments() {
        let text = "# fêtes\nRave-party\n\nfree party\nsound system d'été (fixe)*\n";
        let file = rule_file(Path::new("/x/Rave_party.txt"), text).expect("list");
        assert_eq!(file.category, "rave-party");
        let rules: Vec<_> =
            file.rule.iter().map(|r| (r.id.as_str(), r.any[0].get_ref().as_str())).collect();
        assert_eq!(
            rules,
            [
                ("rave-party", "_raves?[ '.-]{0,3}partys?_"),
                ("free-party", "_frees?[ '.-]{0,3}partys?_"),
                (
                    "sound-system-d-ete-fixe",
                    "_sounds?[ '.-]{0,3}systems?[ '.-]{0,3}d[ '.-]{0,3}etes?[ '.-]{0,3}fixes?_"
                ),
            ]
        );
    }

    #[test]
    fn says_what_is_wrong() {
        let error = rule_file(Path::new("a.txt"), "mot\n***\n").expect_err("symbols").to_string();
        assert!(error.contains("ligne 2") && error.contains("***"), "{error}");
    }
}
