//! All texts: those that come with Guetteur, mended and joined by those of an operator's folder.

use std::path::Path;
use std::sync::LazyLock;

use chrono::{Days, NaiveDate};
use guetteur_model::{Category, Sha256};
use include_dir::{Dir, include_dir};
use regex::{Captures, Regex};

use crate::error::LawError;
use crate::text::{LegalText, State, TextFile};
use crate::words;

static BUILT_IN: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/texts");
/// Raise it when the same texts give other doubts.
const ENGINE_VERSION: u32 = 1;

static CITATION: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\{loi:([a-z0-9-]+)\}").expect("a constant"));

/// What the texts say of a measure on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Basis<'a> {
    /// Texts in force that let it be authorised.
    InForce(Vec<&'a LegalText>),
    /// Only texts that could not be read may do so: nothing is asserted.
    Open(Vec<&'a LegalText>),
    /// Texts are known, none of them is in force: the last one before the day, the next one after.
    None {
        /// The one that ended last.
        before: Option<&'a LegalText>,
        /// The one that begins next.
        after: Option<&'a LegalText>,
    },
    /// No text on it is known here.
    Unknown,
}

/// The texts, by id.
#[derive(Debug)]
pub struct Library {
    texts: Vec<LegalText>,
    /// `other_purposes` of each text, compiled, in the order of `texts`.
    other_purposes: Vec<Vec<Regex>>,
    version: String,
}

impl Default for Library {
    /// Those that come with Guetteur.
    fn default() -> Self {
        Self::built_in()
    }
}

impl Library {
    /// The texts that come with Guetteur.
    ///
    /// # Panics
    /// Never, unless a built-in file is broken; a test reads them all.
    #[must_use]
    pub fn built_in() -> Self {
        Self::of(built_in_texts().expect("built-in texts of law are tested"))
    }

    /// The built-in texts and the `*.toml` files of `folder`: an entry with a known id takes the
    /// place of that text, another one joins them. A file that cannot be used is left out and
    /// reported; the others load.
    #[must_use]
    pub fn load_dir(folder: &Path) -> (Self, Vec<LawError>) {
        let mut texts = built_in_texts().expect("built-in texts of law are tested");
        let (own, errors) = read_folder(folder);
        for text in own {
            match texts.iter_mut().find(|known| known.id == text.id) {
                Some(known) => *known = text,
                None => texts.push(text),
            }
        }
        (Self::of(texts), errors)
    }

    fn of(texts: Vec<LegalText>) -> Self {
        let compile = |text: &LegalText| {
            text.limits.other_purposes.iter().filter_map(|p| words::pattern(p).ok()).collect()
        };
        let said = format!("{texts:?}{}", words::SOURCE);
        let hash = Sha256::of(said.as_bytes()).to_string();
        Self {
            other_purposes: texts.iter().map(compile).collect(),
            version: format!("{ENGINE_VERSION}-{}", &hash[..12]),
            texts,
        }
    }

    /// Changes whenever a text, the words or the engine do: stored beside what they gave.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// All texts, in the order of the files.
    #[must_use]
    pub fn texts(&self) -> &[LegalText] {
        &self.texts
    }

    /// The text with this id.
    #[must_use]
    pub fn text(&self, id: &str) -> Option<&LegalText> {
        self.texts.iter().find(|text| text.id == id)
    }

    /// `words` with the name of a text in the place of each `{loi:ID}`, as data and pages of ours
    /// cite law. An id without entry stays as it is written: a test finds it.
    #[must_use]
    pub fn cited_in(&self, words: &str) -> String {
        let name = |found: &Captures<'_>| {
            self.text(&found[1]).map_or_else(|| found[0].to_owned(), LegalText::named)
        };
        CITATION.replace_all(words, name).into_owned()
    }

    /// Texts about `category` that are in force on `day`.
    pub fn about<'a>(
        &'a self,
        category: &'a Category,
        day: NaiveDate,
    ) -> impl Iterator<Item = &'a LegalText> {
        self.texts.iter().filter(move |text| text.is_about(category) && text.in_force(day))
    }

    /// What lets a measure of `category` be authorised on `day`.
    #[must_use]
    pub fn basis(&self, category: &Category, day: NaiveDate) -> Basis<'_> {
        let bases = || self.texts.iter().filter(|text| text.basis && text.is_about(category));
        let of_state = |state| {
            bases().filter(|text| text.in_force(day) && text.state == state).collect::<Vec<_>>()
        };
        let (sure, open) = (of_state(State::Ok), of_state(State::Open));
        if !sure.is_empty() {
            Basis::InForce(sure)
        } else if !open.is_empty() {
            Basis::Open(open)
        } else if bases().next().is_none() {
            Basis::Unknown
        } else {
            Basis::None {
                before: bases()
                    .filter(|text| text.to.is_some_and(|to| to < day))
                    .max_by_key(|text| text.to),
                after: bases()
                    .filter(|text| text.from.is_some_and(|from| from > day))
                    .min_by_key(|text| text.from),
            }
        }
    }

    /// The first day of `from..=to` on which nothing lets a measure of `category` be authorised.
    #[must_use]
    pub fn first_day_without(
        &self,
        category: &Category,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Option<NaiveDate> {
        let ends = self.texts.iter().filter(|text| text.basis && text.is_about(category));
        let mut days: Vec<NaiveDate> = ends
            .filter_map(|text| text.to?.checked_add_days(Days::new(1)))
            .chain([from])
            .filter(|day| (from..=to).contains(day))
            .collect();
        days.sort_unstable();
        days.into_iter().find(|day| matches!(self.basis(category, *day), Basis::None { .. }))
    }

    /// Patterns of purposes that are not among those of `text`.
    pub(crate) fn other_purposes(&self, text: &LegalText) -> &[Regex] {
        let at = self.texts.iter().position(|known| known.id == text.id);
        at.map_or(&[], |at| &self.other_purposes[at])
    }
}

fn built_in_texts() -> Result<Vec<LegalText>, LawError> {
    let mut texts: Vec<LegalText> = Vec::new();
    let mut files: Vec<_> = BUILT_IN.files().collect();
    files.sort_by_key(|file| file.path());
    for file in files {
        let name = file.path().display().to_string();
        let of_file = parse(&name, file.contents_utf8().unwrap_or_default())?;
        if let Some(twice) = of_file.iter().find(|text| texts.iter().any(|t| t.id == text.id)) {
            return Err(content(&name, "", &twice.id, "cet id existe déjà".to_owned()));
        }
        texts.extend(of_file);
    }
    Ok(texts)
}

fn read_folder(folder: &Path) -> (Vec<LegalText>, Vec<LawError>) {
    let (mut texts, mut errors) = (Vec::new(), Vec::new());
    let failed = |path: &Path, source| LawError::Read { path: path.to_owned(), source };
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => return (texts, vec![failed(folder, error)]),
    };
    let mut paths: Vec<_> = entries.filter_map(Result::ok).map(|entry| entry.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    paths.sort();
    for path in paths {
        let read = std::fs::read_to_string(&path).map_err(|error| failed(&path, error));
        match read.and_then(|text| parse(&path.display().to_string(), &text)) {
            Ok(of_file) => texts.extend(of_file),
            Err(error) => errors.push(error),
        }
    }
    (texts, errors)
}

/// The entries of one file, each checked.
fn parse(name: &str, text: &str) -> Result<Vec<LegalText>, LawError> {
    let file: TextFile = toml::from_str(text).map_err(|error| LawError::Format {
        file: name.to_owned(),
        message: error.to_string().trim_end().to_owned(),
    })?;
    for (i, entry) in file.text.iter().enumerate() {
        if let Some(message) = entry.fault() {
            return Err(content(name, text, &entry.id, message));
        }
        if file.text[..i].iter().any(|other| other.id == entry.id) {
            return Err(content(name, text, &entry.id, "deux entrées portent cet id".to_owned()));
        }
        if let Some((pattern, error)) = entry
            .limits
            .other_purposes
            .iter()
            .find_map(|pattern| words::pattern(pattern).err().map(|error| (pattern, error)))
        {
            let message = format!("le motif « {pattern} » est invalide : {error}");
            return Err(content(name, text, &entry.id, message));
        }
    }
    Ok(file.text)
}

fn content(file: &str, text: &str, id: &str, message: String) -> LawError {
    let written = format!("\"{id}\"");
    let line = text
        .lines()
        .position(|line| line.trim_start().starts_with("id") && line.contains(&written))
        .map_or(0, |index| index + 1);
    LawError::Content { file: file.to_owned(), line, id: id.to_owned(), message }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn category(id: &str) -> Category {
        Category::new(id).expect("category")
    }

    const ENTRY: &str = r#"
[[text]]
id = "essai"
cite = "Loi d’essai, art. 1er"
title = "Essai"
says = "Rien."
source = "JORFTEXT000000000000"
read_on = "2026-11-30"
state = "ok"
"#;

    #[test]
    fn every_built_in_text_has_a_source_and_a_reading_day() {
        let library = Library::built_in();
        assert!(library.texts().len() > 40, "{}", library.texts().len());
        for text in library.texts() {
            assert_eq!(text.fault(), None, "{}", text.id);
            assert!(text.read_on >= day("2026-01-01"), "{}", text.id);
            // A source is something that a reader can look up: an address, or a numbered document.
            let found = text.source.starts_with("https://")
                || text.source.chars().any(|c| c.is_ascii_digit());
            assert!(found, "{}: {}", text.id, text.source);
        }
        for (id, _) in Category::BUILT_IN {
            let id = category(id);
            assert!(library.texts().iter().any(|text| text.is_about(&id)), "{id} has no text");
        }
    }

    #[test]
    fn the_experiment_of_algorithmic_video_has_a_year_without_law() {
        let library = Library::built_in();
        let vsa = category("vsa");
        let ids = |basis: Basis<'_>| match basis {
            Basis::InForce(texts) => texts.iter().map(|t| t.id.clone()).collect::<Vec<_>>(),
            other => vec![format!("{other:?}").chars().take(4).collect()],
        };
        assert_eq!(ids(library.basis(&vsa, day("2025-03-31"))), ["loi-2023-380-10"]);
        let Basis::None { before, after } = library.basis(&vsa, day("2025-04-01")) else {
            panic!("no text was in force")
        };
        assert_eq!(before.map(|t| t.id.as_str()), Some("loi-2023-380-10"));
        assert_eq!(after.map(|t| t.id.as_str()), Some("loi-2026-201-47"));
        assert!(matches!(library.basis(&vsa, day("2026-03-20")), Basis::None { .. }));
        assert_eq!(ids(library.basis(&vsa, day("2026-03-21"))), ["loi-2026-201-47"]);
        // What follows in 2028 could not be read: nothing is said of it.
        assert!(matches!(library.basis(&vsa, day("2028-01-01")), Basis::Open(_)));
        let first = |from, to| library.first_day_without(&vsa, day(from), day(to));
        assert_eq!(first("2025-03-28", "2025-04-05"), Some(day("2025-04-01")));
        assert_eq!(first("2026-03-25", "2026-04-05"), None);
        assert_eq!(first("2026-03-18", "2026-03-22"), Some(day("2026-03-18")));
    }

    #[test]
    fn drones_had_no_decree_before_april_2023() {
        let library = Library::built_in();
        let drone = category("drone");
        assert!(matches!(library.basis(&drone, day("2023-04-18")), Basis::None { .. }));
        assert!(matches!(library.basis(&drone, day("2023-04-20")), Basis::InForce(_)));
        assert_eq!(library.basis(&category("ballons"), day("2026-01-01")), Basis::Unknown);
    }

    #[test]
    fn words_cite_by_id() {
        let library = Library::built_in();
        assert_eq!(
            library.cited_in("Pas de son ({loi:csi-l242-4}) ; {loi:loi-2026-798-19} ; {loi:rien}."),
            "Pas de son (CSI, art. L. 242-4) ; Loi n° 2026-798 du 18 août 2026, art. 19 (à vérifier) ; \
             {loi:rien}."
        );
    }

    #[test]
    fn an_operator_adds_and_mends() {
        let folder = tempfile::tempdir().expect("folder");
        let mended = ENTRY.replace("\"essai\"", "\"loi-2023-380-10\"");
        std::fs::write(folder.path().join("a.toml"), ENTRY).expect("file");
        std::fs::write(folder.path().join("b.toml"), mended).expect("file");
        std::fs::write(folder.path().join("notes.txt"), "no text of law").expect("file");
        let (library, errors) = Library::load_dir(folder.path());
        assert!(errors.is_empty(), "{errors:?}");
        assert!(library.text("essai").is_some());
        assert_eq!(library.text("loi-2023-380-10").map(|t| t.title.as_str()), Some("Essai"));
        assert_eq!(library.texts().len(), Library::built_in().texts().len() + 1);
        assert_ne!(library.version(), Library::built_in().version());
    }

    #[test]
    fn a_mistake_is_told_with_file_line_and_remedy() {
        let cases = [
            ("sans-source", ENTRY.replace("source = \"JORFTEXT000000000000\"\n", ""), "source"),
            ("source-vide", ENTRY.replace("JORFTEXT000000000000", " "), "ligne 3"),
            ("cle", ENTRY.replace("says", "sayz"), "sayz"),
            ("date", ENTRY.replace("2026-11-30", "30 novembre"), "line 8"),
            ("etat", ENTRY.replace("\"ok\"", "\"open\""), "« note »"),
            ("ordre", format!("{ENTRY}from = \"2026-02-01\"\nto = \"2026-01-01\"\n"), "précède"),
            ("id", ENTRY.replace("\"essai\"", "\"Loi 12\""), "a-z"),
            ("deux", format!("{ENTRY}{ENTRY}"), "deux entrées"),
            (
                "motif",
                format!("{ENTRY}[text.limits]\nother_purposes = [\"(\"]\n"),
                "le motif « ( » est invalide",
            ),
        ];
        for (name, file, expected) in cases {
            let folder = tempfile::tempdir().expect("folder");
            std::fs::write(folder.path().join(format!("{name}.toml")), file).expect("file");
            std::fs::write(folder.path().join("z.toml"), ENTRY).expect("file");
            let (library, errors) = Library::load_dir(folder.path());
            let [error] = &errors[..] else { panic!("{name}: {errors:?}") };
            let told = error.to_string();
            assert!(told.contains(expected) && told.contains(name), "{name}: {told}");
            assert!(told.contains("docs/law.md"), "{name}: {told}");
            assert!(library.text("essai").is_some(), "{name}: the other file loads");
        }
        let (_, errors) = Library::load_dir(Path::new("no/such/folder"));
        assert!(errors[0].to_string().contains("Vérifiez le chemin"), "{errors:?}");
    }
}
