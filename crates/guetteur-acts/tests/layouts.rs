//! Bulletins of `fixtures/layouts`, each a layout that real ones have, against their truth: every act
//! once, with number, title, pages and communes, and no other.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use chrono::NaiveDate;
use guetteur_acts::{BulletinContext, extract_facts, segment};
use guetteur_model::{Act, Page};
use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Truth {
    departement: Option<String>,
    said: Option<String>,
    #[serde(default)]
    link: String,
    #[serde(default)]
    act: Vec<TrueAct>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TrueAct {
    number: Option<String>,
    title: String,
    pages: (u32, u32),
    #[serde(default)]
    communes: Vec<String>,
    day: Option<NaiveDate>,
}

/// Writes what differs from the truth into `wrong`.
fn compare(wrong: &mut String, truth: &TrueAct, act: &Act, context: &BulletinContext<'_>) {
    let mut same = |what: &str, found: String, expected: String| {
        if found != expected {
            let _ = writeln!(wrong, "  {what}: « {found} » for « {expected} »");
        }
    };
    same("title", act.title.clone(), truth.title.clone());
    same("number", format!("{:?}", act.number), format!("{:?}", truth.number));
    same("pages", format!("{:?}", (act.pages.from, act.pages.to)), format!("{:?}", truth.pages));
    let facts = extract_facts(act, context);
    let communes: Vec<&str> = facts.communes.iter().map(|c| c.name.as_str()).collect();
    same("communes", format!("{communes:?}"), format!("{:?}", truth.communes));
    if truth.day.is_some() {
        same("day", format!("{:?}", act.signed_on), format!("{:?}", truth.day));
    }
}

fn check(text: &str) -> String {
    let (truth, pages) = text.split_once("=====\n").expect("truth above the line");
    let truth: Truth = toml::from_str(truth).expect("truth");
    let pages = Page::of_texts(pages.split("-----\n"));
    let context = BulletinContext {
        title: &truth.link,
        departement: truth.departement.as_deref(),
        ..BulletinContext::default()
    };
    let cut = segment(&pages, &context);
    let said = cut.bulletin.departement.as_deref();
    let mut wrong = String::new();
    if said != truth.said.as_deref() {
        let _ = writeln!(wrong, "  said: {said:?} for {:?}", truth.said);
    }
    let context = BulletinContext { departement: context.departement.or(said), ..context };
    for (i, act) in cut.acts.iter().enumerate() {
        match truth.act.get(i) {
            Some(truth) => compare(&mut wrong, truth, act, &context),
            None => {
                let _ = writeln!(wrong, "  phantom: {} {:?}", act.title, act.pages);
            }
        }
    }
    for missing in truth.act.iter().skip(cut.acts.len()) {
        let _ = writeln!(wrong, "  missing: {}", missing.title);
    }
    wrong
}

#[test]
fn every_act_once() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/layouts");
    let mut files: Vec<_> = fs::read_dir(&folder)
        .expect("fixtures/layouts")
        .map(|entry| entry.expect("entry").path())
        .filter(|path| path.extension().is_some_and(|e| e == "txt"))
        .collect();
    files.sort();
    assert!(files.len() >= 12, "the layouts");
    let mut wrong = String::new();
    for file in files {
        let found = check(&fs::read_to_string(&file).expect("fixture"));
        if !found.is_empty() {
            let _ = write!(wrong, "{}\n{found}", file.display());
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
