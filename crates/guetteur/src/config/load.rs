//! Merging the four places that settings come from.

use std::path::Path;

use anyhow::{Context, Result, bail};
use toml::{Table, Value};

use super::settings::get;
use super::{Config, SETTINGS};

/// Settings given as flags, by key; they win.
pub type Overrides = Vec<(&'static str, String)>;

/// Settings from `file` (or `guetteur.toml`, if it is there), the variables that `variable` knows,
/// and flags.
///
/// # Errors
/// Says which file, variable or key is wrong.
pub fn load(
    file: Option<&Path>,
    variable: &dyn Fn(&str) -> Option<String>,
    overrides: &Overrides,
) -> Result<Config> {
    let defaults = Table::try_from(Config::default()).context("defaults")?;
    let mut table = read(file)?;
    for setting in SETTINGS {
        let Some(name) = setting.variable() else { continue };
        if let Some(value) = variable(&name) {
            set(&mut table, &defaults, setting.key, &value)
                .with_context(|| format!("variable {name}"))?;
        }
    }
    for (key, value) in overrides {
        set(&mut table, &defaults, key, value)?;
    }
    let config: Config = table.try_into().context("configuration")?;
    config.validate()?;
    Ok(config)
}

fn read(file: Option<&Path>) -> Result<Table> {
    let path = file.unwrap_or(Path::new("guetteur.toml"));
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(e) if file.is_none() && e.kind() == std::io::ErrorKind::NotFound => {
            return Ok(Table::new());
        }
        Err(e) => return Err(e).with_context(|| format!("lecture de {}", path.display())),
    };
    // Parsed into the typed form first: its errors point at the line.
    toml::from_str::<Config>(&text).with_context(|| path.display().to_string())?;
    text.parse().with_context(|| path.display().to_string())
}

fn set(table: &mut Table, defaults: &Table, key: &str, text: &str) -> Result<()> {
    let Some(default) = get(defaults, key) else { bail!("réglage inconnu : {key}") };
    let value = match default {
        Value::Integer(_) => Value::Integer(
            text.parse()
                .with_context(|| format!("{key} : « {text} » n'est pas un nombre entier"))?,
        ),
        Value::Array(_) => Value::Array(
            text.split(',')
                .map(str::trim)
                .filter(|item| !item.is_empty())
                .map(|item| Value::String(item.to_owned()))
                .collect(),
        ),
        _ => Value::String(text.to_owned()),
    };
    match key.split_once('.') {
        Some((section, key)) => {
            let section = table.entry(section).or_insert_with(|| Value::Table(Table::new()));
            let Some(section) = section.as_table_mut() else { bail!("{key} : pas une section") };
            section.insert(key.to_owned(), value);
        }
        None => drop(table.insert(key.to_owned(), value)),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> tempfile::NamedTempFile {
        let file = tempfile::NamedTempFile::new().expect("file");
        std::fs::write(file.path(), text).expect("write");
        file
    }

    #[test]
    fn flags_beat_variables_beat_the_file_beats_defaults() {
        let file = file("data = 'fichier'\n[fetch]\ndelay_ms = 3000\nretries = 9\n");
        let variable = |name: &str| match name {
            "GUETTEUR_DATA" => Some("variable".to_owned()),
            "GUETTEUR_FETCH_DELAY_MS" => Some("4000".to_owned()),
            "GUETTEUR_SOURCES_ONLY" => Some("34, 2A,".to_owned()),
            _ => None,
        };
        let overrides = vec![("data", "option".to_owned())];
        let config = load(Some(file.path()), &variable, &overrides).expect("config");
        assert_eq!(config.data, Path::new("option"));
        assert_eq!(config.fetch.delay_ms, 4000);
        assert_eq!(config.fetch.retries, 9);
        assert_eq!(config.fetch.timeout_s, 300);
        assert_eq!(config.sources.only, ["34", "2A"]);
    }

    #[test]
    fn mistakes_are_named() {
        let none = |_: &str| None;
        let error = |text: &str| {
            let file = file(text);
            format!("{:#}", load(Some(file.path()), &none, &Vec::new()).expect_err(text))
        };
        assert!(error("[fetch]\ndelai_ms = 3\n").contains("delai_ms"));
        assert!(error("[fetch]\ndelay_ms = 'x'\n").contains("delay_ms"));
        assert!(error("data = [").contains("TOML"));
        let absent = load(Some(Path::new("/n/existe/pas")), &none, &Vec::new());
        assert!(format!("{:#}", absent.expect_err("absent")).contains("/n/existe/pas"));
        let variable = |name: &str| (name == "GUETTEUR_FETCH_RETRIES").then(|| "trois".to_owned());
        let error = format!("{:#}", load(None, &variable, &Vec::new()).expect_err("not a number"));
        assert!(error.contains("GUETTEUR_FETCH_RETRIES") && error.contains("trois"), "{error}");
    }
}
