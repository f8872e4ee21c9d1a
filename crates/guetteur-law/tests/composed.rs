//! Composed acts of `fixtures/doubts`, cut, read and flagged as in the pipeline: every doubt that
//! is meant is raised, none on what is lawful. Prints precision and recall by kind.

#![expect(clippy::print_stdout, reason = "precision and recall are what this test is for")]

use std::collections::BTreeMap;
use std::path::Path;

use chrono::NaiveDate;
use guetteur_acts::{ActText, BulletinContext, extract_facts, parts, segment};
use guetteur_law::{ActUnderLaw, Library, legal_doubts};
use guetteur_model::dates::format_french_date;
use guetteur_model::{LegalDoubt, LegalDoubtKind, Page};
use guetteur_rules::{ActInput, RuleSet};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    act: Vec<Composed>,
}

/// An act of a fixture: its pieces, and `category kind` of every doubt that it must raise.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Composed {
    id: String,
    title: String,
    #[serde(default = "code")]
    law: String,
    /// What follows « Considérant ».
    #[serde(default = "circumstances")]
    recitals: String,
    articles: Vec<String>,
    signed: NaiveDate,
    published: NaiveDate,
    doubts: Vec<String>,
}

fn code() -> String {
    "le code de la sécurité intérieure".to_owned()
}

fn circumstances() -> String {
    "les circonstances".to_owned()
}

impl Composed {
    fn text(&self) -> String {
        let mut text = format!(
            "PRÉFET DE L'ISÈRE\nArrêté n° 2026-417\n{}\nLe préfet de l'Isère,\nVu {} ;\n\
             Considérant {} ;\nARRÊTE\n",
            self.title, self.law, self.recitals
        );
        for (number, article) in (1..).zip(&self.articles) {
            let number = if number == 1 { "1er".to_owned() } else { number.to_string() };
            text += &format!("Article {number} : {article}\n");
        }
        text + &format!("Fait à Grenoble, le {}\nLe préfet\n", format_french_date(self.signed))
    }

    fn doubts(&self, library: &Library, rules: &RuleSet) -> Vec<LegalDoubt> {
        let context = BulletinContext {
            published_on: Some(self.published),
            departement: Some("38"),
            ..BulletinContext::default()
        };
        let acts = segment(&Page::of_texts([self.text().as_str()]), &context).acts;
        let [act] = &acts[..] else { panic!("{}: {} acts", self.id, acts.len()) };
        let facts = extract_facts(act, &context);
        let title_span = act.title_span.as_ref();
        let flags = rules.classify(&ActInput { title: &act.title, title_span, pages: &act.text });
        let text = ActText::new(act);
        let articles: Vec<_> = parts(&text).articles.into_iter().map(|a| a.range).collect();
        legal_doubts(
            library,
            &ActUnderLaw {
                facts: &facts,
                flags: &flags,
                text: text.as_str(),
                title: text.title(),
                articles: &articles,
                span: &|range| text.span(range),
            },
        )
    }
}

fn composed() -> Vec<Composed> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/doubts");
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .expect("folder")
        .map(|entry| entry.expect("entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .collect();
    paths.sort();
    let read = |path: &std::path::PathBuf| {
        let text = std::fs::read_to_string(path).expect("file");
        toml::from_str::<File>(&text).unwrap_or_else(|error| panic!("{path:?}: {error}")).act
    };
    paths.iter().flat_map(read).collect()
}

#[test]
fn composed_acts_raise_the_doubts_that_are_meant() {
    let (library, rules) = (Library::built_in(), RuleSet::builtin());
    // By kind: right, raised, meant.
    let mut scores: BTreeMap<&str, [usize; 3]> = BTreeMap::new();
    let (mut wrong, mut lawful) = (Vec::new(), 0);
    for act in composed() {
        let raised = act.doubts(&library, &rules);
        let names = |d: &LegalDoubt| format!("{} {}", d.category, d.kind.as_str());
        let got: Vec<String> = raised.iter().map(names).collect();
        lawful += usize::from(act.doubts.is_empty());
        for doubt in &raised {
            let score = scores.entry(doubt.kind.as_str()).or_default();
            score[1] += 1;
            score[0] += usize::from(act.doubts.contains(&names(doubt)));
            assert!(library.text(&doubt.text).is_some(), "{}: {}", act.id, doubt.text);
            assert!(!doubt.evidence.is_empty(), "{}: {got:?} without words", act.id);
        }
        for meant in &act.doubts {
            let kind = LegalDoubtKind::ALL
                .into_iter()
                .find(|kind| meant.ends_with(&format!(" {}", kind.as_str())));
            let kind = kind.unwrap_or_else(|| panic!("{}: {meant} is no doubt", act.id));
            scores.entry(kind.as_str()).or_default()[2] += 1;
        }
        let mut sorted = [got.clone(), act.doubts.clone()];
        sorted.iter_mut().for_each(|names| names.sort());
        if sorted[0] != sorted[1] {
            wrong.push(format!("{}: raised {got:?}, meant {:?}", act.id, act.doubts));
        }
    }
    let ratio =
        |part: usize, whole: usize| if whole == 0 { 1.0 } else { part as f64 / whole as f64 };
    println!("== Doubts of law on composed acts ({lawful} of them lawful)");
    for (kind, [right, raised, meant]) in &scores {
        let (precision, recall) = (ratio(*right, *raised), ratio(*right, *meant));
        println!(
            "{kind:24} precision {precision:.3}  recall {recall:.3}  ({right}/{raised}/{meant})"
        );
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(lawful >= 15, "{lawful} lawful acts");
    for kind in LegalDoubtKind::ALL {
        assert!(scores.contains_key(kind.as_str()), "no act raises {}", kind.as_str());
    }
}
