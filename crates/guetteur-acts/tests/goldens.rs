//! Synthetic bulletins of every layout family, cut and read, against the goldens beside them.
//!
//! `GUETTEUR_GOLDEN=write cargo test -p guetteur-acts --test goldens` rewrites the goldens and
//! fails, so that the change is reviewed.

use std::fs;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use chrono_tz::Tz;
use guetteur_acts::{BulletinContext, extract_facts, segment, segment_sommaire};
use guetteur_model::fold::slice_chars;
use guetteur_model::{Act, Page, Span};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct ContextFile {
    title: String,
    source_name: String,
    published_on: Option<NaiveDate>,
    timezone: Tz,
    departement: Option<String>,
}

impl Default for ContextFile {
    fn default() -> Self {
        Self {
            title: String::new(),
            source_name: String::new(),
            published_on: None,
            timezone: Tz::Europe__Paris,
            departement: None,
        }
    }
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/acts")
}

fn cases() -> Vec<PathBuf> {
    let mut cases: Vec<PathBuf> = fs::read_dir(fixtures())
        .expect("fixtures/acts")
        .map(|entry| entry.expect("entry").path())
        .filter(|path| path.is_dir())
        .collect();
    cases.sort();
    cases
}

fn pages(text: &str) -> Vec<Page> {
    Page::of_texts(text.split('\u{c}').map(|text| text.trim_start_matches('\n')))
}

fn shown(pages: &[Page], act: &Act, context: &BulletinContext<'_>) -> Value {
    check_slices(pages, act);
    let facts = extract_facts(act, context);
    for span in facts.evidence.values().flatten().chain(&act.title_span) {
        check_span(pages, span);
    }
    let mut facts = serde_json::to_value(&facts).expect("facts");
    if let Some(evidence) = facts.get_mut("evidence").and_then(Value::as_object_mut) {
        for spans in evidence.values_mut() {
            let texts = spans.as_array().into_iter().flatten().take(2);
            *spans = texts
                .map(|s| format!("p. {}: {}", s["page"], s["text"].as_str().unwrap_or_default()))
                .collect();
        }
    }
    let slices: Vec<_> =
        act.text.iter().map(|p| (p.number, p.offset, p.text.chars().count())).collect();
    let mut act = serde_json::to_value(act).expect("act");
    act["text"] = json!(
        slices.iter().map(|s| format!("page {} from {} for {}", s.0, s.1, s.2)).collect::<Vec<_>>()
    );
    act["title_span"] = json!(act["title_span"].get("page"));
    act["facts"] = facts;
    act
}

fn check_slices(pages: &[Page], act: &Act) {
    for slice in &act.text {
        let page = &pages[slice.number as usize - 1].text;
        let end = slice.offset + slice.text.chars().count() as u32;
        assert_eq!(slice_chars(page, slice.offset, end), slice.text);
    }
}

fn check_span(pages: &[Page], span: &Span) {
    let page = &pages[span.page as usize - 1].text;
    assert_eq!(slice_chars(page, span.start, span.end), span.text, "page {}", span.page);
}

fn read(case: &Path) -> Value {
    let text = fs::read_to_string(case.join("pages.txt")).expect("pages.txt");
    let file: ContextFile = match fs::read_to_string(case.join("context.toml")) {
        Ok(text) => toml::from_str(&text).expect("context.toml"),
        Err(_) => ContextFile::default(),
    };
    let context = BulletinContext {
        title: &file.title,
        source_name: &file.source_name,
        published_on: file.published_on,
        timezone: file.timezone,
        departement: file.departement.as_deref(),
    };
    let pages = pages(&text);
    let cut = segment(&pages, &context);
    let early = segment_sommaire(&pages, &context);
    let early: Vec<_> = early
        .acts
        .iter()
        .map(|act| json!({ "number": act.number, "title": act.title, "pages": act.pages }))
        .collect();
    json!({
        "layout": cut.layout,
        "bulletin": cut.bulletin,
        "outside": cut.outside,
        "acts": cut.acts.iter().map(|act| shown(&pages, act, &context)).collect::<Vec<_>>(),
        "from_sommaire": early,
    })
}

#[test]
fn goldens() {
    let write = std::env::var("GUETTEUR_GOLDEN").is_ok_and(|v| v == "write");
    let cases = cases();
    assert!(cases.len() >= 12, "a case for each layout family");
    let mut wrong = Vec::new();
    for case in cases {
        let found = serde_json::to_string_pretty(&read(&case)).expect("json") + "\n";
        let golden = case.join("expected.json");
        if fs::read_to_string(&golden).ok().as_deref() != Some(&found) {
            if write {
                fs::write(&golden, &found).expect("write the golden");
            }
            wrong.push(case.file_name().map(|n| n.to_string_lossy().into_owned()));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} {wrong:?}; GUETTEUR_GOLDEN=write rewrites, then review the diff",
        if write { "rewritten:" } else { "not as the goldens say:" }
    );
}
