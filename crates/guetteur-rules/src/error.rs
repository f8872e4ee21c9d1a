//! What can go wrong with rules.

use std::path::PathBuf;

/// A rule file, watch list or labelled file that cannot be used. Texts are French: the person who
/// wrote the file reads them.
#[derive(Debug, thiserror::Error)]
pub enum RulesError {
    /// The folder or file cannot be read.
    #[error("lecture de {} impossible : {source}. Vérifiez le chemin et les droits.", path.display())]
    Read {
        /// What was to be read.
        path: PathBuf,
        /// Why it failed.
        source: std::io::Error,
    },
    /// Not TOML, an unknown key, a missing one.
    #[error(
        "{file} : {message}\nCorrigez cette ligne ; le format est décrit dans docs/writing-a-rule.md. Ce fichier est ignoré."
    )]
    Format {
        /// File name or path.
        file: String,
        /// What the parser says, with line and column.
        message: String,
    },
    /// A pattern that is no regular expression.
    #[error(
        "{file}, ligne {line}, règle {rule} : le motif « {pattern} » est invalide : {message}. Corrigez le motif (docs/writing-a-rule.md) ; ce fichier est ignoré."
    )]
    Pattern {
        /// File name or path.
        file: String,
        /// Line of the pattern, from 1; 0 when it is not found.
        line: usize,
        /// Id of the rule (`drone/captation`), or the list the pattern stands in.
        rule: String,
        /// The pattern as written.
        pattern: String,
        /// What is wrong with it.
        message: String,
    },
    /// Something else that makes the file unusable.
    #[error("{file} : {message} Ce fichier est ignoré.")]
    Content {
        /// File name or path.
        file: String,
        /// What, and what to do.
        message: String,
    },
    /// A labelled line that is not JSON of the expected shape.
    #[error(
        "{file}, ligne {line} : {message}. Attendu : {{\"id\":…,\"title\":…,\"categories\":[…]}}."
    )]
    Labelled {
        /// File name or path.
        file: String,
        /// Line, from 1.
        line: usize,
        /// What the parser says.
        message: String,
    },
}
