//! What is wrong with the settings, told to whoever wrote them, in French.

use std::fmt;

use figment::error::{Actual, Kind};

use super::SETTINGS;

/// A setting that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// `section.key`; empty when the whole file cannot be read.
    key: String,
    /// Where the value was given: a file, a variable, a flag.
    origin: Option<String>,
    /// What was found and what is expected.
    message: String,
}

impl Fault {
    /// A fault of the setting `key`.
    #[must_use]
    pub fn new(key: impl Into<String>, message: impl Into<String>) -> Self {
        Self { key: key.into(), origin: None, message: message.into() }
    }

    pub(super) fn from(mut self, origin: Option<String>) -> Self {
        self.origin = origin;
        self
    }

    /// The setting that cannot be used.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }
}

impl std::error::Error for Fault {}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.key)?;
        match (&self.origin, self.key.is_empty()) {
            (Some(origin), true) => f.write_str(origin)?,
            (Some(origin), false) => write!(f, " ({origin})")?,
            (None, _) => {}
        }
        write!(f, " : {} (voir docs/config.md)", self.message)
    }
}

impl From<figment::Error> for Fault {
    fn from(error: figment::Error) -> Self {
        let origin = error.metadata.as_ref().map(|metadata| metadata.name.to_string());
        let key = error.path.join(".");
        let secret = SETTINGS.iter().any(|setting| setting.key == key && setting.secret);
        let shown = |actual: &Actual| if secret { "…".to_owned() } else { found(actual) };
        let message = match &error.kind {
            Kind::UnknownField(field, known) => {
                let section = key.strip_suffix(field.as_str()).unwrap_or_default();
                unknown(field, section, known)
            }
            Kind::InvalidType(actual, wanted) | Kind::InvalidValue(actual, wanted) => {
                format!("{} : attendu {}", shown(actual), expected(wanted))
            }
            Kind::ISizeOutOfRange(number) => format!("{number} est trop petit ou trop grand"),
            Kind::USizeOutOfRange(number) => format!("{number} est trop grand"),
            Kind::MissingField(field) => format!("il manque {field}"),
            kind => format!("valeur refusée ({kind})"),
        };
        Self { key, origin, message }
    }
}

/// What to say of the key `field` of `section`, which knows `known`.
fn unknown(field: &str, section: &str, known: &[&str]) -> String {
    let near = nearest(field, known.iter().copied()).map(|near| format!("{section}{near}"));
    // A key of another section, or written without its section.
    let elsewhere = || {
        let same = SETTINGS.iter().find(|setting| setting.key.rsplit('.').next() == Some(field));
        same.map(|setting| setting.key.to_owned())
    };
    match near.or_else(elsewhere) {
        Some(key) => format!("réglage inconnu : peut-être {key}"),
        None => format!("réglage inconnu : attendu {}", known.join(", ")),
    }
}

/// The one of `known` that `word` most likely means.
pub(super) fn nearest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let far = |known: &str| strsim::damerau_levenshtein(word, known);
    let close = known.min_by_key(|known| far(known))?;
    (far(close) <= 1 + word.chars().count() / 4).then_some(close)
}

fn found(actual: &Actual) -> String {
    match actual {
        Actual::Bool(value) => value.to_string(),
        Actual::Unsigned(number) => number.to_string(),
        Actual::Signed(number) => number.to_string(),
        Actual::Float(number) => number.to_string(),
        Actual::Char(c) => format!("« {c} »"),
        Actual::Str(text) => format!("« {text} »"),
        Actual::Seq => "une liste".to_owned(),
        Actual::Map => "une table".to_owned(),
        other => other.to_string(),
    }
}

/// serde's names of what it expects.
fn expected(wanted: &str) -> &str {
    match wanted {
        "a boolean" => "true ou false",
        "a string" | "path string" => "un texte entre guillemets",
        "a sequence" => "une liste de tables",
        "u16" | "u32" | "u64" | "usize" | "i64" => "un nombre entier positif",
        _ if wanted.starts_with("struct ") => "une table",
        _ => wanted,
    }
}
