//! The registry: one entry per source, read from data.
//!
//! The product's own file is embedded; an operator's file of the same format adds sources and
//! replaces those with the same code.

use std::collections::BTreeMap;
use std::path::Path;

use guetteur_model::fold::fold;
use guetteur_model::{Access, Hours, Source, SourceKind};
use serde::Deserialize;

use crate::SourcesError;
use crate::hint::Hint;

const BUILTIN: &str = include_str!("../registry.toml");

/// All known sources, in the order of their codes.
#[derive(Debug, Clone, Default)]
pub struct Registry {
    sources: BTreeMap<String, Source>,
    /// How sources are asked, by code; [`EVERY_SOURCE`] for those that have no entry.
    access: BTreeMap<String, Access>,
}

/// The code of an access that holds for all sources without one of their own.
const EVERY_SOURCE: &str = "*";
/// What a proxy's address may begin with.
const PROXIES: &[&str] = &["http", "https", "socks5", "socks5h"];

/// A registry file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RegistryFile {
    #[serde(default)]
    source: Vec<Entry>,
    #[serde(default)]
    access: Vec<AccessEntry>,
}

/// How one source is asked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AccessEntry {
    code: String,
    #[serde(default)]
    hours: Option<Hours>,
    #[serde(default)]
    proxy: Option<String>,
    #[serde(default)]
    browser: bool,
}

/// One entry of a registry file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    code: String,
    name: String,
    region: String,
    kind: SourceKind,
    timezone: chrono_tz::Tz,
    roots: Vec<String>,
    hint: Option<Hint>,
}

impl Registry {
    /// The sources that come with the product.
    ///
    /// # Errors
    /// Only when the embedded file is broken, which a test rules out.
    pub fn builtin() -> Result<Self, SourcesError> {
        let mut registry = Self::default();
        registry.add("registry.toml (built in)", BUILTIN)?;
        Ok(registry)
    }

    /// The built-in sources, then those of the operator's file, which win.
    ///
    /// # Errors
    /// When the file cannot be read, is not TOML, has an unknown key, a bad address or a hint
    /// without its `why`.
    pub fn load(path: &Path) -> Result<Self, SourcesError> {
        let text = std::fs::read_to_string(path).map_err(|source| SourcesError::ReadRegistry {
            file: path.display().to_string(),
            source,
        })?;
        let mut registry = Self::builtin()?;
        registry.add(&path.display().to_string(), &text)?;
        Ok(registry)
    }

    /// Adds the entries of a file's text, replacing those with the same code.
    ///
    /// # Errors
    /// As [`Registry::load`]; `file` names the text in messages.
    pub fn add(&mut self, file: &str, text: &str) -> Result<(), SourcesError> {
        let parsed: RegistryFile = toml::from_str(text).map_err(|source| {
            SourcesError::ParseRegistry { file: file.to_owned(), source: Box::new(source) }
        })?;
        for entry in parsed.source {
            let source = entry.into_source(file)?;
            self.sources.insert(source.code.clone(), source);
        }
        for entry in parsed.access {
            let code = entry.code.clone();
            if code != EVERY_SOURCE && !self.sources.contains_key(&code) {
                let why = format!("[[access]] of no source: {}", self.nearest(&code));
                return Err(SourcesError::BadEntry { file: file.to_owned(), code, why });
            }
            let access = entry.into_access(file)?;
            self.access.insert(code, access);
        }
        Ok(())
    }

    /// How a source is asked; `None`: as any other.
    #[must_use]
    pub fn access(&self, code: &str) -> Option<&Access> {
        self.access.get(code).or_else(|| self.access.get(EVERY_SOURCE))
    }

    /// All sources, in the order of their codes.
    pub fn iter(&self) -> impl Iterator<Item = &Source> {
        self.sources.values()
    }

    /// How many sources are known.
    #[must_use]
    pub fn len(&self) -> usize {
        self.sources.len()
    }

    /// Whether no source is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.sources.is_empty()
    }

    /// The source with this code; case and a missing leading zero do not matter.
    ///
    /// # Errors
    /// For an unknown code, with the nearest codes and names.
    pub fn get(&self, code: &str) -> Result<&Source, SourcesError> {
        let wanted = code.trim();
        self.sources
            .get(wanted)
            .or_else(|| {
                let padded = format!("{wanted:0>2}");
                self.sources.values().find(|source| source.code.eq_ignore_ascii_case(&padded))
            })
            .ok_or_else(|| SourcesError::UnknownCode {
                code: wanted.to_owned(),
                nearest: self.nearest(wanted),
            })
    }

    /// Up to three sources whose name or code resembles what was asked.
    fn nearest(&self, wanted: &str) -> String {
        let wanted = fold(wanted);
        let mut scored: Vec<(usize, &Source)> =
            self.sources.values().map(|source| (likeness(&wanted, source), source)).collect();
        scored.sort_by_key(|(distance, source)| (*distance, source.code.clone()));
        scored
            .iter()
            .take(3)
            .map(|(_, source)| format!("{} ({})", source.code, source.name))
            .collect::<Vec<_>>()
            .join(", ")
    }
}

impl Entry {
    fn into_source(self, file: &str) -> Result<Source, SourcesError> {
        let bad = |why: String| SourcesError::BadEntry {
            file: file.to_owned(),
            code: self.code.clone(),
            why,
        };
        if self.code.is_empty() || !self.code.chars().all(|c| c.is_ascii_alphanumeric()) {
            return Err(bad("the code must be letters and digits".to_owned()));
        }
        if self.roots.is_empty() {
            return Err(bad("`roots` must hold at least one address".to_owned()));
        }
        for root in &self.roots {
            let url = url::Url::parse(root).map_err(|e| bad(format!("root `{root}`: {e}")))?;
            if !matches!(url.scheme(), "http" | "https") {
                return Err(bad(format!("root `{root}` must start with https://")));
            }
        }
        let hint = self.hint.as_ref().map(Hint::to_text).transpose().map_err(&bad)?;
        Ok(Source {
            code: self.code,
            name: self.name,
            region: self.region,
            kind: self.kind,
            timezone: self.timezone,
            roots: self.roots,
            hint,
        })
    }
}

impl AccessEntry {
    /// The proxy's address is in no message: it may hold a password.
    fn into_access(self, file: &str) -> Result<Access, SourcesError> {
        let bad = |why: &str| SourcesError::BadEntry {
            file: file.to_owned(),
            code: self.code.clone(),
            why: why.to_owned(),
        };
        if let Some(proxy) = &self.proxy {
            let url = url::Url::parse(proxy).ok().filter(|url| PROXIES.contains(&url.scheme()));
            let url = url.ok_or_else(|| {
                bad("`proxy` must be an address such as socks5h://127.0.0.1:9050 or http://HOST:PORT")
            })?;
            if self.browser && !url.username().is_empty() {
                return Err(bad("a `browser` cannot give a proxy a name and a password"));
            }
        }
        Ok(Access { hours: self.hours, proxy: self.proxy, browser: self.browser })
    }
}

/// Edit distance between what was asked and the code, the name or one word of the name.
fn likeness(wanted: &str, source: &Source) -> usize {
    let name = fold(&source.name);
    if wanted.len() > 2 && name.contains(wanted) {
        return 0;
    }
    let words = name.split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() > 3);
    let by_word = words.map(|word| strsim::levenshtein(wanted, word) + 1).min();
    let by_code = strsim::levenshtein(wanted, &source.code.to_ascii_lowercase());
    by_code.min(by_word.unwrap_or(usize::MAX)).min(strsim::levenshtein(wanted, &name) + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn builtin_has_every_source() {
        let registry = Registry::builtin().expect("built-in registry");
        assert_eq!(registry.len(), 105);
        for source in registry.iter() {
            assert!(source.roots.iter().all(|root| root.starts_with("https://")), "{source:?}");
            let hint = Hint::of(source).expect("hint");
            assert!(source.hint.is_none() || !hint.why.is_empty());
        }
        assert_eq!(registry.get("974").expect("974").timezone, chrono_tz::Indian::Reunion);
        assert_eq!(registry.get("2a").expect("2A").code, "2A");
        assert_eq!(registry.get("1").expect("01").code, "01");
    }

    #[test]
    fn unknown_code_suggests() {
        let registry = Registry::builtin().expect("built-in registry");
        for (asked, expected) in [("herault", "34"), ("hérlault", "34"), ("ppariss", "ppparis")] {
            let message = registry.get(asked).expect_err(asked).to_string();
            assert!(message.contains(&format!("{expected} (")), "{asked}: {message}");
        }
    }

    #[test]
    fn access_is_by_source_and_checked_without_telling_passwords() {
        let mut registry = Registry::builtin().expect("built-in registry");
        assert!(registry.iter().all(|source| registry.access(&source.code).is_none()), "off");
        let text =
            "[[access]]\ncode = \"34\"\nproxy = \"socks5h://127.0.0.1:9050\"\nhours = \"7-21\"\n";
        registry.add("mine.toml", text).expect("added");
        let access = registry.access("34").expect("34");
        assert_eq!(access.proxy.as_deref(), Some("socks5h://127.0.0.1:9050"));
        assert_eq!(access.hours.as_ref().map(ToString::to_string).as_deref(), Some("7-21"));
        assert!(registry.access("30").is_none());
        registry.add("mine.toml", "[[access]]\ncode = \"*\"\nhours = \"6-23\"\n").expect("added");
        assert!(registry.access("30").is_some_and(|access| access.hours.is_some()));
        assert!(registry.access("34").is_some_and(|access| access.proxy.is_some()), "its own wins");
        let bad = [
            ("code = \"999\"\n", "of no source"),
            ("code = \"34\"\nhours = \"toujours\"\n", "attendu des heures"),
            ("code = \"34\"\nproxy = \"ftp://moi:secret@x\"\n", "socks5h"),
            ("code = \"34\"\nbrowser = true\nproxy = \"http://moi:secret@x\"\n", "password"),
            ("code = \"34\"\ntor = true\n", "unknown field `tor`"),
        ];
        for (entry, message) in bad {
            let error =
                registry.add("mine.toml", &format!("[[access]]\n{entry}")).expect_err(entry);
            let shown = format!("{error} {:?}", std::error::Error::source(&error));
            assert!(shown.contains(message) && !shown.contains("secret"), "{entry}: {shown}");
        }
    }

    #[test]
    fn operators_file_wins_and_is_checked() {
        let entry = |extra: &str| {
            format!(
                "[[source]]\ncode = \"34\"\nname = \"Hérault, essai\"\nregion = \"Occitanie\"\nkind = \
                 \"departement\"\ntimezone = \"Europe/Paris\"\nroots = [\"https://www.herault.gouv.fr/x\"]\n{extra}"
            )
        };
        let mut registry = Registry::builtin().expect("built-in registry");
        registry.add("mine.toml", &entry("")).expect("added");
        assert_eq!(registry.len(), 105);
        assert_eq!(registry.get("34").expect("34").name, "Hérault, essai");
        let bad = [
            ("rot = 1\n", "unknown field `rot`"),
            ("hint = { unit = \"act\" }\n", "why"),
            ("hint = { unit = \"act\", why = \" \" }\n", "why"),
            ("hint = { why = \"x\", typo = 1 }\n", "unknown field `typo`"),
        ];
        for (extra, message) in bad {
            let error = registry.add("mine.toml", &entry(extra)).expect_err(extra);
            let shown = format!("{error} {:?}", std::error::Error::source(&error));
            assert!(shown.contains(message) && shown.contains("mine.toml"), "{extra}: {shown}");
        }
    }
}
