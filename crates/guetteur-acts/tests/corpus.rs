//! Composed bulletins of every layout, whose truth is known, cut and read from their visible text.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use guetteur_acts::{BulletinContext, extract_facts, segment};
use guetteur_model::{ActReference, Page};
use guetteur_testkit::corpus::{ActTruth, BulletinSpec, Layout, Library, Medium, compose};

const DEPARTEMENTS: [&str; 4] = ["26", "44", "13", "59"];

/// Right and all, by what is judged.
type Scores = BTreeMap<&'static str, (u32, u32)>;

fn judge(scores: &mut Scores, what: &'static str, right: bool, error: impl FnOnce() -> String) {
    let score = scores.entry(what).or_default();
    score.1 += 1;
    if right {
        score.0 += 1;
    } else if std::env::var("GUETTEUR_SHOW").is_ok() {
        eprintln!("{what}: {}", error());
    }
}

fn pages(texts: &[String]) -> Vec<Page> {
    Page::of_texts(texts)
}

fn specs(library: &Library) -> Vec<BulletinSpec> {
    let ids: Vec<String> = library.templates().iter().map(|t| t.id.clone()).collect();
    let mut specs = Vec::new();
    for (d, departement) in DEPARTEMENTS.iter().enumerate() {
        for (l, layout) in Layout::ALL.into_iter().enumerate() {
            let size = if layout == Layout::Bare { 1 } else { 5 };
            for (c, acts) in ids.chunks(size).enumerate() {
                specs.push(BulletinSpec {
                    departement: (*departement).to_owned(),
                    number: Some(format!("{departement}-2025-0{}{l}", 10 + c)),
                    series: None,
                    published_on: NaiveDate::from_ymd_opt(2025, 3, 7).expect("day"),
                    layout,
                    medium: if c % 3 == 0 { Medium::SommaireBoxes } else { Medium::Clean },
                    acts: acts.to_vec(),
                    seed: (d * 100 + l * 10 + c) as u64,
                });
            }
        }
    }
    specs
}

#[test]
fn composed_bulletins_are_cut_and_read() {
    let library = Library::bundled().expect("corpus");
    let mut scores = Scores::new();
    for spec in specs(&library) {
        let Ok(bulletin) = compose(&library, &spec) else { continue };
        let context = BulletinContext {
            title: bulletin.truth.acts.first().map_or("", |a| a.title.as_str()),
            published_on: Some(spec.published_on),
            departement: Some(&spec.departement),
            ..BulletinContext::default()
        };
        let cut = segment(&pages(&bulletin.texts), &context);
        let place = format!("{:?} {} seed {}", spec.layout, spec.departement, spec.seed);
        for truth in &bulletin.truth.acts {
            let found = cut.acts.iter().find(|a| a.pages == truth.pages);
            judge(&mut scores, "pages", found.is_some(), || {
                let all: Vec<_> = cut.acts.iter().map(|a| (a.pages.from, a.pages.to)).collect();
                format!("{place} {} {:?} in {all:?}", truth.template, truth.pages)
            });
            let Some(act) = found else { continue };
            let facts = extract_facts(act, &context);
            compare(&mut scores, truth, act, &facts, &place);
        }
        judge(&mut scores, "count", cut.acts.len() == bulletin.truth.acts.len(), || {
            format!("{place}: {} for {}", cut.acts.len(), bulletin.truth.acts.len())
        });
    }
    let share = |what: &str| scores.get(what).map_or(0.0, |s| f64::from(s.0) / f64::from(s.1));
    let floors = [
        ("pages", 0.99),
        ("count", 0.99),
        ("number", 0.99),
        ("signed_on", 0.99),
        ("signed_by", 0.99),
        ("capacity", 0.99),
        ("kind", 0.98),
        ("service", 0.97),
        ("cameras", 0.99),
        ("aircraft", 0.99),
        ("retention", 0.99),
        ("amends", 0.97),
        ("valid_from", 0.99),
        ("valid_to", 0.99),
        ("communes", 0.98),
        ("purposes", 0.97),
        ("title", 0.99),
    ];
    for (what, floor) in floors {
        assert!(
            share(what) >= floor,
            "{what}: {:?}; GUETTEUR_SHOW=1 lists the errors",
            scores.get(what)
        );
    }
}

fn compare(
    scores: &mut Scores,
    truth: &ActTruth,
    act: &guetteur_model::Act,
    facts: &guetteur_model::Facts,
    place: &str,
) {
    let place = format!("{place} {}", truth.template);
    let mut same = |what, found: String, expected: String| {
        let error = || format!("{place}: « {found} » for « {expected} »");
        judge(scores, what, found == expected, error);
    };
    let shown = |s: &Option<String>| s.clone().unwrap_or_default();
    // Some layouts print services and capacities in capitals.
    let lower = |s: &Option<String>| s.clone().unwrap_or_default().to_lowercase();
    same("number", shown(&act.number), truth.number.clone());
    same("title", act.title.to_lowercase(), truth.title.to_lowercase());
    same("kind", shown(&act.kind), truth.kind.clone());
    same("signed_on", format!("{:?}", act.signed_on), format!("{:?}", Some(truth.signed_on)));
    same("signed_by", shown(&act.signed_by), truth.signed_by.clone());
    same("capacity", lower(&act.capacity), truth.capacity.trim_end_matches(',').to_lowercase());
    if truth.service.is_some() {
        same(
            "service",
            lower(&act.service),
            lower(&truth.service).trim_end_matches(['/', ' ']).into(),
        );
    }
    let expected = &truth.facts;
    if expected.valid_from.is_some() {
        same("valid_from", format!("{:?}", facts.valid_from), format!("{:?}", expected.valid_from));
    }
    if expected.valid_to.is_some() {
        same("valid_to", format!("{:?}", facts.valid_to), format!("{:?}", expected.valid_to));
    }
    if expected.cameras.is_some() {
        same("cameras", format!("{:?}", facts.cameras), format!("{:?}", expected.cameras));
    }
    if expected.aircraft.is_some() {
        same("aircraft", format!("{:?}", facts.aircraft), format!("{:?}", expected.aircraft));
    }
    if !expected.communes.is_empty() {
        let codes = |communes: &[guetteur_model::Commune]| {
            let mut codes: Vec<_> = communes.iter().map(|c| c.insee.clone()).collect();
            codes.sort();
            codes.join(" ")
        };
        same("communes", codes(&facts.communes), codes(&expected.communes));
    }
    if !expected.purposes.is_empty() {
        same("purposes", format!("{:?}", facts.purposes), format!("{:?}", expected.purposes));
    }
    if expected.retention_days.is_some() {
        same(
            "retention",
            format!("{:?}", facts.retention_days),
            format!("{:?}", expected.retention_days),
        );
    }
    let names =
        |acts: &[ActReference]| acts.iter().map(ActReference::name).collect::<Vec<_>>().join(", ");
    if !expected.amends.is_empty() {
        same("amends", names(&facts.amends), names(&expected.amends));
    }
}
