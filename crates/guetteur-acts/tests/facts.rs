//! What each printed fact is worth on the acts of `fixtures/facts`, all labelled: given, right,
//! labelled. `make eval` prints it and writes `fact-measures.toml`, which this test holds current.

#![expect(clippy::print_stdout, reason = "the figures are what `make eval` is for")]

use std::collections::BTreeMap;
use std::path::Path;

use chrono::NaiveDate;
use guetteur_acts::{BulletinContext, FactMeasure, extract_facts, fact_measures, segment};
use guetteur_model::{Facts, Page, Purpose, When};
use serde::Deserialize;

#[derive(Deserialize)]
struct Fixture {
    act: Vec<Labelled>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Labelled {
    id: String,
    departement: String,
    published_on: NaiveDate,
    facts: Truth,
    text: String,
}

/// What is printed of an act. Hours are local.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Truth {
    valid_from: Option<String>,
    valid_to: Option<String>,
    signed_on: Option<String>,
    beneficiary: Option<String>,
    applicant: Option<String>,
    place: Option<String>,
    cameras: Option<u32>,
    aircraft: Option<u32>,
    retention_days: Option<u32>,
    purposes: Vec<Purpose>,
}

impl Truth {
    fn fields(&self) -> [(&'static str, Option<String>); 10] {
        let count = |n: Option<u32>| n.map(|n| n.to_string());
        [
            ("valid_from", self.valid_from.clone()),
            ("valid_to", self.valid_to.clone()),
            ("signed_on", self.signed_on.clone()),
            ("beneficiary", self.beneficiary.clone()),
            ("applicant", self.applicant.clone()),
            ("place", self.place.clone()),
            ("cameras", count(self.cameras)),
            ("aircraft", count(self.aircraft)),
            ("retention_days", count(self.retention_days)),
            ("purposes", (!self.purposes.is_empty()).then(|| format!("{:?}", self.purposes))),
        ]
    }
}

/// What was read, without what is to check: that is not printed as a fact.
fn printed(facts: &Facts) -> Truth {
    let shown = |field: &str, when: Option<When>| match when.filter(|_| !facts.is_to_check(field)) {
        Some(When::Instant(at)) => Some(at.format("%Y-%m-%dT%H:%M").to_string()),
        Some(When::Day(day)) => Some(day.to_string()),
        None => None,
    };
    let words =
        |field: &str, words: &Option<String>| words.clone().filter(|_| !facts.is_to_check(field));
    let count = |field: &str, count: Option<u32>| count.filter(|_| !facts.is_to_check(field));
    let purposes = if facts.is_to_check("purposes") { Vec::new() } else { facts.purposes.clone() };
    Truth {
        valid_from: shown("valid_from", facts.valid_from),
        valid_to: shown("valid_to", facts.valid_to),
        signed_on: facts.signed_on.map(|day| day.to_string()),
        beneficiary: words("beneficiary", &facts.beneficiary),
        applicant: words("applicant", &facts.applicant),
        place: words("place", &facts.place),
        cameras: count("cameras", facts.cameras),
        aircraft: count("aircraft", facts.aircraft),
        retention_days: count("retention_days", facts.retention_days),
        purposes,
    }
}

#[test]
fn every_printed_fact_is_measured() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let file = std::fs::read_to_string(root.join("../../fixtures/facts/acts.toml")).expect("acts");
    let fixture: Fixture = toml::from_str(&file).expect("labelled acts");
    assert!(fixture.act.len() >= 20);
    let mut measures: BTreeMap<String, FactMeasure> = BTreeMap::new();
    let mut errors = Vec::new();
    for labelled in &fixture.act {
        let texts: Vec<&str> = labelled.text.trim().split("\n===\n").collect();
        let context = BulletinContext {
            title: "acte",
            departement: Some(&labelled.departement),
            published_on: Some(labelled.published_on),
            ..BulletinContext::default()
        };
        let acts = segment(&Page::of_texts(texts), &context).acts;
        let [act] = &acts[..] else { panic!("{}: {} acts", labelled.id, acts.len()) };
        let found = printed(&extract_facts(act, &context));
        for ((field, got), (_, right)) in found.fields().into_iter().zip(labelled.facts.fields()) {
            let measure = measures.entry(field.to_owned()).or_default();
            measure.given += usize::from(got.is_some());
            measure.labelled += usize::from(right.is_some());
            measure.right += usize::from(got.is_some() && got == right);
            if got != right {
                errors.push(format!("{} {field}: {got:?}, right {right:?}", labelled.id));
            }
        }
    }
    println!("== Faits de fixtures/facts ({} actes)", fixture.act.len());
    for (field, measure) in &measures {
        println!(
            "{field:<16} précision {:.3} ({}/{})  rappel {:.3} ({})",
            measure.precision(),
            measure.right,
            measure.given,
            measure.recall(),
            measure.labelled
        );
    }
    println!("{}", errors.join("\n"));
    if std::env::var_os("GUETTEUR_MEASURES").is_some_and(|mode| mode == "write") {
        let head = "# What each printed fact is worth on the labelled acts of fixtures/facts: given, right,\n\
                    # labelled. Written by `make eval`; do not edit.\n\n";
        let body = toml::to_string(&measures).expect("counts");
        std::fs::write(root.join("fact-measures.toml"), format!("{head}{body}")).expect("written");
        return;
    }
    assert_eq!(fact_measures(), measures, "`make eval` writes fact-measures.toml anew: commit it");
    for (field, measure) in &measures {
        // Where a place ends in the act's own words is a matter of taste: half of them are enough.
        let (precise, complete) = if field == "place" { (0.8, 0.4) } else { (0.95, 0.9) };
        let enough = measure.precision() >= precise && measure.recall() >= complete;
        assert!(enough, "{field}: {measure:?}\n{}", errors.join("\n"));
    }
}
