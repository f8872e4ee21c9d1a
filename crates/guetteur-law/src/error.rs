//! What can go wrong with files of texts.

use std::path::PathBuf;

/// A file that cannot be used. Texts are French: the person who wrote the file reads them.
#[derive(Debug, thiserror::Error)]
pub enum LawError {
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
        "{file} : {message}\nCorrigez cette ligne ; le format est décrit dans docs/law.md. Ce fichier est ignoré."
    )]
    Format {
        /// File name or path.
        file: String,
        /// What the parser says, with line and column.
        message: String,
    },
    /// An entry that says too little or contradicts itself.
    #[error(
        "{file}, ligne {line}, texte {id} : {message}. Corrigez l’entrée (docs/law.md) ; ce fichier est ignoré."
    )]
    Content {
        /// File name or path.
        file: String,
        /// Line of the entry's id, from 1; 0 when it is not found.
        line: usize,
        /// Id of the entry.
        id: String,
        /// What is wrong.
        message: String,
    },
}
