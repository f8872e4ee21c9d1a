//! What a sieve lets through is what a search finds.

use guetteur_communes::Around;
use guetteur_model::{ActId, Category, LegalDoubtKind, Level, Purpose};
use guetteur_search::{ActDocument, Filters, IdOrder, IndexChange, SearchRequest, Subject};

use crate::corpus::{Corpus, acts, day, request};
use crate::field_queries::CASES;

/// Every filter by itself, and some together.
fn filters() -> Vec<Filters> {
    let category = |id| vec![Category::new(id).expect("category")];
    let only = Filters::default;
    vec![
        only(),
        Filters { prefectures: vec!["33".into(), "2a".into()], ..only() },
        Filters { categories: category("drone"), ..only() },
        Filters { levels: vec![Level::Mentions], ..only() },
        Filters { categories: category("drone"), levels: vec![Level::Restricts], ..only() },
        Filters { communes: vec!["33063".into(), "69123".into()], ..only() },
        Filters { regions: vec!["occitanie".into()], ..only() },
        Filters { epcis: vec!["243300316".into()], ..only() },
        Filters { around: vec![Around { insee: "93066", km: 12 }], ..only() },
        Filters { years: vec![2025], ..only() },
        Filters { purposes: vec![Purpose::Gatherings], ..only() },
        Filters { doubts: LegalDoubtKind::ALL.to_vec(), ..only() },
        Filters { kinds: vec!["arrêté".into()], ..only() },
        Filters { from: Some(day("2025-09-01")), to: Some(day("2025-10-01")), ..only() },
        Filters { in_force_on: Some(day("2025-10-17")), ..only() },
        Filters { starts_before: Some(day("2025-10-24")), ..only() },
        Filters { max_notice_hours: Some(48.0), ..only() },
        Filters { to_check: Some(false), flagged: true, ..only() },
        Filters { acts: vec![ActId(2), ActId(900)], ..only() },
        Filters { years: vec![2025], categories: category("drone"), flagged: true, ..only() },
    ]
}

#[test]
fn a_sieve_agrees_with_the_search() {
    let corpus = Corpus::new();
    // A second segment, a row that was replaced, and a withdrawn alert.
    let mut changed = acts().remove(0).1;
    changed.rows.push(ActDocument { subject: Subject::WithdrawnAlert, ..changed.rows[0].clone() });
    corpus.index.apply(&[changed], 8).expect("applied");
    let held: Vec<ActId> = (1..=acts().len() as i64).filter(|id| id % 3 > 0).map(ActId).collect();
    let words = CASES.iter().map(|case| case.typed);
    let words =
        words.chain(["", "drone SAUF gendarmerie", "\"aéronefs\" OU caméra*", "epci:Bordeaux"]);
    let mut sieve = corpus.index.sieve(&held).expect("sieve");
    let mut let_through = 0;
    for text in words {
        for filters in filters() {
            let asked = SearchRequest { relax: false, filters, ..request(text) };
            let mut found = corpus.index.ids(&asked, IdOrder::ActId).expect("searched");
            found.retain(|id| held.contains(id));
            // Twice: what is remembered is the same.
            for _ in 0..2 {
                let mut of = sieve.of(&asked).expect("sieved");
                of.sort_unstable();
                assert_eq!(of, found, "« {text} » {:?}", asked.filters);
            }
            let_through += found.len();
        }
    }
    assert!(let_through > 200, "the cases say something: {let_through}");
}

#[test]
fn what_the_index_does_not_hold_is_not_let_through() {
    let corpus = Corpus::new();
    let none = IndexChange { act_id: ActId(1), rows: Vec::new() };
    corpus.index.apply(&[none], 8).expect("applied");
    let mut sieve = corpus.index.sieve(&[ActId(1), ActId(2), ActId(900)]).expect("sieve");
    assert_eq!(sieve.of(&request("")).expect("sieved"), [ActId(2)]);
    let mut empty = corpus.index.sieve(&[]).expect("sieve");
    assert_eq!(empty.of(&request("")).expect("sieved"), []);
}
