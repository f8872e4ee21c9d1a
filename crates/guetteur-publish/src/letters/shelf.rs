//! The templates: those of the program, and those of the operator's folder in their place.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::NaiveDate;
use guetteur_law::{LegalText, Library, State};
use guetteur_model::dates::format_french_date;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Rest, Serde};
use minijinja::{AutoEscape, Environment, ErrorKind, UndefinedBehavior, Value};
use serde::{Deserialize, Serialize};

use super::{Case, Filling};
use crate::french;

macro_rules! built_in {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../letters/", $name)))),*]
    };
}

const BUILT_IN: &[(&str, &str)] = built_in![
    "_actes.txt",
    "_loi.txt",
    "_recours.txt",
    "_requete-acte.txt",
    "_requete-moyens.txt",
    "_requete-pieces.txt",
    "_requete-tete.txt",
    "annulation.txt",
    "cada.txt",
    "candidat.txt",
    "conseil.txt",
    "engagement.txt",
    "liste.txt",
    "maire.txt",
    "prefet.txt",
    "refere-liberte.txt",
    "refere.txt",
    "voeu-vsa.txt",
    "voeu.txt",
];

/// Where a letter is offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LetterKind {
    /// At `/commune/{insee}/lettre`.
    Lettre,
    /// At `/commune/{insee}/voeu`.
    Voeu,
    /// At `/acte/{id}/refere`: filled with a [`Case`].
    Refere,
}

/// What stands between the two lines `+++` at the head of a template.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// Its name, as readers see it.
    pub title: String,
    /// What it is for, in one sentence.
    pub about: String,
    /// Where it is offered.
    pub kind: LetterKind,
    /// Whether it asks an administration for documents: it can be sent by Ma Dada, and a month of
    /// silence is a refusal.
    #[serde(default)]
    pub request: bool,
    /// Whether it asks for something only as long as the act has effect.
    #[serde(default)]
    pub while_in_effect: bool,
    /// Place among those of its kind, lowest first.
    #[serde(default)]
    order: u32,
}

/// A template that readers may choose.
#[derive(Debug, Clone, Serialize)]
pub struct Letter {
    /// Name of its file without `.txt`.
    pub id: String,
    /// Its head.
    #[serde(flatten)]
    pub head: Head,
}

/// Why a template cannot be used. Told to the operator when the site starts.
#[derive(Debug, thiserror::Error)]
pub enum LetterError {
    /// The folder or a file of it cannot be read.
    #[error("modèle de lettre {path} illisible : {error} (site.letters_dir)")]
    Read {
        /// What could not be read.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// The head is missing or says what nobody asks.
    #[error(
        "modèle de lettre {name} : l’en-tête entre deux lignes +++ doit donner title, about et \
         kind (\"lettre\", \"voeu\" ou \"refere\") : {reason}"
    )]
    Head {
        /// The file.
        name: String,
        /// What is wrong.
        reason: String,
    },
    /// The text does not parse, or asks for something that does not exist.
    #[error("modèle de lettre {name} : {error:#}")]
    Fill {
        /// The file.
        name: String,
        /// What is wrong, with its line.
        error: minijinja::Error,
    },
    /// The document could not be packed: a mistake of ours.
    #[error("packing a letter as OpenDocument failed: {0}")]
    Pack(zip::result::ZipError),
}

/// All templates.
#[derive(Debug)]
pub struct Letters {
    /// Text of each file without its head, by file name.
    texts: BTreeMap<String, String>,
    letters: Vec<Letter>,
    /// What they cite.
    law: Arc<Library>,
}

impl Letters {
    /// Reads the templates of the program, and the `.txt` files of `folder` in the place of those
    /// of the same name or beside them; an empty file takes one away. Each is filled once with
    /// invented acts and once with none, so that a mistake shows now and not to a reader: a text of
    /// law that is cited and not in `law` is one.
    ///
    /// # Errors
    /// Names the file, and what is wrong with it.
    pub fn load(folder: Option<&Path>, law: Arc<Library>) -> Result<Self, LetterError> {
        let built_in = BUILT_IN.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
        let mut files: BTreeMap<String, String> = built_in.collect();
        if let Some(folder) = folder {
            files.extend(read_folder(folder)?);
        }
        files.retain(|_, text| !text.trim().is_empty());
        let mut letters = Vec::new();
        let mut texts = BTreeMap::new();
        for (name, file) in files {
            let text = match name.strip_suffix(".txt").filter(|id| !id.starts_with('_')) {
                None => file,
                Some(id) => {
                    let (head, text) = split_head(&name, &file)?;
                    letters.push(Letter { id: id.to_owned(), head });
                    text.to_owned()
                }
            };
            texts.insert(name, text);
        }
        letters.sort_by_key(|letter| letter.head.order);
        let shelf = Self { texts, letters, law };
        for letter in &shelf.letters {
            if letter.head.kind == LetterKind::Refere {
                for sample in Case::samples() {
                    shelf.fill(letter, &sample)?;
                }
                continue;
            }
            for sample in [Filling::sample(), Filling::sample_without_acts()] {
                shelf.fill(letter, &sample)?;
            }
        }
        Ok(shelf)
    }

    /// The templates of the program.
    #[must_use]
    pub fn built_in() -> Self {
        Self::load(None, Arc::new(Library::built_in()))
            .expect("the built-in letters are filled by a test")
    }

    /// The texts of law that they cite.
    #[must_use]
    pub fn law(&self) -> &Arc<Library> {
        &self.law
    }

    /// The letters of a kind, in their order.
    pub fn of_kind(&self, kind: LetterKind) -> impl Iterator<Item = &Letter> {
        self.letters.iter().filter(move |letter| letter.head.kind == kind)
    }

    /// The text of a letter, filled with a [`Filling`], or a [`Case`] where it is of that kind; with
    /// the no-break spaces that French asks for.
    ///
    /// # Errors
    /// When the template asks for something else.
    pub fn fill(&self, letter: &Letter, filling: &impl Serialize) -> Result<String, LetterError> {
        let name = format!("{}.txt", letter.id);
        let fill = || {
            let mut environment = Environment::new();
            environment.set_undefined_behavior(UndefinedBehavior::Strict);
            environment.set_auto_escape_callback(|_| AutoEscape::None);
            let syntax = SyntaxConfig::builder()
                .trim_blocks(true)
                .lstrip_blocks(true)
                .keep_trailing_newline(true)
                .build()?;
            environment.set_syntax(syntax);
            self.add_law(&mut environment);
            for (name, text) in &self.texts {
                environment.add_template(name, text)?;
            }
            environment.get_template(&name)?.render(Value::from(Serde(filling)))
        };
        let text = fill().map_err(|error| LetterError::Fill { name: name.clone(), error })?;
        Ok(french::spaced(&without_gaps(&text)))
    }

    /// What templates cite law with, by the ids of texts: `loi` gives the names of one or several in
    /// full, `debut` and `fin` the first and last day on which one is in force.
    fn add_law(&self, environment: &mut Environment<'_>) {
        let law = Arc::clone(&self.law);
        environment.add_function("loi", move |ids: Rest<String>| {
            let texts = ids.iter().map(|id| law.text(id).ok_or_else(|| unknown("loi", id)));
            let texts = texts.collect::<Result<Vec<_>, _>>()?;
            if texts.is_empty() { Err(unknown("loi", "")) } else { Ok(LegalText::together(&texts)) }
        });
        type Told = fn(&LegalText) -> Option<String>;
        let days: [(&str, Told); 2] =
            [("debut", |text| dated(text, text.from)), ("fin", |text| dated(text, text.to))];
        for (name, told) in days {
            let law = Arc::clone(&self.law);
            environment.add_function(name, move |id: &str| {
                law.text(id).and_then(told).ok_or_else(|| unknown(name, id))
            });
        }
    }
}

fn unknown(function: &str, id: &str) -> minijinja::Error {
    let reason = format!("{function}(\"{id}\") : texte ou date inconnus (docs/law.md)");
    minijinja::Error::new(ErrorKind::InvalidOperation, reason)
}

/// A day on which a text begins or ends: that of a text that could not be read is not certain.
fn dated(text: &LegalText, day: Option<NaiveDate>) -> Option<String> {
    let day = format_french_date(day?);
    Some(match text.state {
        State::Ok => day,
        State::Open => format!("{day} (à vérifier)"),
    })
}

fn read_folder(folder: &Path) -> Result<Vec<(String, String)>, LetterError> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        |error| LetterError::Read { path, error }
    };
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed(folder))? {
        let path = entry.map_err(failed(folder))?.path();
        let name = path.file_name().and_then(|name| name.to_str()).map(str::to_owned);
        if let Some(name) = name.filter(|name| name.ends_with(".txt")) {
            files.push((name, std::fs::read_to_string(&path).map_err(failed(&path))?));
        }
    }
    Ok(files)
}

fn split_head<'a>(name: &str, file: &'a str) -> Result<(Head, &'a str), LetterError> {
    let wrong =
        |reason: &str| LetterError::Head { name: name.to_owned(), reason: reason.to_owned() };
    let rest = file.trim_start().strip_prefix("+++").ok_or_else(|| wrong("pas d’en-tête"))?;
    let (head, text) = rest.split_once("\n+++").ok_or_else(|| wrong("l’en-tête ne finit pas"))?;
    let head = toml::from_str(head).map_err(|error| wrong(&error.to_string()))?;
    Ok((head, text))
}

/// One empty line where conditions left several.
fn without_gaps(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut empty = true;
    for line in text.lines().map(str::trim_end) {
        if !(empty && line.is_empty()) {
            out.push_str(line);
            out.push('\n');
        }
        empty = line.is_empty();
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

#[cfg(test)]
mod tests;
