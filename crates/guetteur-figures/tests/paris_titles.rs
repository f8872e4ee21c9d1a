//! Days covered by the drone orders of the Paris police prefecture, told by their titles alone: the
//! real facts code on real titles. It runs where `GUETTEUR_LABELLED` names the folder that holds
//! `ppparis.jsonl` (`make eval LABELLED=dir`), and prints what it found.

#![expect(clippy::print_stdout, reason = "a measure, printed")]

use std::collections::BTreeMap;

use chrono::NaiveDate;
use guetteur_acts::{BulletinContext, extract_facts};
use guetteur_figures::count::question::{Calendar, Question, Scope, Verdict};
use guetteur_figures::count::{Claim, CountedAct, Footing, Ledger};
use guetteur_model::{Act, ActId, Category, Level};
use serde::Deserialize;

#[derive(Deserialize)]
struct Titled {
    date: Option<NaiveDate>,
    title: String,
    #[serde(default)]
    categories: Vec<String>,
    #[serde(default)]
    level: String,
}

fn counted(id: ActId, titled: &Titled) -> CountedAct {
    let context = BulletinContext {
        title: &titled.title,
        source_name: "Préfecture de police",
        published_on: titled.date,
        departement: Some("75"),
        ..BulletinContext::default()
    };
    let facts = extract_facts(&Act::of_title(&*titled.title), &context);
    let category = Category::new("drone").expect("category");
    let claim = Claim { category, level: Level::Authorises, to_check: false };
    CountedAct::new(id, "ppparis".into(), titled.date, &facts, vec![claim], Footing::Read)
}

#[test]
#[ignore = "reads the folder that GUETTEUR_LABELLED names: `make eval LABELLED=dir`"]
fn days_covered_by_titles_alone() {
    let dir = std::env::var_os("GUETTEUR_LABELLED").expect("GUETTEUR_LABELLED names a folder");
    let file = std::path::Path::new(&dir).join("ppparis.jsonl");
    let lines = std::fs::read_to_string(file).expect("ppparis.jsonl");
    let titles = lines.lines().map(|line| serde_json::from_str::<Titled>(line).expect("a title"));
    let drones = titles.filter(|titled| {
        titled.level == "authorises" && titled.categories.iter().any(|id| id == "drone")
    });
    let mut ledger = Ledger::default();
    ledger.enter((1..).zip(drones).map(|(id, titled)| counted(ActId(id), &titled)));
    ledger.settle(&[]);
    let day = |text: &str| text.parse::<NaiveDate>().expect("day");
    let (first, last) = (day("2023-04-19"), day("2024-09-08"));
    let scope = Scope { from: Some(first), to: Some(last), ..Scope::default() };
    let mut calendar = Calendar::new(first, last);
    let mut orders = 0;
    let mut apart: BTreeMap<&str, u64> = BTreeMap::new();
    for (_, verdict) in scope.ask(Question::Days, &ledger) {
        match verdict {
            Verdict::Apart(reason) => *apart.entry(reason.id()).or_default() += 1,
            Verdict::Days(days) => {
                orders += 1;
                days.iter().for_each(|days| calendar.add(*days));
            }
            Verdict::One | Verdict::Notice(_) | Verdict::Examined(_) => {}
        }
    }
    let all = (last - first).num_days() + 1;
    println!(
        "ppparis, titles alone, {first} to {last} ({all} days): {} days covered by {orders} drone \
         orders; set apart: {apart:?}",
        calendar.covered()
    );
    assert!(orders > 0 && calendar.covered() > 0, "real titles give days");
}
