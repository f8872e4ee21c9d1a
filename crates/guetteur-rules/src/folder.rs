//! The files of a user's folder of rules.

use std::path::{Path, PathBuf};

use crate::error::RulesError;
use crate::format::parse;
use crate::ruleset::Source;
use crate::watchlist;

/// Editors and file managers leave files with these beginnings and ends; notes end in `.md`.
const NOT_MEANT: (&str, [&str; 5]) = (".", [".md", "~", ".bak", ".swp", ".orig"]);

/// What `dir` holds: rule files and watch lists, and what cannot be used, each with its reason.
pub(crate) fn read(dir: &Path) -> (Vec<Source>, Vec<RulesError>) {
    let (mut sources, mut errors) = (Vec::new(), Vec::new());
    let entries = match std::fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(source) => return (sources, vec![RulesError::Read { path: dir.to_owned(), source }]),
    };
    let mut paths = Vec::new();
    for entry in entries {
        match entry {
            Ok(entry) => paths.push(entry.path()),
            Err(source) => errors.push(RulesError::Read { path: dir.to_owned(), source }),
        }
    }
    paths.sort();
    for path in paths {
        match source(path) {
            Ok(source) => sources.extend(source),
            Err(error) => errors.push(error),
        }
    }
    (sources, errors)
}

/// The rules of `path`; `None` when it is not meant to hold any.
fn source(path: PathBuf) -> Result<Option<Source>, RulesError> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    if name.starts_with(NOT_MEANT.0) || NOT_MEANT.1.iter().any(|end| name.ends_with(end)) {
        return Ok(None);
    }
    if path.is_dir() {
        let message =
            "c'est un dossier, et seuls les fichiers sont lus : sortez-en les fichiers de règles.";
        return Err(RulesError::Stray { path, message });
    }
    let list = name.ends_with(".txt");
    if !list && !name.ends_with(".toml") {
        let message = "seuls les fichiers .toml (règles) et .txt (liste de mots) sont lus : renommez-le ou déplacez-le.";
        return Err(RulesError::Stray { path, message });
    }
    let text = text(&path)?;
    let name = path.display().to_string();
    let file = if list { watchlist::rule_file(&path, &text)? } else { parse(&name, &text)? };
    Ok(Some(Source { name, text, file }))
}

/// The text of a file, without the mark that Windows editors put before it.
fn text(path: &Path) -> Result<String, RulesError> {
    let bytes =
        std::fs::read(path).map_err(|source| RulesError::Read { path: path.to_owned(), source })?;
    let wrong = |at: usize, encoding| {
        let line = bytes[..at].iter().filter(|&&byte| byte == b'\n').count() + 1;
        Err(RulesError::Encoding { path: path.to_owned(), line, encoding })
    };
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) || bytes.contains(&0) {
        return wrong(0, "UTF-16 (« Unicode »)");
    }
    match std::str::from_utf8(&bytes) {
        Ok(text) => Ok(text.trim_start_matches('\u{feff}').to_owned()),
        Err(error) => {
            wrong(error.valid_up_to(), "windows-1252 (« ANSI ») ou un autre encodage ancien")
        }
    }
}
