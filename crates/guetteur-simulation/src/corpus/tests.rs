//! The corpus as a whole: does it hold what it promises?

use std::collections::{BTreeMap, BTreeSet};

use guetteur_model::{Category, Level, Sha256};
use hayro::hayro_syntax::Pdf;

use super::library::Family;
use super::*;

/// The sites that the demo simulates, from `fixtures/sites`.
fn sites() -> Vec<ListedSite> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/sites");
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .expect("fixtures/sites")
        .map(|entry| entry.expect("entry").path())
        .filter(|path| path.extension().is_some_and(|e| e == "json"))
        .collect();
    paths.sort();
    paths.into_iter().map(|path| site(&std::fs::read_to_string(path).expect("spec"))).collect()
}

fn site(json: &str) -> ListedSite {
    let spec: serde_json::Value = serde_json::from_str(json).expect("JSON");
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let bulletins = spec["bulletins"].as_array().expect("bulletins").iter();
    ListedSite {
        code: text(&spec["code"]),
        bulletins: bulletins
            .map(|b| ListedBulletin {
                url: text(&b["url"]),
                title: text(&b["title"]),
                published_on: text(&b["date"]).parse().ok(),
            })
            .collect(),
    }
}

fn truths(demo: &Demo) -> Vec<BulletinTruth> {
    let all = demo.truth().expect("truth").into_values();
    all.filter_map(|file| if let FileTruth::Bulletin(b) = file { Some(b) } else { None }).collect()
}

fn spec(layout: Layout, medium: Medium, acts: &[&str]) -> BulletinSpec {
    BulletinSpec {
        departement: "26".into(),
        number: Some("26-2026-264".into()),
        series: None,
        published_on: "2026-08-14".parse().expect("day"),
        layout,
        medium,
        acts: acts.iter().map(|id| (*id).to_owned()).collect(),
        seed: 11,
    }
}

fn folded(text: &str) -> String {
    guetteur_model::fold::fold(text)
}

#[test]
fn every_template_is_filled_in_everywhere() {
    let library = Library::bundled().expect("data");
    for template in library.templates() {
        for code in ["26", "75", "2B", "85"] {
            let one = BulletinSpec {
                departement: code.into(),
                ..spec(Layout::Bare, Medium::Clean, &[&template.id])
            };
            let bulletin = compose(&library, &one).expect("composes");
            for text in &bulletin.texts {
                assert!(!text.contains(['{', '}']), "{}: {text}", template.id);
                assert!(!text.contains('?'), "{}: a character is not WinAnsi", template.id);
            }
            assert!(bulletin.truth.page_count <= 4, "{}", template.id);
        }
        assert_eq!(template.family == Family::Trap, template.trap.is_some(), "{}", template.id);
        let acts = template.flags.iter().any(|(_, level)| level.alerts());
        match template.family {
            Family::Watched => assert!(acts, "{}", template.id),
            Family::Ordinary => assert!(template.flags.is_empty(), "{}", template.id),
            Family::Trap => {}
        }
    }
}

#[test]
fn bare_layout_takes_one_act() {
    let library = Library::bundled().expect("data");
    let two = spec(Layout::Bare, Medium::Clean, &["taxi", "chasse"]);
    assert!(matches!(compose(&library, &two), Err(CorpusError::NotOneAct(2))));
    let none = spec(Layout::Bare, Medium::Clean, &["no-such-act"]);
    assert!(matches!(compose(&library, &none), Err(CorpusError::Unknown { .. })));
}

#[test]
fn every_layout_has_its_acts_where_the_truth_says() {
    let library = Library::bundled().expect("data");
    for layout in Layout::ALL {
        let acts: &[&str] = if layout == Layout::Bare {
            &["perimetre-terrorisme"]
        } else {
            &["secheresse", "perimetre-terrorisme", "video-commune", "trap-captage"]
        };
        let bulletin = compose(&library, &spec(layout, Medium::Clean, acts)).expect("composes");
        let truth = &bulletin.truth;
        assert_eq!(
            Pdf::new(bulletin.pdf.clone()).expect("opens").pages().len(),
            truth.page_count as usize
        );
        assert_eq!(truth.acts.last().expect("acts").pages.to, truth.page_count);
        for pair in truth.acts.windows(2) {
            assert_eq!(pair[0].pages.to + 1, pair[1].pages.from, "{layout:?}");
        }
        for act in &truth.acts {
            let (from, to) = (act.pages.from as usize, act.pages.to as usize);
            let own = folded(&bulletin.texts[from - 1..to].join("\n"));
            assert!(own.contains(&folded(&act.own_number)), "{layout:?} {}", act.own_number);
            assert!(own.contains(&folded(&act.signed_by)), "{layout:?} {own}");
            if layout == Layout::National {
                let contents = folded(&bulletin.texts[1]);
                assert!(contents.contains(&folded(&act.title)), "{contents}");
                assert!(contents.contains(&format!("page {from}")), "{contents}");
            }
        }
    }
}

#[test]
fn scan_of_the_national_tool_keeps_its_frame_as_text() {
    let library = Library::bundled().expect("data");
    let spec = spec(Layout::National, Medium::Office, &["taxi"]);
    let first = compose(&library, &spec).expect("composes");
    assert_eq!(first.truth.ocr_pages, [4]);
    let again = compose(&library, &spec).expect("composes");
    assert_eq!(Sha256::of(&first.pdf), Sha256::of(&again.pdf));
    assert_eq!(first.truth, again.truth);
    assert_eq!(truth_of(&library, &spec).expect("truth"), first.truth);
}

#[test]
fn facts_are_those_of_the_text() {
    let library = Library::bundled().expect("data");
    let bulletin =
        compose(&library, &spec(Layout::Bare, Medium::Clean, &["drone-gendarmerie-fete"]))
            .expect("composes");
    let act = &bulletin.truth.acts[0];
    assert_eq!(
        act.facts.valid_from.map(|w| w.to_string()).as_deref(),
        Some("2026-08-16T18:00:00+02:00")
    );
    assert_eq!(
        act.facts.valid_to.map(|w| w.to_string()).as_deref(),
        Some("2026-08-17T03:00:00+02:00")
    );
    assert_eq!(act.facts.communes[0].insee, "26198");
    let text = folded(&bulletin.texts.join("\n"));
    assert!(
        text.contains("du dimanche 16 aout 2026 a 18h00 au lundi 17 aout 2026 a 03h00"),
        "{text}"
    );
}

#[test]
fn demo_covers_the_field() {
    let demo = Demo::plan(&sites()).expect("plan");
    let truths = truths(&demo);
    let mut acted: BTreeMap<(Category, Level), [usize; 2]> = BTreeMap::new();
    for bulletin in &truths {
        for flag in bulletin.acts.iter().flat_map(|act| &act.flags) {
            let key = (flag.category.clone(), flag.level);
            acted.entry(key).or_default()[usize::from(bulletin.medium.needs_ocr())] += 1;
        }
    }
    for (id, _) in Category::BUILT_IN {
        let category = Category::new(id).expect("category");
        let [text, scan] = acted[&(category, Level::Authorises)];
        assert!(text >= 2 && scan >= 1, "{id}: {text} as text, {scan} on scans");
    }
    for level in Level::ALL {
        assert!(acted.keys().filter(|(_, l)| *l == level).count() >= 1, "{level}");
    }
    for layout in Layout::ALL {
        let of = truths.iter().filter(|t| t.layout == layout);
        let scans = of.clone().filter(|t| t.medium.needs_ocr()).count();
        assert!(of.count() >= 5 && scans >= 1, "{layout:?}");
    }
    let media: BTreeSet<String> = truths.iter().map(|t| format!("{:?}", t.medium)).collect();
    assert_eq!(media.len(), 11, "{media:?}");
    let used: BTreeSet<&str> =
        truths.iter().flat_map(|t| &t.acts).map(|a| a.template.as_str()).collect();
    let unused: Vec<&str> = demo
        .library()
        .templates()
        .iter()
        .map(|t| t.id.as_str())
        .filter(|id| !used.contains(id))
        .collect();
    assert_eq!(unused, [""; 0]);
}

#[test]
fn demo_is_small_enough_to_be_read_in_three_minutes() {
    let demo = Demo::plan(&sites()).expect("plan");
    let truths = truths(&demo);
    let ocr: usize = truths.iter().map(|t| t.ocr_pages.len()).sum();
    let pages: u32 = truths.iter().map(|t| t.page_count).sum();
    let acts: usize = truths.iter().map(|t| t.acts.len()).sum();
    assert!((50..=95).contains(&ocr), "{ocr} pages need OCR, of {pages}, in {acts} acts");
    assert!(truths.iter().all(|t| t.page_count <= 14));
    let bad = demo.files().values().filter(|f| !matches!(f, DemoFile::Bulletin(_))).count();
    assert_eq!(bad, demo.library().demo.bad.len());
}

#[test]
fn demo_files_are_the_same_on_every_run() {
    let (first, again) = (Demo::plan(&sites()).expect("plan"), Demo::plan(&sites()).expect("plan"));
    assert_eq!(first.files(), again.files());
    for url in first.files().keys().step_by(13) {
        let bytes = first.file(url).expect("file").expect("known");
        assert_eq!(Some(bytes), again.file(url).expect("file"), "{url}");
    }
    assert!(first.file("https://nowhere.example/x.pdf").expect("no error").is_none());
}
