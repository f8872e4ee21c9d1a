//! Whole acts, one a page of `fixtures/whole-acts/*.txt`, cut, read and classified: what a reader of
//! the act would note (flags, dates of effect, cameras, aircraft, communes) is what comes out.
//!
//! `GUETTEUR_WHOLE_ACTS` names a folder of more such files.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use guetteur_acts::{BulletinContext, extract_facts, segment};
use guetteur_model::{ActReference, Facts, Flag, Level, Method, Page, When};
use guetteur_rules::{ActInput, RuleSet};

/// An act and what is true of it: the header's keys, in the order of the file's README.
struct Case {
    header: BTreeMap<String, String>,
    text: String,
}

impl Case {
    fn parse(block: &str) -> Self {
        let (header, text) =
            block.trim_start().split_once("\n\n").expect("header, empty line, act");
        let key = |line: &str| {
            let (key, value) = line.split_once(':').unwrap_or_else(|| panic!("no key: {line}"));
            (key.to_owned(), value.trim().to_owned())
        };
        Self { header: header.lines().map(key).collect(), text: text.to_owned() }
    }

    fn get(&self, key: &str) -> &str {
        self.header.get(key).map_or("", String::as_str)
    }
}

fn cases(dir: &Path) -> Vec<Case> {
    let files = std::fs::read_dir(dir).expect("folder of whole acts");
    let mut files: Vec<PathBuf> = files.map(|entry| entry.expect("entry").path()).collect();
    files.retain(|path| path.extension().is_some_and(|e| e == "txt"));
    files.sort();
    let text = |path: &PathBuf| std::fs::read_to_string(path).expect("acts");
    let blocks = |text: String| text.split("\n%%\n").map(Case::parse).collect::<Vec<_>>();
    files.iter().map(text).flat_map(blocks).collect()
}

/// Flags and facts of the first act of the case's text.
fn read(case: &Case, rules: &RuleSet) -> (Vec<Flag>, Facts) {
    let page = Page {
        number: 1,
        method: Method::Text,
        text: case.text.clone(),
        confidence: 1.0,
        ms: 0,
        note: None,
    };
    let context = BulletinContext {
        published_on: case.get("published").parse().ok(),
        departement: Some(case.get("departement")),
        ..BulletinContext::default()
    };
    let acts = segment(&[page], &context).acts;
    let act = acts.first().unwrap_or_else(|| panic!("{} is no act", case.get("id")));
    let input = ActInput { title: &act.title, title_span: None, pages: &act.text };
    (rules.classify(&input), extract_facts(act, &context))
}

/// `2026-06-13T10:00`, or the day alone.
fn local(when: Option<When>) -> String {
    match when {
        Some(When::Instant(at)) => at.format("%Y-%m-%dT%H:%M").to_string(),
        Some(When::Day(day)) => day.to_string(),
        None => String::new(),
    }
}

/// What differs, one line a key; only keys of the header are compared, and the
/// flags but mentions: most acts cite something.
fn errors(case: &Case, rules: &RuleSet) -> Vec<String> {
    let (flags, facts) = read(case, rules);
    let check = |flag: &Flag| if flag.to_check { " to-check" } else { "" };
    let flag = |flag: &Flag| format!("{} {}{}", flag.category, flag.level, check(flag));
    let says = |flag: &&Flag| flag.level != Level::Mentions;
    let mut flags: Vec<String> = flags.iter().filter(says).map(flag).collect();
    flags.sort();
    let mut communes: Vec<&str> = facts.communes.iter().map(|c| c.name.as_str()).collect();
    communes.sort_unstable();
    let mut wanted: Vec<&str> = case.get("communes").split(", ").collect();
    wanted.sort_unstable();
    let number = |n: Option<u32>| n.map(|n| n.to_string()).unwrap_or_default();
    let got = [
        ("from", local(facts.valid_from)),
        ("to", local(facts.valid_to)),
        ("cameras", number(facts.cameras)),
        ("aircraft", number(facts.aircraft)),
        ("amends", facts.amends.iter().map(ActReference::name).collect::<Vec<_>>().join(", ")),
        ("beneficiary", facts.beneficiary.clone().unwrap_or_default()),
        ("retention", number(facts.retention_days)),
    ];
    let id = case.get("id");
    let differs = |key: &str, wanted: &str, got: &str| {
        (wanted != got).then(|| format!("{id}: {key}: wanted « {wanted} », got « {got} »"))
    };
    let mut errors: Vec<String> =
        differs("flags", case.get("flags"), &flags.join(", ")).into_iter().collect();
    if case.header.contains_key("communes") {
        errors.extend(differs("communes", &wanted.join(", "), &communes.join(", ")));
    }
    let asked = got.iter().filter(|(key, _)| case.header.contains_key(*key));
    errors.extend(asked.filter_map(|(key, got)| differs(key, case.get(key), got)));
    errors
}

#[test]
fn whole_acts_are_read_as_a_reader_would() {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/whole-acts");
    let more = std::env::var_os("GUETTEUR_WHOLE_ACTS").map(PathBuf::from);
    let rules = RuleSet::builtin();
    let all: Vec<Case> = std::iter::once(own).chain(more).flat_map(|dir| cases(&dir)).collect();
    let errors: Vec<String> = all.iter().flat_map(|case| errors(case, &rules)).collect();
    assert!(errors.is_empty(), "{} acts\n{}", all.len(), errors.join("\n"));
}
