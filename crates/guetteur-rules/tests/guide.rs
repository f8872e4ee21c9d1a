//! `docs/writing-a-rule.md` is true: its files load, its examples pass, its keys are all there.

use std::path::Path;

use guetteur_model::Level;
use guetteur_rules::RuleSet;

fn guide() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/writing-a-rule.md");
    std::fs::read_to_string(path).expect("the guide")
}

/// The first fenced block of this language.
fn block(guide: &str, language: &str) -> String {
    let from = guide.split_once(&format!("```{language}\n")).expect("block").1;
    from.split_once("```").expect("end of block").0.to_owned()
}

#[test]
fn the_worked_examples_work() {
    let guide = guide();
    let dir = tempfile::tempdir().expect("dir");
    std::fs::write(dir.path().join("ballons.toml"), block(&guide, "toml")).expect("written");
    std::fs::write(dir.path().join("rave-party.txt"), block(&guide, "text")).expect("written");
    let (rules, errors) = RuleSet::load_dir(dir.path());
    assert!(errors.is_empty(), "{errors:?}");
    let report = rules.self_test();
    assert!(report.passed(), "{report}");
    let of_guide = report.rules.iter().find(|r| r.rule == "ballon-captif/camera").expect("rule");
    assert_eq!(of_guide.passed, 5);

    let title = "Arrêté portant interdiction d'un rassemblement festif a caractere musi cal";
    let flags = rules.classify_title(title);
    assert_eq!(flags[0].category.as_str(), "rave-party");
    assert_eq!(flags[0].level, Level::Restricts);
}

#[test]
fn every_key_is_described() {
    let guide = guide();
    for key in [
        "category",
        "label",
        "description",
        "signals",
        "cites",
        "[words]",
        "[[legal]]",
        "reference",
        "says",
        "source",
        "any",
        "unless",
        "unless_anywhere",
        "where",
        "without_verb",
        "level",
        "to_check",
        "any_subject",
        "gap",
        "[[rule.example]]",
        "title",
        "text",
        "expect",
    ] {
        assert!(guide.contains(&format!("`{key}`")), "{key} is not in docs/writing-a-rule.md");
    }
}
