//! What can go wrong with rules.

use std::path::PathBuf;

use crate::pattern::PatternError;

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
    /// Text that is not UTF-8.
    #[error(
        "{}, ligne {line} : ce fichier n'est pas en UTF-8 mais en {encoding}. Enregistrez-le de nouveau en choisissant l'encodage UTF-8. Ce fichier est ignoré.", path.display()
    )]
    Encoding {
        /// The file.
        path: PathBuf,
        /// First line that cannot be read, from 1.
        line: usize,
        /// What it seems to be, in French.
        encoding: &'static str,
    },
    /// A file or folder that is neither a rule file nor a watch list.
    #[error(
        "{} : {message} Il est ignoré.", path.display()
    )]
    Stray {
        /// File or folder.
        path: PathBuf,
        /// Why, and what to do.
        message: &'static str,
    },
    /// Not TOML, an unknown key, a missing one.
    #[error(
        "{file}, ligne {line}, colonne {column} : {message}. Corrigez cette ligne ; le format est décrit dans docs/writing-a-rule.md. Ce fichier est ignoré."
    )]
    Format {
        /// File name or path.
        file: String,
        /// Line, from 1.
        line: usize,
        /// Column in characters, from 1.
        column: usize,
        /// What is wrong there.
        message: String,
    },
    /// A pattern that cannot be used.
    #[error(
        "{file}, ligne {line}, colonne {column}, {part} : motif « {pattern} » : {mistake} (docs/writing-a-rule.md). Ce fichier est ignoré."
    )]
    Pattern {
        /// File name or path.
        file: String,
        /// Line of the mistake, from 1.
        line: usize,
        /// Its column in characters, from 1.
        column: usize,
        /// Rule (« règle drone/captation ») or list that the pattern stands in.
        part: String,
        /// The pattern as written.
        pattern: String,
        /// What is wrong with it.
        mistake: Box<PatternError>,
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
