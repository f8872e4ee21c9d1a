//! Merging the four places that settings come from.

use std::ffi::OsString;
use std::path::Path;

use figment::value::{Dict, Map, Value};
use figment::{Figment, Metadata, Profile, Provider};
use serde::Serialize;

use super::{Config, Fault, SETTINGS};

/// Settings given as flags: the key, the flag, its value. They win.
pub type Overrides = Vec<(&'static str, &'static str, String)>;

/// Settings from `file` (or `guetteur.toml`, if it is there), the variables that `variable` knows,
/// and flags.
///
/// # Errors
/// Says which setting is wrong, where it was given, and what is expected.
pub fn load(
    file: Option<&Path>,
    variable: &dyn Fn(&str) -> Option<OsString>,
    overrides: &Overrides,
) -> Result<Config, Fault> {
    let mut figment = Figment::from(Given::all("valeur par défaut".to_owned(), Config::default()));
    if let Some(file) = read(file)? {
        figment = figment.merge(file);
    }
    for setting in SETTINGS {
        let Some(name) = setting.variable() else { continue };
        let Some(value) = variable(&name) else { continue };
        let origin = format!("variable {name}");
        let Ok(value) = value.into_string() else {
            return Err(Fault::new(setting.key, "le texte n'est pas en UTF-8").from(Some(origin)));
        };
        figment = figment.merge(Given::one(origin, setting.key, value));
    }
    for (key, flag, value) in overrides {
        figment = figment.merge(Given::one(format!("option {flag}"), key, value.clone()));
    }
    // Variables and flags are texts: « true » and « 3 » are read as what their setting is.
    let located = |fault: Fault| match figment.find_metadata(fault.key()) {
        Some(metadata) => fault.from(Some(metadata.name.to_string())),
        None => fault,
    };
    let config: Config = figment.extract_lossy().map_err(|error| located(error.into()))?;
    config.validate().map_err(located)?;
    Ok(config)
}

/// What one place gives.
struct Given {
    origin: String,
    values: Dict,
}

impl Given {
    fn all(origin: String, values: impl Serialize) -> Self {
        let values = Value::serialize(values).ok().and_then(Value::into_dict);
        Self { origin, values: values.unwrap_or_default() }
    }

    fn one(origin: String, key: &str, value: String) -> Self {
        let nested = figment::util::nest(key, Value::from(value)).into_dict();
        Self { origin, values: nested.unwrap_or_default() }
    }
}

impl Provider for Given {
    fn metadata(&self) -> Metadata {
        Metadata::named(self.origin.clone())
    }

    fn data(&self) -> figment::Result<Map<Profile, Dict>> {
        Ok(Profile::Default.collect(self.values.clone()))
    }
}

/// The settings file; `None` when none was named and the usual one is not there.
fn read(file: Option<&Path>) -> Result<Option<Given>, Fault> {
    let path = file.unwrap_or(Path::new("guetteur.toml"));
    let origin = format!("fichier {}", path.display());
    let wrong = |message: String| Fault::new("", message).from(Some(origin.clone()));
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(e) if file.is_none() && e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(e) => {
            return Err(wrong(format!(
                "lecture impossible ({e}) : vérifiez le chemin et les droits"
            )));
        }
    };
    let text = String::from_utf8(bytes).map_err(|_| {
        wrong("ce fichier n'est pas en UTF-8 : enregistrez-le de nouveau en UTF-8".to_owned())
    })?;
    let text = text.trim_start_matches('\u{feff}');
    let table: toml::Table = toml::from_str(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start).min(text.len());
        let before = text.get(..at).unwrap_or(text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        wrong(format!(
            "ligne {line}, colonne {column} : ce n'est pas du TOML ({})",
            error.message()
        ))
    })?;
    Ok(Some(Given::all(origin, table)))
}

#[cfg(test)]
mod tests;
