//! Scores the built-in rules on `fixtures/rules/*.jsonl`, and on the `.jsonl` files of the folder
//! that `GUETTEUR_LABELLED` names.

#![expect(clippy::print_stdout, reason = "the figures are what `make eval` is for")]

use std::path::{Path, PathBuf};

use guetteur_rules::{Evaluation, Labelled, RuleSet, evaluate, read_labelled};

fn files(dir: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(dir)
        .expect("folder of labelled acts")
        .map(|entry| entry.expect("entry").path())
        .filter(|path| path.extension().is_some_and(|e| e == "jsonl"))
        .collect();
    files.sort();
    files
}

fn labelled(dir: &Path) -> Vec<Labelled> {
    files(dir).iter().flat_map(|path| read_labelled(path).expect("labelled acts")).collect()
}

fn demand(evaluation: &Evaluation, category: &str, precision: f64, recall: f64) {
    let score = evaluation.categories.get(category).copied().unwrap_or_default();
    assert!(
        score.precision() >= precision && score.recall() >= recall,
        "{category}: precision {:.3} (≥ {precision}), recall {:.3} (≥ {recall})\n{evaluation}",
        score.precision(),
        score.recall(),
    );
}

#[test]
fn own_fixtures_meet_the_targets() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/rules");
    let lines = labelled(&dir);
    let rules = RuleSet::builtin();
    let evaluation = evaluate(&rules, &lines);
    println!("== Titres et actes de fixtures/rules\n{evaluation}");
    for category in ["drone", "vsa"] {
        demand(&evaluation, category, 0.99, 0.99);
    }
    for (category, _) in guetteur_model::Category::BUILT_IN {
        demand(&evaluation, category, 0.97, 0.95);
    }
    let (right, known) =
        evaluation.levels.values().fold((0, 0), |sum, (r, k)| (sum.0 + r, sum.1 + k));
    assert!(right as f64 >= 0.97 * known as f64, "levels {right}/{known}\n{evaluation}");
    assert_eq!(evaluation.undecidable.0, evaluation.undecidable.1, "{evaluation}");
}

/// `measures.toml` is what the labelled acts give today. `make eval` writes it.
#[test]
fn the_measures_of_the_rules_are_current() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let evaluation = evaluate(&RuleSet::builtin(), &labelled(&root.join("../../fixtures/rules")));
    let path = root.join("measures.toml");
    if std::env::var_os("GUETTEUR_MEASURES").is_some_and(|mode| mode == "write") {
        std::fs::write(&path, evaluation.measures()).expect("written");
        return;
    }
    let kept = std::fs::read_to_string(&path).expect("measures.toml");
    assert_eq!(kept, evaluation.measures(), "`make eval` writes measures.toml anew: commit it");
    let rules = RuleSet::builtin();
    let measured = rules.rules().filter(|rule| rule.measure.is_some()).count();
    // Those without are « à vérifier » by nature, or rare.
    assert!(measured * 2 > rules.rules().count(), "{measured} rules fire on a labelled act");
}

#[test]
fn own_fixtures_cover_every_category_and_level() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/rules");
    let lines = labelled(&dir);
    for (category, _) in guetteur_model::Category::BUILT_IN {
        for level in ["authorises", "restricts"] {
            assert!(
                lines.iter().any(|line| line.categories.iter().any(|c| c == category)
                    && line.level.is_some_and(|l| l.as_str() == level)),
                "no labelled act {category} {level}"
            );
        }
    }
    assert!(lines.iter().filter(|l| l.hard_negative).count() >= 60);
    assert!(lines.iter().filter(|l| l.text.is_some()).count() >= 40);
    assert!(lines.iter().any(|l| l.title_raw.is_some()));
    let mut ids: Vec<&str> = lines.iter().map(|line| line.id.as_str()).collect();
    ids.sort_unstable();
    let all = ids.len();
    ids.dedup();
    assert_eq!(ids.len(), all, "an id is used twice");
}

/// Real labelled titles, which are not in the repository.
#[test]
#[ignore = "reads the folder that GUETTEUR_LABELLED names: `make eval LABELLED=dir`"]
fn labelled_titles_meet_the_targets() {
    let dir = std::env::var_os("GUETTEUR_LABELLED").expect("GUETTEUR_LABELLED names a folder");
    let lines = labelled(Path::new(&dir));
    let evaluation = evaluate(&RuleSet::builtin(), &lines);
    println!("== Titres de {}\n{evaluation}", dir.display());
    for category in ["drone", "vsa"] {
        demand(&evaluation, category, 0.99, 0.99);
    }
    for category in ["videoprotection", "anti-drone", "perimetre", "camera-mobile"] {
        demand(&evaluation, category, 0.97, 0.95);
    }
}
