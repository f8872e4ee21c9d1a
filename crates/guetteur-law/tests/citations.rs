//! Nothing in the workspace cites law by a string of its own: what readers are shown cites entries of
//! `texts/*.toml` by id, and each id that is cited has an entry.
//!
//! Looked through: templates, letters, the words of search, the rules, and the string literals of every
//! crate that speaks to readers. Comments may name articles: they are for those who read code.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use guetteur_law::Library;
use regex::Regex;

/// A citation in words: an article of a code, a law or decree by its number, a decision.
static IN_WORDS: LazyLock<Regex> = LazyLock::new(|| {
    let forms = [
        r"\b[LRD]\.\s?\*?\s?[0-9]{3,4}-[0-9]+",
        r"(?i)\b(?:loi|décret|ordonnance|arrêté|circulaire)s? n°\s?[0-9]{2,4}-[0-9]+",
        r"\bn°\s?[0-9]{2,4}-[0-9]+ (?:DC|QPC)\b",
        r"\b(?:CSI|CRPA|CJA|CGCT|CPCE), art",
    ];
    Regex::new(&forms.join("|")).expect("pattern")
});

/// A citation in the form of an act's facts (`CSI L242-5`): allowed where an entry has that article.
static AS_FACT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\b(?:CSI|CRPA|CJA|CGCT|CPCE) [LRD][0-9]{3,4}-[0-9]+").expect("pattern")
});

/// A citation by id: of templates and letters, of data, of links, of rules.
static BY_ID: LazyLock<Regex> = LazyLock::new(|| {
    let forms = [
        r#"\b(?:loi|debut|fin)\(((?:"[a-z0-9-]+"(?:, )?)+)\)"#,
        r"\{loi:([a-z0-9-]+)\}",
        r"#texte-([a-z0-9-]+)\b",
    ];
    Regex::new(&forms.join("|")).expect("pattern")
});

fn crates() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("folder of the crates").to_owned()
}

/// All files under `folder` whose name ends in one of `endings`; none where there is no such folder.
fn files(folder: &Path, endings: &[&str]) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut found = Vec::new();
    for path in entries.map(|entry| entry.expect("entry").path()) {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if path.is_dir() {
            found.extend(files(&path, endings));
        } else if endings.iter().any(|ending| name.ends_with(ending)) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// What readers can be shown of a source file: its lines without comments, up to its tests.
fn shown(code: &str) -> String {
    let before_tests = code.split("#[cfg(test)]").next().unwrap_or_default();
    let lines = before_tests.lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

/// What readers are shown of a rule file: names and descriptions. Its examples are titles and texts of
/// acts, which cite law as acts do.
fn said_by_rules(file: &str) -> String {
    fn collect(value: &toml::Value, said: &mut Vec<String>) {
        match value {
            toml::Value::Table(table) => {
                for (key, value) in table {
                    match value.as_str() {
                        Some(text) if ["label", "description"].contains(&key.as_str()) => {
                            said.push(text.to_owned());
                        }
                        _ => collect(value, said),
                    }
                }
            }
            toml::Value::Array(values) => values.iter().for_each(|value| collect(value, said)),
            _ => {}
        }
    }
    let mut said = Vec::new();
    collect(&toml::from_str(file).expect("a rule file"), &mut said);
    said.join("\n")
}

/// Each text that readers can be shown, with where it stands.
fn texts() -> Vec<(PathBuf, String)> {
    let read = |path: &Path| fs::read_to_string(path).expect("file");
    let mut all = Vec::new();
    for of_crate in
        fs::read_dir(crates()).expect("crates").map(|entry| entry.expect("entry").path())
    {
        let name = of_crate.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        // The law itself; what takes citations out of acts; what composes acts; what is only for tests.
        if ["guetteur-law", "guetteur-simulation", "guetteur-testkit"].contains(&name) {
            continue;
        }
        for folder in ["templates", "letters", "data"] {
            let found = files(&of_crate.join(folder), &[".html", ".txt", ".toml", ".xml"]);
            all.extend(found.into_iter().map(|path| (path.clone(), read(&path))));
        }
        for path in files(&of_crate.join("rules"), &[".toml"]) {
            all.push((path.clone(), said_by_rules(&read(&path))));
        }
        for path in files(&of_crate.join("src"), &[".rs"]) {
            if !path.components().any(|part| part.as_os_str() == "tests")
                && !path.ends_with("tests.rs")
            {
                all.push((path.clone(), shown(&read(&path))));
            }
        }
    }
    assert!(all.len() > 400, "{} texts: the folders have moved", all.len());
    all
}

#[test]
fn nothing_cites_law_by_a_string_of_its_own() {
    let library = Library::built_in();
    let has_article = |named: &str| {
        library.texts().iter().any(|text| text.articles.iter().any(|one| one == named))
    };
    let mut wrong = Vec::new();
    for (path, text) in texts() {
        let words = IN_WORDS.find_iter(&text);
        let facts = AS_FACT.find_iter(&text).filter(|found| !has_article(found.as_str()));
        for found in words.chain(facts) {
            wrong.push(format!("{}: « {} »", path.display(), found.as_str()));
        }
    }
    assert!(
        wrong.is_empty(),
        "cite an entry of crates/guetteur-law/texts by its id (docs/law.md):\n{}",
        wrong.join("\n")
    );
}

#[test]
fn every_id_that_is_cited_has_an_entry() {
    let library = Library::built_in();
    let mut cited = 0;
    for (path, text) in texts() {
        for found in BY_ID.captures_iter(&text) {
            let ids = found.iter().skip(1).flatten().next().expect("an id").as_str();
            for id in ids.split(", ").map(|id| id.trim_matches('"')) {
                assert!(library.text(id).is_some(), "{}: no text of law « {id} »", path.display());
                cited += 1;
            }
        }
    }
    assert!(cited > 40, "{cited} citations: the patterns find no more what cites");
}

#[test]
fn what_remains_to_be_verified_says_so_wherever_it_is_named() {
    for text in Library::built_in().texts() {
        let open = text.state == guetteur_law::State::Open;
        assert_eq!(text.named().contains("à vérifier"), open, "{}", text.id);
        assert_eq!(text.in_full().contains("à vérifier"), open, "{}", text.id);
        assert!(!open || text.note.is_some(), "{}", text.id);
        assert!(!text.source.trim().is_empty(), "{}", text.id);
    }
}

/// What was read of the dates of each basis in November 2026: `-` where a text sets no bound.
#[test]
fn the_dates_are_those_that_were_read() {
    let read = [
        ("csi-l242-5", "2023-04-19", "-", true),
        ("loi-2023-380-10", "2023-08-31", "2025-03-31", true),
        ("loi-2026-201-47", "2026-03-21", "2027-12-31", true),
        ("loi-2026-798-19", "2026-08-20", "-", false),
        ("loi-2026-798-lapi", "2026-08-20", "-", false),
        ("csi-l233-2", "-", "2026-08-19", true),
        ("decret-2022-1235", "-", "2024-11-24", true),
        ("loi-2019-1428-92", "2022-01-05", "2024-01-04", false),
        ("csi-l241-1-2026", "2026-08-20", "-", false),
        ("csi-r252-liste", "2013-12-07", "-", false),
    ];
    let library = Library::built_in();
    for (id, from, to, sure) in read {
        let text = library.text(id).expect(id);
        let told =
            |day: Option<chrono::NaiveDate>| day.map_or("-".to_owned(), |day| day.to_string());
        assert_eq!((told(text.from), told(text.to)), (from.to_owned(), to.to_owned()), "{id}");
        assert_eq!(text.state == guetteur_law::State::Ok, sure, "{id}");
    }
}
